/* breaks: IW-12 an IOCTL write that is refused at once reports the eight bytes of its header. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    const struct golden_request *request = golden_request_of(golden, event->request);
    if (event->kind == VPCI_EVENT_IOCTL_COMPLETE && request->kind == GOLDEN_WRITE && !request->marked &&
        vpci_nt_error(event->status))
        event->information = 8;
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: leaves information after a refused write", NULL, &hooks)
