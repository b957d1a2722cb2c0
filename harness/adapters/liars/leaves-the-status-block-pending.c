/* breaks: IW-15 the caller's status block still says PENDING when its event is signalled. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    const struct golden_request *request = golden_request_of(golden, event->request);
    if (event->kind == VPCI_EVENT_USER_EVENT_SIGNAL && request->kind == GOLDEN_WRITE) {
        event->status = VPCI_STATUS_PENDING;
        event->information = 0;
        if (request->memory.status_block != NULL)
            *request->memory.status_block = (struct vpci_io_status_block){ .status = VPCI_STATUS_PENDING };
    }
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: leaves the status block pending", NULL, &hooks)
