/* SPDX-License-Identifier: MIT */
/* harness/conductor.c - see conductor.h. Every event passes through the journal, which judges it. After the
 * first violation nothing more is judged and the case is wound down quietly. */
#include "harness/conductor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/callbacks.h"
#include "harness/contents.h"
#include "harness/journal.h"
#include "harness/script.h"
#include "harness/transcript.h"

enum { ROUNDS_MAX = 20000 }; /* ours: fences without an end, where the implementation asks on and on */

struct vpci_conductor {
    struct vpci_conductor_options options;
    struct vpci_journal journal;

    /* the case under way */
    struct vpci_seam *seam;
    const struct vpci_case *test;
    struct vpci_case_result *result;
    bool under_way;
    struct vpci_callbacks callbacks;
    uint64_t open;            /* bit r: request number r is in use */
    uint64_t completed;       /* bit r: completed, not yet returned */
    uint64_t returned;        /* bit r: returned PENDING */
    uint64_t signals;         /* bit r: its event is to be signalled if it pends */
    uint64_t armed;           /* bit r: some step waits for r's completion */
    uint32_t serial;          /* of unique contents */
    uint32_t steps;           /* begun so far */
    vpci_at_rest_fn *at_rest; /* may be NULL */
    void *at_rest_context;
    char detail[VPCI_DETAIL_BYTES];
    char expected[VPCI_DETAIL_BYTES];
};

struct vpci_conductor *vpci_conductor_create(const struct vpci_conductor_options *options)
{
    struct vpci_conductor *conductor = calloc(1, sizeof *conductor);
    if (conductor == NULL)
        abort();
    conductor->options = *options;
    vpci_journal_create(&conductor->journal, options->role);
    return conductor;
}

void vpci_conductor_destroy(struct vpci_conductor *conductor)
{
    if (conductor == NULL)
        return;
    vpci_journal_destroy(&conductor->journal);
    free(conductor);
}

void vpci_conductor_watch(struct vpci_conductor *conductor, vpci_watch_fn *watch, void *watcher)
{
    conductor->journal.watch = watch;
    conductor->journal.watcher = watcher;
}

void vpci_conductor_at_rest(struct vpci_conductor *conductor, vpci_at_rest_fn *at_rest, void *context)
{
    conductor->at_rest = at_rest;
    conductor->at_rest_context = context;
}

/* Judges and keeps one event, whoever it is from. */
static void take(struct vpci_conductor *conductor, const struct vpci_event *event)
{
    if (conductor->options.breadcrumb != NULL)
        conductor->options.breadcrumb->events++;
    if (!vpci_journal_take(&conductor->journal, event))
        (void)vpci_seam_fail(conductor->seam, VPCI_FAILURE_GARBAGE,
                             "an event that no rule is written for: %s", vpci_event_info[event->kind].name);
}

/* ---- the kit's side ---- */

/* Sends an event of the kit. False when the case cannot go on. */
static bool send(struct vpci_conductor *conductor, const struct vpci_event *event)
{
    take(conductor, event);
    if (conductor->options.breadcrumb != NULL)
        conductor->options.breadcrumb->culprit = (uint32_t)vpci_journal_culprit(&conductor->journal);
    return conductor->seam->ops->submit(conductor->seam, event) && !conductor->journal.over;
}

static bool answer_call(struct vpci_conductor *conductor, uint32_t index, const struct vpci_pf_answer *answer)
{
    uint8_t data[VPCI_EVENT_DATA_BYTES_MAX];
    const struct vpci_callback call = vpci_callbacks_take(&conductor->callbacks, index);
    struct vpci_event event = { .kind =
                                    call.is_write ? VPCI_EVENT_PF_WRITE_RETURN : VPCI_EVENT_PF_READ_RETURN,
                                .fields = VPCI_F(CALL) | VPCI_F(STATUS),
                                .call = call.call,
                                .status = answer->status };
    const uint32_t length = call.length < VPCI_BLOCK_BYTES_MAX ? call.length : VPCI_BLOCK_BYTES_MAX;
    if (!call.is_write)
        vpci_callback_fill(&event, answer, length, conductor->options.seed, &conductor->serial, data);
    else if (answer->count < length && answer->status == VPCI_STATUS_SUCCESS) {
        event.length = answer->count;
        event.fields |= VPCI_F(LENGTH);
    }
    return send(conductor, &event);
}

