/* SPDX-License-Identifier: MIT */
/* tests/unit/test_result.c - results.jsonl is evidence: it comes back as it was written, a torn file is known
 * to be torn, and no change of a sealed one goes unnoticed. Also the counting that the footer is made of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "harness/requirements.h"
#include "tests/unit/sample_results.h"

static char reason[VPCI_DETAIL_BYTES];

static bool read_bytes(struct vpci_results *results, const void *bytes, size_t length)
{
    const char *path = sample_file(bytes, length);
    reason[0] = '\0';
    const bool fine = vpci_results_read(results, path, reason);
    unlink(path);
    return fine;
}

static bool read_text(struct vpci_results *results, const struct vpci_text *text)
{
    return read_bytes(results, text->bytes, text->length);
}

/* Reads text, which must be refused with an error that holds both words. */
static void assert_refused(const struct vpci_text *text, const char *place, const char *why)
{
    struct vpci_results results;
    assert_false(read_text(&results, text));
    if (strstr(reason, place) == NULL || strstr(reason, why) == NULL)
        fail_msg("\"%s\" does not name %s and %s", reason, place, why);
    assert_null(results.cases);
}

/* Replaces the first occurrence of one string by another of any length. */
static void replace(struct vpci_text *text, const char *from, const char *to)
{
    struct vpci_text changed = { 0 };
    const char *at = strstr(text->bytes, from);
    assert_non_null(at);
    vpci_text_add_bytes(&changed, text->bytes, (size_t)(at - text->bytes));
    vpci_text_add(&changed, to);
    vpci_text_add(&changed, at + strlen(from));
    vpci_text_free(text);
    *text = changed;
}

/* Method: print, read, print again; the bytes are the same. */
static void what_is_written_is_read_back_the_same(void **state)
{
    (void)state;
    struct vpci_text first = { 0 }, second = { 0 };
    struct vpci_results results;
    sample_text(&first);
    assert_true(read_text(&results, &first));
    assert_true(results.sealed);
    assert_int_equal(results.whole_bytes, first.length);
    assert_int_equal(results.case_count, SAMPLE_CASES);
    assert_int_equal(results.footer.verdict, VPCI_RUN_VIOLATION);
    assert_memory_equal(results.cases[2].trace[3].data, sample_data, 16);
    vpci_print_header(&second, &results.header);
    for (uint32_t i = 0; i < results.case_count; i++)
        vpci_print_case(&second, &results.cases[i]);
    vpci_print_footer(&second, &results.footer);
    /* Hostile bytes became U+FFFD when first printed, which is what a second round keeps. */
    assert_string_equal(first.bytes, second.bytes);
    vpci_results_free(&results);
    vpci_text_free(&first);
    vpci_text_free(&second);
}

/* The footer has a row for each requirement, all alike: a sample of its bytes will do. */
static size_t next_place(const struct vpci_text *text, size_t at)
{
    const size_t footer = (size_t)(strstr(text->bytes, "{\"record\":\"footer\"") - text->bytes);
    return at + (at > footer + 200 && at + 200 < text->length ? 23 : 1);
}

/* Method: every prefix of a sealed file. */
static void a_file_cut_at_any_byte_is_known_to_be_torn(void **state)
{
    (void)state;
    struct vpci_text text = { 0 };
    sample_text(&text);
    size_t whole = 0;
    uint32_t lines = 0;
    for (size_t length = 0; length < text.length; length = next_place(&text, length)) {
        struct vpci_results results;
        if (length > 0 && text.bytes[length - 1] == '\n') {
            whole = length;
            lines++;
        }
        if (!read_bytes(&results, text.bytes, length))
            fail_msg("cut at %zu: %s", length, reason);
        assert_false(results.sealed);
        assert_int_equal(results.whole_bytes, whole);
        assert_int_equal(results.case_count, lines == 0 ? 0 : lines - 1);
        vpci_results_free(&results);
    }
    vpci_text_free(&text);
}

