/* SPDX-License-Identifier: MIT */
/* reports/history.h - many runs of one implementation, oldest first: what a page shows over time, and where
 * something broke. */
#ifndef VPCI_HISTORY_H
#define VPCI_HISTORY_H

#include "harness/result.h"

enum { VPCI_HISTORY_RUNS_MAX = 1000 };

/* What is left of one run. */
struct vpci_history_run {
    const char *label; /* name of its folder or file below the history's; sorting by it is sorting by age */
    struct vpci_results_header header; /* without entries of disputes and expectations */
    struct vpci_results_footer footer; /* of what is there, when the file is torn */
    bool sealed;
};

struct vpci_history {
    struct vpci_history_run *runs; /* in order of their labels */
    uint32_t count;
    void *memory; /* owned */
};

/* Reads every results file below folder (results.jsonl in a folder of its own, or NAME.jsonl). One that is no
 * results file is an error. On false, error holds "file: reason" and nothing is to be freed. */
bool vpci_history_read(struct vpci_history *history, const char *folder, char error[VPCI_DETAIL_BYTES]);
void vpci_history_free(struct vpci_history *history);

#endif
