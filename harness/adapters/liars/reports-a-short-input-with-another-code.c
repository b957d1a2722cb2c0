/* breaks: IR-04 an IOCTL read with a short input ends with INVALID_PARAMETER. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    const bool ends = event->kind == VPCI_EVENT_IOCTL_COMPLETE || event->kind == VPCI_EVENT_IOCTL_RETURN;
    if (ends && event->status == VPCI_STATUS_BUFFER_TOO_SMALL &&
        golden_request_of(golden, event->request)->kind == GOLDEN_READ)
        event->status = VPCI_STATUS_INVALID_PARAMETER;
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: reports a short input with another code", NULL, &hooks)
