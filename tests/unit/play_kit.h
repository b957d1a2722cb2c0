/* SPDX-License-Identifier: MIT */
/* tests/unit/play_kit.h - plays scenarios that are written as text against golden, with a hook where it has
 * to misbehave, each in a child process, and keeps what came of them. For the tests of the conductor. */
#ifndef VPCI_PLAY_KIT_H
#define VPCI_PLAY_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/adapters/golden/golden.h"
#include "harness/conductor.h"
#include "harness/inprocess.h"

enum { LOG_MAX = 512, NAME_BYTES = 64 };

/* What came of a case, in memory that a child process can leave behind. */
struct played {
    enum vpci_case_verdict verdict;
    char cause[NAME_BYTES];
    char detail[VPCI_DETAIL_BYTES];
    enum vpci_requirement requirement, found;
    uint32_t finding_event, trace_count;
    bool has_finding, has_trace;
    enum vpci_failure failure;
    struct vpci_requirement_set exercised;
    struct vpci_event events[LOG_MAX]; /* without their data */
    uint64_t first_bytes[LOG_MAX];     /* of their data */
    uint32_t count;
};

static struct played *played; /* shared with the children */

static const struct golden_hooks *hooks;
static const struct golden_options *options;
static vpci_capability_set unclaimed;
static struct vpci_conductor *under_way; /* for an exit */

static void watch(void *watcher, const struct vpci_event *event, const struct vpci_judgement *judgement)
{
    (void)watcher;
    (void)judgement;
    assert_true(played->count < LOG_MAX);
    played->events[played->count] = *event;
    if (event->data != NULL && event->data_length >= 8)
        played->first_bytes[played->count] = vpci_load_u64(event->data);
    played->count++;
}

static void keep(const struct vpci_case_result *result)
{
    played->verdict = result->verdict;
    (void)snprintf(played->cause, sizeof played->cause, "%s", result->cause == NULL ? "" : result->cause);
    (void)snprintf(played->detail, sizeof played->detail, "%s", result->detail == NULL ? "" : result->detail);
    played->requirement = result->requirement;
    played->has_finding = result->has_finding;
    played->found = result->finding.requirement;
    played->finding_event = result->finding.event;
    played->has_trace = result->trace != NULL;
    played->trace_count = result->trace_count;
    played->exercised = result->exercised;
}

/* A suite of the one scenario. */
static struct vpci_suite *load(const char *json)
{
    char folder[] = "/tmp/vpci-test-XXXXXX";
    char path[64], error[VPCI_ERROR_BYTES];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/a-scenario.json", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs(json, file);
    (void)fclose(file);
    struct vpci_suite *suite = vpci_suite_load(path, error);
    (void)unlink(path);
    (void)rmdir(folder);
    if (suite == NULL)
        fail_msg("%s", error);
    return suite;
}

/* Plays the only case of the scenario in this process. */
static void play_here(const char *json)
{
    static const struct vpci_limits limits = { .step_timeout_ms = 300 };
    memset(played, 0, sizeof *played);
    struct vpci_suite *suite = load(json);
    struct vpci_case_scratch scratch = { 0 };
    struct vpci_case test;
    vpci_suite_case(suite, 0, &scratch, &test);
    struct vpci_plugin plugin = *golden_entry("golden", options, hooks);
    plugin.capabilities &= ~unclaimed;
    struct vpci_seam *seam = vpci_inprocess_create_linked(&plugin, &limits);
    const struct vpci_conductor_options own = { .role = VPCI_ROLE_BUS, .seed = 1 };
    struct vpci_conductor *conductor = vpci_conductor_create(&own);
    struct vpci_case_result result;
    vpci_conductor_watch(conductor, watch, NULL);
    under_way = conductor;
    assert_true(seam->ops->connect(seam));
    if (vpci_conductor_applies(conductor, &seam->pics, &test, &result))
        vpci_conductor_play(conductor, seam, &test, &result);
    keep(&result);
    played->failure = seam->failure;
    under_way = NULL;
    seam->ops->destroy(seam, NULL);
    vpci_conductor_destroy(conductor);
    vpci_case_scratch_free(&scratch);
    vpci_suite_free(suite);
}

static inline void abandon(void)
{
    struct vpci_case_result result;
    if (under_way != NULL && vpci_conductor_abandon(under_way, &result))
        keep(&result);
    _exit(0);
}

/* The same in a child process, as in a run: a timer against hangs does not outlive a fork. */
static inline void play(const char *json)
{
    (void)fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        (void)atexit(abandon);
        play_here(json);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static inline void expect_verdict(enum vpci_case_verdict verdict, const char *cause,
                                  enum vpci_requirement requirement)
{
    if (played->verdict != verdict || strcmp(played->cause, cause) != 0 || played->requirement != requirement)
        fail_msg("%s, \"%s\" (%s), requirement %d; wanted %s, \"%s\", %d",
                 vpci_case_verdict_name[played->verdict], played->cause, played->detail,
                 (int)played->requirement, vpci_case_verdict_name[verdict], cause, (int)requirement);
}

static inline void expect_pass(void)
{
    expect_verdict(VPCI_CASE_PASS, "", VPCI_REQUIREMENT_NONE);
    assert_false(played->has_trace);
    assert_false(played->has_finding);
}

/* The n-th event of a kind, from 0. */
static inline const struct vpci_event *nth(enum vpci_event_kind kind, uint32_t n)
{
    for (uint32_t i = 0; i < played->count; i++) {
        if (played->events[i].kind == kind && n-- == 0)
            return &played->events[i];
    }
    fail_msg("no such %s", vpci_event_info[kind].name);
    return NULL;
}

static inline uint32_t count_of(enum vpci_event_kind kind)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < played->count; i++)
        count += played->events[i].kind == kind;
    return count;
}

static inline int reset(void **state)
{
    (void)state;
    hooks = NULL;
    options = NULL;
    unclaimed = 0;
    return 0;
}

#define SCENARIO(requirements, steps) \
    "{ \"purpose\": \"a test\", \"requirements\": [" requirements "], \"steps\": [" steps "] }"
#define HOLDING(requirements, steps)                                                                      \
    "{ \"purpose\": \"a test\", \"requirements\": [" requirements "], \"pf\": { \"answer\": \"hold\" }, " \
    "\"steps\": [" steps "] }"
#define READ "{ \"event\": \"read\", \"block\": 3, \"length\": 16 }"

#define FOUR_READS                                                                                \
    "{ \"event\": \"read\", \"block\": 0, \"length\": 8 }, { \"event\": \"read\", \"block\": 1, " \
    "\"length\": 8 }, "                                                                           \
    "{ \"event\": \"read\", \"block\": 2, \"length\": 8 }, { \"event\": \"read\", \"block\": 3, " \
    "\"length\": 8 }"

#define PLAY_TEST(name) cmocka_unit_test_setup(name, reset)

/* Runs the tests with the memory that play() needs. */
#define RUN_PLAY_TESTS(tests)                                                                        \
    (played = mmap(NULL, sizeof *played, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0), \
     played == MAP_FAILED ? 1 : cmocka_run_group_tests(tests, NULL, NULL))

#endif
