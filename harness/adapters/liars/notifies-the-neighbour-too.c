/* breaks: IV-11 a notification for one VF reaches the next one as well. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    golden_incoming(golden, event, memory);
    if (event->kind != VPCI_EVENT_PF_INVALIDATE || event->vf == VPCI_VF_ALL)
        return;
    struct vpci_event changed = *event;
    changed.vf = (uint16_t)((event->vf + 1) % golden->vf_count);
    if (changed.vf != event->vf)
        golden_incoming(golden, &changed, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: notifies the neighbour too", NULL, &hooks)
