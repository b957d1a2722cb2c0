/* SPDX-License-Identifier: MIT */
/* tests/unit/test_shrink.c - how small shrinking gets, and at what price: faults planted in an implementation
 * on paper, found with long random cases, against the smallest case that there is, which trying all of them
 * finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/contents.h"
#include "harness/shrink_internal.h"
#include "tests/unit/planted.h"
#include "tests/unit/random_case.h"

/* ---- faults ---- */

static bool ends(const struct paper *paper, enum paper_kind kind)
{
    return paper->moment == PAPER_ENDS && paper->request->kind == kind;
}

static bool any_write(const struct paper *paper)
{
    return ends(paper, PAPER_WRITE);
}

static bool one_length(const struct paper *paper)
{
    return ends(paper, PAPER_READ) && paper->request->length == 77;
}

static bool long_transfers(const struct paper *paper)
{
    return paper->moment == PAPER_ENDS && paper->request->length > 100;
}

static bool high_blocks(const struct paper *paper)
{
    return ends(paper, PAPER_READ) && paper->request->block > 65535;
}

static bool cancels(const struct paper *paper)
{
    return paper->moment == PAPER_CANCELS;
}

static bool notifies(const struct paper *paper)
{
    return paper->moment == PAPER_NOTIFIES && paper->request != NULL;
}

static bool high_bits(const struct paper *paper)
{
    return notifies(paper) && paper->mask >> 32 != 0;
}

static bool two_bits(const struct paper *paper)
{
    return notifies(paper) && __builtin_popcountll(paper->mask) >= 2;
}

static bool fourth_write(const struct paper *paper)
{
    return ends(paper, PAPER_WRITE) && paper->writes == 4;
}

static bool fifth_on_one_vf(const struct paper *paper)
{
    return paper->moment == PAPER_ENDS && paper->transfers[paper->request->vf] == 5;
}

/* Another open transfer of this block. */
static bool shares_block(const struct paper *paper, bool with_another_vf)
{
    if (paper->moment != PAPER_BEGINS || paper->request->kind == PAPER_INVALIDATE)
        return false;
    for (uint32_t i = 0; i < VPCI_REQUESTS_MAX; i++) {
        const struct paper_request *other = &paper->requests[i];
        if ((paper->open >> i & 1u) != 0 && other->kind != PAPER_INVALIDATE &&
            other->block == paper->request->block && (other->vf != paper->request->vf) == with_another_vf)
            return true;
    }
    return false;
}

static bool two_vfs_on_one_block(const struct paper *paper)
{
    return shares_block(paper, true);
}

static bool two_on_one_block(const struct paper *paper)
{
    return shares_block(paper, false);
}

static bool cancel_races_notification(const struct paper *paper)
{
    return paper->moment == PAPER_CANCELS && paper->notified_before && paper->last_vf_notified == paper->vf;
}

static bool reset_forgets_news(const struct paper *paper)
{
    return paper->moment == PAPER_BEGINS && paper->request->kind == PAPER_INVALIDATE &&
           paper->news_then_reset[paper->vf];
}

static bool reset_under_way(const struct paper *paper)
{
    for (uint32_t i = 0; i < VPCI_REQUESTS_MAX && paper->moment == PAPER_RESETS; i++) {
        if ((paper->open >> i & 1u) != 0 && paper->requests[i].vf == paper->vf &&
            paper->requests[i].kind == PAPER_READ)
            return true;
    }
    return false;
}

/* A case with twice as many cannot be left with one request less. */
static bool reset_of_an_even_number(const struct paper *paper)
{
    uint32_t held = 0;
    for (uint32_t i = 0; i < VPCI_REQUESTS_MAX && paper->moment == PAPER_RESETS; i++)
        held += (paper->open >> i & 1u) != 0 && paper->requests[i].vf == paper->vf &&
                paper->requests[i].kind == PAPER_INVALIDATE;
    return held != 0 && held % 2 == 0;
}

static bool reset_of_as_many_reads_as_writes(const struct paper *paper)
{
    int32_t reads = 0, writes = 0;
    for (uint32_t i = 0; i < VPCI_REQUESTS_MAX && paper->moment == PAPER_RESETS; i++) {
        const bool waits = (paper->open >> i & 1u) != 0 && paper->requests[i].vf == paper->vf;
        reads += waits && paper->requests[i].kind == PAPER_READ;
        writes += waits && paper->requests[i].kind == PAPER_WRITE;
    }
    return reads != 0 && reads == writes;
}

static bool out_of_order(const struct paper *paper)
{
    return paper->moment == PAPER_ENDS && paper->passed_over != 0;
}

static bool short_read(const struct paper *paper)
{
    return ends(paper, PAPER_READ) && paper->count < paper->request->length;
}

