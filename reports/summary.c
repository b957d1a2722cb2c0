/* SPDX-License-Identifier: MIT */
/* reports/summary.c - groups the cases of a run as reports/summary.h describes. One pass over the cases; the
 * lists stay short because they are keyed by requirement and by cause. */
#include "reports/summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/allocate.h"
#include "harness/tally.h"
#include "reports/summary_marks.h"

/* Causes are names out of a short list; a hostile file may bring more, and then the last group takes the
 * rest. */
enum { GROUPS_MAX = 256 };

static void add_violation(struct vpci_summary *summary, const struct vpci_case_result *result)
{
    uint32_t i = 0;
    for (; i < summary->violation_count; i++) {
        const struct vpci_violation *violation = &summary->violations[i];
        if (violation->requirement == result->requirement &&
            (result->requirement != VPCI_REQUIREMENT_NONE ||
             vpci_same_text(violation->shortest->cause, result->cause)))
            break;
    }
    if (i == VPCI_REQUIREMENT_COUNT + GROUPS_MAX)
        i--;
    struct vpci_violation *violation = &summary->violations[i];
    if (i == summary->violation_count) {
        *violation = (struct vpci_violation){ .requirement = result->requirement, .shortest = result };
        summary->violation_count++;
    }
    violation->cases++;
    violation->shortest = vpci_shorter_trace(violation->shortest, result);
}

static void add_cause(struct vpci_summary *summary, const struct vpci_case_result *result)
{
    uint32_t i = 0;
    while (i < summary->cause_count && (summary->causes[i].example->verdict != result->verdict ||
                                        !vpci_same_text(summary->causes[i].example->cause, result->cause)))
        i++;
    if (i == GROUPS_MAX)
        i--;
    if (i == summary->cause_count)
        summary->causes[summary->cause_count++].example = result;
    summary->causes[i].cases++;
}

static void add_warnings(struct vpci_summary *summary, const struct vpci_case_result *result)
{
    for (uint32_t i = 0; i < result->warning_count && i < VPCI_WARNINGS_MAX; i++) {
        struct vpci_warned *warned = &summary->warned[result->warnings[i].requirement];
        if (warned->cases++ == 0) {
            warned->remark = &result->warnings[i];
            warned->example = result;
        }
    }
}

static void add_case(struct vpci_summary *summary, const struct vpci_case_result *result)
{
    if (result->dispute != VPCI_DISPUTE_NONE) {
        vpci_summary_add_disputed(summary, result);
        return;
    }
    if (result->expected != VPCI_EXPECTED_NOT)
        vpci_summary_add_expected(summary, result);
    if (result->expected != VPCI_EXPECTED_AS_EXPECTED && result->verdict == VPCI_CASE_FAIL)
        add_violation(summary, result);
    else if (result->expected != VPCI_EXPECTED_AS_EXPECTED && result->verdict != VPCI_CASE_PASS)
        add_cause(summary, result);
    add_warnings(summary, result);
}

static int compare_violations(const void *left_memory, const void *right_memory)
{
    const struct vpci_violation *left = left_memory, *right = right_memory;
    const unsigned left_key =
        left->requirement == VPCI_REQUIREMENT_NONE ? VPCI_REQUIREMENT_COUNT : left->requirement;
    const unsigned right_key =
        right->requirement == VPCI_REQUIREMENT_NONE ? VPCI_REQUIREMENT_COUNT : right->requirement;
    if (left_key != right_key)
        return left_key < right_key ? -1 : 1;
    return left->shortest->index < right->shortest->index ? -1 : 1;
}

static int compare_causes(const void *left_memory, const void *right_memory)
{
    const struct vpci_cause *left = left_memory, *right = right_memory;
    if (left->example->verdict != right->example->verdict)
        return left->example->verdict < right->example->verdict ? -1 : 1;
    return left->example->index < right->example->index ? -1 : 1;
}

/* The footer of a torn file is made of the cases that are there. They prove a violation, but never that there
 * is none. */
