/* SPDX-License-Identifier: MIT */
/* harness/shrink_values.c - the pass that makes steps simpler: first all steps at once, then those with equal
 * values together, then each by itself. */
#include <string.h>

#include "harness/shrink_edits.h"

enum {
    MOVED_BITS_MAX = 4, /* of a mask that needs more, the bits stay where they are */
    SMALL_MAX = 7,      /* so many small values are tried one by one: remainders and sets have no order */
};

/* ---- edits ---- */

/* Applies an edit to the steps from...to of the candidate. False when nothing changes or must not. */
static bool apply(struct shrinker *shrinker, const struct shrink_edit *edit, uint32_t level, uint32_t from,
                  uint32_t to)
{
    const struct vpci_shrink_options *options = &shrinker->options;
    struct vpci_script *script = shrink_next(shrinker);
    bool changed = false;
    for (uint32_t i = from; i < to; i++) {
        const struct vpci_step was = script->steps[i];
        const bool changes = edit->apply(script, &script->steps[i], level);
        if (changes && script->steps[i].event.kind != was.event.kind &&
            !vpci_step_fits(&script->steps[i], options->role, options->capabilities))
            script->steps[i] = was;
        else
            changed = changes || changed;
    }
    return changed;
}

static bool make_simpler(struct shrinker *shrinker, const struct shrink_edit *edit)
{
    bool smaller = false;
    for (uint32_t level = 0; level < edit->levels; level++) {
        const uint32_t count = shrinker->best.test.step_count;
        if (!apply(shrinker, edit, level, 0, count))
            continue;
        if (shrink_try(shrinker)) {
            smaller = true;
            continue;
        }
        for (uint32_t i = 0; i < shrinker->best.test.step_count; i++)
            smaller = (apply(shrinker, edit, level, i, i + 1) && shrink_try(shrinker)) || smaller;
    }
    return smaller;
}

/* ---- numbers ---- */

/* Steps whose number is changed together: marked in shrinker->drop, which is free while no steps go. */
static bool try_number(struct shrinker *shrinker, const struct shrink_number *number, uint64_t value)
{
    struct vpci_script *script = shrink_next(shrinker);
    for (uint32_t i = 0; i < script->test.step_count; i++) {
        if (shrinker->drop[i])
            number->set(script, &script->steps[i], value);
    }
    return shrink_try(shrinker);
}

/* Between a value that was tried in vain and one that fails. */
static void bisect(struct shrinker *shrinker, const struct shrink_number *number, uint64_t low, uint64_t high)
{
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;
        if (try_number(shrinker, number, middle))
            high = middle;
        else
            low = middle;
    }
}

static bool lower_quantity(struct shrinker *shrinker, const struct shrink_number *number, uint64_t value)
{
    uint64_t low = 0;
    if (value < number->least[0])
        return try_number(shrinker, number, number->least[0]);
    for (uint32_t i = 0; i < number->least_count; i++) {
        if (number->least[i] >= value)
            break;
        if (try_number(shrinker, number, number->least[i]))
            return true;
        low = number->least[i];
    }
    /* Most values that are needed are needed exactly: then few plays tell. */
    if (value <= low + 1)
        return false;
    if (try_number(shrinker, number, value - 1)) {
        bisect(shrinker, number, low, value - 1);
        return true;
    }
    for (uint64_t small = 2; small <= SMALL_MAX && small < value - 1; small++) {
        if (try_number(shrinker, number, small))
            return true;
    }
    return false;
}

static bool clear_bits(struct shrinker *shrinker, const struct shrink_number *number, uint64_t *mask)
{
    bool smaller = false;
    for (uint32_t width = 32; width > 0; width /= 2) {
        for (uint32_t at = 0; at < 64; at += width) {
            const uint64_t bits = (((uint64_t)1 << width) - 1) << at;
            if ((*mask & bits) == 0 || (*mask & ~bits) == 0 || !try_number(shrinker, number, *mask & ~bits))
                continue;
            *mask &= ~bits;
            smaller = true;
        }
    }
    return smaller;
}

/* One bit to one of the lowest positions, where it cannot be lowered step by step. */
static bool lower_bit_to_some(struct shrinker *shrinker, const struct shrink_number *number, uint64_t *mask,
                              uint32_t bit, uint32_t from)
{
    const uint64_t others = *mask & ~((uint64_t)1 << bit);
    for (uint32_t to = from; to < bit && to <= from + SMALL_MAX; to++) {
        const uint64_t moved = others | (uint64_t)1 << to;
        if ((others >> to & 1u) == 0 && try_number(shrinker, number, moved)) {
            *mask = moved;
            return true;
        }
    }
    return false;
}

/* One bit of the mask as low as it goes; those below it stay. */
static bool lower_bit(struct shrinker *shrinker, const struct shrink_number *number, uint64_t *mask,
                      uint32_t bit)
{
    const uint64_t others = *mask & ~((uint64_t)1 << bit);
    const uint32_t least = (uint32_t)__builtin_ctzll(~(others & (((uint64_t)1 << bit) - 1)));
    uint32_t low = least, high = bit;
    if (least >= bit)
        return false;
    if (try_number(shrinker, number, others | (uint64_t)1 << least)) {
        *mask = others | (uint64_t)1 << least;
        return true;
    }
    if (bit - 1 == least)
        return false;
    if (!try_number(shrinker, number, others | (uint64_t)1 << (bit - 1)))
        return lower_bit_to_some(shrinker, number, mask, bit, least + 1);
    for (high = bit - 1; high - low > 1;) {
        const uint32_t middle = low + (high - low) / 2;
        if (try_number(shrinker, number, others | (uint64_t)1 << middle))
            high = middle;
        else
            low = middle;
    }
    *mask = others | (uint64_t)1 << high;
    return true;
}

