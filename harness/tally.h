/* SPDX-License-Identifier: MIT */
/* harness/tally.h - counting cases into a footer. The runner that seals a file and the reader that checks the
 * seal must count alike, so there is one place that counts. */
#ifndef VPCI_TALLY_H
#define VPCI_TALLY_H

#include "harness/result.h"

/* Counts one case. footer starts zero-initialised; after each call its case counts, requirement counts and
 * the requirement verdicts pass, fail, warning and inconclusive are right for the cases so far. A case that
 * blames a requirement, or warns about one, has exercised it, listed or not. One in dispute counts only as
 * such. */
void vpci_results_tally(struct vpci_results_footer *footer, const struct vpci_case_result *result);

/* What tells a requirement that nothing exercised apart from one that nothing could exercise. */
struct vpci_applicability {
    struct vpci_requirement_set listed;     /* named by a scenario of the whole suite */
    struct vpci_requirement_set applicable; /* named by one that fits the role and the claimed capabilities */
    struct vpci_requirement_set
        not_observable; /* the catalogue says that no black box at this role can see it */
    struct vpci_requirement_set
        probed; /* of those that are listed and not applicable: what is not claimed was seen to be refused */
};

/* Sets the verdict of every requirement that no case exercised, how many expectations of the header are
 * stale, and the verdict of the run (see VPCI_RUN_VERDICTS). Digests are left alone. */
void vpci_results_conclude(struct vpci_results_footer *footer, const struct vpci_results_header *header,
                           const struct vpci_applicability *applicability);

#endif
