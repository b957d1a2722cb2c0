/* SPDX-License-Identifier: MIT */
/* tests/unit/test_compare.c - runs held against each other: every pair of endings into its class, repeats and
 * their intervals, conditions, requirements, exit codes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compare_bench.h"
#include "harness/contents.h"

static const struct vpci_compared_case *find(const char *name)
{
    for (uint32_t i = 0; i < bench->comparison.case_count; i++) {
        if (strcmp(bench->comparison.cases[i].name, name) == 0)
            return &bench->comparison.cases[i];
    }
    fail_msg("%s is not there", name);
    return NULL;
}

/* Method: every pair of endings that means something of its own, one run a side. */
static void every_pair_of_endings_has_its_class(void **state)
{
    (void)state;
    static const struct {
        struct planted base, new;
        enum vpci_class class;
        int exit;
    } rows[] = {
        { { .verdict = P }, { .verdict = P }, VPCI_CLASS_STILL_PASSING, VPCI_EXIT_CONFORMS },
        { { .verdict = P }, { .verdict = F }, VPCI_CLASS_NEWLY_FAILING, VPCI_EXIT_VIOLATION },
        { { .verdict = P }, { .verdict = I }, VPCI_CLASS_WITHOUT_VERDICT, VPCI_EXIT_INCONCLUSIVE },
        { { .verdict = P }, { .verdict = E }, VPCI_CLASS_WITHOUT_VERDICT, VPCI_EXIT_INCONCLUSIVE },
        { { .verdict = P }, { .verdict = S }, VPCI_CLASS_WITHOUT_VERDICT, VPCI_EXIT_INCONCLUSIVE },
        { { .verdict = P }, { .verdict = N }, VPCI_CLASS_WITHOUT_VERDICT, VPCI_EXIT_INCONCLUSIVE },
        { { .verdict = F }, { .verdict = P }, VPCI_CLASS_FIXED, VPCI_EXIT_CONFORMS },
        { { .verdict = F }, { .verdict = F }, VPCI_CLASS_STILL_FAILING, VPCI_EXIT_CONFORMS },
        { { .verdict = F, .requirement = VPCI_RD_01 },
          { .verdict = F, .requirement = VPCI_RD_02 },
          VPCI_CLASS_FAILING_OTHERWISE,
          VPCI_EXIT_VIOLATION },
        { { .verdict = F },
          { .verdict = F, .cause = "crash" },
          VPCI_CLASS_FAILING_OTHERWISE,
          VPCI_EXIT_VIOLATION },
        { { .verdict = F }, { .verdict = I }, VPCI_CLASS_WITHOUT_VERDICT, VPCI_EXIT_INCONCLUSIVE },
        { { .verdict = F }, { .verdict = N }, VPCI_CLASS_WITHOUT_VERDICT, VPCI_EXIT_INCONCLUSIVE },
        { { .verdict = N }, { .verdict = P }, VPCI_CLASS_NEWLY_PASSING, VPCI_EXIT_CONFORMS },
        { { .verdict = N }, { .verdict = F }, VPCI_CLASS_NEWLY_FAILING, VPCI_EXIT_VIOLATION },
        { { .verdict = N }, { .verdict = N }, VPCI_CLASS_STILL_WITHOUT, VPCI_EXIT_CONFORMS },
        { { .verdict = N }, { .verdict = I }, VPCI_CLASS_WITHOUT_VERDICT, VPCI_EXIT_INCONCLUSIVE },
        { { .verdict = I }, { .verdict = E }, VPCI_CLASS_STILL_WITHOUT, VPCI_EXIT_CONFORMS },
        { { .verdict = I }, { .verdict = F }, VPCI_CLASS_NEWLY_FAILING, VPCI_EXIT_VIOLATION },
        { { .verdict = S }, { .verdict = P }, VPCI_CLASS_NEWLY_PASSING, VPCI_EXIT_CONFORMS },
        /* probes of what was not claimed */
        { { .verdict = P, .probe = true },
          { .verdict = N, .probe = true },
          VPCI_CLASS_PROBE_OVER,
          VPCI_EXIT_CONFORMS },
        { { .verdict = F, .probe = true },
          { .verdict = N, .probe = true },
          VPCI_CLASS_WITHOUT_VERDICT,
          VPCI_EXIT_INCONCLUSIVE },
        { { .verdict = P, .probe = true },
          { .verdict = I, .probe = true },
          VPCI_CLASS_WITHOUT_VERDICT,
          VPCI_EXIT_INCONCLUSIVE },
        /* what is expected */
        { { .verdict = P },
          { .verdict = F, .expected = VPCI_EXPECTED_AS_EXPECTED },
          VPCI_CLASS_EXPECTED_FAILURE,
          VPCI_EXIT_CONFORMS },
        { { .verdict = F },
          { .verdict = F, .expected = VPCI_EXPECTED_AS_EXPECTED },
          VPCI_CLASS_EXPECTED_FAILURE,
          VPCI_EXIT_CONFORMS },
        { { .verdict = F, .expected = VPCI_EXPECTED_AS_EXPECTED },
          { .verdict = F, .expected = VPCI_EXPECTED_AS_EXPECTED },
          VPCI_CLASS_EXPECTED_FAILURE,
          VPCI_EXIT_CONFORMS },
        { { .verdict = F, .expected = VPCI_EXPECTED_AS_EXPECTED },
          { .verdict = F, .expected = VPCI_EXPECTED_EXPIRED },
          VPCI_CLASS_NEWLY_FAILING,
          VPCI_EXIT_VIOLATION },
        { { .verdict = F, .expected = VPCI_EXPECTED_AS_EXPECTED },
          { .verdict = F, .expected = VPCI_EXPECTED_FAILS_OTHERWISE },
          VPCI_CLASS_NEWLY_FAILING,
          VPCI_EXIT_VIOLATION },
        { { .verdict = F, .expected = VPCI_EXPECTED_AS_EXPECTED },
          { .verdict = F },
          VPCI_CLASS_NEWLY_FAILING,
          VPCI_EXIT_VIOLATION },
        { { .verdict = F, .expected = VPCI_EXPECTED_EXPIRED },
          { .verdict = F, .expected = VPCI_EXPECTED_EXPIRED },
          VPCI_CLASS_STILL_FAILING,
          VPCI_EXIT_CONFORMS },
        { { .verdict = F, .expected = VPCI_EXPECTED_AS_EXPECTED },
          { .verdict = P, .expected = VPCI_EXPECTED_UNEXPECTED_PASS },
          VPCI_CLASS_FIXED,
          VPCI_EXIT_CONFORMS },
        { { .verdict = I, .expected = VPCI_EXPECTED_AS_EXPECTED },
          { .verdict = I, .expected = VPCI_EXPECTED_EXPIRED },
          VPCI_CLASS_WITHOUT_VERDICT,
          VPCI_EXIT_INCONCLUSIVE },
        /* what is in dispute counts for nothing */
        { { .verdict = P },
          { .verdict = F, .dispute = VPCI_DISPUTE_CONTESTED },
          VPCI_CLASS_DISPUTED,
          VPCI_EXIT_CONFORMS },
        { { .verdict = P, .dispute = VPCI_DISPUTE_WITHDRAWN },
          { .verdict = F },
          VPCI_CLASS_DISPUTED,
          VPCI_EXIT_CONFORMS },
        /* another scenario: no regression, but no peace either */
        { { .verdict = P }, { .verdict = P, .digest = "two" }, VPCI_CLASS_CHANGED, VPCI_EXIT_CONFORMS },
        { { .verdict = P }, { .verdict = F, .digest = "two" }, VPCI_CLASS_CHANGED, VPCI_EXIT_INCONCLUSIVE },
        { { .verdict = P }, { .verdict = N, .digest = "two" }, VPCI_CLASS_CHANGED, VPCI_EXIT_INCONCLUSIVE },
        { { .verdict = F }, { .verdict = F, .digest = "two" }, VPCI_CLASS_CHANGED, VPCI_EXIT_CONFORMS },
        /* time never decides */
        { { .verdict = P, .elapsed_us = 1000 },
          { .verdict = P, .elapsed_us = 900000 },
          VPCI_CLASS_TIMING_SHIFT,
          VPCI_EXIT_CONFORMS },
        { { .verdict = P, .elapsed_us = 900000 },
          { .verdict = P, .elapsed_us = 1000 },
          VPCI_CLASS_TIMING_SHIFT,
          VPCI_EXIT_CONFORMS },
        { { .verdict = P, .elapsed_us = 1000 },
          { .verdict = P, .elapsed_us = 240000 }, /* 240 times as long, but not enough for a single run */
          VPCI_CLASS_STILL_PASSING,
          VPCI_EXIT_CONFORMS },
        { { .verdict = P, .elapsed_us = 900000 },
          { .verdict = P, .elapsed_us = 1700000 }, /* much, but less than twice as long */
          VPCI_CLASS_STILL_PASSING,
          VPCI_EXIT_CONFORMS },
        { { .verdict = F, .elapsed_us = 1000 },
          { .verdict = F, .elapsed_us = 900000 },
          VPCI_CLASS_STILL_FAILING,
          VPCI_EXIT_CONFORMS },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct planted base = rows[i].base, new = rows[i].new;
        start_again();
        base.name = new.name = "direct/case";
        plant(plant_run(VPCI_BASE), base);
        plant(plant_run(VPCI_NEW), new);
        const struct vpci_comparison *comparison = compare();
        if (comparison->cases[0].class != rows[i].class || comparison->exit != rows[i].exit)
            fail_msg("row %zu: %s, exit %d", i, vpci_class_info[comparison->cases[0].class].json,
                     comparison->exit);
    }
}

