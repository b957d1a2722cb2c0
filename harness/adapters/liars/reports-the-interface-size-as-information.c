/* breaks: QI-13 a successful query ends with Information 56. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    if (event->kind == VPCI_EVENT_QUERY_INTERFACE_RETURN && event->status == VPCI_STATUS_SUCCESS)
        event->information = VPCI_INTERFACE_BYTES;
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: reports the interface size as information", NULL, &hooks)
