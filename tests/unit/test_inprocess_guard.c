/* SPDX-License-Identifier: MIT */
/* tests/unit/test_inprocess_guard.c - the signals of the in-process seam, in company: handlers of others that
 * were there before, processes that are forked once it is connected, calls that enclose a case. Each test
 * runs in a child process of its own. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/inprocess.h"

enum { STEP_TIMEOUT_MS = 200, PATIENCE_MS = 5000, HANDLED = 7 };

typedef void misdeed_fn(void);
static misdeed_fn *in_submit, *in_close;

static void *fake_open(const struct vpci_event_host *host, const struct vpci_device *device)
{
    (void)host;
    (void)device;
    return &in_submit;
}

static void fake_submit(void *iut, const struct vpci_event *event, const struct vpci_memory *memory)
{
    (void)iut;
    (void)event;
    (void)memory;
    if (in_submit != NULL)
        in_submit();
}

static void fake_close(void *iut)
{
    (void)iut;
    if (in_close != NULL)
        in_close();
}

static void observe(void *observer, const struct vpci_event *event)
{
    (void)observer;
    (void)event;
}

static struct vpci_seam *connected(void)
{
    static const struct vpci_event_driven calls = { fake_open, fake_submit, NULL, fake_close };
    static const struct vpci_plugin plugin = { .abi = VPCI_PLUGIN_ABI,
                                               .table_bytes = sizeof(struct vpci_plugin),
                                               .name = "fake",
                                               .version = "1",
                                               .roles = 1u << VPCI_ROLE_BUS,
                                               .event_driven = &calls };
    static const struct vpci_limits limits = { .step_timeout_ms = STEP_TIMEOUT_MS };
    struct vpci_seam *seam = vpci_inprocess_create_linked(&plugin, &limits);
    seam->observe = observe;
    if (!seam->ops->connect(seam))
        abort();
    return seam;
}

static const struct vpci_event a_read = { .kind = VPCI_EVENT_READ,
                                          .fields =
                                              VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(BLOCK) | VPCI_F(LENGTH),
                                          .length = 8 };
static const struct vpci_device device = { .role = VPCI_ROLE_BUS, .vf_count = 1, .scenario = "test" };

static enum vpci_failure one_case(struct vpci_seam *seam)
{
    (void)(seam->ops->begin(seam, &device) && seam->ops->submit(seam, &a_read) && seam->ops->settle(seam) &&
           seam->ops->end(seam));
    return seam->failure;
}

static void nap(long milliseconds)
{
    struct timespec left = { 0, milliseconds * 1000 * 1000 };
    while (nanosleep(&left, &left) != 0)
        continue;
}

/* The wait status of a child; a child that does not end is killed. */
static int status_of(pid_t child)
{
    int status = 0;
    for (int waited_ms = 0; waited_ms < PATIENCE_MS; waited_ms += 10) {
        if (waitpid(child, &status, WNOHANG) == child)
            return status;
        nap(10);
    }
    (void)kill(child, SIGKILL);
    (void)waitpid(child, &status, 0);
    return status;
}

static bool exits_with(pid_t child, int code)
{
    const int status = status_of(child);
    return WIFEXITED(status) && WEXITSTATUS(status) == code;
}

/* Runs body in a child, which passes when it returns true, or ends with the code of a handler. */
static void in_child(bool (*body)(void), int code)
{
    const pid_t child = fork();
    if (child == 0) {
        (void)signal(SIGSEGV, SIG_DFL); /* cmocka's would go on with the next test, in the child */
        _exit(body() ? 0 : 1);
    }
    assert_true(exits_with(child, code));
}

static void dereference_null(void)
{
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
}

static void hang(void)
{
    for (volatile unsigned i = 0;; i++)
        continue;
}

/* ---- handlers of others ---- */

static volatile sig_atomic_t ticks;

static void on_crash_of_others(int number, siginfo_t *info, void *context)
{
    (void)context;
    _exit(number == SIGSEGV && info->si_addr == NULL ? HANDLED : 1);
}

static void on_tick_of_others(int number)
{
    (void)number;
    ticks++;
}

static void handle_first(void)
{
    struct sigaction action = { 0 };
    action.sa_sigaction = on_crash_of_others;
    action.sa_flags = SA_SIGINFO;
    (void)sigaction(SIGSEGV, &action, NULL);
    action.sa_flags = 0;
    action.sa_handler = on_tick_of_others;
    (void)sigaction(SIGALRM, &action, NULL);
}

static bool crash_of_the_kit(void)
{
    handle_first();
    const bool whole = one_case(connected()) == VPCI_FAILURE_NONE;
    if (whole)
        dereference_null();
    return false;
}

static void a_crash_outside_of_the_plugin_goes_to_the_handler_of_before(void **state)
{
    (void)state;
    in_child(crash_of_the_kit, HANDLED);
}

static bool crash_of_the_plugin(void)
{
    handle_first();
    in_submit = dereference_null;
    return one_case(connected()) == VPCI_FAILURE_CRASH;
}

