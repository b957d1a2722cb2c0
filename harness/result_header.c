/* SPDX-License-Identifier: MIT */
/* harness/result_header.c - from the JSON object of a first line to a header: what was run, against what, and
 * what was disputed and expected beforehand. */
#include <string.h>

#include "harness/json.h"
#include "harness/marks.h"
#include "harness/result_record.h"

typedef struct vpci_record_error record_error;

/* Reads the array "entries" of object: checks its length and takes room for its items. */
static bool read_entries(const cJSON *object, const char *name, uint32_t most, const cJSON **items_out,
                         uint32_t *count_out, record_error *error)
{
    const cJSON *entries = cJSON_IsObject(object) ? vpci_member(object, "entries") : NULL;
    if (!cJSON_IsArray(entries))
        return vpci_record_fail(error, "%s/entries: an array is wanted, not %s", name,
                                vpci_json_type_name(entries));
    const int count = cJSON_GetArraySize(entries);
    if ((uint32_t)count > most)
        return vpci_record_fail(error, "%s/entries: more than %u", name, most);
    for (const cJSON *item = entries->child; item != NULL; item = item->next) {
        if (!cJSON_IsObject(item))
            return vpci_record_fail(error, "%s/entries: an object is wanted, not %s", name,
                                    vpci_json_type_name(item));
    }
    *items_out = entries->child;
    *count_out = (uint32_t)count;
    return true;
}

static bool read_disputed(struct vpci_disputed *entry, const cJSON *item, struct vpci_arena *arena,
                          record_error *error)
{
    static const char *const members[] = { "scenario", "state", "text", "date", NULL };
    int state = 0;
    if (!vpci_members_only(item, members, error) ||
        !vpci_member_keep(item, "scenario", arena, &entry->scenario, error) ||
        !vpci_member_name(item, "state", vpci_dispute_name, VPCI_DISPUTE_COUNT, &state, error) ||
        !vpci_member_keep(item, "text", arena, &entry->text, error) ||
        !vpci_member_date(item, "date", entry->date, error))
        return false;
    entry->dispute = (enum vpci_dispute)state;
    return state != VPCI_DISPUTE_NONE ||
           vpci_record_fail(error, "state: \"\" is none of the names it may be");
}

static bool read_errata(struct vpci_results_header *header, const cJSON *errata, struct vpci_arena *arena,
                        record_error *error)
{
    static const char *const members[] = { "digest", "entries", NULL };
    const cJSON *item = NULL;
    if (!read_entries(errata, "errata", VPCI_DISPUTES_MAX, &item, &header->dispute_count, error) ||
        !vpci_members_only(errata, members, error) ||
        !vpci_member_digest(errata, "digest", false, header->disputes_digest, error))
        return false;
    struct vpci_disputed *entries = vpci_arena_take(arena, header->dispute_count, sizeof *entries);
    header->disputes = entries;
    for (; item != NULL; item = item->next) {
        if (!read_disputed(entries++, item, arena, error))
            return false;
    }
    return true;
}

static bool read_expectation(struct vpci_expectation *entry, const cJSON *item, struct vpci_arena *arena,
                             record_error *error)
{
    static const char *const members[] = { "cases",   "reason",      "owner", "issue", "expires",
                                           "verdict", "requirement", "cause", NULL };
    int verdict = 0;
    entry->cause = "";
    if (!vpci_members_only(item, members, error) ||
        !vpci_member_keep(item, "cases", arena, &entry->cases, error))
        return false;
    if (strlen(entry->cases) > VPCI_PATTERN_BYTES_MAX)
        return vpci_record_fail(error, "expect/entries/cases: longer than %d bytes", VPCI_PATTERN_BYTES_MAX);
    if (!vpci_member_keep(item, "reason", arena, &entry->reason, error) ||
        !vpci_member_keep(item, "owner", arena, &entry->owner, error) ||
        !vpci_member_keep(item, "issue", arena, &entry->issue, error) ||
        !vpci_member_date(item, "expires", entry->expires, error) ||
        !vpci_member_name(item, "verdict", vpci_case_verdict_name, VPCI_CASE_VERDICT_COUNT, &verdict,
                          error) ||
        !vpci_member_keep_optional(item, "cause", arena, &entry->cause, error))
        return false;
    entry->verdict = (enum vpci_case_verdict)verdict;
    const cJSON *requirement = vpci_member(item, "requirement");
    return requirement == NULL ||
           vpci_record_requirement(requirement, "requirement", &entry->requirement, error);
}

