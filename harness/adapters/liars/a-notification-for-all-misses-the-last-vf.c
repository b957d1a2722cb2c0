/* breaks: IV-11 the wildcard reaches every VF but the last. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (event->kind != VPCI_EVENT_PF_INVALIDATE || event->vf != VPCI_VF_ALL || golden->vf_count == 1) {
        golden_incoming(golden, event, memory);
        return;
    }
    struct vpci_event changed = *event;
    for (changed.vf = 0; changed.vf + 1 < golden->vf_count; changed.vf++)
        golden_incoming(golden, &changed, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: a notification for all misses the last vf", NULL, &hooks)
