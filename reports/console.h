/* SPDX-License-Identifier: MIT */
/* reports/console.h - what a terminal or a build log shows: progress while a run goes on, the report when it
 * is over. Both append to a text that the caller writes out; neither looks at the terminal, the environment
 * or a clock. */
#ifndef VPCI_CONSOLE_H
#define VPCI_CONSOLE_H

#include "reports/report.h"

/* The whole report. colour: the caller looked whether the output is a terminal and NO_COLOR is unset or
 * empty. */
void vpci_console_report(struct vpci_text *text, const struct vpci_results *results,
                         const struct vpci_catalogue *catalogue, bool colour);

/* The verdict and the counts, in two lines: what --quiet leaves. */
void vpci_console_verdict(struct vpci_text *text, const struct vpci_results *results,
                          const struct vpci_catalogue *catalogue, bool colour);

struct vpci_progress {
    uint32_t total, done;
    uint32_t cases[VPCI_CASE_VERDICT_COUNT];
    struct vpci_requirement_set failed; /* requirements that a failure was already shown for */
    uint32_t shown_per_mille;
    bool terminal;
};

/* total: cases planned. On a terminal one line is rewritten; elsewhere only the first failure of each
 * requirement gives a line. */
void vpci_progress_begin(struct vpci_progress *progress, uint32_t total, bool terminal);
/* Appends what changes on the screen by this case, often nothing. */
void vpci_progress_case(struct vpci_progress *progress, struct vpci_text *text,
                        const struct vpci_case_result *result);
/* Takes the rewritten line away. */
void vpci_progress_end(struct vpci_progress *progress, struct vpci_text *text);

#endif