/* Method: repeats as words of P and F, one letter a repeat. */
static void repeats_that_do_not_agree_flicker(void **state)
{
    (void)state;
    static const struct {
        const char *base, *new;
        enum vpci_class class;
        uint32_t bad, present; /* of NEW */
    } rows[] = {
        { "PPP", "PPP", VPCI_CLASS_STILL_PASSING, 0, 3 },
        { "PPP", "FFF", VPCI_CLASS_NEWLY_FAILING, 3, 3 },
        { "PPP", "PFP", VPCI_CLASS_FLICKERING, 1, 3 },
        { "PPPPPPPPPP", "FFFFFFFFFP", VPCI_CLASS_FLICKERING, 9, 10 },
        { "P", "PPPPF", VPCI_CLASS_FLICKERING, 1, 5 },
        { "FFF", "PFP", VPCI_CLASS_FLICKERING, 1, 3 },
        { "PFP", "PPP", VPCI_CLASS_FLICKERING, 0, 3 },
        { "PFP", "FFF", VPCI_CLASS_FLICKERING, 3, 3 },
        { "PFPPPPPPPP", "FFFFFFFFFF", VPCI_CLASS_NEWLY_FAILING, 10, 10 },
        { "FFFFFFFFFP", "PPPPPPPPPP", VPCI_CLASS_FIXED, 0, 10 },
        { "PIP", "FFF", VPCI_CLASS_NEWLY_FAILING, 3, 3 }, /* no repeat failed before */
        { "PIP", "F", VPCI_CLASS_NEWLY_FAILING, 1, 1 },
        { "PIP", "PPP", VPCI_CLASS_FLICKERING, 0, 3 },
        { "PIP", "PIP", VPCI_CLASS_FLICKERING, 1, 3 },
        { "FIF", "III", VPCI_CLASS_FLICKERING, 0, 3 },
        { "PPP", "IPI", VPCI_CLASS_FLICKERING, 2, 3 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        start_again();
        for (int side = 0; side < VPCI_SIDES; side++) {
            for (const char *at = side == VPCI_BASE ? rows[i].base : rows[i].new; *at != '\0'; at++)
                plant(plant_run(side), (struct planted){ .name = "direct/case",
                                                         .verdict = *at == 'P'   ? P
                                                                    : *at == 'F' ? F
                                                                                 : I });
        }
        const struct vpci_comparison *comparison = compare();
        const struct vpci_standing *new = &comparison->cases[0].sides[VPCI_NEW];
        if (comparison->cases[0].class != rows[i].class)
            fail_msg("%s, %s: %s", rows[i].base, rows[i].new,
                     vpci_class_info[comparison->cases[0].class].json);
        assert_int_equal(new->bad, rows[i].bad);
        assert_int_equal(new->present, rows[i].present);
        if (rows[i].class == VPCI_CLASS_FLICKERING)
            assert_int_equal(comparison->exit, VPCI_EXIT_INCONCLUSIVE);
    }
}

/* The way of failing counts over all repeats: a second fault that comes and goes is not new. */
static void failing_otherwise_is_judged_over_all_repeats(void **state)
{
    (void)state;
    for (int both = 0; both < 2; both++) {
        start_again();
        const struct planted first = { .name = "a", .verdict = F, .requirement = VPCI_RD_01 };
        const struct planted second = { .name = "a", .verdict = F, .requirement = VPCI_RD_02 };
        plant(plant_run(VPCI_BASE), first);
        plant(plant_run(VPCI_BASE), both != 0 ? second : first);
        plant(plant_run(VPCI_NEW), first);
        plant(plant_run(VPCI_NEW), second);
        assert_int_equal(compare()->cases[0].class,
                         both != 0 ? VPCI_CLASS_STILL_FAILING : VPCI_CLASS_FAILING_OTHERWISE);
    }
}

/* The figures are from a table of Wilson's interval: three decimals. */
static void the_interval_is_wilsons(void **state)
{
    (void)state;
    static const struct {
        uint32_t count, total, low, high; /* per mille */
    } rows[] = { { 0, 0, 0, 1000 },  { 0, 1, 0, 793 },     { 1, 1, 207, 1000 }, { 0, 10, 0, 278 },
                 { 1, 10, 18, 404 }, { 2, 10, 57, 510 },   { 5, 10, 237, 763 }, { 10, 10, 722, 1000 },
                 { 3, 20, 52, 360 }, { 50, 100, 404, 596 } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double low = -1, high = -1;
        vpci_wilson(rows[i].count, rows[i].total, &low, &high);
        assert_int_equal((int)(low * 1000 + 0.5), rows[i].low);
        assert_int_equal((int)(high * 1000 + 0.5), rows[i].high);
    }
}

static void cases_of_one_side_are_new_removed_or_renamed(void **state)
{
    (void)state;
    struct vpci_kept_run *base = plant_run(VPCI_BASE), *new = plant_run(VPCI_NEW);
    plant(base, (struct planted){ .name = "kept" });
    plant(base, (struct planted){ .name = "gone", .digest = "gone" });
    plant(base, (struct planted){ .name = "old", .digest = "same" });
    plant(base, (struct planted){ .name = "twice", .digest = "many" });
    plant(new, (struct planted){ .name = "kept" });
    plant(new, (struct planted){ .name = "another", .digest = "same", .verdict = F });
    plant(new, (struct planted){ .name = "thrice", .digest = "many" });
    plant(new, (struct planted){ .name = "fourth", .digest = "many" });
    const struct vpci_comparison *comparison = compare();
    assert_int_equal(find("gone")->class, VPCI_CLASS_REMOVED);
    assert_int_equal(find("another")->class, VPCI_CLASS_NEWLY_FAILING);
    assert_string_equal(find("another")->before, "old");
    assert_int_equal(find("twice")->class, VPCI_CLASS_REMOVED);
    assert_int_equal(find("thrice")->class, VPCI_CLASS_ADDED);
    assert_int_equal(find("fourth")->class, VPCI_CLASS_ADDED);
    assert_int_equal(comparison->exit, VPCI_EXIT_VIOLATION);
}

/* Method: one case that only one side has. */
static void what_only_one_side_has_is_unclear_unless_it_passes(void **state)
{
    (void)state;
    static const struct {
        int side;
        struct planted planted;
        bool torn; /* the other side */
        enum vpci_class class;
        int exit;
    } rows[] = {
        { VPCI_NEW, { .verdict = P }, false, VPCI_CLASS_ADDED, VPCI_EXIT_CONFORMS },
        { VPCI_NEW, { .verdict = N }, false, VPCI_CLASS_ADDED, VPCI_EXIT_CONFORMS },
        { VPCI_NEW, { .verdict = F }, false, VPCI_CLASS_ADDED, VPCI_EXIT_INCONCLUSIVE },
        { VPCI_NEW, { .verdict = I }, false, VPCI_CLASS_ADDED, VPCI_EXIT_INCONCLUSIVE },
        { VPCI_NEW,
          { .verdict = F, .dispute = VPCI_DISPUTE_CONTESTED },
          false,
          VPCI_CLASS_DISPUTED,
          VPCI_EXIT_CONFORMS },
        { VPCI_BASE, { .verdict = P }, false, VPCI_CLASS_REMOVED, VPCI_EXIT_INCONCLUSIVE },
        { VPCI_BASE, { .verdict = F }, false, VPCI_CLASS_REMOVED, VPCI_EXIT_INCONCLUSIVE },
        { VPCI_BASE, { .verdict = N }, false, VPCI_CLASS_REMOVED, VPCI_EXIT_CONFORMS },
        { VPCI_BASE, { .verdict = P }, true, VPCI_CLASS_WITHOUT_VERDICT, VPCI_EXIT_INCONCLUSIVE },
        { VPCI_NEW, { .verdict = P }, true, VPCI_CLASS_ADDED, VPCI_EXIT_INCONCLUSIVE },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        start_again();
        struct planted planted = rows[i].planted;
        planted.name = "direct/case";
        struct vpci_kept_run *runs[VPCI_SIDES] = { plant_run(VPCI_BASE), plant_run(VPCI_NEW) };
        plant(runs[rows[i].side], planted);
        runs[rows[i].side == VPCI_BASE ? VPCI_NEW : VPCI_BASE]->sealed = !rows[i].torn;
        const struct vpci_comparison *comparison = compare();
        if (comparison->cases[0].class != rows[i].class || comparison->exit != rows[i].exit)
            fail_msg("row %zu: %s, exit %d", i, vpci_class_info[comparison->cases[0].class].json,
                     comparison->exit);
    }
}

/* Method: two runs that are the same in all, and then not in one condition. */
static void conditions_are_told_and_another_question_is_never_peace(void **state)
{
    (void)state;
    static const struct {
        enum vpci_condition condition;
        int exit;
        bool repeats; /* may still be repeats of one run */
    } rows[] = {
        { VPCI_CONDITION_OF_ROLE, VPCI_EXIT_INCONCLUSIVE, false },
        { VPCI_CONDITION_OF_PROFILE, VPCI_EXIT_INCONCLUSIVE, false },
        { VPCI_CONDITION_OF_CHOICES, VPCI_EXIT_INCONCLUSIVE, false },
        { VPCI_CONDITION_OF_SELECTION, VPCI_EXIT_CONFORMS, false },
        { VPCI_CONDITION_OF_KIT, VPCI_EXIT_CONFORMS, false },
        { VPCI_CONDITION_OF_MODEL, VPCI_EXIT_CONFORMS, false },
        { VPCI_CONDITION_OF_RUNNER, VPCI_EXIT_CONFORMS, false },
        { VPCI_CONDITION_OF_SUITE, VPCI_EXIT_CONFORMS, false },
        { VPCI_CONDITION_OF_REQUIREMENTS, VPCI_EXIT_CONFORMS, false },
        { VPCI_CONDITION_OF_ERRATA, VPCI_EXIT_CONFORMS, false },
        { VPCI_CONDITION_OF_EXPECTATIONS, VPCI_EXIT_CONFORMS, false },
        { VPCI_CONDITION_OF_ADAPTER_DIGEST, VPCI_EXIT_CONFORMS, false },
        { VPCI_CONDITION_OF_NAME, VPCI_EXIT_CONFORMS, false },
        { VPCI_CONDITION_OF_VERSION, VPCI_EXIT_CONFORMS, false },
        { VPCI_CONDITION_OF_CLAIMS, VPCI_EXIT_CONFORMS, false },
        { VPCI_CONDITION_OF_ADAPTER, VPCI_EXIT_CONFORMS, true },
        { VPCI_CONDITION_OF_SEED, VPCI_EXIT_CONFORMS, true },
        { VPCI_CONDITION_OF_DATE, VPCI_EXIT_CONFORMS, true },
    };
    assert_int_equal(sizeof rows / sizeof rows[0], VPCI_CONDITION_COUNT);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        start_again();
        char error[VPCI_DETAIL_BYTES];
        struct vpci_kept_run *base = plant_run(VPCI_BASE), *new = plant_run(VPCI_NEW);
        struct vpci_results_header *header = &new->header;
        char *const texts[VPCI_CONDITION_COUNT] = {
            [VPCI_CONDITION_OF_PROFILE] = header->profile,
            [VPCI_CONDITION_OF_CHOICES] = header->profile_digest,
            [VPCI_CONDITION_OF_SELECTION] = header->selection,
            [VPCI_CONDITION_OF_KIT] = header->kit_version,
            [VPCI_CONDITION_OF_MODEL] = header->model_digest,
            [VPCI_CONDITION_OF_RUNNER] = header->runner_digest,
            [VPCI_CONDITION_OF_SUITE] = header->suite_digest,
            [VPCI_CONDITION_OF_REQUIREMENTS] = header->requirements_digest,
            [VPCI_CONDITION_OF_ERRATA] = header->disputes_digest,
            [VPCI_CONDITION_OF_EXPECTATIONS] = header->expect_digest,
            [VPCI_CONDITION_OF_ADAPTER_DIGEST] = header->adapter_digest,
            [VPCI_CONDITION_OF_NAME] = header->pics.name,
            [VPCI_CONDITION_OF_VERSION] = header->pics.version,
            [VPCI_CONDITION_OF_ADAPTER] = header->adapter,
            [VPCI_CONDITION_OF_DATE] = header->expect_date,
        };
        plant(base, (struct planted){ .name = "a" });
        plant(new, (struct planted){ .name = "a" });
        assert_int_equal(compare()->conditions, 0);
        if (texts[rows[i].condition] != NULL)
            texts[rows[i].condition][0] = 'x';
        header->role = rows[i].condition == VPCI_CONDITION_OF_ROLE ? VPCI_ROLE_STACK : header->role;
        header->seed += rows[i].condition == VPCI_CONDITION_OF_SEED;
        header->pics.capabilities ^= rows[i].condition == VPCI_CONDITION_OF_CLAIMS;
        assert_int_equal(compare()->conditions, 1 << rows[i].condition);
        assert_int_equal(bench->comparison.exit, rows[i].exit);
        const struct vpci_kept_run pair[] = { *base, *new };
        assert_int_equal(vpci_are_repeats(&(struct vpci_repeats){ pair, 2 }, error), rows[i].repeats);
    }
}

