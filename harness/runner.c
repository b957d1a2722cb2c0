/* SPDX-License-Identifier: MIT */
/* harness/runner.c - see runner.h. The runner itself never touches the implementation: it forks a worker for
 * each chunk of cases, watches for signs of life in shared memory, kills what has none, and gives what is
 * left to a fresh worker. */
#include "harness/runner.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/channel.h"
#include "harness/chunk.h"
#include "harness/clock.h"
#include "harness/orphans.h"
#include "harness/results_file.h"

enum {
    LIFE_CHECK_MS = 100,
    GRACE_MS = 5000,
};

/* A place for one worker process at a time. */
struct slot {
    pid_t pid; /* 0: free */
    int pidfd;
    struct vpci_region *region;
    struct vpci_chunk *chunk;
    uint32_t from;     /* first case given to this process */
    uint32_t events;   /* sign of life, as last seen */
    uint64_t alive_ns; /* when it was seen to change */
};

struct runner {
    const struct vpci_plan *plan;
    const struct vpci_run_options *options;
    struct vpci_results_file file;
    struct vpci_chunk *chunks;
    uint32_t chunk_count, next_chunk, next_written;
    struct slot *slots;
    uint64_t start_ns;
    int write_error;                  /* errno of the first result that could not be written; 0: all are */
    struct vpci_conductor *conductor; /* for the words of results that no worker could write */
};

