/* SPDX-License-Identifier: MIT */
/* harness/scenario_load.c - the members of a scenario's text, and the check of every case that they make. */
#include <stdio.h>
#include <string.h>

#include "harness/json.h"
#include "harness/scenario_internal.h"

static const struct scenario_form vfs_form = { .kind = SCENARIO_FORM_NUMBER,
                                               .minimum = 1,
                                               .maximum = VPCI_VFS_MAX };
static const struct scenario_word start_words[] = { { "automatic", 1 }, { "manual", 0 }, { NULL, 0 } };
static const struct scenario_form start_form = { .kind = SCENARIO_FORM_WORD, .words = start_words };
static const struct scenario_word holds_words[] = { { "auto", 0 }, { "hold", 1 }, { NULL, 0 } };
static const struct scenario_form holds_form = { .kind = SCENARIO_FORM_WORD, .words = holds_words };

static uint64_t requirement_number(const char *id)
{
    return vpci_requirement_from_id(id);
}

static uint64_t role_number(const char *name)
{
    for (uint64_t role = 0; role < VPCI_ROLE_COUNT; role++) {
        if (strcmp(vpci_role_info[role].name, name) == 0)
            return role + 1;
    }
    return 0;
}

static uint64_t capability_number(const char *name)
{
    for (uint64_t capability = 0; capability < VPCI_CAPABILITY_COUNT; capability++) {
        if (strcmp(vpci_capability_info[capability].name, name) == 0)
            return capability + 1;
    }
    return 0;
}

/* A list of names: how a name becomes a number, 0 when it is unknown, and where the number goes. */
struct name_list {
    const char *member, *what;
    bool may_be_empty;
    uint64_t (*number)(const char *name);
};

/* Sets the bit of every name's number. */
static bool read_names(struct scenario_loader *loader, const cJSON *json, const struct name_list *list,
                       struct vpci_requirement_set *set)
{
    const size_t outer = scenario_enter(loader, list->member);
    if (!cJSON_IsArray(json))
        return scenario_refuse(loader, "a list is wanted, not %s", vpci_json_type_name(json));
    if (json->child == NULL && !list->may_be_empty)
        return scenario_refuse(loader, "an empty list");
    uint32_t index = 0;
    for (const cJSON *value = json->child; value != NULL; value = value->next) {
        const size_t inner = scenario_enter_index(loader, index++);
        if (!cJSON_IsString(value))
            return scenario_refuse(loader, "a string is wanted, not %s", vpci_json_type_name(value));
        char excerpt[VPCI_EXCERPT_BYTES];
        const uint64_t number = list->number(value->valuestring);
        if (number == 0)
            return scenario_refuse(loader, "there is no %s \"%s\"", list->what,
                                   vpci_excerpt(excerpt, value->valuestring));
        if (vpci_requirement_has(set, (enum vpci_requirement)number))
            return scenario_refuse(loader, "\"%s\" is given twice", value->valuestring);
        vpci_requirement_add(set, (enum vpci_requirement)number);
        scenario_leave(loader, inner);
    }
    scenario_leave(loader, outer);
    return true;
}

/* The capability that is tried where it is not claimed, if the scenario is such a probe. */
static bool read_refuses(struct scenario_loader *loader, const cJSON *root, struct vpci_scenario *scenario)
{
    const cJSON *refuses = cJSON_GetObjectItemCaseSensitive(root, "refuses");
    char excerpt[VPCI_EXCERPT_BYTES];
    if (refuses == NULL)
        return true;
    if (!cJSON_IsString(refuses))
        return scenario_refuse_at(loader, "refuses", "a string is wanted, not %s",
                                  vpci_json_type_name(refuses));
    const uint64_t number = capability_number(refuses->valuestring);
    if (number == 0)
        return scenario_refuse_at(loader, "refuses", "there is no capability \"%s\"",
                                  vpci_excerpt(excerpt, refuses->valuestring));
    scenario->refuses = (vpci_capability_set)1 << (number - 1);
    return true;
}

