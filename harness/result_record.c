/* SPDX-License-Identifier: MIT */
/* harness/result_record.c - from the JSON object of one line to a record. Strict: a member too many, missing,
 * of a wrong type or out of range makes the line invalid, because a results file is evidence and not a
 * suggestion. */
#include "harness/result_record.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/event_json.h"
#include "harness/json.h"

typedef struct vpci_record_error record_error;

static bool fail(record_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool fail(record_error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->reason, sizeof error->reason, format, arguments);
    va_end(arguments);
    return false;
}

/* Every member of object is one of names, a NULL-terminated list. */
static bool only_members(const cJSON *object, const char *const *names, record_error *error)
{
    for (const cJSON *member = object->child; member != NULL; member = member->next) {
        size_t i = 0;
        while (names[i] != NULL && strcmp(names[i], member->string) != 0)
            i++;
        char excerpt[VPCI_EXCERPT_BYTES];
        if (names[i] == NULL)
            return fail(error, "\"%s\" is not a member of this record",
                        vpci_excerpt(excerpt, member->string));
    }
    return true;
}

static const cJSON *member_of(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static bool read_string(const cJSON *object, const char *name, const char **string_out, record_error *error)
{
    const cJSON *member = member_of(object, name);
    if (!cJSON_IsString(member))
        return fail(error, "%s: a string is wanted, not %s", name, vpci_json_type_name(member));
    *string_out = member->valuestring;
    return true;
}

static bool read_text(const cJSON *object, const char *name, char *to, size_t bytes, record_error *error)
{
    const char *string = NULL;
    if (!read_string(object, name, &string, error))
        return false;
    const size_t length = strlen(string);
    if (length >= bytes)
        return fail(error, "%s: %zu bytes, more than %zu", name, length, bytes - 1);
    memcpy(to, string, length + 1);
    return true;
}

static bool read_digest(const cJSON *object, const char *name, bool may_be_empty,
                        char to[VPCI_DIGEST_TEXT_BYTES], record_error *error)
{
    if (!read_text(object, name, to, VPCI_DIGEST_TEXT_BYTES, error))
        return false;
    const size_t length = strlen(to);
    if (may_be_empty && length == 0)
        return true;
    if (length != VPCI_DIGEST_TEXT_BYTES - 1 || strspn(to, "0123456789abcdef") != length)
        return fail(error, "%s: not a SHA-256 of 64 lower-case hexadecimal digits", name);
    return true;
}

static bool read_integer(const cJSON *object, const char *name, uint64_t maximum, uint64_t *to,
                         record_error *error)
{
    char reason[VPCI_DETAIL_BYTES / 2];
    if (vpci_json_integer(member_of(object, name), maximum, to, reason, sizeof reason))
        return true;
    return fail(error, "%s: %s", name, reason);
}

static bool read_count(const cJSON *object, const char *name, uint32_t *to, record_error *error)
{
    uint64_t number = 0;
    if (!read_integer(object, name, UINT32_MAX, &number, error))
        return false;
    *to = (uint32_t)number;
    return true;
}

/* The place of string in names, or -1. */
static int place_of(const char *string, const char *const *names, int count)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], string) == 0)
            return i;
    }
    return -1;
}

/* Reads a member that is one of names. */
static bool read_name(const cJSON *object, const char *name, const char *const *names, int count,
                      int *place_out, record_error *error)
{
    const char *string = NULL;
    if (!read_string(object, name, &string, error))
        return false;
    *place_out = place_of(string, names, count);
    char excerpt[VPCI_EXCERPT_BYTES];
    return *place_out >= 0 ||
           fail(error, "%s: \"%s\" is none of the names it may be", name, vpci_excerpt(excerpt, string));
}

static bool requirement_of(const cJSON *value, const char *name, enum vpci_requirement *to,
                           record_error *error)
{
    if (!cJSON_IsString(value))
        return fail(error, "%s: a string is wanted, not %s", name, vpci_json_type_name(value));
    *to = vpci_requirement_from_id(value->valuestring);
    char excerpt[VPCI_EXCERPT_BYTES];
    return *to != VPCI_REQUIREMENT_NONE ||
           fail(error, "%s: there is no requirement \"%s\"", name, vpci_excerpt(excerpt, value->valuestring));
}

