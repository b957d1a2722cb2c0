/* SPDX-License-Identifier: MIT */
/* tests/adapters/allocates.c - right in all it says, but what it sets aside for an IOCTL that is cancelled is
 * never given back. Needs 2 steps for each leak: an IOCTL that stays open, its cancel. */
#include "harness/adapters/golden/golden.h"

#include <stdlib.h>
#include <string.h>

enum { LEAK_BYTES = 256 * 1024 };

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (event->kind == VPCI_EVENT_CANCEL && golden_is_open(golden, event->request)) {
        void *volatile lost = malloc(LEAK_BYTES);
        if (lost == NULL)
            abort();                    /* as an implementation without memory might */
        memset(lost, 0xA5, LEAK_BYTES); /* touched, or it would cost nothing */
    }
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("allocates", NULL, &hooks)