static void make_footer(struct vpci_summary *summary)
{
    if (summary->results->sealed) {
        summary->footer = summary->results->footer;
        return;
    }
    const struct vpci_applicability applicability = {
        .not_observable = *vpci_catalogue_not_observable(summary->catalogue),
    };
    for (uint32_t i = 0; i < summary->results->case_count; i++)
        vpci_results_tally(&summary->footer, &summary->results->cases[i]);
    vpci_results_conclude(&summary->footer, &summary->results->header, &applicability);
    if (summary->footer.verdict == VPCI_RUN_CONFORMS || summary->footer.verdict == VPCI_RUN_AS_EXPECTED)
        summary->footer.verdict = VPCI_RUN_INCONCLUSIVE;
    summary->footer.stale = 0; /* the cases of such an entry may be among those that are missing */
}

static void make_sections(struct vpci_summary *summary)
{
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
        const char *id = vpci_requirement_info[i].id;
        const int length = (int)strcspn(id, "-");
        char name[sizeof summary->sections[0].name];
        snprintf(name, sizeof name, "%.*s", length, id);
        uint32_t at = 0;
        while (at < summary->section_count && strcmp(summary->sections[at].name, name) != 0)
            at++;
        if (at == VPCI_SECTIONS_MAX)
            at--;
        if (at == summary->section_count) {
            memcpy(summary->sections[at].name, name, sizeof name);
            summary->section_count++;
        }
        summary->sections[at].counts[summary->footer.requirements[i].verdict]++;
        summary->sections[at].total++;
    }
}

void vpci_summary_make(struct vpci_summary *summary, const struct vpci_results *results,
                       const struct vpci_catalogue *catalogue)
{
    *summary = (struct vpci_summary){ .results = results,
                                      .catalogue = catalogue,
                                      .case_count = results->case_count };
    summary->violations =
        vpci_need_memory(calloc(VPCI_REQUIREMENT_COUNT + GROUPS_MAX, sizeof *summary->violations));
    summary->causes = vpci_need_memory(calloc(GROUPS_MAX, sizeof *summary->causes));
    vpci_summary_begin_marks(summary);
    make_footer(summary);
    make_sections(summary);
    for (uint32_t i = 0; i < results->case_count; i++)
        add_case(summary, &results->cases[i]);
    qsort(summary->violations, summary->violation_count, sizeof *summary->violations, compare_violations);
    qsort(summary->causes, summary->cause_count, sizeof *summary->causes, compare_causes);
    vpci_summary_end_marks(summary);
}

void vpci_summary_free(struct vpci_summary *summary)
{
    free(summary->violations);
    free(summary->causes);
    free(summary->expected);
    free(summary->disputed);
    *summary = (struct vpci_summary){ 0 };
}

const char *vpci_verdict_title(enum vpci_run_verdict verdict)
{
    static const char *const titles[VPCI_RUN_VERDICT_COUNT] = {
        [VPCI_RUN_CONFORMS] = "CONFORMS",
        [VPCI_RUN_AS_EXPECTED] = "AS EXPECTED",
        [VPCI_RUN_VIOLATION] = "VIOLATION",
        [VPCI_RUN_INCONCLUSIVE] = "INCONCLUSIVE",
    };
    return titles[verdict];
}

const char *vpci_case_verdict_words(enum vpci_case_verdict verdict)
{
    static const char *const words[VPCI_CASE_VERDICT_COUNT] = {
        [VPCI_CASE_PASS] = "passed",     [VPCI_CASE_FAIL] = "failed",
        [VPCI_CASE_ERROR] = "error",     [VPCI_CASE_INCONCLUSIVE] = "inconclusive",
        [VPCI_CASE_SKIPPED] = "skipped", [VPCI_CASE_NOT_APPLICABLE] = "not applicable",
    };
    return words[verdict];
}

const char *vpci_requirement_verdict_words(enum vpci_requirement_verdict verdict)
{
    static const char *const words[VPCI_REQUIREMENT_VERDICT_COUNT] = {
        [VPCI_REQUIREMENT_PASS_VERDICT] = "passed",
        [VPCI_REQUIREMENT_FAIL_VERDICT] = "failed",
        [VPCI_REQUIREMENT_WARNING_VERDICT] = "warning",
        [VPCI_REQUIREMENT_INCONCLUSIVE_VERDICT] = "inconclusive",
        [VPCI_REQUIREMENT_NOT_EXERCISED_VERDICT] = "not exercised",
        [VPCI_REQUIREMENT_NOT_APPLICABLE_VERDICT] = "not applicable",
        [VPCI_REQUIREMENT_NOT_OBSERVABLE_VERDICT] = "not observable",
    };
    return words[verdict];
}
