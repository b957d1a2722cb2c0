/* breaks: IR-11 an IOCTL read whose caller gave no event is not completed. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    const struct golden_request *request = golden_request_of(golden, event->request);
    if (event->kind != VPCI_EVENT_IOCTL_COMPLETE || request->kind != GOLDEN_READ || request->user_event)
        golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: never completes without an event", NULL, &hooks)
