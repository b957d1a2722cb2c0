/* SPDX-License-Identifier: MIT */
/* harness/tally.c - the counting of harness/tally.h: cases by verdict, requirements by what cases say of
 * them. */
#include "harness/tally.h"

static bool ended_with_verdict(enum vpci_case_verdict verdict)
{
    return verdict == VPCI_CASE_PASS || verdict == VPCI_CASE_FAIL;
}

static bool was_run(enum vpci_case_verdict verdict)
{
    return ended_with_verdict(verdict) || verdict == VPCI_CASE_INCONCLUSIVE || verdict == VPCI_CASE_ERROR;
}

/* How much a verdict says: a later case replaces a verdict by one that says more, never the other way. */
static int weight(enum vpci_requirement_verdict verdict)
{
    static const int weights[VPCI_REQUIREMENT_VERDICT_COUNT] = {
        [VPCI_REQUIREMENT_INCONCLUSIVE_VERDICT] = 1,
        [VPCI_REQUIREMENT_PASS_VERDICT] = 2,
        [VPCI_REQUIREMENT_WARNING_VERDICT] = 3,
        [VPCI_REQUIREMENT_FAIL_VERDICT] = 4,
    };
    return weights[verdict];
}

/* A zero-initialised row reads "pass" although nothing was counted; it must never be taken for one. */
static bool is_untouched(const struct vpci_results_footer *footer, enum vpci_requirement requirement)
{
    return footer->requirements[requirement].verdict == VPCI_REQUIREMENT_PASS_VERDICT &&
           footer->requirements[requirement].exercised == 0;
}

static void raise_verdict(struct vpci_results_footer *footer, enum vpci_requirement requirement,
                          enum vpci_requirement_verdict verdict)
{
    if (is_untouched(footer, requirement) ||
        weight(verdict) > weight(footer->requirements[requirement].verdict))
        footer->requirements[requirement].verdict = verdict;
}

static void add_valid(struct vpci_requirement_set *set, enum vpci_requirement requirement)
{
    if (requirement > VPCI_REQUIREMENT_NONE && requirement < VPCI_REQUIREMENT_COUNT)
        vpci_requirement_add(set, requirement);
}

static void tally_requirement(struct vpci_results_footer *footer, enum vpci_requirement requirement,
                              enum vpci_case_verdict verdict)
{
    raise_verdict(footer, requirement,
                  verdict == VPCI_CASE_PASS ? VPCI_REQUIREMENT_PASS_VERDICT
                                            : VPCI_REQUIREMENT_INCONCLUSIVE_VERDICT);
    if (ended_with_verdict(verdict))
        footer->requirements[requirement].exercised++;
}

static void tally_expectation(struct vpci_results_footer *footer, const struct vpci_case_result *result)
{
    if (result->expected == VPCI_EXPECTED_NOT)
        return;
    footer->expected[result->expected]++;
    footer->excused[result->verdict] += result->expected == VPCI_EXPECTED_AS_EXPECTED;
    if (result->expectation < VPCI_EXPECTATIONS_MAX)
        footer->named[result->expectation / 64] |= (uint64_t)1 << (result->expectation % 64);
}

void vpci_results_tally(struct vpci_results_footer *footer, const struct vpci_case_result *result)
{
    if (result->dispute != VPCI_DISPUTE_NONE) {
        footer->disputed++;
        return;
    }
    footer->cases[result->verdict]++;
    footer->probes_passed += result->probe && result->verdict == VPCI_CASE_PASS;
    tally_expectation(footer, result);
    if (!was_run(result->verdict))
        return;
    struct vpci_requirement_set exercised = result->exercised;
    struct vpci_requirement_set warned = { { 0 } };
    for (uint32_t i = 0; i < result->warning_count && i < VPCI_WARNINGS_MAX; i++)
        add_valid(&warned, result->warnings[i].requirement);
    add_valid(&exercised, result->requirement);
    for (size_t word = 0; word < sizeof warned.words / sizeof warned.words[0]; word++)
        exercised.words[word] |= warned.words[word];

    footer->cases_with_warnings += result->warning_count > 0;
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
        const enum vpci_requirement requirement = (enum vpci_requirement)i;
        if (!vpci_requirement_has(&exercised, requirement))
            continue;
        tally_requirement(footer, requirement, result->verdict);
        if (vpci_requirement_has(&warned, requirement)) {
            footer->requirements[requirement].warned++;
            raise_verdict(footer, requirement, VPCI_REQUIREMENT_WARNING_VERDICT);
        }
        if (result->verdict == VPCI_CASE_FAIL && result->requirement == requirement) {
            footer->requirements[requirement].failed++;
            raise_verdict(footer, requirement, VPCI_REQUIREMENT_FAIL_VERDICT);
        }
    }
}

static enum vpci_requirement_verdict verdict_unexercised(const struct vpci_applicability *applicability,
                                                         enum vpci_requirement requirement)
{
    if (vpci_requirement_has(&applicability->not_observable, requirement))
        return VPCI_REQUIREMENT_NOT_OBSERVABLE_VERDICT;
    if (vpci_requirement_has(&applicability->listed, requirement) &&
        !vpci_requirement_has(&applicability->applicable, requirement))
        return VPCI_REQUIREMENT_NOT_APPLICABLE_VERDICT;
    return VPCI_REQUIREMENT_NOT_EXERCISED_VERDICT;
}

/* Entries that no case was held to. With a selection that says nothing: their cases may not be in it. */
static uint32_t count_stale(const struct vpci_results_footer *footer,
                            const struct vpci_results_header *header)
{
    uint32_t stale = 0;
    for (uint32_t i = 0; header->selection[0] == '\0' && i < header->expectation_count; i++)
        stale += (footer->named[i / 64] >> (i % 64) & 1u) == 0;
    return stale;
}

/* Cases with this verdict that --expect does not excuse. */
static uint32_t inexcusable(const struct vpci_results_footer *footer, enum vpci_case_verdict verdict)
{
    return footer->cases[verdict] - footer->excused[verdict];
}

static enum vpci_run_verdict verdict_of_run(const struct vpci_results_footer *footer)
{
    if (inexcusable(footer, VPCI_CASE_FAIL) > 0)
        return VPCI_RUN_VIOLATION;
    if (inexcusable(footer, VPCI_CASE_INCONCLUSIVE) + inexcusable(footer, VPCI_CASE_ERROR) +
                footer->cases[VPCI_CASE_SKIPPED] >
            0 ||
        footer->cases[VPCI_CASE_PASS] == footer->probes_passed ||
        footer->expected[VPCI_EXPECTED_UNEXPECTED_PASS] > 0 || footer->stale > 0)
        return VPCI_RUN_INCONCLUSIVE;
    return footer->expected[VPCI_EXPECTED_AS_EXPECTED] > 0 ? VPCI_RUN_AS_EXPECTED : VPCI_RUN_CONFORMS;
}

void vpci_results_conclude(struct vpci_results_footer *footer, const struct vpci_results_header *header,
                           const struct vpci_applicability *applicability)
{
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
        const enum vpci_requirement requirement = (enum vpci_requirement)i;
        if (!is_untouched(footer, requirement))
            continue;
        footer->requirements[i].verdict = verdict_unexercised(applicability, requirement);
        footer->requirements[i].probed =
            footer->requirements[i].verdict == VPCI_REQUIREMENT_NOT_APPLICABLE_VERDICT &&
            vpci_requirement_has(&applicability->probed, requirement);
    }
    footer->stale = count_stale(footer, header);
    footer->verdict = verdict_of_run(footer);
}