/* Method: every pair of a requirement's verdicts. */
static void requirements_change_as_their_verdicts_do(void **state)
{
    (void)state;
    enum { PASS_, FAIL_, WARN, INCO, EXER, APPL, OBSE }; /* in the order of vpci_requirement_verdict */
    static const char rows[][VPCI_REQUIREMENT_VERDICT_COUNT + 1] = {
        /* to: pass fail warning inconclusive not_exercised not_applicable not_observable */
        [PASS_] = "=FWNNNN", [FAIL_] = "PsWNNNN", [WARN] = "PF=NNNN", [INCO] = "PFW====",
        [EXER] = "PFW====",  [APPL] = "PFW====",  [OBSE] = "PFW====",
    };
    static const char letters[] = "FNWseP="; /* in the order of vpci_change */
    for (int from = 0; from < VPCI_REQUIREMENT_VERDICT_COUNT; from++) {
        for (int to = 0; to < VPCI_REQUIREMENT_VERDICT_COUNT; to++) {
            start_again();
            struct vpci_kept_run *base = plant_run(VPCI_BASE), *new = plant_run(VPCI_NEW);
            base->footer.requirements[VPCI_RD_01].verdict = (enum vpci_requirement_verdict)from;
            new->footer.requirements[VPCI_RD_01].verdict = (enum vpci_requirement_verdict)to;
            plant(base, (struct planted){ .name = "a",
                                          .verdict = from == FAIL_ ? F : P,
                                          .requirement = VPCI_RD_01,
                                          .dispute = VPCI_DISPUTE_CONTESTED });
            plant(new, (struct planted){ .name = "a",
                                         .verdict = to == FAIL_ ? F : P,
                                         .requirement = VPCI_RD_01,
                                         .dispute = VPCI_DISPUTE_CONTESTED });
            const char letter = letters[compare()->requirements[VPCI_RD_01].change];
            if (letter != rows[from][to])
                fail_msg("%d to %d: %c", from, to, letter);
            const bool worse = letter == 'F' || letter == 'N';
            assert_int_equal(bench->comparison.exit, worse ? VPCI_EXIT_INCONCLUSIVE : VPCI_EXIT_CONFORMS);
        }
    }
}