/* Reads an array of names into a set of bits. */
static bool read_name_set(const cJSON *object, const char *name, const char *const *names, int count,
                          uint32_t *set_out, record_error *error)
{
    const cJSON *array = member_of(object, name);
    if (!cJSON_IsArray(array))
        return fail(error, "%s: an array is wanted, not %s", name, vpci_json_type_name(array));
    for (const cJSON *item = array->child; item != NULL; item = item->next) {
        const int place = cJSON_IsString(item) ? place_of(item->valuestring, names, count) : -1;
        if (place < 0)
            return fail(error, "%s: an item is none of the names it may be", name);
        *set_out |= (uint32_t)1 << place;
    }
    return true;
}

bool vpci_record_header(struct vpci_results_header *header, const cJSON *object, record_error *error)
{
    static const char *const members[] = {
        "record",         "format",    "kit",     "adapter", "name",  "version",      "roles",
        "capabilities",   "role",      "profile", "seed",    "cases", "suite_digest", "requirements_digest",
        "adapter_digest", "selection", NULL
    };
    const char *roles[VPCI_ROLE_COUNT], *capabilities[VPCI_CAPABILITY_COUNT];
    for (int i = 0; i < VPCI_ROLE_COUNT; i++)
        roles[i] = vpci_role_info[i].name;
    for (int i = 0; i < VPCI_CAPABILITY_COUNT; i++)
        capabilities[i] = vpci_capability_info[i].name;

    uint64_t format = 0;
    if (!read_integer(object, "format", UINT32_MAX, &format, error))
        return false;
    if (format != VPCI_RESULTS_FORMAT)
        return fail(error, "format: %u is wanted, this file has %u", VPCI_RESULTS_FORMAT, (unsigned)format);
    int role = 0;
    if (!only_members(object, members, error) ||
        !read_text(object, "kit", header->kit_version, sizeof header->kit_version, error) ||
        !read_text(object, "adapter", header->adapter, sizeof header->adapter, error) ||
        !read_text(object, "name", header->pics.name, sizeof header->pics.name, error) ||
        !read_text(object, "version", header->pics.version, sizeof header->pics.version, error) ||
        !read_name_set(object, "roles", roles, VPCI_ROLE_COUNT, &header->pics.roles, error) ||
        !read_name_set(object, "capabilities", capabilities, VPCI_CAPABILITY_COUNT,
                       &header->pics.capabilities, error) ||
        !read_name(object, "role", roles, VPCI_ROLE_COUNT, &role, error) ||
        !read_text(object, "profile", header->profile, sizeof header->profile, error) ||
        !read_integer(object, "seed", UINT64_MAX, &header->seed, error) ||
        !read_count(object, "cases", &header->case_count, error))
        return false;
    header->role = (enum vpci_role)role;
    return read_digest(object, "suite_digest", false, header->suite_digest, error) &&
           read_digest(object, "requirements_digest", false, header->requirements_digest, error) &&
           read_digest(object, "adapter_digest", true, header->adapter_digest, error) &&
           read_text(object, "selection", header->selection, sizeof header->selection, error);
}

static const char *keep(struct vpci_arena *arena, const char *string)
{
    return vpci_arena_copy(arena, string, strlen(string));
}

/* A string that may be absent. */
static bool keep_optional(const cJSON *object, const char *name, struct vpci_arena *arena, const char **to,
                          record_error *error)
{
    const char *string = NULL;
    if (member_of(object, name) == NULL)
        return true;
    if (!read_string(object, name, &string, error))
        return false;
    *to = keep(arena, string);
    return true;
}

static bool read_remark(struct vpci_remark *remark, const cJSON *object, const char *name,
                        struct vpci_arena *arena, record_error *error)
{
    static const char *const members[] = { "verdict", "requirement", "reason", "allowed", "event", NULL };
    int verdict = 0;
    if (!cJSON_IsObject(object))
        return fail(error, "%s: an object is wanted, not %s", name, vpci_json_type_name(object));
    if (!only_members(object, members, error) ||
        !read_name(object, "verdict", vpci_remark_verdict_name, VPCI_REMARK_VERDICTS, &verdict, error) ||
        !keep_optional(object, "reason", arena, &remark->reason, error) ||
        !keep_optional(object, "allowed", arena, &remark->allowed, error) ||
        !read_count(object, "event", &remark->event, error))
        return false;
    remark->verdict = verdict == 0 ? VPCI_WARNING : VPCI_VIOLATION;
    const cJSON *requirement = member_of(object, "requirement");
    return requirement == NULL || requirement_of(requirement, "requirement", &remark->requirement, error);
}