static bool read_sets(struct scenario_loader *loader, const cJSON *root, struct vpci_scenario *scenario)
{
    static const struct name_list requirements = { "requirements", "requirement", false, requirement_number };
    static const struct name_list roles = { "roles", "role", false, role_number };
    static const struct name_list capabilities = { "capabilities", "capability", true, capability_number };
    struct vpci_requirement_set role_set = { { 0 } }, capability_set = { { 0 } };
    const cJSON *given_roles = cJSON_GetObjectItemCaseSensitive(root, roles.member);
    const cJSON *given_capabilities = cJSON_GetObjectItemCaseSensitive(root, capabilities.member);
    const cJSON *given_requirements = cJSON_GetObjectItemCaseSensitive(root, requirements.member);
    if (!read_refuses(loader, root, scenario))
        return false;
    if (scenario->refuses != 0 && given_requirements != NULL)
        return scenario_refuse_at(loader, requirements.member, "what is not claimed exercises none");
    if (scenario->refuses == 0 && given_requirements == NULL)
        return scenario_refuse_at(loader, requirements.member, "missing");
    if (given_requirements != NULL &&
        !read_names(loader, given_requirements, &requirements, &scenario->requirements))
        return false;
    if (given_roles != NULL && !read_names(loader, given_roles, &roles, &role_set))
        return false;
    if (given_capabilities != NULL && !read_names(loader, given_capabilities, &capabilities, &capability_set))
        return false;
    scenario->roles = given_roles == NULL ? 1u << VPCI_ROLE_BUS : (uint32_t)(role_set.words[0] >> 1);
    scenario->capabilities = (vpci_capability_set)(capability_set.words[0] >> 1);
    return true;
}

static bool read_purpose(struct scenario_loader *loader, const cJSON *root, struct vpci_scenario *scenario)
{
    const cJSON *purpose = cJSON_GetObjectItemCaseSensitive(root, "purpose");
    if (purpose == NULL)
        return scenario_refuse_at(loader, "purpose", "missing");
    if (!cJSON_IsString(purpose) || purpose->valuestring[strspn(purpose->valuestring, " \t\r\n")] == '\0')
        return scenario_refuse_at(loader, "purpose", "a sentence is wanted");
    scenario->purpose = vpci_arena_copy(loader->arena, purpose->valuestring, strlen(purpose->valuestring));
    return true;
}

/* Goes into an object member that may be absent; false and *object_out NULL when it is, or true. */
static bool read_object(struct scenario_loader *loader, const cJSON *root, const char *member,
                        const char *const *members, const cJSON **object_out)
{
    *object_out = cJSON_GetObjectItemCaseSensitive(root, member);
    if (*object_out == NULL)
        return true;
    scenario_enter(loader, member);
    if (!cJSON_IsObject(*object_out))
        return scenario_refuse(loader, "an object is wanted, not %s", vpci_json_type_name(*object_out));
    return scenario_only_members(loader, *object_out, members);
}

static bool read_device(struct scenario_loader *loader, const cJSON *root, struct vpci_scenario *scenario)
{
    static const char *const device_members[] = { "vfs", NULL };
    static const char *const pf_members[] = { "answer", "status", "count", "data", NULL };
    const cJSON *device, *pf;
    if (!scenario_read_member(loader, root, "start", &start_form, &scenario->start) ||
        !read_object(loader, root, "device", device_members, &device))
        return false;
    if (device != NULL && !scenario_read_member(loader, device, "vfs", &vfs_form, &scenario->vfs))
        return false;
    scenario_leave(loader, 0);
    if (!read_object(loader, root, "pf", pf_members, &pf))
        return false;
    if (pf != NULL &&
        (!scenario_read_member(loader, pf, "answer", &holds_form, &scenario->holds) ||
         !scenario_read_member(loader, pf, "status", &scenario_status_form, &scenario->pf.status) ||
         !scenario_read_member(loader, pf, "count", &scenario_count_form, &scenario->pf.count) ||
         !scenario_read_member(loader, pf, "data", &scenario_bytes_form, &scenario->pf.data)))
        return false;
    scenario_leave(loader, 0);
    return true;
}

static bool is_about_callbacks(const struct scenario_step *step)
{
    return step->kind == VPCI_STEP_ANSWER ||
           (vpci_event_info[step->event_kind].interface == VPCI_INTERFACE_PF &&
            step->event_kind != VPCI_EVENT_PF_INVALIDATE);
}

/* An implementation with the PF inside has no callbacks that the kit could answer or see. */
static bool check_roles(struct scenario_loader *loader, const cJSON *root,
                        const struct vpci_scenario *scenario)
{
    const char *role = NULL;
    for (int i = 0; i < VPCI_ROLE_COUNT; i++) {
        if ((scenario->roles >> i & 1u) && (vpci_role_info[i].parties & VPCI_PARTY_BIT(PF)))
            role = vpci_role_info[i].name;
    }
    if (role == NULL)
        return true;
    if (cJSON_GetObjectItemCaseSensitive(root, "pf") != NULL)
        return scenario_refuse_at(loader, "pf", "the PF is inside an implementation of role %s", role);
    for (uint32_t i = 0; i < scenario->group_count; i++) {
        for (uint32_t k = 0; k < scenario->groups[i].step_count; k++) {
            const struct scenario_step *step = &scenario->groups[i].steps[k];
            if (!is_about_callbacks(step))
                continue;
            snprintf(loader->pointer, sizeof loader->pointer, "%s", step->pointer);
            return scenario_refuse(loader, "the PF is inside an implementation of role %s", role);
        }
    }
    return true;
}

