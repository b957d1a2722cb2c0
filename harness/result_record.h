/* SPDX-License-Identifier: MIT */
/* harness/result_record.h - what printing and reading of one record share, and the way from a parsed line to
 * a record. Internal to harness/result*.c. */
#ifndef VPCI_RESULT_RECORD_H
#define VPCI_RESULT_RECORD_H

#include "harness/record_member.h"

enum {
    VPCI_RESULTS_LINE_BYTES_MAX =
        16 * 1024 * 1024, /* ours: longest line the reader takes, newline included */
    VPCI_RESULTS_TRACE_BYTES_MAX =
        12 * 1024 * 1024, /* ours: a line longer than this loses its trace when printed */
};

/* A remark is a VPCI_WARNING (place 0) or a VPCI_VIOLATION (place 1). */
enum { VPCI_REMARK_VERDICTS = 2 };
extern const char *const vpci_remark_verdict_name[VPCI_REMARK_VERDICTS];

/* Each takes the object of one line, checks every member, and fills the record in. False: error is set.
 * Strings, lists and traces are taken from the arena. */
bool vpci_record_header(struct vpci_results_header *header, const cJSON *object, struct vpci_arena *arena,
                        struct vpci_record_error *error);
bool vpci_record_case(struct vpci_case_result *result, const cJSON *object, struct vpci_arena *arena,
                      struct vpci_record_error *error);
bool vpci_record_footer(struct vpci_results_footer *footer, const cJSON *object,
                        struct vpci_record_error *error);

#endif
