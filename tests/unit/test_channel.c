/* SPDX-License-Identifier: MIT */
/* tests/unit/test_channel.c - the kit's end of the process channel against adapters that are right and
 * adapters that are not. Every hostile one must get its named failure within the deadline and leave no
 * process behind: this program adopts orphans, so that one would show. Needs VPCI_BUILD, the folder with
 * vpci-serve. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/channel.h"
#include "harness/channel_stream.h"

enum { LENGTH = 16, SPEC_BYTES = 4096, NEVER_MS = 20 * 1000 };

static const struct vpci_limits short_limits = { .start_timeout_ms = 10 * 1000,
                                                 .step_timeout_ms = 700,
                                                 .window_ms = 50,
                                                 .line_bytes = 64 * 1024,
                                                 .case_bytes = 1024 * 1024,
                                                 .memory_bytes = 192 * 1024 * 1024 };

struct seen {
    struct vpci_event last[VPCI_EVENT_COUNT];
    uint8_t data[VPCI_EVENT_DATA_BYTES_MAX];
    uint32_t counts[VPCI_EVENT_COUNT];
};

static void observe(void *observer, const struct vpci_event *event)
{
    struct seen *seen = observer;
    seen->counts[event->kind]++;
    seen->last[event->kind] = *event;
    if (event->kind == VPCI_EVENT_READ_RETURN && event->data_length > 0)
        memcpy(seen->data, event->data, event->data_length);
}

static const char *source_folder(void)
{
    const char *given = getenv("VPCI_SOURCE");
    return given != NULL ? given : ".";
}

static const char *build_folder(void)
{
    const char *given = getenv("VPCI_BUILD");
    return given != NULL ? given : "build";
}

static const char *hostile(const char *name)
{
    static char spec[SPEC_BYTES];
    snprintf(spec, sizeof spec, "exec:/usr/bin/python3 -B -S -E '%s/tests/hostile/%s.py'", source_folder(),
             name);
    return spec;
}

static const char *golden(void)
{
    static char spec[SPEC_BYTES];
    snprintf(spec, sizeof spec, "exec:'%s/vpci-serve' '%s/adapters/golden.so'", build_folder(),
             build_folder());
    return spec;
}

static struct vpci_seam *create(const char *spec, const struct vpci_limits *limits, struct seen *seen)
{
    struct vpci_seam *seam = vpci_channel_create(spec, limits);
    assert_non_null(seam);
    seam->observe = observe;
    seam->observer = seen;
    return seam;
}

static void assert_nothing_left(void)
{
    errno = 0;
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

/* For processes that are told to end by the death of another. */
static void assert_all_end_soon(void)
{
    const int64_t start_ms = vpci_stream_now_ms();
    pid_t gone = 0;
    while (gone >= 0 && vpci_stream_now_ms() - start_ms < NEVER_MS / 4) {
        gone = waitpid(-1, NULL, WNOHANG);
        if (gone == 0)
            nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
    }
    assert_nothing_left();
}

static void assert_fine(struct vpci_seam *seam, bool fine)
{
    if (!fine)
        print_error("%s: %s\n", vpci_failure_info[seam->failure].name, seam->detail);
    assert_true(fine);
}

static bool start(struct vpci_seam *seam)
{
    const struct vpci_device device = {
        .role = VPCI_ROLE_BUS, .vf_count = 1, .scenario = "a/case", .seed = 1
    };
    return seam->ops->begin(seam, &device) &&
           seam->ops->submit(seam, &(struct vpci_event){ .kind = VPCI_EVENT_START, .fields = VPCI_F(VF) }) &&
           seam->ops->settle(seam);
}

static bool read_block(struct vpci_seam *seam, uint32_t length)
{
    const struct vpci_event event = { .kind = VPCI_EVENT_READ,
                                      .fields = VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(BLOCK) | VPCI_F(LENGTH),
                                      .request = 3,
                                      .block = 7,
                                      .length = length };
    return seam->ops->submit(seam, &event) && seam->ops->settle(seam);
}

static bool answer(struct vpci_seam *seam, const struct seen *seen, const uint8_t *data, uint32_t length)
{
    const struct vpci_event event = { .kind = VPCI_EVENT_PF_READ_RETURN,
                                      .fields = VPCI_F(CALL) | VPCI_F(STATUS) | VPCI_F(DATA),
                                      .call = seen->last[VPCI_EVENT_PF_READ].call,
                                      .data = data,
                                      .data_length = length };
    return seam->ops->submit(seam, &event) && seam->ops->settle(seam);
}