/* Method: one requirement that fails on both sides, excused or not. */
static void what_a_requirement_is_excused_of_is_not_newly_failing(void **state)
{
    (void)state;
    static const struct {
        enum vpci_expected base, new;
        enum vpci_change change;
    } rows[] = {
        { VPCI_EXPECTED_NOT, VPCI_EXPECTED_NOT, VPCI_CHANGE_STILL_FAILING },
        { VPCI_EXPECTED_NOT, VPCI_EXPECTED_AS_EXPECTED, VPCI_CHANGE_EXPECTED_FAILURE },
        { VPCI_EXPECTED_AS_EXPECTED, VPCI_EXPECTED_AS_EXPECTED, VPCI_CHANGE_EXPECTED_FAILURE },
        { VPCI_EXPECTED_AS_EXPECTED, VPCI_EXPECTED_EXPIRED, VPCI_CHANGE_NEWLY_FAILING },
        { VPCI_EXPECTED_EXPIRED, VPCI_EXPECTED_NOT, VPCI_CHANGE_STILL_FAILING },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        start_again();
        for (int side = 0; side < VPCI_SIDES; side++) {
            struct vpci_kept_run *run = plant_run(side);
            run->footer.requirements[VPCI_RD_01].verdict = VPCI_REQUIREMENT_FAIL_VERDICT;
            plant(run, (struct planted){ .name = "a",
                                         .verdict = F,
                                         .requirement = VPCI_RD_01,
                                         .expected = side == VPCI_BASE ? rows[i].base : rows[i].new });
        }
        assert_int_equal(compare()->requirements[VPCI_RD_01].change, rows[i].change);
    }
}

