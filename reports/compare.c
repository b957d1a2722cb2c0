/* SPDX-License-Identifier: MIT */
/* reports/compare.c - see reports/compare.h: each case into its class, each requirement into its change, and
 * the exit code out of them. */
#include "reports/compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/allocate.h"
#include "harness/options.h"
#include "reports/renamed.h"

const struct vpci_class_info vpci_class_info[VPCI_CLASS_COUNT] = {
#define X(name, json, weight, words) [VPCI_CLASS_##name] = { json, words, VPCI_WEIGHT_##weight },
    VPCI_CLASSES(X)
#undef X
};
const char *const vpci_change_json[VPCI_CHANGE_COUNT] = {
#define X(name, json, words) [VPCI_CHANGE_##name] = json,
    VPCI_CHANGES(X)
#undef X
};
const char *const vpci_change_words[VPCI_CHANGE_COUNT] = {
#define X(name, json, words) [VPCI_CHANGE_##name] = words,
    VPCI_CHANGES(X)
#undef X
};
const char *const vpci_side_name[VPCI_SIDES] = { "base", "new" };

/* Where a case is in each repeat: places[repeat * name_count + name] is the case, or NULL. */
struct index {
    const struct vpci_kept_case **places;
    uint32_t name_count;
    const struct vpci_repeats *repeats;
};

static void make_index(struct index *index, const struct vpci_repeats *repeats, uint32_t name_count)
{
    index->places = vpci_need_memory(calloc((size_t)repeats->count * name_count + 1, sizeof *index->places));
    index->name_count = name_count;
    index->repeats = repeats;
    for (uint32_t r = 0; r < repeats->count; r++) {
        for (uint32_t i = 0; i < repeats->runs[r].case_count; i++)
            index->places[(size_t)r * name_count + repeats->runs[r].cases[i].name] =
                &repeats->runs[r].cases[i];
    }
}

static const struct vpci_kept_case *case_at(const struct index *index, uint32_t repeat, uint32_t name)
{
    return index->places[(size_t)repeat * index->name_count + name];
}

static bool is_there(const struct index *index, uint32_t name)
{
    for (uint32_t r = 0; r < index->repeats->count; r++) {
        if (case_at(index, r, name) != NULL)
            return true;
    }
    return false;
}

void vpci_wilson(uint32_t count, uint32_t total, double *low, double *high)
{
    static const double z = 1.959963984540054; /* of the normal distribution, 95 % on both sides */
    *low = 0;
    *high = 1;
    if (total == 0)
        return;
    const double n = total, k = count;
    const double middle = (k + z * z / 2) / (n + z * z);
    const double half = z * sqrt(k * (n - k) / n + z * z / 4) / (n + z * z);
    *low = count == 0 ? 0 : middle - half;
    *high = count == total ? 1 : middle + half;
}

static int compare_times(const void *left_memory, const void *right_memory)
{
    const uint64_t left = *(const uint64_t *)left_memory, right = *(const uint64_t *)right_memory;
    return (left > right) - (left < right);
}

/* The lower one of two in the middle. Sorts. */
static uint64_t median_of(uint64_t *times, uint32_t count)
{
    if (count == 0)
        return VPCI_NOT_TIMED;
    qsort(times, count, sizeof *times, compare_times);
    return times[(count - 1) / 2];
}

static struct vpci_standing standing_of(const struct index *index, uint32_t name)
{
    struct vpci_standing standing = { 0 };
    uint64_t times[VPCI_REPEATS_MAX];
    uint32_t timed = 0;
    for (uint32_t r = 0; r < index->repeats->count; r++) {
        const struct vpci_kept_case *kept = case_at(index, r, name);
        if (kept == NULL)
            continue;
        standing.present++;
        standing.verdicts[kept->verdict]++;
        standing.as_expected += kept->expected == VPCI_EXPECTED_AS_EXPECTED;
        if (standing.example == NULL ||
            (standing.example->verdict == VPCI_CASE_PASS && kept->verdict != VPCI_CASE_PASS))
            standing.example = kept;
        if (kept->elapsed_us != VPCI_NOT_TIMED)
            times[timed++] = kept->elapsed_us;
    }
    standing.median_us = median_of(times, timed);
    return standing;
}

