/* SPDX-License-Identifier: MIT */
/* tests/unit/test_report_marks.c - what was expected and what is disputed: shown in every report with what
 * belongs to it, excused where it counts for nothing, red where it does not hold. */
#include "tests/unit/report_kit.h"

#include "reports/summary.h"

enum { MARKED_CASES = 8 };

static const struct vpci_expectation entries[] = {
    { "direct/reads*", "known since spring", "ann", "tracker/1", "2027-01-31", VPCI_CASE_FAIL, VPCI_RD_02,
      "" },
    { "direct/late*", "was to be mended", "bob", "tracker/2", "2026-01-31", VPCI_CASE_FAIL, VPCI_RD_02, "" },
    { "direct/gone", "mended long ago", "eve", "tracker/3", "2027-01-31", VPCI_CASE_FAIL, VPCI_RD_02, "" },
    { "direct/other", "was another fault", "ida", "tracker/5", "2027-01-31", VPCI_CASE_FAIL, VPCI_RD_01, "" },
    { "direct/never", "of a scenario that left", "joe", "tracker/4", "2027-01-31", VPCI_CASE_ERROR,
      VPCI_REQUIREMENT_NONE, "" },
};
static const struct vpci_disputed disputes[] = {
    { "ioctl/argued", VPCI_DISPUTE_CONTESTED, "the page reads otherwise", "2026-05-01" },
};

/* Two failures as expected, one that is late, one in another way, one that passes, one in dispute, passes. */
static void mark_cases(struct vpci_case_result cases[MARKED_CASES], struct vpci_results_header *header)
{
    static const struct {
        const char *name, *scenario;
        bool fails;
        enum vpci_expected expected;
        uint32_t entry;
    } rows[MARKED_CASES] = {
        { "direct/gone", "direct/gone", false, VPCI_EXPECTED_UNEXPECTED_PASS, 2 },
        { "direct/late", "direct/late", true, VPCI_EXPECTED_EXPIRED, 1 },
        { "direct/other", "direct/other", true, VPCI_EXPECTED_FAILS_OTHERWISE, 3 },
        { "direct/reads[length=1]", "direct/reads", true, VPCI_EXPECTED_AS_EXPECTED, 0 },
        { "direct/reads[length=2]", "direct/reads", true, VPCI_EXPECTED_AS_EXPECTED, 0 },
        { "direct/writes", "direct/writes", false, VPCI_EXPECTED_NOT, 0 },
        { "ioctl/argued", "ioctl/argued", true, VPCI_EXPECTED_NOT, 0 },
        { "ioctl/works", "ioctl/works", false, VPCI_EXPECTED_NOT, 0 },
    };
    memset(cases, 0, MARKED_CASES * sizeof *cases);
    for (uint32_t i = 0; i < MARKED_CASES; i++) {
        cases[i].index = i;
        cases[i].name = rows[i].name;
        cases[i].scenario = rows[i].scenario;
        if (rows[i].fails)
            sample_fail(&cases[i], i % 2);
        else
            sample_exercise(&cases[i]);
        cases[i].expected = rows[i].expected;
        cases[i].expectation = rows[i].entry;
    }
    cases[6].dispute = VPCI_DISPUTE_CONTESTED;
    *header = sample_header();
    header->expectations = entries;
    header->expectation_count = sizeof entries / sizeof entries[0];
    vpci_digest_of_bytes("expect", 6, header->expect_digest);
    snprintf(header->expect_date, sizeof header->expect_date, "2026-06-01");
    header->disputes = disputes;
    header->dispute_count = 1;
}

/* The marked run in one format. Only the cases from first on, count of them. */
static void render_part(struct vpci_text *text, const char *format, uint32_t first, uint32_t count)
{
    struct vpci_case_result cases[MARKED_CASES];
    struct vpci_results_header header;
    struct vpci_results results;
    mark_cases(cases, &header);
    for (uint32_t i = 0; i < count; i++)
        cases[first + i].index = i;
    if (count < MARKED_CASES)
        snprintf(header.selection, sizeof header.selection, "direct/*");
    read_run(&results, header, cases + first, count, 0);
    vpci_report_format_from_name(format)->render(text, &results, catalogue);
    vpci_results_free(&results);
}