/* Method: the same shift in one, two and three repeats. */
static void a_shift_of_repeats_needs_less(void **state)
{
    (void)state;
    for (uint32_t repeats = 1; repeats <= 3; repeats++) {
        start_again();
        for (uint32_t i = 0; i < repeats; i++) {
            plant(plant_run(VPCI_BASE), (struct planted){ .name = "a", .elapsed_us = 1000 });
            plant(plant_run(VPCI_NEW), (struct planted){ .name = "a", .elapsed_us = i == 0 ? 900 : 30000 });
        }
        assert_int_equal(compare()->cases[0].class,
                         repeats == 3 ? VPCI_CLASS_TIMING_SHIFT : VPCI_CLASS_STILL_PASSING);
    }
}

/* Method: 2,000 cases with seeded verdicts; the classes are counted here once more, by hand. */
static void a_planted_pair_of_large_runs_is_counted_right(void **state)
{
    (void)state;
    enum { LARGE = 2000 };
    static const enum vpci_class of_pair[3][3] = {
        { VPCI_CLASS_STILL_PASSING, VPCI_CLASS_NEWLY_FAILING, VPCI_CLASS_WITHOUT_VERDICT },
        { VPCI_CLASS_FIXED, VPCI_CLASS_STILL_FAILING, VPCI_CLASS_WITHOUT_VERDICT },
        { VPCI_CLASS_NEWLY_PASSING, VPCI_CLASS_NEWLY_FAILING, VPCI_CLASS_STILL_WITHOUT },
    };
    struct vpci_kept_run *runs[VPCI_SIDES] = { plant_run(VPCI_BASE), plant_run(VPCI_NEW) };
    struct vpci_kept_case *memory = vpci_need_memory(calloc(2 * LARGE, sizeof *memory));
    uint32_t expected[VPCI_CLASS_COUNT] = { 0 };
    uint64_t random = 7;
    runs[VPCI_BASE]->cases = memory;
    runs[VPCI_NEW]->cases = memory + LARGE;
    for (int i = 0; i < LARGE; i++) {
        char name[32];
        snprintf(name, sizeof name, "direct/case[%d]", i);
        const int from = (int)(vpci_random_next(&random) % 3), to = (int)(vpci_random_next(&random) % 3);
        plant(runs[VPCI_BASE], (struct planted){ .name = name, .verdict = (enum vpci_case_verdict)from });
        plant(runs[VPCI_NEW], (struct planted){ .name = name, .verdict = (enum vpci_case_verdict)to });
        expected[of_pair[from][to]]++;
    }
    assert_memory_equal(compare()->classes, expected, sizeof expected);
    free(memory);
}

