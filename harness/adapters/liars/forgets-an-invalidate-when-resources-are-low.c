/* breaks: IV-16 an INVALIDATE for which an allocation failed stays pending for ever. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    golden_outgoing(golden, event);
    struct golden_request *request = golden_request_of(golden, event->request);
    if (event->kind == VPCI_EVENT_IOCTL_RETURN && golden_is_open(golden, event->request) && request->low &&
        request->place == GOLDEN_HELD)
        golden_forget(golden, request);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: forgets an invalidate when resources are low", NULL, &hooks)