static void only_what_counts_is_a_finding(void **state)
{
    (void)state;
    struct vpci_case_result cases[MARKED_CASES];
    struct vpci_results_header header;
    struct vpci_results results;
    struct vpci_summary summary;
    mark_cases(cases, &header);
    read_run(&results, header, cases, MARKED_CASES, 0);
    vpci_summary_make(&summary, &results, catalogue);
    assert_int_equal(summary.violation_count, 1);
    assert_int_equal(summary.violations[0].cases, 2); /* the late one and the other one */
    assert_int_equal(summary.expected_count, 4);
    assert_int_equal(summary.expected[0].cases, 2);
    assert_int_equal(summary.expected[0].expected, VPCI_EXPECTED_AS_EXPECTED);
    assert_string_equal(summary.expected[0].shortest->name, "direct/reads[length=1]");
    assert_int_equal(summary.disputed_count, 1);
    assert_ptr_equal(summary.disputed[0].entry, &results.header.disputes[0]);
    for (uint32_t i = 0; i < header.expectation_count; i++)
        assert_int_equal(vpci_summary_is_stale(&summary, i), i == 4);
    assert_null(vpci_summary_problem(&summary));
    vpci_summary_free(&summary);
    vpci_results_free(&results);
}

static void people_are_told_who_expects_what_and_why(void **state)
{
    (void)state;
    static const char *const words[] = {
        "known since spring", "ann",      "tracker/1", "2027-01-31",   "bob",
        "2026-01-31",         "eve",      "joe",       "direct/never", "the page reads",
        "2026-05-01",         "contested"
    };
    static const char *const formats[] = { "console", "markdown" };
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        struct vpci_text text = { 0 };
        render_part(&text, formats[i], 0, MARKED_CASES);
        for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
            assert_has(&text, words[k]);
        assert_has(&text, "2 as expected, 1 failing otherwise, 1 unexpected pass, 1");
        assert_has(&text, "1 stale");
        assert_has(&text, "level 1, 1 case in dispute is not counted");
        assert_has(&text, "their cases were played and do not count");
        vpci_text_free(&text);
    }
}

static void a_run_as_expected_says_so_and_is_no_proof(void **state)
{
    (void)state;
    struct vpci_text text = { 0 };
    render_part(&text, "console", 3, 3);
    assert_int_equal(strncmp(text.bytes, "AS EXPECTED  sample", 19), 0);
    assert_has(&text, "Conformance: there are failures, which are as expected.");
    assert_lacks(&text, "Findings:");
    vpci_text_clear(&text);
    render_part(&text, "shields", 3, 3);
    assert_string_equal(text.bytes,
                        "{\"schemaVersion\":1,\"label\":\"vpci-conform\",\"message\":\"as expected (a "
                        "part), 1 passed, 2 as expected\",\"color\":\"yellow\"}\n");
    vpci_text_clear(&text);
    render_part(&text, "sarif", 3, 3);
    assert_has(&text, "\"executionSuccessful\":true,\"exitCode\":0");
    assert_int_equal(count_of(&text, "\"suppressions\":[{\"kind\":\"external\",\"status\":\"accepted\""), 1);
    assert_has(&text, "expected until 2027-01-31: known since spring (ann, tracker/1)");
    vpci_text_free(&text);
}

static void junit_skips_what_is_excused_and_fails_what_passes_unexpectedly(void **state)
{
    (void)state;
    struct vpci_text text = { 0 };
    render_part(&text, "junit", 0, MARKED_CASES);
    assert_int_equal(count_of(&text, "<failure "), 3);
    assert_int_equal(count_of(&text, "<skipped "), 3);
    assert_has(&text, "<failure type=\"unexpected_pass\" message=\"does not fail, though expected to until "
                      "2027-01-31: mended long ago (eve, tracker/3)\">");
    assert_has(&text,
               "<skipped type=\"as_expected\" message=\"expected until 2027-01-31: known since spring");
    assert_has(&text, "<skipped type=\"contested\" message=\"not counted, contested 2026-05-01: the page");
    assert_has(&text, "<failure type=\"RD-02\" message=\"fails as was expected until 2026-01-31: was to be");
    assert_has(&text, "tests=\"6\" failures=\"3\" errors=\"0\" skipped=\"2\"");
    vpci_text_free(&text);
}

static void tap_has_todo_points_for_what_is_excused(void **state)
{
    (void)state;
    struct vpci_text text = { 0 };
    render_part(&text, "tap", 0, MARKED_CASES);
    assert_int_equal(strncmp(text.bytes, "TAP version 14\n1..8\n", 20), 0);
    assert_has(&text, "\nnot ok 1 - direct/gone\n  ---\n  verdict: pass\n  mark: \"does not fail");
    assert_has(&text, "\nnot ok 2 - direct/late\n");
    assert_has(&text,
               "\nnot ok 4 - direct/reads[length=1] # TODO expected until 2027-01-31: known since spring");
    assert_has(&text, "\nok 6 - direct/writes\n");
    assert_has(&text, "\nnot ok 7 - ioctl/argued # TODO not counted, contested 2026-05-01: the page reads");
    assert_int_equal(count_of(&text, " # TODO "), 3);
    assert_lacks(&text, "Bail out!");
    vpci_text_free(&text);
}

