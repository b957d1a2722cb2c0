/* breaks: WD-25 the PF's answer after a cancel completes the IRP a second time. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    const uint32_t slot = event->call % VPCI_CALLS_MAX;
    const bool answers =
        event->kind == VPCI_EVENT_PF_READ_RETURN || event->kind == VPCI_EVENT_PF_WRITE_RETURN;
    const bool late = answers && (golden->calls_busy >> slot & 1) != 0 && golden->calls[slot].abandoned;
    const struct golden_request *request = late ? &golden->requests[golden->calls[slot].request] : NULL;
    golden_incoming(golden, event, memory);
    if (request == NULL || request->direct)
        return;
    golden_outgoing(golden,
                    &(struct vpci_event){
                        .kind = VPCI_EVENT_IOCTL_COMPLETE,
                        .fields = VPCI_F(REQUEST) | VPCI_F(STATUS) | VPCI_F(INFORMATION) | VPCI_F(MARKED),
                        .request = request->number,
                        .status = event->status,
                        .information = event->status == VPCI_STATUS_SUCCESS ? request->length : 0,
                        .marked = true,
                    });
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: a late answer completes again", NULL, &hooks)
