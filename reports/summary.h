/* SPDX-License-Identifier: MIT */
/* reports/summary.h - what every report says of a run: one finding for each violated requirement, causes with
 * one example, what was expected or is disputed, requirements by group, and what the run does not prove.
 * Apart from the formats so that they agree. */
#ifndef VPCI_SUMMARY_H
#define VPCI_SUMMARY_H

#include "reports/report.h"

enum { VPCI_SECTIONS_MAX = 32 };

/* A violated requirement, or a failure that blames none, which is then told apart by its cause. Failures that
 * do not count, because they are as expected or in dispute, are not among them. */
struct vpci_violation {
    enum vpci_requirement requirement;
    const struct vpci_case_result
        *shortest;  /* the failing case with the shortest trace, the first of several */
    uint32_t cases; /* that fail with it, the shortest one included */
};

/* Cases without a verdict that share verdict and cause, and that count. */
struct vpci_cause {
    const struct vpci_case_result *example; /* the first one */
    uint32_t cases;
};

/* Cases that one entry of --expect names, that ended alike and blame the same. */
struct vpci_expected_cases {
    const struct vpci_expectation *entry;
    enum vpci_expected expected;
    const struct vpci_case_result *shortest; /* the one with the shortest trace */
    uint32_t cases;
};

/* Cases of one scenario in dispute that ended alike and blame the same. */
struct vpci_disputed_cases {
    const struct vpci_disputed *entry; /* NULL when the header, out of a hostile file, has none of it */
    const struct vpci_case_result *shortest;
    uint32_t cases;
};

/* A warned requirement. */
struct vpci_warned {
    const struct vpci_remark *remark; /* of the example */
    const struct vpci_case_result *example;
    uint32_t cases;
};

/* The requirements whose ids start alike: "QI". */
struct vpci_section {
    char name[8];
    uint32_t counts[VPCI_REQUIREMENT_VERDICT_COUNT];
    uint32_t total;
};

struct vpci_summary {
    const struct vpci_results *results;
    const struct vpci_catalogue *catalogue;
    struct vpci_results_footer
        footer; /* of the results; of what is there when they are torn, then never "conforms" */
    struct vpci_violation *violations;    /* in order of requirement, those without one last */
    struct vpci_cause *causes;            /* inconclusive and error, then not applicable and skipped */
    struct vpci_expected_cases *expected; /* in order of entries, then of what became of them */
    struct vpci_disputed_cases *disputed; /* in order of their cases */
    uint32_t violation_count, cause_count, case_count, expected_count, disputed_count;
    uint64_t named[VPCI_EXPECTATIONS_MAX / 64]; /* entries of --expect that some case was held to */
    struct vpci_warned warned[VPCI_REQUIREMENT_COUNT];
    struct vpci_section sections[VPCI_SECTIONS_MAX];
    uint32_t section_count;
};

/* Both borrowed until vpci_summary_free. */
void vpci_summary_make(struct vpci_summary *summary, const struct vpci_results *results,
                       const struct vpci_catalogue *catalogue);
void vpci_summary_free(struct vpci_summary *summary);

/* What a case is to a build server that knows green and red. */
enum vpci_outcome {
    VPCI_OUTCOME_PASS,
    VPCI_OUTCOME_FAIL,
    VPCI_OUTCOME_UNEXPECTED_PASS,
    VPCI_OUTCOME_NO_VERDICT, /* inconclusive, or an error */
    VPCI_OUTCOME_EXPECTED,   /* ended as --expect says */
    VPCI_OUTCOME_DISPUTED,   /* counts for nothing, however it ended */
    VPCI_OUTCOME_NOT_RUN,    /* not applicable, or skipped */
    VPCI_OUTCOME_COUNT
};
enum vpci_outcome vpci_outcome_of(const struct vpci_case_result *result);

/* Whether an entry of --expect is stale: no case of a whole suite, played to its end, was held to it. */
bool vpci_summary_is_stale(const struct vpci_summary *summary, uint32_t entry);

/* Why the run has no good verdict although no single case says so: torn, out of time, nothing passed, a stale
 * expectation. NULL when that is not so. */
const char *vpci_summary_problem(const struct vpci_summary *summary);

/* What --expect and disputes say of a case: "expected until 2027-01-31: reason (owner, issue)". False and
 * nothing when they say nothing. What is appended may be hostile. */
bool vpci_summary_add_mark(struct vpci_text *text, const struct vpci_summary *summary,
                           const struct vpci_case_result *result);

/* "3 as expected, 1 expired, 1 stale": how many cases, or entries, of each there are. False and nothing
 * without --expect. */
bool vpci_summary_add_expected_counts(struct vpci_text *text, const struct vpci_summary *summary);

/* "level 2 of the errata, 5 cases in dispute are not counted" */
void vpci_summary_add_errata(struct vpci_text *text, const struct vpci_summary *summary);

/* Where what was said in each case can be read, and how it is told to be whole. */
void vpci_summary_add_transcripts(struct vpci_text *text, const struct vpci_summary *summary);

/* "as expected", "unexpected pass"; "" for NOT. */
const char *vpci_expected_words(enum vpci_expected expected);

/* "CONFORMS", "AS EXPECTED", "VIOLATION", "INCONCLUSIVE". */
const char *vpci_verdict_title(enum vpci_run_verdict verdict);
/* "not applicable" */
const char *vpci_case_verdict_words(enum vpci_case_verdict verdict);
const char *vpci_requirement_verdict_words(enum vpci_requirement_verdict verdict);

/* Calls add for each thing that this run does not prove, a sentence each. */
typedef void vpci_add_caveat_fn(void *context, const char *caveat);
void vpci_summary_caveats(const struct vpci_summary *summary, vpci_add_caveat_fn *add, void *context);

/* Appends the command that runs one case again, quoted for a shell; in several lines joined by backslashes
 * when it is wider than columns, each behind indent spaces. */
void vpci_summary_command(struct vpci_text *text, const struct vpci_summary *summary,
                          const struct vpci_case_result *result, unsigned indent, unsigned columns);

#endif
