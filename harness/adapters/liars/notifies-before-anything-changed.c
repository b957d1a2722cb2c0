/* breaks: IV-01 an INVALIDATE completes at once with an empty mask instead of being held. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    struct golden_request *request = golden_request_of(golden, event->request);
    const bool held = event->kind == VPCI_EVENT_IOCTL_RETURN && golden_is_open(golden, event->request) &&
                      request->place == GOLDEN_HELD && golden->vfs[request->vf].mask == 0;
    golden_outgoing(golden, event);
    if (!held)
        return;
    golden_store_mask(golden, request, 0);
    golden_forget(golden, request);
    golden_outgoing(golden,
                    &(struct vpci_event){
                        .kind = VPCI_EVENT_IOCTL_COMPLETE,
                        .fields = VPCI_F(REQUEST) | VPCI_F(STATUS) | VPCI_F(INFORMATION) | VPCI_F(MARKED),
                        .request = request->number,
                        .marked = true,
                    });
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: notifies before anything changed", NULL, &hooks)
