/* breaks: PF-02 PF callbacks come at APC_LEVEL. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    if (event->kind == VPCI_EVENT_PF_READ || event->kind == VPCI_EVENT_PF_WRITE)
        event->irql = VPCI_IRQL_APC;
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: calls the pf at apc level", NULL, &hooks)
