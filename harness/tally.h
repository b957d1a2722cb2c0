/* SPDX-License-Identifier: MIT */
/* harness/tally.h - counting cases into a footer. The runner that seals a file and the reader that checks the
 * seal must count alike, so there is one place that counts. */
#ifndef VPCI_TALLY_H
#define VPCI_TALLY_H

#include "harness/result.h"

/* Counts one case. footer starts zero-initialised; after each call its case counts, requirement counts and
 * the requirement verdicts pass, fail, warning and inconclusive are right for the cases so far. A case that
 * blames a requirement, or warns about one, has exercised it, listed or not. */
void vpci_results_tally(struct vpci_results_footer *footer, const struct vpci_case_result *result);

/* What tells a requirement that nothing exercised apart from one that nothing could exercise. */
struct vpci_applicability {
    struct vpci_requirement_set listed;     /* named by a scenario of the whole suite */
    struct vpci_requirement_set applicable; /* named by one that fits the role and the claimed capabilities */
    struct vpci_requirement_set
        not_observable; /* the catalogue says that no black box at this role can see it */
};

/* Sets the verdict of every requirement that no case exercised, and the verdict of the run: any failed case
 * is a violation; else any case without a verdict (inconclusive, error, skipped), or no passed case at all,
 * is inconclusive. sha256 is left alone. */
void vpci_results_conclude(struct vpci_results_footer *footer,
                           const struct vpci_applicability *applicability);

#endif
