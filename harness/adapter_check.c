/* SPDX-License-Identifier: MIT */
/* harness/adapter_check.c - a dialog that goes on after a mistake: it is told, the request it spoilt counts
 * as answered, and the next line is read. */
#include "harness/adapter_check.h"

#include <inttypes.h>
#include <string.h>

#include "harness/adapter_check_steps.h"
#include "harness/allocate.h"
#include "harness/channel.h"
#include "harness/channel_dialog.h"
#include "harness/channel_end.h"
#include "harness/json.h"

enum {
    EXIT_FINE = 0,
    EXIT_MISTAKES = 1,
    EXIT_NOTHING_TRIED = 3,
    MISTAKES_MAX = 50,
    EXCERPT_CHARACTERS = 200,
    REMARKS_MAX = 16
};

struct check {
    FILE *to;
    struct vpci_limits limits;
    struct vpci_stream stream;
    struct vpci_channel_dialog dialog;
    struct vpci_channel_message message;
    uint64_t lines, mistakes;
    bool over;                               /* nothing more can be learned */
    bool refused;                            /* to open a device of a role that it claims */
    struct vpci_event calls[VPCI_CALLS_MAX]; /* of the implementation to the PF, not answered yet */
    uint32_t call_count;
    const char *remarks[REMARKS_MAX]; /* said already */
    uint32_t remark_count;
};

/* A part of a line that a terminal can show, around the place that matters. */
static void print_excerpt(FILE *to, const char *line, size_t length, size_t column)
{
    const size_t from = column > EXCERPT_CHARACTERS / 2 ? column - EXCERPT_CHARACTERS / 2 : 0;
    const size_t shown = length - from < EXCERPT_CHARACTERS ? length - from : EXCERPT_CHARACTERS;
    char cut[EXCERPT_CHARACTERS + 1];
    memcpy(cut, line + from, shown);
    cut[shown] = '\0';
    for (size_t i = 0; i < shown; i++) {
        if (cut[i] == '\0' || cut[i] == '\n')
            cut[i] = cut[i] == '\0' ? '?' : ' ';
    }
    struct vpci_text plain = { 0 };
    vpci_text_add_plain(&plain, cut);
    fprintf(to, "    %s%s%s\n", from > 0 ? "..." : "", plain.bytes != NULL ? plain.bytes : "",
            from + shown < length ? "..." : "");
    vpci_text_free(&plain);
}

/* Where a name stands in the line with its quotes, from 1; 0 when it does not. */
static size_t find_quoted(const char *line, size_t length, const char *name, size_t name_length)
{
    char quoted[VPCI_EXCERPT_BYTES + 2];
    if (name_length == 0 || name_length >= VPCI_EXCERPT_BYTES)
        return 0;
    snprintf(quoted, sizeof quoted, "\"%.*s\"", (int)name_length, name);
    const char *found = memmem(line, length, quoted, strlen(quoted));
    return found != NULL ? (size_t)(found - line) + 1 : 0;
}

/* A reason starts with the member it is about, and may quote the value in it. */
static size_t find_column(const char *line, size_t length, const struct vpci_channel_fault *fault)
{
    const char *reason = fault->reason;
    size_t column = 0;
    if (sscanf(reason, "column %zu", &column) == 1)
        return column <= length + 1 ? column : 0;
    const char *quote = strchr(reason, '"');
    if (quote != NULL)
        column = find_quoted(line, length, quote + 1, strcspn(quote + 1, "\""));
    return column != 0 ? column : find_quoted(line, length, reason, strcspn(reason, ":"));
}

static void tell_rule(struct check *check, const struct vpci_channel_fault *fault)
{
    struct vpci_text plain = { 0 };
    size_t column;
    int said = 0; /* bytes of the reason that the head of the message has said already */
    const bool starts_with_column = sscanf(fault->reason, "column %zu: %n", &column, &said) == 1;
    vpci_text_add_plain(&plain, fault->reason + (starts_with_column ? said : 0));
    fprintf(check->to, "%s: %s\n", vpci_channel_rule_info[fault->rule].id, plain.bytes);
    vpci_text_free(&plain);
}

static void tell_text(struct check *check, enum vpci_channel_rule rule)
{
    fprintf(check->to, "    %s\n", vpci_channel_rule_info[rule].text);
    check->mistakes++;
    if (check->mistakes >= MISTAKES_MAX) {
        fprintf(check->to, "more than %d mistakes: gave up\n", MISTAKES_MAX);
        check->over = true;
    }
}

