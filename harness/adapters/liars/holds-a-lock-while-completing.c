/* breaks: WD-08 a completion routine that sends the next request spins on a lock held around its call. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

enum { LOCK };

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    const volatile uint64_t *lock = &golden->scratch[LOCK];
    while (*lock != 0) {
    }
    golden_incoming(golden, event, memory);
}

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    golden->scratch[LOCK] = event->kind == VPCI_EVENT_IOCTL_COMPLETE;
    golden_outgoing(golden, event);
    golden->scratch[LOCK] = 0;
}

static const struct golden_hooks hooks = { .incoming = incoming, .outgoing = outgoing };

GOLDEN_ENTRY("liar: holds a lock while completing", NULL, &hooks)