static void a_crash_of_the_plugin_does_not(void **state)
{
    (void)state;
    in_child(crash_of_the_plugin, 0);
}

static bool ticks_outside(void)
{
    handle_first();
    struct vpci_seam *seam = connected();
    nap(100);
    return ticks > 0 && one_case(seam) == VPCI_FAILURE_NONE;
}

static void ticks_outside_of_the_plugin_go_to_the_handler_of_before(void **state)
{
    (void)state;
    in_child(ticks_outside, 0);
}

static bool crash_without_handlers(void)
{
    (void)connected();
    const pid_t child = fork();
    if (child == 0) {
        dereference_null();
        _exit(0);
    }
    const int status = status_of(child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
}

static void a_crash_that_nobody_handles_ends_the_process(void **state)
{
    (void)state;
    in_child(crash_without_handlers, 0);
}

/* ---- forks ---- */

static bool hang_in_a_fork(void)
{
    struct vpci_seam *seam = connected();
    const pid_t child = fork();
    if (child == 0) {
        in_submit = hang;
        _exit(one_case(seam) == VPCI_FAILURE_HANG ? 0 : 1);
    }
    return exits_with(child, 0);
}

static void a_hang_is_seen_in_a_process_forked_after_the_connect(void **state)
{
    (void)state;
    in_child(hang_in_a_fork, 0);
}

static pid_t child_of_the_plugin;

static void fork_and_crash(void)
{
    child_of_the_plugin = fork();
    if (child_of_the_plugin == 0)
        dereference_null();
}

static bool crash_in_a_child_of_the_plugin(void)
{
    const pid_t kit = getpid();
    in_submit = fork_and_crash;
    const enum vpci_failure failure = one_case(connected());
    if (getpid() != kit)
        _exit(HANDLED); /* the child came back into the kit */
    const int status = status_of(child_of_the_plugin);
    return failure == VPCI_FAILURE_NONE && WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
}

static void a_child_of_the_plugin_does_not_come_back(void **state)
{
    (void)state;
    in_child(crash_in_a_child_of_the_plugin, 0);
}

static bool slow_read(void)
{
    int ends[2];
    char byte = 0;
    (void)connected();
    if (pipe(ends) != 0)
        return false;
    const pid_t child = fork();
    if (child == 0) {
        nap(150);
        _exit(write(ends[1], "x", 1) == 1 ? 0 : 1);
    }
    return read(ends[0], &byte, 1) == 1 && exits_with(child, 0);
}

static void ticks_fail_no_slow_call(void **state)
{
    (void)state;
    in_child(slow_read, 0);
}

/* ---- a case that is enclosed ---- */

static bool went_on;

static bool play(void *context)
{
    struct vpci_seam *seam = context;
    const bool whole = seam->ops->begin(seam, &device) && seam->ops->submit(seam, &a_read) &&
                       seam->ops->settle(seam) && seam->ops->end(seam);
    went_on = true;
    return whole;
}

static bool enclosed_crash(void)
{
    struct vpci_seam *seam = connected();
    if (!seam->ops->enclose(seam, play, seam) || !went_on)
        return false;
    went_on = false;
    in_submit = dereference_null;
    return !seam->ops->enclose(seam, play, seam) && !went_on && seam->failure == VPCI_FAILURE_CRASH;
}

static void a_crash_leaves_the_enclosed_case(void **state)
{
    (void)state;
    in_child(enclosed_crash, 0);
}

static bool enclosed_hang(void)
{
    struct vpci_seam *seam = connected();
    in_close = hang;
    return !seam->ops->enclose(seam, play, seam) && !went_on && seam->failure == VPCI_FAILURE_HANG_AT_CLOSE;
}

static void a_hang_at_close_keeps_its_name(void **state)
{
    (void)state;
    in_child(enclosed_hang, 0);
}

static bool crash_after_enclosure(void)
{
    handle_first();
    struct vpci_seam *seam = connected();
    if (seam->ops->enclose(seam, play, seam))
        dereference_null();
    return false;
}

static void a_crash_after_the_enclosed_case_is_not_the_plugins(void **state)
{
    (void)state;
    in_child(crash_after_enclosure, HANDLED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crash_outside_of_the_plugin_goes_to_the_handler_of_before),
        cmocka_unit_test(a_crash_of_the_plugin_does_not),
        cmocka_unit_test(ticks_outside_of_the_plugin_go_to_the_handler_of_before),
        cmocka_unit_test(a_crash_that_nobody_handles_ends_the_process),
        cmocka_unit_test(a_hang_is_seen_in_a_process_forked_after_the_connect),
        cmocka_unit_test(a_child_of_the_plugin_does_not_come_back),
        cmocka_unit_test(ticks_fail_no_slow_call),
        cmocka_unit_test(a_crash_leaves_the_enclosed_case),
        cmocka_unit_test(a_hang_at_close_keeps_its_name),
        cmocka_unit_test(a_crash_after_the_enclosed_case_is_not_the_plugins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
