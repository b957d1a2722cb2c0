/* breaks: WD-07 an IOCTL read stores a byte after IoCompleteRequest. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    const struct golden_request *request = golden_request_of(golden, event->request);
    const bool ends = event->kind == VPCI_EVENT_IOCTL_COMPLETE || event->kind == VPCI_EVENT_USER_EVENT_SIGNAL;
    golden_outgoing(golden, event);
    const bool last = event->kind == VPCI_EVENT_USER_EVENT_SIGNAL || !request->user_event;
    if (ends && last && event->status == VPCI_STATUS_SUCCESS && request->kind == GOLDEN_READ &&
        request->length > 0)
        request->memory.output[0] ^= 0xFF;
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: writes to the buffer after completion", NULL, &hooks)
