/* SPDX-License-Identifier: MIT */
/* harness/worker.c - see worker.h. */
#include "harness/worker.h"

#include "harness/clock.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* AddressSanitizer reserves terabytes of addresses: no cap then. gcc says it one way, clang another. */
#if defined(__has_feature)
#define HAS_ADDRESS_SANITIZER __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define HAS_ADDRESS_SANITIZER 1
#else
#define HAS_ADDRESS_SANITIZER 0
#endif

enum {
    STARTS_MAX = 3
}; /* ours: an implementation that fails to start this often in a row is not started again */

struct worker {
    const struct vpci_plan *plan;
    struct vpci_region *region;
    struct vpci_conductor *conductor;
    struct vpci_seam *seam; /* NULL: none connected */
    unsigned failed_starts; /* in a row */
    unsigned hangs;
    bool has_last; /* some case was played with this seam */
    uint32_t last; /* which */
};

static struct worker worker; /* one a process; the exit handler must find it */

static bool is_hang(const struct vpci_case_result *result)
{
    static const enum vpci_failure late[] = { VPCI_FAILURE_HANG, VPCI_FAILURE_HANG_AT_CLOSE,
                                              VPCI_FAILURE_START_TIMEOUT };
    for (size_t i = 0; i < sizeof late / sizeof late[0]; i++) {
        if (result->cause != NULL && strcmp(result->cause, vpci_failure_info[late[i]].name) == 0)
            return true;
    }
    return false;
}

static void mark_case(struct vpci_case_result *result)
{
    vpci_mark_case(result, worker.plan->expectations, worker.plan->disputes);
}

bool vpci_region_add(struct vpci_region *region, struct vpci_case_result *result,
                     const struct vpci_transcript *transcript, uint64_t elapsed_ns)
{
    static struct vpci_text line, said;
    vpci_text_clear(&line);
    vpci_text_clear(&said);
    if (transcript != NULL)
        vpci_transcript_print(&said, transcript);
    vpci_print_case(&line, result);
    if (line.length > VPCI_RESULT_LINE_BYTES && result->trace_count > VPCI_TRACE_EVENTS_KEPT) {
        result->trace = NULL;
        vpci_text_clear(&line);
        vpci_print_case(&line, result);
    }
    const size_t room = VPCI_REGION_BYTES - sizeof *region - region->bytes;
    const size_t bytes = (sizeof(struct vpci_frame) + line.length + said.length + 7) & ~(size_t)7;
    if (bytes > room)
        return false;
    struct vpci_frame *frame = (struct vpci_frame *)(void *)(region->frames + region->bytes);
    *frame = (struct vpci_frame){ .magic = VPCI_FRAME_MAGIC,
                                  .index = result->index,
                                  .verdict = (uint32_t)result->verdict,
                                  .requirement = (uint32_t)result->requirement,
                                  .hung = is_hang(result),
                                  .warning_count = result->warning_count,
                                  .exercised = result->exercised,
                                  .elapsed_ns = elapsed_ns,
                                  .expected = (uint32_t)result->expected,
                                  .expectation = result->expectation,
                                  .dispute = (uint32_t)result->dispute,
                                  .probe = result->probe,
                                  .line_bytes = (uint32_t)line.length,
                                  .transcript_bytes = (uint32_t)said.length };
    for (uint32_t i = 0; i < result->warning_count; i++)
        frame->warnings[i] = (uint16_t)result->warnings[i].requirement;
    memcpy(frame + 1, line.bytes, line.length);
    if (said.length != 0)
        memcpy((char *)(frame + 1) + line.length, said.bytes, said.length);
    region->bytes += (uint32_t)bytes;
    if (region->next <= result->index)
        region->next = result->index + 1;
    return true;
}

/* ---- one process of the implementation ---- */

static bool connect_seam(void)
{
    worker.seam = vpci_adapter_open(&worker.plan->adapter, &worker.plan->limits);
    worker.has_last = false;
    if (!worker.seam->ops->connect(worker.seam)) {
        worker.failed_starts++;
        return false;
    }
    worker.failed_starts = 0;
    return true;
}

/* Stops the implementation. When the stop itself goes wrong, the last case it played is told so. */
static void disconnect_seam(void)
{
    if (worker.seam == NULL)
        return;
    struct vpci_seam *seam = worker.seam;
    const bool healthy = seam->failure == VPCI_FAILURE_NONE;
    enum vpci_failure failure = VPCI_FAILURE_NONE;
    worker.seam = NULL;
    seam->ops->destroy(seam, &failure);
    if (failure == VPCI_FAILURE_NONE || !healthy || !worker.has_last)
        return;
    struct vpci_case_scratch scratch = { 0 };
    struct vpci_case test;
    vpci_suite_case(worker.plan->suite, worker.last, &scratch, &test);
    const struct vpci_failure_info *info = &vpci_failure_info[failure];
    struct vpci_case_result result = {
        .index = worker.last,
        .name = test.name,
        .scenario = vpci_scenario_name(test.scenario),
        .verdict = info->of_implementation ? VPCI_CASE_FAIL : VPCI_CASE_ERROR,
        .cause = info->name,
        .probe = vpci_scenario_refuses(test.scenario) != 0,
        .detail = "after the last case of the chunk, when the implementation was told to end",
    };
    mark_case(&result);
    (void)vpci_region_add(worker.region, &result, NULL, 0);
    vpci_case_scratch_free(&scratch);
}

