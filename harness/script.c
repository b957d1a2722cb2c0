/* SPDX-License-Identifier: MIT */
/* harness/script.c - see script.h. */
#include "harness/script.h"

#include <string.h>

#include "harness/allocate.h"
#include "harness/event_field.h"

static const struct vpci_pf_answer plain_answer = { .status = VPCI_STATUS_SUCCESS, .count = UINT32_MAX };

void vpci_script_create(struct vpci_script *script)
{
    script->steps = vpci_need_memory(malloc(VPCI_CASE_STEPS_MAX * sizeof *script->steps));
    script->data = vpci_need_memory(malloc(VPCI_SCRIPT_DATA_BYTES));
    vpci_script_clear(script);
}

void vpci_script_destroy(struct vpci_script *script)
{
    free(script->steps);
    free(script->data);
    *script = (struct vpci_script){ 0 };
}

void vpci_script_clear(struct vpci_script *script)
{
    script->data_used = 0;
    script->test = (struct vpci_case){ .name = "script",
                                       .steps = script->steps,
                                       .vf_count = 1,
                                       .start_automatically = true,
                                       .pf = plain_answer };
}

struct vpci_step *vpci_script_add(struct vpci_script *script)
{
    if (script->test.step_count == VPCI_CASE_STEPS_MAX)
        return NULL;
    struct vpci_step *step = &script->steps[script->test.step_count++];
    memset(step, 0,
           offsetof(struct vpci_step, values)); /* the values are looked at as far as value_count says */
    step->value_count = 0;
    step->requirement = VPCI_REQUIREMENT_NONE;
    step->settle = true;
    step->data_source = VPCI_DATA_GIVEN;
    step->answer = plain_answer;
    return step;
}

const uint8_t *vpci_script_keep(struct vpci_script *script, const void *bytes, size_t length)
{
    if (VPCI_SCRIPT_DATA_BYTES - script->data_used < length)
        return NULL;
    uint8_t *kept = script->data + script->data_used;
    if (length != 0)
        memcpy(kept, bytes, length);
    script->data_used += length;
    return kept;
}

static bool keep_bytes_of(struct vpci_script *script, struct vpci_step *step)
{
    if (step->event.data != NULL)
        step->event.data = vpci_script_keep(script, step->event.data, step->event.data_length);
    const bool kept = step->event.data != NULL || step->event.data_length == 0;
    if (step->answer.given != NULL)
        step->answer.given = vpci_script_keep(script, step->answer.given, step->answer.given_length);
    return kept && (step->answer.given != NULL || step->answer.given_length == 0);
}

bool vpci_script_copy(struct vpci_script *script, const struct vpci_case *test)
{
    vpci_script_clear(script);
    script->test = *test;
    script->test.scenario = NULL;
    script->test.steps = script->steps;
    if (test->step_count > VPCI_CASE_STEPS_MAX)
        return false;
    memcpy(script->steps, test->steps, test->step_count * sizeof *test->steps);
    bool fits = true;
    for (uint32_t i = 0; i < test->step_count && fits; i++)
        fits = keep_bytes_of(script, &script->steps[i]);
    if (fits && test->pf.given != NULL)
        script->test.pf.given = vpci_script_keep(script, test->pf.given, test->pf.given_length);
    return fits && (script->test.pf.given != NULL || test->pf.given_length == 0);
}

/* ---- what an implementation may be sent ---- */

static vpci_capability_set answer_needs(const struct vpci_pf_answer *answer)
{
    return answer->count != UINT32_MAX ? VPCI_CAPABILITY_BIT(PF_COUNT) : 0;
}

static vpci_capability_set step_needs(const struct vpci_step *step, enum vpci_role role)
{
    if (step->kind == VPCI_STEP_ANSWER)
        return answer_needs(&step->answer);
    if (step->kind != VPCI_STEP_EVENT)
        return 0;
    vpci_capability_set needs = vpci_event_needs(&step->event, role);
    if (step->has_inside)
        needs |= VPCI_CAPABILITY_BIT(REENTRANT);
    if (step->event.kind == VPCI_EVENT_PF_WRITE_RETURN && (step->event.fields & VPCI_F(LENGTH)))
        needs |= VPCI_CAPABILITY_BIT(PF_COUNT);
    return needs;
}

/* Whether the kit plays the party that does it. The PF's notification can be asked for where the PF is
 * inside. */
static bool is_ours(const struct vpci_step *step, enum vpci_role role)
{
    const bool pf_is_outside = vpci_event_is_visible(VPCI_EVENT_PF_READ, role);
    if (step->kind == VPCI_STEP_ANSWER)
        return pf_is_outside;
    if (step->kind != VPCI_STEP_EVENT || step->event.kind == VPCI_EVENT_PF_INVALIDATE)
        return true;
    return vpci_event_info[step->event.kind].sender != VPCI_PARTY_PF || pf_is_outside;
}

bool vpci_step_fits(const struct vpci_step *step, enum vpci_role role, vpci_capability_set capabilities)
{
    return is_ours(step, role) && (step_needs(step, role) & ~capabilities) == 0;
}

