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
 * UTF-8 become '?'. So does the first colon of a line that would begin with two. */
void vpci_layout_words(struct vpci_text *text, unsigned indent, unsigned column, const char *words);

/* Appends one event in one line, no newline: "IUT -> kit  bus -> client  VF 0  read_return  request 0". Its
 * text may be hostile. */
void vpci_layout_event(struct vpci_text *text, const struct vpci_event *event, enum vpci_role role);

/* Appends the trace of a case as numbered steps with arrows, the offending event marked with why and with
 * what would have been allowed. role says who is inside the implementation. Long traces lose their middle,
 * never the finding. */
void vpci_layout_trace(struct vpci_text *text, const struct vpci_case_result *result, enum vpci_role role,
                       unsigned indent);

/* Who is told of an event: the other side of the interface that its sender stands at. Not for one that only
 * the kit sees. */
enum vpci_party vpci_layout_receiver(const struct vpci_event_info *info);

#endif
