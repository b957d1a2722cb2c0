/* SPDX-License-Identifier: MIT */
/* harness/result_record.c - from the JSON object of one line to a record. Strict: a member too many, missing,
 * of a wrong type or out of range makes the line invalid, because a results file is evidence and not a
 * suggestion. */
#include "harness/result_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/json.h"

typedef struct vpci_record_error record_error;

static bool read_remark(struct vpci_remark *remark, const cJSON *object, const char *name,
                        struct vpci_arena *arena, record_error *error)
{
    static const char *const members[] = { "verdict", "requirement", "reason", "allowed", "event", NULL };
    int verdict = 0;
    if (!cJSON_IsObject(object))
        return vpci_record_fail(error, "%s: an object is wanted, not %s", name, vpci_json_type_name(object));
    if (!vpci_members_only(object, members, error) ||
        !vpci_member_name(object, "verdict", vpci_remark_verdict_name, VPCI_REMARK_VERDICTS, &verdict,
                          error) ||
        !vpci_member_keep_optional(object, "reason", arena, &remark->reason, error) ||
        !vpci_member_keep_optional(object, "allowed", arena, &remark->allowed, error) ||
        !vpci_member_count(object, "event", &remark->event, error))
        return false;
    remark->verdict = verdict == 0 ? VPCI_WARNING : VPCI_VIOLATION;
    const cJSON *requirement = vpci_member(object, "requirement");
    return requirement == NULL ||
           vpci_record_requirement(requirement, "requirement", &remark->requirement, error);
}