static bool read_warnings(struct vpci_case_result *result, const cJSON *array, struct vpci_arena *arena,
                          record_error *error)
{
    if (array == NULL)
        return true;
    if (!cJSON_IsArray(array))
        return fail(error, "warnings: an array is wanted, not %s", vpci_json_type_name(array));
    for (const cJSON *item = array->child; item != NULL; item = item->next) {
        if (result->warning_count == VPCI_WARNINGS_MAX)
            return fail(error, "warnings: more than %d", VPCI_WARNINGS_MAX);
        if (!read_remark(&result->warnings[result->warning_count], item, "warnings", arena, error))
            return false;
        result->warning_count++;
    }
    return true;
}

/* Ids are printed in ascending order, so the next one is found a few places behind the last. */
static bool read_exercised(struct vpci_case_result *result, const cJSON *array, record_error *error)
{
    if (!cJSON_IsArray(array))
        return fail(error, "exercised: an array is wanted, not %s", vpci_json_type_name(array));
    int next = VPCI_REQUIREMENT_NONE + 1;
    for (const cJSON *item = array->child; item != NULL; item = item->next) {
        enum vpci_requirement requirement = VPCI_REQUIREMENT_NONE;
        while (cJSON_IsString(item) && next < VPCI_REQUIREMENT_COUNT &&
               strcmp(vpci_requirement_info[next].id, item->valuestring) != 0)
            next++;
        if (next < VPCI_REQUIREMENT_COUNT)
            requirement = (enum vpci_requirement)next++;
        else if (!requirement_of(item, "exercised", &requirement, error))
            return false;
        vpci_requirement_add(&result->exercised, requirement);
    }
    return true;
}

static bool read_trace(struct vpci_case_result *result, const cJSON *object, struct vpci_arena *arena,
                       record_error *error)
{
    const cJSON *array = member_of(object, "trace");
    const bool omitted = member_of(object, "trace_omitted") != NULL;
    if (omitted && array != NULL)
        return fail(error, "trace_omitted: the trace is there");
    if (omitted)
        return read_count(object, "trace_omitted", &result->trace_count, error);
    if (array == NULL)
        return true;
    if (!cJSON_IsArray(array))
        return fail(error, "trace: an array is wanted, not %s", vpci_json_type_name(array));
    const uint32_t count = (uint32_t)cJSON_GetArraySize(array);
    struct vpci_event *trace = vpci_arena_take(arena, count, sizeof *trace);
    const cJSON *item = array->child;
    for (uint32_t i = 0; i < count; i++, item = item->next) {
        char reason[VPCI_DETAIL_BYTES / 2];
        uint8_t data[VPCI_EVENT_DATA_BYTES_MAX];
        if (!vpci_event_parse(&trace[i], item, NULL, data, reason, sizeof reason))
            return fail(error, "trace/%u: %s", i, reason);
        if (trace[i].data_length > 0)
            trace[i].data = (const uint8_t *)vpci_arena_copy(arena, data, trace[i].data_length);
    }
    result->trace = trace;
    result->trace_count = count;
    return true;
}

/* What the members say together: a finding belongs to a failure, a remark to an event that is there. */
static bool is_consistent(const struct vpci_case_result *result, record_error *error)
{
    if (result->verdict == VPCI_CASE_PASS && result->cause != NULL)
        return fail(error, "cause: a passed case has none");
    if (result->verdict != VPCI_CASE_PASS && result->cause == NULL)
        return fail(error, "cause: missing in a case that did not pass");
    if (result->verdict != VPCI_CASE_FAIL &&
        (result->requirement != VPCI_REQUIREMENT_NONE || result->has_finding))
        return fail(error, "finding: only a failed case has one");
    if (result->has_finding && result->finding.requirement != result->requirement)
        return fail(error, "finding: not about the requirement that is blamed");
    if (result->has_finding && result->finding.event > result->trace_count)
        return fail(error, "finding/event: behind the end of the trace");
    for (uint32_t i = 0; i < result->warning_count; i++) {
        if (result->warnings[i].event > result->trace_count)
            return fail(error, "warnings/%u/event: behind the end of the trace", i);
    }
    return true;
}