/* Waits for rest; where the PF answers by itself, until nothing waits for it. Then silence is judged. */
static bool settle(struct vpci_conductor *conductor, bool pf_answers, const struct vpci_pf_answer *answer)
{
    static const struct vpci_event rest = { .kind = VPCI_EVENT_REST };
    for (int round = 0;; round++) {
        if (round == ROUNDS_MAX)
            return vpci_seam_fail(conductor->seam, VPCI_FAILURE_HANG,
                                  "%d fences, and it is still not at rest", round);
        vpci_journal_fence(&conductor->journal);
        if (!conductor->seam->ops->settle(conductor->seam) || conductor->journal.over)
            return false;
        if (!pf_answers || conductor->callbacks.count == 0)
            break;
        if (!answer_call(conductor, 0, answer))
            return false;
    }
    take(conductor, &rest);
    return !conductor->journal.over;
}

static bool choose_request(struct vpci_conductor *conductor, struct vpci_event *event)
{
    if ((vpci_event_info[event->kind].required & VPCI_F(REQUEST)) == 0)
        return true;
    const bool begins = event->kind == VPCI_EVENT_READ || event->kind == VPCI_EVENT_WRITE ||
                        event->kind == VPCI_EVENT_IOCTL || event->kind == VPCI_EVENT_QUERY_INTERFACE;
    if ((event->fields & VPCI_F(REQUEST)) == 0) {
        if (~conductor->open == 0)
            return false;
        event->request = (uint32_t)__builtin_ctzll(~conductor->open);
        event->fields |= VPCI_F(REQUEST);
    }
    const uint64_t bit = (uint64_t)1 << (event->request % 64);
    if (!begins)
        return (conductor->open & bit) != 0;
    if ((conductor->open & bit) != 0)
        return false;
    conductor->open |= bit;
    conductor->completed &= ~bit;
    conductor->returned &= ~bit;
    const bool supplied = (event->fields & VPCI_F(USER_EVENT)) == 0 || event->user_event;
    const bool modelled = (conductor->seam->pics.capabilities & VPCI_CAPABILITY_BIT(STATUS_BLOCK)) != 0;
    conductor->signals &= ~bit;
    if (event->kind == VPCI_EVENT_IOCTL && supplied && modelled)
        conductor->signals |= bit;
    return true;
}

/* An event step. One about a request or number that is not there does nothing: scenarios are total. */
static bool send_step(struct vpci_conductor *conductor, const struct vpci_step *step)
{
    struct vpci_event event = step->event;
    uint8_t data[VPCI_EVENT_DATA_BYTES_MAX];
    if (!choose_request(conductor, &event))
        return true;
    const bool answers = event.kind == VPCI_EVENT_PF_WRITE_RETURN || event.kind == VPCI_EVENT_PF_READ_RETURN;
    if (answers && !vpci_callbacks_forget(&conductor->callbacks, &event, conductor->seam->pics.capabilities))
        return true;
    if ((event.fields & VPCI_F(DATA)) && step->data_source == VPCI_DATA_UNIQUE) {
        const uint32_t from = step->data_from < event.data_length ? step->data_from : event.data_length;
        if (event.data != NULL)
            memcpy(data, event.data, event.data_length);
        vpci_contents_unique(data + from, event.data_length - from, conductor->options.seed,
                             ++conductor->serial);
        event.data = data;
    }
    return send(conductor, &event);
}

/* ---- what the implementation does ---- */

static void request_is_over(struct vpci_conductor *conductor, uint64_t bit)
{
    conductor->open &= ~bit;
}

static void follow_request(struct vpci_conductor *conductor, const struct vpci_event *event)
{
    const uint64_t bit = (uint64_t)1 << (event->request % 64);
    switch ((int)event->kind) {
    case VPCI_EVENT_READ_RETURN:
    case VPCI_EVENT_WRITE_RETURN:
    case VPCI_EVENT_QUERY_INTERFACE_RETURN:
        request_is_over(conductor, bit);
        break;
    case VPCI_EVENT_IOCTL_COMPLETE:
        conductor->completed |= bit;
        break;
    case VPCI_EVENT_IOCTL_RETURN:
        conductor->returned |= bit;
        if (event->status != VPCI_STATUS_PENDING)
            conductor->signals &= ~bit; /* none is owed */
        break;
    case VPCI_EVENT_USER_EVENT_SIGNAL:
        conductor->signals &= ~bit;
        break;
    default:
        break;
    }
    if ((conductor->completed & conductor->returned & ~conductor->signals & bit) != 0)
        request_is_over(conductor, bit);
}