static void tell_expected(struct check *check, enum vpci_channel_rule rule)
{
    const struct vpci_channel_dialog *dialog = &check->dialog;
    if (rule != VPCI_CHANNEL_RULE_CASE && rule != VPCI_CHANNEL_RULE_ANSWER_UNASKED &&
        rule != VPCI_CHANNEL_RULE_ANSWER_TWICE)
        return;
    fprintf(check->to, "    the running case is %" PRIu64, dialog->case_number);
    if (dialog->asked_count > 0)
        fprintf(check->to, "; the oldest request without an answer is %s, seq %" PRIu64,
                vpci_channel_request_name[dialog->asked[0].request], dialog->asked[0].seq);
    fputs("\n", check->to);
}

static void tell_at_line(struct check *check, const char *line, size_t length,
                         const struct vpci_channel_fault *fault)
{
    const size_t column = find_column(line, length, fault);
    fprintf(check->to, "line %" PRIu64, check->lines);
    if (column > 0)
        fprintf(check->to, ", column %zu", column);
    fputs(": ", check->to);
    tell_rule(check, fault);
    print_excerpt(check->to, line, length, column);
    tell_expected(check, fault->rule);
    tell_text(check, fault->rule);
}

/* A mistake that is in no line: something is missing after the last one. */
static void tell_after(struct check *check, enum vpci_channel_rule rule, const char *reason)
{
    struct vpci_channel_fault fault;
    vpci_channel_break(&fault, rule, "%s", reason);
    fprintf(check->to, "after line %" PRIu64 ": ", check->lines);
    tell_rule(check, &fault);
    tell_text(check, rule);
    check->over = true;
}

/* Whether a faulty line was meant as the answer to the oldest request. */
static bool was_meant_as_answer(const struct check *check, const char *line, size_t length)
{
    char reason[VPCI_DETAIL_BYTES];
    if (check->dialog.asked_count == 0)
        return false;
    cJSON *object = vpci_json_parse(line, length, reason, sizeof reason);
    const cJSON *seq = cJSON_GetObjectItemCaseSensitive(object, "seq");
    const cJSON *re = cJSON_GetObjectItemCaseSensitive(object, "re");
    const struct vpci_channel_asked *oldest = &check->dialog.asked[0];
    const bool by_seq = cJSON_IsNumber(seq) && seq->valuedouble >= (double)oldest->seq;
    const bool by_name = cJSON_IsString(re) && !cJSON_IsNumber(seq) &&
                         strcmp(re->valuestring, vpci_channel_request_name[oldest->request]) == 0;
    cJSON_Delete(object);
    return re != NULL && (by_seq || by_name);
}

static void tell_remark(struct check *check, const struct vpci_event *event)
{
    const char *remark = vpci_adapter_check_remark(event, check->dialog.pics.capabilities);
    for (uint32_t i = 0; i < check->remark_count; i++) {
        if (check->remarks[i] == remark)
            return;
    }
    if (remark == NULL || check->remark_count == REMARKS_MAX)
        return;
    check->remarks[check->remark_count++] = remark;
    fprintf(check->to, "line %" PRIu64 ": note: %s\n", check->lines, remark);
}

static void take_line(struct check *check, const char *line, size_t length)
{
    struct vpci_channel_fault fault;
    bool overrun;
    check->lines++;
    if (vpci_channel_take(&check->dialog, line, length, &check->message, &overrun, &fault)) {
        const struct vpci_event *event = &check->message.event;
        if (!check->message.is_event)
            return;
        if (overrun)
            fprintf(check->to,
                    "line %" PRIu64 ": note: data longer than the buffer of request %" PRIu32
                    " say that it was overrun\n",
                    check->lines, event->request);
        tell_remark(check, event);
        const bool is_call = event->kind == VPCI_EVENT_PF_READ || event->kind == VPCI_EVENT_PF_WRITE;
        if (is_call && check->call_count < VPCI_CALLS_MAX)
            check->calls[check->call_count++] = *event;
        return;
    }
    if (fault.rule == VPCI_CHANNEL_RULE_REFUSAL) {
        fprintf(check->to, "line %" PRIu64 ": note: refused: %s\n", check->lines, fault.reason);
        check->over = check->refused = true;
        return;
    }
    tell_at_line(check, line, length, &fault);
    if (was_meant_as_answer(check, line, length)) {
        check->over = check->over || !check->dialog.greeted; /* without claims nothing can be tried */
        vpci_channel_answered(&check->dialog);
    }
}

