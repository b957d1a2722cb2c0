/* SPDX-License-Identifier: MIT */
/* tests/unit/test_result_marks.c - what results say of expectations, disputes and probes: it comes back as it
 * was written, a line cannot excuse itself, and what is excused is counted apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "harness/marks.h"
#include "tests/unit/sample_results.h"

enum { MARKED_CASES = 7 };

static char reason[VPCI_DETAIL_BYTES];

static const struct vpci_expectation entries[] = {
    { "a/known", "r \xff", "o", "i", "2027-01-31", VPCI_CASE_FAIL, VPCI_RD_01, "violation" },
    { "a/other", "r", "o", "i", "2027-01-31", VPCI_CASE_FAIL, VPCI_RD_02, "" },
    { "a/mended", "r", "o", "i", "2027-01-31", VPCI_CASE_INCONCLUSIVE, VPCI_REQUIREMENT_NONE, "" },
    { "a/late*", "r", "o", "i", "2026-01-31", VPCI_CASE_FAIL, VPCI_REQUIREMENT_NONE, "" },
    { "a/nothing", "r", "o", "i", "2026-01-31", VPCI_CASE_ERROR, VPCI_REQUIREMENT_NONE, "garbage" },
};
static const struct vpci_disputed disputed[] = {
    { "a/unclear", VPCI_DISPUTE_CONTESTED, "t", "2026-01-31" },
};

static struct vpci_results_header marked_header(void)
{
    struct vpci_results_header header = sample_header();
    header.case_count = MARKED_CASES;
    header.disputes = disputed;
    header.dispute_count = 1;
    header.expectations = entries;
    header.expectation_count = 5;
    snprintf(header.expect_date, sizeof header.expect_date, "2026-11-21");
    vpci_digest_of_bytes("expect", 6, header.expect_digest);
    return header;
}

static void marked_cases(struct vpci_case_result cases[MARKED_CASES])
{
    static const char *const names[MARKED_CASES] = { "a/known", "a/other",   "a/mended", "a/late",
                                                     "a/fine",  "a/unclear", "a/probe" };
    const struct vpci_expectations expectations = { .entries = entries, .count = 5, .date = "2026-11-21" };
    const struct vpci_disputes disputes = { .entries = disputed, .count = 1 };
    memset(cases, 0, MARKED_CASES * sizeof *cases);
    for (uint32_t i = 0; i < MARKED_CASES; i++) {
        cases[i].index = i;
        cases[i].name = cases[i].scenario = names[i];
        if (i == 0 || i == 1 || i == 3 || i == 5) {
            cases[i].verdict = VPCI_CASE_FAIL;
            cases[i].cause = "violation";
            cases[i].requirement = VPCI_RD_01;
        }
        vpci_requirement_add(&cases[i].exercised, i == 5 ? VPCI_RD_03 : VPCI_RD_01);
        vpci_mark_case(&cases[i], &expectations, &disputes);
    }
    cases[6].probe = true;
}

static void marked_text(struct vpci_text *text, struct vpci_results_footer *footer)
{
    const struct vpci_results_header header = marked_header();
    struct vpci_case_result cases[MARKED_CASES];
    marked_cases(cases);
    sample_print(text, &header, cases, MARKED_CASES, footer);
}

/* Method: print, read, print again; the bytes are the same, and so are the members. */
static void marks_are_read_back_as_they_were_written(void **state)
{
    (void)state;
    static const enum vpci_expected states[MARKED_CASES] = { VPCI_EXPECTED_AS_EXPECTED,
                                                             VPCI_EXPECTED_FAILS_OTHERWISE,
                                                             VPCI_EXPECTED_UNEXPECTED_PASS,
                                                             VPCI_EXPECTED_EXPIRED };
    struct vpci_text first = { 0 }, second = { 0 };
    struct vpci_results results;
    marked_text(&first, NULL);
    if (!vpci_results_read_bytes(&results, "name", first.bytes, first.length, reason))
        fail_msg("%s", reason);
    assert_true(results.sealed);
    assert_int_equal(results.header.expectation_count, 5);
    assert_string_equal(results.header.expectations[4].cause, "garbage");
    assert_string_equal(results.header.expect_date, "2026-11-21");
    assert_int_equal(results.header.dispute_count, 1);
    assert_int_equal(results.header.disputes[0].dispute, VPCI_DISPUTE_CONTESTED);
    for (uint32_t i = 0; i < MARKED_CASES; i++)
        assert_int_equal(results.cases[i].expected, states[i]);
    assert_int_equal(results.cases[3].expectation, 3);
    assert_int_equal(results.cases[5].dispute, VPCI_DISPUTE_CONTESTED);
    assert_true(results.cases[6].probe);
    assert_int_equal(results.footer.disputed, 1);
    vpci_print_header(&second, &results.header);
    for (uint32_t i = 0; i < results.case_count; i++)
        vpci_print_case(&second, &results.cases[i]);
    vpci_print_footer(&second, &results.footer);
    assert_string_equal(first.bytes, second.bytes);
    vpci_results_free(&results);
    vpci_text_free(&first);
    vpci_text_free(&second);
}

