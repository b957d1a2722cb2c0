/* SPDX-License-Identifier: MIT */
/* cli/bundles.h - a bundle for each finding of a run. */
#ifndef VPCI_BUNDLES_H
#define VPCI_BUNDLES_H

#include "cli/verbs.h"
#include "harness/result.h"

/* Writes NNN-REQUIREMENT.bundle.json into the folder for each finding, after removing those of an earlier
 * run. results are of the plan. False after saying what is wrong. */
bool vpci_bundles_write(const char *folder, const struct vpci_results *results, const struct vpci_plan *plan,
                        const char *transcripts_path);

#endif