static bool second_cancel_then_write(const struct paper *paper)
{
    return ends(paper, PAPER_WRITE) && paper->cancels >= 2;
}

static struct vpci_script script;

/* ---- the smallest case ---- */

enum { LETTERS = 28, MINIMUM_MAX = 5 };

static void make_letter(uint32_t letter, struct vpci_step *step)
{
    step->settle = letter % 2 == 0;
    switch (letter / 2) {
    case 0:
        random_transfer(&script, step, false, false, 0, 8);
        break;
    case 1:
        random_transfer(&script, step, true, false, 0, 8);
        break;
    case 2:
        random_transfer(&script, step, false, false, 0, 77);
        break;
    case 3:
        random_transfer(&script, step, false, false, 65536, 128);
        break;
    case 4:
        random_invalidate(step);
        break;
    case 5:
    case 6:
    case 7:
        step->event.kind = VPCI_EVENT_PF_INVALIDATE;
        step->event.fields = VPCI_F(VF) | VPCI_F(MASK);
        step->event.mask = letter / 2 == 5 ? 1 : letter / 2 == 6 ? 3 : (uint64_t)1 << 63;
        break;
    case 8:
    case 13:
        step->event.kind = VPCI_EVENT_CANCEL;
        step->event.fields = VPCI_F(REQUEST);
        step->event.request = letter / 2 == 13;
        break;
    case 9:
        step->event.kind = VPCI_EVENT_RESET;
        step->event.fields = VPCI_F(VF);
        break;
    case 10:
        random_transfer(&script, step, false, false, 0, 8);
        step->event.vf = 1;
        break;
    case 11:
        step->kind = VPCI_STEP_ANSWER;
        step->which = VPCI_ANSWER_NEWEST;
        break;
    default:
        step->kind = VPCI_STEP_ANSWER;
        step->answer.count = 3;
        break;
    }
}

static bool some_case_fails(paper_fault *fault, uint32_t length, bool holds)
{
    struct planted planted = { .fault = fault };
    struct vpci_outcome outcome;
    uint32_t letters[MINIMUM_MAX] = { 0 };
    for (;;) {
        vpci_script_clear(&script);
        script.test.vf_count = 2;
        script.test.pf_holds = holds;
        for (uint32_t i = 0; i < length; i++)
            make_letter(letters[i], vpci_script_add(&script));
        paper_play(&planted, &script.test, &outcome);
        if (outcome.verdict == VPCI_CASE_FAIL)
            return true;
        uint32_t at = 0;
        while (at < length && ++letters[at] == LETTERS)
            letters[at++] = 0;
        if (at == length)
            return false;
    }
}

static uint32_t find_minimum(paper_fault *fault)
{
    for (uint32_t length = 1; length <= MINIMUM_MAX; length++) {
        if (some_case_fails(fault, length, false) || some_case_fails(fault, length, true))
            return length;
    }
    fail_msg("the alphabet has no case that shows it");
    return 0;
}

/* ---- measuring ---- */

static const struct {
    const char *name;
    paper_fault *fault;
} faults[] = {
    { "any write", any_write },
    { "one length", one_length },
    { "lengths above 100", long_transfers },
    { "blocks above 65535", high_blocks },
    { "a cancel that hits", cancels },
    { "a notification that is told", notifies },
    { "mask bits above 31", high_bits },
    { "two bits in a mask", two_bits },
    { "the fourth write", fourth_write },
    { "the fifth transfer of a VF", fifth_on_one_vf },
    { "two VFs on one block", two_vfs_on_one_block },
    { "one VF twice on one block", two_on_one_block },
    { "a cancel races a notification", cancel_races_notification },
    { "a reset forgets news", reset_forgets_news },
    { "a reset while a read waits", reset_under_way },
    { "a reset of an even number", reset_of_an_even_number },
    { "as many reads as writes reset", reset_of_as_many_reads_as_writes },
    { "answers out of order", out_of_order },
    { "a short read", short_read },
    { "a write after two cancels", second_cancel_then_write },
};
enum { FAULTS = sizeof faults / sizeof faults[0], CASES_OF_A_FAULT = 25, SHORT_STEPS = 32 };

struct measured {
    uint32_t minimum, plays_max, short_plays_max;
    double ratio_sum, ratio_max, plays_sum;
};

static void make_failing_case(uint64_t *random, struct planted *planted, uint32_t steps,
                              struct vpci_outcome *outcome)
{
    for (int tries = 0; tries < 100000; tries++) {
        random_case(&script, random, steps);
        paper_play(planted, &script.test, outcome);
        if (outcome->verdict == VPCI_CASE_FAIL)
            return;
    }
    fail_msg("no random case shows it");
}

