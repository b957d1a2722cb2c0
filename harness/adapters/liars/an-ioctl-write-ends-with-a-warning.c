/* breaks: IW-14 an IOCTL write of 128 bytes ends with BUFFER_OVERFLOW, which is no error. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    const struct golden_request *request = golden_request_of(golden, event->request);
    if (event->kind == VPCI_EVENT_IOCTL_COMPLETE && request->kind == GOLDEN_WRITE && request->length == 128 &&
        event->status == VPCI_STATUS_SUCCESS)
        event->status = VPCI_STATUS_BUFFER_OVERFLOW;
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: an ioctl write ends with a warning", NULL, &hooks)
