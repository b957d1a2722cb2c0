/* breaks: WD-09 an IOCTL with an unknown code ends with SUCCESS. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    const bool about_ioctl =
        event->kind == VPCI_EVENT_IOCTL_RETURN || event->kind == VPCI_EVENT_IOCTL_COMPLETE;
    if (about_ioctl && golden_request_of(golden, event->request)->kind == GOLDEN_UNKNOWN)
        event->status = VPCI_STATUS_SUCCESS;
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: unknown codes succeed", NULL, &hooks)
