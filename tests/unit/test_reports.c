/* SPDX-License-Identifier: MIT */
/* tests/unit/test_reports.c - what people and build servers are shown: complete, honest about what is
 * missing, and safe whatever bytes an implementation put into it. */
#include "tests/unit/report_kit.h"

#include "reports/console.h"

static void render_sample(struct vpci_text *text, const char *format)
{
    struct vpci_case_result cases[SAMPLE_CASES];
    struct vpci_results results;
    sample_cases(cases);
    read_cases(&results, cases, SAMPLE_CASES, 0);
    vpci_report_format_from_name(format)->render(text, &results, catalogue);
    vpci_results_free(&results);
}

static void the_console_says_verdict_counts_and_one_finding_for_each_requirement(void **state)
{
    (void)state;
    struct vpci_text text = { 0 };
    render_sample(&text, "console");
    assert_int_equal(strncmp(text.bytes, "VIOLATION  sample 1.0 as bus", 28), 0);
    assert_has(&text,
               "3 passed, 2 failed, 1 inconclusive, 1 error, 1 not applicable, 1 skipped; of 9, 1 with\n"
               "          warnings\n");
    assert_has(&text, "Findings: 1\n");
    assert_has(&text, "Statement of RD-02.");
    assert_has(&text, "case      direct/reads[length=it's]"); /* the shorter of two */
    assert_has(&text, "1 further case\n");
    assert_has(&text, "    2  IUT -> kit  bus -> client   read_return");
    assert_has(&text, "<-- RD-02: the buffer does not hold");
    assert_has(&text, "allowed: exactly the bytes");
    assert_has(&text, "--only 'direct/reads[length=it'\\''s]'\n");
    assert_has(&text, "1 error: garbage");
    assert_has(&text, "What this does not prove");
    assert_has(&text, "1 requirement came up only where no verdict was reached: WD-01.");
    assert_has(&text, "out of sight of any black box at this role: QI-02.");
    assert_lacks(&text, "\x1b");
    vpci_text_free(&text);
}

static void the_console_fits_its_columns_and_shows_no_control_character(void **state)
{
    (void)state;
    struct vpci_text text = { 0 };
    render_sample(&text, "console");
    unsigned column = 0;
    for (size_t i = 0; i < text.length; i++) {
        const unsigned char byte = (unsigned char)text.bytes[i];
        assert_true(byte == '\n' || byte >= 0x20);
        column = byte == '\n' ? 0 : column + ((byte & 0xC0) != 0x80);
        if (column > 100)
            fail_msg("a line is too long, up to: %.*s", (int)(i < 120 ? i : 120),
                     text.bytes + (i < 120 ? 0 : i - 120));
    }
    vpci_text_free(&text);
}

static void colour_is_only_there_when_asked_for(void **state)
{
    (void)state;
    struct vpci_case_result cases[SAMPLE_CASES];
    struct vpci_results results;
    struct vpci_text text = { 0 };
    sample_cases(cases);
    read_cases(&results, cases, SAMPLE_CASES, 0);
    vpci_console_report(&text, &results, catalogue, true);
    assert_int_equal(strncmp(text.bytes, "\x1b[1;31mVIOLATION\x1b[0m", 20), 0);
    vpci_text_clear(&text);
    vpci_console_verdict(&text, &results, catalogue, false);
    assert_int_equal(count_of(&text, "\n"), 3); /* two statements, one of them wrapped */
    vpci_results_free(&results);
    vpci_text_free(&text);
}

/* Method: a run that passed, cut before its footer. */
static void torn_results_never_conform_in_any_format(void **state)
{
    (void)state;
    struct vpci_case_result cases[SAMPLE_CASES];
    struct vpci_results results;
    struct vpci_text text = { 0 }, whole = { 0 };
    sample_cases(cases);
    read_cases(&results, cases, 2, 0);
    assert_int_equal(results.footer.verdict, VPCI_RUN_CONFORMS);
    const size_t cut = results.whole_bytes - 10;
    vpci_console_render(&whole, &results, catalogue);
    assert_int_equal(strncmp(whole.bytes, "CONFORMS", 8), 0);
    vpci_results_free(&results);

    read_cases(&results, cases, 2, cut);
    assert_false(results.sealed);
    vpci_console_render(&text, &results, catalogue);
    assert_int_equal(strncmp(text.bytes, "INCONCLUSIVE", 12), 0);
    assert_has(&text, "torn");
    vpci_text_clear(&text);
    vpci_markdown_render(&text, &results, catalogue);
    assert_int_equal(strncmp(text.bytes, "## INCONCLUSIVE", 15), 0);
    assert_has(&text, "torn");
    vpci_text_clear(&text);
    vpci_junit_render(&text, &results, catalogue);
    assert_has(&text, "<error type=\"inconclusive\" message=\"the results file is torn\">");
    vpci_results_free(&results);
    vpci_text_free(&text);
    vpci_text_free(&whole);
}

