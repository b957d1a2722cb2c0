/* SPDX-License-Identifier: MIT */
/* harness/channel.c - requests, answers and events of one adapter as a seam. The lines that belong to one
 * fence leave in one write, and nothing is waited for but the answer to the fence: a round trip costs three
 * system calls. */
#include "harness/channel.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/channel_end.h"
#include "harness/channel_dialog.h"

enum { SENDING_MAX = 64 * 1024 }; /* more than this is not kept for the next fence */

struct vpci_channel {
    struct vpci_seam seam; /* first: a seam is converted back to its channel */
    char *spec;
    struct vpci_limits limits;
    struct vpci_stream stream;
    bool open;
    struct vpci_channel_dialog dialog;
    struct vpci_channel_message message;
};

static struct vpci_channel *channel_of(struct vpci_seam *seam)
{
    return (struct vpci_channel *)seam;
}

/* An adapter's last words belong to its end, which they may explain. They are added where all of them have
 * been read. */
static bool fail_with_errors(struct vpci_channel *channel, enum vpci_failure failure, const char *reason)
{
    char shown[VPCI_STREAM_ERROR_BYTES];
    size_t length = 0;
    for (const char *at = channel->stream.errors; *at != '\0'; at++) {
        const bool space = *at == '\n' || *at == '\r' || *at == '\t' || *at == ' ';
        if (!space)
            shown[length++] = *at;
        else if (length > 0 && shown[length - 1] != ' ')
            shown[length++] = ' ';
    }
    while (length > 0 && shown[length - 1] == ' ')
        length--;
    shown[length] = '\0';
    if (length == 0)
        return vpci_seam_fail(&channel->seam, failure, "%s", reason);
    return vpci_seam_fail(&channel->seam, failure, "%s; its standard error ends: %s", reason, shown);
}

static bool fail_at_line(struct vpci_channel *channel, const struct vpci_channel_fault *fault)
{
    const enum vpci_failure failure = vpci_channel_rule_info[fault->rule].failure;
    if (failure == VPCI_FAILURE_REFUSED)
        return vpci_seam_fail(&channel->seam, failure, "%s", fault->reason);
    return vpci_seam_fail(&channel->seam, failure, "line %" PRIu64 "%s: %s", channel->dialog.lines,
                          channel->dialog.case_number == 0 ? "" : " of the case", fault->reason);
}

static bool take_line(struct vpci_channel *channel, const char *line, size_t length)
{
    struct vpci_channel_message *message = &channel->message;
    struct vpci_channel_fault fault;
    bool overrun;
    if (!vpci_channel_take(&channel->dialog, line, length, message, &overrun, &fault))
        return fail_at_line(channel, &fault);
    if (!message->is_event || channel->dialog.closing)
        return true;
    if (overrun) {
        const struct vpci_event seen = { .kind = VPCI_EVENT_OVERRUN,
                                         .fields = VPCI_F(REQUEST) | VPCI_F(OFFSET),
                                         .request = message->event.request,
                                         .offset = message->event.data_length };
        vpci_seam_observe(&channel->seam, &seen);
    }
    vpci_seam_observe(&channel->seam, &message->event);
    return true;
}

static bool fail_at_end(struct vpci_channel *channel)
{
    char reason[VPCI_DETAIL_BYTES];
    const enum vpci_channel_stage stage =
        channel->dialog.greeted ? VPCI_STAGE_RUNNING : VPCI_STAGE_BEFORE_HELLO;
    const enum vpci_failure failure = vpci_channel_explain_end(
        &channel->stream, stage, channel->limits.memory_bytes, reason, sizeof reason);
    return fail_with_errors(channel, failure, reason);
}

static bool fail_at_limit(struct vpci_channel *channel, enum vpci_stream_news news)
{
    struct vpci_channel_fault fault;
    if (news == VPCI_STREAM_LINE_TOO_LONG) {
        channel->dialog.lines++;
        vpci_channel_break(&fault, VPCI_CHANNEL_RULE_LINE_LENGTH, "longer than %" PRIu32 " bytes",
                           channel->limits.line_bytes);
        return fail_at_line(channel, &fault);
    }
    /* Without the line's number: how much was read ahead of it differs from run to run. */
    return vpci_seam_fail(&channel->seam, VPCI_FAILURE_TOO_MUCH_OUTPUT,
                          "more than %" PRIu64 " bytes in one case", channel->limits.case_bytes);
}

