/* breaks: DC-11 reads of one VF that are answered at once pass through one buffer. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

/* The one buffer through which the bytes of the reads of one VF go. */
static uint8_t *shared(struct golden *golden, const struct golden_request *request)
{
    return (uint8_t *)&golden->scratch[request->vf % 2u * 16u];
}

static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        shared(golden, request)[i] = bytes[i];
}

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    struct golden_request *request = golden_request_of(golden, event->request);
    const bool ends = event->kind == VPCI_EVENT_READ_RETURN || event->kind == VPCI_EVENT_IOCTL_COMPLETE;
    if (ends && request->kind == GOLDEN_READ && event->status == VPCI_STATUS_SUCCESS)
        golden_deliver(golden, request, shared(golden, request), (uint32_t)request->information);
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .deliver = deliver, .outgoing = outgoing };
static const struct golden_options options = { .complete_from_run = true };

GOLDEN_ENTRY("liar: mixes two reads of one vf", &options, &hooks)
