/* SPDX-License-Identifier: MIT */
/* reports/sarif.h - the two halves of the SARIF report: the results (sarif.c), and what is said of the run
 * itself (sarif_run.c). For these two alone. */
#ifndef VPCI_SARIF_H
#define VPCI_SARIF_H

#include "reports/summary.h"

/* Appends `"name":"value"`, in which nothing is left that cannot be shown. */
void vpci_sarif_string(struct vpci_text *text, const char *name, const char *value);

/* Appends `"name":{"text":"words"}`. SARIF reads [links] and {0} places in messages; they are escaped. */
void vpci_sarif_message(struct vpci_text *text, const char *name, const char *words);

/* Appends the members of a run that are not about single results: automationDetails, invocations,
 * properties. */
void vpci_sarif_run(struct vpci_text *text, const struct vpci_summary *summary);

#endif