static bool fail_at_deadline(struct vpci_channel *channel, uint32_t timeout_ms)
{
    static const enum vpci_failure failures[] = { [VPCI_CHANNEL_HELLO] = VPCI_FAILURE_START_TIMEOUT,
                                                  [VPCI_CHANNEL_OPEN] = VPCI_FAILURE_HANG,
                                                  [VPCI_CHANNEL_SETTLE] = VPCI_FAILURE_HANG,
                                                  [VPCI_CHANNEL_CLOSE] = VPCI_FAILURE_HANG_AT_CLOSE };
    char reason[128];
    if (channel->dialog.asked_count == 0) {
        snprintf(reason, sizeof reason, "did not come to rest within %" PRIu32 " ms", timeout_ms);
        return fail_with_errors(channel, VPCI_FAILURE_HANG, reason);
    }
    const enum vpci_channel_request request = channel->dialog.asked[0].request;
    snprintf(reason, sizeof reason, "no answer to %s within %" PRIu32 " ms",
             vpci_channel_request_name[request], timeout_ms);
    return fail_with_errors(channel, failures[request], reason);
}

enum goal { GOAL_SENT, GOAL_ANSWERED, GOAL_SILENCE };

static bool is_reached(const struct vpci_channel *channel, enum goal goal)
{
    return goal == GOAL_ANSWERED && channel->dialog.asked_count == 0;
}

/* Sends, and takes lines, until the goal is reached. */
static bool pump(struct vpci_channel *channel, enum goal goal, uint32_t timeout_ms)
{
    const int64_t deadline_ms = vpci_stream_now_ms() + timeout_ms;
    vpci_stream_send(&channel->stream);
    while (!is_reached(channel, goal)) {
        int64_t until_ms = deadline_ms;
        const int64_t now_ms = vpci_stream_now_ms();
        const bool may_rest =
            goal == GOAL_SILENCE && channel->dialog.asked_count == 0 && now_ms < deadline_ms;
        if (may_rest && now_ms + channel->limits.window_ms < deadline_ms)
            until_ms = now_ms + channel->limits.window_ms;
        char *line = NULL;
        size_t length = 0;
        const enum vpci_stream_news news =
            vpci_stream_next(&channel->stream, until_ms, goal == GOAL_SENT, &line, &length);
        if (news == VPCI_STREAM_SENT)
            return true;
        if (news == VPCI_STREAM_QUIET)
            return may_rest ? true : fail_at_deadline(channel, timeout_ms);
        if (news == VPCI_STREAM_ENDED)
            return fail_at_end(channel);
        if (news != VPCI_STREAM_LINE)
            return fail_at_limit(channel, news);
        if (!take_line(channel, line, length))
            return false;
        if (now_ms >= deadline_ms)
            return fail_at_deadline(channel, timeout_ms);
    }
    return true;
}

static bool channel_connect(struct vpci_seam *seam)
{
    struct vpci_channel *channel = channel_of(seam);
    char reason[VPCI_DETAIL_BYTES];
    const int64_t until_ms = vpci_stream_now_ms() + channel->limits.start_timeout_ms;
    if (!vpci_stream_open(&channel->stream, channel->spec, channel->limits.memory_bytes, until_ms, reason,
                          sizeof reason))
        return vpci_seam_fail(seam, VPCI_FAILURE_START_FAILED, "%s", reason);
    channel->open = true;
    vpci_stream_limit(&channel->stream, channel->limits.line_bytes, channel->limits.case_bytes);
    vpci_channel_say_hello(&channel->dialog, vpci_stream_sending(&channel->stream));
    if (!pump(channel, GOAL_ANSWERED, channel->limits.start_timeout_ms))
        return false;
    seam->pics = channel->dialog.pics;
    /* Between a request of the kit and its arrival the adapter may have done other things. */
    seam->exact_order = false;
    return true;
}

static bool channel_begin(struct vpci_seam *seam, const struct vpci_device *device)
{
    struct vpci_channel *channel = channel_of(seam);
    if (seam->failure != VPCI_FAILURE_NONE)
        return false;
    vpci_stream_new_case(&channel->stream);
    vpci_channel_say_open(&channel->dialog, vpci_stream_sending(&channel->stream), device);
    return true;
}

static bool channel_submit(struct vpci_seam *seam, const struct vpci_event *event)
{
    struct vpci_channel *channel = channel_of(seam);
    struct vpci_text *sending = vpci_stream_sending(&channel->stream);
    if (seam->failure != VPCI_FAILURE_NONE)
        return false;
    vpci_channel_say_event(&channel->dialog, sending, event);
    return sending->length < SENDING_MAX || pump(channel, GOAL_SENT, channel->limits.step_timeout_ms);
}