/* Method: runs without a pass, which a build server would take for a success because nothing failed. */
static void junit_is_not_green_when_nothing_passed(void **state)
{
    (void)state;
    static const enum vpci_case_verdict verdicts[] = { VPCI_CASE_NOT_APPLICABLE, VPCI_CASE_SKIPPED };
    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
        struct vpci_case_result result = {
            .name = "a/b", .scenario = "a/b", .verdict = verdicts[i], .cause = "c"
        };
        struct vpci_results results;
        struct vpci_text text = { 0 };
        read_cases(&results, &result, 1, 0);
        vpci_junit_render(&text, &results, catalogue);
        assert_int_equal(count_of(&text, "<error "), 1);
        assert_has(&text, "errors=\"1\"");
        vpci_results_free(&results);
        vpci_text_free(&text);
    }
}

/* The shape that both Ant's and Jenkins' schema take, in the stricter form of the two wherever they differ.
 */
static const char junit_shape[] =
    "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>"
    "<xs:simpleType name='name'><xs:restriction base='xs:token'><xs:minLength "
    "value='1'/></xs:restriction></xs:simpleType>"
    "<xs:simpleType name='count'><xs:restriction base='xs:int'><xs:minInclusive "
    "value='0'/></xs:restriction></xs:simpleType>"
    "<xs:simpleType name='when'><xs:restriction base='xs:dateTime'>"
    "<xs:pattern "
    "value='[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}'/></xs:restriction></xs:simpleType>"
    "<xs:complexType name='outcome'><xs:simpleContent><xs:extension base='xs:string'>"
    "<xs:attribute name='message' type='xs:string'/><xs:attribute name='type' type='name' use='required'/>"
    "</xs:extension></xs:simpleContent></xs:complexType>"
    "<xs:complexType name='property'><xs:attribute name='name' type='name' use='required'/>"
    "<xs:attribute name='value' type='xs:string' use='required'/></xs:complexType>"
    "<xs:complexType name='testcase'><xs:choice minOccurs='0'><xs:element name='skipped' type='outcome'/>"
    "<xs:element name='error' type='outcome'/><xs:element name='failure' type='outcome'/></xs:choice>"
    "<xs:attribute name='name' type='name' use='required'/><xs:attribute name='classname' type='name' "
    "use='required'/>"
    "<xs:attribute name='time' type='xs:decimal' use='required'/></xs:complexType>"
    "<xs:complexType name='testsuite'><xs:sequence><xs:element "
    "name='properties'><xs:complexType><xs:sequence>"
    "<xs:element name='property' type='property' minOccurs='0' "
    "maxOccurs='unbounded'/></xs:sequence></xs:complexType>"
    "</xs:element><xs:element name='testcase' type='testcase' minOccurs='0' maxOccurs='unbounded'/>"
    "<xs:element name='system-out' type='xs:string'/><xs:element name='system-err' "
    "type='xs:string'/></xs:sequence>"
    "<xs:attribute name='id' type='count' use='required'/><xs:attribute name='package' type='name' "
    "use='required'/>"
    "<xs:attribute name='name' type='name' use='required'/><xs:attribute name='timestamp' type='when' "
    "use='required'/>"
    "<xs:attribute name='hostname' type='name' use='required'/><xs:attribute name='tests' type='count' "
    "use='required'/>"
    "<xs:attribute name='failures' type='count' use='required'/><xs:attribute name='errors' type='count' "
    "use='required'/>"
    "<xs:attribute name='skipped' type='count'/><xs:attribute name='time' type='xs:decimal' use='required'/>"
    "</xs:complexType><xs:element name='testsuites'><xs:complexType><xs:sequence>"
    "<xs:element name='testsuite' type='testsuite' minOccurs='0' "
    "maxOccurs='unbounded'/></xs:sequence></xs:complexType>"
    "</xs:element></xs:schema>";

