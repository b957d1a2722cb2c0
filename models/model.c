/* SPDX-License-Identifier: MIT */
/* models/model.c - the table of rules, indexed by state and event, and the step that applies it.
 * A cell is a rule, a prohibition with the requirement it breaks, or a remark that the sources are silent. An
 * empty cell means that nobody wrote that rule: a self-test fails, and no implementation is blamed. */
#include "models/model_state.h"

#include <string.h>

/* Which state a kind of event is judged against. */
enum scope { SCOPE_NONE, SCOPE_VF, SCOPE_REQUEST, SCOPE_CALL, SCOPE_MODEL };

struct cell {
    enum vpci_verdict verdict;
    uint16_t requirement;
    vpci_rule_fn *rule;
    const char *reason;
    const char *allowed;
};

struct row {
    enum scope scope;
    struct cell cells[VPCI_MODEL_STATES_MAX]; /* by vpci_vf_state, vpci_request_state, vpci_call_state;
                                                 SCOPE_MODEL: the first */
};

#define RULE(function)                                    \
    {                                                     \
        VPCI_ALLOWED, 0, vpci_rule_##function, NULL, NULL \
    }
#define SILENT(reason)                                       \
    {                                                        \
        VPCI_UNSPECIFIED, 0, vpci_rule_nothing, reason, NULL \
    }
#define NEVER(requirement, reason, allowed)                       \
    {                                                             \
        VPCI_VIOLATION, VPCI_##requirement, NULL, reason, allowed \
    }

#define NO_SUCH_VF   "there is no such VF"
#define NO_REQUEST   "there is no such request"
#define TWICE        "the request has already been completed"
#define ONCE         "one completion for each request"
#define AFTER_RETURN "the request is over"

/* The kit's own stimuli, by the state of the VF. */
#define STIMULUS(function)                                                                 \
    {                                                                                      \
        SCOPE_VF,                                                                          \
        {                                                                                  \
            [VPCI_VF_ABSENT] = SILENT(NO_SUCH_VF), [VPCI_VF_NOT_STARTED] = RULE(function), \
            [VPCI_VF_STARTED] = RULE(function), [VPCI_VF_REMOVING] = RULE(function),       \
            [VPCI_VF_REMOVED] = RULE(function)                                             \
        }                                                                                  \
    }

/* What ends a VF's stimulus. */
#define VF_ANSWER(function) STIMULUS(function)

#define ON_MODEL(function) \
    {                      \
        SCOPE_MODEL,       \
        {                  \
            RULE(function) \
        }                  \
    }

/* Something about a request that is the kit's doing or the kit's observation. */
#define ABOUT_REQUEST(unused, function)                                                         \
    {                                                                                           \
        SCOPE_REQUEST,                                                                          \
        {                                                                                       \
            [VPCI_REQUEST_UNUSED] = unused, [VPCI_REQUEST_DISPATCHED] = RULE(function),         \
            [VPCI_REQUEST_PENDING] = RULE(function), [VPCI_REQUEST_COMPLETED] = RULE(function), \
            [VPCI_REQUEST_SIGNAL_OWED] = RULE(function), [VPCI_REQUEST_OVER] = RULE(function)   \
        }                                                                                       \
    }

/* The return of something synchronous. */
#define SYNCHRONOUS_RETURN(function, requirement)                                                          \
    {                                                                                                      \
        SCOPE_REQUEST,                                                                                     \
        {                                                                                                  \
            [VPCI_REQUEST_UNUSED] = NEVER(requirement, NO_REQUEST, NULL),                                  \
            [VPCI_REQUEST_DISPATCHED] = RULE(function),                                                    \
            [VPCI_REQUEST_PENDING] = NEVER(requirement, "the request is an IOCTL that pends", NULL),       \
            [VPCI_REQUEST_COMPLETED] = NEVER(requirement, "the request is an IOCTL", NULL),                \
            [VPCI_REQUEST_SIGNAL_OWED] = NEVER(requirement, "the request is an IOCTL", NULL),              \
            [VPCI_REQUEST_OVER] = NEVER(requirement, "the call has already returned", "one return a call") \
        }                                                                                                  \
    }

