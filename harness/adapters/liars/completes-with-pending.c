/* breaks: WD-05 an IRP that succeeded is completed with 0x103. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    if (event->kind == VPCI_EVENT_IOCTL_COMPLETE && event->status == VPCI_STATUS_SUCCESS)
        event->status = VPCI_STATUS_PENDING;
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: completes with pending", NULL, &hooks)
