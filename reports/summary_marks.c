/* SPDX-License-Identifier: MIT */
/* reports/summary_marks.c - what was expected and what is disputed: cases grouped by the entry that says so,
 * and the words that all reports use for it. */
#include "reports/summary_marks.h"

#include <stdlib.h>
#include <string.h>

#include "harness/allocate.h"

/* Ours: a hostile file may bring more, and then the last group takes the rest. */
enum { MARKED_GROUPS_MAX = 1024 };

bool vpci_same_text(const char *left, const char *right)
{
    return left == right || (left != NULL && right != NULL && strcmp(left, right) == 0);
}

const struct vpci_case_result *vpci_shorter_trace(const struct vpci_case_result *kept,
                                                  const struct vpci_case_result *other)
{
    const bool other_has = other->trace != NULL, kept_has = kept->trace != NULL;
    return (other_has != kept_has ? other_has : other->trace_count < kept->trace_count) ? other : kept;
}

static bool ended_alike(const struct vpci_case_result *left, const struct vpci_case_result *right)
{
    return left->verdict == right->verdict && left->requirement == right->requirement &&
           (left->requirement != VPCI_REQUIREMENT_NONE || vpci_same_text(left->cause, right->cause));
}

void vpci_summary_begin_marks(struct vpci_summary *summary)
{
    summary->expected = vpci_need_memory(calloc(MARKED_GROUPS_MAX, sizeof *summary->expected));
    summary->disputed = vpci_need_memory(calloc(MARKED_GROUPS_MAX, sizeof *summary->disputed));
}

void vpci_summary_add_expected(struct vpci_summary *summary, const struct vpci_case_result *result)
{
    const struct vpci_results_header *header = &summary->results->header;
    if (result->expectation >= header->expectation_count || result->expectation >= VPCI_EXPECTATIONS_MAX)
        return;
    const struct vpci_expectation *entry = &header->expectations[result->expectation];
    uint32_t i = 0;
    while (i < summary->expected_count &&
           (summary->expected[i].entry != entry || summary->expected[i].expected != result->expected ||
            !ended_alike(summary->expected[i].shortest, result)))
        i++;
    if (i == MARKED_GROUPS_MAX)
        i--;
    struct vpci_expected_cases *group = &summary->expected[i];
    if (i == summary->expected_count) {
        *group =
            (struct vpci_expected_cases){ .entry = entry, .expected = result->expected, .shortest = result };
        summary->expected_count++;
    }
    group->cases++;
    group->shortest = vpci_shorter_trace(group->shortest, result);
    summary->named[result->expectation / 64] |= (uint64_t)1 << (result->expectation % 64);
}

static const struct vpci_disputed *dispute_of(const struct vpci_results_header *header,
                                              const struct vpci_case_result *result)
{
    const struct vpci_disputed *found = NULL; /* the last entry about a scenario holds */
    for (uint32_t i = 0; i < header->dispute_count; i++) {
        if (strcmp(header->disputes[i].scenario, result->scenario) == 0)
            found = &header->disputes[i];
    }
    return found;
}

void vpci_summary_add_disputed(struct vpci_summary *summary, const struct vpci_case_result *result)
{
    uint32_t i = 0;
    while (i < summary->disputed_count &&
           (strcmp(summary->disputed[i].shortest->scenario, result->scenario) != 0 ||
            !ended_alike(summary->disputed[i].shortest, result)))
        i++;
    if (i == MARKED_GROUPS_MAX)
        i--;
    struct vpci_disputed_cases *group = &summary->disputed[i];
    if (i == summary->disputed_count) {
        *group = (struct vpci_disputed_cases){ .entry = dispute_of(&summary->results->header, result),
                                               .shortest = result };
        summary->disputed_count++;
    }
    group->cases++;
    group->shortest = vpci_shorter_trace(group->shortest, result);
}

static int compare_expected(const void *left_memory, const void *right_memory)
{
    const struct vpci_expected_cases *left = left_memory, *right = right_memory;
    if (left->entry != right->entry)
        return left->entry < right->entry ? -1 : 1;
    if (left->expected != right->expected)
        return left->expected < right->expected ? -1 : 1;
    return left->shortest->index < right->shortest->index ? -1 : 1;
}

void vpci_summary_end_marks(struct vpci_summary *summary)
{
    qsort(summary->expected, summary->expected_count, sizeof *summary->expected, compare_expected);
}

enum vpci_outcome vpci_outcome_of(const struct vpci_case_result *result)
{
    static const enum vpci_outcome outcomes[VPCI_CASE_VERDICT_COUNT] = {
        [VPCI_CASE_PASS] = VPCI_OUTCOME_PASS,
        [VPCI_CASE_FAIL] = VPCI_OUTCOME_FAIL,
        [VPCI_CASE_INCONCLUSIVE] = VPCI_OUTCOME_NO_VERDICT,
        [VPCI_CASE_ERROR] = VPCI_OUTCOME_NO_VERDICT,
        [VPCI_CASE_NOT_APPLICABLE] = VPCI_OUTCOME_NOT_RUN,
        [VPCI_CASE_SKIPPED] = VPCI_OUTCOME_NOT_RUN,
    };
    if (result->dispute != VPCI_DISPUTE_NONE)
        return VPCI_OUTCOME_DISPUTED;
    if (result->expected == VPCI_EXPECTED_AS_EXPECTED)
        return VPCI_OUTCOME_EXPECTED;
    if (result->expected == VPCI_EXPECTED_UNEXPECTED_PASS)
        return VPCI_OUTCOME_UNEXPECTED_PASS;
    return outcomes[result->verdict];
}

