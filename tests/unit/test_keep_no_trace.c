/* SPDX-License-Identifier: MIT */
/* tests/unit/test_keep_no_trace.c - a conductor that keeps no trace comes to the same verdicts, and an expect
 * still finds the events it asks for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/adapters/golden/golden.h"
#include "harness/conductor.h"
#include "harness/inprocess.h"
#include "harness/script.h"

static uint64_t one_too_many(const struct golden *golden, const struct golden_request *request,
                             uint32_t count)
{
    (void)golden;
    (void)request;
    return count + 1u;
}
static const struct golden_hooks faulty = { .information = one_too_many };

static void add_read(struct vpci_script *script)
{
    static const uint8_t input[8] = { 3, 0, 0, 0, 16, 0, 0, 0 };
    vpci_script_add(script)->event =
        (struct vpci_event){ .kind = VPCI_EVENT_IOCTL,
                             .fields = VPCI_F(VF) | VPCI_F(CODE) | VPCI_F(INPUT_LENGTH) |
                                       VPCI_F(OUTPUT_LENGTH) | VPCI_F(DATA),
                             .code = VPCI_IOCTL_READ_BLOCK,
                             .input_length = sizeof input,
                             .output_length = 16,
                             .data = input,
                             .data_length = sizeof input };
}

static void add_expect(struct vpci_script *script, enum vpci_event_kind kind)
{
    struct vpci_step *step = vpci_script_add(script);
    step->kind = VPCI_STEP_EXPECT;
    step->event.kind = kind;
    step->requirement = VPCI_IR_08;
}

static void play(const struct golden_hooks *hooks, bool keep_no_trace, const struct vpci_case *test,
                 struct vpci_case_result *result)
{
    struct vpci_seam *seam =
        vpci_inprocess_create_linked(golden_entry("golden", NULL, hooks), &(struct vpci_limits){ 0 });
    const struct vpci_conductor_options options = { .role = VPCI_ROLE_BUS,
                                                    .seed = 1,
                                                    .keep_no_trace = keep_no_trace };
    struct vpci_conductor *conductor = vpci_conductor_create(&options);
    memset(result, 0xA5, sizeof *result); /* whatever is left of a case before */
    assert_true(seam->ops->connect(seam));
    vpci_conductor_play(conductor, seam, test, result);
    assert_int_equal(result->trace != NULL, result->trace_count != 0);
    seam->ops->destroy(seam, NULL);
    vpci_conductor_destroy(conductor);
}

static void a_failure_is_the_same_without_its_trace(void **state)
{
    (void)state;
    struct vpci_script script;
    struct vpci_case_result with, without;
    vpci_script_create(&script);
    add_read(&script);
    play(&faulty, false, &script.test, &with);
    play(&faulty, true, &script.test, &without);
    assert_int_equal(with.verdict, VPCI_CASE_FAIL);
    assert_int_equal(without.verdict, VPCI_CASE_FAIL);
    assert_int_equal(with.requirement, VPCI_IR_05);
    assert_int_equal(without.requirement, VPCI_IR_05);
    assert_ptr_equal(with.finding.reason, without.finding.reason);
    assert_memory_equal(&with.exercised, &without.exercised, sizeof with.exercised);
    assert_int_not_equal(with.trace_count, 0);
    assert_int_equal(without.trace_count, 0);
    vpci_script_destroy(&script);
}

static void a_pass_is_clean_whatever_was_before(void **state)
{
    (void)state;
    struct vpci_script script;
    struct vpci_case_result result;
    vpci_script_create(&script);
    add_read(&script);
    play(NULL, true, &script.test, &result);
    assert_int_equal(result.verdict, VPCI_CASE_PASS);
    assert_int_equal(result.warning_count, 0);
    assert_int_equal(result.index, 0);
    assert_int_equal(result.trace_count, 0);
    assert_int_equal(result.requirement, VPCI_REQUIREMENT_NONE);
    assert_false(result.has_finding);
    assert_null(result.cause);
    assert_null(result.detail);
    vpci_script_destroy(&script);
}

static void an_expect_finds_its_events(void **state)
{
    (void)state;
    struct vpci_script script;
    struct vpci_case_result result;
    vpci_script_create(&script);
    add_read(&script);
    add_expect(&script, VPCI_EVENT_IOCTL_COMPLETE);
    play(NULL, true, &script.test, &result);
    assert_int_equal(result.verdict, VPCI_CASE_PASS);
    add_expect(&script, VPCI_EVENT_PF_WRITE);
    play(NULL, true, &script.test, &result);
    assert_int_equal(result.verdict, VPCI_CASE_FAIL);
    assert_int_equal(result.requirement, VPCI_IR_08);
    vpci_script_destroy(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_is_the_same_without_its_trace),
        cmocka_unit_test(a_pass_is_clean_whatever_was_before),
        cmocka_unit_test(an_expect_finds_its_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