/* Method: one change to a file that is otherwise in order. The seal is made anew for changes above the
 * footer, so that it is not the seal that finds them. */
static void a_mark_that_does_not_follow_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *place, *why;
    } changes[] = {
        { "\"model_digest\":\"", "\"model_digest\":\"0", ":1:", "model_digest" },
        { "\"runner_digest\":", "\"runer_digest\":", ":1:", "runer_digest" },
        { "\"profile_digest\":\"", "\"profile_digest\":\"x", ":1:", "profile_digest" },
        { "\"errata\":{\"digest\":", "\"errata\":{\"digst\":", ":1:", "digst" },
        { "\"state\":\"contested\"", "\"state\":\"doubted\"", ":1:", "state" },
        { "\"state\":\"contested\"", "\"state\":\"\"", ":1:", "state" },
        { "\"date\":\"2026-01-31\"", "\"date\":\"2026-02-31\"", ":1:", "date" },
        { "\"date\":\"2026-11-21\"", "\"date\":\"today\"", ":1:", "date" },
        { "\"expires\":\"2027-01-31\"", "\"expires\":\"2027-13-31\"", ":1:", "expires" },
        { "\"owner\":\"o\"", "\"owner\":7", ":1:", "owner" },
        { "\"requirement\":\"RD-02\"", "\"requirement\":\"RD-99\"", ":1:", "RD-99" },
        { "\"expected\":{\"state\":\"as_expected\",\"entry\":0}",
          "\"expected\":{\"state\":\"as_expected\",\"entry\":5}", ":2:", "the header has 5" },
        { "\"expected\":{\"state\":\"as_expected\",\"entry\":0}",
          "\"expected\":{\"state\":\"as_expected\",\"entry\":1}", ":2:", "does not name the case" },
        { "\"expected\":{\"state\":\"as_expected\",\"entry\":0}",
          "\"expected\":{\"state\":\"expired\",\"entry\":0}", ":2:", "not what entry 0 says" },
        { "\"expected\":{\"state\":\"fails_otherwise\",\"entry\":1}",
          "\"expected\":{\"state\":\"as_expected\",\"entry\":1}", ":3:", "not what entry 1 says" },
        { "\"expected\":{\"state\":\"unexpected_pass\"", "\"expected\":{\"state\":\"as_expected\"",
          ":4:", "does not fit the verdict" },
        { "\"expected\":{\"state\":\"expired\",\"entry\":3}",
          "\"expected\":{\"state\":\"as_expected\",\"entry\":3}", ":5:", "not what entry 3 says" },
        { "\"expected\":{\"state\":\"expired\",\"entry\":3}",
          "\"expected\":{\"state\":\"expired\",\"entry\":3,\"why\":1}", ":5:", "why" },
        { ",\"dispute\":\"contested\"", ",\"dispute\":\"withdrawn\"", ":7:", "dispute" },
        { ",\"dispute\":\"contested\"", "", ":7:", "dispute" },
        { ",\"dispute\":\"contested\"",
          ",\"expected\":{\"state\":\"as_expected\",\"entry\":0},\"dispute\":\"contested\"",
          ":7:", "held to nothing" },
        { "\"probe\":true", "\"probe\":false", ":8:", "probe" },
        { "\"expected\":{\"as_expected\":1", "\"expected\":{\"as_expected\":2",
          ":9:", "expected/as_expected" },
        { "\"stale\":1", "\"stale\":0", ":9:", "expected/stale" },
        { "\"disputed\":1", "\"disputed\":0", ":9:", "disputed" },
        { "\"RM-01\":{\"verdict\":\"not_applicable\",\"exercised\":0,\"failed\":0,\"warned\":0",
          "\"RM-01\":{\"verdict\":\"not_applicable\",\"exercised\":0,\"failed\":0,\"warned\":0,\"probed\":"
          "false",
          ":9:", "probed" },
        { "\"QI-01\":{\"verdict\":\"not_exercised\",\"exercised\":0,\"failed\":0,\"warned\":0",
          "\"QI-01\":{\"verdict\":\"not_exercised\",\"exercised\":0,\"failed\":0,\"warned\":0,\"probed\":"
          "true",
          ":9:", "probed" },
        { "\"transcripts_sha256\":\"\"", "\"transcripts_sha256\":\"0\"", ":9:", "transcripts_sha256" },
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct vpci_text text = { 0 }, changed = { 0 };
        struct vpci_results results;
        marked_text(&text, NULL);
        const char *at = strstr(text.bytes, changes[i].from);
        if (at == NULL)
            fail_msg("%s is nowhere", changes[i].from);
        vpci_text_add_bytes(&changed, text.bytes, (size_t)(at - text.bytes));
        vpci_text_add(&changed, changes[i].to);
        vpci_text_add(&changed, at + strlen(changes[i].from));
        if (vpci_results_read_bytes(&results, "name", changed.bytes, changed.length, reason))
            fail_msg("taken: %s", changes[i].to);
        if (strstr(reason, changes[i].place) == NULL || strstr(reason, changes[i].why) == NULL)
            fail_msg("\"%s\" does not name %s and %s", reason, changes[i].place, changes[i].why);
        vpci_text_free(&text);
        vpci_text_free(&changed);
    }
}

