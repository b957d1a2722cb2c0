/* breaks: IR-06 a cancelled IOCTL read ends with CANCELLED and Information as if it had worked. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    const struct golden_request *request = golden_request_of(golden, event->request);
    const bool tells =
        event->kind == VPCI_EVENT_IOCTL_COMPLETE || event->kind == VPCI_EVENT_USER_EVENT_SIGNAL;
    if (tells && event->status == VPCI_STATUS_CANCELLED && request->kind == GOLDEN_READ)
        event->information = request->length;
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: a cancelled read claims its bytes", NULL, &hooks)