static void names_are_no_directives_of_tap(void **state)
{
    (void)state;
    struct vpci_case_result cases[SAMPLE_CASES];
    struct vpci_results results;
    struct vpci_text text = { 0 };
    sample_cases(cases);
    cases[2].index = 0;
    cases[2].name = "a # TODO b \\ # SKIP\nok 2";
    read_cases(&results, &cases[2], 1, 0);
    vpci_tap_render(&text, &results, catalogue);
    assert_has(&text, "\nnot ok 1 - a \\# TODO b \\\\ \\# SKIP?ok 2\n  ---\n");
    vpci_results_free(&results);
    vpci_text_free(&text);
}

static void words_are_no_links_and_no_places_of_sarif(void **state)
{
    (void)state;
    struct vpci_case_result cases[SAMPLE_CASES];
    struct vpci_results results;
    struct vpci_text text = { 0 };
    sample_cases(cases);
    cases[2].index = 0;
    cases[2].finding.reason = "[a](1) {0} b\\c";
    read_cases(&results, &cases[2], 1, 0);
    vpci_sarif_render(&text, &results, catalogue);
    assert_has(&text, "\"message\":{\"text\":\"\\\\[a\\\\](1) {{0}} b\\\\\\\\c; allowed: ");
    vpci_results_free(&results);
    vpci_text_free(&text);
}

/* Method: a run of which only the entry of --expect is wrong. */
static void a_stale_expectation_alone_is_red(void **state)
{
    (void)state;
    struct vpci_case_result cases[MARKED_CASES];
    struct vpci_results_header header;
    struct vpci_results results;
    struct vpci_text text = { 0 };
    mark_cases(cases, &header);
    cases[5].index = 0;
    header.expectations = &entries[4];
    header.expectation_count = 1;
    read_run(&results, header, &cases[5], 1, 0);
    assert_int_equal(results.footer.verdict, VPCI_RUN_INCONCLUSIVE);
    vpci_junit_render(&text, &results, catalogue);
    assert_has(&text,
               "<error type=\"inconclusive\" message=\"an expectation is stale: no case is held to it\">");
    vpci_text_clear(&text);
    vpci_tap_render(&text, &results, catalogue);
    assert_has(&text, "1..2\n");
    assert_has(&text, "\nnot ok 2 - the run has a verdict\n");
    vpci_text_clear(&text);
    vpci_sarif_render(&text, &results, catalogue);
    assert_has(&text, "\"exitCode\":2");
    assert_has(&text, "no case is held to the expectation of direct/never");
    vpci_results_free(&results);
    vpci_text_free(&text);
}

static void a_torn_run_bails_out_and_was_no_success(void **state)
{
    (void)state;
    struct vpci_case_result cases[MARKED_CASES];
    struct vpci_results_header header;
    struct vpci_results results;
    struct vpci_text text = { 0 };
    mark_cases(cases, &header);
    header.expectation_count = 0;
    header.expect_digest[0] = '\0';
    header.expect_date[0] = '\0';
    cases[5].index = 0;
    read_run(&results, header, &cases[5], 1, 0);
    const size_t cut = results.whole_bytes - 10;
    vpci_results_free(&results);
    read_run(&results, header, &cases[5], 1, cut);
    vpci_tap_render(&text, &results, catalogue);
    assert_has(&text, "\nok 1 - direct/writes\nBail out! the results file is torn\n");
    vpci_text_clear(&text);
    vpci_sarif_render(&text, &results, catalogue);
    assert_has(&text, "\"executionSuccessful\":false,\"exitCode\":2");
    vpci_text_clear(&text);
    vpci_badge_render(&text, &results, catalogue);
    assert_has(&text, "inconclusive (torn), 1 passed");
    vpci_results_free(&results);
    vpci_text_free(&text);
}

