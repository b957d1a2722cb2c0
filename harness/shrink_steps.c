/* SPDX-License-Identifier: MIT */
/* harness/shrink_steps.c - the passes that leave steps out, or change their order. */
#include <string.h>

#include "harness/shrink_internal.h"

enum { ALL_PAIRS_STEPS_MAX = 12 }; /* in a longer case only pairs that belong together are tried */

static bool is_about_vf(const struct vpci_step *step, uint16_t vf)
{
    return step->kind == VPCI_STEP_EVENT && (step->event.fields & VPCI_F(VF)) != 0 && step->event.vf == vf;
}

/* Steps that name a request of a step that goes, go along. */
static void drop_references(struct shrinker *shrinker)
{
    shrink_find_links(shrinker);
    for (uint32_t i = 0; i < shrinker->best.test.step_count; i++) {
        const uint32_t about = shrinker->links[i].about;
        if (about != VPCI_NO_STEP && shrinker->drop[about])
            shrinker->drop[i] = true;
    }
}

bool shrink_drop_vfs(struct shrinker *shrinker)
{
    bool smaller = false;
    for (uint16_t vf = 0; vf < VPCI_VFS_MAX; vf++) {
        const struct vpci_case *test = &shrinker->best.test;
        uint32_t dropped = 0;
        for (uint32_t i = 0; i < test->step_count; i++) {
            shrinker->drop[i] = is_about_vf(&test->steps[i], vf);
            dropped += shrinker->drop[i];
        }
        drop_references(shrinker);
        if (dropped != 0 && dropped < test->step_count)
            smaller = shrink_try_without(shrinker) || smaller;
        else
            memset(shrinker->drop, 0, test->step_count * sizeof *shrinker->drop);
    }
    return smaller;
}

static bool drop_block(struct shrinker *shrinker, uint32_t dropped_block)
{
    const struct vpci_case *test = &shrinker->best.test;
    uint32_t block, length, dropped = 0;
    for (uint32_t i = 0; i < test->step_count; i++) {
        shrinker->drop[i] = shrink_get_transfer(&test->steps[i], &block, &length) && block == dropped_block;
        dropped += shrinker->drop[i];
    }
    drop_references(shrinker);
    if (dropped > 1 && dropped < test->step_count) /* a single one is tried anyway */
        return shrink_try_without(shrinker);
    memset(shrinker->drop, 0, test->step_count * sizeof *shrinker->drop);
    return false;
}

bool shrink_drop_blocks(struct shrinker *shrinker)
{
    bool smaller = false;
    for (uint32_t i = 0; i < shrinker->best.test.step_count; i++) {
        uint32_t block, length;
        if (shrink_get_transfer(&shrinker->best.test.steps[i], &block, &length))
            smaller = drop_block(shrinker, block) || smaller;
    }
    return smaller;
}

static bool drop_run(struct shrinker *shrinker, uint32_t from, uint32_t count)
{
    memset(shrinker->drop + from, 1, count * sizeof *shrinker->drop);
    return shrink_try_without(shrinker);
}

/* From the end, in runs that double as long as they can go and halve when they cannot. */
bool shrink_drop_steps(struct shrinker *shrinker)
{
    bool smaller = false;
    uint32_t end = shrinker->best.test.step_count;
    uint32_t size = end / 2 == 0 ? 1 : end / 2;
    while (end > 0) {
        const uint32_t count = size < end ? size : end;
        if (drop_run(shrinker, end - count, count)) {
            smaller = true;
            end -= count;
            size = 2 * count;
            if (end > shrinker->best.test.step_count) /* more was cut off behind */
                end = shrinker->best.test.step_count;
        } else if (count > 1) {
            size = count / 2;
        } else {
            end--;
        }
    }
    return smaller;
}

static bool belong_together(const struct shrinker *shrinker, uint32_t one, uint32_t other)
{
    return shrinker->links[other].about == one || shrinker->links[other].inside == one || other == one + 1 ||
           (shrinker->links[one].number != VPCI_NO_STEP &&
            shrinker->best.test.steps[other].kind == VPCI_STEP_ANSWER);
}

/* A request with what became of it; in a short case any two steps. */
bool shrink_drop_pairs(struct shrinker *shrinker)
{
    shrink_find_links(shrinker);
    for (uint32_t one = 0; one < shrinker->best.test.step_count; one++) {
        for (uint32_t other = one + 1; other < shrinker->best.test.step_count; other++) {
            if (shrinker->best.test.step_count > ALL_PAIRS_STEPS_MAX &&
                !belong_together(shrinker, one, other))
                continue;
            shrinker->drop[one] = shrinker->drop[other] = true;
            if (shrink_try_without(shrinker))
                return true; /* the others are looked at again from the start */
        }
    }
    return false;
}

static bool try_move(struct shrinker *shrinker, uint32_t from, uint32_t to)
{
    struct vpci_case *test = &shrink_next(shrinker)->test;
    const struct vpci_step moved = test->steps[from];
    memmove(&test->steps[to + 1], &test->steps[to], (from - to) * sizeof moved);
    test->steps[to] = moved;
    for (uint32_t i = 0; i < test->step_count; i++)
        shrinker->place[i] = i < to || i > from ? i : i == from ? to : i + 1;
    shrink_follow_references(shrinker);
    return shrink_try(shrinker);
}

/* Simple kinds to the front: that is no smaller, but the same from wherever it was come to. */
bool shrink_move_steps(struct shrinker *shrinker)
{
    bool smaller = false;
    for (uint32_t from = 1; from < shrinker->best.test.step_count; from++) {
        const bool is_short = shrinker->best.test.step_count <= ALL_PAIRS_STEPS_MAX;
        for (uint32_t to = is_short ? 0 : from - 1; to < from && from < shrinker->best.test.step_count; to++)
            smaller = try_move(shrinker, from, to) || smaller;
    }
    return smaller;
}
