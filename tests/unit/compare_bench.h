/* SPDX-License-Identifier: MIT */
/* tests/unit/compare_bench.h - runs planted by hand, to be compared or followed. */
#ifndef VPCI_COMPARE_BENCH_H
#define VPCI_COMPARE_BENCH_H

#include "harness/allocate.h"
#include "harness/options.h"
#include "reports/sheet.h"
#include "sample_results.h"

enum { CASES_MAX = 64, RUNS_MAX = 32 };

/* A case of a planted run. */
struct planted {
    const char *name;
    const char *digest;
    enum vpci_case_verdict verdict;
    enum vpci_requirement requirement;
    enum vpci_expected expected;
    enum vpci_dispute dispute;
    uint64_t elapsed_us;
    const char *cause; /* NULL: "violation" */
    bool probe;
};

/* Runs on two sides with their names. */
struct bench {
    struct vpci_names names;
    struct vpci_kept_run runs[VPCI_SIDES][RUNS_MAX];
    struct vpci_kept_case cases[VPCI_SIDES][RUNS_MAX][CASES_MAX];
    uint32_t counts[VPCI_SIDES];
    struct vpci_comparison comparison;
};

static struct bench *bench;

static inline int set_up(void **state)
{
    (void)state;
    bench = vpci_need_memory(calloc(1, sizeof *bench));
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    vpci_comparison_free(&bench->comparison);
    vpci_names_free(&bench->names);
    free(bench);
    return 0;
}

static inline struct vpci_kept_run *plant_run(int side)
{
    struct vpci_kept_run *run = &bench->runs[side][bench->counts[side]];
    run->cases = bench->cases[side][bench->counts[side]++];
    run->label = "planted";
    run->header = sample_header();
    run->sealed = true;
    return run;
}

static inline void plant(struct vpci_kept_run *run, struct planted planted)
{
    struct vpci_kept_case *kept = &run->cases[run->case_count++];
    *kept = (struct vpci_kept_case){
        .name = vpci_names_place(&bench->names, planted.name, 0),
        .scenario = planted.name,
        .digest = planted.digest == NULL ? "one" : planted.digest,
        .cause = planted.verdict == VPCI_CASE_PASS ? ""
                 : planted.cause == NULL           ? "violation"
                                                   : planted.cause,
        .reason = "",
        .requirement = planted.requirement,
        .verdict = planted.verdict,
        .expected = planted.expected,
        .dispute = planted.dispute,
        .probe = planted.probe,
        .elapsed_us = planted.elapsed_us == 0 ? VPCI_NOT_TIMED : planted.elapsed_us,
    };
    run->header.case_count = run->case_count;
}

static inline const struct vpci_comparison *compare(void)
{
    vpci_comparison_free(&bench->comparison);
    vpci_compare(&bench->comparison, &bench->names,
                 (struct vpci_repeats){ bench->runs[VPCI_BASE], bench->counts[VPCI_BASE] },
                 (struct vpci_repeats){ bench->runs[VPCI_NEW], bench->counts[VPCI_NEW] });
    uint32_t total = 0;
    for (int i = 0; i < VPCI_CLASS_COUNT; i++)
        total += bench->comparison.classes[i];
    assert_int_equal(total, bench->comparison.case_count); /* each case is in exactly one */
    return &bench->comparison;
}

static inline void start_again(void)
{
    assert_int_equal(tear_down(NULL), 0);
    assert_int_equal(set_up(NULL), 0);
}

#define P VPCI_CASE_PASS
#define F VPCI_CASE_FAIL
#define I VPCI_CASE_INCONCLUSIVE
#define E VPCI_CASE_ERROR
#define N VPCI_CASE_NOT_APPLICABLE
#define S VPCI_CASE_SKIPPED

#endif