/* Few bits, and low ones. */
static bool lower_mask(struct shrinker *shrinker, const struct shrink_number *number, uint64_t mask)
{
    bool smaller = false;
    if (mask == 1)
        return false;
    if (try_number(shrinker, number, 1))
        return true;
    if (mask == 0)
        return false;
    const uint64_t alone[] = { mask & -mask, (uint64_t)1 << (63 - __builtin_clzll(mask)) };
    for (int i = 0; i < 2 && !smaller && (mask & (mask - 1)) != 0; i++) {
        smaller = try_number(shrinker, number, alone[i]);
        mask = smaller ? alone[i] : mask;
    }
    if (!smaller && (mask & (mask - 1)) != 0)
        smaller = clear_bits(shrinker, number, &mask);
    if (__builtin_popcountll(mask) > MOVED_BITS_MAX)
        return smaller;
    for (uint64_t left = mask; left != 0; left &= left - 1)
        smaller = lower_bit(shrinker, number, &mask, (uint32_t)__builtin_ctzll(left)) || smaller;
    return smaller;
}

/* All masks of the case, as far down as they go together: faults that confuse bits need their distance. */
static bool try_shift(struct shrinker *shrinker, uint32_t bits)
{
    struct vpci_script *script = shrink_next(shrinker);
    for (uint32_t i = 0; i < script->test.step_count; i++) {
        if ((script->steps[i].event.fields & VPCI_F(MASK)) != 0 && script->steps[i].kind == VPCI_STEP_EVENT)
            script->steps[i].event.mask >>= bits;
    }
    return shrink_try(shrinker);
}

static bool shift_masks(struct shrinker *shrinker)
{
    uint64_t all = 0;
    uint32_t low = 0, high;
    for (uint32_t i = 0; i < shrinker->best.test.step_count; i++) {
        const struct vpci_step *step = &shrinker->best.test.steps[i];
        if (step->kind == VPCI_STEP_EVENT && (step->event.fields & VPCI_F(MASK)) != 0)
            all |= step->event.mask;
    }
    if (all == 0 || (all & 1) != 0)
        return false;
    high = (uint32_t)__builtin_ctzll(all);
    if (try_shift(shrinker, high))
        return true;
    if (high == 1 || !try_shift(shrinker, 1))
        return false;
    for (high--; high - low > 1;) { /* what is left to shift: at least low, less than high */
        const uint32_t middle = (high - low) / 2;
        if (try_shift(shrinker, middle))
            high -= middle;
        else
            high = low + middle;
    }
    return true;
}

static uint32_t mark_equal(struct shrinker *shrinker, const struct shrink_number *number, uint64_t value)
{
    uint32_t marked = 0;
    for (uint32_t i = 0; i < shrinker->best.test.step_count; i++) {
        uint64_t other;
        shrinker->drop[i] = number->get(&shrinker->best.test.steps[i], &other) && other == value;
        marked += shrinker->drop[i];
    }
    return marked;
}

static bool lower(struct shrinker *shrinker, const struct shrink_number *number, uint64_t value)
{
    return number->is_mask ? lower_mask(shrinker, number, value) : lower_quantity(shrinker, number, value);
}

static bool lower_number(struct shrinker *shrinker, const struct shrink_number *number)
{
    bool smaller = false;
    for (uint32_t i = 0; i < shrinker->best.test.step_count; i++) {
        uint64_t value;
        if (!number->get(&shrinker->best.test.steps[i], &value))
            continue;
        const bool several = mark_equal(shrinker, number, value) > 1;
        smaller = lower(shrinker, number, value) || smaller;
        if (several && i < shrinker->best.test.step_count) {
            memset(shrinker->drop, 0, shrinker->best.test.step_count * sizeof *shrinker->drop);
            shrinker->drop[i] = true;
            if (number->get(&shrinker->best.test.steps[i], &value))
                smaller = lower(shrinker, number, value) || smaller;
        }
    }
    memset(shrinker->drop, 0, VPCI_CASE_STEPS_MAX * sizeof *shrinker->drop);
    return smaller;
}

/* ---- all at once ---- */

/* What most faults leave: everything as simple as it gets. */
static bool simplify_all(struct shrinker *shrinker)
{
    struct vpci_script *script = shrink_next(shrinker);
    for (uint32_t i = 0; i < script->test.step_count; i++) {
        struct vpci_step *step = &script->steps[i];
        for (uint32_t k = 0; k < SHRINK_NUMBER_COUNT; k++) {
            uint64_t value;
            if (shrink_numbers[k].is_plain && shrink_numbers[k].get(step, &value) &&
                (value > shrink_numbers[k].least[0] || shrink_numbers[k].is_mask))
                shrink_numbers[k].set(script, step, shrink_numbers[k].least[0]);
        }
        for (uint32_t k = 0; k < SHRINK_EDIT_COUNT; k++) {
            if (shrink_edits[k].levels == 1)
                (void)shrink_edits[k].apply(script, step, 0);
        }
    }
    return shrink_try(shrinker);
}

bool shrink_values(struct shrinker *shrinker)
{
    bool smaller = simplify_all(shrinker);
    for (uint32_t i = 0; i < SHRINK_EDIT_COUNT; i++)
        smaller = make_simpler(shrinker, &shrink_edits[i]) || smaller;
    for (uint32_t i = 0; i < SHRINK_NUMBER_COUNT; i++)
        smaller = lower_number(shrinker, &shrink_numbers[i]) || smaller;
    return shift_masks(shrinker) || smaller;
}
