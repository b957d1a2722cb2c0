/* breaks: RM-01 after a VF is removed the next one refuses all requests. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (event->kind == VPCI_EVENT_REMOVE && event->vf + 1 < golden->vf_count)
        golden->vfs[event->vf + 1].present = false;
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: a removal takes the next vf along", NULL, &hooks)