/* Fills in what is counted as bad, which both sides must count alike. */
static void count_bad(struct vpci_standing sides[VPCI_SIDES])
{
    const bool failed =
        sides[VPCI_BASE].verdicts[VPCI_CASE_FAIL] + sides[VPCI_NEW].verdicts[VPCI_CASE_FAIL] > 0;
    for (int i = 0; i < VPCI_SIDES; i++) {
        sides[i].bad =
            failed ? sides[i].verdicts[VPCI_CASE_FAIL] : sides[i].present - sides[i].verdicts[VPCI_CASE_PASS];
        vpci_wilson(sides[i].bad, sides[i].present, &sides[i].low, &sides[i].high);
    }
}

/* How a case ends on a side that is of one mind. */
enum ending { PASSES, FAILS, NO_VERDICT, AS_EXPECTED, OF_TWO_MINDS };

static enum ending ending_of(const struct vpci_standing *standing)
{
    if (standing->verdicts[standing->example->verdict] != standing->present)
        return OF_TWO_MINDS;
    if (standing->as_expected == standing->present)
        return AS_EXPECTED;
    switch (standing->example->verdict) {
    case VPCI_CASE_PASS:
        return PASSES;
    case VPCI_CASE_FAIL:
        return FAILS;
    default:
        return NO_VERDICT;
    }
}

/* True when a case of new fails in a way in which no repeat of base did. */
static bool fails_otherwise(const struct index sides[VPCI_SIDES], const uint32_t names[VPCI_SIDES])
{
    for (uint32_t n = 0; n < sides[VPCI_NEW].repeats->count; n++) {
        const struct vpci_kept_case *new = case_at(&sides[VPCI_NEW], n, names[VPCI_NEW]);
        bool known = new == NULL;
        for (uint32_t b = 0; b < sides[VPCI_BASE].repeats->count && !known; b++) {
            const struct vpci_kept_case *base = case_at(&sides[VPCI_BASE], b, names[VPCI_BASE]);
            known =
                base != NULL && base->requirement == new->requirement &&strcmp(base->cause, new->cause) == 0;
        }
        if (!known)
            return true;
    }
    return false;
}

/* A case that has an ending on both sides. FAILS to FAILS stands for both ways. */
static const enum vpci_class class_of_endings[OF_TWO_MINDS][OF_TWO_MINDS] = {
    [PASSES] = { [PASSES] = VPCI_CLASS_STILL_PASSING,
                 [FAILS] = VPCI_CLASS_NEWLY_FAILING,
                 [NO_VERDICT] = VPCI_CLASS_WITHOUT_VERDICT,
                 [AS_EXPECTED] = VPCI_CLASS_EXPECTED_FAILURE },
    [FAILS] = { [PASSES] = VPCI_CLASS_FIXED,
                [FAILS] = VPCI_CLASS_STILL_FAILING,
                [NO_VERDICT] = VPCI_CLASS_WITHOUT_VERDICT,
                [AS_EXPECTED] = VPCI_CLASS_EXPECTED_FAILURE },
    [NO_VERDICT] = { [PASSES] = VPCI_CLASS_NEWLY_PASSING,
                     [FAILS] = VPCI_CLASS_NEWLY_FAILING,
                     [NO_VERDICT] = VPCI_CLASS_STILL_WITHOUT,
                     [AS_EXPECTED] = VPCI_CLASS_EXPECTED_FAILURE },
    [AS_EXPECTED] = { [PASSES] = VPCI_CLASS_FIXED,
                      [FAILS] = VPCI_CLASS_NEWLY_FAILING,
                      [NO_VERDICT] = VPCI_CLASS_WITHOUT_VERDICT,
                      [AS_EXPECTED] = VPCI_CLASS_EXPECTED_FAILURE },
};

/* BASE is of two minds and NEW of one. Only where the intervals do not meet has anything changed for sure. */
static enum vpci_class class_of_settled(const struct vpci_standing sides[VPCI_SIDES], enum ending new)
{
    const struct vpci_standing *base = &sides[VPCI_BASE];
    const bool more = sides[VPCI_NEW].low > base->high, less = sides[VPCI_NEW].high < base->low;
    if (new == FAILS && (more || base->verdicts[VPCI_CASE_FAIL] == 0))
        return VPCI_CLASS_NEWLY_FAILING;
    return new == PASSES &&less ? VPCI_CLASS_FIXED : VPCI_CLASS_FLICKERING;
}

static bool has_shifted(const struct vpci_standing sides[VPCI_SIDES])
{
    const uint64_t base = sides[VPCI_BASE].median_us, new = sides[VPCI_NEW].median_us;
    if (base == VPCI_NOT_TIMED || new == VPCI_NOT_TIMED)
        return false;
    const bool repeated =
        sides[VPCI_BASE].present >= VPCI_SHIFT_REPEATS && sides[VPCI_NEW].present >= VPCI_SHIFT_REPEATS;
    const uint64_t less = base < new ? base : new, more = base < new ? new : base;
    return more - less >= (repeated ? VPCI_SHIFT_FLOOR_US : VPCI_SHIFT_SINGLE_FLOOR_US) &&
           more / VPCI_SHIFT_FACTOR >= less;
}

