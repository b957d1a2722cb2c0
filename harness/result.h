/* SPDX-License-Identifier: MIT */
/* harness/result.h - results.jsonl, the truth that every report renders: its records, how they are printed
 * and read.
 *
 * One JSON object a line: a header, a line per case in plan order, a footer that seals all bytes before it
 * with a SHA-256. No clock, no absolute path, no worker number in it, so that the same run gives the same
 * bytes; times go to timing.jsonl beside it. docs/results.md describes the format field by field. */
#ifndef VPCI_RESULT_H
#define VPCI_RESULT_H

#include "harness/date.h"
#include "harness/seam.h"
#include "harness/text.h"
#include "models/model.h"

enum { VPCI_RESULTS_FORMAT = 2, VPCI_DIGEST_TEXT_BYTES = 65, VPCI_WARNINGS_MAX = 16 };
enum { VPCI_EXPECTATIONS_MAX = 1024, VPCI_DISPUTES_MAX = 1024 };

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

/* What a file of expectations (--expect) says of a case that one of its entries names. */
#define VPCI_EXPECTEDS(X)                                                    \
    X(NOT, "")                            /* no entry names it */            \
    X(AS_EXPECTED, "as_expected")         /* it fails in the way expected */ \
    X(FAILS_OTHERWISE, "fails_otherwise") /* it fails, but in another way */ \
    X(UNEXPECTED_PASS, "unexpected_pass") /* it does not fail any more */    \
    X(EXPIRED, "expired")                 /* fails in the way expected, but the entry's day is over */

enum vpci_expected {
#define X(name, json) VPCI_EXPECTED_##name,
    VPCI_EXPECTEDS(X)
#undef X
        VPCI_EXPECTED_COUNT
};
extern const char *const vpci_expected_name[VPCI_EXPECTED_COUNT];

/* One entry of a file of expectations. Strings are borrowed, none is NULL. */
struct vpci_expectation {
    const char *cases; /* name of a case or scenario, or a pattern with * or ? */
    const char *reason, *owner, *issue;
    char expires[VPCI_DATE_BYTES];     /* last day on which it holds, "2027-01-31" */
    enum vpci_case_verdict verdict;    /* how it fails: FAIL, INCONCLUSIVE or ERROR */
    enum vpci_requirement requirement; /* blamed; NONE: any or none */
    const char *cause;                 /* "violation", "crash" ...; "": any */
};

/* What somebody disputes about a scenario. Its cases are played and shown, and count for nothing. */
enum vpci_dispute { VPCI_DISPUTE_NONE, VPCI_DISPUTE_CONTESTED, VPCI_DISPUTE_WITHDRAWN, VPCI_DISPUTE_COUNT };
extern const char *const vpci_dispute_name[VPCI_DISPUTE_COUNT]; /* "", "contested", "withdrawn" */

/* One entry of corpus/disputes.json. Strings are borrowed, none is NULL. */
struct vpci_disputed {
    const char *scenario;
    enum vpci_dispute dispute;
    const char *text;
    char date[VPCI_DATE_BYTES];
};

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
    enum vpci_expected expected;
    uint32_t expectation; /* which entry of the header says so; 0 when none does */
    enum vpci_dispute dispute;
    bool probe; /* of a scenario that tries what is claimed to be unsupported */
};

/* A scenario of which the plan has cases. */
struct vpci_played {
    const char *scenario;                /* its name; borrowed */
    char digest[VPCI_DIGEST_TEXT_BYTES]; /* of the bytes of its file */
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
    char adapter_digest[VPCI_DIGEST_TEXT_BYTES];  /* of the shared object or executable; "" when there is none
                                                   */
    char selection[VPCI_DETAIL_BYTES];            /* of --only, "" for all */
    char model_digest[VPCI_DIGEST_TEXT_BYTES];    /* of the sources of the model that judged */
    char runner_digest[VPCI_DIGEST_TEXT_BYTES];   /* of the sources of all of the kit */
    char profile_digest[VPCI_DIGEST_TEXT_BYTES];  /* of the choices of the profile */
    char disputes_digest[VPCI_DIGEST_TEXT_BYTES]; /* of corpus/disputes.json */
    const struct vpci_disputed *disputes;         /* the number of them is the errata level */
    uint32_t dispute_count;
    char expect_digest[VPCI_DIGEST_TEXT_BYTES]; /* of the file of --expect; "" without one */
    char expect_date[VPCI_DATE_BYTES]; /* the day by which its entries expire or hold; "" without one */
    const struct vpci_expectation *expectations;
    uint32_t expectation_count;
    const struct vpci_played *scenarios; /* in the order of their cases */
    uint32_t scenario_count;
};

/* The verdict of a run, the first that fits. */
#define VPCI_RUN_VERDICTS(X)                                                                               \
    X(CONFORMS, "conforms") /* everything that counts has a verdict, and passed */                         \
    X(AS_EXPECTED,                                                                                         \
      "as_expected")          /* the same but for cases that fail as --expect says; never a certificate */ \
    X(VIOLATION, "violation") /* a case that counts failed, and not as expected */                         \
    X(INCONCLUSIVE,                                                                                        \
      "inconclusive") /* cases without a verdict, nothing passed, or expectations that do not hold */

enum vpci_run_verdict {
#define X(name, json) VPCI_RUN_##name,
    VPCI_RUN_VERDICTS(X)
#undef X
        VPCI_RUN_VERDICT_COUNT
};
extern const char *const vpci_run_verdict_name[VPCI_RUN_VERDICT_COUNT];

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
    uint32_t cases[VPCI_CASE_VERDICT_COUNT]; /* those in dispute are not among them */
    uint32_t disputed;                       /* cases of scenarios in dispute */
    uint32_t cases_with_warnings;
    uint32_t expected[VPCI_EXPECTED_COUNT]; /* cases by what --expect says of them; NOT stays 0 */
    uint32_t stale;                         /* entries of --expect that no case of a whole suite bears out */
    struct {
        enum vpci_requirement_verdict verdict;
        uint32_t exercised; /* cases that ended in pass or fail and exercised it */
        uint32_t failed;    /* cases that blame it */
        uint32_t warned;
        bool probed; /* NOT_APPLICABLE, and what is claimed to be unsupported was seen to be refused */
    } requirements[VPCI_REQUIREMENT_COUNT];
    char transcripts_sha256[VPCI_DIGEST_TEXT_BYTES]; /* of transcripts.jsonl; "" when none were kept */
    char sha256[VPCI_DIGEST_TEXT_BYTES];             /* of all bytes before the footer's line */

    /* while counting, not written */
    uint32_t excused[VPCI_CASE_VERDICT_COUNT];  /* those of cases[] that end as expected */
    uint32_t probes_passed;                     /* of cases[], probes: they show nothing of what is claimed */
    uint64_t named[VPCI_EXPECTATIONS_MAX / 64]; /* entries of --expect that some case was held to */
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
    size_t whole_bytes; /* length of the prefix of whole, valid lines: where a torn file is continued */
    const struct vpci_history
        *history;        /* of reports/history.h, for those that show one; NULL: none. Borrowed */
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
