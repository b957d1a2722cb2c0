/* SPDX-License-Identifier: MIT */
/* tests/unit/test_marks.c - expectations and disputes: read strictly, put on the case that they are about,
 * and counted so that nothing is excused that nobody excused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "harness/marks.h"
#include "tests/unit/sample_results.h"

#define ENTRY(members) "{\"format\":1,\"expectations\":[{" members "}]}"
#define WHO            "\"reason\":\"r\",\"owner\":\"o\",\"issue\":\"i\",\"expires\":\"2027-01-31\""
#define FAILS          "\"cases\":\"a/b\",\"verdict\":\"fail\","

static char error[VPCI_ERROR_BYTES];

static bool load_expectations(struct vpci_expectations *expectations, const char *text)
{
    const char *path = sample_file(text, strlen(text));
    const bool fine = vpci_expectations_load(expectations, path, "2026-11-21", error);
    unlink(path);
    return fine;
}

static void a_file_of_expectations_is_read_whole(void **state)
{
    (void)state;
    struct vpci_expectations read;
    assert_true(load_expectations(&read, "{\"format\":1,\"expectations\":[{" FAILS
                                         "\"requirement\":\"RD-01\",\"cause\":\"crash\"," WHO
                                         "},{\"cases\":\"*\",\"verdict\":\"inconclusive\"," WHO "}]}"));
    assert_int_equal(read.count, 2);
    assert_string_equal(read.entries[0].cases, "a/b");
    assert_string_equal(read.entries[0].reason, "r");
    assert_string_equal(read.entries[0].owner, "o");
    assert_string_equal(read.entries[0].issue, "i");
    assert_string_equal(read.entries[0].expires, "2027-01-31");
    assert_string_equal(read.entries[0].cause, "crash");
    assert_int_equal(read.entries[0].verdict, VPCI_CASE_FAIL);
    assert_int_equal(read.entries[0].requirement, VPCI_RD_01);
    assert_string_equal(read.entries[1].cause, "");
    assert_int_equal(read.entries[1].requirement, VPCI_REQUIREMENT_NONE);
    assert_string_equal(read.date, "2026-11-21");
    assert_int_equal(strlen(read.digest), 64);
    vpci_expectations_free(&read);
    assert_true(load_expectations(&read, "{\"format\":1,\"expectations\":[]}"));
    assert_int_equal(read.count, 0);
    vpci_expectations_free(&read);
}

static void a_mistake_in_expectations_is_named_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } mistakes[] = {
        { "", "line 1" },
        { "[]", ": not a JSON object" },
        { "{\"expectations\":[]}", ": format: " },
        { "{\"format\":2,\"expectations\":[]}", ": format: 1 is wanted" },
        { "{\"format\":1}", ": expectations: an array is wanted" },
        { "{\"format\":1,\"expectations\":{}}", ": expectations: an array is wanted" },
        { "{\"format\":1,\"expectations\":[],\"more\":1}", ": \"more\" is not a member" },
        { "{\"format\":1,\"expectations\":[],\"expectations\":[]}", "twice" },
        { "{\"format\":1,\"expectations\":[7]}", ": /expectations/0: not a JSON object" },
        { ENTRY(FAILS WHO ",\"until\":1"), ": /expectations/0: \"until\" is not a member" },
        { ENTRY("\"verdict\":\"fail\"," WHO), ": /expectations/0/cases: a string is wanted" },
        { ENTRY("\"cases\":\" \",\"verdict\":\"fail\"," WHO), ": /expectations/0/cases: empty" },
        { ENTRY("\"cases\":\"a\"," WHO), ": /expectations/0/verdict: " },
        { ENTRY("\"cases\":\"a\",\"verdict\":\"pass\"," WHO), ": /expectations/0/verdict: \"fail\"" },
        { ENTRY("\"cases\":\"a\",\"verdict\":\"skipped\"," WHO), ": /expectations/0/verdict: \"fail\"" },
        { ENTRY("\"cases\":\"a\",\"verdict\":\"bad\"," WHO), ": /expectations/0/verdict: " },
        { ENTRY(FAILS "\"requirement\":\"RD-99\"," WHO), ": /expectations/0/requirement: " },
        { ENTRY(FAILS "\"requirement\":null," WHO), ": /expectations/0/requirement: " },
        { ENTRY("\"cases\":\"a\",\"verdict\":\"error\",\"requirement\":\"RD-01\"," WHO),
          "only a case that fails blames one" },
        { ENTRY(FAILS "\"cause\":\"garbage\"," WHO), ": /expectations/0/cause: " },
        { ENTRY(FAILS "\"cause\":\"\"," WHO), ": /expectations/0/cause: " },
        { ENTRY("\"cases\":\"a\",\"verdict\":\"error\",\"cause\":\"crash\"," WHO), "/cause: " },
        { ENTRY(FAILS "\"owner\":\"o\",\"issue\":\"i\",\"expires\":\"2027-01-31\""), "/0/reason: " },
        { ENTRY(FAILS "\"reason\":\"r\",\"issue\":\"i\",\"expires\":\"2027-01-31\""), "/0/owner: " },
        { ENTRY(FAILS "\"reason\":\"r\",\"owner\":\"o\",\"expires\":\"2027-01-31\""), "/0/issue: " },
        { ENTRY(FAILS "\"reason\":\"r\",\"owner\":\"o\",\"issue\":\"\\t\",\"expires\":\"2027-01-31\""),
          "/0/issue: empty" },
        { ENTRY(FAILS "\"reason\":\"r\",\"owner\":\"o\",\"issue\":\"i\""), "/0/expires: " },
        { ENTRY(FAILS "\"reason\":\"r\",\"owner\":\"o\",\"issue\":\"i\",\"expires\":\"2027-02-29\""),
          "/0/expires: \"2027-02-29\" is not a day" },
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct vpci_expectations read;
        if (load_expectations(&read, mistakes[i].text))
            fail_msg("taken: %s", mistakes[i].text);
        if (strstr(error, mistakes[i].why) == NULL)
            fail_msg("\"%s\" does not say %s", error, mistakes[i].why);
    }
}

static void a_pattern_without_end_and_a_list_without_end_are_refused(void **state)
{
    (void)state;
    struct vpci_expectations read;
    struct vpci_text text = { 0 };
    vpci_text_add(&text, "{\"format\":1,\"expectations\":[{\"verdict\":\"fail\"," WHO ",\"cases\":\"");
    for (int i = 0; i <= VPCI_PATTERN_BYTES_MAX; i++)
        vpci_text_add(&text, "*");
    vpci_text_add(&text, "\"}]}");
    assert_false(load_expectations(&read, text.bytes));
    assert_non_null(strstr(error, "/expectations/0/cases: longer than 512 bytes"));
    vpci_text_clear(&text);
    vpci_text_add(&text, "{\"format\":1,\"expectations\":[");
    for (int i = 0; i <= VPCI_EXPECTATIONS_MAX; i++)
        vpci_text_addf(&text, "%s{" FAILS WHO "}", i == 0 ? "" : ",");
    vpci_text_add(&text, "]}");
    assert_false(load_expectations(&read, text.bytes));
    assert_non_null(strstr(error, "expectations: more than 1024"));
    vpci_text_free(&text);
}

static void only_days_of_the_calendar_are_days(void **state)
{
    (void)state;
    static const char *const days[] = { "2027-01-31", "2028-02-29", "2000-02-29", "0001-01-01",
                                        "9999-12-31" };
    static const char *const others[] = {
        "",           "2027-02-29", "1900-02-29",  "2027-04-31", "2027-00-10",
        "2027-13-01", "2027-01-00", "2027-1-31",   "0000-01-01", "2027-01-3",
        "2027/01/31", "tomorrow!!", "2027-01-311", "2027-01-32", " 2027-01-3"
    };
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
        assert_true(vpci_date_is_real(days[i]));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (vpci_date_is_real(others[i]))
            fail_msg("\"%s\" is taken for a day", others[i]);
    }
}

/* ---- states ---- */

