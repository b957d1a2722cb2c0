/* SPDX-License-Identifier: MIT */
/* reports/markdown_text.h - strings in Markdown as sites read it: whatever they hold, they can neither break
 * the page nor mention people, close issues, make links or load pictures. */
#ifndef VPCI_MARKDOWN_TEXT_H
#define VPCI_MARKDOWN_TEXT_H

#include <stdbool.h>

#include "harness/text.h"

/* Text for the body of a page or the cell of a table. */
void vpci_markdown_words(struct vpci_text *text, const char *string);
/* Code in a line; in_table: in the cell of a table, which a bar would end. */
void vpci_markdown_code(struct vpci_text *text, const char *string, bool in_table);
/* A block of code; the lines of block end in newlines and hold no control characters. */
void vpci_markdown_block(struct vpci_text *text, const char *language, const struct vpci_text *block);
/* Text inside of an HTML element, where Markdown is not read. */
void vpci_markdown_html(struct vpci_text *text, const char *string);

#endif
