/* SPDX-License-Identifier: MIT */
/* harness/explore_walk.c - the child's part of exploring: plays one item after another until the list is at
 * its end, the time is over, or something comes up that the parent has to look at. */
#include <stdio.h>
#include <string.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness/clock.h"
#include "harness/explore_internal.h"

enum {
    PLAYS_BETWEEN_CLOCKS = 32,
    UNDECIDED_MAX = 16, /* cases that are the adapter's fault: then it is given up */
};

#define NO_NODE UINT32_MAX

/* The child's own. */
struct walker {
    struct vpci_walk *walk;
    struct vpci_conductor *conductor;
    struct vpci_seam *seam;
    struct vpci_arrival arrival, on_the_way;
    uint32_t check_node; /* whose state is held against the one on the way; NO_NODE: none */
    uint32_t plays;
};

static bool is_tree(const struct vpci_walk *walk)
{
    return walk->tree != NULL;
}

static uint32_t node_of(const struct vpci_walk *walk, uint64_t item)
{
    return (uint32_t)(item / walk->alphabet->count);
}

static uint32_t letter_of(const struct vpci_walk *walk, uint64_t item)
{
    return (uint32_t)(item % walk->alphabet->count);
}

/* ---- cases ---- */

static void set_device(struct vpci_walk *walk)
{
    struct vpci_case *test = &walk->script.test;
    vpci_script_clear(&walk->script);
    test->name = vpci_explore_stage_name[walk->stage];
    if (!is_tree(walk))
        return;
    test->vf_count = (uint16_t)walk->options->vfs;
    test->pf_holds = vpci_event_is_visible(VPCI_EVENT_PF_READ, walk->options->role);
    test->start_automatically =
        walk->stage != VPCI_EXPLORE_STATES || (walk->options->capabilities & VPCI_CAPABILITY_BIT(START)) == 0;
}

/* The path to a node stands in the script once for all of its letters. */
static bool make_sequence(struct vpci_walk *walk, uint64_t item)
{
    const struct vpci_tree *tree = walk->tree;
    const uint32_t node = node_of(walk, item);
    const struct vpci_letter *letter = &walk->alphabet->letters[letter_of(walk, item)];
    const struct vpci_menu *menu = &tree->nodes[node].menu;
    if (!vpci_letter_is_on(walk->alphabet, letter, menu))
        return false;
    if (walk->path_of != node) {
        set_device(walk);
        vpci_tree_path(tree, walk->alphabet, node, &walk->script);
        walk->path_of = node;
    }
    walk->script.test.step_count = tree->nodes[node].depth;
    vpci_letter_add(letter, menu, &walk->script);
    return true;
}

bool vpci_walk_make(struct vpci_walk *walk, uint64_t item)
{
    static const struct vpci_menu untouched = { .not_started = UINT8_MAX };
    if (is_tree(walk) && walk->tree->count != 0)
        return make_sequence(walk, item);
    set_device(walk);
    if (is_tree(walk)) /* it does not even come to its first state */
        vpci_letter_add(&walk->alphabet->letters[0], &untouched, &walk->script);
    else if (walk->stage == VPCI_EXPLORE_ORDERS)
        vpci_orders_make(walk->options, item, &walk->script);
    else
        vpci_product_make(walk->product, item, &walk->script);
    return true;
}

/* ---- what came of one ---- */

void vpci_walk_note(struct vpci_walk_state *state, const struct vpci_failing *failing)
{
    state->result.findings++;
    for (uint32_t i = 0; i < state->failing_count; i++) {
        const struct vpci_failing *known = &state->failing[i];
        if (known->requirement == failing->requirement && known->failure == failing->failure &&
            known->event == failing->event && known->reason == failing->reason)
            return;
    }
    if (state->failing_count < VPCI_WAYS_TO_FAIL_MAX)
        state->failing[state->failing_count++] = *failing;
}

static void take_failure(struct walker *walker, const struct vpci_case_result *result)
{
    struct vpci_walk_state *state = walker->walk->state;
    const struct vpci_failing failing = {
        .item = state->item,
        .requirement = result->requirement,
        .failure = walker->seam->failure,
        .event = vpci_conductor_progress(walker->conductor).latest,
        .reason = result->has_finding ? result->finding.reason : NULL,
    };
    vpci_walk_note(state, &failing);
}

