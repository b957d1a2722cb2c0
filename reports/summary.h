/* SPDX-License-Identifier: MIT */
/* reports/summary.h - what every report for people says of a run: one finding for each violated requirement,
 * causes with one example, requirements by group, and what the run does not prove. Apart from the formats so
 * that they agree. */
#ifndef VPCI_SUMMARY_H
#define VPCI_SUMMARY_H

#include "harness/requirements.h"
#include "harness/result.h"

enum { VPCI_SECTIONS_MAX = 32 };

/* A violated requirement, or a failure that blames none, which is then told apart by its cause. */
struct vpci_violation {
    enum vpci_requirement requirement;
    const struct vpci_case_result
        *shortest;  /* the failing case with the shortest trace, the first of several */
    uint32_t cases; /* that fail with it, the shortest one included */
};

/* Cases without a verdict that share verdict and cause. */
struct vpci_cause {
    const struct vpci_case_result *example; /* the first one */
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
    struct vpci_violation *violations; /* in order of requirement, those without one last */
    struct vpci_cause *causes;         /* inconclusive and error, then not applicable and skipped */
    uint32_t violation_count, cause_count, case_count;
    struct vpci_warned warned[VPCI_REQUIREMENT_COUNT];
    struct vpci_section sections[VPCI_SECTIONS_MAX];
    uint32_t section_count;
};

/* Both borrowed until vpci_summary_free. */
void vpci_summary_make(struct vpci_summary *summary, const struct vpci_results *results,
                       const struct vpci_catalogue *catalogue);
void vpci_summary_free(struct vpci_summary *summary);

/* "CONFORMS", "VIOLATION", "INCONCLUSIVE". */
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
