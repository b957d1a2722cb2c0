/* SPDX-License-Identifier: MIT */
/* tests/adapters/passes-over-what-it-does-not-claim.c - claims direct calls alone, and says nothing to
 * anything else: honest, but nobody can see it refuse. */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (event->kind != VPCI_EVENT_IOCTL && event->kind != VPCI_EVENT_QUERY_INTERFACE &&
        event->kind != VPCI_EVENT_RESET)
        golden_incoming(golden, event, memory);
}

static const struct golden_options options = { .unclaimed = ~VPCI_CAPABILITY_BIT(DIRECT) };
static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("passes over what it does not claim", &options, &hooks)