static const struct row rows[VPCI_EVENT_COUNT] = {
    [VPCI_EVENT_START] = STIMULUS(start),
    [VPCI_EVENT_START_RETURN] = VF_ANSWER(start_return),
    [VPCI_EVENT_REMOVE] = STIMULUS(remove),
    [VPCI_EVENT_REMOVE_RETURN] = VF_ANSWER(remove_return),
    [VPCI_EVENT_RESET] = STIMULUS(reset),
    [VPCI_EVENT_RESET_RETURN] = VF_ANSWER(reset_return),
    [VPCI_EVENT_LOW_RESOURCES] = STIMULUS(low_resources),
    [VPCI_EVENT_QUERY_INTERFACE] = STIMULUS(query),
    [VPCI_EVENT_QUERY_INTERFACE_RETURN] = SYNCHRONOUS_RETURN(query_return, QI_04),
    [VPCI_EVENT_REFERENCE] = STIMULUS(reference),
    [VPCI_EVENT_DEREFERENCE] = STIMULUS(reference),
    [VPCI_EVENT_REFERENCES] = VF_ANSWER(references),
    [VPCI_EVENT_READ] = STIMULUS(direct),
    [VPCI_EVENT_READ_RETURN] = SYNCHRONOUS_RETURN(direct_return, DC_05),
    [VPCI_EVENT_WRITE] = STIMULUS(direct),
    [VPCI_EVENT_WRITE_RETURN] = SYNCHRONOUS_RETURN(direct_return, DC_05),
    [VPCI_EVENT_IOCTL] = STIMULUS(ioctl),
    [VPCI_EVENT_IOCTL_RETURN] = { SCOPE_REQUEST,
                                  { [VPCI_REQUEST_UNUSED] = NEVER(WD_04, NO_REQUEST, NULL),
                                    [VPCI_REQUEST_DISPATCHED] = RULE(ioctl_return),
                                    [VPCI_REQUEST_PENDING] = NEVER(
                                        WD_04, "the dispatch routine has already returned", "one return"),
                                    [VPCI_REQUEST_COMPLETED] = RULE(ioctl_return),
                                    [VPCI_REQUEST_SIGNAL_OWED] = NEVER(
                                        WD_04, "the dispatch routine has already returned", "one return"),
                                    [VPCI_REQUEST_OVER] = NEVER(
                                        WD_04, "the dispatch routine has already returned", "one return") } },
    [VPCI_EVENT_IOCTL_COMPLETE] = { SCOPE_REQUEST,
                                    { [VPCI_REQUEST_UNUSED] = NEVER(WD_04, NO_REQUEST, NULL),
                                      [VPCI_REQUEST_DISPATCHED] = RULE(ioctl_complete),
                                      [VPCI_REQUEST_PENDING] = RULE(ioctl_complete),
                                      [VPCI_REQUEST_COMPLETED] = NEVER(WD_04, TWICE, ONCE),
                                      [VPCI_REQUEST_SIGNAL_OWED] = NEVER(WD_04, TWICE, ONCE),
                                      [VPCI_REQUEST_OVER] = NEVER(WD_04, TWICE, ONCE) } },
    [VPCI_EVENT_USER_EVENT_SIGNAL] = { SCOPE_REQUEST,
                                       { [VPCI_REQUEST_UNUSED] = NEVER(IW_17, NO_REQUEST, NULL),
                                         [VPCI_REQUEST_DISPATCHED] = NEVER(
                                             WD_23, "the event is signalled before the request is completed",
                                             "completion, status block, then the event"),
                                         [VPCI_REQUEST_PENDING] = NEVER(
                                             WD_23, "the event is signalled before the request is completed",
                                             "completion, status block, then the event"),
                                         [VPCI_REQUEST_COMPLETED] = RULE(signal),
                                         [VPCI_REQUEST_SIGNAL_OWED] = RULE(signal),
                                         [VPCI_REQUEST_OVER] = RULE(signal) } },
    [VPCI_EVENT_CANCEL] = ABOUT_REQUEST(SILENT(NO_REQUEST), cancel),
    [VPCI_EVENT_INPUT_CHANGE] = ABOUT_REQUEST(SILENT(NO_REQUEST), input_change),
    [VPCI_EVENT_PF_READ] = ON_MODEL(pf_call),
    [VPCI_EVENT_PF_READ_RETURN] = { SCOPE_CALL,
                                    { [VPCI_CALL_FREE] = RULE(pf_stray),
                                      [VPCI_CALL_OPEN] = RULE(pf_return),
                                      [VPCI_CALL_ANSWERED] = RULE(pf_stray) } },
    [VPCI_EVENT_PF_WRITE] = ON_MODEL(pf_call),
    [VPCI_EVENT_PF_WRITE_RETURN] = { SCOPE_CALL,
                                     { [VPCI_CALL_FREE] = RULE(pf_stray),
                                       [VPCI_CALL_OPEN] = RULE(pf_return),
                                       [VPCI_CALL_ANSWERED] = RULE(pf_stray) } },
    [VPCI_EVENT_PF_RESET] = ON_MODEL(pf_reset),
    [VPCI_EVENT_PF_INVALIDATE] = ON_MODEL(pf_invalidate),
    [VPCI_EVENT_REST] = ON_MODEL(rest),
    [VPCI_EVENT_OVERRUN] = ABOUT_REQUEST(SILENT(NO_REQUEST), memory),
    [VPCI_EVENT_INPUT_MODIFIED] = ABOUT_REQUEST(SILENT(NO_REQUEST), memory),
    [VPCI_EVENT_LATE_WRITE] = ABOUT_REQUEST(SILENT(NO_REQUEST), memory),
    [VPCI_EVENT_CRASH] = ON_MODEL(end_of_process),
    [VPCI_EVENT_EXIT] = ON_MODEL(end_of_process),
    [VPCI_EVENT_HANG] = ON_MODEL(end_of_process),
};

