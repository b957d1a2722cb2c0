/* breaks: QI-01 a VF that holds two references is refused a third interface. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    struct vpci_event changed = *event;
    if (event->kind == VPCI_EVENT_QUERY_INTERFACE && event->vf < golden->vf_count &&
        golden->vfs[event->vf].references >= 2)
        changed.size = 0;
    golden_incoming(golden, &changed, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: hands the interface out twice", NULL, &hooks)