/* ---- the verdict of a run ---- */

struct counting {
    struct vpci_results_header header;
    struct vpci_results_footer footer;
};

static void count(struct counting *counting, enum vpci_case_verdict verdict, enum vpci_expected expected,
                  uint32_t entry)
{
    const struct vpci_case_result result = { .verdict = verdict, .expected = expected, .expectation = entry };
    vpci_results_tally(&counting->footer, &result);
}

static enum vpci_run_verdict conclude(struct counting *counting)
{
    static const struct vpci_applicability nothing = { 0 };
    vpci_results_conclude(&counting->footer, &counting->header, &nothing);
    return counting->footer.verdict;
}

static void only_what_fails_as_expected_is_excused(void **state)
{
    (void)state;
    static const struct {
        enum vpci_case_verdict verdict;
        enum vpci_expected expected;
        enum vpci_run_verdict run;
    } rows[] = {
        { VPCI_CASE_FAIL, VPCI_EXPECTED_AS_EXPECTED, VPCI_RUN_AS_EXPECTED },
        { VPCI_CASE_INCONCLUSIVE, VPCI_EXPECTED_AS_EXPECTED, VPCI_RUN_AS_EXPECTED },
        { VPCI_CASE_ERROR, VPCI_EXPECTED_AS_EXPECTED, VPCI_RUN_AS_EXPECTED },
        { VPCI_CASE_FAIL, VPCI_EXPECTED_FAILS_OTHERWISE, VPCI_RUN_VIOLATION },
        { VPCI_CASE_FAIL, VPCI_EXPECTED_EXPIRED, VPCI_RUN_VIOLATION },
        { VPCI_CASE_FAIL, VPCI_EXPECTED_NOT, VPCI_RUN_VIOLATION },
        { VPCI_CASE_ERROR, VPCI_EXPECTED_EXPIRED, VPCI_RUN_INCONCLUSIVE },
        { VPCI_CASE_INCONCLUSIVE, VPCI_EXPECTED_FAILS_OTHERWISE, VPCI_RUN_INCONCLUSIVE },
        { VPCI_CASE_PASS, VPCI_EXPECTED_UNEXPECTED_PASS, VPCI_RUN_INCONCLUSIVE },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct counting counting = { .header = { .expectation_count = 1 } };
        count(&counting, VPCI_CASE_PASS, VPCI_EXPECTED_NOT, 0);
        count(&counting, rows[i].verdict, rows[i].expected, 0);
        if (rows[i].expected == VPCI_EXPECTED_NOT)
            counting.header.expectation_count = 0;
        if (conclude(&counting) != rows[i].run)
            fail_msg("row %zu: %s", i, vpci_run_verdict_name[counting.footer.verdict]);
    }
}