static struct vpci_expectation entry_for(const char *cases)
{
    return (struct vpci_expectation){ .cases = cases,
                                      .reason = "r",
                                      .owner = "o",
                                      .issue = "i",
                                      .expires = "2027-01-31",
                                      .verdict = VPCI_CASE_FAIL,
                                      .cause = "" };
}

static struct vpci_case_result failed_case(const char *cause, enum vpci_requirement requirement)
{
    return (struct vpci_case_result){ .name = "a/b[length=1]",
                                      .scenario = "a/b",
                                      .verdict = VPCI_CASE_FAIL,
                                      .cause = cause,
                                      .requirement = requirement };
}

static void an_entry_holds_a_case_to_all_that_it_says(void **state)
{
    (void)state;
    struct vpci_expectation entry = entry_for("a/b");
    struct vpci_case_result result = failed_case("violation", VPCI_RD_01);
    assert_int_equal(vpci_expectation_state(&entry, "2027-01-31", &result), VPCI_EXPECTED_AS_EXPECTED);
    assert_int_equal(vpci_expectation_state(&entry, "2027-02-01", &result), VPCI_EXPECTED_EXPIRED);
    entry.requirement = VPCI_RD_01;
    entry.cause = "violation";
    assert_int_equal(vpci_expectation_state(&entry, "2027-01-31", &result), VPCI_EXPECTED_AS_EXPECTED);
    entry.requirement = VPCI_RD_02;
    assert_int_equal(vpci_expectation_state(&entry, "2027-01-31", &result), VPCI_EXPECTED_FAILS_OTHERWISE);
    /* Whether it has expired or not: another failure is news. */
    assert_int_equal(vpci_expectation_state(&entry, "2028-01-01", &result), VPCI_EXPECTED_FAILS_OTHERWISE);
    entry.requirement = VPCI_RD_01;
    entry.cause = "crash";
    assert_int_equal(vpci_expectation_state(&entry, "2027-01-31", &result), VPCI_EXPECTED_FAILS_OTHERWISE);
    result.verdict = VPCI_CASE_ERROR;
    entry.cause = "";
    entry.requirement = VPCI_REQUIREMENT_NONE;
    assert_int_equal(vpci_expectation_state(&entry, "2027-01-31", &result), VPCI_EXPECTED_FAILS_OTHERWISE);
    result.verdict = VPCI_CASE_PASS;
    assert_int_equal(vpci_expectation_state(&entry, "2027-01-31", &result), VPCI_EXPECTED_UNEXPECTED_PASS);
    result.verdict = VPCI_CASE_NOT_APPLICABLE;
    assert_int_equal(vpci_expectation_state(&entry, "2027-01-31", &result), VPCI_EXPECTED_NOT);
    result.verdict = VPCI_CASE_SKIPPED;
    assert_int_equal(vpci_expectation_state(&entry, "2027-01-31", &result), VPCI_EXPECTED_NOT);
}

