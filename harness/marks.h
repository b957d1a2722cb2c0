/* SPDX-License-Identifier: MIT */
/* harness/marks.h - what others say of cases beforehand: the failures that a project expects for a while
 * (--expect FILE), and the scenarios that somebody disputes (corpus/disputes.json). Neither changes a
 * verdict; both are written beside it, and decide what counts. */
#ifndef VPCI_MARKS_H
#define VPCI_MARKS_H

#include "harness/arena.h"
#include "harness/result.h"
#include "harness/scenario.h"

enum { VPCI_PATTERN_BYTES_MAX = 512 }; /* ours: of the member "cases", which is matched with every case */

/* A file of expectations. */
struct vpci_expectations {
    const struct vpci_expectation *entries;
    uint32_t count;
    char digest[VPCI_DIGEST_TEXT_BYTES]; /* of the file's bytes */
    char date[VPCI_DATE_BYTES];          /* the day of the run */
    struct vpci_arena arena;
};

/* Reads a file strictly. date is the day by which an entry has expired or not, "2027-01-31". On false, error
 * holds "file: /expectations/3/owner: reason" and nothing is to be freed. */
bool vpci_expectations_load(struct vpci_expectations *expectations, const char *path, const char *date,
                            char error[VPCI_ERROR_BYTES]);
void vpci_expectations_free(struct vpci_expectations *expectations);

/* The file of disputes of a corpus. */
struct vpci_disputes {
    const struct vpci_disputed *entries;
    uint32_t count;
    char digest[VPCI_DIGEST_TEXT_BYTES];
    struct vpci_arena arena;
};

/* Reads a file strictly; a dispute about a scenario that the suite does not have is an error, and so are
 * entries that are not in the order of their dates, for they are only ever added. */
bool vpci_disputes_load(struct vpci_disputes *disputes, const char *path, const struct vpci_suite *suite,
                        char error[VPCI_ERROR_BYTES]);
void vpci_disputes_free(struct vpci_disputes *disputes);

/* What the entry says of a case that it names and that has this result; NOT when the case was not played. */
enum vpci_expected vpci_expectation_state(const struct vpci_expectation *entry, const char *date,
                                          const struct vpci_case_result *result);
/* Whether the entry names the case. */
bool vpci_expectation_names(const struct vpci_expectation *entry, const struct vpci_case_result *result);
/* What is disputed of a scenario: its last entry says so. */
enum vpci_dispute vpci_dispute_of(const struct vpci_disputed *entries, uint32_t count, const char *scenario);

/* Writes onto a result what is expected and disputed of its case: the first entry that names a case holds for
 * it, and a case in dispute is held to none. Either may be NULL. */
void vpci_mark_case(struct vpci_case_result *result, const struct vpci_expectations *expectations,
                    const struct vpci_disputes *disputes);

#endif