/* A renamed case keeps its sides apart although its newer name was there first. */
static void a_name_that_comes_back_is_no_mixup(void **state)
{
    (void)state;
    (void)vpci_names_place(&bench->names, "first", 0);
    plant(plant_run(VPCI_BASE), (struct planted){ .name = "second", .verdict = P });
    plant(plant_run(VPCI_NEW), (struct planted){ .name = "first", .verdict = F });
    compare();
    assert_int_equal(bench->comparison.case_count, 1);
    assert_int_equal(find("first")->class, VPCI_CLASS_NEWLY_FAILING);
    assert_string_equal(find("first")->before, "second");
}

/* Method: names, reasons and headers of hostile text, as long as they can be, in every class. */
static void a_comment_is_never_too_long_and_keeps_its_head(void **state)
{
    (void)state;
    static char names[CASES_MAX][2000];
    struct vpci_kept_run *base = plant_run(VPCI_BASE), *new = plant_run(VPCI_NEW);
    for (int i = 0; i < CASES_MAX; i++) {
        memset(names[i], '@', sizeof names[i] - 1);
        snprintf(names[i], 8, "%d", i);
        names[i][strlen(names[i])] = '[';
        plant(base, (struct planted){ .name = names[i], .verdict = i % 3 == 0 ? P : F });
        plant(new, (struct planted){ .name = names[i],
                                     .verdict = i % 3 == 0 ? F : (enum vpci_case_verdict)(i % 6),
                                     .requirement = (enum vpci_requirement)(i % 5) });
        new->cases[i].reason = names[i];
        new->cases[i].digest = i % 7 == 0 ? "other" : "one";
    }
    compare();
    struct vpci_sheet sheet;
    struct vpci_text text = { 0 };
    vpci_sheet_of_comparison(&sheet, &bench->comparison);
    vpci_sheet_print_markdown(&text, &sheet);
    assert_true(text.length <= VPCI_SHEET_MARKDOWN_BYTES_MAX);
    assert_int_equal(strncmp(text.bytes, "## WORSE\n", 9), 0);
    assert_non_null(strstr(text.bytes, "| newly failing |"));
    vpci_text_free(&text);
    vpci_sheet_free(&sheet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_pair_of_endings_has_its_class, set_up, tear_down),
        cmocka_unit_test_setup_teardown(repeats_that_do_not_agree_flicker, set_up, tear_down),
        cmocka_unit_test_setup_teardown(failing_otherwise_is_judged_over_all_repeats, set_up, tear_down),
        cmocka_unit_test(the_interval_is_wilsons),
        cmocka_unit_test_setup_teardown(cases_of_one_side_are_new_removed_or_renamed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_only_one_side_has_is_unclear_unless_it_passes, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(conditions_are_told_and_another_question_is_never_peace, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(requirements_change_as_their_verdicts_do, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_a_requirement_is_excused_of_is_not_newly_failing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_shift_of_repeats_needs_less, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_planted_pair_of_large_runs_is_counted_right, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_name_that_comes_back_is_no_mixup, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_comment_is_never_too_long_and_keeps_its_head, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