static void tell_end(struct check *check, enum vpci_channel_stage stage)
{
    char reason[VPCI_DETAIL_BYTES];
    const enum vpci_failure failure =
        vpci_channel_explain_end(&check->stream, stage, check->limits.memory_bytes, reason, sizeof reason);
    enum vpci_channel_rule rule = VPCI_CHANNEL_RULE_ALIVE;
    if (failure == VPCI_FAILURE_NONE)
        return;
    if (failure == VPCI_FAILURE_TRUNCATED_LINE)
        rule = VPCI_CHANNEL_RULE_NEWLINE;
    else if (failure == VPCI_FAILURE_LEFT_CHILD)
        rule = VPCI_CHANNEL_RULE_NO_CHILD;
    else if (failure == VPCI_FAILURE_HANG_AT_CLOSE)
        rule = VPCI_CHANNEL_RULE_CLOSE_DEADLINE;
    tell_after(check, rule, reason);
    if (check->stream.errors[0] != '\0') {
        fputs("    the end of its standard error:\n", check->to);
        print_excerpt(check->to, check->stream.errors, strlen(check->stream.errors), 0);
    }
}

static void tell_deadline(struct check *check, uint32_t timeout_ms)
{
    char reason[128];
    enum vpci_channel_rule rule = VPCI_CHANNEL_RULE_DEADLINE;
    if (check->dialog.asked_count == 0) {
        snprintf(reason, sizeof reason, "no rest within %" PRIu32 " ms", timeout_ms);
    } else {
        const enum vpci_channel_request request = check->dialog.asked[0].request;
        snprintf(reason, sizeof reason, "no answer to %s within %" PRIu32 " ms",
                 vpci_channel_request_name[request], timeout_ms);
        if (request == VPCI_CHANNEL_HELLO)
            rule = VPCI_CHANNEL_RULE_HELLO_DEADLINE;
        if (request == VPCI_CHANNEL_CLOSE)
            rule = VPCI_CHANNEL_RULE_CLOSE_DEADLINE;
    }
    tell_after(check, rule, reason);
}

static void tell_news(struct check *check, enum vpci_stream_news news)
{
    char reason[128];
    if (news == VPCI_STREAM_ENDED) {
        tell_end(check, check->dialog.greeted ? VPCI_STAGE_RUNNING : VPCI_STAGE_BEFORE_HELLO);
        return;
    }
    if (news == VPCI_STREAM_LINE_TOO_LONG)
        snprintf(reason, sizeof reason, "the next line is longer than %" PRIu32 " bytes",
                 check->limits.line_bytes);
    else
        snprintf(reason, sizeof reason, "more than %" PRIu64 " bytes in one case", check->limits.case_bytes);
    tell_after(check,
               news == VPCI_STREAM_LINE_TOO_LONG ? VPCI_CHANNEL_RULE_LINE_LENGTH : VPCI_CHANNEL_RULE_AMOUNT,
               reason);
}

/* Takes lines until every request is answered and, where there is no fence, until silence. */
static void exchange(struct check *check, uint32_t timeout_ms)
{
    const bool awaits_silence = check->dialog.greeted && !vpci_channel_has_fence(&check->dialog);
    const int64_t deadline_ms = vpci_stream_now_ms() + timeout_ms;
    while (!check->over && (check->dialog.asked_count > 0 || awaits_silence)) {
        const int64_t now_ms = vpci_stream_now_ms();
        const bool may_rest = awaits_silence && check->dialog.asked_count == 0 && now_ms < deadline_ms;
        char *line = NULL;
        size_t length = 0;
        const int64_t until_ms = may_rest ? now_ms + check->limits.window_ms : deadline_ms;
        const enum vpci_stream_news news = vpci_stream_next(&check->stream, until_ms, false, &line, &length);
        if (news == VPCI_STREAM_QUIET && may_rest)
            return;
        if (news == VPCI_STREAM_QUIET || (news == VPCI_STREAM_LINE && now_ms >= deadline_ms))
            tell_deadline(check, timeout_ms);
        else if (news == VPCI_STREAM_LINE)
            take_line(check, line, length);
        else
            tell_news(check, news);
    }
}

