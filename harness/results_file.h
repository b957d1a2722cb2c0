/* SPDX-License-Identifier: MIT */
/* harness/results_file.h - results.jsonl while it is being written: header first, cases in the order of the
 * plan, a footer that seals it; and a torn file taken up again. */
#ifndef VPCI_RESULTS_FILE_H
#define VPCI_RESULTS_FILE_H

#include <stdio.h>

#include "harness/chunk.h"
#include "harness/file.h"
#include "harness/runner.h"

struct vpci_results_file {
    FILE *results;
    FILE *transcripts; /* NULL when not wanted */
    FILE *timing;      /* likewise */
    struct vpci_results_header header;
    struct vpci_played *scenarios;          /* of the header */
    struct vpci_digest *digest;             /* of all bytes of the results so far */
    struct vpci_digest *transcripts_digest; /* of the transcripts */
    struct vpci_results_footer footer;      /* counted as cases are added */
    uint32_t case_count;                    /* written; also the index of the next case */
    const struct vpci_suite *suite;         /* of the plan; borrowed */
    vpci_capability_set refused;            /* what a probe showed to be refused */
    vpci_capability_set not_refused;        /* what a probe did not show so */
};

/* SHA-256 over the name of every choice and what the profile makes of it. */
void vpci_profile_digest(const struct vpci_profile *profile, char digest[VPCI_DIGEST_TEXT_BYTES]);

/* Creates the file with its header; or, to resume, opens it, checks that it is of the same plan, and cuts it
 * back to the last whole chunk. False on error, with the reason. */
bool vpci_results_file_open(struct vpci_results_file *file, const struct vpci_plan *plan,
                            const struct vpci_run_options *options, char error[VPCI_ERROR_BYTES]);

/* Appends the cases of a chunk with their transcripts, and hands them to the system. Transcripts go first, so
 * that no result is ever without its transcript, whenever the process is killed. */
bool vpci_results_file_add(struct vpci_results_file *file, const struct vpci_chunk *chunk);

/* Writes out what is still held back of the times. False when they could not all be written. */
bool vpci_results_file_flush_times(struct vpci_results_file *file);

/* Seals and closes the file. The footer is complete afterwards. False when it could not be written. */
bool vpci_results_file_seal(struct vpci_results_file *file, const struct vpci_applicability *applicability);

/* Closes without a seal, after an error. */
void vpci_results_file_abandon(struct vpci_results_file *file);

#endif
