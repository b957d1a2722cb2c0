/* breaks: PF-03 the VfIndex given to the PF is one too high. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    if (event->kind == VPCI_EVENT_PF_READ || event->kind == VPCI_EVENT_PF_WRITE)
        event->vf++;
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: counts vfs from one", NULL, &hooks)
