/* SPDX-License-Identifier: MIT */
/* tests/unit/test_explore.c - the lists that exploring plays are whole and without doubles; golden's states
 * are counted; faults, crashes and shortage of time come out as what they are. Implementations run in
 * children. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "harness/clock.h"
#include "harness/explore_internal.h"

static const vpci_capability_set all_claims = (((vpci_capability_set)1 << VPCI_CAPABILITY_COUNT) - 1) &
                                              ~VPCI_CAPABILITY_BIT(BLOCKING) &
                                              ~VPCI_CAPABILITY_BIT(INSTRUMENTED);

/* What a test was shown of failing cases. */
struct shown {
    uint32_t count;
    uint32_t steps;   /* of the first */
    bool fails_again; /* what the test says of it */
};

static bool show(void *context, const struct vpci_case *test)
{
    struct shown *shown = context;
    if (shown->count++ == 0)
        shown->steps = test->step_count;
    return shown->fails_again;
}

static struct vpci_explore_options scope(const char *adapter, struct shown *shown)
{
    struct vpci_explore_options options = { .role = VPCI_ROLE_BUS,
                                            .seed = 1,
                                            .capabilities = all_claims,
                                            .vfs = 1,
                                            .blocks = 2,
                                            .slots = 1,
                                            .deadline_ns = UINT64_MAX,
                                            .found = show,
                                            .context = shown };
    char path[VPCI_PATH_BYTES], error[VPCI_DETAIL_BYTES];
    const char *build = getenv("VPCI_BUILD");
    (void)snprintf(path, sizeof path, "%s/adapters/%s.so", build == NULL ? "build" : build, adapter);
    if (!vpci_adapter_resolve(&options.adapter, path, error))
        fail_msg("%s", error);
    return options;
}

/* ---- lists ---- */

static uint32_t count_letters(const struct vpci_alphabet *alphabet, enum vpci_letter_kind kind)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < alphabet->count; i++)
        count += alphabet->letters[i].kind == kind;
    return count;
}

static void letters_are_what_can_be_sent(void **state)
{
    (void)state;
    static struct vpci_alphabet alphabet;
    struct vpci_explore_options options = { .role = VPCI_ROLE_BUS, .capabilities = all_claims };
    options.vfs = 2;
    options.blocks = 3;
    options.slots = 2;
    vpci_alphabet_make(&alphabet, &options);
    assert_int_equal(count_letters(&alphabet, VPCI_LETTER_TRANSFER), 2 * 3 * 4);
    assert_int_equal(count_letters(&alphabet, VPCI_LETTER_INVALIDATE), 2);
    assert_int_equal(count_letters(&alphabet, VPCI_LETTER_NOTIFY), 2 * (3 + 1) + 1);
    assert_int_equal(count_letters(&alphabet, VPCI_LETTER_ANSWER), 2 * 2);
    assert_int_equal(count_letters(&alphabet, VPCI_LETTER_CANCEL), 2);
    assert_int_equal(count_letters(&alphabet, VPCI_LETTER_START), 2);
    assert_int_equal(alphabet.count, 24 + 2 + 9 + 4 + 2 + 2 + 2 + 2);
    options.role = VPCI_ROLE_STACK;
    options.capabilities &= ~(VPCI_CAPABILITY_BIT(CANCEL) | VPCI_CAPABILITY_BIT(DIRECT));
    vpci_alphabet_make(&alphabet, &options);
    assert_int_equal(count_letters(&alphabet, VPCI_LETTER_ANSWER), 0);
    assert_int_equal(count_letters(&alphabet, VPCI_LETTER_CANCEL), 0);
    assert_int_equal(count_letters(&alphabet, VPCI_LETTER_TRANSFER), 2 * 3 * 2);
    options.vfs = options.blocks = options.slots = 4;
    options.role = VPCI_ROLE_BUS;
    options.capabilities = all_claims;
    vpci_alphabet_make(&alphabet, &options); /* the largest */
    assert_int_equal(alphabet.count, 4 * (1 + 16 + 1 + 5 + 1 + 1) + 1 + 4 * 3);
}