static void an_entry_names_cases_scenarios_and_patterns(void **state)
{
    (void)state;
    const struct vpci_case_result result = failed_case("violation", VPCI_RD_01);
    static const char *const fit[] = { "a/b[length=1]", "a/b", "a/*", "*", "?/b", "a/b[*" };
    static const char *const unfit[] = { "a", "a/b[length=12]", "a/b[length=", "b", "*c", "a/b?" };
    for (size_t i = 0; i < sizeof fit / sizeof fit[0]; i++) {
        const struct vpci_expectation entry = entry_for(fit[i]);
        assert_true(vpci_expectation_names(&entry, &result));
    }
    for (size_t i = 0; i < sizeof unfit / sizeof unfit[0]; i++) {
        const struct vpci_expectation entry = entry_for(unfit[i]);
        assert_false(vpci_expectation_names(&entry, &result));
    }
}

static void the_first_entry_that_names_a_case_holds_for_it(void **state)
{
    (void)state;
    struct vpci_expectation entries[3] = { entry_for("c/*"), entry_for("a/*"), entry_for("a/b") };
    entries[1].requirement = VPCI_RD_02;
    const struct vpci_expectations expectations = { .entries = entries, .count = 3, .date = "2026-11-21" };
    struct vpci_case_result result = failed_case("violation", VPCI_RD_01);
    vpci_mark_case(&result, &expectations, NULL);
    assert_int_equal(result.expected, VPCI_EXPECTED_FAILS_OTHERWISE); /* the third would excuse it */
    assert_int_equal(result.expectation, 1);
    vpci_mark_case(&result, NULL, NULL);
    assert_int_equal(result.expected, VPCI_EXPECTED_NOT);
    assert_int_equal(result.expectation, 0);
}

static void a_case_in_dispute_is_held_to_nothing(void **state)
{
    (void)state;
    const struct vpci_expectation entries[1] = { entry_for("a/b") };
    const struct vpci_disputed disputed[3] = { { "a/b", VPCI_DISPUTE_CONTESTED, "t", "2026-01-01" },
                                               { "c/d", VPCI_DISPUTE_CONTESTED, "t", "2026-01-01" },
                                               { "a/b", VPCI_DISPUTE_WITHDRAWN, "t", "2026-01-02" } };
    const struct vpci_expectations expectations = { .entries = entries, .count = 1, .date = "2026-11-21" };
    struct vpci_disputes disputes = { .entries = disputed, .count = 3 };
    struct vpci_case_result result = failed_case("violation", VPCI_RD_01);
    vpci_mark_case(&result, &expectations, &disputes);
    assert_int_equal(result.dispute, VPCI_DISPUTE_WITHDRAWN); /* the last entry about a scenario counts */
    assert_int_equal(result.expected, VPCI_EXPECTED_NOT);
    disputes.count = 2;
    vpci_mark_case(&result, &expectations, &disputes);
    assert_int_equal(result.dispute, VPCI_DISPUTE_CONTESTED);
    disputes.count = 0;
    vpci_mark_case(&result, &expectations, &disputes);
    assert_int_equal(result.dispute, VPCI_DISPUTE_NONE);
    assert_int_equal(result.expected, VPCI_EXPECTED_AS_EXPECTED);
}

