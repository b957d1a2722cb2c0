/* SPDX-License-Identifier: MIT */
/* harness/scenario_steps.c - the steps of a scenario's text, compiled to settings. What members a step may
 * have follows from the tables of models/event.h and the table of stimuli below. */
#include <string.h>

#include "harness/event_field.h"
#include "harness/json.h"
#include "harness/scenario_internal.h"

const struct scenario_form scenario_status_form = { .kind = SCENARIO_FORM_FIELD, .field = VPCI_FIELD_STATUS };
const struct scenario_form scenario_count_form = { .kind = SCENARIO_FORM_NUMBER, .maximum = UINT32_MAX };
const struct scenario_form scenario_bytes_form = { .kind = SCENARIO_FORM_BYTES };
static const struct scenario_form bool_form = { .kind = SCENARIO_FORM_BOOL };
static const struct scenario_form inside_form = { .kind = SCENARIO_FORM_NUMBER,
                                                  .maximum = VPCI_REQUESTS_MAX - 1 };
static const struct scenario_form times_form = { .kind = SCENARIO_FORM_NUMBER,
                                                 .minimum = 1,
                                                 .maximum = VPCI_CASE_STEPS_MAX };
static const struct scenario_word which_words[] = {
    { "oldest", 0 }, { "newest", SCENARIO_WHICH_NEWEST }, { "all", SCENARIO_WHICH_ALL }, { NULL, 0 }
};
static const struct scenario_form which_form = { .kind = SCENARIO_FORM_NUMBER,
                                                 .maximum = VPCI_CALLS_MAX - 1,
                                                 .words = which_words };

/* The events that the kit sends, and how a step may differ from the event: fields that it may leave out
 * because the kit knows them, and members that only a step has, from which the kit makes the data. */
struct stimulus {
    enum vpci_event_kind kind;
    uint32_t may_lack; /* required fields with a default */
    uint32_t more;     /* fields that the event itself does not have */
};
static const struct stimulus stimuli[] = {
    { VPCI_EVENT_START, VPCI_F(VF), 0 },
    { VPCI_EVENT_REMOVE, VPCI_F(VF), 0 },
    { VPCI_EVENT_RESET, VPCI_F(VF), 0 },
    { VPCI_EVENT_LOW_RESOURCES, VPCI_F(VF), 0 },
    { VPCI_EVENT_QUERY_INTERFACE,
      VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(GUID) | VPCI_F(SIZE) | VPCI_F(VERSION), 0 },
    { VPCI_EVENT_REFERENCE, VPCI_F(VF), 0 },
    { VPCI_EVENT_DEREFERENCE, VPCI_F(VF), 0 },
    { VPCI_EVENT_READ, VPCI_F(VF) | VPCI_F(REQUEST), 0 },
    { VPCI_EVENT_WRITE, VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(DATA), 0 },
    { VPCI_EVENT_IOCTL,
      VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(INPUT_LENGTH) | VPCI_F(OUTPUT_LENGTH) | VPCI_F(DATA),
      VPCI_F(BLOCK) | VPCI_F(LENGTH) },
    { VPCI_EVENT_CANCEL, 0, 0 },
    { VPCI_EVENT_INPUT_CHANGE, 0, VPCI_F(LENGTH) },
    { VPCI_EVENT_PF_INVALIDATE, VPCI_F(VF), 0 },
    { VPCI_EVENT_PF_READ_RETURN, 0, VPCI_F(LENGTH) },
    { VPCI_EVENT_PF_WRITE_RETURN, 0, 0 },
};

static const struct stimulus *stimulus_of(enum vpci_event_kind kind)
{
    for (size_t i = 0; i < sizeof stimuli / sizeof stimuli[0]; i++) {
        if (stimuli[i].kind == kind)
            return &stimuli[i];
    }
    return NULL;
}

bool scenario_only_members(struct scenario_loader *loader, const cJSON *object, const char *const *names)
{
    for (const cJSON *member = object->child; member != NULL; member = member->next) {
        const char *const *name = names;
        while (*name != NULL && strcmp(*name, member->string) != 0)
            name++;
        if (*name == NULL)
            return scenario_refuse_at(loader, member->string, "there is no such member");
    }
    return true;
}

bool scenario_read_member(struct scenario_loader *loader, const cJSON *object, const char *name,
                          const struct scenario_form *form, struct scenario_source *source)
{
    const cJSON *json = cJSON_GetObjectItemCaseSensitive(object, name);
    if (json == NULL)
        return true;
    const size_t length = scenario_enter(loader, name);
    if (!scenario_read_source(loader, form, json, source))
        return false;
    scenario_leave(loader, length);
    return true;
}