void vpci_script_fit(struct vpci_script *script, enum vpci_role role, vpci_capability_set capabilities)
{
    struct vpci_case *test = &script->test;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < test->step_count; i++) {
        if (!vpci_step_fits(&script->steps[i], role, capabilities))
            continue;
        if (kept != i)
            script->steps[kept] = script->steps[i];
        kept++;
    }
    test->step_count = kept;
    if (!vpci_event_is_visible(VPCI_EVENT_PF_READ, role)) {
        test->pf_holds = false;
        test->pf = plain_answer;
    }
    if ((answer_needs(&test->pf) & ~capabilities) != 0)
        test->pf.count = UINT32_MAX;
    if ((capabilities & VPCI_CAPABILITY_BIT(START)) == 0)
        test->start_automatically = true;
}

bool vpci_step_expects(const struct vpci_step *step, const struct vpci_event *event)
{
    if (event->kind != step->event.kind)
        return false;
    for (uint32_t i = 0; i < step->value_count; i++) {
        const enum vpci_field field = step->values[i].field;
        bool found = false;
        for (uint32_t j = 0; j < step->value_count; j++)
            found = found || (step->values[j].field == field && (event->fields >> field & 1u) != 0 &&
                              vpci_field_load(event, field) == step->values[j].number);
        if (!found)
            return false;
    }
    return true;
}

/* ---- equality ---- */

static bool equal_bytes(const uint8_t *one, uint32_t one_length, const uint8_t *other, uint32_t other_length)
{
    return one_length == other_length && (one_length == 0 || memcmp(one, other, one_length) == 0);
}

static bool equal_answers(const struct vpci_pf_answer *one, const struct vpci_pf_answer *other)
{
    return one->status == other->status && one->count == other->count && one->data == other->data &&
           equal_bytes(one->given, one->given_length, other->given, other->given_length);
}

/* Members without a bit in fields are not looked at: they mean nothing. */
static bool equal_events(const struct vpci_event *one, const struct vpci_event *other)
{
    if (one->kind != other->kind || one->fields != other->fields)
        return false;
    for (uint32_t left = one->fields & ~(VPCI_F(DATA) | VPCI_F(GUID)); left != 0; left &= left - 1) {
        const enum vpci_field field = (enum vpci_field)__builtin_ctz(left);
        if (vpci_field_load(one, field) != vpci_field_load(other, field))
            return false;
    }
    if ((one->fields & VPCI_F(GUID)) != 0 && memcmp(&one->guid, &other->guid, sizeof one->guid) != 0)
        return false;
    return (one->fields & VPCI_F(DATA)) == 0 || one->data_length == other->data_length;
}

/* What a UNIQUE step carries behind data_from is made by the conductor. Where other bytes came from does not
 * matter. */
static bool equal_data(const struct vpci_step *one, const struct vpci_step *other)
{
    const bool unique = one->data_source == VPCI_DATA_UNIQUE;
    if ((one->event.fields & VPCI_F(DATA)) == 0)
        return true;
    if (unique != (other->data_source == VPCI_DATA_UNIQUE) || (unique && one->data_from != other->data_from))
        return false;
    const uint32_t length =
        unique && one->data_from < one->event.data_length ? one->data_from : one->event.data_length;
    return equal_bytes(one->event.data, length, other->event.data, length);
}

static bool equal_expectations(const struct vpci_step *one, const struct vpci_step *other)
{
    bool equal = one->event.kind == other->event.kind && one->requirement == other->requirement &&
                 one->value_count == other->value_count;
    for (uint32_t i = 0; equal && i < one->value_count; i++)
        equal = one->values[i].field == other->values[i].field &&
                one->values[i].number == other->values[i].number;
    return equal;
}

bool vpci_step_equal(const struct vpci_step *one, const struct vpci_step *other)
{
    if (one->kind != other->kind)
        return false;
    switch (one->kind) {
    case VPCI_STEP_EVENT:
        return one->settle == other->settle && one->has_inside == other->has_inside &&
               (!one->has_inside || one->inside == other->inside) &&
               equal_events(&one->event, &other->event) && equal_data(one, other);
    case VPCI_STEP_ANSWER:
        return one->settle == other->settle && one->which == other->which &&
               (one->which != VPCI_ANSWER_NTH || one->nth == other->nth) &&
               equal_answers(&one->answer, &other->answer);
    case VPCI_STEP_EXPECT:
    case VPCI_STEP_EXPECT_NONE:
        return equal_expectations(one, other);
    }
    return false;
}

bool vpci_case_equal(const struct vpci_case *one, const struct vpci_case *other)
{
    bool equal = one->step_count == other->step_count && one->vf_count == other->vf_count &&
                 one->start_automatically == other->start_automatically && one->pf_holds == other->pf_holds &&
                 equal_answers(&one->pf, &other->pf);
    for (uint32_t i = 0; equal && i < one->step_count; i++)
        equal = vpci_step_equal(&one->steps[i], &other->steps[i]);
    return equal;
}
