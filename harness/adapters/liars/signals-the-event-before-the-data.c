/* breaks: WD-23 the event of an IOCTL read is signalled while the output still holds the caller's bytes. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

/* The bytes wait in the slot until the event was signalled; scratch[0] says how many. */
static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    if (request->direct || !request->user_event) {
        golden_deliver(golden, request, bytes, count);
        return;
    }
    for (uint32_t i = 0; i < count; i++)
        request->data[i] = bytes[i];
    golden->scratch[0] = count;
}

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    struct golden_request *request = golden_request_of(golden, event->request);
    const bool late = golden->scratch[0] != 0 && request->kind == GOLDEN_READ && request->user_event;
    if (!late || event->kind != VPCI_EVENT_IOCTL_COMPLETE) {
        if (!late || event->kind != VPCI_EVENT_USER_EVENT_SIGNAL)
            golden_outgoing(golden, event);
        golden->scratch[0] = event->kind == VPCI_EVENT_USER_EVENT_SIGNAL ? 0 : golden->scratch[0];
        return;
    }
    struct vpci_event signal = *event;
    signal.kind = VPCI_EVENT_USER_EVENT_SIGNAL;
    golden_outgoing(golden, &signal);
    golden_deliver(golden, request, request->data, (uint32_t)golden->scratch[0]);
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .deliver = deliver, .outgoing = outgoing };

GOLDEN_ENTRY("liar: signals the event before the data", NULL, &hooks)