static void letters_know_when_they_make_sense(void **state)
{
    (void)state;
    static struct vpci_alphabet alphabet;
    const struct vpci_explore_options options = {
        .role = VPCI_ROLE_BUS, .capabilities = all_claims, .vfs = 1, .blocks = 1, .slots = 2
    };
    vpci_alphabet_make(&alphabet, &options);
    static const struct {
        struct vpci_menu menu;
        uint32_t on;
    } cases[] = {
        { { .not_started = 1 }, 1 + 4 + 1 + 1 + 2 },
        { { 0 }, 4 + 1 + 1 + 2 },
        { { .gone = 1 }, 4 + 1 + 1 },
        { { .request_count = 2, .calls_open = 1 }, 1 + 2 + 2 },
        { { .request_count = 2, .calls_open = 2, .cancellable = 2 }, 1 + 2 + 4 + 1 },
        { { .request_count = 1, .calls_open = 2 }, 1 + 1 + 2 + 4 }, /* the PF has no room, a notice has */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t on = 0;
        for (uint32_t letter = 0; letter < alphabet.count; letter++)
            on += vpci_letter_is_on(&alphabet, &alphabet.letters[letter], &cases[i].menu);
        assert_int_equal(on, cases[i].on);
    }
}

enum { SAMPLE_MAX = 600 };

/* No two of the first items of a list are the same case. */
static void assert_all_differ(struct vpci_walk *walk, uint64_t first, uint32_t count)
{
    static struct vpci_script scripts[SAMPLE_MAX];
    assert_true(count <= SAMPLE_MAX);
    for (uint32_t i = 0; i < count; i++) {
        vpci_script_create(&scripts[i]);
        assert_true(vpci_walk_make(walk, first + i));
        assert_true(vpci_script_copy(&scripts[i], &walk->script.test));
        for (uint32_t other = 0; other < i; other++)
            assert_false(vpci_case_equal(&scripts[i].test, &scripts[other].test));
    }
    for (uint32_t i = 0; i < count; i++)
        vpci_script_destroy(&scripts[i]);
}

/* Where four transfers are answered, which order it is: which of those left, as a number. */
static uint32_t order_code(const struct vpci_case *test)
{
    uint32_t code = 0, answers = 0;
    for (uint32_t i = 0; i < test->step_count; i++) {
        if (test->steps[i].kind != VPCI_STEP_ANSWER)
            continue;
        code = code * 4 + test->steps[i].nth;
        answers++;
    }
    return answers == 4 ? code : UINT32_MAX;
}

static void orders_are_whole(void **state)
{
    (void)state;
    struct shown shown = { 0 };
    struct vpci_explore_options options = scope("golden", &shown);
    struct vpci_walk walk = { .options = &options, .stage = VPCI_EXPLORE_ORDERS };
    vpci_script_create(&walk.script);
    /* kinds^n x n! x (n refusals or none) x 2 layouts */
    assert_int_equal(vpci_orders_count(&options), 2 * (5 * 1 * 2 + 25 * 2 * 3 + 125 * 6 * 4 + 625 * 24 * 5));
    uint32_t deepest = 0, different = 0;
    bool seen[256] = { false };
    for (uint64_t item = 0; item < vpci_orders_count(&options); item++) {
        assert_true(vpci_walk_make(&walk, item));
        const struct vpci_case *test = &walk.script.test;
        const uint32_t requests = test->step_count / 2; /* as many ends as requests */
        assert_int_equal(test->step_count % 2, 0);
        assert_true(test->pf_holds);
        uint32_t answers = 0, transfers = 0;
        for (uint32_t i = 0; i < test->step_count; i++) {
            const struct vpci_step *step = &test->steps[i];
            const bool is_notice =
                step->event.kind == VPCI_EVENT_IOCTL && step->event.code == VPCI_IOCTL_INVALIDATE_BLOCK;
            transfers += i < requests && !is_notice;
            answers += step->kind == VPCI_STEP_ANSWER;
        }
        assert_int_equal(answers, transfers);
        const uint32_t code = order_code(test);
        different += code < 256 && !seen[code];
        if (code < 256)
            seen[code] = true;
        deepest = requests > deepest ? requests : deepest;
    }
    assert_int_equal(deepest, 4);
    assert_int_equal(different, 24); /* 4! */
    options.adapter.in_process = false;
    assert_int_equal(vpci_orders_count(&options), 2 * (5 * 1 * 2 + 25 * 2 * 3 + 125 * 6 * 4));
    options.role = VPCI_ROLE_STACK;
    assert_int_equal(vpci_orders_count(&options), 0);
    vpci_script_destroy(&walk.script);
}