/* One case as the conductor would run it, up to the first failure. */
static enum vpci_failure run_case(const char *spec, const struct vpci_limits *limits, struct seen *seen,
                                  char detail[VPCI_DETAIL_BYTES])
{
    struct vpci_seam *seam = create(spec, limits, seen);
    enum vpci_failure at_end = VPCI_FAILURE_NONE;
    const bool fine =
        seam->ops->connect(seam) && start(seam) && read_block(seam, LENGTH) && seam->ops->end(seam);
    const enum vpci_failure failure = seam->failure;
    assert_int_equal(fine, failure == VPCI_FAILURE_NONE);
    memcpy(detail, seam->detail, VPCI_DETAIL_BYTES);
    seam->ops->destroy(seam, &at_end);
    return failure != VPCI_FAILURE_NONE ? failure : at_end;
}

static const struct {
    const char *name;
    enum vpci_failure failure;
    const char *detail; /* part of it */
} hostile_adapters[] = {
    { "exits_at_once", VPCI_FAILURE_EXIT_AT_START, "ended with exit code 7 before hello" },
    { "crashes", VPCI_FAILURE_CRASH, "ended by SIGSEGV" },
    { "exits_in_a_call", VPCI_FAILURE_EXIT, "exit code 3; its standard error ends: no such block" },
    { "hangs_in_a_call", VPCI_FAILURE_HANG, "no answer to settle within 700 ms" },
    { "hangs_in_close", VPCI_FAILURE_HANG_AT_CLOSE, "no answer to close within 700 ms" },
    { "stays_after_bye", VPCI_FAILURE_HANG_AT_CLOSE, "" },
    { "leaves_a_child", VPCI_FAILURE_LEFT_CHILD, "" },
    { "leaves_a_daemon", VPCI_FAILURE_LEFT_CHILD, "a process it started holds its output open" },
    { "prints_garbage", VPCI_FAILURE_GARBAGE, "line 4 of the case: column 1: a value is missing" },
    { "ends_in_a_line", VPCI_FAILURE_TRUNCATED_LINE, "in the middle of a line, after 26 bytes of it" },
    { "prints_100_megabytes", VPCI_FAILURE_LINE_TOO_LONG, "longer than 65536 bytes" },
    { "answers_twice", VPCI_FAILURE_DUPLICATE_ANSWER, "seq: this request has been answered before" },
    { "answers_another_case", VPCI_FAILURE_FOREIGN_CASE, "case: it is not the running one" },
    { "answers_another_request", VPCI_FAILURE_GARBAGE,
      "seq: it is not the oldest request without an answer" },
    { "speaks_another_version", VPCI_FAILURE_VERSION_MISMATCH,
      "protocol: the adapter speaks version 99, the kit 1" },
    { "claims_the_unknown", VPCI_FAILURE_GARBAGE, "capabilities: \"telepathy\" is not known here" },
    { "closes_its_output", VPCI_FAILURE_HANG, "it closed its output and did not end" },
    { "floods", VPCI_FAILURE_TOO_MUCH_OUTPUT, "more than 1048576 bytes in one case" },
    { "allocates_without_end", VPCI_FAILURE_OUT_OF_MEMORY, "under a cap of 201326592 bytes" },
    { "floods_its_errors", VPCI_FAILURE_NONE, "" },
    { "stops_reading", VPCI_FAILURE_HANG, "no answer to open within 700 ms" },
    { "speaks_for_the_kit", VPCI_FAILURE_GARBAGE,
      "\"pf_read_return\" is not sent by an implementation of role bus" },
    { "adds_a_member", VPCI_FAILURE_GARBAGE, "elapsed: not a member of read_return" },
    { "cuts_the_buffer", VPCI_FAILURE_GARBAGE, "data: 1 bytes; the buffer of request 3 has 16" },
    { "speaks_after_settle", VPCI_FAILURE_GARBAGE, "after settle was answered and nothing was sent since" },
    { "refuses", VPCI_FAILURE_REFUSED, "open: not on a Sunday" },
    { "has_no_fence", VPCI_FAILURE_NONE, "" },
};

static void every_hostile_adapter_gets_its_name_and_leaves_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hostile_adapters / sizeof hostile_adapters[0]; i++) {
        struct seen seen = { 0 };
        char detail[VPCI_DETAIL_BYTES];
        const int64_t start_ms = vpci_stream_now_ms();
        const enum vpci_failure failure =
            run_case(hostile(hostile_adapters[i].name), &short_limits, &seen, detail);
        const int64_t took_ms = vpci_stream_now_ms() - start_ms;
        print_message("%-24s %-18s %5d ms  %s\n", hostile_adapters[i].name, vpci_failure_info[failure].name,
                      (int)took_ms, detail);
        assert_string_equal(vpci_failure_info[failure].name,
                            vpci_failure_info[hostile_adapters[i].failure].name);
        assert_non_null(strstr(detail, hostile_adapters[i].detail));
        assert_true(took_ms < NEVER_MS / 2);
        assert_nothing_left();
    }
}

