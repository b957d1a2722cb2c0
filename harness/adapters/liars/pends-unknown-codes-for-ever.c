/* breaks: WD-04 an IOCTL with an unknown code is marked pending and never looked at again. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    const bool about_ioctl =
        event->kind == VPCI_EVENT_IOCTL_RETURN || event->kind == VPCI_EVENT_IOCTL_COMPLETE;
    if (about_ioctl && golden_request_of(golden, event->request)->kind == GOLDEN_UNKNOWN) {
        if (event->kind == VPCI_EVENT_IOCTL_COMPLETE)
            return;
        event->status = VPCI_STATUS_PENDING;
        event->marked = true;
    }
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: pends unknown codes for ever", NULL, &hooks)