static bool is_tainted(const struct vpci_seam *seam)
{
    return worker.plan->adapter.in_process && seam->failure != VPCI_FAILURE_NONE;
}

static void end_process(void)
{
    worker.region->breadcrumb.case_plus_one = 0;
    _exit(0);
}

/* Plays or refuses one case. False when this process should play no more. */
static bool run_case(uint32_t index, struct vpci_case_scratch *scratch)
{
    struct vpci_case test;
    struct vpci_case_result result;
    struct vpci_transcript transcript;
    vpci_suite_case(worker.plan->suite, index, scratch, &test);
    const uint64_t start = vpci_clock_ns();
    bool whole = false;
    if (vpci_conductor_applies(worker.conductor, &worker.plan->pics, &test, &result)) {
        worker.region->breadcrumb.case_plus_one = index + 1;
        bool connected = worker.seam != NULL && worker.failed_starts == 0;
        if (!connected && worker.failed_starts < STARTS_MAX) {
            if (worker.seam != NULL)
                disconnect_seam();
            connected = connect_seam();
        }
        if (connected) {
            vpci_conductor_play(worker.conductor, worker.seam, &test, &result);
            whole = vpci_conductor_transcript(worker.conductor, &transcript);
        } else {
            vpci_conductor_failed_to_start(worker.conductor, worker.seam, &test, &result);
        }
        worker.has_last = connected;
        worker.last = index;
    }
    result.index = transcript.index = index;
    mark_case(&result);
    const bool added =
        vpci_region_add(worker.region, &result, whole ? &transcript : NULL, vpci_clock_ns() - start);
    worker.region->breadcrumb.case_plus_one = 0;
    worker.hangs += is_hang(&result);
    if (!added || worker.hangs >= VPCI_CHUNK_HANGS_MAX || (worker.seam != NULL && is_tainted(worker.seam)))
        return false;
    if (worker.seam != NULL && worker.seam->failure != VPCI_FAILURE_NONE && worker.failed_starts == 0)
        disconnect_seam();
    return true;
}

/* An implementation that calls exit() in this process. */
static void on_exit_of_process(void)
{
    struct vpci_case_result result;
    const uint32_t under_way = worker.region->breadcrumb.case_plus_one;
    if (under_way != 0 && worker.conductor != NULL && vpci_conductor_abandon(worker.conductor, &result)) {
        result.index = under_way - 1;
        mark_case(&result);
        (void)vpci_region_add(worker.region, &result, NULL, 0);
    }
    end_process();
}

static void confine(const struct vpci_plan *plan)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)setpgid(0, 0);
    (void)setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
    (void)dup2(STDERR_FILENO, STDOUT_FILENO); /* what a plug-in prints must not end up in a report */
    if (plan->adapter.in_process && plan->limits.memory_bytes != 0 && !HAS_ADDRESS_SANITIZER)
        (void)setrlimit(RLIMIT_AS, &(struct rlimit){ plan->limits.memory_bytes, plan->limits.memory_bytes });
}

_Noreturn void vpci_worker_run(const struct vpci_plan *plan, struct vpci_region *region, uint32_t from,
                               uint32_t to)
{
    confine(plan);
    const struct vpci_conductor_options options = {
        .role = plan->role, .profile = plan->profile, .seed = plan->seed, .breadcrumb = &region->breadcrumb
    };
    worker = (struct worker){ .plan = plan, .region = region, .conductor = vpci_conductor_create(&options) };
    (void)atexit(on_exit_of_process);
    struct vpci_case_scratch scratch = { 0 };
    bool goes_on = true;
    for (uint32_t index = from; index < to && goes_on; index++)
        goes_on = run_case(index, &scratch);
    if (worker.seam != NULL && !is_tainted(worker.seam))
        disconnect_seam();
    end_process();
    abort();
}

_Noreturn void vpci_worker_probe(const struct vpci_plan *plan, struct vpci_region *region)
{
    confine(plan);
    struct vpci_seam *seam = vpci_adapter_open(&plan->adapter, &plan->limits);
    region->failure = VPCI_FAILURE_EXIT_AT_START; /* unless it comes back */
    (void)seam->ops->connect(seam);
    region->pics = seam->pics;
    region->failure = (uint32_t)seam->failure;
    memcpy(region->detail, seam->detail, sizeof region->detail);
    if (!plan->adapter.in_process || seam->failure == VPCI_FAILURE_NONE)
        seam->ops->destroy(seam, NULL);
    _exit(0);
}