static void measure_one(struct measured *measured, paper_fault *fault, uint64_t *random, uint32_t steps)
{
    struct planted planted = { .fault = fault };
    struct vpci_outcome target, outcome;
    struct vpci_shrink_report report;
    make_failing_case(random, &planted, steps, &target);
    const struct vpci_shrink_options options = {
        .play = paper_play, .context = &planted, .role = VPCI_ROLE_BUS, .capabilities = ~0u
    };
    planted.plays = 0;
    assert_true(vpci_shrink(&script, &target, &options, &report));
    assert_true(report.at_fixpoint);
    assert_int_equal(report.runs, planted.plays);
    assert_int_equal(report.steps_before, steps);
    assert_int_equal(report.steps_after, script.test.step_count);
    paper_play(&planted, &script.test, &outcome);
    assert_true(vpci_outcome_same(&target, &outcome));
    const double ratio = (double)report.steps_after / measured->minimum;
    measured->ratio_sum += ratio;
    measured->plays_sum += report.runs;
    if (ratio > measured->ratio_max)
        measured->ratio_max = ratio;
    if (report.runs > measured->plays_max)
        measured->plays_max = report.runs;
    if (steps == SHORT_STEPS && report.runs > measured->short_plays_max)
        measured->short_plays_max = report.runs;
}

static void small_faults_give_small_cases(void **state)
{
    (void)state;
    uint64_t random = 7;
    double ratio_sum = 0, ratio_max = 0;
    uint32_t short_plays_max = 0;
    printf("%-30s minimum  size/minimum mean, worst  plays mean, max, max of %d steps\n", "fault",
           SHORT_STEPS);
    for (size_t i = 0; i < FAULTS; i++) {
        struct measured measured = { .minimum = find_minimum(faults[i].fault) };
        for (uint32_t k = 0; k < CASES_OF_A_FAULT; k++)
            measure_one(&measured, faults[i].fault, &random, k % 2 == 0 ? SHORT_STEPS : SHORT_STEPS + 7 * k);
        printf("%-30s %7u  %17.3f, %5.2f  %10.1f, %3u, %3u\n", faults[i].name, measured.minimum,
               measured.ratio_sum / CASES_OF_A_FAULT, measured.ratio_max,
               measured.plays_sum / CASES_OF_A_FAULT, measured.plays_max, measured.short_plays_max);
        ratio_sum += measured.ratio_sum / CASES_OF_A_FAULT;
        ratio_max = measured.ratio_max > ratio_max ? measured.ratio_max : ratio_max;
        short_plays_max =
            measured.short_plays_max > short_plays_max ? measured.short_plays_max : short_plays_max;
    }
    printf("all: mean %.3f, worst %.2f, at most %u plays for %d steps\n", ratio_sum / FAULTS, ratio_max,
           short_plays_max, SHORT_STEPS);
    assert_true(ratio_sum / FAULTS <= 1.02);
    assert_true(ratio_max <= 1.5);
    assert_true(short_plays_max <= 200);
}

/* ---- how it goes about it ---- */

static const struct vpci_shrink_options plain = { .play = paper_play,
                                                  .role = VPCI_ROLE_BUS,
                                                  .capabilities = ~0u };

static void shrink_random(struct planted *planted, const struct vpci_shrink_options *options,
                          struct vpci_shrink_report *report)
{
    struct vpci_shrink_options own = *options;
    struct vpci_outcome target;
    uint64_t random = 3;
    make_failing_case(&random, planted, SHORT_STEPS, &target);
    planted->plays = 0;
    own.context = planted;
    assert_true(vpci_shrink(&script, &target, &own, report));
}

static void same_case_same_result(void **state)
{
    (void)state;
    struct planted planted = { .fault = reset_forgets_news };
    struct vpci_shrink_report first, second;
    struct vpci_text shapes[2] = { { 0 }, { 0 } };
    shrink_random(&planted, &plain, &first);
    vpci_shape_print(&shapes[0], &script.test);
    shrink_random(&planted, &plain, &second);
    vpci_shape_print(&shapes[1], &script.test);
    assert_string_equal(shapes[0].bytes, shapes[1].bytes);
    assert_int_equal(first.runs, second.runs);
    vpci_text_free(&shapes[0]);
    vpci_text_free(&shapes[1]);
}

enum { SEEN_MAX = 1000 };
struct remembering {
    struct planted planted;
    uint64_t seen[SEEN_MAX];
    uint32_t count, twice;
};

static void play_and_remember(void *context, const struct vpci_case *test, struct vpci_outcome *outcome)
{
    struct remembering *remembering = context;
    const uint64_t hash = shrink_hash(test);
    for (uint32_t i = 0; i < remembering->count; i++)
        remembering->twice += remembering->seen[i] == hash;
    assert_true(remembering->count < SEEN_MAX);
    remembering->seen[remembering->count++] = hash;
    paper_play(&remembering->planted, test, outcome);
}