static void write_file(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* Method: xmllint, where it is installed. */
static void junit_is_valid_for_the_schemas_of_build_servers(void **state)
{
    (void)state;
    char folder[] = "/tmp/vpci-junit-XXXXXX", path[64], command[256];
    struct vpci_text text = { 0 };
    if (system("command -v xmllint >/dev/null") != 0)
        skip();
    assert_non_null(mkdtemp(folder));
    render_sample(&text, "junit");
    snprintf(path, sizeof path, "%s/shape.xsd", folder);
    write_file(path, junit_shape, sizeof junit_shape - 1);
    snprintf(path, sizeof path, "%s/junit.xml", folder);
    write_file(path, text.bytes, text.length);
    snprintf(command, sizeof command,
             "cd %s && xmllint --noout --schema shape.xsd junit.xml >log 2>&1 || { cat log; false; }",
             folder);
    const int status = system(command);
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
    assert_int_equal(status, 0);
    vpci_text_free(&text);
}

static void junit_tells_failures_errors_and_skipped_cases_apart(void **state)
{
    (void)state;
    struct vpci_text text = { 0 };
    render_sample(&text, "junit");
    assert_int_equal(count_of(&text, "<testcase "), SAMPLE_CASES);
    assert_int_equal(count_of(&text, "<failure "), 2);
    assert_int_equal(count_of(&text, "<error "), 2);
    assert_int_equal(count_of(&text, "<skipped "), 2);
    assert_int_equal(count_of(&text, "<testsuite "), 4);
    assert_has(
        &text,
        "name=\"direct\" timestamp=\"1970-01-01T00:00:00\" hostname=\"localhost\" tests=\"4\" failures=\"2\" "
        "errors=\"0\" skipped=\"0\"");
    assert_has(&text, "<failure type=\"RD-02\" message=\"RD-02: the buffer");
    assert_has(&text, "<property name=\"RD-02\" value=\"fail\"/>");
    assert_lacks(&text, "<script");
    assert_lacks(&text, "]]>");
    assert_lacks(&text, "\xEF\xBF\xBE"); /* U+FFFE is not of XML */
    for (size_t i = 0; i < text.length; i++)
        assert_true(text.bytes[i] == '\n' || (unsigned char)text.bytes[i] >= 0x20);
    vpci_text_free(&text);
}

static void markdown_keeps_hostile_text_inside_of_code(void **state)
{
    (void)state;
    struct vpci_case_result result = {
        .name = "a|b`c", .scenario = "a", .verdict = VPCI_CASE_FAIL, .cause = "violation"
    };
    struct vpci_results results;
    struct vpci_text text = { 0 };
    result.requirement = VPCI_RD_02;
    result.has_finding = true;
    result.finding =
        (struct vpci_remark){ VPCI_VIOLATION, VPCI_RD_02, "```\n</details><img src=x> @someone", NULL, 0 };
    result.warnings[0] =
        (struct vpci_remark){ VPCI_WARNING, VPCI_RD_04, "@someone <b> | #12 http://x [y](z)", NULL, 0 };
    result.warning_count = 1;
    read_cases(&results, &result, 1, 0);
    vpci_markdown_render(&text, &results, catalogue);
    assert_lacks(&text, "<code>```\n");
    assert_has(&text, "&#60;/details&#62;&#60;img"); /* in the summary line, which is HTML */
    assert_has(&text, "````text\n");                 /* the fence is longer than the one inside */
    assert_int_equal(count_of(&text, "\n````\n"), 1);
    assert_has(&text,
               "| @&#8203;someone &lt;b&gt; \\| \\#&#8203;12 http:&#8203;//x \\[y\\](z) | ``a\\|b`c`` |");
    assert_int_equal(count_of(&text, "<details>"), count_of(&text, "\n</details>\n"));
    vpci_results_free(&results);
    vpci_text_free(&text);
}

static void markdown_has_verdict_counts_and_findings(void **state)
{
    (void)state;
    struct vpci_text text = { 0 };
    render_sample(&text, "markdown");
    assert_int_equal(strncmp(text.bytes, "## VIOLATION: `sample` `1.0`\n", 29), 0);
    assert_has(&text, "| 3 | 2 | 1 | 1 | 1 | 1 | 9 | 1 |\n");
    assert_has(&text, "<code>RD-02</code></b> in 2 cases");
    assert_has(&text, "```sh\nvpci-conform run --adapter liar:stale-bytes");
    assert_has(&text, "| RD | 2 | 1 | 0 | 0 | 5 | 0 | 0 |\n");
    assert_has(&text, "What this does not prove");
    assert_has(&text, "| ```</testcase>"); /* the fence is longer than those inside, so all of it is code */
    assert_int_equal(count_of(&text, "<script>"), 1);
    vpci_text_free(&text);
}

/* Method: a failure after 1,000 events; the finding and the start are shown, the middle is not. */
static void a_long_trace_loses_its_middle_and_never_its_finding(void **state)
{
    (void)state;
    enum { COUNT = 1000 };
    static struct vpci_event trace[COUNT];
    struct vpci_case_result cases[SAMPLE_CASES];
    struct vpci_results results;
    struct vpci_text text = { 0 };
    sample_cases(cases);
    for (int i = 0; i < COUNT; i++)
        trace[i] = sample_trace[0];
    cases[2].index = 0;
    cases[2].trace = trace;
    cases[2].trace_count = COUNT;
    cases[2].finding.event = 900;
    read_cases(&results, &cases[2], 1, 0);
    vpci_console_render(&text, &results, catalogue);
    assert_has(&text, "\n    1  kit -> IUT");
    assert_has(&text, "\n  901  kit -> IUT");
    assert_has(&text, "events are left out here");
    assert_has(&text, "<-- RD-02");
    assert_true(count_of(&text, "kit -> IUT") < 100);
    vpci_results_free(&results);
    vpci_text_free(&text);
}

/* Method: hostile adapter and case names in the command that repeats a case. */
static void the_command_to_repeat_is_quoted_for_a_shell(void **state)
{
    (void)state;
    struct vpci_case_result cases[SAMPLE_CASES];
    struct vpci_results results;
    struct vpci_text text = { 0 };
    sample_cases(cases);
    cases[2].index = 0;
    cases[2].name = "$(reboot) `x`\n'";
    read_cases(&results, &cases[2], 1, 0);
    snprintf(results.header.adapter, sizeof results.header.adapter, "exec:./a b; rm *");
    vpci_console_render(&text, &results, catalogue);
    assert_has(&text, "--adapter 'exec:./a b; rm *'");
    assert_has(&text, "--only '$(reboot) `x`?'\\'''\n");
    vpci_results_free(&results);
    vpci_text_free(&text);
}

static void progress_shows_a_line_that_moves_or_only_new_failures(void **state)
{
    (void)state;
    struct vpci_case_result cases[SAMPLE_CASES];
    struct vpci_progress progress;
    struct vpci_text text = { 0 };
    sample_cases(cases);
    vpci_progress_begin(&progress, SAMPLE_CASES, true);
    for (int i = 0; i < SAMPLE_CASES; i++)
        vpci_progress_case(&progress, &text, &cases[i]);
    assert_has(&text, "\r\x1b[K9/9 cases  2 failed  2 without a verdict");
    assert_lacks(&text, "\n");
    vpci_text_clear(&text);
    vpci_progress_end(&progress, &text);
    assert_string_equal(text.bytes, "\r\x1b[K");

    vpci_text_clear(&text);
    vpci_progress_begin(&progress, SAMPLE_CASES, false);
    for (int i = 0; i < SAMPLE_CASES; i++)
        vpci_progress_case(&progress, &text, &cases[i]);
    vpci_progress_end(&progress, &text);
    assert_string_equal(text.bytes, "FAIL  RD-02  direct/reads[length=3]\n");
    vpci_text_free(&text);
}

/* Method: 100,000 cases on a terminal; the line is redrawn about once in a thousandth of them. */
static void progress_stays_cheap(void **state)
{
    (void)state;
    enum { COUNT = 100000 };
    struct vpci_progress progress;
    struct vpci_text text = { 0 };
    const struct vpci_case_result passed = { .name = "a", .scenario = "a" };
    vpci_progress_begin(&progress, COUNT, true);
    for (int i = 0; i < COUNT; i++)
        vpci_progress_case(&progress, &text, &passed);
    assert_true(count_of(&text, "\r") <= 1001);
    vpci_text_free(&text);
}

static void formats_are_found_by_name(void **state)
{
    (void)state;
    struct vpci_text text = { 0 };
    vpci_report_format_names(&text);
    assert_string_equal(text.bytes, "console junit markdown html sarif tap badge shields");
    assert_string_equal(vpci_report_format_from_name("junit")->file_name, "junit.xml");
    assert_string_equal(vpci_report_format_from_name("markdown")->file_name, "summary.md");
    assert_null(vpci_report_format_from_name("html5"));
    vpci_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_console_says_verdict_counts_and_one_finding_for_each_requirement),
        cmocka_unit_test(the_console_fits_its_columns_and_shows_no_control_character),
        cmocka_unit_test(colour_is_only_there_when_asked_for),
        cmocka_unit_test(torn_results_never_conform_in_any_format),
        cmocka_unit_test(junit_is_not_green_when_nothing_passed),
        cmocka_unit_test(junit_is_valid_for_the_schemas_of_build_servers),
        cmocka_unit_test(junit_tells_failures_errors_and_skipped_cases_apart),
        cmocka_unit_test(markdown_keeps_hostile_text_inside_of_code),
        cmocka_unit_test(markdown_has_verdict_counts_and_findings),
        cmocka_unit_test(a_long_trace_loses_its_middle_and_never_its_finding),
        cmocka_unit_test(the_command_to_repeat_is_quoted_for_a_shell),
        cmocka_unit_test(progress_shows_a_line_that_moves_or_only_new_failures),
        cmocka_unit_test(progress_stays_cheap),
        cmocka_unit_test(formats_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, make_catalogue, free_catalogue);
}
