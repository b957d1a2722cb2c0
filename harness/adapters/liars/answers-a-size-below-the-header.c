/* breaks: QI-06 a query with room for less than Context and references succeeds, with a reference and nothing
 * else. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

enum { SIZE };

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (event->kind == VPCI_EVENT_QUERY_INTERFACE)
        golden->scratch[SIZE] = event->size;
    golden_incoming(golden, event, memory);
}

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    const bool refused = event->kind == VPCI_EVENT_QUERY_INTERFACE_RETURN &&
                         event->status == golden->codes->interface_size &&
                         golden->scratch[SIZE] < VPCI_INTERFACE_BYTES_HEADER;
    if (refused) {
        event->status = VPCI_STATUS_SUCCESS;
        event->references = ++golden->vfs[0].references;
    }
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .incoming = incoming, .outgoing = outgoing };

GOLDEN_ENTRY("liar: answers a size below the header", NULL, &hooks)