/* Method: every byte of a sealed file, one bit turned over. The result may be an error or a torn file. */
static void no_changed_byte_of_a_sealed_file_goes_unnoticed(void **state)
{
    (void)state;
    struct vpci_text text = { 0 };
    sample_text(&text);
    for (size_t at = 0; at < text.length; at = next_place(&text, at)) {
        struct vpci_results results;
        text.bytes[at] = (char)(text.bytes[at] ^ 1);
        if (read_text(&results, &text)) {
            if (results.sealed)
                fail_msg("byte %zu can be changed", at);
            vpci_results_free(&results);
        }
        text.bytes[at] = (char)(text.bytes[at] ^ 1);
    }
    vpci_text_free(&text);
}

static void a_mistake_is_named_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *place, *why;
    } changes[] = {
        { "\"format\":2", "\"format\":1", ":1:", "format: 2 is wanted" },
        { "\"record\":\"header\"", "\"record\":\"case\"", ":1:", "not a results file" },
        { "\"role\":\"bus\"", "\"role\":\"buss\"", ":1:", "role" },
        { "\"seed\":\"0xdeadbeefcafef00d\"", "\"seed\":-1", ":1:", "seed" },
        { "\"index\":1,", "\"index\":2,", ":3:", "index" },
        { "\"index\":0,", "", ":2:", "index" },
        { "\"verdict\":\"pass\"", "\"verdict\":\"passed\"", ":2:", "verdict" },
        { "\"verdict\":\"pass\"", "\"verdict\":\"pass\",\"cause\":\"x\"", ":2:", "cause" },
        { "\"exercised\":[\"RD-01\"", "\"exercised\":[\"RD-99\"", ":2:", "RD-99" },
        { "\"exercised\":[", "\"extra\":1,\"exercised\":[", ":2:", "extra" },
        { "\"event\":3}", "\"event\":9}", ":4:", "finding/event" },
        { "\"requirement\":\"RD-02\",\"finding\"", "\"requirement\":\"RD-01\",\"finding\"",
          ":4:", "finding" },
        { "\"event\":\"pf_read\"", "\"event\":\"pf_raed\"", ":4:", "trace/1" },
        { "\"name\":\"direct/reads[length=1]\"", "\"name\":\"direct/reads[length=9]\"", ":11:", "sha256" },
        { "\"cases\":{\"pass\":3", "\"cases\":{\"pass\":4", ":11:", "cases/pass" },
        { "\"cases_with_warnings\":1", "\"cases_with_warnings\":0", ":11:", "cases_with_warnings" },
        { "\"record\":\"footer\",\"verdict\":\"violation\"", "\"record\":\"footer\",\"verdict\":\"conforms\"",
          ":11:", "verdict" },
        { "\"RD-01\":{\"verdict\":\"pass\",\"exercised\":4",
          "\"RD-01\":{\"verdict\":\"pass\",\"exercised\":5", ":11:", "RD-01" },
        { "\"RD-02\":{\"verdict\":\"fail\"", "\"RD-02\":{\"verdict\":\"pass\"", ":11:", "RD-02" },
        { "\"QI-01\":{\"verdict\":\"not_exercised\"", "\"QI-01\":{\"verdict\":\"pass\"", ":11:", "QI-01" },
        { "\"QI-01\":{", "\"QI-99\":{", ":11:", "QI-99" },
        { "{\"record\":\"footer\"", "[{\"record\":\"footer\"", ":11:", "" },
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct vpci_text text = { 0 };
        sample_text(&text);
        replace(&text, changes[i].from, changes[i].to);
        assert_refused(&text, changes[i].place, changes[i].why);
        vpci_text_free(&text);
    }
}

static void nothing_may_follow_the_footer(void **state)
{
    (void)state;
    static const char *const tails[] = { "{}\n", "{\"record\":\"case\"}\n", "x" };
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        struct vpci_text text = { 0 };
        sample_text(&text);
        vpci_text_add(&text, tails[i]);
        assert_refused(&text, ":12:", "behind the footer");
        vpci_text_free(&text);
    }
}