bool vpci_record_case(struct vpci_case_result *result, const cJSON *object, struct vpci_arena *arena,
                      record_error *error)
{
    static const char *const members[] = { "record",    "index",  "name",          "scenario", "verdict",
                                           "cause",     "detail", "requirement",   "finding",  "warnings",
                                           "exercised", "trace",  "trace_omitted", NULL };
    const char *name = NULL, *scenario = NULL;
    int verdict = 0;
    if (!only_members(object, members, error) || !read_count(object, "index", &result->index, error) ||
        !read_string(object, "name", &name, error) || !read_string(object, "scenario", &scenario, error) ||
        !read_name(object, "verdict", vpci_case_verdict_name, VPCI_CASE_VERDICT_COUNT, &verdict, error) ||
        !keep_optional(object, "cause", arena, &result->cause, error) ||
        !keep_optional(object, "detail", arena, &result->detail, error))
        return false;
    result->name = keep(arena, name);
    result->scenario = keep(arena, scenario);
    result->verdict = (enum vpci_case_verdict)verdict;

    const cJSON *requirement = member_of(object, "requirement");
    if (requirement != NULL && !requirement_of(requirement, "requirement", &result->requirement, error))
        return false;
    const cJSON *finding = member_of(object, "finding");
    result->has_finding = finding != NULL;
    if (finding != NULL && !read_remark(&result->finding, finding, "finding", arena, error))
        return false;
    return read_warnings(result, member_of(object, "warnings"), arena, error) &&
           read_exercised(result, member_of(object, "exercised"), error) &&
           read_trace(result, object, arena, error) && is_consistent(result, error);
}

static bool read_requirement_row(struct vpci_results_footer *footer, const cJSON *row, record_error *error)
{
    static const char *const members[] = { "verdict", "exercised", "failed", "warned", NULL };
    char excerpt[VPCI_EXCERPT_BYTES];
    const enum vpci_requirement requirement = vpci_requirement_from_id(row->string);
    if (requirement == VPCI_REQUIREMENT_NONE)
        return fail(error, "requirements: there is no requirement \"%s\"",
                    vpci_excerpt(excerpt, row->string));
    record_error inner = { "" };
    int verdict = 0;
    if (!cJSON_IsObject(row) || !only_members(row, members, &inner) ||
        !read_name(row, "verdict", vpci_requirement_verdict_name, VPCI_REQUIREMENT_VERDICT_COUNT, &verdict,
                   &inner) ||
        !read_count(row, "exercised", &footer->requirements[requirement].exercised, &inner) ||
        !read_count(row, "failed", &footer->requirements[requirement].failed, &inner) ||
        !read_count(row, "warned", &footer->requirements[requirement].warned, &inner))
        return fail(error, "requirements/%s/%.200s", row->string,
                    cJSON_IsObject(row) ? inner.reason : "not an object");
    footer->requirements[requirement].verdict = (enum vpci_requirement_verdict)verdict;
    return true;
}

static bool read_requirement_rows(struct vpci_results_footer *footer, const cJSON *rows, record_error *error)
{
    if (!cJSON_IsObject(rows))
        return fail(error, "requirements: an object is wanted, not %s", vpci_json_type_name(rows));
    for (const cJSON *row = rows->child; row != NULL; row = row->next) {
        if (!read_requirement_row(footer, row, error))
            return false;
    }
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
        if (member_of(rows, vpci_requirement_info[i].id) == NULL)
            return fail(error, "requirements: %s is missing", vpci_requirement_info[i].id);
    }
    return true;
}

bool vpci_record_footer(struct vpci_results_footer *footer, const cJSON *object, record_error *error)
{
    static const char *const members[] = { "record",       "verdict", "cases", "cases_with_warnings",
                                           "requirements", "sha256",  NULL };
    const char *case_members[VPCI_CASE_VERDICT_COUNT + 1] = { NULL };
    memcpy(case_members, vpci_case_verdict_name, sizeof vpci_case_verdict_name);
    int verdict = 0;
    const cJSON *cases = member_of(object, "cases");
    if (!only_members(object, members, error) ||
        !read_name(object, "verdict", vpci_run_verdict_name, VPCI_RUN_VERDICT_COUNT, &verdict, error))
        return false;
    if (!cJSON_IsObject(cases))
        return fail(error, "cases: an object is wanted, not %s", vpci_json_type_name(cases));
    if (!only_members(cases, case_members, error))
        return false;
    footer->verdict = (enum vpci_run_verdict)verdict;
    for (int i = 0; i < VPCI_CASE_VERDICT_COUNT; i++) {
        if (!read_count(cases, vpci_case_verdict_name[i], &footer->cases[i], error))
            return false;
    }
    return read_count(object, "cases_with_warnings", &footer->cases_with_warnings, error) &&
           read_requirement_rows(footer, member_of(object, "requirements"), error) &&
           read_digest(object, "sha256", false, footer->sha256, error);
}