static _Noreturn void end_walk(struct vpci_walk *walk, enum vpci_explore_end end)
{
    walk->state->result.end = end;
    walk->state->over = true;
    _exit(0);
}

/* The state at the end of the sequence is a new node, or one that is known. */
static void take_arrival(struct walker *walker)
{
    struct vpci_walk *walk = walker->walk;
    struct vpci_explore_result *result = &walk->state->result;
    const bool counts_states = walk->stage == VPCI_EXPLORE_STATES;
    const bool is_root = walk->tree->count == 0;
    const uint32_t parent = is_root ? 0 : node_of(walk, walk->state->item);
    const uint32_t depth = is_root ? 0 : walk->tree->nodes[parent].depth + 1u;
    if (!counts_states)
        walker->arrival.word_count = 0; /* sequences are not told apart by their states */
    if (!counts_states && depth != 0 && depth == walk->options->depth)
        return; /* nothing comes behind it */
    if (!vpci_tree_add(walk->tree, &walker->arrival, parent, is_root ? 0 : letter_of(walk, walk->state->item),
                       counts_states))
        end_walk(walk, VPCI_EXPLORE_ROOM);
    result->states = counts_states ? walk->tree->count : 0;
    result->digests = counts_states ? walk->tree->digests : 0;
    if (counts_states)
        result->depth = walk->tree->nodes[walk->tree->count - 1].depth;
}

static void take_undecided(struct walker *walker, const struct vpci_case_result *result)
{
    struct vpci_explore_result *to = &walker->walk->state->result;
    if (to->undecided++ == 0)
        snprintf(to->detail, sizeof to->detail, "%s: %s", result->cause == NULL ? "" : result->cause,
                 result->detail == NULL ? "" : result->detail);
    if (result->verdict == VPCI_CASE_ERROR && to->undecided >= UNDECIDED_MAX)
        end_walk(walker->walk, VPCI_EXPLORE_BROKEN);
}

static void on_rest(void *context, uint32_t steps, const struct vpci_model *model)
{
    struct walker *walker = context;
    const struct vpci_walk *walk = walker->walk;
    const uint32_t last = walk->script.test.step_count;
    walk->state->result.steps += steps != 0;
    if (steps == last) {
        vpci_arrival_take(&walker->arrival, model);
    } else if (walker->check_node != NO_NODE && steps + 1 == last) {
        vpci_arrival_take(&walker->on_the_way, model);
        walk->state->result.unrepeated +=
            !vpci_tree_is_at(walk->tree, walker->check_node, &walker->on_the_way);
    }
}

static void count_step(void *context, uint32_t steps, const struct vpci_model *model)
{
    struct walker *walker = context;
    (void)model;
    walker->walk->state->result.steps += steps != 0;
}

/* Plays the case in the script. False when the parent has to look at what came of it. */
static bool play(struct walker *walker)
{
    struct vpci_walk_state *state = walker->walk->state;
    struct vpci_case_result result;
    const uint32_t known = state->failing_count;
    walker->arrival.arrived = false;
    state->playing = true;
    vpci_conductor_play(walker->conductor, walker->seam, &walker->walk->script.test, &result);
    state->playing = false;
    if (result.verdict == VPCI_CASE_FAIL)
        take_failure(walker, &result);
    else if (result.verdict != VPCI_CASE_PASS)
        take_undecided(walker, &result);
    else
        state->result.items++;
    if (result.verdict != VPCI_CASE_FAIL && walker->arrival.arrived)
        take_arrival(walker);
    return state->failing_count == known && walker->seam->failure == VPCI_FAILURE_NONE;
}

/* ---- one after another ---- */

/* Leaves for the parent, which starts the next child behind the item. */
static _Noreturn void pause_walk(struct walker *walker)
{
    if (walker->seam->failure == VPCI_FAILURE_NONE || !walker->walk->options->adapter.in_process)
        walker->seam->ops->destroy(walker->seam, NULL);
    _exit(0);
}

