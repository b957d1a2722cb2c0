/* SPDX-License-Identifier: MIT */
/* tests/unit/test_reader_findings.c - what the fuzz targets of the readers found, held from now on; and that
 * readers of bytes at hand do as those of files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/channel_dialog.h"
#include "harness/file.h"
#include "harness/options.h"
#include "harness/result.h"
#include "harness/scenario.h"
#include "harness/trace.h"

/* An adapter that refuses may say what it likes, but not draw on the terminal or forge a line. */
static void the_reason_of_a_refusal_is_one_plain_line(void **state)
{
    (void)state;
    static const char line[] =
        "{\"re\":\"refused\",\"seq\":0,\"reason\":\"no\\nline 9: \\u001b[31mfine\x7f\"}";
    struct vpci_channel_dialog dialog = { 0 };
    struct vpci_text said = { 0 };
    struct vpci_channel_message message;
    struct vpci_channel_fault fault;
    bool overrun;
    vpci_channel_say_hello(&dialog, &said);
    assert_false(vpci_channel_take(&dialog, line, strlen(line), &message, &overrun, &fault));
    assert_int_equal(fault.rule, VPCI_CHANNEL_RULE_REFUSAL);
    assert_string_equal(fault.reason, "hello: no?line 9: ?[31mfine?");
    vpci_text_free(&said);
}

static void a_long_reason_is_not_cut_inside_a_character(void **state)
{
    (void)state;
    struct vpci_channel_fault fault;
    char text[3 * VPCI_DETAIL_BYTES + 1] = "";
    for (size_t i = 0; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "\xC3\xA4", 3); /* a umlaut */
    for (size_t shift = 0; shift < 2; shift++) {
        vpci_channel_break(&fault, VPCI_CHANNEL_RULE_REFUSAL, "%s%s", shift == 0 ? "" : "x", text);
        const size_t length = strlen(fault.reason);
        assert_in_range(length, VPCI_DETAIL_BYTES - 3, VPCI_DETAIL_BYTES - 1);
        assert_int_equal((length - shift) % 2, 0);
        assert_null(strchr(fault.reason, '?'));
    }
}

static void a_word_too_many_for_help_is_shown_plain(void **state)
{
    (void)state;
    static const char *const words[] = { "vpci-conform", "help", "run", "\x1B[31m\xED" };
    struct vpci_options options;
    char error[VPCI_OPTIONS_ERROR_BYTES];
    assert_false(vpci_options_parse(&options, 4, words, error));
    assert_string_equal(error, "help: the argument \"?[31m?\" is one too many");
}

static void a_text_is_cut_to_fit(void **state)
{
    (void)state;
    char buffer[6];
    static const struct {
        const char *from, *to;
    } rows[] = { { "", "" },
                 { "abcde", "abcde" },
                 { "abcdef", "abcde" },
                 { "abcd\xC3\xA4", "abcd" },
                 { "a\xE2\x82\xAC"
                   "b",
                   "a\xE2\x82\xAC"
                   "b" },
                 { "\xFF\n", "??" } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        memset(buffer, 'z', sizeof buffer);
        vpci_text_copy_plain(buffer, sizeof buffer, rows[i].from);
        assert_string_equal(buffer, rows[i].to);
    }
}

/* Reads a file of the tree, whose folder tests run in. */
static char *read_tree_file(const char *path, size_t *length_out)
{
    char *bytes, error[VPCI_ERROR_BYTES];
    if (!vpci_file_read(path, 1 << 20, &bytes, length_out, error, sizeof error))
        fail_msg("%s", error);
    return bytes;
}

