/* SPDX-License-Identifier: MIT */
/* harness/shrink.c - see shrink.h. Passes over the case until none of them makes it smaller. A candidate is
 * played only when it would be smaller, and only once. */
#include "harness/shrink.h"

#include <string.h>

#include "harness/allocate.h"
#include "harness/shrink_internal.h"

/* ---- playing ---- */

/* Plays until it is clear whether the case fails in the same way often enough. *steps_out: the most steps
 * that were played when it did. */
static bool fails(struct shrinker *shrinker, const struct vpci_case *test, uint32_t *steps_out)
{
    const uint32_t need = shrinker->options.need, attempts = shrinker->options.attempts;
    uint32_t failed = 0;
    *steps_out = 0;
    for (uint32_t played = 0; failed < need && need - failed <= attempts - played; played++) {
        struct vpci_outcome outcome;
        if (shrinker->runs == shrinker->options.runs_max)
            return false;
        shrinker->runs++;
        shrinker->options.play(shrinker->options.context, test, &outcome);
        if (!vpci_outcome_same(shrinker->target, &outcome))
            continue;
        failed++;
        if (outcome.steps > *steps_out)
            *steps_out = outcome.steps;
    }
    return failed == need;
}

/* Notes the candidate as played; false when it was already, or when there is no more room. */
static bool is_new(struct shrinker *shrinker, const struct vpci_case *test)
{
    const uint64_t hash = shrink_hash(test);
    uint32_t slot = (uint32_t)hash % SHRINK_SEEN_SLOTS;
    for (; shrinker->seen[slot] != 0; slot = (slot + 1) % SHRINK_SEEN_SLOTS) {
        if (shrinker->seen[slot] == hash)
            return false;
    }
    if (shrinker->seen_count < SHRINK_SEEN_SLOTS / 2) { /* beyond, some are played twice */
        shrinker->seen[slot] = hash;
        shrinker->seen_count++;
    }
    return true;
}

struct vpci_script *shrink_next(struct shrinker *shrinker)
{
    (void)vpci_script_copy(&shrinker->next, &shrinker->best.test); /* what fits one fits the other */
    return &shrinker->next;
}

static void accept(struct shrinker *shrinker)
{
    const struct vpci_script best = shrinker->best;
    shrinker->best = shrinker->next;
    shrinker->next = best;
}

/* Cuts off what was not played any more. */
static void cut(struct shrinker *shrinker, uint32_t steps)
{
    uint32_t played;
    if (steps == 0 || steps >= shrinker->best.test.step_count)
        return;
    shrink_next(shrinker)->test.step_count = steps;
    if (is_new(shrinker, &shrinker->next.test) && fails(shrinker, &shrinker->next.test, &played))
        accept(shrinker);
}

bool shrink_try(struct shrinker *shrinker)
{
    const struct vpci_case *test = &shrinker->next.test;
    uint32_t steps;
    if (test->step_count == 0 || !shrink_is_smaller(test, &shrinker->best.test) || !is_new(shrinker, test) ||
        !fails(shrinker, test, &steps))
        return false;
    accept(shrinker);
    cut(shrinker, steps);
    return true;
}

static bool some_step_refers(const struct vpci_case *test)
{
    for (uint32_t i = 0; i < test->step_count; i++) {
        if (vpci_step_refers(&test->steps[i]))
            return true;
    }
    return false;
}

void shrink_find_links(struct shrinker *shrinker)
{
    vpci_step_links(&shrinker->best.test, shrinker->links);
}

/* A number that another step gets changes what is open, so it is looked at twice. */
void shrink_follow_references(struct shrinker *shrinker)
{
    struct vpci_case *test = &shrinker->next.test;
    if (!some_step_refers(test))
        return;
    shrink_find_links(shrinker);
    for (int round = 0; round < 2; round++) {
        vpci_step_links(test, shrinker->next_links);
        for (uint32_t i = 0; i < shrinker->best.test.step_count; i++) {
            const struct vpci_step_link *link = &shrinker->links[i];
            if (shrinker->place[i] == VPCI_NO_STEP)
                continue;
            struct vpci_step *step = &test->steps[shrinker->place[i]];
            const uint32_t about = link->about == VPCI_NO_STEP ? VPCI_NO_STEP : shrinker->place[link->about];
            const uint32_t inside =
                link->inside == VPCI_NO_STEP ? VPCI_NO_STEP : shrinker->place[link->inside];
            if (about != VPCI_NO_STEP && shrinker->next_links[about].number != VPCI_NO_STEP)
                step->event.request = shrinker->next_links[about].number;
            if (inside != VPCI_NO_STEP && shrinker->next_links[inside].number != VPCI_NO_STEP)
                step->inside = shrinker->next_links[inside].number;
        }
    }
}