static void play_root(struct walker *walker)
{
    set_device(walker->walk);
    walker->check_node = NO_NODE;
    const bool goes_on = play(walker);
    walker->walk->state->result.items = 0; /* no letter was played */
    if (walker->walk->tree->count == 0 && walker->walk->state->failing_count == 0)
        end_walk(walker->walk, VPCI_EXPLORE_BROKEN);
    if (!goes_on)
        pause_walk(walker);
}

static bool time_is_over(struct walker *walker)
{
    const bool slow = !walker->walk->options->adapter.in_process;
    return (slow || walker->plays++ % PLAYS_BETWEEN_CLOCKS == 0) &&
           vpci_clock_ns() >= walker->walk->options->deadline_ns;
}

static uint64_t item_limit(const struct vpci_walk *walk)
{
    if (is_tree(walk))
        return (uint64_t)walk->tree->count * walk->alphabet->count;
    return walk->stage == VPCI_EXPLORE_ORDERS ? vpci_orders_count(walk->options)
                                              : vpci_product_count(walk->product);
}

/* True when nothing is to be played from the node of the item: it is as deep as was asked for. */
static bool is_beyond_bound(const struct vpci_walk *walk, uint64_t item)
{
    return is_tree(walk) && walk->options->depth != 0 &&
           walk->tree->nodes[node_of(walk, item)].depth >= walk->options->depth;
}

static void prepare_check(struct walker *walker)
{
    const struct vpci_walk *walk = walker->walk;
    walker->check_node = NO_NODE;
    if (walk->stage == VPCI_EXPLORE_STATES && walk->path_of != node_of(walk, walk->state->item))
        walker->check_node = node_of(walk, walk->state->item);
}

static _Noreturn void walk_on(struct walker *walker)
{
    struct vpci_walk *walk = walker->walk;
    struct vpci_walk_state *state = walk->state;
    while (state->item < item_limit(walk)) {
        if (is_beyond_bound(walk, state->item))
            end_walk(walk, VPCI_EXPLORE_BOUND); /* and so are all nodes behind it */
        if (time_is_over(walker))
            end_walk(walk, VPCI_EXPLORE_TIME);
        prepare_check(walker);
        const bool goes_on = !vpci_walk_make(walk, state->item) || play(walker);
        if (walk->stage == VPCI_EXPLORE_SEQUENCES)
            state->result.depth = walk->tree->nodes[node_of(walk, state->item)].depth;
        state->item++;
        if (!goes_on)
            pause_walk(walker);
    }
    const bool bounded = walk->stage == VPCI_EXPLORE_SEQUENCES && walk->options->depth != 0;
    if (bounded)
        state->result.depth = walk->options->depth;
    end_walk(walk, bounded ? VPCI_EXPLORE_BOUND : VPCI_EXPLORE_EXHAUSTED);
}

static void connect(struct walker *walker)
{
    struct vpci_walk *walk = walker->walk;
    const struct vpci_explore_options *options = walk->options;
    const struct vpci_conductor_options conductor = { .role = options->role,
                                                      .profile = options->profile,
                                                      .seed = options->seed,
                                                      .breadcrumb = &walk->state->breadcrumb,
                                                      .keep_no_trace = true };
    walker->conductor = vpci_conductor_create(&conductor);
    walker->seam = vpci_adapter_open(&options->adapter, &options->limits);
    if (walker->seam->ops->connect(walker->seam))
        return;
    snprintf(walk->state->result.detail, sizeof walk->state->result.detail, "%s", walker->seam->detail);
    end_walk(walk, VPCI_EXPLORE_BROKEN);
}

_Noreturn void vpci_walk_in_child(struct vpci_walk *walk)
{
    static struct walker walker;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)setpgid(0, 0);
    (void)setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
    (void)dup2(STDERR_FILENO, STDOUT_FILENO); /* what an implementation prints is no part of the result */
    walker = (struct walker){ .walk = walk, .check_node = NO_NODE };
    connect(&walker);
    vpci_conductor_at_rest(walker.conductor, is_tree(walk) ? on_rest : count_step, &walker);
    if (is_tree(walk) && walk->tree->count == 0)
        play_root(&walker);
    walk_on(&walker);
}
