/* SPDX-License-Identifier: MIT */
/* tests/unit/test_inprocess.c - the in-process seam: whatever a plug-in does, it comes back with a name.
 * Each misdeed happens in a child process, because a process in which a plug-in crashed is not to be trusted
 * any more. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/inprocess.h"

enum { STEP_TIMEOUT_MS = 200, LOG_MAX = 64 };

/* ---- a plug-in that does what a test tells it ---- */

typedef void misdeed_fn(void);

static struct {
    struct vpci_event_host host;
    misdeed_fn *in_submit, *in_run, *in_close, *in_open;
    const struct vpci_memory *memory;
    uint8_t *kept; /* an output buffer, after its request */
    const struct vpci_event *event;
    bool open_fails;
} fake;

static void *fake_open(const struct vpci_event_host *host, const struct vpci_device *device)
{
    (void)device;
    fake.host = *host;
    if (fake.in_open != NULL)
        fake.in_open();
    return fake.open_fails ? NULL : &fake;
}

static void fake_submit(void *iut, const struct vpci_event *event, const struct vpci_memory *memory)
{
    assert_ptr_equal(iut, &fake);
    fake.event = event;
    fake.memory = memory;
    if (fake.in_submit != NULL)
        fake.in_submit();
}

static void fake_run(void *iut)
{
    (void)iut;
    if (fake.in_run != NULL)
        fake.in_run();
}

static void fake_close(void *iut)
{
    (void)iut;
    if (fake.in_close != NULL)
        fake.in_close();
}

static const struct vpci_event_driven calls = { fake_open, fake_submit, fake_run, fake_close };

static struct vpci_plugin good_plugin(void)
{
    return (struct vpci_plugin){ .abi = VPCI_PLUGIN_ABI,
                                 .table_bytes = sizeof(struct vpci_plugin),
                                 .name = "fake",
                                 .version = "1",
                                 .roles = 1u << VPCI_ROLE_BUS,
                                 .capabilities = VPCI_CAPABILITY_BIT(DIRECT),
                                 .event_driven = &calls };
}

/* ---- the other side ---- */

struct log {
    struct vpci_event events[LOG_MAX];
    unsigned count;
    struct vpci_seam *seam;
    unsigned nest; /* send again from inside this many observations */
};

static const struct vpci_event a_read = { .kind = VPCI_EVENT_READ,
                                          .fields =
                                              VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(BLOCK) | VPCI_F(LENGTH),
                                          .length = 8 };

static void observe(void *observer, const struct vpci_event *event)
{
    struct log *log = observer;
    assert_true(log->count < LOG_MAX);
    log->events[log->count++] = *event;
    if (log->nest > 0 && event->kind == VPCI_EVENT_READ_RETURN) {
        log->nest--;
        struct vpci_event next = a_read;
        next.request = event->request + 1;
        (void)log->seam->ops->submit(log->seam, &next);
    }
}

static struct vpci_seam *connected(struct log *log)
{
    static struct vpci_plugin plugin;
    static const struct vpci_limits limits = { .step_timeout_ms = STEP_TIMEOUT_MS };
    plugin = good_plugin();
    struct vpci_seam *seam = vpci_inprocess_create_linked(&plugin, &limits);
    seam->observe = observe;
    seam->observer = log;
    log->seam = seam;
    assert_true(seam->ops->connect(seam));
    return seam;
}

static const struct vpci_device device = { .role = VPCI_ROLE_BUS, .vf_count = 1, .scenario = "test" };

/* One read, rest, end: whichever of them fails first. */
static enum vpci_failure one_case(struct vpci_seam *seam)
{
    const bool whole = seam->ops->begin(seam, &device) && seam->ops->submit(seam, &a_read) &&
                       seam->ops->settle(seam) && seam->ops->end(seam);
    assert_int_equal(whole, seam->failure == VPCI_FAILURE_NONE);
    return seam->failure;
}

