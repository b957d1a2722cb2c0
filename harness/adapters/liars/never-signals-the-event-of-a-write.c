/* breaks: IW-17 an IOCTL write completes and its caller's event stays unsignalled. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    if (event->kind != VPCI_EVENT_USER_EVENT_SIGNAL ||
        golden_request_of(golden, event->request)->kind != GOLDEN_WRITE)
        golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: never signals the event of a write", NULL, &hooks)