static void an_entry_that_no_case_bears_out_is_stale(void **state)
{
    (void)state;
    struct counting counting = { .header = { .expectation_count = 3 } };
    count(&counting, VPCI_CASE_PASS, VPCI_EXPECTED_NOT, 0);
    count(&counting, VPCI_CASE_FAIL, VPCI_EXPECTED_AS_EXPECTED, 1);
    assert_int_equal(conclude(&counting), VPCI_RUN_INCONCLUSIVE);
    assert_int_equal(counting.footer.stale, 2);
    snprintf(counting.header.selection, sizeof counting.header.selection, "direct/*");
    assert_int_equal(conclude(&counting), VPCI_RUN_AS_EXPECTED); /* their cases may not be selected */
    assert_int_equal(counting.footer.stale, 0);
}

static void nothing_but_expected_failures_shows_nothing(void **state)
{
    (void)state;
    struct counting counting = { .header = { .expectation_count = 1 } };
    count(&counting, VPCI_CASE_FAIL, VPCI_EXPECTED_AS_EXPECTED, 0);
    assert_int_equal(conclude(&counting), VPCI_RUN_INCONCLUSIVE);
}

static void a_case_in_dispute_counts_for_nothing(void **state)
{
    (void)state;
    struct vpci_results_footer footer = { 0 };
    struct vpci_text text = { 0 };
    marked_text(&text, &footer);
    assert_int_equal(footer.disputed, 1);
    assert_int_equal(footer.cases[VPCI_CASE_FAIL], 3);
    assert_int_equal(footer.requirements[VPCI_RD_03].exercised, 0);
    assert_int_equal(footer.requirements[VPCI_RD_03].verdict, VPCI_REQUIREMENT_NOT_EXERCISED_VERDICT);
    assert_int_equal(footer.requirements[VPCI_RD_01].failed, 3);
    vpci_text_free(&text);
}

/* A run in which only probes passed shows that nothing is claimed, and not that anything conforms. */
static void probes_alone_do_not_make_a_run_conform(void **state)
{
    (void)state;
    struct counting counting = { 0 };
    const struct vpci_case_result probe = { .verdict = VPCI_CASE_PASS, .probe = true };
    vpci_results_tally(&counting.footer, &probe);
    assert_int_equal(conclude(&counting), VPCI_RUN_INCONCLUSIVE);
    count(&counting, VPCI_CASE_PASS, VPCI_EXPECTED_NOT, 0);
    assert_int_equal(conclude(&counting), VPCI_RUN_CONFORMS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_are_read_back_as_they_were_written),
        cmocka_unit_test(a_mark_that_does_not_follow_is_refused),
        cmocka_unit_test(only_what_fails_as_expected_is_excused),
        cmocka_unit_test(an_entry_that_no_case_bears_out_is_stale),
        cmocka_unit_test(nothing_but_expected_failures_shows_nothing),
        cmocka_unit_test(a_case_in_dispute_counts_for_nothing),
        cmocka_unit_test(probes_alone_do_not_make_a_run_conform),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
