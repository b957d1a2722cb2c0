/* SPDX-License-Identifier: MIT */
/* harness/channel_buffer.c - how much memory each request's caller has, so that a report of that memory can
 * be held to it. Apart from the reading of lines because it remembers, and they do not. */
#include "harness/channel_line.h"

#include <inttypes.h>

static uint32_t at_most(uint32_t bytes, uint32_t limit)
{
    return bytes < limit ? bytes : limit;
}

void vpci_channel_buffers_note(struct vpci_channel_buffers *buffers, const struct vpci_event *event)
{
    uint32_t bytes = 0;
    switch (event->kind) {
    case VPCI_EVENT_READ:
        bytes = event->length;
        break;
    case VPCI_EVENT_IOCTL:
        bytes = event->output_length;
        break;
    case VPCI_EVENT_QUERY_INTERFACE:
        bytes = event->size;
        break;
    case VPCI_EVENT_WRITE:
        break;
    default:
        return;
    }
    if (event->request >= VPCI_REQUESTS_MAX)
        return;
    buffers->requests[event->request].bytes = at_most(bytes, VPCI_EVENT_DATA_BYTES_MAX);
    buffers->requests[event->request].kind = event->kind;
    buffers->requests[event->request].known = true;
    buffers->requests[event->request].invalidate =
        event->kind == VPCI_EVENT_IOCTL && event->code == VPCI_IOCTL_INVALIDATE_BLOCK;
}

bool vpci_channel_sender_check(enum vpci_event_kind kind, enum vpci_role role,
                               struct vpci_channel_fault *fault)
{
    if (vpci_event_is_from(kind, role) && vpci_event_is_visible(kind, role))
        return true;
    return vpci_channel_break(fault, VPCI_CHANNEL_RULE_EVENT_SENDER,
                              "event: \"%s\" is not sent by an implementation of role %s",
                              vpci_event_info[kind].name, vpci_role_info[role].name);
}

/* The request that an event reports the memory of ends or signals; NONE for any other event. */
static enum vpci_event_kind request_kind_of(enum vpci_event_kind kind)
{
    switch (kind) {
    case VPCI_EVENT_READ_RETURN:
        return VPCI_EVENT_READ;
    case VPCI_EVENT_IOCTL_COMPLETE:
    case VPCI_EVENT_USER_EVENT_SIGNAL:
        return VPCI_EVENT_IOCTL;
    case VPCI_EVENT_QUERY_INTERFACE_RETURN:
        return VPCI_EVENT_QUERY_INTERFACE;
    default:
        return VPCI_EVENT_COUNT;
    }
}

bool vpci_channel_buffers_check(const struct vpci_channel_buffers *buffers, struct vpci_event *event,
                                bool *overrun_out, struct vpci_channel_fault *fault)
{
    *overrun_out = false;
    const enum vpci_event_kind wanted = request_kind_of(event->kind);
    if (wanted == VPCI_EVENT_COUNT || event->request >= VPCI_REQUESTS_MAX)
        return true;
    /* An answer to what was never asked is the model's to judge. */
    if (!buffers->requests[event->request].known || buffers->requests[event->request].kind != wanted)
        return true;
    const uint32_t bytes = buffers->requests[event->request].bytes;
    const uint32_t reported = event->fields & VPCI_F(DATA) ? event->data_length : 0;
    if (reported == 0 && bytes > 0)
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_EVENT_DATA,
                                  "data: missing; the buffer of request %" PRIu32 " has %" PRIu32 " bytes",
                                  event->request, bytes);
    if (reported < bytes)
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_EVENT_DATA,
                                  "data: %" PRIu32 " bytes; the buffer of request %" PRIu32 " has %" PRIu32,
                                  reported, event->request, bytes);
    if (buffers->requests[event->request].invalidate && event->status == VPCI_STATUS_SUCCESS &&
        !(event->fields & VPCI_F(MASK)))
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_EVENT_MASK,
                                  "mask: missing; request %" PRIu32 " is an INVALIDATE that succeeded",
                                  event->request);
    *overrun_out = reported > bytes;
    if (*overrun_out)
        event->data_length = bytes;
    return true;
}