static struct vpci_region *map_region(void)
{
    void *region = mmap(NULL, VPCI_REGION_BYTES, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return region == MAP_FAILED ? NULL : region;
}

static void kill_group(pid_t pid)
{
    (void)kill(-pid, SIGKILL);
    (void)kill(pid, SIGKILL);
}

/* What an ended worker left running beyond its group. */
static void end_orphans(const struct runner *runner)
{
    enum { SLOTS_MAX = 256 }; /* most that --workers takes */
    pid_t own[SLOTS_MAX];
    unsigned count = 0;
    for (; count < runner->options->workers && count < SLOTS_MAX; count++)
        own[count] = runner->slots[count].pid;
    vpci_orphans_end(own, count);
}

static uint64_t patience_ns(const struct vpci_limits *limits)
{
    const struct vpci_limits full = vpci_channel_limits(limits);
    return (full.start_timeout_ms + 2 * (uint64_t)full.step_timeout_ms + GRACE_MS) * VPCI_NS_PER_MS;
}

/* ---- results that no worker wrote ---- */

static void invent(struct runner *runner, struct vpci_chunk *chunk, uint32_t index,
                   enum vpci_case_verdict verdict, const char *cause, const char *detail,
                   enum vpci_requirement requirement)
{
    struct vpci_case_scratch scratch = { 0 };
    struct vpci_case test;
    struct vpci_case_result result;
    vpci_suite_case(runner->plan->suite, index, &scratch, &test);
    if (vpci_conductor_applies(runner->conductor, &runner->plan->pics, &test, &result) ||
        verdict == VPCI_CASE_ERROR) {
        result.verdict = verdict;
        result.cause = cause;
        result.detail = detail;
        result.requirement = requirement;
    }
    result.index = index;
    vpci_mark_case(&result, runner->plan->expectations, runner->plan->disputes);
    vpci_chunk_take(chunk, &result);
    vpci_case_scratch_free(&scratch);
}

/* ---- workers ---- */

static bool start_worker(struct runner *runner, struct slot *slot, struct vpci_chunk *chunk, uint32_t from)
{
    memset((void *)slot->region, 0, sizeof *slot->region);
    slot->region->next = from;
    slot->chunk = chunk;
    slot->from = from;
    slot->events = 0;
    slot->alive_ns = vpci_clock_ns();
    fflush(NULL);
    const pid_t pid = fork();
    if (pid == 0)
        vpci_worker_run(runner->plan, slot->region, from, chunk->to);
    if (pid < 0)
        return false;
    slot->pid = pid;
    slot->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    return true;
}

/* What a worker that died without a word tells about the case it was playing. */
static void blame_death(struct runner *runner, struct slot *slot, uint32_t index, int status, bool killed)
{
    char detail[VPCI_DETAIL_BYTES];
    const uint32_t culprit = slot->region->breadcrumb.culprit % VPCI_REQUIREMENT_COUNT;
    enum vpci_failure failure = VPCI_FAILURE_EXIT;
    if (killed) {
        failure = VPCI_FAILURE_HANG;
        snprintf(detail, sizeof detail, "no sign of life, the process was killed");
    } else if (WIFSIGNALED(status)) {
        failure = VPCI_FAILURE_CRASH;
        snprintf(detail, sizeof detail, "signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    } else {
        snprintf(detail, sizeof detail, "the process is ended with code %d", WEXITSTATUS(status));
    }
    invent(runner, slot->chunk, index, VPCI_CASE_FAIL, vpci_failure_info[failure].name, detail,
           (enum vpci_requirement)culprit);
}

/* An implementation that hangs again and again is not waited for to the end. */
static void give_up_on_hangs(struct runner *runner, struct vpci_chunk *chunk)
{
    uint32_t hangs = 0;
    for (uint32_t i = 0; i < chunk->to - chunk->from; i++)
        hangs += chunk->outcomes[i].hung;
    for (uint32_t index = chunk->from; hangs >= VPCI_CHUNK_HANGS_MAX && index < chunk->to; index++) {
        if (vpci_chunk_at(chunk, index)->line == NULL)
            invent(runner, chunk, index, VPCI_CASE_SKIPPED, "hangs",
                   "too many cases before it in its chunk hung", VPCI_REQUIREMENT_NONE);
    }
}

static void note_write_error(struct runner *runner)
{
    if (runner->write_error == 0)
        runner->write_error = errno != 0 ? errno : EIO;
}

static void finish_chunk(struct runner *runner, struct vpci_chunk *chunk)
{
    chunk->done = true;
    while (runner->next_written < runner->chunk_count && runner->chunks[runner->next_written].done) {
        struct vpci_chunk *next = &runner->chunks[runner->next_written++];
        if (!vpci_results_file_add(&runner->file, next))
            note_write_error(runner);
        for (uint32_t index = next->from; runner->options->on_case != NULL && index < next->to; index++) {
            struct vpci_case_result *result = &vpci_chunk_at(next, index)->result;
            result->name = vpci_suite_case_name(runner->plan->suite, result->index);
            runner->options->on_case(runner->options->context, result);
        }
        vpci_chunk_free(next);
    }
}

/* The last case that the process in the slot played well; the last one of its chunk when there is none. */
static uint32_t last_passed(const struct slot *slot)
{
    uint32_t index = slot->chunk->to;
    while (index > slot->from && vpci_chunk_at(slot->chunk, index - 1)->result.verdict != VPCI_CASE_PASS)
        index--;
    return (index > slot->from ? index : slot->chunk->to) - 1;
}

/* The process in the slot has ended: takes its results, and starts another for what it left. */
static bool reap(struct runner *runner, struct slot *slot, bool killed)
{
    int status = 0;
    struct vpci_chunk *chunk = slot->chunk;
    kill_group(slot->pid); /* what it may have left running */
    while (waitpid(slot->pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (slot->pidfd >= 0)
        close(slot->pidfd);
    slot->pid = 0;
    end_orphans(runner);
    vpci_chunk_collect(slot->chunk, slot->region, slot->from);
    uint32_t next = vpci_chunk_first_missing(chunk, slot->from);
    const bool died = killed || !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    if (next == chunk->to && died) /* after its last case, while it was unloaded */
        blame_death(runner, slot, last_passed(slot), status, killed);
    /* A worker that stops on purpose has no case under way: else the implementation ended it, whatever the
     * code. */
    const bool by_itself = !killed && WIFEXITED(status) && WEXITSTATUS(status) == 0 && next > slot->from &&
                           slot->region->breadcrumb.case_plus_one == 0;
    if (next < chunk->to && !by_itself) {
        blame_death(runner, slot, next, status, killed);
        vpci_chunk_at(chunk, next)->hung = killed;
    }
    give_up_on_hangs(runner, chunk);
    next = vpci_chunk_first_missing(chunk, next);
    if (next < chunk->to)
        return start_worker(runner, slot, chunk, next);
    finish_chunk(runner, chunk);
    return true;
}

static bool begin_chunk(struct runner *runner, struct slot *slot)
{
    struct vpci_chunk *chunk = &runner->chunks[runner->next_chunk++];
    vpci_chunk_begin(chunk);
    return start_worker(runner, slot, chunk, chunk->from);
}

static void check_life(struct runner *runner, struct slot *slot, uint64_t now_ns, bool *killed_out)
{
    *killed_out = false;
    const uint32_t events = slot->region->breadcrumb.events + slot->region->next;
    if (events != slot->events) {
        slot->events = events;
        slot->alive_ns = now_ns;
    } else if (now_ns - slot->alive_ns > patience_ns(&runner->plan->limits)) {
        kill_group(slot->pid);
        *killed_out = true;
    }
}

static bool has_ended(const struct slot *slot, const struct pollfd *polled)
{
    if (slot->pidfd >= 0)
        return (polled->revents & POLLIN) != 0;
    siginfo_t info = { 0 };
    return waitid(P_PID, (id_t)slot->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
}

/* Waits a little and deals with every worker that ended or shows no life. False when no process can be
 * started. */
static bool watch_workers(struct runner *runner)
{
    const unsigned count = runner->options->workers;
    struct pollfd *polled = calloc(count, sizeof *polled);
    if (polled == NULL)
        abort();
    for (unsigned i = 0; i < count; i++)
        polled[i] = (struct pollfd){ .fd = runner->slots[i].pid != 0 ? runner->slots[i].pidfd : -1,
                                     .events = POLLIN };
    (void)poll(polled, count, LIFE_CHECK_MS);
    const uint64_t now_ns = vpci_clock_ns();
    bool good = true;
    for (unsigned i = 0; i < count && good; i++) {
        struct slot *slot = &runner->slots[i];
        bool killed = false;
        if (slot->pid == 0)
            continue;
        if (!has_ended(slot, &polled[i]))
            check_life(runner, slot, now_ns, &killed);
        if (killed || has_ended(slot, &polled[i]))
            good = reap(runner, slot, killed);
    }
    free(polled);
    return good;
}

static void skip_rest(struct runner *runner)
{
    for (unsigned i = 0; i < runner->options->workers; i++) {
        struct slot *slot = &runner->slots[i];
        if (slot->pid == 0)
            continue;
        kill_group(slot->pid);
        (void)waitpid(slot->pid, NULL, 0);
        slot->pid = 0;
        vpci_chunk_collect(slot->chunk, slot->region, slot->from);
    }
    end_orphans(runner);
    for (uint32_t i = runner->next_written; i < runner->chunk_count; i++) {
        struct vpci_chunk *chunk = &runner->chunks[i];
        if (chunk->done)
            continue;
        vpci_chunk_begin(chunk);
        for (uint32_t index = chunk->from; index < chunk->to; index++) {
            if (vpci_chunk_at(chunk, index)->line == NULL)
                invent(runner, chunk, index, VPCI_CASE_SKIPPED, "time", "the run's time was over",
                       VPCI_REQUIREMENT_NONE);
        }
    }
    for (uint32_t i = runner->next_written; i < runner->chunk_count; i++)
        finish_chunk(runner, &runner->chunks[i]);
}

static bool run_chunks(struct runner *runner)
{
    const uint64_t limit_ns = runner->options->time_ms * VPCI_NS_PER_MS;
    for (;;) {
        bool busy = false;
        const bool over = limit_ns != 0 && vpci_clock_ns() - runner->start_ns > limit_ns;
        if (over) {
            skip_rest(runner);
            return true;
        }
        for (unsigned i = 0; i < runner->options->workers; i++) {
            struct slot *slot = &runner->slots[i];
            if (slot->pid == 0 && runner->next_chunk < runner->chunk_count && !begin_chunk(runner, slot))
                return false;
            busy = busy || slot->pid != 0;
        }
        if (!busy)
            return true;
        if (!watch_workers(runner))
            return false;
        if (runner->write_error != 0)
            return true; /* to be told when the file is closed */
    }
}

static void tell_all(struct runner *runner, enum vpci_failure failure, const char *detail)
{
    for (; runner->next_chunk < runner->chunk_count; runner->next_chunk++) {
        struct vpci_chunk *chunk = &runner->chunks[runner->next_chunk];
        vpci_chunk_begin(chunk);
        for (uint32_t index = chunk->from; index < chunk->to; index++)
            invent(runner, chunk, index, VPCI_CASE_ERROR, vpci_failure_info[failure].name, detail,
                   VPCI_REQUIREMENT_NONE);
        finish_chunk(runner, chunk);
    }
}

/* Which requirements some scenario is there for, which of those fit this implementation, and for which all
 * that is missing was seen to be refused. */
static void find_applicability(const struct vpci_plan *plan, struct vpci_conductor *conductor,
                               vpci_capability_set refused, struct vpci_applicability *applicability_out)
{
    struct vpci_requirement_set untried = { { 0 } }; /* listed by what lacks nothing that was refused */
    memset(applicability_out, 0, sizeof *applicability_out);
    applicability_out->not_observable = *vpci_catalogue_not_observable(plan->catalogue);
    struct vpci_case_scratch scratch = { 0 };
    for (uint32_t i = 0; i < vpci_suite_case_count(plan->suite); i++) {
        struct vpci_case test;
        struct vpci_case_result result;
        vpci_suite_case(plan->suite, i, &scratch, &test);
        const struct vpci_requirement_set *listed = vpci_scenario_requirements(test.scenario);
        const bool applies = vpci_conductor_applies(conductor, &plan->pics, &test, &result);
        const bool of_role = (vpci_scenario_roles(test.scenario) >> plan->role & 1u) != 0;
        const vpci_capability_set lacking = test.needs[plan->role] & ~plan->pics.capabilities;
        for (size_t word = 0; word < sizeof listed->words / sizeof listed->words[0]; word++) {
            applicability_out->listed.words[word] |= listed->words[word];
            if (applies)
                applicability_out->applicable.words[word] |= listed->words[word];
            if (of_role)
                applicability_out->probed.words[word] |= listed->words[word];
            if (of_role && (lacking & refused) == 0)
                untried.words[word] |= listed->words[word];
        }
    }
    for (size_t word = 0; word < sizeof untried.words / sizeof untried.words[0]; word++)
        applicability_out->probed.words[word] &=
            ~untried.words[word] & ~applicability_out->applicable.words[word];
    vpci_case_scratch_free(&scratch);
}

/* Ends the file of a run that went well so far. False when something could not be written; error says what.
 */
static bool seal(struct runner *runner, struct vpci_results_footer *footer_out, char error[VPCI_ERROR_BYTES])
{
    struct vpci_applicability applicability;
    const char *path = runner->options->results_path;
    bool good = runner->write_error == 0;
    if (good && !vpci_results_file_flush_times(&runner->file)) {
        note_write_error(runner);
        path = runner->options->timing_path;
        good = false;
    }
    if (good) {
        find_applicability(runner->plan, runner->conductor, runner->file.refused & ~runner->file.not_refused,
                           &applicability);
        good = vpci_results_file_seal(&runner->file, &applicability);
        *footer_out = runner->file.footer;
    } else {
        vpci_results_file_abandon(&runner->file);
    }
    if (!good) {
        note_write_error(runner);
        snprintf(error, VPCI_ERROR_BYTES, "%s: %s", path, strerror(runner->write_error));
    }
    return good;
}

static void make_chunks(struct runner *runner)
{
    const uint32_t count = vpci_suite_case_count(runner->plan->suite);
    runner->chunk_count = (count + VPCI_CHUNK_CASES - 1) / VPCI_CHUNK_CASES;
    runner->chunks = calloc(runner->chunk_count + 1, sizeof *runner->chunks);
    runner->slots = calloc(runner->options->workers, sizeof *runner->slots);
    if (runner->chunks == NULL || runner->slots == NULL)
        abort();
    for (uint32_t i = 0; i < runner->chunk_count; i++) {
        runner->chunks[i].from = i * VPCI_CHUNK_CASES;
        runner->chunks[i].to = runner->chunks[i].from + VPCI_CHUNK_CASES < count
                                   ? runner->chunks[i].from + VPCI_CHUNK_CASES
                                   : count;
    }
    runner->next_chunk = runner->next_written = runner->file.case_count / VPCI_CHUNK_CASES;
}

static bool map_regions(struct runner *runner)
{
    for (unsigned i = 0; i < runner->options->workers; i++) {
        runner->slots[i].pidfd = -1;
        runner->slots[i].region = map_region();
        if (runner->slots[i].region == NULL)
            return false;
    }
    return true;
}

static void free_runner(struct runner *runner)
{
    for (unsigned i = 0; i < runner->options->workers; i++) {
        if (runner->slots[i].pid != 0) {
            kill_group(runner->slots[i].pid);
            (void)waitpid(runner->slots[i].pid, NULL, 0);
            runner->slots[i].pid = 0;
            end_orphans(runner);
        }
        if (runner->slots[i].region != NULL)
            munmap((void *)runner->slots[i].region, VPCI_REGION_BYTES);
    }
    for (uint32_t i = 0; i < runner->chunk_count; i++)
        vpci_chunk_free(&runner->chunks[i]);
    free(runner->chunks);
    free(runner->slots);
    vpci_conductor_destroy(runner->conductor);
}

bool vpci_runner_run(const struct vpci_plan *plan, const struct vpci_run_options *options,
                     enum vpci_failure start_failure, const char *start_detail,
                     struct vpci_results_footer *footer_out, char error[VPCI_ERROR_BYTES])
{
    struct runner runner = { .plan = plan, .options = options, .start_ns = vpci_clock_ns() };
    const struct vpci_conductor_options conducting = { .role = plan->role,
                                                       .profile = plan->profile,
                                                       .seed = plan->seed };
    if (!vpci_results_file_open(&runner.file, plan, options, error))
        return false;
    vpci_orphans_adopt();
    runner.conductor = vpci_conductor_create(&conducting);
    make_chunks(&runner);
    bool good = map_regions(&runner);
    if (good && start_failure != VPCI_FAILURE_NONE)
        tell_all(&runner, start_failure, start_detail);
    good = good && run_chunks(&runner);
    if (good) {
        good = seal(&runner, footer_out, error);
    } else {
        snprintf(error, VPCI_ERROR_BYTES, "cannot run: %s", strerror(errno));
        vpci_results_file_abandon(&runner.file);
    }
    free_runner(&runner);
    return good;
}

bool vpci_runner_probe(struct vpci_plan *plan, enum vpci_failure *failure_out, char error[VPCI_ERROR_BYTES])
{
    struct vpci_region *region = map_region();
    if (region == NULL) {
        snprintf(error, VPCI_ERROR_BYTES, "no memory: %s", strerror(errno));
        return false;
    }
    region->failure = VPCI_FAILURE_CRASH; /* unless the process comes to say otherwise */
    snprintf(region->detail, sizeof region->detail, "it ends while it is loaded");
    vpci_orphans_adopt();
    fflush(NULL);
    const pid_t pid = fork();
    if (pid == 0)
        vpci_worker_probe(plan, region);
    const uint64_t give_up_ns = vpci_clock_ns() + patience_ns(&plan->limits);
    const int pidfd = pid < 0 ? -1 : (int)syscall(SYS_pidfd_open, pid, 0);
    struct pollfd polled = { .fd = pidfd, .events = POLLIN };
    while (pid > 0 && waitpid(pid, NULL, WNOHANG) == 0) {
        if (vpci_clock_ns() > give_up_ns) {
            region->failure = VPCI_FAILURE_START_TIMEOUT;
            kill_group(pid);
        }
        (void)poll(&polled, pidfd >= 0 ? 1 : 0, pidfd >= 0 ? LIFE_CHECK_MS : 1);
    }
    if (pid > 0)
        (void)kill(-pid, SIGKILL); /* what it may have left running */
    vpci_orphans_end(NULL, 0);
    if (pidfd >= 0)
        close(pidfd);
    *failure_out =
        region->failure < VPCI_FAILURE_COUNT ? (enum vpci_failure)region->failure : VPCI_FAILURE_GARBAGE;
    plan->pics = region->pics;
    plan->pics.name[sizeof plan->pics.name - 1] = '\0';
    plan->pics.version[sizeof plan->pics.version - 1] = '\0';
    region->detail[sizeof region->detail - 1] = '\0';
    snprintf(error, VPCI_ERROR_BYTES, "adapter %s: %s: %s", plan->adapter_name,
             vpci_failure_info[*failure_out].name, region->detail);
    munmap((void *)region, VPCI_REGION_BYTES);
    return pid > 0 && *failure_out != VPCI_FAILURE_START_FAILED &&
           *failure_out != VPCI_FAILURE_VERSION_MISMATCH;
}