static void a_file_with_fewer_or_more_cases_than_planned_is_refused(void **state)
{
    (void)state;
    struct vpci_results_header header = sample_header();
    struct vpci_case_result cases[SAMPLE_CASES];
    struct vpci_text text = { 0 };
    sample_cases(cases);
    header.case_count = SAMPLE_CASES + 1;
    sample_print(&text, &header, cases, SAMPLE_CASES, NULL);
    assert_refused(&text, ":11:", "announces 10 cases, 9 are here");
    vpci_text_clear(&text);
    header.case_count = SAMPLE_CASES - 1;
    sample_print(&text, &header, cases, SAMPLE_CASES, NULL);
    assert_refused(&text, ":10:", "announces only 8");
    vpci_text_free(&text);
}

static void what_is_no_results_file_is_refused(void **state)
{
    (void)state;
    struct vpci_results results;
    assert_false(vpci_results_read(&results, "/tmp", reason));
    assert_non_null(strstr(reason, "not a regular file"));
    assert_false(vpci_results_read(&results, "/dev/zero", reason));
    assert_false(vpci_results_read(&results, "/nonexistent/results.jsonl", reason));
    assert_non_null(strstr(reason, "/nonexistent/results.jsonl: "));
    static const char *const others[] = {
        "hello", "{}\n", "[1]\n", "\xff\xfe\n", "\n", "{\"record\":\"case\""
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_false(read_bytes(&results, others[i], strlen(others[i])));
        assert_non_null(strstr(reason, ":1: "));
    }
}

/* Method: a header that begins a line without end, one byte above the limit. */
static void a_line_without_end_is_refused_and_not_read_into_memory(void **state)
{
    (void)state;
    enum { LENGTH = 16 * 1024 * 1024 + 1 };
    struct vpci_text text = { 0 };
    const struct vpci_results_header header = sample_header();
    vpci_print_header(&text, &header);
    const size_t whole = text.length;
    char *tail = malloc(LENGTH);
    memset(tail, 'a', LENGTH);
    vpci_text_add_bytes(&text, tail, LENGTH);
    assert_refused(&text, ":2:", "longer than");
    struct vpci_results results;
    assert_true(
        read_bytes(&results, text.bytes, text.length - 1)); /* at the limit it is a torn line like others */
    assert_int_equal(results.whole_bytes, whole);
    vpci_results_free(&results);
    free(tail);
    vpci_text_free(&text);
}

/* Method: a failure with a trace of 20,000 events of 512 bytes still gives a line that can be read. */
static void a_trace_too_long_for_a_line_is_left_out_and_counted(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    static const uint8_t data[512];
    struct vpci_event *trace = calloc(COUNT, sizeof *trace);
    for (int i = 0; i < COUNT; i++)
        trace[i] = (struct vpci_event){ .kind = VPCI_EVENT_PF_READ_RETURN,
                                        .fields = VPCI_F(CALL) | VPCI_F(STATUS) | VPCI_F(DATA),
                                        .data = data,
                                        .data_length = sizeof data };
    struct vpci_results_header header = sample_header();
    struct vpci_case_result result;
    struct vpci_case_result cases[SAMPLE_CASES];
    sample_cases(cases);
    result = cases[2];
    result.index = 0;
    result.trace = trace;
    result.trace_count = COUNT;
    header.case_count = 1;
    struct vpci_text text = { 0 };
    struct vpci_results results;
    sample_print(&text, &header, &result, 1, NULL);
    assert_true(text.length < 100000);
    assert_true(read_text(&results, &text));
    assert_true(results.sealed);
    assert_null(results.cases[0].trace);
    assert_int_equal(results.cases[0].trace_count, COUNT);
    vpci_results_free(&results);
    vpci_text_free(&text);
    free(trace);
}

static const struct vpci_results_header no_header;

static struct vpci_case_result case_of(enum vpci_case_verdict verdict, enum vpci_requirement exercised)
{
    struct vpci_case_result result = { .verdict = verdict };
    if (exercised != VPCI_REQUIREMENT_NONE)
        vpci_requirement_add(&result.exercised, exercised);
    return result;
}

