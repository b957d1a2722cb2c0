/* breaks: QI-01 whoever asks for a newer version gets nothing instead of version 1. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    struct vpci_event changed = *event;
    if (event->kind == VPCI_EVENT_QUERY_INTERFACE && event->version != VPCI_INTERFACE_VERSION)
        changed.version = 0;
    golden_incoming(golden, &changed, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: knows version 1 and no other", NULL, &hooks)
