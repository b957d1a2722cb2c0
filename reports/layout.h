/* SPDX-License-Identifier: MIT */
/* reports/layout.h - hostile text in lines of bounded width, and a trace as numbered steps: what a terminal,
 * a JUnit failure and a Markdown code block show alike. */
#ifndef VPCI_LAYOUT_H
#define VPCI_LAYOUT_H

#include "harness/result.h"
#include "harness/text.h"

enum { VPCI_REPORT_COLUMNS = 100 };

/* Appends words from column on and ends the line. Lines are broken at spaces before VPCI_REPORT_COLUMNS,
 * inside a word when it is longer than a line, and go on at indent. Control characters and bytes that are not
 * UTF-8 become '?'. */
void vpci_layout_words(struct vpci_text *text, unsigned indent, unsigned column, const char *words);

/* Appends the trace of a case as numbered steps with arrows, the offending event marked with why and with
 * what would have been allowed. role says who is inside the implementation. Long traces lose their middle,
 * never the finding. */
void vpci_layout_trace(struct vpci_text *text, const struct vpci_case_result *result, enum vpci_role role,
                       unsigned indent);

#endif