static bool channel_settle(struct vpci_seam *seam)
{
    struct vpci_channel *channel = channel_of(seam);
    if (seam->failure != VPCI_FAILURE_NONE)
        return false;
    if (!vpci_channel_has_fence(&channel->dialog))
        return pump(channel, GOAL_SILENCE, channel->limits.step_timeout_ms);
    /* Again if an observer sent something meanwhile: that is behind the fence. */
    do {
        vpci_channel_say_settle(&channel->dialog, vpci_stream_sending(&channel->stream));
        if (!pump(channel, GOAL_ANSWERED, channel->limits.step_timeout_ms))
            return false;
    } while (vpci_stream_sending(&channel->stream)->length > 0);
    return true;
}

/* Waits for the answer, although the protocol would let the next open go out with close: what goes wrong here
 * must be told of this case and not of whichever this worker runs next. */
static bool channel_end(struct vpci_seam *seam)
{
    struct vpci_channel *channel = channel_of(seam);
    if (seam->failure != VPCI_FAILURE_NONE)
        return false;
    vpci_channel_say_close(&channel->dialog, vpci_stream_sending(&channel->stream));
    return pump(channel, GOAL_ANSWERED, channel->limits.step_timeout_ms);
}

/* Says bye and waits for the end; whatever else comes is thrown away. */
static enum vpci_failure part(struct vpci_channel *channel)
{
    const int64_t deadline_ms = vpci_stream_now_ms() + channel->limits.step_timeout_ms;
    vpci_channel_say_bye(&channel->dialog, vpci_stream_sending(&channel->stream));
    vpci_stream_limit(&channel->stream, UINT32_MAX, UINT64_MAX);
    bool told = false;
    for (;;) {
        char *line;
        size_t length;
        char reason[VPCI_DETAIL_BYTES];
        if (!told && vpci_stream_sending(&channel->stream)->length == 0) {
            vpci_stream_end_output(&channel->stream);
            told = true;
        }
        switch (vpci_stream_next(&channel->stream, deadline_ms, !told, &line, &length)) {
        case VPCI_STREAM_ENDED:
            return vpci_channel_explain_end(&channel->stream, VPCI_STAGE_AFTER_BYE,
                                            channel->limits.memory_bytes, reason, sizeof reason);
        case VPCI_STREAM_QUIET:
            return VPCI_FAILURE_HANG_AT_CLOSE;
        default:
            if (vpci_stream_now_ms() >= deadline_ms)
                return VPCI_FAILURE_HANG_AT_CLOSE;
            break;
        }
    }
}

static void channel_destroy(struct vpci_seam *seam, enum vpci_failure *failure_out)
{
    struct vpci_channel *channel = channel_of(seam);
    enum vpci_failure failure = VPCI_FAILURE_NONE;
    if (channel->open && seam->failure == VPCI_FAILURE_NONE)
        failure = part(channel);
    if (failure_out != NULL)
        *failure_out = failure;
    if (channel->open)
        vpci_stream_close(&channel->stream);
    free(channel->spec);
    free(channel);
}

bool vpci_channel_is_spec(const char *spec)
{
    return strncmp(spec, "exec:", 5) == 0 || strncmp(spec, "unix:", 5) == 0 || strncmp(spec, "tcp:", 4) == 0;
}

struct vpci_limits vpci_channel_limits(const struct vpci_limits *limits)
{
    struct vpci_limits full = limits != NULL ? *limits : (struct vpci_limits){ 0 };
    if (full.start_timeout_ms == 0)
        full.start_timeout_ms = VPCI_DEFAULT_START_TIMEOUT_MS;
    if (full.step_timeout_ms == 0)
        full.step_timeout_ms = VPCI_DEFAULT_STEP_TIMEOUT_MS;
    if (full.window_ms == 0)
        full.window_ms = VPCI_DEFAULT_WINDOW_MS;
    if (full.line_bytes == 0)
        full.line_bytes = VPCI_DEFAULT_LINE_BYTES;
    if (full.case_bytes == 0)
        full.case_bytes = VPCI_DEFAULT_CASE_BYTES;
    return full;
}

struct vpci_seam *vpci_channel_create(const char *spec, const struct vpci_limits *limits)
{
    static const struct vpci_seam_ops ops = {
        channel_connect, channel_begin, channel_submit, channel_settle, channel_end, channel_destroy, NULL
    };
    struct vpci_channel *channel = calloc(1, sizeof *channel);
    char *copy = strdup(spec);
    if (channel == NULL || copy == NULL) {
        free(channel);
        free(copy);
        return NULL;
    }
    channel->seam.ops = &ops;
    channel->spec = copy;
    channel->limits = vpci_channel_limits(limits);
    return &channel->seam;
}