static void a_silent_adapter_times_out_before_hello(void **state)
{
    (void)state;
    struct seen seen = { 0 };
    char detail[VPCI_DETAIL_BYTES];
    struct vpci_limits limits = short_limits;
    limits.start_timeout_ms = 300;
    assert_int_equal(run_case(hostile("never_says_hello"), &limits, &seen, detail),
                     VPCI_FAILURE_START_TIMEOUT);
    assert_non_null(strstr(detail, "no answer to hello within 300 ms"));
    assert_nothing_left();
}

static void what_cannot_be_started_is_told_with_the_reason(void **state)
{
    (void)state;
    static const struct {
        const char *spec, *detail;
    } wrong[] = {
        { "exec:/no/such/program", "not found" },
        { "exec:/", "ermission denied" },
        { "unix:/no/such/socket", "No such file" },
        { "unix:", "a path of 1 to 107 bytes" },
        { "tcp:127.0.0.1:1", "refused" },
        { "tcp:nowhere", "HOST:PORT" },
        { "tcp:[::1:7", "HOST:PORT" },
        { "ftp:x", "exec:COMMAND" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct seen seen = { 0 };
        char detail[VPCI_DETAIL_BYTES];
        assert_int_equal(run_case(wrong[i].spec, &short_limits, &seen, detail), VPCI_FAILURE_START_FAILED);
        if (strstr(detail, wrong[i].detail) == NULL)
            fail_msg("%s: %s", wrong[i].spec, detail);
        assert_nothing_left();
    }
}

static void read_through(struct vpci_seam *seam, struct seen *seen)
{
    uint8_t bytes[LENGTH];
    for (uint8_t i = 0; i < LENGTH; i++)
        bytes[i] = (uint8_t)(i + 1);
    assert_fine(seam, start(seam));
    assert_int_equal(seen->counts[VPCI_EVENT_START_RETURN], 1);
    assert_fine(seam, read_block(seam, LENGTH));
    assert_int_equal(seen->counts[VPCI_EVENT_PF_READ], 1);
    assert_int_equal(seen->last[VPCI_EVENT_PF_READ].block, 7);
    assert_fine(seam, answer(seam, seen, bytes, LENGTH / 2));
    assert_int_equal(seen->counts[VPCI_EVENT_READ_RETURN], 1);
    assert_int_equal(seen->last[VPCI_EVENT_READ_RETURN].data_length, LENGTH);
    assert_memory_equal(seen->data, bytes, LENGTH / 2);
    assert_int_equal(seen->data[LENGTH - 1], VPCI_FILL_BYTE);
    assert_fine(seam, seam->ops->end(seam));
}

static void golden_is_served_case_after_case(void **state)
{
    (void)state;
    struct vpci_seam *seam = create(golden(), NULL, NULL);
    assert_fine(seam, seam->ops->connect(seam));
    assert_string_equal(seam->pics.name, "golden");
    assert_true(seam->pics.capabilities & VPCI_CAPABILITY_BIT(SETTLE));
    assert_false(seam->pics.capabilities & VPCI_CAPABILITY_BIT(REENTRANT));
    for (int i = 0; i < 100; i++) {
        struct seen seen = { 0 };
        seam->observer = &seen;
        read_through(seam, &seen);
    }
    enum vpci_failure at_end = VPCI_FAILURE_HANG;
    seam->ops->destroy(seam, &at_end);
    assert_int_equal(at_end, VPCI_FAILURE_NONE);
    assert_nothing_left();
}

/* More than both pipes hold, in one fence: neither side may block for ever. */
static void a_thousand_events_before_a_fence_do_not_deadlock(void **state)
{
    (void)state;
    struct seen seen = { 0 };
    struct vpci_seam *seam = create(golden(), NULL, &seen);
    assert_fine(seam, seam->ops->connect(seam) && start(seam));
    static uint8_t bytes[VPCI_EVENT_DATA_BYTES_MAX];
    const struct vpci_event write = { .kind = VPCI_EVENT_WRITE,
                                      .fields = VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(BLOCK) |
                                                VPCI_F(LENGTH) | VPCI_F(DATA),
                                      .length = sizeof bytes,
                                      .data = bytes,
                                      .data_length = sizeof bytes };
    for (int i = 0; i < 1000; i++)
        assert_fine(seam, seam->ops->submit(seam, &write));
    assert_fine(seam, seam->ops->settle(seam));
    assert_int_equal(seen.counts[VPCI_EVENT_WRITE_RETURN], 1000); /* each too long, so refused at once */
    assert_fine(seam, seam->ops->end(seam));
    seam->ops->destroy(seam, NULL);
    assert_nothing_left();
}

static void longer_data_are_an_overrun(void **state)
{
    (void)state;
    struct seen seen = { 0 };
    char detail[VPCI_DETAIL_BYTES];
    assert_int_equal(run_case(hostile("overruns_the_buffer"), &short_limits, &seen, detail),
                     VPCI_FAILURE_NONE);
    assert_int_equal(seen.counts[VPCI_EVENT_OVERRUN], 1);
    assert_int_equal(seen.last[VPCI_EVENT_OVERRUN].request, 3);
    assert_int_equal(seen.last[VPCI_EVENT_OVERRUN].offset, LENGTH);
    assert_int_equal(seen.last[VPCI_EVENT_READ_RETURN].data_length, LENGTH);
}

/* Starts vpci-serve listening; returns its process, and where it says that it listens. */
static pid_t listen_at(const char *option, const char *where, char spec[SPEC_BYTES])
{
    int back[2];
    assert_int_equal(pipe(back), 0);
    const pid_t server = fork();
    if (server == 0) {
        char program[SPEC_BYTES], plugin[SPEC_BYTES];
        snprintf(program, sizeof program, "%s/vpci-serve", build_folder());
        snprintf(plugin, sizeof plugin, "%s/adapters/golden.so", build_folder());
        dup2(back[1], STDOUT_FILENO);
        execl(program, program, plugin, option, where, (char *)NULL);
        _exit(127);
    }
    close(back[1]);
    const ssize_t length = read(back[0], spec, SPEC_BYTES - 1);
    close(back[0]);
    assert_true(length > 1);
    spec[length - 1] = '\0';
    return server;
}

static void a_socket_serves_two_workers_at_once(const char *option, const char *where)
{
    char spec[SPEC_BYTES];
    const pid_t server = listen_at(option, where, spec);
    struct seen first_seen = { 0 }, second_seen = { 0 };
    struct vpci_seam *first = create(spec, &short_limits, &first_seen);
    struct vpci_seam *second = create(spec, &short_limits, &second_seen);
    assert_fine(first, first->ops->connect(first));
    assert_fine(second, second->ops->connect(second));
    read_through(second, &second_seen);
    read_through(first, &first_seen);
    enum vpci_failure at_end = VPCI_FAILURE_HANG;
    first->ops->destroy(first, &at_end);
    assert_int_equal(at_end, VPCI_FAILURE_NONE);
    second->ops->destroy(second, &at_end);
    assert_int_equal(at_end, VPCI_FAILURE_NONE);
    kill(server, SIGKILL);
    assert_all_end_soon();
}

static void a_unix_socket_is_spoken_to(void **state)
{
    (void)state;
    char folder[] = "/tmp/vpci-test-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/socket", folder);
    a_socket_serves_two_workers_at_once("--unix", path);
    a_socket_serves_two_workers_at_once("--unix", path); /* although the killed one left its socket there */
    unlink(path);
    rmdir(folder);
}