static struct scenario_setting *add_setting(struct scenario_step *step, uint32_t target)
{
    struct scenario_setting *setting = &step->settings[step->setting_count++];
    setting->target = target;
    return setting;
}

/* Adds a setting for member `name` when the step has it. */
static bool add_member(struct scenario_loader *loader, struct scenario_step *step, const cJSON *json,
                       const char *name, const struct scenario_form *form, uint32_t target)
{
    if (cJSON_GetObjectItemCaseSensitive(json, name) == NULL)
        return true;
    return scenario_read_member(loader, json, name, form, &add_setting(step, target)->source);
}

/* Reads "event" of a step or of what an expect looks for. */
static bool read_kind(struct scenario_loader *loader, const cJSON *json, enum vpci_event_kind *kind_out)
{
    char excerpt[VPCI_EXCERPT_BYTES];
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(json, "event");
    if (value == NULL)
        return scenario_refuse_at(loader, "event", "missing");
    if (!cJSON_IsString(value))
        return scenario_refuse_at(loader, "event", "the name of an event is wanted, not %s",
                                  vpci_json_type_name(value));
    if (value->valuestring[0] == '$')
        return scenario_refuse_at(loader, "event", "a parameter cannot stand for the name of an event");
    return vpci_event_kind_from_name(value->valuestring, kind_out) ||
           scenario_refuse_at(loader, "event", "there is no event \"%s\"",
                              vpci_excerpt(excerpt, value->valuestring));
}

static bool add_event_member(struct scenario_loader *loader, struct scenario_step *step, uint32_t fields,
                             const cJSON *member)
{
    const enum vpci_field field = vpci_field_from_name(fields, member->string);
    if (field != VPCI_FIELD_COUNT) {
        const struct scenario_form form = { .kind = field == VPCI_FIELD_DATA ? SCENARIO_FORM_BYTES
                                                                             : SCENARIO_FORM_FIELD,
                                            .field = field };
        return scenario_read_source(loader, &form, member, &add_setting(step, field)->source);
    }
    if (strcmp(member->string, "event") == 0)
        return true;
    if (strcmp(member->string, "settle") == 0)
        return scenario_read_source(loader, &bool_form, member, &add_setting(step, SCENARIO_SETTLE)->source);
    if (strcmp(member->string, "inside") == 0)
        return scenario_read_source(loader, &inside_form, member,
                                    &add_setting(step, SCENARIO_INSIDE)->source);
    if (step->event_kind == VPCI_EVENT_IOCTL && strcmp(member->string, "payload") == 0)
        return scenario_read_source(loader, &scenario_bytes_form, member,
                                    &add_setting(step, SCENARIO_PAYLOAD)->source);
    return scenario_refuse(loader, "%s has no such member", vpci_event_info[step->event_kind].name);
}

static bool read_event(struct scenario_loader *loader, const cJSON *json, struct scenario_step *step)
{
    step->kind = VPCI_STEP_EVENT;
    if (!read_kind(loader, json, &step->event_kind))
        return false;
    const struct vpci_event_info *info = &vpci_event_info[step->event_kind];
    const struct stimulus *stimulus = stimulus_of(step->event_kind);
    if (stimulus == NULL)
        return scenario_refuse_at(loader, "event", "%s is not an event that the kit sends", info->name);
    const uint32_t fields = info->required | info->optional | stimulus->more;
    for (const cJSON *member = json->child; member != NULL; member = member->next) {
        const size_t length = scenario_enter(loader, member->string);
        if (!add_event_member(loader, step, fields, member))
            return false;
        scenario_leave(loader, length);
    }
    uint32_t missing = info->required & ~stimulus->may_lack;
    for (uint32_t i = 0; i < step->setting_count; i++) {
        if (step->settings[i].target < VPCI_FIELD_COUNT)
            missing &= ~(1u << step->settings[i].target);
    }
    return missing == 0 ||
           scenario_refuse_at(loader, vpci_field_info[__builtin_ctz(missing)].name, "missing");
}

static bool read_answer(struct scenario_loader *loader, const cJSON *json, struct scenario_step *step)
{
    static const char *const members[] = { "answer", "status", "count", "data", "settle", NULL };
    step->kind = VPCI_STEP_ANSWER;
    return scenario_only_members(loader, json, members) &&
           add_member(loader, step, json, "answer", &which_form, SCENARIO_WHICH) &&
           add_member(loader, step, json, "status", &scenario_status_form, SCENARIO_ANSWER_STATUS) &&
           add_member(loader, step, json, "count", &scenario_count_form, SCENARIO_ANSWER_COUNT) &&
           add_member(loader, step, json, "data", &scenario_bytes_form, SCENARIO_ANSWER_DATA) &&
           add_member(loader, step, json, "settle", &bool_form, SCENARIO_SETTLE);
}

