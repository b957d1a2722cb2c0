/* SPDX-License-Identifier: MIT */
/* harness/channel_line.h - one line of an adapter, read and held to the table of its kind. Apart from
 * channel.h because `adapter check` reads lines too, and goes on after a mistake where a run stops. */
#ifndef VPCI_CHANNEL_LINE_H
#define VPCI_CHANNEL_LINE_H

#include "harness/channel_rule.h"

enum { VPCI_CHANNEL_PROTOCOL = 1 };

/* What the kit asks; an adapter answers with the same name in "re". */
#define VPCI_CHANNEL_REQUESTS(X) X(HELLO, "hello") X(OPEN, "open") X(SETTLE, "settle") X(CLOSE, "close")

enum vpci_channel_request {
#define X(name, json) VPCI_CHANNEL_##name,
    VPCI_CHANNEL_REQUESTS(X)
#undef X
        VPCI_CHANNEL_REFUSED, /* "refused": the answer to any of them */
    VPCI_CHANNEL_REQUEST_COUNT
};
extern const char *const vpci_channel_request_name[VPCI_CHANNEL_REQUEST_COUNT];

struct vpci_channel_message {
    bool is_event;
    enum vpci_channel_request answer; /* when it is not an event */
    uint64_t seq;                     /* of an answer */
    uint64_t case_number;             /* 0 for hello, and for a refused hello */
    struct vpci_pics pics;            /* of hello */
    char reason[VPCI_DETAIL_BYTES];   /* of refused */
    struct vpci_event event;          /* data points into this structure */
    uint8_t data[VPCI_EVENT_DATA_BYTES_MAX];
};

/* Reads one line, without its newline. False: fault has the rule and the reason. */
bool vpci_channel_line_parse(struct vpci_channel_message *message, const char *line, size_t length,
                             struct vpci_channel_fault *fault);

/* Capabilities that cannot be had over a channel, so that hello may not claim them: the caller's memory is
 * not shared, and nothing can be sent from inside a completion routine. */
extern const vpci_capability_set vpci_channel_unclaimable;

/* The caller's memory of each request, as far as the channel has to know it: how much of it an adapter
 * reports. */
struct vpci_channel_buffers {
    struct {
        uint32_t bytes; /* of the output buffer */
        enum vpci_event_kind kind;
        bool known;
        bool invalidate;
    } requests[VPCI_REQUESTS_MAX];
};

/* Holds an adapter's event to what an implementation of that role sends. */
bool vpci_channel_sender_check(enum vpci_event_kind kind, enum vpci_role role,
                               struct vpci_channel_fault *fault);

/* Takes note of an event that the kit sends. */
void vpci_channel_buffers_note(struct vpci_channel_buffers *buffers, const struct vpci_event *event);

/* Holds data and mask of an adapter's event to the request they are of. Data longer than the buffer is no
 * fault: it is how an overrun is told. Then *overrun_out is true and the event's data are cut to the buffer.
 */
bool vpci_channel_buffers_check(const struct vpci_channel_buffers *buffers, struct vpci_event *event,
                                bool *overrun_out, struct vpci_channel_fault *fault);

#endif