static void no_candidate_is_played_twice(void **state)
{
    (void)state;
    static struct remembering remembering = { .planted = { .fault = reset_of_an_even_number } };
    struct vpci_shrink_options options = plain;
    struct vpci_shrink_report report;
    struct vpci_outcome target;
    uint64_t random = 3;
    make_failing_case(&random, &remembering.planted, SHORT_STEPS, &target);
    options.play = play_and_remember;
    options.context = &remembering;
    assert_true(vpci_shrink(&script, &target, &options, &report));
    assert_int_equal(remembering.count, report.runs);
    assert_int_equal(remembering.twice, 0);
}

static void plays_are_bounded(void **state)
{
    (void)state;
    struct planted planted = { .fault = second_cancel_then_write };
    struct vpci_shrink_report report;
    struct vpci_shrink_options options = plain;
    options.runs_max = 10;
    shrink_random(&planted, &options, &report);
    assert_int_equal(planted.plays, 10);
    assert_int_equal(report.runs, 10);
    assert_false(report.at_fixpoint);
    assert_true(report.steps_after < report.steps_before);
}

static void what_does_not_fail_stays_as_it_is(void **state)
{
    (void)state;
    struct planted planted = { .fault = any_write };
    struct vpci_outcome target = { .verdict = VPCI_CASE_FAIL,
                                   .requirement = VPCI_RD_02,
                                   .reason = "another" };
    struct vpci_shrink_options options = plain;
    struct vpci_shrink_report report;
    struct vpci_script before;
    uint64_t random = 5;
    options.context = &planted;
    random_case(&script, &random, SHORT_STEPS);
    vpci_script_create(&before);
    assert_true(vpci_script_copy(&before, &script.test));
    assert_false(vpci_shrink(&script, &target, &options, &report));
    assert_int_equal(planted.plays, 1);
    assert_true(vpci_case_equal(&before.test, &script.test));
    vpci_script_destroy(&before);
}

/* A fault that shows in every third play only: two of six are asked for, and no more plays than that needs.
 */
static void a_flickering_fault_is_shrunk_by_counting(void **state)
{
    (void)state;
    struct planted planted = { .fault = notifies, .flicker = 3 };
    struct vpci_shrink_options options = plain;
    struct vpci_shrink_report report;
    options.need = 2;
    options.attempts = 6;
    shrink_random(&planted, &options, &report);
    assert_int_equal(report.steps_after, 2);
    struct planted never = { .fault = any_write };
    struct vpci_outcome target = { .verdict = VPCI_CASE_FAIL, .reason = "another" };
    options.context = &never;
    options.need = 5;
    assert_false(vpci_shrink(&script, &target, &options, &report));
    assert_int_equal(never.plays, 2); /* after two that passed, five of six cannot be reached */
    options.need = 1;
    never.plays = 0;
    assert_false(vpci_shrink(&script, &target, &options, &report));
    assert_int_equal(never.plays, 6);
}

/* An implementation without direct calls is never sent one. */
static void steps_stay_within_the_claims(void **state)
{
    (void)state;
    struct planted planted = { .fault = any_write };
    struct vpci_shrink_options options = plain;
    struct vpci_shrink_report report;
    struct vpci_outcome target;
    uint64_t random = 3;
    options.context = &planted;
    options.capabilities = VPCI_CAPABILITY_BIT(IOCTL) | VPCI_CAPABILITY_BIT(INVALIDATE);
    do {
        random_case(&script, &random, SHORT_STEPS);
        vpci_script_fit(&script, VPCI_ROLE_BUS, options.capabilities);
        paper_play(&planted, &script.test, &target);
    } while (target.verdict != VPCI_CASE_FAIL);
    assert_true(vpci_shrink(&script, &target, &options, &report));
    assert_int_equal(script.test.step_count, 1);
    assert_int_equal(script.steps[0].event.kind, VPCI_EVENT_IOCTL);
    assert_int_equal(script.steps[0].event.code, VPCI_IOCTL_WRITE_BLOCK);
}

static int create(void **state)
{
    (void)state;
    vpci_script_create(&script);
    return 0;
}

static int destroy(void **state)
{
    (void)state;
    vpci_script_destroy(&script);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_faults_give_small_cases),
        cmocka_unit_test(same_case_same_result),
        cmocka_unit_test(no_candidate_is_played_twice),
        cmocka_unit_test(plays_are_bounded),
        cmocka_unit_test(what_does_not_fail_stays_as_it_is),
        cmocka_unit_test(a_flickering_fault_is_shrunk_by_counting),
        cmocka_unit_test(steps_stay_within_the_claims),
    };
    return cmocka_run_group_tests(tests, create, destroy);
}
