/* SPDX-License-Identifier: MIT */
/* tests/unit/test_trace.c - trace files: read as printed, refused with file and line; and the file functions
 * below. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/event_json.h"
#include "harness/file.h"
#include "harness/trace.h"

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/vpci-test-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

/* A path in the folder, valid until the next call. */
static const char *path_of(const char *name)
{
    static char path[160];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, const char *bytes, size_t length)
{
    FILE *file = fopen(path_of(name), "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

#define HEADER                                                                                      \
    "{\"trace\":1,\"role\":\"bus\",\"vfs\":2,\"capabilities\":[\"direct\",\"cancel\"],\"profile\":" \
    "\"default\"}\n"
#define REST "{\"event\":\"rest\"}\n"

static void a_trace_is_read_as_printed(void **state)
{
    (void)state;
    const struct vpci_trace_header header = { .role = VPCI_ROLE_STACK,
                                              .vf_count = 3,
                                              .capabilities =
                                                  VPCI_CAPABILITY_BIT(DIRECT) | VPCI_CAPABILITY_BIT(IRQL),
                                              .profile = "windows" };
    struct vpci_event written = { .kind = VPCI_EVENT_PF_READ_RETURN,
                                  .fields = VPCI_F(CALL) | VPCI_F(STATUS) | VPCI_F(DATA),
                                  .call = 9,
                                  .data = (const uint8_t *)"abc",
                                  .data_length = 3 };
    struct vpci_text text = { 0 };
    vpci_trace_print_header(&text, &header);
    for (written.call = 0; written.call < 3000; written.call++) {
        vpci_event_print(&text, &written);
        vpci_text_add(&text, "\n");
    }
    write_file("trace", text.bytes, text.length - 1); /* the last newline may be missing */
    vpci_text_free(&text);
    struct vpci_trace trace;
    char error[VPCI_TRACE_ERROR_BYTES] = "";
    if (!vpci_trace_read(&trace, path_of("trace"), error))
        fail_msg("%s", error);
    assert_int_equal(trace.header.role, VPCI_ROLE_STACK);
    assert_int_equal(trace.header.vf_count, 3);
    assert_int_equal(trace.header.capabilities, header.capabilities);
    assert_string_equal(trace.header.profile, "windows");
    assert_int_equal(trace.event_count, 3000);
    for (uint32_t i = 0; i < trace.event_count; i++) {
        assert_int_equal(trace.events[i].call, i);
        assert_int_equal(trace.events[i].data_length, 3);
        assert_memory_equal(trace.events[i].data, "abc", 3);
    }
    vpci_trace_free(&trace);
    assert_int_equal(unlink(path_of("trace")), 0);
}

static const struct {
    const char *text, *error; /* error: behind the path */
} refused[] = {
    { "", ":1: the header of a trace is missing" },
    { "\n", ":1: an empty line" },
    { REST, ":1: the header of a trace is missing" },
    { "[]\n", ":1: the header of a trace is missing" },
    { HEADER "\n", ":2: an empty line" },
    { HEADER REST "{\"event\":\"rest\"\n", ":3: column 16: the text ends too early" },
    { HEADER REST "{\"event\":\"read\",\"vf\":0}\n", ":3: request: missing" },
    { HEADER REST "{\"event\":\"rest\",\"event\":\"rest\"}\n", ":3: the member \"event\" is given twice" },
    { HEADER REST "{\"event\":\"rest\"} {\"event\":\"rest\"}\n",
      ":3: column 18: something follows the JSON value" },
    { HEADER HEADER, ":2: event: missing" },
    { "{\"trace\":2,\"role\":\"bus\",\"vfs\":1,\"capabilities\":[],\"profile\":\"default\"}",
      ":1: trace: 2 is above 1" },
    { "{\"trace\":0,\"role\":\"bus\",\"vfs\":1,\"capabilities\":[],\"profile\":\"default\"}",
      ":1: trace: 0 is below 1" },
    { "{\"trace\":1,\"role\":\"boss\",\"vfs\":1,\"capabilities\":[],\"profile\":\"default\"}",
      ":1: role: the name of a role is wanted" },
    { "{\"trace\":1,\"role\":\"bus\",\"vfs\":17,\"capabilities\":[],\"profile\":\"default\"}",
      ":1: vfs: 17 is above 16" },
    { "{\"trace\":1,\"role\":\"bus\",\"vfs\":0,\"capabilities\":[],\"profile\":\"default\"}",
      ":1: vfs: 0 is below 1" },
    { "{\"trace\":1,\"role\":\"bus\",\"vfs\":1,\"capabilities\":[\"flying\"],\"profile\":\"default\"}",
      ":1: capabilities: there is no capability \"flying\"" },
    { "{\"trace\":1,\"role\":\"bus\",\"vfs\":1,\"capabilities\":{},\"profile\":\"default\"}",
      ":1: capabilities: a list is wanted, not an object" },
    { "{\"trace\":1,\"role\":\"bus\",\"vfs\":1,\"capabilities\":[],\"profile\":\"\"}",
      ":1: profile: a name of 1 to 63 bytes is wanted" },
    { "{\"trace\":1,\"role\":\"bus\",\"vfs\":1,\"capabilities\":[]}", ":1: profile: missing" },
    { "{\"trace\":1,\"role\":\"bus\",\"vfs\":1,\"capabilities\":[],\"profile\":\"default\",\"more\":0}",
      ":1: more: there is no such member" },
};

static void assert_refused(const char *name, const char *error_behind_path)
{
    struct vpci_trace trace;
    char error[VPCI_TRACE_ERROR_BYTES] = "", expected[VPCI_TRACE_ERROR_BYTES];
    snprintf(expected, sizeof expected, "%s%s", path_of(name), error_behind_path);
    assert_false(vpci_trace_read(&trace, path_of(name), error));
    assert_string_equal(error, expected);
    assert_null(trace.events);
}

static void wrong_traces_are_refused_with_the_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        write_file("trace", refused[i].text, strlen(refused[i].text));
        assert_refused("trace", refused[i].error);
    }
    assert_int_equal(unlink(path_of("trace")), 0);
}