static bool note_call(struct vpci_conductor *conductor, const struct vpci_event *event)
{
    for (uint32_t i = 0; i < conductor->callbacks.count; i++) {
        if (conductor->callbacks.waiting[i].call == event->call)
            return vpci_seam_fail(
                conductor->seam, VPCI_FAILURE_GARBAGE,
                "call number %u is used for a second PF callback while the first is outstanding",
                event->call);
    }
    if (conductor->callbacks.count == VPCI_CALLS_MAX)
        return vpci_seam_fail(conductor->seam, VPCI_FAILURE_GARBAGE,
                              "more than %d PF callbacks outstanding at once", VPCI_CALLS_MAX);
    conductor->callbacks.waiting[conductor->callbacks.count++] =
        (struct vpci_callback){ event->call, event->kind == VPCI_EVENT_PF_WRITE, event->length };
    return true;
}

/* The steps that wait for this completion are sent from inside it, as a completion routine would. */
static void send_armed(struct vpci_conductor *conductor, uint32_t request)
{
    conductor->armed &= ~((uint64_t)1 << (request % 64));
    for (uint32_t i = 0; i < conductor->test->step_count; i++) {
        const struct vpci_step *step = &conductor->test->steps[i];
        if (step->has_inside && step->inside == request && !conductor->journal.over)
            (void)send_step(conductor, step);
    }
}

static void on_observe(void *observer, const struct vpci_event *event)
{
    struct vpci_conductor *conductor = observer;
    if (conductor->journal.over || !conductor->under_way)
        return;
    if ((event->kind == VPCI_EVENT_PF_READ || event->kind == VPCI_EVENT_PF_WRITE) &&
        !note_call(conductor, event))
        return;
    take(conductor, event);
    follow_request(conductor, event);
    const bool completes = event->kind == VPCI_EVENT_IOCTL_COMPLETE;
    if (completes && !conductor->journal.over && (conductor->armed >> (event->request % 64) & 1u) != 0)
        send_armed(conductor, event->request);
}

/* ---- expectations ---- */

static bool expect(struct vpci_conductor *conductor, const struct vpci_step *step)
{
    bool found = false;
    for (uint32_t i = 0; i < conductor->journal.count && !found; i++)
        found = vpci_step_expects(step, &conductor->journal.events[i]);
    if (found == (step->kind == VPCI_STEP_EXPECT))
        return true;
    snprintf(conductor->expected, sizeof conductor->expected, "%s %s like the one described in the scenario",
             found ? "no" : "a", vpci_event_info[step->event.kind].name);
    vpci_journal_find(&conductor->journal, step->requirement,
                      found ? "an event that the scenario excludes was seen"
                            : "an event that the scenario expects was not seen",
                      conductor->expected);
    return false;
}

/* ---- the case ---- */

static bool answer_step(struct vpci_conductor *conductor, const struct vpci_step *step)
{
    uint32_t count = step->which == VPCI_ANSWER_ALL ? conductor->callbacks.count : 1;
    for (; count != 0 && conductor->callbacks.count != 0; count--) {
        const uint32_t newest = conductor->callbacks.count - 1;
        const uint32_t index = step->which == VPCI_ANSWER_NEWEST ? newest
                               : step->which == VPCI_ANSWER_ALL  ? 0
                                                                 : step->nth;
        if (index > newest)
            return true;
        if (!answer_call(conductor, index, &step->answer))
            return false;
    }
    return true;
}

static bool play_step(struct vpci_conductor *conductor, const struct vpci_step *step)
{
    if (step->has_inside)
        return true; /* sent from inside the completion it waits for */
    switch (step->kind) {
    case VPCI_STEP_EVENT:
        if (!send_step(conductor, step))
            return false;
        break;
    case VPCI_STEP_ANSWER:
        if (!answer_step(conductor, step))
            return false;
        break;
    case VPCI_STEP_EXPECT:
    case VPCI_STEP_EXPECT_NONE:
        return expect(conductor, step);
    }
    return !step->settle || settle(conductor, !conductor->test->pf_holds, &conductor->test->pf);
}

