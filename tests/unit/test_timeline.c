/* SPDX-License-Identifier: MIT */
/* tests/unit/test_timeline.c - the course of cases and requirements through a history of runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compare_bench.h"

/* Method: one case through runs whose adapter has the digest that a letter names. */
static void a_history_tells_when_things_broke(void **state)
{
    (void)state;
    static const struct {
        const char *verdicts, *adapters;
        uint32_t before, after; /* last good and first bad, or last bad and first good */
        bool told, fails;
        uint32_t flickers;
    } rows[] = {
        { "PPFF", "aabb", 1, 2, true, true, 0 },   { "FFPP", "aabb", 1, 2, true, false, 0 },
        { "PPPP", "abcd", 0, 0, false, false, 0 }, { "FFFF", "aabb", VPCI_NO_RUN, 0, true, true, 0 },
        { "P-FF", "aabb", 0, 2, true, true, 0 }, /* a run without a verdict in between */
        { "PFPF", "aaaa", 2, 3, true, true, 3 }, /* nothing explains it */
        { "PFPF", "abab", 2, 3, true, true, 0 },   { "PFF-", "abbb", 0, 1, true, true, 0 },
        { "PFPP", "aabb", 1, 2, true, false, 1 },  { "F", "a", VPCI_NO_RUN, 0, true, true, 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        start_again();
        for (const char *at = rows[i].verdicts; *at != '\0'; at++) {
            struct vpci_kept_run *run = plant_run(VPCI_BASE);
            memset(run->header.adapter_digest, rows[i].adapters[at - rows[i].verdicts], 64);
            run->footer.requirements[VPCI_RD_01].verdict = *at == 'F' ? VPCI_REQUIREMENT_FAIL_VERDICT
                                                           : *at == 'P'
                                                               ? VPCI_REQUIREMENT_PASS_VERDICT
                                                               : VPCI_REQUIREMENT_NOT_EXERCISED_VERDICT;
            plant(run, (struct planted){ .name = "a", .verdict = *at == 'F' ? F : *at == 'P' ? P : I });
        }
        const struct vpci_runs runs = { .runs = bench->runs[VPCI_BASE], .count = bench->counts[VPCI_BASE] };
        struct vpci_timeline timeline;
        vpci_timeline_make(&timeline, &runs, &bench->names);
        if (timeline.cases.count != rows[i].told)
            fail_msg("%s: %u courses", rows[i].verdicts, timeline.cases.count);
        for (uint32_t k = 0; k < timeline.cases.count; k++) {
            const struct vpci_course *course = &timeline.cases.courses[k];
            const struct vpci_course *twin = &timeline.requirements.courses[k];
            assert_string_equal(twin->name, "RD-01");
            assert_int_equal(twin->first_bad, course->first_bad);
            assert_int_equal(course->fails, rows[i].fails);
            assert_int_equal(course->fails ? course->last_good : course->last_bad, rows[i].before);
            assert_int_equal(course->fails ? course->first_bad : course->first_good, rows[i].after);
            if (course->flickers != rows[i].flickers)
                fail_msg("%s: %u flickers", rows[i].verdicts, course->flickers);
        }
        assert_int_equal(timeline.exit, timeline.count < 2 ? VPCI_EXIT_INCONCLUSIVE : timeline.latest.exit);
        vpci_timeline_free(&timeline);
    }
}

/* Method: the newest run is of another role than one before it. */
static void runs_of_another_question_are_left_out(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct vpci_kept_run *run = plant_run(VPCI_BASE);
        run->header.role = i == 1 ? VPCI_ROLE_STACK : VPCI_ROLE_BUS;
        plant(run, (struct planted){ .name = "a", .verdict = i == 1 ? F : P });
    }
    const struct vpci_runs runs = { .runs = bench->runs[VPCI_BASE], .count = bench->counts[VPCI_BASE] };
    struct vpci_timeline timeline;
    vpci_timeline_make(&timeline, &runs, &bench->names);
    assert_int_equal(timeline.count, 2);
    assert_int_equal(timeline.left_out, 1);
    assert_int_equal(timeline.cases.count, 0);
    assert_int_equal(timeline.exit, VPCI_EXIT_CONFORMS);
    vpci_timeline_free(&timeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_history_tells_when_things_broke, set_up, tear_down),
        cmocka_unit_test_setup_teardown(runs_of_another_question_are_left_out, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