static bool read_warnings(struct vpci_case_result *result, const cJSON *array, struct vpci_arena *arena,
                          record_error *error)
{
    if (array == NULL)
        return true;
    if (!cJSON_IsArray(array))
        return vpci_record_fail(error, "warnings: an array is wanted, not %s", vpci_json_type_name(array));
    for (const cJSON *item = array->child; item != NULL; item = item->next) {
        if (result->warning_count == VPCI_WARNINGS_MAX)
            return vpci_record_fail(error, "warnings: more than %d", VPCI_WARNINGS_MAX);
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
        return vpci_record_fail(error, "exercised: an array is wanted, not %s", vpci_json_type_name(array));
    int next = VPCI_REQUIREMENT_NONE + 1;
    for (const cJSON *item = array->child; item != NULL; item = item->next) {
        enum vpci_requirement requirement = VPCI_REQUIREMENT_NONE;
        while (cJSON_IsString(item) && next < VPCI_REQUIREMENT_COUNT &&
               strcmp(vpci_requirement_info[next].id, item->valuestring) != 0)
            next++;
        if (next < VPCI_REQUIREMENT_COUNT)
            requirement = (enum vpci_requirement)next++;
        else if (!vpci_record_requirement(item, "exercised", &requirement, error))
            return false;
        vpci_requirement_add(&result->exercised, requirement);
    }
    return true;
}

static bool read_trace(struct vpci_case_result *result, const cJSON *object, struct vpci_arena *arena,
                       record_error *error)
{
    const cJSON *array = vpci_member(object, "trace");
    const bool omitted = vpci_member(object, "trace_omitted") != NULL;
    if (omitted && array != NULL)
        return vpci_record_fail(error, "trace_omitted: the trace is there");
    if (omitted)
        return vpci_member_count(object, "trace_omitted", &result->trace_count, error);
    if (array == NULL)
        return true;
    struct vpci_event *trace = NULL;
    if (!vpci_member_events(object, "trace", arena, &trace, &result->trace_count, error))
        return false;
    result->trace = trace;
    return true;
}

/* What others say of the case: an expectation, a dispute, that it is a probe. */
static bool read_marks(struct vpci_case_result *result, const cJSON *object, record_error *error)
{
    static const char *const members[] = { "state", "entry", NULL };
    const cJSON *expected = vpci_member(object, "expected");
    const cJSON *probe = vpci_member(object, "probe");
    int place = 0;
    if (expected != NULL && !cJSON_IsObject(expected))
        return vpci_record_fail(error, "expected: an object is wanted, not %s",
                                vpci_json_type_name(expected));
    if (expected != NULL &&
        (!vpci_members_only(expected, members, error) ||
         !vpci_member_name(expected, "state", vpci_expected_name, VPCI_EXPECTED_COUNT, &place, error) ||
         !vpci_member_count(expected, "entry", &result->expectation, error)))
        return false;
    result->expected = (enum vpci_expected)place;
    place = 0;
    if (vpci_member(object, "dispute") != NULL &&
        !vpci_member_name(object, "dispute", vpci_dispute_name, VPCI_DISPUTE_COUNT, &place, error))
        return false;
    result->dispute = (enum vpci_dispute)place;
    result->probe = probe != NULL;
    return probe == NULL || cJSON_IsTrue(probe) || vpci_record_fail(error, "probe: true, or nothing");
}

/* What the members say together: a finding belongs to a failure, a remark to an event that is there. */
static bool is_consistent(const struct vpci_case_result *result, record_error *error)
{
    if (result->expected != VPCI_EXPECTED_NOT &&
        (result->verdict == VPCI_CASE_PASS) != (result->expected == VPCI_EXPECTED_UNEXPECTED_PASS))
        return vpci_record_fail(error, "expected/state: does not fit the verdict");
    if (result->verdict == VPCI_CASE_PASS && result->cause != NULL)
        return vpci_record_fail(error, "cause: a passed case has none");
    if (result->verdict != VPCI_CASE_PASS && result->cause == NULL)
        return vpci_record_fail(error, "cause: missing in a case that did not pass");
    if (result->verdict != VPCI_CASE_FAIL &&
        (result->requirement != VPCI_REQUIREMENT_NONE || result->has_finding))
        return vpci_record_fail(error, "finding: only a failed case has one");
    if (result->has_finding && result->finding.requirement != result->requirement)
        return vpci_record_fail(error, "finding: not about the requirement that is blamed");
    if (result->has_finding && result->finding.event > result->trace_count)
        return vpci_record_fail(error, "finding/event: behind the end of the trace");
    for (uint32_t i = 0; i < result->warning_count; i++) {
        if (result->warnings[i].event > result->trace_count)
            return vpci_record_fail(error, "warnings/%u/event: behind the end of the trace", i);
    }
    return true;
}

bool vpci_record_case(struct vpci_case_result *result, const cJSON *object, struct vpci_arena *arena,
                      record_error *error)
{
    static const char *const members[] = { "record",    "index",  "name",          "scenario", "verdict",
                                           "cause",     "detail", "requirement",   "finding",  "warnings",
                                           "exercised", "trace",  "trace_omitted", "expected", "dispute",
                                           "probe",     NULL };
    const char *name = NULL, *scenario = NULL;
    int verdict = 0;
    if (!vpci_members_only(object, members, error) ||
        !vpci_member_count(object, "index", &result->index, error) ||
        !vpci_member_string(object, "name", &name, error) ||
        !vpci_member_string(object, "scenario", &scenario, error) ||
        !vpci_member_name(object, "verdict", vpci_case_verdict_name, VPCI_CASE_VERDICT_COUNT, &verdict,
                          error) ||
        !vpci_member_keep_optional(object, "cause", arena, &result->cause, error) ||
        !vpci_member_keep_optional(object, "detail", arena, &result->detail, error))
        return false;
    result->name = vpci_arena_keep(arena, name);
    result->scenario = vpci_arena_keep(arena, scenario);
    result->verdict = (enum vpci_case_verdict)verdict;

    const cJSON *requirement = vpci_member(object, "requirement");
    if (requirement != NULL &&
        !vpci_record_requirement(requirement, "requirement", &result->requirement, error))
        return false;
    const cJSON *finding = vpci_member(object, "finding");
    result->has_finding = finding != NULL;
    if (finding != NULL && !read_remark(&result->finding, finding, "finding", arena, error))
        return false;
    return read_warnings(result, vpci_member(object, "warnings"), arena, error) &&
           read_marks(result, object, error) &&
           read_exercised(result, vpci_member(object, "exercised"), error) &&
           read_trace(result, object, arena, error) && is_consistent(result, error);
}

static bool read_requirement_row(struct vpci_results_footer *footer, const cJSON *row, record_error *error)
{
    static const char *const members[] = { "verdict", "exercised", "failed", "warned", "probed", NULL };
    char excerpt[VPCI_EXCERPT_BYTES];
    const enum vpci_requirement requirement = vpci_requirement_from_id(row->string);
    if (requirement == VPCI_REQUIREMENT_NONE)
        return vpci_record_fail(error, "requirements: there is no requirement \"%s\"",
                                vpci_excerpt(excerpt, row->string));
    record_error inner = { "" };
    int verdict = 0;
    if (!cJSON_IsObject(row) || !vpci_members_only(row, members, &inner) ||
        !vpci_member_name(row, "verdict", vpci_requirement_verdict_name, VPCI_REQUIREMENT_VERDICT_COUNT,
                          &verdict, &inner) ||
        !vpci_member_count(row, "exercised", &footer->requirements[requirement].exercised, &inner) ||
        !vpci_member_count(row, "failed", &footer->requirements[requirement].failed, &inner) ||
        !vpci_member_count(row, "warned", &footer->requirements[requirement].warned, &inner))
        return vpci_record_fail(error, "requirements/%s/%.200s", row->string,
                                cJSON_IsObject(row) ? inner.reason : "not an object");
    footer->requirements[requirement].verdict = (enum vpci_requirement_verdict)verdict;
    footer->requirements[requirement].probed = vpci_member(row, "probed") != NULL;
    if (footer->requirements[requirement].probed &&
        (!cJSON_IsTrue(vpci_member(row, "probed")) || verdict != VPCI_REQUIREMENT_NOT_APPLICABLE_VERDICT))
        return vpci_record_fail(
            error, "requirements/%s/probed: true where the requirement is not applicable, or nothing",
            row->string);
    return true;
}

static bool read_requirement_rows(struct vpci_results_footer *footer, const cJSON *rows, record_error *error)
{
    if (!cJSON_IsObject(rows))
        return vpci_record_fail(error, "requirements: an object is wanted, not %s",
                                vpci_json_type_name(rows));
    for (const cJSON *row = rows->child; row != NULL; row = row->next) {
        if (!read_requirement_row(footer, row, error))
            return false;
    }
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
        if (vpci_member(rows, vpci_requirement_info[i].id) == NULL)
            return vpci_record_fail(error, "requirements: %s is missing", vpci_requirement_info[i].id);
    }
    return true;
}

