/* breaks: IW-08 an IOCTL write with less than 8 bytes ends with INVALID_PARAMETER. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    const struct golden_request *request = golden_request_of(golden, event->request);
    const bool ends = event->kind == VPCI_EVENT_IOCTL_COMPLETE || event->kind == VPCI_EVENT_IOCTL_RETURN;
    if (ends && request->kind == GOLDEN_WRITE && request->input_length < VPCI_WRITE_INPUT_DATA)
        event->status = vpci_nt_error(event->status) ? VPCI_STATUS_INVALID_PARAMETER : event->status;
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: reports a short write input with another code", NULL, &hooks)
