/* SPDX-License-Identifier: MIT */
/* harness/runner.h - runs a plan: deals out cases to worker processes, outlives whatever they do, and writes
 * results.jsonl in the order of the plan. */
#ifndef VPCI_RUNNER_H
#define VPCI_RUNNER_H

#include "harness/plan.h"
#include "harness/tally.h"

/* Told of each case once it is written, in the order of the plan: name, verdict, cause and requirement are
 * set. */
typedef void vpci_case_fn(void *context, const struct vpci_case_result *result);

struct vpci_run_options {
    unsigned workers;             /* 1 or more */
    uint64_t time_ms;             /* for the whole run; 0: no limit. What is left over then is skipped */
    const char *results_path;     /* results.jsonl */
    const char *transcripts_path; /* transcripts.jsonl. May be NULL */
    const char *timing_path; /* times of the cases, apart because they differ from run to run. May be NULL */
    bool resume;             /* go on with a torn file of the same plan */
    vpci_case_fn *on_case;   /* may be NULL */
    void *context;           /* of on_case */
};

/* Asks the implementation who it is and stores the answer in plan->pics. False when it cannot be loaded or
 * started or speaks another version: then there is nothing to judge. Other failures are left for the results
 * to tell; *failure_out says which. */
bool vpci_runner_probe(struct vpci_plan *plan, enum vpci_failure *failure_out, char error[VPCI_ERROR_BYTES]);

/* Runs all cases of the plan. start_failure: what the probe met, NONE for nothing; otherwise no case is
 * played and each has this cause. False when the kit itself is at fault (a file cannot be written, a resumed
 * file is of another run). */
bool vpci_runner_run(const struct vpci_plan *plan, const struct vpci_run_options *options,
                     enum vpci_failure start_failure, const char *start_detail,
                     struct vpci_results_footer *footer_out, char error[VPCI_ERROR_BYTES]);

#endif