static bool read_expected_counts(struct vpci_results_footer *footer, const cJSON *counts, record_error *error)
{
    const char *members[VPCI_EXPECTED_COUNT + 1] = { NULL };
    memcpy(members, vpci_expected_name, sizeof vpci_expected_name);
    members[VPCI_EXPECTED_NOT] = "stale";
    if (!cJSON_IsObject(counts))
        return vpci_record_fail(error, "expected: an object is wanted, not %s", vpci_json_type_name(counts));
    if (!vpci_members_only(counts, members, error))
        return false;
    for (int i = VPCI_EXPECTED_NOT + 1; i < VPCI_EXPECTED_COUNT; i++) {
        if (!vpci_member_count(counts, vpci_expected_name[i], &footer->expected[i], error))
            return false;
    }
    return vpci_member_count(counts, "stale", &footer->stale, error);
}

bool vpci_record_footer(struct vpci_results_footer *footer, const cJSON *object, record_error *error)
{
    static const char *const members[] = { "record",   "verdict",      "cases",
                                           "disputed", "expected",     "cases_with_warnings",
                                           "sha256",   "requirements", "transcripts_sha256",
                                           NULL };
    const char *case_members[VPCI_CASE_VERDICT_COUNT + 1] = { NULL };
    memcpy(case_members, vpci_case_verdict_name, sizeof vpci_case_verdict_name);
    int verdict = 0;
    const cJSON *cases = vpci_member(object, "cases");
    if (!vpci_members_only(object, members, error) ||
        !vpci_member_name(object, "verdict", vpci_run_verdict_name, VPCI_RUN_VERDICT_COUNT, &verdict, error))
        return false;
    if (!cJSON_IsObject(cases))
        return vpci_record_fail(error, "cases: an object is wanted, not %s", vpci_json_type_name(cases));
    if (!vpci_members_only(cases, case_members, error))
        return false;
    footer->verdict = (enum vpci_run_verdict)verdict;
    for (int i = 0; i < VPCI_CASE_VERDICT_COUNT; i++) {
        if (!vpci_member_count(cases, vpci_case_verdict_name[i], &footer->cases[i], error))
            return false;
    }
    return vpci_member_count(object, "disputed", &footer->disputed, error) &&
           read_expected_counts(footer, vpci_member(object, "expected"), error) &&
           vpci_member_digest(object, "transcripts_sha256", true, footer->transcripts_sha256, error) &&
           vpci_member_count(object, "cases_with_warnings", &footer->cases_with_warnings, error) &&
           read_requirement_rows(footer, vpci_member(object, "requirements"), error) &&
           vpci_member_digest(object, "sha256", false, footer->sha256, error);
}
