/* breaks: QI-09 a query that fails takes a reference all the same. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    static const struct vpci_guid served = VPCI_GUID_INTERFACE_STANDARD;
    bool served_here = true;
    for (size_t i = 0; i < sizeof served.bytes; i++)
        served_here = served_here && event->guid.bytes[i] == served.bytes[i];
    if (event->kind == VPCI_EVENT_QUERY_INTERFACE && !served_here && event->vf < golden->vf_count)
        golden->vfs[event->vf].references++;
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: leaks a reference on a failed query", NULL, &hooks)