size_t vpci_model_bytes(void)
{
    return sizeof(struct vpci_model);
}

void vpci_model_init(struct vpci_model *model, const struct vpci_model_options *options)
{
    /* Only what is looked at before it is written: requests, calls and sightings are guarded by used,
     * calls_used and sighting_count, VFs by vf_count, and clearing them all would cost more than judging a
     * short scenario. */
    memset(model, 0, offsetof(struct vpci_model, vfs));
    model->options = *options;
    if (model->options.profile == NULL)
        model->options.profile = &vpci_profiles[0];
    if (model->options.vf_count > VPCI_VFS_MAX)
        model->options.vf_count = VPCI_VFS_MAX;
    for (uint16_t vf = 0; vf < model->options.vf_count; vf++)
        model->vfs[vf] = (struct vpci_vf){ .state = VPCI_VF_NOT_STARTED };
    model->pf_outside = vpci_event_is_visible(VPCI_EVENT_PF_READ, options->role);
    model->last_stimulus = VPCI_BLAME_NOTHING_SENT;
    vpci_blocks_init(model);
}

const struct vpci_requirement_set *vpci_model_exercised(const struct vpci_model *model)
{
    return &model->exercised;
}

static unsigned vf_state(const struct vpci_model *model, const struct vpci_event *event)
{
    return event->vf < model->options.vf_count ? model->vfs[event->vf].state : VPCI_VF_ABSENT;
}

static unsigned request_state(const struct vpci_model *model, const struct vpci_event *event)
{
    if (event->request >= VPCI_REQUESTS_MAX || (model->used >> event->request & 1u) == 0)
        return VPCI_REQUEST_UNUSED;
    return model->requests[event->request].state;
}

static unsigned call_state(const struct vpci_model *model, const struct vpci_event *event)
{
    unsigned state = VPCI_CALL_FREE;
    VPCI_FOR_EACH_BIT(slot, model->calls_used)
    {
        const struct vpci_call *call = &model->calls[slot];
        if (call->number == event->call && state != VPCI_CALL_OPEN)
            state = call->state;
    }
    return state;
}

static unsigned state_of(const struct vpci_model *model, const struct vpci_event *event, enum scope scope)
{
    switch (scope) {
    case SCOPE_VF:
        return vf_state(model, event);
    case SCOPE_REQUEST:
        return request_state(model, event);
    case SCOPE_CALL:
        return call_state(model, event);
    case SCOPE_NONE:
    case SCOPE_MODEL:
        break;
    }
    return 0;
}

/* A second completion right after an answer that nobody waited for is that answer's doing (WD-25). */
static enum vpci_requirement blame_of_cell(const struct vpci_model *model, const struct cell *cell)
{
    if (cell->requirement == VPCI_WD_04 && model->stray_answer)
        return VPCI_WD_25;
    return (enum vpci_requirement)cell->requirement;
}

static void remember_stimulus(struct vpci_model *model, const struct vpci_event *event)
{
    const enum vpci_party sender = vpci_event_info[event->kind].sender;
    const bool after_completion = model->after_completion;
    model->after_completion = event->kind == VPCI_EVENT_IOCTL_COMPLETE;
    if (sender == VPCI_PARTY_KIT || sender == VPCI_PARTY_VSC || sender == VPCI_PARTY_VSP)
        return;
    model->inside_completion = after_completion;
    model->last_stimulus = event->kind;
    model->last_request = (uint8_t)(event->request % VPCI_REQUESTS_MAX);
}