static void a_tcp_socket_is_spoken_to(void **state)
{
    (void)state;
    a_socket_serves_two_workers_at_once("--tcp", "127.0.0.1:0");
}

/* The kit is killed without a chance to clean up; the adapter is in a call that never returns. */
static void nothing_survives_a_kit_that_is_killed(void **state)
{
    (void)state;
    int ready[2];
    assert_int_equal(pipe(ready), 0);
    const pid_t kit = fork();
    if (kit == 0) {
        struct seen seen = { 0 };
        struct vpci_seam *seam = create(hostile("hangs_in_a_call"), NULL, &seen);
        if (seam->ops->connect(seam) && start(seam) && write(ready[1], "r", 1) == 1)
            read_block(seam, LENGTH);
        _exit(0);
    }
    char byte;
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    close(ready[1]);
    kill(kit, SIGKILL);
    assert_all_end_soon();
}

int main(void)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_is_served_case_after_case),
        cmocka_unit_test(a_thousand_events_before_a_fence_do_not_deadlock),
        cmocka_unit_test(longer_data_are_an_overrun),
        cmocka_unit_test(a_unix_socket_is_spoken_to),
        cmocka_unit_test(a_tcp_socket_is_spoken_to),
        cmocka_unit_test(what_cannot_be_started_is_told_with_the_reason),
        cmocka_unit_test(a_silent_adapter_times_out_before_hello),
        cmocka_unit_test(nothing_survives_a_kit_that_is_killed),
        cmocka_unit_test(every_hostile_adapter_gets_its_name_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
