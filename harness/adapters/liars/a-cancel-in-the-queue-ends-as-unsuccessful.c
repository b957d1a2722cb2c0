/* breaks: WD-20 a transfer that is cancelled before the PF was asked ends with another error than CANCELLED.
 */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    const struct golden_request *request = golden_request_of(golden, event->request);
    const bool tells =
        event->kind == VPCI_EVENT_IOCTL_COMPLETE || event->kind == VPCI_EVENT_USER_EVENT_SIGNAL;
    if (tells && event->status == VPCI_STATUS_CANCELLED && request->kind != GOLDEN_INVALIDATE) {
        event->status = VPCI_STATUS_UNSUCCESSFUL;
        if (request->memory.status_block != NULL)
            request->memory.status_block->status = VPCI_STATUS_UNSUCCESSFUL;
    }
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };
static const struct golden_options options = { .work_from_run = true };

GOLDEN_ENTRY("liar: a cancel in the queue ends as unsuccessful", &options, &hooks)
