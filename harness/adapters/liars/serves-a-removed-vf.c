/* breaks: WD-22 a VF goes on serving new requests after its removal. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    golden_incoming(golden, event, memory);
    if (event->kind != VPCI_EVENT_REMOVE || event->vf >= golden->vf_count)
        return;
    golden->vfs[event->vf].present = true;
    golden->vfs[event->vf].started = true;
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: serves a removed vf", NULL, &hooks)