void shrink_leave_out(struct shrinker *shrinker)
{
    struct vpci_case *test = &shrink_next(shrinker)->test;
    const uint32_t count = test->step_count;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        shrinker->place[i] = shrinker->drop[i] ? VPCI_NO_STEP : kept;
        if (!shrinker->drop[i])
            test->steps[kept++] = test->steps[i];
        shrinker->drop[i] = false;
    }
    test->step_count = kept;
    shrink_follow_references(shrinker);
}

bool shrink_try_without(struct shrinker *shrinker)
{
    shrink_leave_out(shrinker);
    return shrink_try(shrinker);
}

/* ---- the passes in their order ---- */

/* Steps first: what is not there needs no simpler values. */
static void run_passes(struct shrinker *shrinker)
{
    bool (*const cheap[])(struct shrinker *) = { shrink_drop_vfs, shrink_drop_steps, shrink_drop_blocks,
                                                 shrink_device,   shrink_values,     shrink_rename,
                                                 shrink_roads };
    bool (*const dear[])(struct shrinker *) = { shrink_drop_pairs, shrink_move_steps };
    bool smaller = true;
    while (smaller) {
        smaller = false;
        for (size_t i = 0; i < sizeof cheap / sizeof cheap[0]; i++)
            smaller = cheap[i](shrinker) || smaller;
        for (size_t i = 0; i < sizeof dear / sizeof dear[0] && !smaller; i++)
            smaller = dear[i](shrinker);
    }
}

/* Explicit numbers, when that changes nothing. */
static void pin(struct shrinker *shrinker)
{
    uint32_t steps;
    shrink_find_links(shrinker);
    shrink_pin_requests(&shrink_next(shrinker)->test, shrinker->links);
    if (!vpci_case_equal(&shrinker->next.test, &shrinker->best.test) &&
        fails(shrinker, &shrinker->next.test, &steps))
        accept(shrinker);
}

static void create(struct shrinker *shrinker, const struct vpci_shrink_options *options,
                   const struct vpci_outcome *target)
{
    *shrinker = (struct shrinker){ .options = *options, .target = target };
    if (shrinker->options.runs_max == 0)
        shrinker->options.runs_max = VPCI_SHRINK_RUNS_MAX;
    if (shrinker->options.need == 0)
        shrinker->options.need = shrinker->options.attempts = 1;
    vpci_script_create(&shrinker->best);
    vpci_script_create(&shrinker->next);
    shrinker->seen = vpci_need_memory(calloc(SHRINK_SEEN_SLOTS, sizeof *shrinker->seen));
    shrinker->drop = vpci_need_memory(calloc(VPCI_CASE_STEPS_MAX, sizeof *shrinker->drop));
    shrinker->links = vpci_need_memory(calloc(VPCI_CASE_STEPS_MAX, sizeof *shrinker->links));
    shrinker->next_links = vpci_need_memory(calloc(VPCI_CASE_STEPS_MAX, sizeof *shrinker->next_links));
    shrinker->place = vpci_need_memory(calloc(VPCI_CASE_STEPS_MAX, sizeof *shrinker->place));
}

static void destroy(struct shrinker *shrinker)
{
    vpci_script_destroy(&shrinker->best);
    vpci_script_destroy(&shrinker->next);
    free(shrinker->seen);
    free(shrinker->drop);
    free(shrinker->links);
    free(shrinker->next_links);
    free(shrinker->place);
}

bool vpci_shrink(struct vpci_script *script, const struct vpci_outcome *target,
                 const struct vpci_shrink_options *options, struct vpci_shrink_report *report_out)
{
    struct shrinker shrinker;
    uint32_t steps;
    create(&shrinker, options, target);
    *report_out = (struct vpci_shrink_report){ .steps_before = script->test.step_count };
    const bool failed =
        vpci_script_copy(&shrinker.best, &script->test) && fails(&shrinker, &shrinker.best.test, &steps);
    if (failed) {
        cut(&shrinker, steps);
        pin(&shrinker);
        run_passes(&shrinker);
        (void)vpci_script_copy(script, &shrinker.best.test);
        report_out->at_fixpoint = shrinker.runs < shrinker.options.runs_max;
    }
    report_out->runs = shrinker.runs;
    report_out->steps_after = script->test.step_count;
    destroy(&shrinker);
    return failed;
}