static enum vpci_run_verdict verdict_of(const enum vpci_case_verdict *verdicts, size_t count)
{
    static const struct vpci_applicability nothing = { 0 };
    struct vpci_results_footer footer = { 0 };
    for (size_t i = 0; i < count; i++) {
        const struct vpci_case_result result = case_of(verdicts[i], VPCI_REQUIREMENT_NONE);
        vpci_results_tally(&footer, &result);
    }
    vpci_results_conclude(&footer, &no_header, &nothing);
    return footer.verdict;
}

#define VERDICT_OF(...)                                         \
    verdict_of((const enum vpci_case_verdict[]){ __VA_ARGS__ }, \
               sizeof((const enum vpci_case_verdict[]){ __VA_ARGS__ }) / sizeof(enum vpci_case_verdict))

static void a_run_conforms_only_when_all_that_ran_passed_and_something_did(void **state)
{
    (void)state;
    assert_int_equal(VERDICT_OF(VPCI_CASE_PASS), VPCI_RUN_CONFORMS);
    assert_int_equal(VERDICT_OF(VPCI_CASE_PASS, VPCI_CASE_NOT_APPLICABLE), VPCI_RUN_CONFORMS);
    assert_int_equal(VERDICT_OF(VPCI_CASE_PASS, VPCI_CASE_ERROR), VPCI_RUN_INCONCLUSIVE);
    assert_int_equal(VERDICT_OF(VPCI_CASE_PASS, VPCI_CASE_INCONCLUSIVE), VPCI_RUN_INCONCLUSIVE);
    assert_int_equal(VERDICT_OF(VPCI_CASE_PASS, VPCI_CASE_SKIPPED), VPCI_RUN_INCONCLUSIVE);
    assert_int_equal(VERDICT_OF(VPCI_CASE_NOT_APPLICABLE), VPCI_RUN_INCONCLUSIVE);
    assert_int_equal(verdict_of(NULL, 0), VPCI_RUN_INCONCLUSIVE);
    assert_int_equal(VERDICT_OF(VPCI_CASE_ERROR, VPCI_CASE_FAIL, VPCI_CASE_SKIPPED), VPCI_RUN_VIOLATION);
}

/* The verdict of RD-01 after cases of which each exercised it. */
static enum vpci_requirement_verdict requirement_verdict(const enum vpci_case_verdict *verdicts, size_t count)
{
    static const struct vpci_applicability nothing = { 0 };
    struct vpci_results_footer footer = { 0 };
    for (size_t i = 0; i < count; i++) {
        const struct vpci_case_result result = case_of(verdicts[i], VPCI_RD_01);
        vpci_results_tally(&footer, &result);
    }
    vpci_results_conclude(&footer, &no_header, &nothing);
    return footer.requirements[VPCI_RD_01].verdict;
}

static void a_requirement_passes_only_through_a_passed_case(void **state)
{
    (void)state;
    const enum vpci_case_verdict orders[][2] = {
        { VPCI_CASE_PASS, VPCI_CASE_INCONCLUSIVE },      { VPCI_CASE_INCONCLUSIVE, VPCI_CASE_PASS },
        { VPCI_CASE_ERROR, VPCI_CASE_INCONCLUSIVE },     { VPCI_CASE_FAIL, VPCI_CASE_ERROR },
        { VPCI_CASE_SKIPPED, VPCI_CASE_NOT_APPLICABLE },
    };
    assert_int_equal(requirement_verdict(orders[0], 2), VPCI_REQUIREMENT_PASS_VERDICT);
    assert_int_equal(requirement_verdict(orders[1], 2), VPCI_REQUIREMENT_PASS_VERDICT);
    assert_int_equal(requirement_verdict(orders[2], 2), VPCI_REQUIREMENT_INCONCLUSIVE_VERDICT);
    assert_int_equal(requirement_verdict(orders[3], 2), VPCI_REQUIREMENT_INCONCLUSIVE_VERDICT);
    assert_int_equal(requirement_verdict(orders[4], 2), VPCI_REQUIREMENT_NOT_EXERCISED_VERDICT);
    assert_int_equal(requirement_verdict(orders[4], 0), VPCI_REQUIREMENT_NOT_EXERCISED_VERDICT);
}

