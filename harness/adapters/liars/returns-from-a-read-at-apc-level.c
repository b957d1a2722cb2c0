/* breaks: DC-07 a direct read called at PASSIVE_LEVEL returns at APC_LEVEL. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    if (event->kind == VPCI_EVENT_READ_RETURN)
        event->irql = VPCI_IRQL_APC;
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: returns from a read at apc level", NULL, &hooks)
