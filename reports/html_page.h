/* SPDX-License-Identifier: MIT */
/* reports/html_page.h - the frame of every page that the kit makes: head, style, script and the rules that
 * let no other one in, and the one place that escapes strings for it. Style and script are the files in
 * reports/page/, part of the program. */
#ifndef VPCI_HTML_PAGE_H
#define VPCI_HTML_PAGE_H

#include "harness/result.h"
#include "harness/text.h"

/* Appends everything up to and with the opening tag of main, in a page called title (any string). The page
 * needs nothing but itself: its Content-Security-Policy lets in the one style and the one script that it
 * carries, by digest, and nothing else. So there must be no style attribute and no event handler in what
 * follows. */
void vpci_html_begin(struct vpci_text *text, const char *title);
/* Closes main and ends the page. */
void vpci_html_end(struct vpci_text *text);

/* Appends a string that may come from anywhere, as text between tags or as the value of an attribute in
 * double quotes. Control characters, bytes that are not UTF-8, and characters that are not seen or turn the
 * direction of writing become '?'. */
void vpci_html_text(struct vpci_text *text, const char *string);
/* The same as a JSON string, quotes included, for inside of <script type="application/json">. */
void vpci_html_json(struct vpci_text *text, const char *string);

/* Append a verdict as a badge: colour, sign and word, of which either of the last two suffices. */
void vpci_html_run_verdict(struct vpci_text *text, enum vpci_run_verdict verdict);
void vpci_html_requirement_verdict(struct vpci_text *text, enum vpci_requirement_verdict verdict);
void vpci_html_case_verdict(struct vpci_text *text, enum vpci_case_verdict verdict);

#endif
