/* breaks: QI-04 a query for an unknown interface ends with INVALID_PARAMETER, not with the status found. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    if (event->kind == VPCI_EVENT_QUERY_INTERFACE_RETURN && event->status == VPCI_STATUS_NOT_SUPPORTED)
        event->status = VPCI_STATUS_INVALID_PARAMETER;
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: changes the status of a foreign query", NULL, &hooks)
