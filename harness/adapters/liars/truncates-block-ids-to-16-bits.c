/* breaks: DC-08 the PF sees the low half of a block id. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    if (event->kind == VPCI_EVENT_PF_READ || event->kind == VPCI_EVENT_PF_WRITE)
        event->block &= 0xFFFF;
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: truncates block ids to 16 bits", NULL, &hooks)