/* What a case is that both sides have, whatever became of its scenario. */
static enum vpci_class class_of_both(const struct vpci_standing sides[VPCI_SIDES],
                                     const struct index indices[VPCI_SIDES], const uint32_t names[VPCI_SIDES])
{
    const enum ending base = ending_of(&sides[VPCI_BASE]), new = ending_of(&sides[VPCI_NEW]);
    if (new == OF_TWO_MINDS)
        return VPCI_CLASS_FLICKERING;
    if (base == OF_TWO_MINDS)
        return class_of_settled(sides, new);
    const enum vpci_class class = class_of_endings[base][new];
    if (class == VPCI_CLASS_STILL_FAILING && fails_otherwise(indices, names))
        return VPCI_CLASS_FAILING_OTHERWISE;
    /* What was refused because it was not claimed, and is claimed now, is for other cases to judge. */
    if (base == PASSES && sides[VPCI_BASE].example->probe &&
        new == NO_VERDICT &&sides[VPCI_NEW].example->verdict == VPCI_CASE_NOT_APPLICABLE)
        return VPCI_CLASS_PROBE_OVER;
    /* What did not apply and now has no verdict has lost something. */
    if (class == VPCI_CLASS_STILL_WITHOUT && sides[VPCI_BASE].example->verdict == VPCI_CASE_NOT_APPLICABLE &&
        sides[VPCI_NEW].example->verdict != VPCI_CASE_NOT_APPLICABLE)
        return VPCI_CLASS_WITHOUT_VERDICT;
    return class == VPCI_CLASS_STILL_PASSING && has_shifted(sides) ? VPCI_CLASS_TIMING_SHIFT : class;
}

static bool passes_or_does_not_count(const struct vpci_standing *standing)
{
    const enum ending ending = ending_of(standing);
    return ending == PASSES || ending == AS_EXPECTED ||
           (ending == NO_VERDICT && standing->example->verdict == VPCI_CASE_NOT_APPLICABLE);
}

static bool is_disputed(const struct vpci_standing *standing)
{
    return standing->example != NULL && standing->example->dispute != VPCI_DISPUTE_NONE;
}

/* A case that one side does not have. */
static void classify_single(struct vpci_compared_case *compared, enum vpci_side there, bool torn)
{
    const struct vpci_standing *standing = &compared->sides[there];
    compared->torn = torn;
    compared->class = there == VPCI_NEW ? VPCI_CLASS_ADDED
                      : torn            ? VPCI_CLASS_WITHOUT_VERDICT
                                        : VPCI_CLASS_REMOVED;
    compared->unclear = there == VPCI_NEW ? !passes_or_does_not_count(standing)
                                          : standing->example->verdict != VPCI_CASE_NOT_APPLICABLE;
    compared->otherwise = compared->class;
    if (is_disputed(standing)) {
        compared->class = VPCI_CLASS_DISPUTED;
        compared->unclear = false;
    }
}

static void classify(struct vpci_compared_case *compared, const struct index indices[VPCI_SIDES],
                     const uint32_t names[VPCI_SIDES], const uint32_t torn[VPCI_SIDES])
{
    const struct vpci_standing *base = &compared->sides[VPCI_BASE], *new = &compared->sides[VPCI_NEW];
    if (base->present == 0 || new->present == 0) {
        const enum vpci_side there = new->present == 0 ? VPCI_BASE : VPCI_NEW;
        classify_single(compared, there, torn[there == VPCI_NEW ? VPCI_BASE : VPCI_NEW] > 0);
        return;
    }
    compared->class = compared->otherwise = class_of_both(compared->sides, indices, names);
    if (is_disputed(base) || is_disputed(new)) {
        compared->class = VPCI_CLASS_DISPUTED;
    } else if (strcmp(base->example->digest, new->example->digest) != 0) {
        const enum vpci_weight weight = vpci_class_info[compared->otherwise].weight;
        compared->class = VPCI_CLASS_CHANGED;
        compared->unclear = weight == VPCI_WEIGHT_WORSE || weight == VPCI_WEIGHT_UNCLEAR;
    }
}