/* ---- disputes ---- */

#define DISPUTES(entries) "{\"format\":1,\"disputes\":[" entries "]}"
#define DISPUTE(scenario, state, date) \
    "{\"scenario\":\"" scenario "\",\"state\":\"" state "\",\"text\":\"t\",\"date\":\"" date "\"}"

static bool load_disputes(struct vpci_disputes *disputes, const char *text)
{
    static const char scenario[] = "{\"purpose\":\"Something that somebody disputes for a reason.\","
                                   "\"requirements\":[\"RD-01\"],\"steps\":[{\"event\":\"reset\"}]}";
    struct vpci_suite *suite = vpci_suite_load_bytes("a/b", scenario, sizeof scenario - 1, error);
    if (suite == NULL)
        fail_msg("%s", error);
    const char *path = sample_file(text, strlen(text));
    const bool fine = vpci_disputes_load(disputes, path, suite, error);
    unlink(path);
    vpci_suite_free(suite);
    return fine;
}

static void a_file_of_disputes_is_read_whole(void **state)
{
    (void)state;
    struct vpci_disputes read;
    assert_true(load_disputes(&read, DISPUTES(DISPUTE("a/b", "contested", "2026-01-31") "," DISPUTE(
                                         "a/b", "withdrawn", "2026-01-31"))));
    assert_int_equal(read.count, 2);
    assert_string_equal(read.entries[0].scenario, "a/b");
    assert_string_equal(read.entries[0].text, "t");
    assert_string_equal(read.entries[0].date, "2026-01-31");
    assert_int_equal(read.entries[0].dispute, VPCI_DISPUTE_CONTESTED);
    assert_int_equal(read.entries[1].dispute, VPCI_DISPUTE_WITHDRAWN);
    assert_int_equal(strlen(read.digest), 64);
    vpci_disputes_free(&read);
}

static void a_mistake_in_disputes_is_named_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } mistakes[] = {
        { DISPUTES(DISPUTE("a/c", "contested", "2026-01-31")), "/disputes/0/scenario: the suite has no" },
        { DISPUTES(DISPUTE("a/b", "settled", "2026-01-31")), "/disputes/0/state: " },
        { DISPUTES(DISPUTE("a/b", "", "2026-01-31")), "/disputes/0/state: " },
        { DISPUTES(DISPUTE("a/b", "contested", "2026-01-32")), "/disputes/0/date: " },
        { DISPUTES("{\"scenario\":\"a/b\",\"state\":\"contested\",\"date\":\"2026-01-31\"}"), "/0/text: " },
        { DISPUTES("{\"scenario\":\"a/b\",\"state\":\"contested\",\"text\":\"\",\"date\":\"2026-01-31\"}"),
          "/0/text: empty" },
        { DISPUTES("{\"by\":1}"), "/disputes/0: \"by\" is not a member" },
        { DISPUTES(DISPUTE("a/b", "contested", "2026-01-31") "," DISPUTE("a/b", "contested", "2026-01-30")),
          "/disputes/1/date: before that of the entry above" },
        { DISPUTES(DISPUTE("a/b", "withdrawn", "2026-01-31") "," DISPUTE("a/b", "contested", "2026-01-31")),
          "/disputes/1/scenario: it is withdrawn already" },
        { "{\"format\":1,\"expectations\":[]}", "is not a member" },
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct vpci_disputes read;
        if (load_disputes(&read, mistakes[i].text))
            fail_msg("taken: %s", mistakes[i].text);
        if (strstr(error, mistakes[i].why) == NULL)
            fail_msg("\"%s\" does not say %s", error, mistakes[i].why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_of_expectations_is_read_whole),
        cmocka_unit_test(a_mistake_in_expectations_is_named_with_its_place),
        cmocka_unit_test(a_pattern_without_end_and_a_list_without_end_are_refused),
        cmocka_unit_test(only_days_of_the_calendar_are_days),
        cmocka_unit_test(an_entry_holds_a_case_to_all_that_it_says),
        cmocka_unit_test(an_entry_names_cases_scenarios_and_patterns),
        cmocka_unit_test(the_first_entry_that_names_a_case_holds_for_it),
        cmocka_unit_test(a_case_in_dispute_is_held_to_nothing),
        cmocka_unit_test(a_file_of_disputes_is_read_whole),
        cmocka_unit_test(a_mistake_in_disputes_is_named_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