struct vpci_judgement vpci_model_judge(struct vpci_model *model, const struct vpci_event *event)
{
    if (event->data == NULL && event->data_length != 0) { /* bytes that are not there are not looked at */
        struct vpci_event without = *event;
        without.data_length = 0;
        return vpci_model_judge(model, &without);
    }
    static const struct cell missing = { VPCI_RULE_MISSING, 0, NULL, "the model has no rule for this event",
                                         NULL };
    const struct cell *cell = &missing;
    unsigned number = 0;
    if ((unsigned)event->kind < VPCI_EVENT_COUNT) {
        const struct row *row = &rows[event->kind];
        const unsigned state = state_of(model, event, row->scope);
        cell = &row->cells[state];
        number = (unsigned)event->kind * VPCI_MODEL_STATES_MAX + state;
    }
    model->judgement =
        (struct vpci_judgement){ .verdict = cell->verdict, .reason = cell->reason, .allowed = cell->allowed };
    if (cell->verdict == VPCI_VIOLATION) {
        model->judgement.requirement = blame_of_cell(model, cell);
        vpci_exercise(model, model->judgement.requirement);
    } else if (cell->rule != NULL) {
        remember_stimulus(model, event);
        cell->rule(model, event);
    }
    /* Most often nothing was found, and what was just stored in parts is not read back as a whole: a
     * processor waits for that longer than most rules take. */
    if (model->judgement.verdict == cell->verdict && model->judgement.requirement == VPCI_REQUIREMENT_NONE &&
        model->judgement.reason == cell->reason)
        return (struct vpci_judgement){ cell->verdict, VPCI_REQUIREMENT_NONE, cell->reason, cell->allowed,
                                        (uint16_t)number };
    model->judgement.cell = (uint16_t)number;
    return model->judgement;
}

enum vpci_verdict vpci_model_cell(enum vpci_event_kind kind, unsigned state)
{
    return state < VPCI_MODEL_STATES_MAX ? rows[kind].cells[state].verdict : VPCI_RULE_MISSING;
}

unsigned vpci_model_state_count(enum vpci_event_kind kind)
{
    static const unsigned counts[] = {
        [SCOPE_NONE] = 0,
        [SCOPE_VF] = VPCI_VF_STATE_COUNT,
        [SCOPE_REQUEST] = VPCI_REQUEST_STATE_COUNT,
        [SCOPE_CALL] = VPCI_CALL_STATE_COUNT,
        [SCOPE_MODEL] = 1,
    };
    return counts[rows[kind].scope];
}

/* ---- the tools of the rules ---- */

static bool record(struct vpci_model *model, enum vpci_verdict verdict, enum vpci_requirement requirement,
                   const char *reason, const char *allowed)
{
    if (verdict > model->judgement.verdict || model->judgement.requirement == VPCI_REQUIREMENT_NONE)
        model->judgement =
            (struct vpci_judgement){ verdict > model->judgement.verdict ? verdict : model->judgement.verdict,
                                     requirement, reason, allowed, 0 };
    return verdict != VPCI_VIOLATION;
}

bool vpci_hold(struct vpci_model *model, enum vpci_requirement requirement, bool fact, const char *reason,
               const char *allowed)
{
    vpci_exercise(model, requirement);
    return fact || record(model, vpci_requirement_info[requirement].breach, requirement, reason, allowed);
}

bool vpci_tolerate(struct vpci_model *model, enum vpci_choice choice, enum vpci_requirement requirement,
                   bool fact, const char *reason, const char *allowed)
{
    static const enum vpci_verdict verdicts[] = {
        [VPCI_TOLERANCE_WARNING] = VPCI_WARNING,
        [VPCI_TOLERANCE_FREE] = VPCI_NOTE,
        [VPCI_TOLERANCE_VIOLATION] = VPCI_VIOLATION,
    };
    vpci_exercise(model, requirement);
    return fact || record(model, verdicts[vpci_choice(model, choice)], requirement, reason, allowed);
}

void vpci_note(struct vpci_model *model, enum vpci_verdict verdict, enum vpci_requirement requirement,
               const char *reason)
{
    (void)record(model, verdict, requirement, reason, NULL);
}

uint64_t vpci_hash(const uint8_t *bytes, size_t length)
{
    uint64_t hash = 0xCBF29CE484222325u ^ length;
    for (size_t at = 0; at < length; at += sizeof hash) {
        uint64_t word = 0;
        memcpy(&word, bytes + at, length - at < sizeof word ? length - at : sizeof word);
        hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 32;
    }
    return hash;
}
