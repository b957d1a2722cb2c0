/* SPDX-License-Identifier: MIT */
/* harness/explore.c - the parent's part of exploring: starts children that walk, outlives them, looks at what
 * they found. */
#include "harness/explore.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/allocate.h"
#include "harness/clock.h"
#include "harness/explore_internal.h"

enum { WATCH_LEAST_NS = 100 * 1000, WATCH_MOST_NS = 10 * VPCI_NS_PER_MS, GRACE_MS = 2000 };

const char *const vpci_explore_stage_name[VPCI_EXPLORE_STAGE_COUNT] = {
#define X(name, text, items) text,
    VPCI_EXPLORE_STAGES(X)
#undef X
};

const char *const vpci_explore_item_name[VPCI_EXPLORE_STAGE_COUNT] = {
#define X(name, text, items) items,
    VPCI_EXPLORE_STAGES(X)
#undef X
};

static void *share(size_t bytes)
{
    void *memory =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        vpci_give_up("out of memory");
    return memory;
}

/* The child has not moved for as long as any step may take, and longer: not even its own timer helps. */
static bool is_stuck(const struct vpci_walk *walk, uint32_t *events_seen, uint64_t *since_ns)
{
    const uint32_t step_ms = walk->options->limits.step_timeout_ms != 0
                                 ? walk->options->limits.step_timeout_ms
                                 : (uint32_t)VPCI_DEFAULT_STEP_TIMEOUT_MS;
    const uint64_t now = vpci_clock_ns();
    const uint32_t events = walk->state->breadcrumb.events;
    if (!walk->state->playing || events != *events_seen) {
        *events_seen = events;
        *since_ns = now;
    }
    return now - *since_ns > ((uint64_t)2 * step_ms + GRACE_MS) * VPCI_NS_PER_MS;
}

static bool is_stopped(const struct vpci_walk *walk)
{
    return walk->options->stopped != NULL && walk->options->stopped();
}

/* Waits for the child. True when it had to be killed. */
static bool wait_for(const struct vpci_walk *walk, pid_t child, int *status)
{
    uint32_t events_seen = 0;
    uint64_t since_ns = vpci_clock_ns();
    bool killed = false;
    struct timespec pause = { .tv_nsec = WATCH_LEAST_NS };
    for (;;) {
        const pid_t ended = waitpid(child, status, WNOHANG);
        if (ended == child || (ended < 0 && errno != EINTR))
            break;
        if (!killed && (is_stopped(walk) || is_stuck(walk, &events_seen, &since_ns)))
            killed = kill(child, SIGKILL) == 0;
        (void)nanosleep(&pause, NULL);
        pause.tv_nsec = pause.tv_nsec * 2 < WATCH_MOST_NS ? pause.tv_nsec * 2 : WATCH_MOST_NS;
    }
    (void)kill(-child, SIGKILL); /* what it left behind */
    return killed;
}

/* The implementation ended the process under way, or had to be ended. */
static void note_death(struct vpci_walk *walk, int status, bool killed)
{
    struct vpci_walk_state *state = walk->state;
    struct vpci_failing failing = { .item = state->item,
                                    .requirement = (enum vpci_requirement)state->breadcrumb.culprit,
                                    .failure = VPCI_FAILURE_EXIT,
                                    .event = VPCI_EVENT_EXIT };
    if (killed) {
        failing.failure = VPCI_FAILURE_HANG;
        failing.event = VPCI_EVENT_HANG;
    } else if (WIFSIGNALED(status)) {
        failing.failure = VPCI_FAILURE_CRASH;
        failing.event = VPCI_EVENT_CRASH;
    }
    state->playing = false;
    vpci_walk_note(state, &failing);
    state->item++;
}

/* Shows the caller what is new. True when it failed again and the stage is to end. */
static bool look_at_new(struct vpci_walk *walk)
{
    struct vpci_walk_state *state = walk->state;
    bool ends = false;
    for (uint32_t i = 0; i < state->failing_count && !ends; i++) {
        struct vpci_failing *failing = &state->failing[i];
        if (failing->looked_at)
            continue;
        failing->looked_at = true;
        walk->path_of = UINT32_MAX;
        (void)vpci_walk_make(walk, failing->item);
        ends = walk->options->found(walk->options->context, &walk->script.test) && !walk->options->keep_going;
    }
    walk->path_of = UINT32_MAX;
    return ends;
}

static void run_children(struct vpci_walk *walk)
{
    struct vpci_walk_state *state = walk->state;
    struct vpci_explore_result *result = &state->result;
    while (!state->over) {
        const uint64_t item_before = state->item;
        const uint32_t failing_before = state->failing_count;
        int status = 0;
        fflush(NULL);
        const pid_t child = fork();
        if (child < 0)
            vpci_give_up("cannot start a process");
        if (child == 0)
            vpci_walk_in_child(walk);
        const bool killed = wait_for(walk, child, &status);
        if (is_stopped(walk)) {
            state->over = true;
            result->end = VPCI_EXPLORE_TIME;
        } else if (state->playing) {
            note_death(walk, status, killed);
        } else if (!state->over && state->item == item_before && state->failing_count == failing_before) {
            snprintf(result->detail, sizeof result->detail, "it ends the process in which it is loaded");
            result->end = VPCI_EXPLORE_BROKEN;
            state->over = true;
        }
        if (look_at_new(walk)) {
            result->end = VPCI_EXPLORE_FOUND;
            state->over = true;
        } else if (!state->over && walk->tree != NULL && walk->tree->count == 0) {
            result->end = VPCI_EXPLORE_BROKEN; /* no case comes to its first state */
            state->over = true;
        }
    }
}

void vpci_explore(const struct vpci_explore_options *options, enum vpci_explore_stage stage,
                  struct vpci_explore_result *result_out)
{
    static struct vpci_alphabet alphabet;
    const bool is_tree = stage == VPCI_EXPLORE_STATES || stage == VPCI_EXPLORE_SEQUENCES;
    struct vpci_walk walk = { .options = options,
                              .stage = stage,
                              .state = share(sizeof *walk.state),
                              .alphabet = &alphabet,
                              .path_of = UINT32_MAX };
    vpci_alphabet_make(&alphabet, options);
    vpci_script_create(&walk.script);
    if (is_tree)
        walk.tree = share(sizeof *walk.tree);
    else if (stage != VPCI_EXPLORE_ORDERS)
        walk.product = vpci_product_create(options, stage == VPCI_EXPLORE_PAIRS);
    walk.state->result.letters = is_tree ? alphabet.count : 0;
    run_children(&walk);
    *result_out = walk.state->result;
    if (walk.tree != NULL)
        (void)munmap(walk.tree, sizeof *walk.tree);
    vpci_product_destroy(walk.product);
    vpci_script_destroy(&walk.script);
    (void)munmap(walk.state, sizeof *walk.state);
}