static void a_line_has_a_largest_length(void **state)
{
    (void)state;
    struct vpci_text text = { 0 };
    char *blanks = malloc(VPCI_TRACE_LINE_BYTES_MAX);
    memset(blanks, ' ', VPCI_TRACE_LINE_BYTES_MAX);
    for (size_t more = 0; more < 2; more++) {
        vpci_text_clear(&text);
        vpci_text_add(&text, HEADER "{\"event\":\"rest\"}");
        vpci_text_add_bytes(&text, blanks, VPCI_TRACE_LINE_BYTES_MAX - strlen("{\"event\":\"rest\"}"));
        vpci_text_add_bytes(&text, blanks, more);
        vpci_text_add(&text, "\n" REST);
        write_file("trace", text.bytes, text.length);
        struct vpci_trace trace;
        char error[VPCI_TRACE_ERROR_BYTES];
        assert_int_equal(vpci_trace_read(&trace, path_of("trace"), error), more == 0);
        vpci_trace_free(&trace);
    }
    assert_refused("trace", ":2: longer than 1048576 bytes");
    assert_int_equal(truncate(path_of("trace"), 1ll << 33),
                     0); /* and one that never ends is not read to its end */
    assert_refused("trace", ":2: longer than 1048576 bytes");
    assert_int_equal(unlink(path_of("trace")), 0);
    free(blanks);
    vpci_text_free(&text);
}

static void what_is_no_file_is_refused(void **state)
{
    (void)state;
    assert_refused("absent", ": No such file or directory");
    assert_int_equal(mkfifo(path_of("pipe"), 0600), 0);
    assert_refused("pipe", ": not a regular file");
    assert_int_equal(unlink(path_of("pipe")), 0);
    assert_refused("", ": not a regular file");
}

static void a_file_is_read_up_to_its_cap(void **state)
{
    (void)state;
    char *bytes = NULL, error[256] = "";
    size_t length = 0;
    write_file("file", "a\0b", 3);
    assert_true(vpci_file_read(path_of("file"), 3, &bytes, &length, error, sizeof error));
    assert_int_equal(length, 3);
    assert_memory_equal(bytes, "a\0b", 4);
    free(bytes);
    assert_false(vpci_file_read(path_of("file"), 2, &bytes, &length, error, sizeof error));
    assert_non_null(strstr(error, "/file: larger than 2 bytes"));
    write_file("file", "", 0);
    assert_true(vpci_file_read(path_of("file"), 0, &bytes, &length, error, sizeof error));
    assert_string_equal(bytes, "");
    free(bytes);
    assert_int_equal(unlink(path_of("file")), 0);
}

static void digests_are_sha256(void **state)
{
    (void)state;
    static const char expected[] =
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; /* of "abc" */
    char text[VPCI_SHA256_TEXT_BYTES], error[256];
    vpci_digest_of_bytes("abc", 3, text);
    assert_string_equal(text, expected);
    write_file("file", "abc", 3);
    assert_true(vpci_digest_of_file(path_of("file"), text, error, sizeof error));
    assert_string_equal(text, expected);
    assert_int_equal(unlink(path_of("file")), 0);
    assert_false(vpci_digest_of_file(path_of("file"), text, error, sizeof error));
    struct vpci_digest *digest = vpci_digest_start();
    vpci_digest_add(digest, "a", 1);
    vpci_digest_read(digest, text);
    vpci_digest_add(digest, "bc", 2);
    vpci_digest_read(digest, text);
    assert_string_equal(text, expected);
    vpci_digest_free(digest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trace_is_read_as_printed),
        cmocka_unit_test(wrong_traces_are_refused_with_the_line),
        cmocka_unit_test(a_line_has_a_largest_length),
        cmocka_unit_test(what_is_no_file_is_refused),
        cmocka_unit_test(a_file_is_read_up_to_its_cap),
        cmocka_unit_test(digests_are_sha256),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
