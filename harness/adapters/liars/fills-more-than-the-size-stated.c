/* breaks: QI-05 a query for a truncated interface is filled in whole. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    struct vpci_event changed = *event;
    if (event->kind == VPCI_EVENT_QUERY_INTERFACE && event->size >= VPCI_INTERFACE_BYTES_HEADER &&
        event->size < VPCI_INTERFACE_BYTES)
        changed.size = VPCI_INTERFACE_BYTES;
    golden_incoming(golden, &changed, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: fills more than the size stated", NULL, &hooks)