static void the_product_is_whole(void **state)
{
    (void)state;
    struct shown shown = { 0 };
    struct vpci_explore_options options = scope("golden", &shown);
    struct vpci_walk walk = { .options = &options, .stage = VPCI_EXPLORE_PRODUCT };
    vpci_script_create(&walk.script);
    walk.product = vpci_product_create(&options, false);
    assert_int_equal(vpci_product_count(walk.product), 5 * 9 * 5 * 3 * 4 * 4 * 4);
    assert_all_differ(&walk, 2, 1); /* item 2: an IOCTL; its neighbours in the fastest factor differ, too */
    for (uint64_t item = 0; item < vpci_product_count(walk.product); item++) {
        assert_true(vpci_walk_make(&walk, item));
        assert_true(walk.script.test.step_count >= 1 && walk.script.test.step_count <= 8);
    }
    vpci_product_destroy(walk.product);
    options.adapter.in_process = false;
    walk.product = vpci_product_create(&options, false);
    assert_in_range(vpci_product_count(walk.product), 225, 400); /* triples */
    vpci_product_destroy(walk.product);
    walk.stage = VPCI_EXPLORE_PAIRS;
    walk.product = vpci_product_create(&options, true);
    assert_in_range(vpci_product_count(walk.product), 405, 800);
    assert_all_differ(&walk, 0, 100);
    vpci_product_destroy(walk.product);
    vpci_script_destroy(&walk.script);
}

/* ---- explorations ---- */

static void golden_is_exhausted(void **state)
{
    (void)state;
    static const uint64_t items[VPCI_EXPLORE_STAGE_COUNT] = {
        [VPCI_EXPLORE_PRODUCT] = 43200, [VPCI_EXPLORE_PAIRS] = 526, [VPCI_EXPLORE_ORDERS] = 156320
    };
    struct shown shown = { .fails_again = true };
    struct vpci_explore_options options = scope("golden", &shown);
    struct vpci_explore_result result;
    vpci_explore(&options, VPCI_EXPLORE_STATES, &result);
    assert_int_equal(result.end, VPCI_EXPLORE_EXHAUSTED);
    assert_int_equal(result.states, 192); /* as the automaton of tests/e2e/test_explore.py has it */
    assert_int_equal(result.items, 1569);
    assert_int_equal(result.depth, 5);
    assert_int_equal(result.digests, result.states); /* states are held against each other word by word */
    for (int stage = 0; stage < VPCI_EXPLORE_STAGE_COUNT; stage++) {
        if (items[stage] == 0)
            continue;
        vpci_explore(&options, (enum vpci_explore_stage)stage, &result);
        assert_int_equal(result.end, VPCI_EXPLORE_EXHAUSTED);
        assert_int_equal(result.items, items[stage]);
        assert_int_equal(result.undecided, 0);
    }
    assert_int_equal(shown.count, 0);
}

static void a_bound_is_not_exhaustion(void **state)
{
    (void)state;
    struct shown shown = { 0 };
    struct vpci_explore_options options = scope("golden", &shown);
    struct vpci_explore_result result;
    options.depth = 4;
    vpci_explore(&options, VPCI_EXPLORE_STATES, &result);
    assert_int_equal(result.end, VPCI_EXPLORE_BOUND);
    assert_int_equal(result.depth, 4);
    assert_int_equal(result.states, 172); /* of 192: 20 need five steps */
    options.depth = 6;                    /* one more than the depth of all */
    vpci_explore(&options, VPCI_EXPLORE_STATES, &result);
    assert_int_equal(result.end, VPCI_EXPLORE_EXHAUSTED);
    options.depth = 2;
    vpci_explore(&options, VPCI_EXPLORE_SEQUENCES, &result);
    assert_int_equal(result.end, VPCI_EXPLORE_BOUND);
    assert_int_equal(result.depth, 2);
}

