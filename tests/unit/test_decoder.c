/* SPDX-License-Identifier: MIT */
/* tests/unit/test_decoder.c - bytes to cases and back: every scenario is a seed, every byte string is a case.
 */
#include "fuzzers/decoder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "fuzzers/step_codec.h"
#include "harness/contents.h"

enum { INPUT_BYTES = 1 << 20 };

struct fixture {
    struct vpci_script one, other;
    uint8_t *bytes;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    vpci_script_create(&fixture->one);
    vpci_script_create(&fixture->other);
    fixture->bytes = malloc(INPUT_BYTES);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    vpci_script_destroy(&fixture->one);
    vpci_script_destroy(&fixture->other);
    free(fixture->bytes);
    free(fixture);
    return 0;
}

static void drop_expectations(struct vpci_script *script)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < script->test.step_count; i++) {
        if (script->steps[i].kind == VPCI_STEP_EVENT || script->steps[i].kind == VPCI_STEP_ANSWER)
            script->steps[kept++] = script->steps[i];
    }
    script->test.step_count = kept;
}

static void every_case_of_the_corpus_comes_back(void **state)
{
    struct fixture *fixture = *state;
    char error[VPCI_ERROR_BYTES];
    struct vpci_suite *suite = vpci_suite_load("corpus/scenarios", error);
    assert_non_null(suite);
    struct vpci_case_scratch scratch = { 0 };
    uint32_t differing = 0;
    assert_true(vpci_suite_case_count(suite) > 5000);
    for (uint32_t i = 0; i < vpci_suite_case_count(suite); i++) {
        struct vpci_case test;
        vpci_suite_case(suite, i, &scratch, &test);
        assert_true(vpci_script_copy(&fixture->one, &test));
        drop_expectations(&fixture->one);
        const size_t length = vpci_encode(&test, fixture->bytes, INPUT_BYTES);
        vpci_decode(fixture->bytes, length, &fixture->other);
        if (length == 0 || !vpci_case_equal(&fixture->one.test, &fixture->other.test)) {
            differing++;
            print_error("%s\n", test.name);
        }
    }
    assert_int_equal(differing, 0);
    vpci_case_scratch_free(&scratch);
    vpci_suite_free(suite);
}

static void any_bytes_are_a_case_that_comes_back(void **state)
{
    struct fixture *fixture = *state;
    uint64_t random = 7;
    uint32_t steps = 0;
    for (int i = 0; i < 3000; i++) {
        uint8_t input[400];
        const size_t length = vpci_random_next(&random) % sizeof input;
        for (size_t k = 0; k < length; k++) {
            const uint64_t chance = vpci_random_next(&random);
            input[k] =
                (uint8_t)(k % VPCI_RECORD_BYTES == 0 && chance % 4 != 0 ? chance >> 8 & 15u : chance >> 16);
        }
        vpci_decode(input, length, &fixture->one);
        steps += fixture->one.test.step_count;
        const size_t encoded = vpci_encode(&fixture->one.test, fixture->bytes, INPUT_BYTES);
        assert_true(encoded != 0);
        vpci_decode(fixture->bytes, encoded, &fixture->other);
        assert_true(vpci_case_equal(&fixture->one.test, &fixture->other.test));
    }
    assert_true(steps > 50000);
}

static void no_bytes_and_zeros_are_simple(void **state)
{
    struct fixture *fixture = *state;
    static const uint8_t zeros[3 * VPCI_RECORD_BYTES];
    vpci_decode(zeros, 0, &fixture->one);
    assert_int_equal(fixture->one.test.step_count, 0);
    assert_int_equal(fixture->one.test.vf_count, 1);
    vpci_decode(zeros, sizeof zeros, &fixture->one);
    assert_int_equal(fixture->one.test.step_count, 2);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(fixture->one.steps[i].event.kind, VPCI_EVENT_READ);
        assert_int_equal(fixture->one.steps[i].event.block, 0);
        assert_int_equal(fixture->one.steps[i].event.length, 8);
        assert_int_equal(fixture->one.steps[i].event.request, i);
        assert_true(fixture->one.steps[i].settle);
    }
}

static void the_latest_vf_and_block_stick(void **state)
{
    struct fixture *fixture = *state;
    static const uint8_t bytes[] = { 1, 0, 0, 0, 0, 0, 0, 0, RECORD_READ, 2, 10, 0, 0, 0, 0, 0, RECORD_WRITE,
                                     0, 0, 5, 0, 0, 0, 0 };
    vpci_decode(bytes, sizeof bytes, &fixture->one);
    assert_int_equal(fixture->one.steps[1].event.vf, 1);
    assert_int_equal(fixture->one.steps[1].event.block, 9);
    assert_int_equal(fixture->one.steps[1].event.data_length, 5);
}

static void settings_and_given_bytes_stay_on_the_device(void **state)
{
    struct fixture *fixture = *state;
    static const uint8_t bytes[] = { 0,
                                     0,
                                     0,
                                     0,
                                     0,
                                     0,
                                     0,
                                     0,
                                     RECORD_SET,
                                     VPCI_FIELD_VF,
                                     0,
                                     8,
                                     0,
                                     0,
                                     0,
                                     0,
                                     RECORD_SET,
                                     VPCI_FIELD_REQUEST,
                                     0,
                                     8,
                                     0,
                                     0,
                                     0,
                                     0,
                                     RECORD_BYTES,
                                     1,
                                     0,
                                     0,
                                     0,
                                     0,
                                     0,
                                     0,
                                     RECORD_IOCTL_WRITE,
                                     0,
                                     0,
                                     0,
                                     0,
                                     0,
                                     0,
                                     0 };
    vpci_decode(bytes, sizeof bytes, &fixture->one);
    assert_int_equal(fixture->one.test.step_count, 1);
    assert_true(fixture->one.steps[0].event.vf < fixture->one.test.vf_count);
    assert_true(fixture->one.steps[0].event.request < VPCI_REQUESTS_MAX);
}

static void a_repeat_is_bounded(void **state)
{
    struct fixture *fixture = *state;
    uint8_t bytes[64 * VPCI_RECORD_BYTES] = { 0 };
    for (size_t i = 2; i < 64; i++) {
        bytes[i * VPCI_RECORD_BYTES + RECORD_WHAT] = RECORD_REPEAT;
        bytes[i * VPCI_RECORD_BYTES + RECORD_BLOCK] = 7;
        bytes[i * VPCI_RECORD_BYTES + RECORD_LENGTH] = 255;
    }
    vpci_decode(bytes, sizeof bytes, &fixture->one);
    assert_int_equal(fixture->one.test.step_count, VPCI_REPEATED_STEPS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_case_of_the_corpus_comes_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(any_bytes_are_a_case_that_comes_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_bytes_and_zeros_are_simple, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_latest_vf_and_block_stick, set_up, tear_down),
        cmocka_unit_test_setup_teardown(settings_and_given_bytes_stay_on_the_device, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_repeat_is_bounded, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