static void blame_outweighs_a_warning_and_a_warning_outweighs_a_pass(void **state)
{
    (void)state;
    static const struct vpci_applicability nothing = { 0 };
    struct vpci_results_footer footer = { 0 };
    struct vpci_case_result warned = case_of(VPCI_CASE_PASS, VPCI_RD_01);
    struct vpci_case_result passed = case_of(VPCI_CASE_PASS, VPCI_RD_01);
    struct vpci_case_result failed = case_of(VPCI_CASE_FAIL, VPCI_RD_02);
    warned.warnings[0].requirement = VPCI_RD_01;
    warned.warning_count = 1;
    failed.requirement = VPCI_RD_01; /* blamed, but not listed as exercised */
    vpci_results_tally(&footer, &warned);
    vpci_results_tally(&footer, &passed);
    assert_int_equal(footer.requirements[VPCI_RD_01].verdict, VPCI_REQUIREMENT_WARNING_VERDICT);
    vpci_results_tally(&footer, &failed);
    vpci_results_tally(&footer, &passed);
    vpci_results_conclude(&footer, &no_header, &nothing);
    assert_int_equal(footer.requirements[VPCI_RD_01].verdict, VPCI_REQUIREMENT_FAIL_VERDICT);
    assert_int_equal(footer.requirements[VPCI_RD_01].exercised, 4);
    assert_int_equal(footer.requirements[VPCI_RD_01].failed, 1);
    assert_int_equal(footer.requirements[VPCI_RD_01].warned, 1);
    assert_int_equal(footer.cases_with_warnings, 1);
}

static void an_unexercised_requirement_says_why(void **state)
{
    (void)state;
    struct vpci_applicability applicability = { 0 };
    struct vpci_results_footer footer = { 0 };
    vpci_requirement_add(&applicability.listed, VPCI_RD_01);
    vpci_requirement_add(&applicability.applicable, VPCI_RD_01);
    vpci_requirement_add(&applicability.listed, VPCI_RD_02);
    vpci_requirement_add(&applicability.not_observable, VPCI_RD_03);
    vpci_results_conclude(&footer, &no_header, &applicability);
    assert_int_equal(footer.requirements[VPCI_RD_01].verdict, VPCI_REQUIREMENT_NOT_EXERCISED_VERDICT);
    assert_int_equal(footer.requirements[VPCI_RD_02].verdict, VPCI_REQUIREMENT_NOT_APPLICABLE_VERDICT);
    assert_int_equal(footer.requirements[VPCI_RD_03].verdict, VPCI_REQUIREMENT_NOT_OBSERVABLE_VERDICT);
    assert_int_equal(footer.requirements[VPCI_RD_04].verdict, VPCI_REQUIREMENT_NOT_EXERCISED_VERDICT);
}

/* The catalogue in its file form, made of the model's own table. */
static void print_catalogue(struct vpci_text *text)
{
    vpci_text_add(text, "{\"format\":1,\"requirements\":[");
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++)
        vpci_text_addf(
            text,
            "%s{\"id\":\"%s\",\"level\":\"%s\",\"binds\":\"%s\",\"statement\":\"s\",\"source\":\"d\",\"%s\":"
            "\"o\"}",
            i == 1 ? "" : ",", vpci_requirement_info[i].id, vpci_level_name[vpci_requirement_info[i].level],
            vpci_binds_name[vpci_requirement_info[i].binds], i == VPCI_QI_02 ? "not_observable" : "observed");
    vpci_text_add(text, "]}");
}