static bool start_vfs(struct vpci_conductor *conductor)
{
    for (uint16_t vf = 0; vf < conductor->test->vf_count; vf++) {
        const struct vpci_event start = { .kind = VPCI_EVENT_START, .fields = VPCI_F(VF), .vf = vf };
        if (!send(conductor, &start))
            return false;
    }
    return true;
}

/* A case that belongs to no scenario goes by its own name. */
static const char *scenario_name(const struct vpci_case *test)
{
    return test->scenario == NULL ? test->name : vpci_scenario_name(test->scenario);
}

/* The capability that a case tries although it is not claimed; 0: none. */
static vpci_capability_set probes(const struct vpci_case *test)
{
    return test->scenario == NULL ? 0 : vpci_scenario_refuses(test->scenario);
}

static void tell_at_rest(const struct vpci_conductor *conductor, bool at_rest)
{
    if (conductor->at_rest != NULL && at_rest)
        conductor->at_rest(conductor->at_rest_context, conductor->steps, conductor->journal.model);
}

static bool play(struct vpci_conductor *conductor)
{
    const struct vpci_case *test = conductor->test;
    const struct vpci_device device = { .role = conductor->options.role,
                                        .vf_count = test->vf_count,
                                        .scenario = scenario_name(test),
                                        .seed = conductor->options.seed };
    if (!conductor->seam->ops->begin(conductor->seam, &device))
        return false;
    if (test->start_automatically && !start_vfs(conductor))
        return false;
    tell_at_rest(conductor, true);
    while (conductor->steps < test->step_count) {
        const struct vpci_step *step = &test->steps[conductor->steps++];
        if (!play_step(conductor, step))
            return false;
        tell_at_rest(conductor, step->settle);
    }
    return settle(conductor, true, &test->pf);
}

/* An empty result. Warnings are looked at as far as warning_count says, and are most of its bytes. */
static void begin_result(struct vpci_case_result *result, const struct vpci_case *test)
{
    const size_t behind = offsetof(struct vpci_case_result, warning_count);
    memset(result, 0, offsetof(struct vpci_case_result, warnings));
    memset((char *)result + behind, 0, sizeof *result - behind);
    result->name = test->name;
    result->scenario = scenario_name(test);
    result->probe = probes(test) != 0;
}

bool vpci_conductor_transcript(const struct vpci_conductor *conductor, struct vpci_transcript *transcript_out)
{
    const struct vpci_journal *journal = &conductor->journal;
    *transcript_out = (struct vpci_transcript){ .index = conductor->result->index,
                                                .name = conductor->test->name,
                                                .exact_order = conductor->seam->exact_order,
                                                .events = journal->events,
                                                .event_count = journal->count,
                                                .fences = journal->fences,
                                                .fence_count = journal->fence_count,
                                                .failure = conductor->seam->failure,
                                                .detail = conductor->seam->detail };
    return vpci_journal_is_whole(journal);
}

/* Goes through the steps once, for what has to be known before the first. */
static void survey_steps(struct vpci_conductor *conductor)
{
    bool expects = false;
    conductor->armed = 0;
    for (uint32_t i = 0; i < conductor->test->step_count; i++) {
        const struct vpci_step *step = &conductor->test->steps[i];
        if (step->has_inside)
            conductor->armed |= (uint64_t)1 << (step->inside % 64);
        expects = expects || step->kind == VPCI_STEP_EXPECT || step->kind == VPCI_STEP_EXPECT_NONE;
    }
    conductor->journal.forgetful = conductor->options.keep_no_trace && !expects;
}

static void start_case(struct vpci_conductor *conductor, struct vpci_seam *seam, const struct vpci_case *test,
                       struct vpci_case_result *result)
{
    begin_result(result, test);
    conductor->seam = seam;
    conductor->test = test;
    conductor->result = result;
    conductor->callbacks.count = 0;
    conductor->open = conductor->completed = conductor->returned = conductor->signals = 0;
    conductor->serial = 0;
    conductor->steps = 0;
    survey_steps(conductor);
    const struct vpci_model_options options = { .role = conductor->options.role,
                                                .vf_count = test->vf_count,
                                                .capabilities = seam->pics.capabilities,
                                                .exact_order = seam->exact_order,
                                                .profile = conductor->options.profile };
    vpci_journal_begin(&conductor->journal, options, probes(test), result);
    seam->observe = on_observe;
    seam->observer = conductor;
    conductor->under_way = true;
}

