/* SPDX-License-Identifier: MIT */
/* fuzzers/targets/parse_scenario.c - any bytes as a scenario. Every case of what is taken can be made, has a
 * name of its own, and has steps that can be sent. */
#include "fuzzers/targets/property.h"
#include "harness/script.h"

enum { CASES_TRIED_MAX = 64 }; /* a scenario may have 100000 */

VPCI_PROPERTY(case_is_fit, "a case has a name, steps, and VFs in their range")
VPCI_PROPERTY(step_is_fit, "a step has the fields of its event, and data of their length")
VPCI_PROPERTY(print_is_loaded, "a printed case is loaded again, as one case")
VPCI_PROPERTY(print_is_equal, "a case that was printed and loaded is the same case")
VPCI_PROPERTY(case_is_repeatable, "a case made twice is the same case")

static bool is_fit_event(const struct vpci_step *step)
{
    const struct vpci_event_info *info = &vpci_event_info[step->event.kind];
    const uint32_t by_conductor = VPCI_F(REQUEST) | VPCI_F(CALL);
    return (step->event.fields & ~(info->required | info->optional)) == 0 &&
           (info->required & ~step->event.fields & ~by_conductor) == 0 &&
           step->event.data_length <= VPCI_EVENT_DATA_BYTES_MAX &&
           (step->event.data_length == 0 || step->event.data != NULL) &&
           step->data_from <= step->event.data_length;
}

static void hold_case(const struct vpci_case *test)
{
    VPCI_HOLD(case_is_fit,
              test->name != NULL && test->step_count > 0 && test->step_count <= VPCI_CASE_STEPS_MAX, "");
    VPCI_HOLD(case_is_fit, test->vf_count >= 1 && test->vf_count <= VPCI_VFS_MAX, test->name);
    VPCI_HOLD(case_is_fit, vpci_is_printable_line(test->name, strlen(test->name)), test->name);
    for (uint32_t i = 0; i < test->step_count; i++) {
        const struct vpci_step *step = &test->steps[i];
        VPCI_HOLD(step_is_fit, step->value_count <= VPCI_EXPECT_VALUES_MAX, test->name);
        VPCI_HOLD(step_is_fit, step->kind != VPCI_STEP_EVENT || is_fit_event(step), test->name);
    }
}

static void hold_print(const struct vpci_case *test)
{
    char error[VPCI_ERROR_BYTES] = "";
    struct vpci_case_scratch scratch = { 0 };
    struct vpci_case again;
    struct vpci_text text = { 0 };
    const struct vpci_script_head head = {
        .purpose = vpci_scenario_purpose(test->scenario),
        .requirements = vpci_scenario_requirements(test->scenario),
        .refuses = vpci_scenario_refuses(test->scenario),
        .role = (enum vpci_role)__builtin_ctz(vpci_scenario_roles(test->scenario)),
        .finding = vpci_scenario_finding(test->scenario),
    };
    vpci_script_print(&text, test, &head);
    struct vpci_suite *suite = vpci_suite_load_bytes("printed", text.bytes, text.length, error);
    VPCI_HOLD(print_is_loaded, suite != NULL && vpci_suite_case_count(suite) == 1, error);
    vpci_suite_case(suite, 0, &scratch, &again);
    VPCI_HOLD(print_is_equal, vpci_case_equal(test, &again), text.bytes);
    vpci_case_scratch_free(&scratch);
    vpci_suite_free(suite);
    vpci_text_free(&text);
}

static void hold_suite(const struct vpci_suite *suite)
{
    struct vpci_case_scratch one = { 0 }, other = { 0 };
    const uint32_t count = vpci_suite_case_count(suite);
    const uint32_t stride = count / CASES_TRIED_MAX + 1;
    for (uint32_t i = 0; i < count; i += stride) {
        struct vpci_case first, second;
        vpci_suite_case(suite, i, &one, &first);
        vpci_suite_case(suite, i, &other, &second);
        hold_case(&first);
        hold_print(&first);
        VPCI_HOLD(case_is_repeatable, vpci_case_equal(&first, &second), first.name);
    }
    vpci_case_scratch_free(&one);
    vpci_case_scratch_free(&other);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char name[] = "input";
    char error[VPCI_ERROR_BYTES] = "";
    struct vpci_suite *suite = vpci_suite_load_bytes(name, (const char *)bytes, length, error);
    if (suite != NULL)
        hold_suite(suite);
    else
        vpci_hold_error_of(name, error, sizeof error);
    vpci_suite_free(suite);
    return 0;
}