/* A probe has to try what it is about, and nothing but the answer to that decides it. */
static bool check_probe(struct scenario_loader *loader, const struct vpci_scenario *scenario,
                        const struct vpci_case *made)
{
    uint32_t trying = 0; /* roles in which a step needs it */
    if (scenario->refuses == 0)
        return true;
    for (uint32_t i = 0; i < made->step_count; i++) {
        const struct vpci_step *step = &made->steps[i];
        if (step->kind == VPCI_STEP_EXPECT || step->kind == VPCI_STEP_EXPECT_NONE)
            return scenario_refuse_at(loader, "refuses", "a step expects something else");
        for (int role = 0; step->kind == VPCI_STEP_EVENT && role < VPCI_ROLE_COUNT; role++)
            trying |= (vpci_event_needs(&step->event, (enum vpci_role)role) & scenario->refuses) != 0
                          ? 1u << role
                          : 0;
    }
    return (scenario->roles & ~trying) == 0 || scenario_refuse_at(loader, "refuses", "no step needs it");
}

/* Makes every case once, to find values that do not go together. */
static bool check_cases(struct scenario_loader *loader, const struct vpci_scenario *scenario)
{
    struct vpci_case_scratch scratch = { 0 };
    struct scenario_complaint complaint;
    struct vpci_case made;
    uint64_t steps = 0;
    bool fine = true;
    for (uint32_t i = 0; fine && i < scenario->plan.row_count; i++) {
        fine = scenario_make_case(scenario, i, &scratch, &made, &complaint);
        if (!fine) {
            snprintf(loader->pointer, sizeof loader->pointer, "%s", complaint.pointer);
            const char *parameters = made.name + strlen(scenario->name); /* "[length=5]" */
            if (complaint.member[0] == '\0')
                scenario_refuse(loader, "%s%s%.80s", complaint.reason, parameters[0] == '\0' ? "" : " with ",
                                parameters);
            else
                scenario_refuse_at(loader, complaint.member, "%s%s%.80s", complaint.reason,
                                   parameters[0] == '\0' ? "" : " with ", parameters);
        }
        steps += made.step_count;
        if (fine && steps > SCENARIO_STEPS_MAX)
            fine = scenario_refuse_at(loader, "steps", "more than %d steps in all cases together",
                                      SCENARIO_STEPS_MAX);
        fine = fine && check_probe(loader, scenario, &made);
    }
    vpci_case_scratch_free(&scratch);
    return fine;
}

static bool read_root(struct scenario_loader *loader, const cJSON *root, struct vpci_scenario *scenario)
{
    static const char *const members[] = { "purpose", "requirements", "roles", "capabilities", "refuses",
                                           "device",  "pf",           "start", "vary",         "cover",
                                           "steps",   "finding",      NULL };
    if (!cJSON_IsObject(root))
        return scenario_refuse(loader, "an object is wanted, not %s", vpci_json_type_name(root));
    return scenario_only_members(loader, root, members) && read_purpose(loader, root, scenario) &&
           read_sets(loader, root, scenario) &&
           scenario_read_finding(loader, cJSON_GetObjectItemCaseSensitive(root, "finding"), scenario) &&
           scenario_read_vary(loader, cJSON_GetObjectItemCaseSensitive(root, "vary")) &&
           read_device(loader, root, scenario) &&
           scenario_read_steps(loader, cJSON_GetObjectItemCaseSensitive(root, "steps"), scenario) &&
           check_roles(loader, root, scenario) && scenario_all_used(loader) &&
           scenario_make_plan(loader, cJSON_GetObjectItemCaseSensitive(root, "cover"), scenario) &&
           check_cases(loader, scenario);
}

struct vpci_scenario *scenario_load(struct vpci_arena *arena, const char *file, const char *name,
                                    const char *bytes, size_t length, char error[VPCI_ERROR_BYTES])
{
    struct scenario_loader loader = { .arena = arena, .file = file, .error = error };
    struct vpci_scenario *scenario = vpci_arena_take(arena, 1, sizeof *scenario);
    scenario->name = vpci_arena_copy(arena, name, strlen(name));
    scenario->text = vpci_arena_copy(arena, bytes, length);
    vpci_digest_of_bytes(bytes, length, scenario->digest);
    char reason[SCENARIO_REASON_BYTES];
    cJSON *root = vpci_json_parse(bytes, length, reason, sizeof reason);
    if (root == NULL) {
        scenario_refuse(&loader, "%s", reason);
        return NULL;
    }
    const bool fine = read_root(&loader, root, scenario);
    cJSON_Delete(root);
    if (!fine) {
        scenario_free(scenario);
        return NULL;
    }
    return scenario;
}

void scenario_free(struct vpci_scenario *scenario)
{
    vpci_covering_free(&scenario->plan);
}