static void settle(struct check *check)
{
    if (check->over)
        return;
    if (vpci_channel_has_fence(&check->dialog))
        vpci_channel_say_settle(&check->dialog, vpci_stream_sending(&check->stream));
    exchange(check, check->limits.step_timeout_ms);
}

/* Sends one event, and the PF's answers to whatever calls come of it. */
static void step(struct check *check, const struct vpci_event *event)
{
    enum { ROUNDS_MAX = 16 };
    uint8_t data[VPCI_BLOCK_BYTES_MAX];
    struct vpci_event answer;
    vpci_channel_say_event(&check->dialog, vpci_stream_sending(&check->stream), event);
    settle(check);
    for (int round = 0; round < ROUNDS_MAX && check->call_count > 0 && !check->over; round++) {
        const uint32_t count = check->call_count;
        check->call_count = 0;
        for (uint32_t i = 0; i < count; i++) {
            if (vpci_adapter_check_answer(&check->calls[i], data, &answer))
                vpci_channel_say_event(&check->dialog, vpci_stream_sending(&check->stream), &answer);
        }
        settle(check);
    }
}

static void open_case(struct check *check, enum vpci_role role)
{
    const struct vpci_device device = { .role = role, .vf_count = 2, .scenario = "adapter check", .seed = 1 };
    check->call_count = 0;
    vpci_stream_new_case(&check->stream);
    vpci_channel_say_open(&check->dialog, vpci_stream_sending(&check->stream), &device);
}

static void close_case(struct check *check)
{
    vpci_channel_say_close(&check->dialog, vpci_stream_sending(&check->stream));
    exchange(check, check->limits.step_timeout_ms);
}

/* One case step by step, then one whose lines all leave in one write. */
static void try_cases(struct check *check, enum vpci_role role)
{
    open_case(check, role);
    exchange(check, check->limits.step_timeout_ms); /* nothing may be needed for the answer but the request */
    for (size_t i = 0; i < vpci_adapter_check_step_count && !check->over; i++) {
        if (vpci_adapter_check_applies(&vpci_adapter_check_steps[i], role, check->dialog.pics.capabilities))
            step(check, &vpci_adapter_check_steps[i]);
    }
    if (check->over)
        return;
    close_case(check);
    if (check->over)
        return;
    open_case(check, role);
    if (vpci_adapter_check_applies(&vpci_adapter_check_steps[0], role, check->dialog.pics.capabilities))
        vpci_channel_say_event(&check->dialog, vpci_stream_sending(&check->stream),
                               &vpci_adapter_check_steps[0]);
    if (vpci_channel_has_fence(&check->dialog))
        vpci_channel_say_settle(&check->dialog, vpci_stream_sending(&check->stream));
    close_case(check);
}

static void part(struct check *check)
{
    const int64_t deadline_ms = vpci_stream_now_ms() + check->limits.step_timeout_ms;
    bool told = false;
    vpci_channel_say_bye(&check->dialog, vpci_stream_sending(&check->stream));
    while (!check->over) {
        char *line;
        size_t length;
        if (!told && vpci_stream_sending(&check->stream)->length == 0) {
            vpci_stream_end_output(&check->stream);
            told = true;
        }
        const enum vpci_stream_news news =
            vpci_stream_next(&check->stream, deadline_ms, !told, &line, &length);
        if (news == VPCI_STREAM_ENDED) {
            tell_end(check, VPCI_STAGE_AFTER_BYE);
            return;
        }
        if (news == VPCI_STREAM_QUIET || vpci_stream_now_ms() >= deadline_ms)
            tell_after(check, VPCI_CHANNEL_RULE_CLOSE_DEADLINE, "alive after bye and the end of its input");
        else if (news == VPCI_STREAM_LINE)
            take_line(check, line, length);
        else if (news != VPCI_STREAM_SENT)
            tell_news(check, news);
    }
}

static void print_claims(const struct check *check, enum vpci_role role)
{
    const struct vpci_pics *pics = &check->dialog.pics;
    struct vpci_text text = { 0 };
    vpci_text_add_plain(&text, pics->name);
    vpci_text_add(&text, " ");
    vpci_text_add_plain(&text, pics->version);
    vpci_text_addf(&text, ", tried as %s, claims:", vpci_role_info[role].name);
    for (int i = 0; i < VPCI_CAPABILITY_COUNT; i++) {
        if (pics->capabilities >> i & 1u)
            vpci_text_addf(&text, " %s", vpci_capability_info[i].name);
    }
    fprintf(check->to, "%s\n", text.bytes);
    vpci_text_free(&text);
}

