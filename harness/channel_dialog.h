/* SPDX-License-Identifier: MIT */
/* harness/channel_dialog.h - who has asked what, and whether a line of the adapter fits in: the rules of the
 * channel that need memory. Apart from channel.h because `adapter check` holds the same dialog and goes on
 * after a mistake. */
#ifndef VPCI_CHANNEL_DIALOG_H
#define VPCI_CHANNEL_DIALOG_H

#include "harness/channel_line.h"
#include "harness/text.h"

enum { VPCI_CHANNEL_ASKED_MAX = 8 }; /* requests that can be without an answer at once */

struct vpci_channel_asked {
    enum vpci_channel_request request;
    uint64_t seq;
    uint64_t case_number;
};

/* Zero-initialised is a dialog in which nothing was said. */
struct vpci_channel_dialog {
    struct vpci_channel_asked asked[VPCI_CHANNEL_ASKED_MAX]; /* oldest first */
    uint32_t asked_count;
    uint64_t next_seq;
    struct vpci_pics pics; /* once hello is answered */
    bool greeted;          /* it is */
    uint64_t case_number;  /* of the running case; 0 before the first */
    enum vpci_role role;   /* of the running case */
    uint64_t lines;        /* taken since the case began */
    bool stimulated;       /* an event was sent since the last answer to settle */
    bool closing;          /* close was sent */
    struct vpci_channel_buffers buffers;
};

/* Each appends one line of the kit. At most VPCI_CHANNEL_ASKED_MAX requests may be without an answer. */
void vpci_channel_say_hello(struct vpci_channel_dialog *dialog, struct vpci_text *line);
void vpci_channel_say_open(struct vpci_channel_dialog *dialog, struct vpci_text *line,
                           const struct vpci_device *device);
void vpci_channel_say_event(struct vpci_channel_dialog *dialog, struct vpci_text *line,
                            const struct vpci_event *event);
void vpci_channel_say_settle(struct vpci_channel_dialog *dialog, struct vpci_text *line);
void vpci_channel_say_close(struct vpci_channel_dialog *dialog, struct vpci_text *line);
void vpci_channel_say_bye(struct vpci_channel_dialog *dialog, struct vpci_text *line);

/* True when the adapter claims settle. */
bool vpci_channel_has_fence(const struct vpci_channel_dialog *dialog);

/* The oldest request is answered or, after a mistake, as good as answered. */
void vpci_channel_answered(struct vpci_channel_dialog *dialog);

/* Takes one line of the adapter, without its newline. True: message has what it says; for an event,
 * *overrun_out tells that it reported more than its caller's buffer, and its data are cut to that. False:
 * fault has the rule and the reason. */
bool vpci_channel_take(struct vpci_channel_dialog *dialog, const char *line, size_t length,
                       struct vpci_channel_message *message, bool *overrun_out,
                       struct vpci_channel_fault *fault);

#endif
