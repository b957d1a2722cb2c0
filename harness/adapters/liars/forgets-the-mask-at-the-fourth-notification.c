/* breaks: IV-04 a two-bit counter of waiting notifications wraps and the mask starts anew. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (event->kind == VPCI_EVENT_PF_INVALIDATE && event->vf < golden->vf_count &&
        golden->vfs[event->vf].notifications == 3)
        golden->vfs[event->vf].mask = 0;
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: forgets the mask at the fourth notification", NULL, &hooks)