static void a_catalogue_that_does_not_fit_the_model_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *place, *why;
    } changes[] = {
        { "\"format\":1", "\"format\":2", "/format: ", "1 is wanted" },
        { "\"QI-02\"", "\"QI-01\"", "/requirements/1/id: ", "twice" },
        { "\"QI-02\"", "\"QI-99\"", "/requirements/1/id: ", "no requirement" },
        { "\"MUST\"", "\"SHOULD\"", "/requirements/0/level: ", "the model says" },
        { "\"provider\"", "\"pf\"", "/requirements/0/binds: ", "the model says" },
        { "\"statement\":\"s\"", "\"statement\":\"\"", "/requirements/0/statement: ", "empty" },
        { "\"source\":\"d\",", "", "/requirements/0/source: ", "nothing" },
        { "\"observed\":\"o\"", "\"observed\":\"o\",\"not_observable\":\"o\"",
          "/requirements/0: ", "either" },
        { "\"observed\":\"o\"", "\"observd\":\"o\"", "/requirements/0/observd: ", "not a member" },
        { "{\"id\":\"QI-01\",\"level\":\"MUST\",\"binds\":\"provider\",\"statement\":\"s\",\"source\":\"d\","
          "\"observed\":\"o\"},",
          "", "/requirements: ", "QI-01 of the model is missing" },
        { "]}", "]", "line 1", "" },
    };
    char error[512];
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct vpci_text text = { 0 };
        print_catalogue(&text);
        replace(&text, changes[i].from, changes[i].to);
        const char *path = sample_file(text.bytes, text.length);
        assert_null(vpci_catalogue_load(path, error, sizeof error));
        if (strstr(error, changes[i].place) == NULL || strstr(error, changes[i].why) == NULL ||
            strstr(error, path) == NULL)
            fail_msg("\"%s\" does not name %s and %s", error, changes[i].place, changes[i].why);
        unlink(path);
        vpci_text_free(&text);
    }
    assert_null(vpci_catalogue_load("/nonexistent.json", error, sizeof error));
}

static void a_catalogue_gives_texts_and_digest(void **state)
{
    (void)state;
    struct vpci_text text = { 0 };
    char error[512], digest[VPCI_SHA256_TEXT_BYTES];
    print_catalogue(&text);
    const char *path = sample_file(text.bytes, text.length);
    struct vpci_catalogue *catalogue = vpci_catalogue_load(path, error, sizeof error);
    assert_non_null(catalogue);
    assert_string_equal(vpci_catalogue_entry(catalogue, VPCI_QI_01)->statement, "s");
    assert_string_equal(vpci_catalogue_entry(catalogue, VPCI_QI_01)->observed, "o");
    assert_null(vpci_catalogue_entry(catalogue, VPCI_QI_02)->observed);
    assert_true(vpci_requirement_has(vpci_catalogue_not_observable(catalogue), VPCI_QI_02));
    assert_false(vpci_requirement_has(vpci_catalogue_not_observable(catalogue), VPCI_QI_01));
    vpci_digest_of_bytes(text.bytes, text.length, digest);
    assert_string_equal(vpci_catalogue_digest(catalogue), digest);
    vpci_catalogue_free(catalogue);
    unlink(path);
    vpci_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back_the_same),
        cmocka_unit_test(a_file_cut_at_any_byte_is_known_to_be_torn),
        cmocka_unit_test(no_changed_byte_of_a_sealed_file_goes_unnoticed),
        cmocka_unit_test(a_mistake_is_named_with_its_line),
        cmocka_unit_test(nothing_may_follow_the_footer),
        cmocka_unit_test(a_file_with_fewer_or_more_cases_than_planned_is_refused),
        cmocka_unit_test(what_is_no_results_file_is_refused),
        cmocka_unit_test(a_line_without_end_is_refused_and_not_read_into_memory),
        cmocka_unit_test(a_trace_too_long_for_a_line_is_left_out_and_counted),
        cmocka_unit_test(a_run_conforms_only_when_all_that_ran_passed_and_something_did),
        cmocka_unit_test(a_requirement_passes_only_through_a_passed_case),
        cmocka_unit_test(blame_outweighs_a_warning_and_a_warning_outweighs_a_pass),
        cmocka_unit_test(an_unexercised_requirement_says_why),
        cmocka_unit_test(a_catalogue_that_does_not_fit_the_model_is_refused),
        cmocka_unit_test(a_catalogue_gives_texts_and_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