static bool read_expect(struct vpci_results_header *header, const cJSON *expect, struct vpci_arena *arena,
                        record_error *error)
{
    static const char *const members[] = { "digest", "date", "entries", NULL };
    const cJSON *item = NULL;
    if (cJSON_IsNull(expect))
        return true;
    if (!read_entries(expect, "expect", VPCI_EXPECTATIONS_MAX, &item, &header->expectation_count, error) ||
        !vpci_members_only(expect, members, error) ||
        !vpci_member_digest(expect, "digest", false, header->expect_digest, error) ||
        !vpci_member_date(expect, "date", header->expect_date, error))
        return false;
    struct vpci_expectation *entries = vpci_arena_take(arena, header->expectation_count, sizeof *entries);
    header->expectations = entries;
    for (; item != NULL; item = item->next) {
        *entries = (struct vpci_expectation){ 0 };
        if (!read_expectation(entries++, item, arena, error))
            return false;
    }
    return true;
}

static bool read_scenarios(struct vpci_results_header *header, const cJSON *object, struct vpci_arena *arena,
                           record_error *error)
{
    if (!cJSON_IsObject(object))
        return vpci_record_fail(error, "scenarios: an object is wanted, not %s", vpci_json_type_name(object));
    header->scenario_count = (uint32_t)cJSON_GetArraySize(object);
    struct vpci_played *played = vpci_arena_take(arena, header->scenario_count, sizeof *played);
    header->scenarios = played;
    for (const cJSON *member = object->child; member != NULL; member = member->next, played++) {
        char excerpt[VPCI_EXCERPT_BYTES];
        if (!cJSON_IsString(member) || !vpci_is_digest(member->valuestring))
            return vpci_record_fail(error, "scenarios/%s: not a SHA-256 of 64 lower-case hexadecimal digits",
                                    vpci_excerpt(excerpt, member->string));
        played->scenario = vpci_arena_keep(arena, member->string);
        memcpy(played->digest, member->valuestring, sizeof played->digest);
    }
    return true;
}

bool vpci_record_header(struct vpci_results_header *header, const cJSON *object, struct vpci_arena *arena,
                        record_error *error)
{
    static const char *const members[] = { "record",
                                           "format",
                                           "kit",
                                           "adapter",
                                           "name",
                                           "version",
                                           "roles",
                                           "capabilities",
                                           "role",
                                           "profile",
                                           "seed",
                                           "cases",
                                           "suite_digest",
                                           "requirements_digest",
                                           "adapter_digest",
                                           "selection",
                                           "model_digest",
                                           "runner_digest",
                                           "profile_digest",
                                           "errata",
                                           "expect",
                                           "scenarios",
                                           NULL };
    const char *roles[VPCI_ROLE_COUNT], *capabilities[VPCI_CAPABILITY_COUNT];
    for (int i = 0; i < VPCI_ROLE_COUNT; i++)
        roles[i] = vpci_role_info[i].name;
    for (int i = 0; i < VPCI_CAPABILITY_COUNT; i++)
        capabilities[i] = vpci_capability_info[i].name;

    uint64_t format = 0;
    if (!vpci_member_integer(object, "format", UINT32_MAX, &format, error))
        return false;
    if (format != VPCI_RESULTS_FORMAT)
        return vpci_record_fail(error, "format: %u is wanted, this file has %u", VPCI_RESULTS_FORMAT,
                                (unsigned)format);
    int role = 0;
    if (!vpci_members_only(object, members, error) ||
        !vpci_member_text(object, "kit", header->kit_version, sizeof header->kit_version, error) ||
        !vpci_member_text(object, "adapter", header->adapter, sizeof header->adapter, error) ||
        !vpci_member_text(object, "name", header->pics.name, sizeof header->pics.name, error) ||
        !vpci_member_text(object, "version", header->pics.version, sizeof header->pics.version, error) ||
        !vpci_member_name_set(object, "roles", roles, VPCI_ROLE_COUNT, &header->pics.roles, error) ||
        !vpci_member_name_set(object, "capabilities", capabilities, VPCI_CAPABILITY_COUNT,
                              &header->pics.capabilities, error) ||
        !vpci_member_name(object, "role", roles, VPCI_ROLE_COUNT, &role, error) ||
        !vpci_member_text(object, "profile", header->profile, sizeof header->profile, error) ||
        !vpci_member_integer(object, "seed", UINT64_MAX, &header->seed, error) ||
        !vpci_member_count(object, "cases", &header->case_count, error))
        return false;
    header->role = (enum vpci_role)role;
    return vpci_member_digest(object, "suite_digest", false, header->suite_digest, error) &&
           vpci_member_digest(object, "requirements_digest", false, header->requirements_digest, error) &&
           vpci_member_digest(object, "adapter_digest", true, header->adapter_digest, error) &&
           vpci_member_text(object, "selection", header->selection, sizeof header->selection, error) &&
           vpci_member_digest(object, "model_digest", false, header->model_digest, error) &&
           vpci_member_digest(object, "runner_digest", false, header->runner_digest, error) &&
           vpci_member_digest(object, "profile_digest", false, header->profile_digest, error) &&
           read_errata(header, vpci_member(object, "errata"), arena, error) &&
           read_expect(header, vpci_member(object, "expect"), arena, error) &&
           read_scenarios(header, vpci_member(object, "scenarios"), arena, error);
}
