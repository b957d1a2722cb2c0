/* SPDX-License-Identifier: MIT */
/* harness/channel_dialog.c - see harness/channel_dialog.h. */
#include "harness/channel_dialog.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/event_json.h"

#ifndef VPCI_VERSION
#define VPCI_VERSION "unknown"
#endif

/* Starts a request and remembers that it is owed an answer. */
static void ask(struct vpci_channel_dialog *dialog, struct vpci_text *line, enum vpci_channel_request request)
{
    const uint64_t seq = dialog->next_seq++;
    vpci_text_add(line, "{\"do\":\"");
    vpci_text_add(line, vpci_channel_request_name[request]);
    vpci_text_add(line, "\",\"seq\":");
    vpci_text_add_u64(line, seq);
    if (request != VPCI_CHANNEL_HELLO) {
        vpci_text_add(line, ",\"case\":");
        vpci_text_add_u64(line, dialog->case_number);
    }
    if (dialog->asked_count < VPCI_CHANNEL_ASKED_MAX)
        dialog->asked[dialog->asked_count++] =
            (struct vpci_channel_asked){ request, seq, dialog->case_number };
}

void vpci_channel_say_hello(struct vpci_channel_dialog *dialog, struct vpci_text *line)
{
    ask(dialog, line, VPCI_CHANNEL_HELLO);
    vpci_text_addf(line, ",\"protocol\":%d,\"kit\":\"vpci-conform " VPCI_VERSION "\"}\n",
                   VPCI_CHANNEL_PROTOCOL);
}

void vpci_channel_say_open(struct vpci_channel_dialog *dialog, struct vpci_text *line,
                           const struct vpci_device *device)
{
    dialog->case_number++;
    dialog->role = device->role;
    dialog->lines = 0;
    dialog->stimulated = false;
    dialog->closing = false;
    dialog->buffers = (struct vpci_channel_buffers){ 0 };
    ask(dialog, line, VPCI_CHANNEL_OPEN);
    vpci_text_add(line, ",\"scenario\":");
    vpci_text_add_json(line, device->scenario);
    vpci_text_addf(line, ",\"role\":\"%s\",\"vfs\":%u,\"seed\":\"", vpci_role_info[device->role].name,
                   device->vf_count);
    vpci_text_add_hex(line, device->seed);
    vpci_text_add(line, "\"}\n");
}

void vpci_channel_say_event(struct vpci_channel_dialog *dialog, struct vpci_text *line,
                            const struct vpci_event *event)
{
    vpci_channel_buffers_note(&dialog->buffers, event);
    vpci_text_add(line, "{\"case\":");
    vpci_text_add_u64(line, dialog->case_number);
    vpci_text_add(line, ",");
    vpci_event_print_members(line, event);
    vpci_text_add(line, "}\n");
    dialog->stimulated = true;
}

void vpci_channel_say_settle(struct vpci_channel_dialog *dialog, struct vpci_text *line)
{
    ask(dialog, line, VPCI_CHANNEL_SETTLE);
    vpci_text_add(line, "}\n");
}

void vpci_channel_say_close(struct vpci_channel_dialog *dialog, struct vpci_text *line)
{
    dialog->closing = true;
    ask(dialog, line, VPCI_CHANNEL_CLOSE);
    vpci_text_add(line, "}\n");
}

void vpci_channel_say_bye(struct vpci_channel_dialog *dialog, struct vpci_text *line)
{
    vpci_text_addf(line, "{\"do\":\"bye\",\"seq\":%" PRIu64 "}\n", dialog->next_seq++);
}

bool vpci_channel_has_fence(const struct vpci_channel_dialog *dialog)
{
    return (dialog->pics.capabilities & VPCI_CAPABILITY_BIT(SETTLE)) != 0;
}

void vpci_channel_answered(struct vpci_channel_dialog *dialog)
{
    if (dialog->asked_count == 0)
        return;
    if (dialog->asked[0].request == VPCI_CHANNEL_SETTLE)
        dialog->stimulated = false;
    dialog->asked_count--;
    memmove(&dialog->asked[0], &dialog->asked[1], dialog->asked_count * sizeof dialog->asked[0]);
}