static void a_trace_is_read_from_bytes_as_from_a_file(void **state)
{
    (void)state;
    static const char path[] = "fuzzers/seeds/parse_trace/every-event";
    size_t length;
    char *bytes = read_tree_file(path, &length), error[VPCI_TRACE_ERROR_BYTES];
    struct vpci_trace of_file, of_bytes;
    assert_true(vpci_trace_read(&of_file, path, error));
    assert_true(vpci_trace_read_bytes(&of_bytes, path, bytes, length, error));
    assert_int_equal(of_file.event_count, of_bytes.event_count);
    assert_true(of_bytes.event_count > 30);
    for (uint32_t i = 0; i < of_file.event_count; i++) {
        assert_int_equal(of_file.events[i].kind, of_bytes.events[i].kind);
        assert_int_equal(of_file.events[i].fields, of_bytes.events[i].fields);
    }
    vpci_trace_free(&of_file);
    vpci_trace_free(&of_bytes);
    bytes[length / 2] = '\0';
    assert_false(vpci_trace_read_bytes(&of_bytes, "name", bytes, length, error));
    assert_memory_equal(error, "name:", 5);
    assert_false(vpci_trace_read_bytes(&of_bytes, "name", "", 0, error));
    assert_string_equal(error, "name:1: the header of a trace is missing");
    free(bytes);
}

static void results_are_read_from_bytes_as_from_a_file(void **state)
{
    (void)state;
    static const char path[] = "fuzzers/seeds/parse_results/violation";
    size_t length;
    char *bytes = read_tree_file(path, &length), error[VPCI_DETAIL_BYTES];
    struct vpci_results of_file, of_bytes;
    assert_true(vpci_results_read(&of_file, path, error));
    assert_true(vpci_results_read_bytes(&of_bytes, path, bytes, length, error));
    assert_true(of_file.sealed && of_bytes.sealed);
    assert_int_equal(of_file.case_count, of_bytes.case_count);
    assert_int_equal(of_file.whole_bytes, of_bytes.whole_bytes);
    assert_string_equal(of_file.cases[0].name, of_bytes.cases[0].name);
    vpci_results_free(&of_file);
    vpci_results_free(&of_bytes);
    assert_true(vpci_results_read_bytes(&of_bytes, "name", bytes, length - 1, error)); /* torn */
    assert_false(of_bytes.sealed);
    vpci_results_free(&of_bytes);
    assert_false(vpci_results_read_bytes(&of_bytes, "name", bytes + 1, length - 1, error));
    assert_memory_equal(error, "name:1:", 7);
    free(bytes);
}

static void a_scenario_is_loaded_from_bytes_as_from_a_file(void **state)
{
    (void)state;
    static const char name[] = "direct/a-read-returns-the-bytes-of-the-pf";
    char path[128], error[VPCI_ERROR_BYTES];
    snprintf(path, sizeof path, "corpus/scenarios/%s.json", name);
    size_t length;
    char *bytes = read_tree_file(path, &length);
    struct vpci_suite *of_file = vpci_suite_load(path, error), *of_bytes;
    assert_non_null(of_file);
    of_bytes = vpci_suite_load_bytes(name, bytes, length, error);
    assert_non_null(of_bytes);
    assert_string_equal(vpci_suite_digest(of_file), vpci_suite_digest(of_bytes));
    assert_int_equal(vpci_suite_case_count(of_file), vpci_suite_case_count(of_bytes));
    assert_string_equal(vpci_suite_case_name(of_file, 0), vpci_suite_case_name(of_bytes, 0));
    vpci_suite_free(of_file);
    vpci_suite_free(of_bytes);
    assert_null(vpci_suite_load_bytes(name, bytes, length / 2, error));
    assert_memory_equal(error, name, strlen(name));
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reason_of_a_refusal_is_one_plain_line),
        cmocka_unit_test(a_long_reason_is_not_cut_inside_a_character),
        cmocka_unit_test(a_word_too_many_for_help_is_shown_plain),
        cmocka_unit_test(a_text_is_cut_to_fit),
        cmocka_unit_test(a_trace_is_read_from_bytes_as_from_a_file),
        cmocka_unit_test(results_are_read_from_bytes_as_from_a_file),
        cmocka_unit_test(a_scenario_is_loaded_from_bytes_as_from_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