/* Method: names of scenarios, as a hostile file may have them, that lead out of the corpus. */
static void no_place_of_a_finding_lies_outside_of_the_corpus(void **state)
{
    (void)state;
    static const struct {
        const char *scenario, *uri; /* NULL: no place */
    } rows[] = {
        { "direct/reads", "\"uri\":\"corpus/scenarios/direct/reads.json\"" },
        { "a b/c%d#e?f", "\"uri\":\"corpus/scenarios/a%20b/c%25d%23e%3Ff.json\"" },
        { "..a/b..", "\"uri\":\"corpus/scenarios/..a/b...json\"" },
        { "../../etc/passwd", NULL },
        { "a/../../b", NULL },
        { "a/./b", NULL },
        { "/etc/passwd", NULL },
        { "a//b", NULL },
        { "a/", NULL },
        { "..", NULL },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct vpci_case_result cases[SAMPLE_CASES];
        struct vpci_results results;
        struct vpci_text text = { 0 };
        sample_cases(cases);
        cases[2].index = 0;
        cases[2].scenario = rows[i].scenario;
        read_cases(&results, &cases[2], 1, 0);
        vpci_sarif_render(&text, &results, catalogue);
        assert_has(&text, rows[i].uri != NULL ? rows[i].uri : "\"logicalLocations\"");
        assert_int_equal(count_of(&text, "\"physicalLocation\"") > 0, rows[i].uri != NULL);
        vpci_results_free(&results);
        vpci_text_free(&text);
    }
}

/* Method: a failure after 5,000 events, and one at the end of the trace. */
static void the_flow_of_a_finding_is_bounded_and_keeps_it(void **state)
{
    (void)state;
    enum { COUNT = 5000 };
    static struct vpci_event trace[COUNT];
    static const uint32_t places[] = { 0, 50, 2500, COUNT - 1, COUNT };
    for (int i = 0; i < COUNT; i++)
        trace[i] = sample_trace[0];
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct vpci_case_result cases[SAMPLE_CASES];
        struct vpci_results results;
        struct vpci_text text = { 0 };
        char order[64];
        sample_cases(cases);
        cases[2].index = 0;
        cases[2].trace = trace;
        cases[2].trace_count = COUNT;
        cases[2].finding.event = places[i];
        read_cases(&results, &cases[2], 1, 0);
        vpci_sarif_render(&text, &results, catalogue);
        snprintf(order, sizeof order, "\"executionOrder\":%u,\"importance\":\"essential\"", places[i] + 1);
        assert_has(&text, order);
        assert_int_equal(count_of(&text, "\"essential\""), 1);
        assert_true(count_of(&text, "\"executionOrder\"") <= 1000);
        vpci_results_free(&results);
        vpci_text_free(&text);
    }
}

/* Method: a footer, as the runner writes it, of which one requirement was tried and another was not. */
static void a_refusal_that_was_seen_is_told_from_one_that_is_declared(void **state)
{
    (void)state;
    struct vpci_case_result cases[SAMPLE_CASES];
    struct vpci_results results;
    struct vpci_text text = { 0 };
    sample_cases(cases);
    read_cases(&results, cases, 2, 0);
    results.footer.requirements[VPCI_RM_01].verdict = VPCI_REQUIREMENT_NOT_APPLICABLE_VERDICT;
    results.footer.requirements[VPCI_RM_01].probed = true;
    results.footer.requirements[VPCI_RS_01].verdict = VPCI_REQUIREMENT_NOT_APPLICABLE_VERDICT;
    results.footer.requirements[VPCI_RS_02].verdict = VPCI_REQUIREMENT_NOT_APPLICABLE_VERDICT;
    vpci_markdown_render(&text, &results, catalogue);
    assert_has(&text, "whose refusal was seen: RM-01.");
    assert_has(&text, "declared only, nothing tried it: RS-01, RS-02.");
    vpci_results_free(&results);
    vpci_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_counts_is_a_finding),
        cmocka_unit_test(people_are_told_who_expects_what_and_why),
        cmocka_unit_test(a_run_as_expected_says_so_and_is_no_proof),
        cmocka_unit_test(junit_skips_what_is_excused_and_fails_what_passes_unexpectedly),
        cmocka_unit_test(tap_has_todo_points_for_what_is_excused),
        cmocka_unit_test(names_are_no_directives_of_tap),
        cmocka_unit_test(words_are_no_links_and_no_places_of_sarif),
        cmocka_unit_test(a_stale_expectation_alone_is_red),
        cmocka_unit_test(a_torn_run_bails_out_and_was_no_success),
        cmocka_unit_test(no_place_of_a_finding_lies_outside_of_the_corpus),
        cmocka_unit_test(the_flow_of_a_finding_is_bounded_and_keeps_it),
        cmocka_unit_test(a_refusal_that_was_seen_is_told_from_one_that_is_declared),
    };
    return cmocka_run_group_tests(tests, make_catalogue, free_catalogue);
}