static void check_all(struct check *check, enum vpci_role role)
{
    vpci_channel_say_hello(&check->dialog, vpci_stream_sending(&check->stream));
    exchange(check, check->limits.start_timeout_ms);
    if (!check->dialog.greeted || check->over)
        return;
    const uint32_t roles = check->dialog.pics.roles;
    if (role == VPCI_ROLE_COUNT)
        role = (enum vpci_role)__builtin_ctz(roles);
    if ((roles >> role & 1u) == 0) {
        tell_after(check, VPCI_CHANNEL_RULE_HELLO_CLAIMS, "roles: the one asked for is not claimed");
        return;
    }
    print_claims(check, role);
    try_cases(check, role);
    if (!check->over)
        part(check);
}

int vpci_adapter_check_channel(const char *spec, enum vpci_role role, const struct vpci_limits *limits,
                               FILE *to)
{
    char reason[VPCI_DETAIL_BYTES];
    static const struct check blank;
    struct check *check = vpci_need_memory(malloc(sizeof *check));
    *check = blank;
    check->to = to;
    check->limits = vpci_channel_limits(limits);
    if (!vpci_stream_open(&check->stream, spec, check->limits.memory_bytes,
                          vpci_stream_now_ms() + check->limits.start_timeout_ms, reason, sizeof reason)) {
        fprintf(to, "%s\n", reason);
        free(check);
        return EXIT_NOTHING_TRIED;
    }
    vpci_stream_limit(&check->stream, check->limits.line_bytes, check->limits.case_bytes);
    check_all(check, role);
    fprintf(to, "%" PRIu64 " lines, %" PRIu64 " mistake%s\n", check->lines, check->mistakes,
            check->mistakes == 1 ? "" : "s");
    const int code = check->mistakes > 0 ? EXIT_MISTAKES : check->refused ? EXIT_NOTHING_TRIED : EXIT_FINE;
    vpci_stream_close(&check->stream);
    free(check);
    return code;
}

static void ignore(void *observer, const struct vpci_event *event)
{
    (void)observer;
    (void)event;
}

/* A shared object, as a run would load it. */
static int check_in_process(const struct vpci_adapter *adapter, enum vpci_role role,
                            const struct vpci_limits *limits, FILE *to)
{
    struct vpci_seam *seam = vpci_adapter_open(adapter, limits);
    seam->observe = ignore;
    struct vpci_device device = { .role = role, .vf_count = 1, .scenario = "adapter check", .seed = 1 };
    bool fine = seam->ops->connect(seam);
    if (fine && seam->pics.roles == 0)
        fine = vpci_seam_fail(seam, VPCI_FAILURE_REFUSED, "no role is claimed");
    else if (fine && role == VPCI_ROLE_COUNT)
        device.role = (enum vpci_role)__builtin_ctz(seam->pics.roles);
    else if (fine && (seam->pics.roles >> role & 1u) == 0)
        fine = vpci_seam_fail(seam, VPCI_FAILURE_REFUSED, "the role %s is not claimed",
                              vpci_role_info[role].name);
    fine = fine && seam->ops->begin(seam, &device) && seam->ops->settle(seam) && seam->ops->end(seam);
    if (fine)
        fprintf(to, "%s %s: loaded, opened and closed as %s\n", seam->pics.name, seam->pics.version,
                vpci_role_info[device.role].name);
    else
        fprintf(to, "%s: %s\n", vpci_failure_info[seam->failure].name, seam->detail);
    enum vpci_failure at_end = VPCI_FAILURE_NONE;
    seam->ops->destroy(seam, &at_end);
    if (at_end != VPCI_FAILURE_NONE)
        fprintf(to, "%s\n", vpci_failure_info[at_end].name);
    return fine && at_end == VPCI_FAILURE_NONE ? EXIT_FINE : EXIT_MISTAKES;
}

int vpci_adapter_check(const struct vpci_adapter *adapter, enum vpci_role role,
                       const struct vpci_limits *limits, FILE *to)
{
    if (vpci_channel_is_spec(adapter->spec))
        return vpci_adapter_check_channel(adapter->spec, role, limits, to);
    return check_in_process(adapter, role, limits, to);
}