/* Started, no request open: 8 transfers, 1 notice, 3 notifications, reset, removal. Behind each, what then
 * makes sense. */
static void sequences_are_all_of_them(void **state)
{
    (void)state;
    struct shown shown = { 0 };
    struct vpci_explore_options options = scope("golden", &shown);
    struct vpci_explore_result result;
    const uint64_t first = 8 + 1 + 3 + 2;
    options.depth = 1;
    vpci_explore(&options, VPCI_EXPLORE_SEQUENCES, &result);
    assert_int_equal(result.items, first);
    options.depth = 2;
    vpci_explore(&options, VPCI_EXPLORE_SEQUENCES, &result);
    const uint64_t after_call = 3 + 2 + 2, after_ioctl = after_call + 1, after_notice = 3 + 2 + 1;
    assert_int_equal(result.items, first + 4 * after_call + 4 * after_ioctl + after_notice +
                                       (3 + 1) * first + /* a notification, a reset */
                                       (8 + 1 + 3));     /* a removal */
}

static void time_ends_it(void **state)
{
    (void)state;
    struct shown shown = { 0 };
    struct vpci_explore_options options = scope("golden", &shown);
    struct vpci_explore_result result;
    options.deadline_ns = vpci_clock_ns();
    for (int stage = 0; stage < VPCI_EXPLORE_STAGE_COUNT; stage++) {
        vpci_explore(&options, (enum vpci_explore_stage)stage, &result);
        assert_int_equal(result.end, VPCI_EXPLORE_TIME);
        assert_in_range(result.items, 0, 64);
    }
}

static void the_first_finding_is_a_shortest_one(void **state)
{
    (void)state;
    struct shown shown = { .fails_again = true };
    struct vpci_explore_options options = scope("liars/a-failed-read-succeeds", &shown);
    struct vpci_explore_result result;
    vpci_explore(&options, VPCI_EXPLORE_STATES, &result);
    assert_int_equal(result.end, VPCI_EXPLORE_FOUND);
    assert_int_equal(shown.count, 1);
    assert_int_equal(shown.steps, 3); /* start, read, the PF refuses */
}

static void what_does_not_fail_again_stops_nothing(void **state)
{
    (void)state;
    struct shown shown = { .fails_again = false };
    struct vpci_explore_options options = scope("liars/a-failed-read-succeeds", &shown);
    struct vpci_explore_result result;
    vpci_explore(&options, VPCI_EXPLORE_STATES, &result);
    assert_int_equal(result.end, VPCI_EXPLORE_EXHAUSTED);
    assert_int_equal(shown.count, 1); /* once for each way to fail */
    assert_true(result.findings > 1);
}

static void a_crash_costs_one_case(void **state)
{
    (void)state;
    struct shown shown = { .fails_again = true };
    struct vpci_explore_options options = scope("liars/crashes-at-a-reset-after-a-full-write", &shown);
    struct vpci_explore_result result;
    options.keep_going = true;
    vpci_explore(&options, VPCI_EXPLORE_PRODUCT, &result);
    assert_int_equal(result.end, VPCI_EXPLORE_EXHAUSTED);
    assert_true(result.findings >= 1);
    assert_int_equal(result.items + result.findings, 43200);
    assert_int_equal(shown.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_are_what_can_be_sent),
        cmocka_unit_test(letters_know_when_they_make_sense),
        cmocka_unit_test(orders_are_whole),
        cmocka_unit_test(the_product_is_whole),
        cmocka_unit_test(golden_is_exhausted),
        cmocka_unit_test(a_bound_is_not_exhaustion),
        cmocka_unit_test(sequences_are_all_of_them),
        cmocka_unit_test(time_ends_it),
        cmocka_unit_test(the_first_finding_is_a_shortest_one),
        cmocka_unit_test(what_does_not_fail_again_stops_nothing),
        cmocka_unit_test(a_crash_costs_one_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
