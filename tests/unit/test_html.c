/* SPDX-License-Identifier: MIT */
/* tests/unit/test_html.c - what of report.html needs no browser to be seen: how strings are escaped, whose
 * lanes a role has, and what is shown of runs that no bundled adapter makes. tests/e2e/test_html.py opens it.
 */
#include "tests/unit/report_kit.h"

#include "reports/history.h"
#include "reports/html_page.h"

static void render(struct vpci_text *text, struct vpci_results *results)
{
    vpci_html_render(text, results, catalogue);
    vpci_results_free(results);
}

static void strings_are_escaped_and_what_does_not_show_is_replaced(void **state)
{
    static const struct {
        const char *string, *text, *json;
    } rows[] = {
        { "", "", "\"\"" },
        { "<a href=\"x\">&'", "&#60;a href=&#34;x&#34;&#62;&#38;&#39;",
          "\"\\u003ca href=\\\"x\\\"\\u003e\\u0026'\"" },
        { "</script><!--", "&#60;/script&#62;&#60;!--", "\"\\u003c/script\\u003e\\u003c!--\"" },
        { "a\nb\x1b[31m\x7f\\", "a?b?[31m?\\", "\"a?b?[31m?\\\\\"" },
        { "\xE2\x80\xAE\xE2\x80\xA8\xEF\xBB\xBF\xC2\xAD\xE2\x80\x8B", "?????", "\"?????\"" },
        { "\xEF\xBF\xBE\xEF\xB7\x90\xF0\x9F\xBF\xBF\xF3\xA0\x80\x81", "????", "\"????\"" },
        { "\xff\xC2\x85 \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80", "?? \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80",
          "\"?? \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80\"" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct vpci_text text = { 0 }, json = { 0 };
        vpci_text_add(&text, "");
        vpci_html_text(&text, rows[i].string);
        vpci_html_json(&json, rows[i].string);
        assert_string_equal(text.bytes, rows[i].text);
        assert_string_equal(json.bytes, rows[i].json);
        vpci_text_free(&text);
        vpci_text_free(&json);
    }
}

static void a_role_has_a_lane_for_each_party_outside_of_it(void **state)
{
    static const char *const lanes[VPCI_ROLE_COUNT] = {
        [VPCI_ROLE_BUS] = "[\"client\",\"bus\",\"pf\",\"kit\"],\"inside\":1}",
        [VPCI_ROLE_STACK] = "[\"client\",\"stack\",\"kit\"],\"inside\":1}",
        [VPCI_ROLE_PF] = "[\"client\",\"vsc\",\"vsp\",\"pf\",\"kit\"],\"inside\":3}",
        [VPCI_ROLE_CLIENT] = "[\"client\",\"vsc\",\"vsp\",\"pf\",\"kit\"],\"inside\":0}",
        [VPCI_ROLE_VSC] = "[\"client\",\"vsc\",\"vsp\",\"pf\",\"kit\"],\"inside\":1}",
        [VPCI_ROLE_VSP] = "[\"client\",\"vsc\",\"vsp\",\"pf\",\"kit\"],\"inside\":2}",
    };
    (void)state;
    for (int role = 0; role < VPCI_ROLE_COUNT; role++) {
        struct vpci_case_result cases[SAMPLE_CASES];
        struct vpci_results results;
        struct vpci_text text = { 0 };
        sample_cases(cases);
        read_cases(&results, cases, SAMPLE_CASES, 0);
        results.header.role = (enum vpci_role)role;
        render(&text, &results);
        assert_has(&text, lanes[role]);
        vpci_text_free(&text);
    }
}

static void what_the_kit_asks_of_a_party_inside_comes_from_the_kit(void **state)
{
    static const struct vpci_event raised = { .kind = VPCI_EVENT_PF_INVALIDATE,
                                              .fields = VPCI_F(VF) | VPCI_F(MASK),
                                              .mask = 2 };
    struct vpci_case_result cases[SAMPLE_CASES];
    struct vpci_results results;
    struct vpci_text text = { 0 };
    (void)state;
    sample_cases(cases);
    cases[2].trace = &raised;
    cases[2].trace_count = 1;
    cases[2].finding.event = 0;
    read_cases(&results, cases, SAMPLE_CASES, 0);
    results.header.role = VPCI_ROLE_STACK;
    render(&text, &results);
    assert_has(&text,
               "{\"total\":1,\"events\":[[0,2,1,\"pf_invalidate\",\"VF 0  pf_invalidate  mask 0x2\",\"\"]]");
    vpci_text_free(&text);
}

static void a_trace_that_was_not_kept_is_told_by_its_length(void **state)
{
    struct vpci_case_result cases[SAMPLE_CASES];
    struct vpci_results results;
    struct vpci_text text = { 0 };
    (void)state;
    sample_cases(cases);
    cases[2].trace = cases[3].trace = NULL;
    cases[2].trace_count = cases[3].trace_count = 5000;
    read_cases(&results, cases, SAMPLE_CASES, 0);
    render(&text, &results);
    assert_has(&text, "the trace of 5000 events was too long to be kept");
    assert_has(&text, "{\"total\":5000,\"events\":[],");
    vpci_text_free(&text);
}

static void refusals_are_told_where_they_were_seen(void **state)
{
    for (int seen = 0; seen < 2; seen++) {
        struct vpci_case_result cases[SAMPLE_CASES];
        struct vpci_results results;
        struct vpci_text text = { 0 };
        sample_cases(cases);
        read_cases(&results, cases, SAMPLE_CASES, 0);
        results.footer.requirements[VPCI_RM_01].probed = seen == 1;
        render(&text, &results);
        assert_int_equal(count_of(&text, "id=\"refusals\""), seen);
        assert_int_equal(count_of(&text, "<p><a href=\"#RM-01\">RM-01</a>.</p>"), seen);
        assert_int_equal(count_of(&text, "was tried although the implementation does not claim it"), seen);
        vpci_text_free(&text);
    }
    (void)state;
}

static void a_history_tells_only_what_changed_from_run_to_run(void **state)
{
    struct vpci_case_result cases[SAMPLE_CASES];
    struct vpci_results results;
    struct vpci_text text = { 0 };
    (void)state;
    sample_cases(cases);
    read_cases(&results, cases, SAMPLE_CASES, 0);
    struct vpci_history_run runs[3];
    for (int i = 0; i < 3; i++)
        runs[i] = (struct vpci_history_run){ .label = i == 0 ? "<first>" : "later",
                                             .header = results.header,
                                             .footer = results.footer,
                                             .sealed = i != 2 };
    runs[1].footer.requirements[VPCI_RD_02].verdict = VPCI_REQUIREMENT_PASS_VERDICT;
    memset(runs[2].header.suite_digest, '0', 64);
    const struct vpci_history history = { .runs = runs, .count = 3 };
    results.history = &history;
    render(&text, &results);
    assert_has(&text, "History: 3 runs, oldest first");
    assert_has(&text, "&#60;first&#62;");
    assert_has(&text, "<a href=\"#RD-02\">RD-02</a> passed, was failed</li></ul>");
    assert_has(&text, "<a href=\"#RD-02\">RD-02</a> failed, was passed</li></ul>");
    assert_int_equal(count_of(&text, " 1 changed</span>"), 2);
    assert_int_equal(count_of(&text, "other suite"), 1);
    assert_int_equal(count_of(&text, "<span class=\"mark\">torn</span>"), 1);
    vpci_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_are_escaped_and_what_does_not_show_is_replaced),
        cmocka_unit_test(a_role_has_a_lane_for_each_party_outside_of_it),
        cmocka_unit_test(what_the_kit_asks_of_a_party_inside_comes_from_the_kit),
        cmocka_unit_test(a_trace_that_was_not_kept_is_told_by_its_length),
        cmocka_unit_test(refusals_are_told_where_they_were_seen),
        cmocka_unit_test(a_history_tells_only_what_changed_from_run_to_run),
    };
    return cmocka_run_group_tests(tests, make_catalogue, free_catalogue);
}
