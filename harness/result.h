/* SPDX-License-Identifier: MIT */
/* harness/result.h - results.jsonl, the truth that every report renders: its records, how they are printed
 * and read.
 *
 * One JSON object a line: a header, a line per case in plan order, a footer that seals all bytes before it
 * with a SHA-256. No clock, no absolute path, no worker number in it, so that the same run gives the same
 * bytes; times go to timing.jsonl beside it. docs/results.md describes the format field by field. */
#ifndef VPCI_RESULT_H
#define VPCI_RESULT_H

#include "harness/seam.h"
#include "harness/text.h"
#include "models/model.h"

enum { VPCI_RESULTS_FORMAT = 1, VPCI_DIGEST_TEXT_BYTES = 65, VPCI_WARNINGS_MAX = 16 };

#define VPCI_CASE_VERDICTS(X)                                                                              \
    X(PASS, "pass")                                                                                        \
    X(FAIL, "fail")                                                                                        \
    X(INCONCLUSIVE, "inconclusive")     /* ran, but shows nothing either way */                            \
    X(ERROR, "error")                   /* adapter or kit at fault: no verdict about the implementation */ \
    X(NOT_APPLICABLE, "not_applicable") /* other role, or a capability that is not claimed */              \
    X(SKIPPED, "skipped")               /* not run: time was over, or too many cases hung */

enum vpci_case_verdict {
#define X(name, json) VPCI_CASE_##name,
    VPCI_CASE_VERDICTS(X)
#undef X
        VPCI_CASE_VERDICT_COUNT
};
extern const char *const vpci_case_verdict_name[VPCI_CASE_VERDICT_COUNT];

/* A judgement about one event of a case's trace. */
struct vpci_remark {
    enum vpci_verdict verdict; /* VPCI_WARNING or VPCI_VIOLATION */
    enum vpci_requirement requirement;
    const char *reason;  /* borrowed */
    const char *allowed; /* borrowed; may be NULL */
    uint32_t event;      /* index in the trace */
};

struct vpci_case_result {
    uint32_t index;       /* in the plan, from 0 */
    const char *name;     /* "direct/read…[length=5]" */
    const char *scenario; /* "direct/read…" */
    enum vpci_case_verdict verdict;
    const char *
        cause; /* NULL for a pass; "violation", a vpci_failure name, "purpose_not_reached", "capability", … */
    const char *detail; /* free text of the cause, or NULL; may hold hostile bytes, printed escaped */
    enum vpci_requirement requirement; /* blamed; NONE unless FAIL */
    struct vpci_remark finding;        /* of a FAIL by the model or an expect */
    bool has_finding;
    struct vpci_remark warnings[VPCI_WARNINGS_MAX]; /* the first few, one per requirement */
    uint32_t warning_count;
    struct vpci_requirement_set exercised;
    const struct vpci_event *trace; /* every event sent and observed; NULL for a pass without warnings */
    uint32_t trace_count;           /* without a trace: how many events one had that was too long to keep */
};

struct vpci_results_header {
    char kit_version[32];
    char adapter[VPCI_DETAIL_BYTES]; /* as given to --adapter */
    struct vpci_pics pics;
    enum vpci_role role;
    char profile[64];
    uint64_t seed;
    uint32_t case_count;                              /* planned */
    char suite_digest[VPCI_DIGEST_TEXT_BYTES];        /* of scenarios and their names */
    char requirements_digest[VPCI_DIGEST_TEXT_BYTES]; /* of corpus/requirements.json */
    char adapter_digest[VPCI_DIGEST_TEXT_BYTES]; /* of the shared object or executable; "" when there is none
                                                  */
    char selection[VPCI_DETAIL_BYTES];           /* of --only, "" for all */
};

enum vpci_run_verdict {
    VPCI_RUN_CONFORMS,
    VPCI_RUN_VIOLATION,
    VPCI_RUN_INCONCLUSIVE,
    VPCI_RUN_VERDICT_COUNT
};
extern const char
    *const vpci_run_verdict_name[VPCI_RUN_VERDICT_COUNT]; /* "conforms", "violation", "inconclusive" */

#define VPCI_REQUIREMENT_VERDICTS(X)                                                          \
    X(PASS, "pass") /* exercised, nothing against it */                                       \
    X(FAIL, "fail")                                                                           \
    X(WARNING, "warning")                                                                     \
    X(INCONCLUSIVE, "inconclusive")     /* exercised only in cases without a verdict */       \
    X(NOT_EXERCISED, "not_exercised")   /* the suite can exercise it, this run did not */     \
    X(NOT_APPLICABLE, "not_applicable") /* every scenario for it needs what is not claimed */ \
    X(NOT_OBSERVABLE, "not_observable") /* no black box at this role can see it; the catalogue says why */

enum vpci_requirement_verdict {
#define X(name, json) VPCI_REQUIREMENT_##name##_VERDICT,
    VPCI_REQUIREMENT_VERDICTS(X)
#undef X
        VPCI_REQUIREMENT_VERDICT_COUNT
};
extern const char *const vpci_requirement_verdict_name[VPCI_REQUIREMENT_VERDICT_COUNT];

struct vpci_results_footer {
    enum vpci_run_verdict verdict;
    uint32_t cases[VPCI_CASE_VERDICT_COUNT];
    uint32_t cases_with_warnings;
    struct {
        enum vpci_requirement_verdict verdict;
        uint32_t exercised; /* cases that ended in pass or fail and exercised it */
        uint32_t failed;    /* cases that blame it */
        uint32_t warned;
    } requirements[VPCI_REQUIREMENT_COUNT];
    char sha256[VPCI_DIGEST_TEXT_BYTES]; /* of all bytes before the footer's line */
};

/* Each appends one line, newline included, to text. */
void vpci_print_header(struct vpci_text *text, const struct vpci_results_header *header);
void vpci_print_case(struct vpci_text *text, const struct vpci_case_result *result);
void vpci_print_footer(struct vpci_text *text, const struct vpci_results_footer *footer);

/* A results file in memory. */
struct vpci_results {
    struct vpci_results_header header;
    struct vpci_case_result *cases; /* in file order; strings and traces live as long as the results */
    uint32_t case_count;
    struct vpci_results_footer footer; /* valid when sealed */
    bool sealed;                       /* a footer is there, its digest and counts match */
    size_t whole_bytes;  /* length of the prefix of whole, valid lines: where a torn file is continued */
    const char *program; /* how a reader calls the kit, for commands to repeat; NULL: by its name. Not from
                            the file */
    void *memory;        /* owned */
};

/* Reads and checks a results file. True when it is well-formed as far as it goes; sealed tells whether it is
 * whole. False: error holds "file:line: reason" and results is empty. */
bool vpci_results_read(struct vpci_results *results, const char *path, char error[VPCI_DETAIL_BYTES]);
/* The same of bytes at hand; name stands for the file in errors. */
bool vpci_results_read_bytes(struct vpci_results *results, const char *name, const char *bytes, size_t length,
                             char error[VPCI_DETAIL_BYTES]);
void vpci_results_free(struct vpci_results *results);

#endif