bool vpci_summary_is_stale(const struct vpci_summary *summary, uint32_t entry)
{
    return summary->results->sealed && summary->results->header.selection[0] == '\0' &&
           (summary->named[entry / 64] >> (entry % 64) & 1u) == 0;
}

const char *vpci_summary_problem(const struct vpci_summary *summary)
{
    const struct vpci_results_footer *footer = &summary->footer;
    if (!summary->results->sealed)
        return "the results file is torn";
    if (footer->verdict != VPCI_RUN_INCONCLUSIVE)
        return NULL;
    bool a_case_says_so = footer->expected[VPCI_EXPECTED_UNEXPECTED_PASS] > 0;
    for (uint32_t i = 0; i < summary->cause_count; i++)
        a_case_says_so |= vpci_outcome_of(summary->causes[i].example) == VPCI_OUTCOME_NO_VERDICT;
    if (a_case_says_so)
        return NULL;
    return footer->stale > 0                      ? "an expectation is stale: no case is held to it"
           : footer->cases[VPCI_CASE_SKIPPED] > 0 ? "cases were skipped because the time was over"
                                                  : "no case passed";
}

static void add_entry(struct vpci_text *text, const char *what, const struct vpci_expectation *entry)
{
    vpci_text_addf(text, "%s %s: %s (%s, %s)", what, entry->expires, entry->reason, entry->owner,
                   entry->issue);
}

bool vpci_summary_add_mark(struct vpci_text *text, const struct vpci_summary *summary,
                           const struct vpci_case_result *result)
{
    static const char *const words[VPCI_EXPECTED_COUNT] = {
        [VPCI_EXPECTED_AS_EXPECTED] = "expected until",
        [VPCI_EXPECTED_FAILS_OTHERWISE] = "fails otherwise than expected until",
        [VPCI_EXPECTED_UNEXPECTED_PASS] = "does not fail, though expected to until",
        [VPCI_EXPECTED_EXPIRED] = "fails as was expected until",
    };
    const struct vpci_results_header *header = &summary->results->header;
    if (result->dispute != VPCI_DISPUTE_NONE) {
        const struct vpci_disputed *entry = dispute_of(header, result);
        vpci_text_addf(text, "not counted, %s", vpci_dispute_name[result->dispute]);
        if (entry != NULL)
            vpci_text_addf(text, " %s: %s", entry->date, entry->text);
        return true;
    }
    if (result->expected == VPCI_EXPECTED_NOT || result->expectation >= header->expectation_count)
        return false;
    add_entry(text, words[result->expected], &header->expectations[result->expectation]);
    return true;
}

bool vpci_summary_add_expected_counts(struct vpci_text *text, const struct vpci_summary *summary)
{
    const struct vpci_results_header *header = &summary->results->header;
    if (header->expect_digest[0] == '\0')
        return false;
    vpci_text_addf(text, "%u %s as of %s: ", header->expectation_count,
                   header->expectation_count == 1 ? "entry" : "entries", header->expect_date);
    for (int i = VPCI_EXPECTED_NOT + 1; i < VPCI_EXPECTED_COUNT; i++)
        vpci_text_addf(text, "%u %s, ", summary->footer.expected[i],
                       vpci_expected_words((enum vpci_expected)i));
    vpci_text_addf(text, "%u stale", summary->footer.stale);
    return true;
}

void vpci_summary_add_errata(struct vpci_text *text, const struct vpci_summary *summary)
{
    const uint32_t level = summary->results->header.dispute_count, cases = summary->footer.disputed;
    vpci_text_addf(text, "level %u", level);
    if (cases > 0)
        vpci_text_addf(text, ", %u %s in dispute %s not counted", cases, cases == 1 ? "case" : "cases",
                       cases == 1 ? "is" : "are");
}

void vpci_summary_add_transcripts(struct vpci_text *text, const struct vpci_summary *summary)
{
    if (!summary->results->sealed)
        vpci_text_add(text, "transcripts.jsonl beside the results, if it was kept; no seal vouches for it");
    else if (summary->footer.transcripts_sha256[0] == '\0')
        vpci_text_add(text, "none were kept");
    else
        vpci_text_addf(text, "transcripts.jsonl beside the results, SHA-256 %s",
                       summary->footer.transcripts_sha256);
}

const char *vpci_expected_words(enum vpci_expected expected)
{
    static const char *const words[VPCI_EXPECTED_COUNT] = {
        [VPCI_EXPECTED_NOT] = "",
        [VPCI_EXPECTED_AS_EXPECTED] = "as expected",
        [VPCI_EXPECTED_FAILS_OTHERWISE] = "failing otherwise",
        [VPCI_EXPECTED_UNEXPECTED_PASS] = "unexpected pass",
        [VPCI_EXPECTED_EXPIRED] = "expired",
    };
    return words[expected];
}
