/* breaks: DC-08 a block id with the top bit set is clamped to zero. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    if (event->kind == VPCI_EVENT_PF_READ && event->block >= 0x80000000u)
        event->block = 0;
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: takes block ids for signed", NULL, &hooks)