/* No number of a case or request stands in these reasons: how many cases a worker ran before is not the same
 * in every run, and the results must be. */
static bool break_case(struct vpci_channel_fault *fault)
{
    return vpci_channel_break(fault, VPCI_CHANNEL_RULE_CASE, "case: it is not the running one");
}

static bool check_answer(const struct vpci_channel_dialog *dialog, const struct vpci_channel_message *message,
                         struct vpci_channel_fault *fault)
{
    const struct vpci_channel_asked *oldest = &dialog->asked[0];
    const bool owed = dialog->asked_count > 0;
    const bool refused = message->answer == VPCI_CHANNEL_REFUSED;
    if (message->seq >= dialog->next_seq || (owed && message->seq > oldest->seq))
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_ANSWER_UNASKED,
                                  "seq: it is not the oldest request without an answer");
    if (!owed || message->seq < oldest->seq)
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_ANSWER_TWICE,
                                  "seq: this request has been answered before");
    if (message->case_number != oldest->case_number && !(refused && message->case_number == 0))
        return break_case(fault);
    if (message->answer != oldest->request && !refused)
        return vpci_channel_break(
            fault, VPCI_CHANNEL_RULE_ANSWER_UNASKED, "re: \"%s\", but the request was %s",
            vpci_channel_request_name[message->answer], vpci_channel_request_name[oldest->request]);
    return true;
}

static bool take_answer(struct vpci_channel_dialog *dialog, const struct vpci_channel_message *message,
                        struct vpci_channel_fault *fault)
{
    if (!check_answer(dialog, message, fault))
        return false;
    if (message->answer == VPCI_CHANNEL_REFUSED)
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_REFUSAL, "%s: %.200s",
                                  vpci_channel_request_name[dialog->asked[0].request], message->reason);
    if (message->answer == VPCI_CHANNEL_HELLO) {
        dialog->pics = message->pics;
        dialog->greeted = true;
    }
    vpci_channel_answered(dialog);
    return true;
}

static bool take_event(struct vpci_channel_dialog *dialog, struct vpci_channel_message *message,
                       bool *overrun_out, struct vpci_channel_fault *fault)
{
    if (!dialog->greeted)
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_HELLO_FIRST,
                                  "an event before the answer to hello");
    if (message->case_number != dialog->case_number)
        return break_case(fault);
    if (!vpci_channel_sender_check(message->event.kind, dialog->role, fault) ||
        !vpci_channel_buffers_check(&dialog->buffers, &message->event, overrun_out, fault))
        return false;
    if (dialog->closing && !dialog->stimulated && vpci_channel_has_fence(dialog))
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_EVENT_LATE,
                                  "event: \"%s\" after settle was answered and nothing was sent since",
                                  vpci_event_info[message->event.kind].name);
    return true;
}

/* The answer to settle is the most frequent line. In the form that most adapters print it is known by its
 * bytes. */
static bool is_plain_settle(const struct vpci_channel_dialog *dialog, const char *line, size_t length)
{
    char expected[96];
    if (dialog->asked_count == 0 || dialog->asked[0].request != VPCI_CHANNEL_SETTLE ||
        length >= sizeof expected)
        return false;
    const int expected_length =
        snprintf(expected, sizeof expected, "{\"re\":\"settle\",\"seq\":%" PRIu64 ",\"case\":%" PRIu64 "}",
                 dialog->asked[0].seq, dialog->asked[0].case_number);
    return (size_t)expected_length == length && memcmp(line, expected, length) == 0;
}

bool vpci_channel_take(struct vpci_channel_dialog *dialog, const char *line, size_t length,
                       struct vpci_channel_message *message, bool *overrun_out,
                       struct vpci_channel_fault *fault)
{
    *overrun_out = false;
    dialog->lines++;
    if (is_plain_settle(dialog, line, length)) {
        message->is_event = false;
        message->answer = VPCI_CHANNEL_SETTLE;
        vpci_channel_answered(dialog);
        return true;
    }
    if (!vpci_channel_line_parse(message, line, length, fault))
        return false;
    return message->is_event ? take_event(dialog, message, overrun_out, fault)
                             : take_answer(dialog, message, fault);
}