static void add_times(struct vpci_comparison *comparison, const struct vpci_standing sides[VPCI_SIDES])
{
    if (sides[VPCI_BASE].median_us == VPCI_NOT_TIMED || sides[VPCI_NEW].median_us == VPCI_NOT_TIMED)
        return;
    comparison->timed_cases++;
    for (int i = 0; i < VPCI_SIDES; i++)
        comparison->elapsed_us[i] += sides[i].median_us;
}

/* Adds the case that has these names on the two sides. */
static void add_case(struct vpci_comparison *comparison, const struct index indices[VPCI_SIDES],
                     const struct vpci_names *names, const uint32_t called[VPCI_SIDES])
{
    struct vpci_compared_case *compared = &comparison->cases[comparison->case_count];
    compared->name = names->names[called[VPCI_NEW]];
    compared->before = called[VPCI_BASE] == called[VPCI_NEW] ? NULL : names->names[called[VPCI_BASE]];
    for (int i = 0; i < VPCI_SIDES; i++)
        compared->sides[i] = standing_of(&indices[i], called[i]);
    if (compared->sides[VPCI_BASE].present + compared->sides[VPCI_NEW].present == 0)
        return; /* of other runs that share the names */
    count_bad(compared->sides);
    classify(compared, indices, called, comparison->torn);
    comparison->classes[compared->class]++;
    comparison->unclear += compared->unclear;
    comparison->case_count++;
    add_times(comparison, compared->sides);
}

static void compare_cases(struct vpci_comparison *comparison, const struct vpci_names *names)
{
    struct index indices[VPCI_SIDES];
    uint32_t *partners = vpci_find_renamed(names, comparison->sides);
    for (int i = 0; i < VPCI_SIDES; i++)
        make_index(&indices[i], &comparison->sides[i], names->count);
    comparison->cases = vpci_need_memory(calloc((size_t)names->count + 1, sizeof *comparison->cases));
    for (uint32_t name = 0; name < names->count; name++) {
        /* A renamed case stands where it stood in BASE. */
        if (partners[name] == VPCI_NO_NAME)
            add_case(comparison, indices, names, (uint32_t[VPCI_SIDES]){ name, name });
        else if (is_there(&indices[VPCI_BASE], name))
            add_case(comparison, indices, names, (uint32_t[VPCI_SIDES]){ name, partners[name] });
    }
    free(partners);
    free(indices[VPCI_BASE].places);
    free(indices[VPCI_NEW].places);
}

static bool is_decided(enum vpci_requirement_verdict verdict)
{
    return verdict == VPCI_REQUIREMENT_PASS_VERDICT || verdict == VPCI_REQUIREMENT_FAIL_VERDICT ||
           verdict == VPCI_REQUIREMENT_WARNING_VERDICT;
}

/* The verdict of all repeats: what any of them saw counts, the worst first. */
static enum vpci_requirement_verdict verdict_of(const struct vpci_repeats *repeats,
                                                enum vpci_requirement requirement)
{
    static const enum vpci_requirement_verdict order[] = { VPCI_REQUIREMENT_FAIL_VERDICT,
                                                           VPCI_REQUIREMENT_WARNING_VERDICT,
                                                           VPCI_REQUIREMENT_PASS_VERDICT };
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        for (uint32_t r = 0; r < repeats->count; r++) {
            if (repeats->runs[r].footer.requirements[requirement].verdict == order[i])
                return order[i];
        }
    }
    return repeats->runs[0].footer.requirements[requirement].verdict;
}

/* Requirements that some case blames which fails and is not excused. */
static struct vpci_requirement_set blamed_by(const struct vpci_repeats *repeats)
{
    struct vpci_requirement_set blamed = { { 0 } };
    for (uint32_t r = 0; r < repeats->count; r++) {
        for (uint32_t i = 0; i < repeats->runs[r].case_count; i++) {
            const struct vpci_kept_case *kept = &repeats->runs[r].cases[i];
            if (kept->verdict == VPCI_CASE_FAIL && kept->expected != VPCI_EXPECTED_AS_EXPECTED)
                vpci_requirement_add(&blamed, kept->requirement);
        }
    }
    return blamed;
}

