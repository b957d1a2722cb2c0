/* breaks: QI-01 Size has to be greater than the structure's, so the structure's own size is refused. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    struct vpci_event changed = *event;
    if (event->kind == VPCI_EVENT_QUERY_INTERFACE && event->size == VPCI_INTERFACE_BYTES)
        changed.size = 0;
    golden_incoming(golden, &changed, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: refuses a query of exactly 56 bytes", NULL, &hooks)