/* Runs body in a child; it passes when it returns true. */
static void in_child(bool (*body)(void))
{
    (void)fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        (void)alarm(0);
        _exit(body() ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static bool is(const struct vpci_seam *seam, enum vpci_failure failure, const char *detail_part)
{
    if (seam->failure == failure && strstr(seam->detail, detail_part) != NULL)
        return true;
    print_error("failure %s, detail \"%s\", wanted %s with \"%s\"\n", vpci_failure_info[seam->failure].name,
                seam->detail, vpci_failure_info[failure].name, detail_part);
    return false;
}

/* ---- misdeeds ---- */

static void report_return(void)
{
    if (fake.event->kind != VPCI_EVENT_READ)
        return;
    const struct vpci_event done = { .kind = VPCI_EVENT_READ_RETURN,
                                     .fields = VPCI_F(REQUEST) | VPCI_F(STATUS),
                                     .request = fake.event->request };
    fake.kept = fake.memory->output;
    fake.host.observe(fake.host.kit, &done);
}

static void dereference_null(void)
{
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
}

static void hang_busily(void)
{
    for (volatile unsigned i = 0;; i++)
        continue;
}

static void hang_asleep(void)
{
    for (;;)
        (void)pause();
}

static void divide_by_zero(void)
{
    (void)raise(SIGFPE);
}

static void overrun_the_buffer(void)
{
    volatile uint8_t *at = fake.memory->output;
    for (int i = 0; i < 64; i++)
        at[i] = 0;
}

static void store_one_byte_too_many(void)
{
    fake.memory->output[7] = 1;
    fake.memory->output[-1] = 1;
    report_return();
}

static void write_late(void)
{
    if (fake.kept != NULL)
        fake.kept[2] = 7;
}

static void report_what_only_the_kit_can(void)
{
    const struct vpci_event event = { .kind = VPCI_EVENT_PF_READ_RETURN };
    fake.host.observe(fake.host.kit, &event);
}

static void report_an_unknown_kind(void)
{
    const struct vpci_event event = { .kind = (enum vpci_event_kind)12345 };
    fake.host.observe(fake.host.kit, &event);
}

static void crash_at_the_second_read(void)
{
    if (fake.event->request == 1)
        dereference_null();
    report_return();
}

#define CHILD(name)                \
    static bool name##_body(void); \
    static void name(void **state) \
    {                              \
        (void)state;               \
        in_child(name##_body);     \
    }                              \
    static bool name##_body(void)

#define MISDEED(name, hook, misdeed, failure, detail_part)                    \
    CHILD(name)                                                               \
    {                                                                         \
        struct log log = { .count = 0 };                                      \
        struct vpci_seam *seam = connected(&log);                             \
        fake.hook = misdeed;                                                  \
        return one_case(seam) == (failure) && is(seam, failure, detail_part); \
    }

MISDEED(a_crash_in_submit, in_submit, dereference_null, VPCI_FAILURE_CRASH, "signal 11")
MISDEED(a_crash_in_open, in_open, dereference_null, VPCI_FAILURE_CRASH, "signal 11")
MISDEED(a_crash_in_run, in_run, dereference_null, VPCI_FAILURE_CRASH, "signal 11")
MISDEED(a_crash_in_close, in_close, dereference_null, VPCI_FAILURE_CRASH, "signal 11")
MISDEED(an_abort, in_submit, abort, VPCI_FAILURE_CRASH, "signal 6")
MISDEED(a_division_by_zero, in_run, divide_by_zero, VPCI_FAILURE_CRASH, "signal 8")
MISDEED(a_busy_hang, in_submit, hang_busily, VPCI_FAILURE_HANG, "200 ms")
MISDEED(a_sleeping_hang, in_run, hang_asleep, VPCI_FAILURE_HANG, "200 ms")
MISDEED(a_hang_in_close, in_close, hang_asleep, VPCI_FAILURE_HANG_AT_CLOSE, "200 ms")
MISDEED(an_event_of_the_kit, in_submit, report_what_only_the_kit_can, VPCI_FAILURE_GARBAGE, "cannot send")
MISDEED(an_unknown_event, in_submit, report_an_unknown_kind, VPCI_FAILURE_GARBAGE, "cannot send")

CHILD(an_open_that_fails)
{
    struct log log = { .count = 0 };
    struct vpci_seam *seam = connected(&log);
    fake.open_fails = true;
    return one_case(seam) == VPCI_FAILURE_REFUSED && is(seam, VPCI_FAILURE_REFUSED, "open returned NULL");
}

CHILD(an_overrun_into_the_guard_page)
{
    struct log log = { .count = 0 };
    struct vpci_seam *seam = connected(&log);
    fake.in_submit = overrun_the_buffer;
    return one_case(seam) == VPCI_FAILURE_CRASH && is(seam, VPCI_FAILURE_CRASH, "guard page") &&
           log.count == 1 && log.events[0].kind == VPCI_EVENT_OVERRUN && log.events[0].request == 0 &&
           log.events[0].offset == 8;
}

CHILD(a_byte_before_the_buffer)
{
    struct log log = { .count = 0 };
    struct vpci_seam *seam = connected(&log);
    fake.in_submit = store_one_byte_too_many;
    return one_case(seam) == VPCI_FAILURE_NONE && log.count >= 2 &&
           log.events[0].kind == VPCI_EVENT_OVERRUN && log.events[0].offset == UINT32_MAX &&
           log.events[1].kind == VPCI_EVENT_READ_RETURN && log.events[1].data_length == 8;
}

CHILD(a_late_write_is_seen_at_rest)
{
    struct log log = { .count = 0 };
    struct vpci_seam *seam = connected(&log);
    fake.in_submit = report_return;
    fake.in_run = write_late;
    return one_case(seam) == VPCI_FAILURE_NONE && log.count == 2 &&
           log.events[1].kind == VPCI_EVENT_LATE_WRITE && log.events[1].offset == 2;
}

CHILD(a_late_write_is_seen_at_the_end)
{
    struct log log = { .count = 0 };
    struct vpci_seam *seam = connected(&log);
    fake.in_submit = report_return;
    fake.in_close = write_late;
    return one_case(seam) == VPCI_FAILURE_NONE && log.count == 2 &&
           log.events[1].kind == VPCI_EVENT_LATE_WRITE;
}

CHILD(events_inside_events)
{
    struct log log = { .count = 0 };
    struct vpci_seam *seam = connected(&log);
    fake.in_submit = report_return;
    log.nest = 20;
    if (one_case(seam) != VPCI_FAILURE_NONE || log.count != 21)
        return false;
    for (unsigned i = 0; i < log.count; i++) {
        if (log.events[i].kind != VPCI_EVENT_READ_RETURN || log.events[i].request != i)
            return false;
    }
    return true;
}

CHILD(a_crash_inside_an_event)
{
    struct log log = { .count = 0 };
    struct vpci_seam *seam = connected(&log);
    fake.in_submit = crash_at_the_second_read;
    log.nest = 20;
    return one_case(seam) == VPCI_FAILURE_CRASH && log.count == 1;
}

/* Time that the cases took before does not count. */
CHILD(many_cases_take_longer_than_one_deadline)
{
    struct log log = { .count = 0 };
    struct vpci_seam *seam = connected(&log);
    const struct timespec nap = { 0, 60 * 1000 * 1000 };
    fake.in_submit = NULL;
    for (int i = 0; i < 6; i++) {
        if (one_case(seam) != VPCI_FAILURE_NONE)
            return is(seam, VPCI_FAILURE_NONE, "");
        struct timespec left = nap;
        while (nanosleep(&left, &left) != 0)
            continue;
    }
    return true;
}

CHILD(a_failure_stays)
{
    struct log log = { .count = 0 };
    struct vpci_seam *seam = connected(&log);
    fake.in_submit = report_an_unknown_kind;
    (void)one_case(seam);
    return !vpci_seam_fail(seam, VPCI_FAILURE_CRASH, "later") && is(seam, VPCI_FAILURE_GARBAGE, "kind 12345");
}

/* ---- what cannot be a plug-in ---- */

static void expect_connect(struct vpci_plugin plugin, enum vpci_failure failure, const char *detail_part)
{
    struct log log = { .count = 0 };
    struct vpci_seam *seam = vpci_inprocess_create_linked(&plugin, &(struct vpci_limits){ 0 });
    seam->observe = observe;
    seam->observer = &log;
    assert_int_equal(seam->ops->connect(seam), failure == VPCI_FAILURE_NONE);
    assert_true(is(seam, failure, detail_part));
    enum vpci_failure at_end = VPCI_FAILURE_CRASH;
    seam->ops->destroy(seam, &at_end);
    assert_int_equal(at_end, VPCI_FAILURE_NONE);
}

static void tables_are_checked(void **state)
{
    (void)state;
    static const struct vpci_blocking blocking = { 0 };
    static const struct vpci_event_driven without_submit = { fake_open, NULL, fake_run, fake_close };
    static const struct vpci_event_driven without_run = { fake_open, fake_submit, NULL, fake_close };
    expect_connect(good_plugin(), VPCI_FAILURE_NONE, "");
    struct vpci_plugin plugin = good_plugin();
    plugin.abi++;
    expect_connect(plugin, VPCI_FAILURE_VERSION_MISMATCH, "ABI 2");
    plugin = good_plugin();
    plugin.table_bytes--;
    expect_connect(plugin, VPCI_FAILURE_VERSION_MISMATCH, "bytes");
    plugin = good_plugin();
    plugin.blocking = &blocking;
    expect_connect(plugin, VPCI_FAILURE_START_FAILED, "exactly one");
    plugin = good_plugin();
    plugin.event_driven = NULL;
    expect_connect(plugin, VPCI_FAILURE_START_FAILED, "exactly one");
    plugin = good_plugin();
    plugin.event_driven = &without_submit;
    expect_connect(plugin, VPCI_FAILURE_START_FAILED, "missing");
    plugin = good_plugin();
    plugin.event_driven = &without_run;
    expect_connect(plugin, VPCI_FAILURE_NONE, "");
}

static void the_pics_is_told(void **state)
{
    (void)state;
    static char long_name[1000];
    memset(long_name, 'n', sizeof long_name - 1);
    struct vpci_plugin plugin = good_plugin();
    plugin.name = long_name;
    plugin.version = NULL;
    struct vpci_seam *seam = vpci_inprocess_create_linked(&plugin, &(struct vpci_limits){ 0 });
    assert_true(seam->ops->connect(seam));
    assert_int_equal(strlen(seam->pics.name), VPCI_PICS_TEXT_BYTES - 1);
    assert_string_equal(seam->pics.version, "");
    assert_int_equal(seam->pics.roles, 1u << VPCI_ROLE_BUS);
    assert_int_equal(seam->pics.capabilities, VPCI_CAPABILITY_BIT(DIRECT) | VPCI_CAPABILITY_BIT(SETTLE) |
                                                  VPCI_CAPABILITY_BIT(SHARED_MEMORY));
    assert_true(seam->exact_order);
    seam->ops->destroy(seam, NULL);
}

static void expect_path(const char *path, enum vpci_failure failure, const char *detail_part)
{
    struct vpci_seam *seam = vpci_inprocess_create(path, &(struct vpci_limits){ 0 });
    assert_int_equal(seam->ops->connect(seam), failure == VPCI_FAILURE_NONE);
    assert_true(is(seam, failure, detail_part));
    seam->ops->destroy(seam, NULL);
}

static void files_are_checked(void **state)
{
    (void)state;
    expect_path("/nowhere/at-all.so", VPCI_FAILURE_START_FAILED, "/nowhere/at-all.so");
    expect_path("CMakeLists.txt", VPCI_FAILURE_START_FAILED, "CMakeLists.txt");
    expect_path("libcmocka.so.0", VPCI_FAILURE_START_FAILED, "no symbol vpci_plugin_entry");
    const char *build = getenv("VPCI_BUILD");
    if (build == NULL)
        return;
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/adapters/golden.so", build);
    expect_path(path, VPCI_FAILURE_NONE, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crash_in_submit),
        cmocka_unit_test(a_crash_in_open),
        cmocka_unit_test(a_crash_in_run),
        cmocka_unit_test(a_crash_in_close),
        cmocka_unit_test(an_abort),
        cmocka_unit_test(a_division_by_zero),
        cmocka_unit_test(a_busy_hang),
        cmocka_unit_test(a_sleeping_hang),
        cmocka_unit_test(a_hang_in_close),
        cmocka_unit_test(an_event_of_the_kit),
        cmocka_unit_test(an_unknown_event),
        cmocka_unit_test(an_open_that_fails),
        cmocka_unit_test(an_overrun_into_the_guard_page),
        cmocka_unit_test(a_byte_before_the_buffer),
        cmocka_unit_test(a_late_write_is_seen_at_rest),
        cmocka_unit_test(a_late_write_is_seen_at_the_end),
        cmocka_unit_test(events_inside_events),
        cmocka_unit_test(a_crash_inside_an_event),
        cmocka_unit_test(many_cases_take_longer_than_one_deadline),
        cmocka_unit_test(a_failure_stays),
        cmocka_unit_test(tables_are_checked),
        cmocka_unit_test(the_pics_is_told),
        cmocka_unit_test(files_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
