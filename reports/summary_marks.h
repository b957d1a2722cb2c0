/* SPDX-License-Identifier: MIT */
/* reports/summary_marks.h - the part of making a summary that is about expectations and disputes. For
 * summary.c alone. */
#ifndef VPCI_SUMMARY_MARKS_H
#define VPCI_SUMMARY_MARKS_H

#include "reports/summary.h"

/* Equal, or both NULL. */
bool vpci_same_text(const char *left, const char *right);
/* The one with the shorter trace, kept when they are of a length. A trace too long to be kept is longer than
 * any that was. */
const struct vpci_case_result *vpci_shorter_trace(const struct vpci_case_result *kept,
                                                  const struct vpci_case_result *other);

void vpci_summary_begin_marks(struct vpci_summary *summary);
void vpci_summary_add_expected(struct vpci_summary *summary, const struct vpci_case_result *result);
void vpci_summary_add_disputed(struct vpci_summary *summary, const struct vpci_case_result *result);
void vpci_summary_end_marks(struct vpci_summary *summary);

#endif
