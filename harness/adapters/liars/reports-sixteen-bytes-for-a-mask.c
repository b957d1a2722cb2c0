/* breaks: IV-03 a delivered INVALIDATE reports 16 as Information. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    if (event->kind == VPCI_EVENT_IOCTL_COMPLETE && event->status == VPCI_STATUS_SUCCESS &&
        golden_request_of(golden, event->request)->kind == GOLDEN_INVALIDATE)
        event->information = 16;
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: reports sixteen bytes for a mask", NULL, &hooks)
