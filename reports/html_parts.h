/* SPDX-License-Identifier: MIT */
/* reports/html_parts.h - the sections of report.html, each in a file that knows only its own, in the order in
 * which reports/html.c puts them. A section with nothing to say appends nothing. */
#ifndef VPCI_HTML_PARTS_H
#define VPCI_HTML_PARTS_H

#include "reports/history.h"
#include "reports/summary.h"

/* One for each violated requirement, opened by the reader (html_findings.c). */
void vpci_html_add_findings(struct vpci_text *text, const struct vpci_summary *summary);
/* Every requirement: counts by group, filters, and a row each (html_matrix.c). */
void vpci_html_add_matrix(struct vpci_text *text, const struct vpci_summary *summary);
/* Every failed case in the order of the plan (html_findings.c). */
void vpci_html_add_cases(struct vpci_text *text, const struct vpci_summary *summary);
/* Warnings, cases without pass or fail, refusals that were seen (html_remarks.c). */
void vpci_html_add_remarks(struct vpci_text *text, const struct vpci_summary *summary);
/* What was expected to fail, and what is disputed (html_expected.c). */
void vpci_html_add_expected(struct vpci_text *text, const struct vpci_summary *summary);
void vpci_html_add_disputes(struct vpci_text *text, const struct vpci_summary *summary);
/* Runs before this one, oldest first (html_history.c). */
void vpci_html_add_history(struct vpci_text *text, const struct vpci_history *history);
/* What the script draws sequence diagrams from (html_sequence.c). */
void vpci_html_add_sequences(struct vpci_text *text, const struct vpci_summary *summary);

/* ---- what several sections need (html_sequence.c) ---- */

/* Where the script puts the diagram of a case, and behind it, with_command, the command that repeats it. */
void vpci_html_add_place(struct vpci_text *text, const struct vpci_case_result *result, bool with_command);
/* The reason of a case that did not pass, in words. Borrowed. */
const char *vpci_html_reason(const struct vpci_case_result *result);
/* A block of lines, each ended by a newline, as they stand. */
void vpci_html_add_lines(struct vpci_text *text, const char *class_name, const struct vpci_text *lines);

#endif
