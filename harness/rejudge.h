/* SPDX-License-Identifier: MIT */
/* harness/rejudge.h - judges the transcripts of a run anew, with the model at hand and without the
 * implementation, and compares with what the results say. */
#ifndef VPCI_REJUDGE_H
#define VPCI_REJUDGE_H

#include "harness/result.h"
#include "harness/scenario.h"

struct vpci_rejudgement {
    uint32_t judged;  /* transcripts */
    uint32_t changed; /* of them: another verdict, cause or blamed requirement, or others warned about or
                         exercised */
    uint32_t without; /* cases that were played and have no transcript */
    enum vpci_run_verdict verdict; /* of the run, with the new verdicts in place of the old */
};

/* Told of each case that is judged otherwise than the results say. now lives during the call. */
typedef void vpci_changed_fn(void *context, const struct vpci_case_result *then,
                             const struct vpci_case_result *now);

/* Judges every transcript of the file against the case of its name in suite, all of which is selected.
 * on_changed may be NULL. False when a file is at fault, or the transcripts are of another run than the
 * results: error says which and where. */
bool vpci_rejudge(const struct vpci_results *results, const char *transcripts_path,
                  const struct vpci_suite *suite, vpci_changed_fn *on_changed, void *context,
                  struct vpci_rejudgement *rejudgement_out, char error[VPCI_ERROR_BYTES]);

#endif