static bool add_expected(struct scenario_loader *loader, struct scenario_step *step, enum vpci_field field,
                         const cJSON *json)
{
    const struct scenario_form form = { .kind = SCENARIO_FORM_FIELD, .field = field };
    if (step->setting_count == VPCI_EXPECT_VALUES_MAX)
        return scenario_refuse(loader, "more than %d values to expect", VPCI_EXPECT_VALUES_MAX);
    struct scenario_setting *setting = add_setting(step, SCENARIO_EXPECTED);
    setting->field = field;
    return scenario_read_source(loader, &form, json, &setting->source);
}

/* A field of an expected event: one value or a list of them. */
static bool read_expected_field(struct scenario_loader *loader, struct scenario_step *step,
                                const cJSON *member)
{
    const struct vpci_event_info *info = &vpci_event_info[step->event_kind];
    const enum vpci_field field = vpci_field_from_name(info->required | info->optional, member->string);
    if (field == VPCI_FIELD_COUNT)
        return scenario_refuse(loader, "%s has no such member", info->name);
    if (field == VPCI_FIELD_DATA || field == VPCI_FIELD_GUID)
        return scenario_refuse(loader, "only numbers, names and true or false can be expected");
    if (!cJSON_IsArray(member))
        return add_expected(loader, step, field, member);
    if (member->child == NULL)
        return scenario_refuse(loader, "an empty list");
    uint32_t index = 0;
    for (const cJSON *value = member->child; value != NULL; value = value->next) {
        const size_t length = scenario_enter_index(loader, index++);
        if (!add_expected(loader, step, field, value))
            return false;
        scenario_leave(loader, length);
    }
    return true;
}

static bool read_requirement(struct scenario_loader *loader, const cJSON *json, struct scenario_step *step)
{
    char excerpt[VPCI_EXCERPT_BYTES];
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(json, "requirement");
    if (!cJSON_IsString(value))
        return scenario_refuse_at(loader, "requirement",
                                  value == NULL ? "missing" : "the id of a requirement is wanted");
    step->requirement = vpci_requirement_from_id(value->valuestring);
    return step->requirement != VPCI_REQUIREMENT_NONE ||
           scenario_refuse_at(loader, "requirement", "there is no requirement \"%s\"",
                              vpci_excerpt(excerpt, value->valuestring));
}

static bool read_expect_as(struct scenario_loader *loader, const cJSON *json, struct scenario_step *step,
                           const char *name)
{
    const char *const members[] = { name, "requirement", NULL };
    if (!scenario_only_members(loader, json, members) || !read_requirement(loader, json, step))
        return false;
    const cJSON *wanted = cJSON_GetObjectItemCaseSensitive(json, name);
    const size_t outer = scenario_enter(loader, name);
    if (!cJSON_IsObject(wanted))
        return scenario_refuse(loader, "an object is wanted, not %s", vpci_json_type_name(wanted));
    if (!read_kind(loader, wanted, &step->event_kind))
        return false;
    for (const cJSON *member = wanted->child; member != NULL; member = member->next) {
        const size_t inner = scenario_enter(loader, member->string);
        if (strcmp(member->string, "event") != 0 && !read_expected_field(loader, step, member))
            return false;
        scenario_leave(loader, inner);
    }
    scenario_leave(loader, outer);
    return true;
}

static bool read_expect(struct scenario_loader *loader, const cJSON *json, struct scenario_step *step)
{
    step->kind = VPCI_STEP_EXPECT;
    return read_expect_as(loader, json, step, "expect");
}

static bool read_expect_none(struct scenario_loader *loader, const cJSON *json, struct scenario_step *step)
{
    step->kind = VPCI_STEP_EXPECT_NONE;
    return read_expect_as(loader, json, step, "expect_none");
}

/* What a step is follows from the one of these members that it has. */
static const struct {
    const char *member;
    bool (*read)(struct scenario_loader *loader, const cJSON *json,
                 struct scenario_step *step); /* NULL: repeat */
} step_sorts[] = {
    { "event", read_event },   { "answer", read_answer },
    { "expect", read_expect }, { "expect_none", read_expect_none },
    { "repeat", NULL },
};
enum { STEP_SORT_COUNT = sizeof step_sorts / sizeof step_sorts[0] };