/* A failure of the seam, as an event where the model can say which requirement it breaks. */
static void take_failure(struct vpci_conductor *conductor)
{
    const struct vpci_seam *seam = conductor->seam;
    struct vpci_event event = { .kind = VPCI_EVENT_CRASH };
    if (seam->failure == VPCI_FAILURE_HANG || seam->failure == VPCI_FAILURE_HANG_AT_CLOSE)
        event.kind = VPCI_EVENT_HANG;
    else if (seam->failure == VPCI_FAILURE_EXIT)
        event.kind = VPCI_EVENT_EXIT;
    take(conductor, &event);
}

static bool has_exercised_purpose(const struct vpci_conductor *conductor)
{
    if (conductor->test->scenario == NULL)
        return true; /* it has no purpose beyond being judged */
    const struct vpci_requirement_set *purpose = vpci_scenario_requirements(conductor->test->scenario);
    const struct vpci_requirement_set *exercised = vpci_model_exercised(conductor->journal.model);
    for (size_t i = 0; i < sizeof purpose->words / sizeof purpose->words[0]; i++) {
        if ((purpose->words[i] & exercised->words[i]) != 0)
            return true;
    }
    return false;
}

static void set_verdict(struct vpci_case_result *result, enum vpci_case_verdict verdict, const char *cause,
                        const char *detail)
{
    result->verdict = verdict;
    result->cause = cause;
    result->detail = detail;
}

/* A probe passes when what it tried was refused. Neither done nor refused is neither for nor against. */
static void conclude_probe(struct vpci_conductor *conductor, bool adapter_refuses)
{
    if (adapter_refuses || conductor->journal.probe.refused)
        set_verdict(conductor->result, VPCI_CASE_PASS, NULL, NULL);
    else
        set_verdict(conductor->result, VPCI_CASE_NOT_APPLICABLE, "no_refusal_seen",
                    "what is not claimed was tried, and neither done nor refused");
}

static void conclude(struct vpci_conductor *conductor)
{
    struct vpci_case_result *result = conductor->result;
    const struct vpci_seam *seam = conductor->seam;
    const struct vpci_failure_info *failure = &vpci_failure_info[seam->failure];
    const struct vpci_probe *probe = &conductor->journal.probe;
    const bool adapter_refuses = probe->tried && !probe->closing && seam->failure == VPCI_FAILURE_REFUSED;
    conductor->under_way = false;
    if (seam->failure != VPCI_FAILURE_NONE)
        snprintf(conductor->detail, sizeof conductor->detail, "%s", seam->detail);
    if (result->has_finding) {
        const bool by_failure = seam->failure != VPCI_FAILURE_NONE && failure->of_implementation;
        set_verdict(result, VPCI_CASE_FAIL,
                    by_failure    ? failure->name
                    : probe->done ? "not_refused"
                                  : "violation",
                    by_failure ? conductor->detail : NULL);
        result->requirement = result->finding.requirement;
    } else if (seam->failure != VPCI_FAILURE_NONE && !adapter_refuses) {
        set_verdict(result, failure->of_implementation ? VPCI_CASE_FAIL : VPCI_CASE_ERROR, failure->name,
                    conductor->detail);
    } else if (probe->refuses != 0) {
        conclude_probe(conductor, adapter_refuses);
    } else if (vpci_model_contents_unjudged(conductor->journal.model)) {
        set_verdict(result, VPCI_CASE_INCONCLUSIVE, "contents_not_judged",
                    "too many overlapping transfers of one block");
    } else if (!has_exercised_purpose(conductor)) {
        set_verdict(result, VPCI_CASE_INCONCLUSIVE, "purpose_not_reached",
                    "the case exercised none of the requirements it is there for");
    } else {
        set_verdict(result, VPCI_CASE_PASS, NULL, NULL);
    }
    if (probe->refuses == 0) /* a probe is no proof of any requirement */
        result->exercised = *vpci_model_exercised(conductor->journal.model);
    if (!conductor->journal.forgetful && (result->verdict != VPCI_CASE_PASS || result->warning_count != 0)) {
        result->trace = conductor->journal.events;
        result->trace_count = conductor->journal.count;
    }
}

