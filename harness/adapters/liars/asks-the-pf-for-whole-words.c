/* breaks: RD-05 the length of a read is rounded up to four bytes on its way to the PF. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    if (event->kind == VPCI_EVENT_PF_READ)
        event->length = (event->length + 3) & ~3u;
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: asks the pf for whole words", NULL, &hooks)
