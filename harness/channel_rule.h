/* SPDX-License-Identifier: MIT */
/* harness/channel_rule.h - the rules that bind an adapter at the process channel, as a table: their ids stand
 * in docs/adapter-protocol.md, `adapter check` names them, and each says which failure a breach is in a run.
 */
#ifndef VPCI_CHANNEL_RULE_H
#define VPCI_CHANNEL_RULE_H

#include "harness/seam.h"

#define VPCI_CHANNEL_RULES(X)                                                                               \
    /* name, id, failure, text */                                                                           \
    X(JSON, "LINE-1", GARBAGE, "A line MUST be one JSON object as RFC 8259 has it, in UTF-8.")              \
    X(NEWLINE, "LINE-2", TRUNCATED_LINE, "A line MUST end with a newline (0x0A).")                          \
    X(LINE_LENGTH, "LINE-3", LINE_TOO_LONG, "A line MUST NOT be longer than the limit, newline included.")  \
    X(FORM, "LINE-4", GARBAGE, "A line MUST have either \"re\" (an answer) or \"event\", not both.")        \
    X(AMOUNT, "LINE-5", TOO_MUCH_OUTPUT, "The lines of one case MUST NOT exceed the limit of bytes.")       \
    X(MEMBERS, "MEMBER-1", GARBAGE,                                                                         \
      "A line MUST have every required member, none that its table lacks, and each with a value of its "    \
      "type.")                                                                                              \
    X(HELLO_FIRST, "HELLO-1", GARBAGE, "The first line MUST be the answer to hello.")                       \
    X(HELLO_VERSION, "HELLO-2", VERSION_MISMATCH, "\"protocol\" MUST be the version that the kit named.")   \
    X(HELLO_CLAIMS, "HELLO-3", GARBAGE,                                                                     \
      "Roles and capabilities MUST be known names, given once; at least one role; only what a channel can " \
      "carry.")                                                                                             \
    X(ANSWER_UNASKED, "ANSWER-1", GARBAGE,                                                                  \
      "An answer MUST name a request that the kit sent, by \"re\" and \"seq\", in the order they were "     \
      "sent.")                                                                                              \
    X(ANSWER_TWICE, "ANSWER-2", DUPLICATE_ANSWER, "A request MUST be answered once.")                       \
    X(REFUSAL, "ANSWER-3", REFUSED, "A request MAY be refused; the case then has no verdict.")              \
    X(CASE, "CASE-1", FOREIGN_CASE, "Every line after hello MUST name the running case.")                   \
    X(EVENT_SENDER, "EVENT-1", GARBAGE,                                                                     \
      "An event MUST be one that an implementation of the case's role sends.")                              \
    X(EVENT_DATA, "EVENT-2", GARBAGE,                                                                       \
      "\"data\" MUST be the caller's whole buffer as it is after the request.")                             \
    X(EVENT_MASK, "EVENT-3", GARBAGE, "A successful INVALIDATE completion MUST carry \"mask\".")            \
    X(EVENT_LATE, "EVENT-4", GARBAGE,                                                                       \
      "After the answer to settle there MUST be no event until the kit sent one.")                          \
    X(HELLO_DEADLINE, "TIME-1", START_TIMEOUT, "Hello MUST be answered within the start deadline.")         \
    X(DEADLINE, "TIME-2", HANG, "A request MUST be answered within the step deadline.")                     \
    X(CLOSE_DEADLINE, "TIME-3", HANG_AT_CLOSE,                                                              \
      "Close MUST be answered, and the adapter MUST end after bye, within the step deadline.")              \
    X(ALIVE, "LIFE-1", EXIT, "The adapter MUST NOT end before bye.")                                        \
    X(NO_CHILD, "LIFE-2", LEFT_CHILD, "No process that the adapter started MAY outlive it.")

enum vpci_channel_rule {
#define X(name, id, failure, text) VPCI_CHANNEL_RULE_##name,
    VPCI_CHANNEL_RULES(X)
#undef X
        VPCI_CHANNEL_RULE_COUNT
};

struct vpci_channel_rule_info {
    const char *id;
    enum vpci_failure failure;
    const char *text;
};
extern const struct vpci_channel_rule_info vpci_channel_rule_info[VPCI_CHANNEL_RULE_COUNT];

/* A breach: which rule, and what is wrong, naming the member or column. */
struct vpci_channel_fault {
    enum vpci_channel_rule rule;
    char reason[VPCI_DETAIL_BYTES]; /* one line, printable, whatever the adapter said */
};

/* Fills the fault and returns false. */
bool vpci_channel_break(struct vpci_channel_fault *fault, enum vpci_channel_rule rule, const char *format,
                        ...) __attribute__((format(printf, 3, 4)));

#endif