/* The whole case, as far as it goes before a failure. */
static bool play_and_end(void *context)
{
    struct vpci_conductor *conductor = context;
    struct vpci_seam *seam = conductor->seam;
    (void)play(conductor);
    conductor->journal.probe.closing = seam->failure == VPCI_FAILURE_NONE;
    return seam->failure == VPCI_FAILURE_NONE && seam->ops->end(seam);
}

void vpci_conductor_play(struct vpci_conductor *conductor, struct vpci_seam *seam,
                         const struct vpci_case *test, struct vpci_case_result *result_out)
{
    start_case(conductor, seam, test, result_out);
    if (seam->ops->enclose == NULL)
        (void)play_and_end(conductor);
    else
        (void)seam->ops->enclose(seam, play_and_end, conductor);
    if (seam->failure != VPCI_FAILURE_NONE && vpci_failure_info[seam->failure].of_implementation)
        take_failure(conductor);
    conclude(conductor);
}

void vpci_conductor_failed_to_start(struct vpci_conductor *conductor, const struct vpci_seam *seam,
                                    const struct vpci_case *test, struct vpci_case_result *result_out)
{
    *result_out = (struct vpci_case_result){ .name = test->name,
                                             .scenario = scenario_name(test),
                                             .probe = probes(test) != 0 };
    snprintf(conductor->detail, sizeof conductor->detail, "%s", seam->detail);
    const struct vpci_failure_info *failure = &vpci_failure_info[seam->failure];
    set_verdict(result_out, failure->of_implementation ? VPCI_CASE_FAIL : VPCI_CASE_ERROR, failure->name,
                conductor->detail);
}

struct vpci_progress_of_case vpci_conductor_progress(const struct vpci_conductor *conductor)
{
    return (struct vpci_progress_of_case){ .steps = conductor->steps,
                                           .events = conductor->journal.judged,
                                           .latest = conductor->journal.latest,
                                           .exercised = vpci_model_exercised(conductor->journal.model) };
}

bool vpci_conductor_abandon(struct vpci_conductor *conductor, struct vpci_case_result *result_out)
{
    if (!conductor->under_way)
        return false;
    (void)vpci_seam_fail(conductor->seam, VPCI_FAILURE_EXIT, "the process is ended by exit()");
    take_failure(conductor);
    conclude(conductor);
    *result_out = *conductor->result;
    return true;
}

bool vpci_conductor_applies(struct vpci_conductor *conductor, const struct vpci_pics *pics,
                            const struct vpci_case *test, struct vpci_case_result *result_out)
{
    const enum vpci_role role = conductor->options.role;
    *result_out = (struct vpci_case_result){ .name = test->name,
                                             .scenario = scenario_name(test),
                                             .probe = probes(test) != 0 };
    if (test->scenario != NULL && (vpci_scenario_roles(test->scenario) >> role & 1u) == 0) {
        snprintf(conductor->detail, sizeof conductor->detail, "not for role %s", vpci_role_info[role].name);
        set_verdict(result_out, VPCI_CASE_NOT_APPLICABLE, "role", conductor->detail);
        return false;
    }
    const vpci_capability_set claimed = probes(test) & pics->capabilities;
    const vpci_capability_set missing = test->needs[role] & ~pics->capabilities & ~probes(test);
    if (claimed == 0 && missing == 0)
        return true;
    size_t used = (size_t)snprintf(conductor->detail, sizeof conductor->detail,
                                   claimed != 0 ? "claimed:" : "not claimed:");
    for (int i = 0; i < VPCI_CAPABILITY_COUNT; i++) {
        if (((claimed != 0 ? claimed : missing) >> i & 1u) != 0 && used < sizeof conductor->detail)
            used += (size_t)snprintf(conductor->detail + used, sizeof conductor->detail - used, " %s",
                                     vpci_capability_info[i].name);
    }
    set_verdict(result_out, VPCI_CASE_NOT_APPLICABLE, "capability", conductor->detail);
    return false;
}