/* Index into step_sorts; STEP_SORT_COUNT when the step is none or several of them, with the error told. */
static size_t sort_of_step(struct scenario_loader *loader, const cJSON *json)
{
    size_t sort = STEP_SORT_COUNT;
    if (!cJSON_IsObject(json)) {
        scenario_refuse(loader, "a step is an object, not %s", vpci_json_type_name(json));
        return STEP_SORT_COUNT;
    }
    for (size_t i = 0; i < STEP_SORT_COUNT; i++) {
        if (cJSON_GetObjectItemCaseSensitive(json, step_sorts[i].member) == NULL)
            continue;
        if (sort != STEP_SORT_COUNT) {
            scenario_refuse(loader, "a step is not both \"%s\" and \"%s\"", step_sorts[sort].member,
                            step_sorts[i].member);
            return STEP_SORT_COUNT;
        }
        sort = i;
    }
    if (sort == STEP_SORT_COUNT)
        scenario_refuse(
            loader, "a step has one of \"event\", \"answer\", \"expect\", \"expect_none\" and \"repeat\"");
    return sort;
}

static bool read_step(struct scenario_loader *loader, const cJSON *json, size_t sort,
                      struct scenario_step *step)
{
    enum { SETTINGS_MAX = 2 * VPCI_FIELD_COUNT };
    struct scenario_setting settings[SETTINGS_MAX] = { 0 };
    step->pointer = vpci_arena_copy(loader->arena, loader->pointer, strlen(loader->pointer));
    step->settings = settings;
    if (!step_sorts[sort].read(loader, json, step))
        return false;
    step->settings = vpci_arena_take(loader->arena, step->setting_count, sizeof *settings);
    memcpy(step->settings, settings, step->setting_count * sizeof *settings);
    return true;
}

static uint32_t count_steps(struct scenario_loader *loader, const cJSON *steps)
{
    if (!cJSON_IsArray(steps)) {
        scenario_refuse(loader, "a list of steps is wanted, not %s", vpci_json_type_name(steps));
        return 0;
    }
    const uint32_t count = (uint32_t)cJSON_GetArraySize(steps);
    if (count == 0)
        scenario_refuse(loader, "an empty list");
    if (count > VPCI_CASE_STEPS_MAX)
        scenario_refuse(loader, "more than %d steps", VPCI_CASE_STEPS_MAX);
    return count > VPCI_CASE_STEPS_MAX ? 0 : count;
}

static bool read_repeat(struct scenario_loader *loader, const cJSON *json, struct scenario_group *group)
{
    static const char *const members[] = { "repeat", "steps", NULL };
    if (!scenario_only_members(loader, json, members) ||
        !scenario_read_member(loader, json, "repeat", &times_form, &group->times))
        return false;
    const cJSON *steps = cJSON_GetObjectItemCaseSensitive(json, "steps");
    const size_t outer = scenario_enter(loader, "steps");
    group->step_count = count_steps(loader, steps);
    if (group->step_count == 0)
        return false;
    group->steps = vpci_arena_take(loader->arena, group->step_count, sizeof *group->steps);
    uint32_t index = 0;
    for (const cJSON *step = steps->child; step != NULL; step = step->next, index++) {
        const size_t inner = scenario_enter_index(loader, index);
        const size_t sort = sort_of_step(loader, step);
        if (sort == STEP_SORT_COUNT)
            return false;
        if (step_sorts[sort].read == NULL)
            return scenario_refuse(loader, "a repeat inside a repeat");
        if (!read_step(loader, step, sort, &group->steps[index]))
            return false;
        scenario_leave(loader, inner);
    }
    scenario_leave(loader, outer);
    return true;
}

static bool read_group(struct scenario_loader *loader, const cJSON *json, struct scenario_group *group)
{
    const size_t sort = sort_of_step(loader, json);
    if (sort == STEP_SORT_COUNT)
        return false;
    group->pointer = vpci_arena_copy(loader->arena, loader->pointer, strlen(loader->pointer));
    if (step_sorts[sort].read == NULL)
        return read_repeat(loader, json, group);
    group->step_count = 1;
    group->steps = vpci_arena_take(loader->arena, 1, sizeof *group->steps);
    return read_step(loader, json, sort, group->steps);
}

bool scenario_read_steps(struct scenario_loader *loader, const cJSON *steps, struct vpci_scenario *scenario)
{
    const size_t outer = scenario_enter(loader, "steps");
    if (steps == NULL)
        return scenario_refuse(loader, "missing");
    scenario->group_count = count_steps(loader, steps);
    if (scenario->group_count == 0)
        return false;
    scenario->groups = vpci_arena_take(loader->arena, scenario->group_count, sizeof *scenario->groups);
    uint32_t index = 0;
    for (const cJSON *step = steps->child; step != NULL; step = step->next, index++) {
        const size_t inner = scenario_enter_index(loader, index);
        if (!read_group(loader, step, &scenario->groups[index]))
            return false;
        scenario_leave(loader, inner);
    }
    scenario_leave(loader, outer);
    return true;
}