static enum vpci_change change_of(const struct vpci_compared_requirement *compared)
{
    const enum vpci_requirement_verdict base = compared->verdicts[VPCI_BASE],
                                        new = compared->verdicts[VPCI_NEW];
    if (new == VPCI_REQUIREMENT_FAIL_VERDICT && compared->excused[VPCI_NEW])
        return VPCI_CHANGE_EXPECTED_FAILURE;
    if (new == VPCI_REQUIREMENT_FAIL_VERDICT)
        return base == new && !compared->excused[VPCI_BASE] ? VPCI_CHANGE_STILL_FAILING
                                                            : VPCI_CHANGE_NEWLY_FAILING;
    if (base == new)
        return VPCI_CHANGE_NONE;
    if (new == VPCI_REQUIREMENT_WARNING_VERDICT)
        return VPCI_CHANGE_NEWLY_WARNED;
    if (new == VPCI_REQUIREMENT_PASS_VERDICT)
        return VPCI_CHANGE_NEWLY_PASSING;
    return is_decided(base) ? VPCI_CHANGE_NEWLY_NOT_EXERCISED : VPCI_CHANGE_NONE;
}

static void compare_requirements(struct vpci_comparison *comparison)
{
    const struct vpci_requirement_set blamed[VPCI_SIDES] = { blamed_by(&comparison->sides[VPCI_BASE]),
                                                             blamed_by(&comparison->sides[VPCI_NEW]) };
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
        struct vpci_compared_requirement *compared = &comparison->requirements[i];
        for (int side = 0; side < VPCI_SIDES; side++) {
            compared->verdicts[side] = verdict_of(&comparison->sides[side], (enum vpci_requirement)i);
            compared->excused[side] = !vpci_requirement_has(&blamed[side], (enum vpci_requirement)i);
        }
        compared->change = change_of(compared);
        comparison->changes[compared->change]++;
    }
}

static bool is_another_question(const struct vpci_comparison *comparison)
{
    return vpci_conditions_of_kind(comparison->conditions, VPCI_CONDITION_QUESTION) != 0;
}

static int exit_of(const struct vpci_comparison *comparison)
{
    uint32_t weights[VPCI_WEIGHT_NOT_WORSE + 1] = { 0 };
    for (int i = 0; i < VPCI_CLASS_COUNT; i++)
        weights[vpci_class_info[i].weight] += comparison->classes[i];
    if (weights[VPCI_WEIGHT_WORSE] > 0)
        return VPCI_EXIT_VIOLATION;
    const bool unclear = weights[VPCI_WEIGHT_UNCLEAR] > 0 || comparison->unclear > 0 ||
                         comparison->torn[VPCI_BASE] + comparison->torn[VPCI_NEW] > 0 ||
                         comparison->changes[VPCI_CHANGE_NEWLY_FAILING] > 0 ||
                         comparison->changes[VPCI_CHANGE_NEWLY_NOT_EXERCISED] > 0 ||
                         is_another_question(comparison);
    return unclear ? VPCI_EXIT_INCONCLUSIVE : VPCI_EXIT_CONFORMS;
}

static uint32_t count_torn(const struct vpci_repeats *repeats)
{
    uint32_t torn = 0;
    for (uint32_t i = 0; i < repeats->count; i++)
        torn += !repeats->runs[i].sealed;
    return torn;
}

bool vpci_are_repeats(const struct vpci_repeats *repeats, char error[VPCI_DETAIL_BYTES])
{
    for (uint32_t i = 1; i < repeats->count; i++) {
        const uint32_t set = vpci_conditions_differing(&repeats->runs[0], &repeats->runs[i]);
        const uint32_t wrong = set & ~vpci_conditions_of_kind(set, VPCI_CONDITION_CHANCE);
        if (wrong == 0)
            continue;
        snprintf(error, VPCI_DETAIL_BYTES, "%.80s and %.80s are no repeats of one run: they differ in %s",
                 repeats->runs[0].label, repeats->runs[i].label,
                 vpci_condition_info[__builtin_ctz(wrong)].words);
        return false;
    }
    return true;
}

void vpci_compare(struct vpci_comparison *comparison, const struct vpci_names *names,
                  struct vpci_repeats base, struct vpci_repeats new)
{
    *comparison = (struct vpci_comparison){ .sides = { base, new } };
    comparison->conditions = vpci_conditions_differing(&base.runs[0], &new.runs[0]);
    for (int i = 0; i < VPCI_SIDES; i++)
        comparison->torn[i] = count_torn(&comparison->sides[i]);
    compare_cases(comparison, names);
    compare_requirements(comparison);
    comparison->exit = exit_of(comparison);
}

const char *vpci_comparison_title(int exit)
{
    return exit == VPCI_EXIT_CONFORMS ? "NOT WORSE" : exit == VPCI_EXIT_VIOLATION ? "WORSE" : "UNCLEAR";
}

void vpci_comparison_free(struct vpci_comparison *comparison)
{
    free(comparison->cases);
    *comparison = (struct vpci_comparison){ 0 };
}
