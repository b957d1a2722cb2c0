/* SPDX-License-Identifier: MIT */
/* reports/runs.h - runs that are put side by side: finding their files below a folder, and what is kept of
 * each, which is far less than the results with their traces. */
#ifndef VPCI_RUNS_H
#define VPCI_RUNS_H

#include "harness/result.h"
#include "reports/names.h"
#include "reports/timing.h"

enum { VPCI_KEPT_REASON_BYTES = 512 };

/* What is kept of a case. */
struct vpci_kept_case {
    uint32_t name;                     /* its number in the names */
    const char *scenario;              /* name of its scenario */
    const char *digest;                /* of its scenario */
    const char *cause;                 /* "" for a pass */
    const char *reason;                /* of the finding, else the detail; printable; "" when there is none */
    enum vpci_requirement requirement; /* blamed, or NONE */
    enum vpci_case_verdict verdict;
    enum vpci_expected expected;
    enum vpci_dispute dispute;
    bool probe;          /* tries what is not claimed */
    uint64_t elapsed_us; /* or VPCI_NOT_TIMED */
};

struct vpci_kept_run {
    const char *label; /* path of its folder or file below the folder of all, or as it was given */
    struct vpci_results_header header;        /* without its lists */
    uint32_t errata_level, expectation_count; /* how long two of them were */
    struct vpci_results_footer footer;        /* of what is there, when the file is torn */
    bool sealed, timed;
    struct vpci_kept_case *cases;
    uint32_t case_count;
};

/* Zero-initialised is empty. */
struct vpci_runs {
    struct vpci_kept_run *runs; /* in order of their labels */
    uint32_t count;
    struct vpci_arena arena; /* of all that they point to */
};

/* Reads a results file, or the results.jsonl of a folder, or else all results files below a folder, which are
 * repeats of one run: NAME.jsonl but for timing.jsonl and transcripts.jsonl. One that is none by its content
 * is an error, and so are none at all, more than most, and a case that is in a run twice. names: NULL when no
 * cases are wanted. On false, error holds "file:line: reason" and runs is empty. */
bool vpci_runs_read(struct vpci_runs *runs, struct vpci_names *names, const char *path, uint32_t most,
                    char error[VPCI_DETAIL_BYTES]);
/* The same of all results files below a folder, whatever lies in the folder itself. */
bool vpci_runs_read_below(struct vpci_runs *runs, struct vpci_names *names, const char *folder, uint32_t most,
                          char error[VPCI_DETAIL_BYTES]);
void vpci_runs_free(struct vpci_runs *runs);

#endif
