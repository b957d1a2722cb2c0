/* SPDX-License-Identifier: MIT */
/* reports/markdown_text.c - see reports/markdown_text.h. */
#include "reports/markdown_text.h"

#include <string.h>

/* The string without control characters; the caller frees it. */
static struct vpci_text plain_of(const char *string)
{
    struct vpci_text plain = { 0 };
    vpci_text_add(&plain, "");
    vpci_text_add_plain(&plain, string);
    return plain;
}

/* True where a character would make a list of what follows: "- x", "1. x". */
static bool starts_list(const char *start, const char *at)
{
    const size_t digits = strspn(start, "0123456789");
    return *at != '\0' &&
           (at == start ? strchr("-+=", *at) != NULL : at == start + digits && strchr(".)", *at) != NULL);
}

/* Text for the body of the page. A zero-width space takes the meaning from what sites make links of. */
void vpci_markdown_words(struct vpci_text *text, const char *string)
{
    struct vpci_text plain = plain_of(string);
    for (const char *at = plain.bytes; *at != '\0'; at++) {
        if (*at == '&')
            vpci_text_add(text, "&amp;");
        else if (*at == '<')
            vpci_text_add(text, "&lt;");
        else if (*at == '>')
            vpci_text_add(text, "&gt;");
        else if (*at == '@' || *at == '#')
            vpci_text_addf(text, "%s%c&#8203;", *at == '#' ? "\\" : "", *at);
        else if (strncmp(at, "://", 3) == 0)
            vpci_text_add(text, ":&#8203;");
        else if (strncasecmp(at, "www.", 4) == 0)
            vpci_text_addf(text, "%c&#8203;", *at);
        else if (strchr("\\`*_[]|~$", *at) != NULL || starts_list(plain.bytes, at))
            vpci_text_addf(text, "\\%c", *at);
        else
            vpci_text_add_bytes(text, at, 1);
    }
    vpci_text_free(&plain);
}

static size_t longest_run(const char *string, char of)
{
    size_t longest = 0;
    for (size_t run = 0; *string != '\0'; string++) {
        run = *string == of ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static void add_fence(struct vpci_text *text, size_t length)
{
    while (length-- > 0)
        vpci_text_add_bytes(text, "`", 1);
}

/* Code in a line. The fence is longer than any in the string; a bar is escaped because tables split before
 * all else. */
void vpci_markdown_code(struct vpci_text *text, const char *string, bool in_table)
{
    struct vpci_text plain = plain_of(*string != '\0' ? string : "-");
    const size_t fence = longest_run(plain.bytes, '`') + 1;
    const bool padded = plain.bytes[0] == '`' || plain.bytes[plain.length - 1] == '`';
    add_fence(text, fence);
    vpci_text_add(text, padded ? " " : "");
    for (const char *at = plain.bytes; *at != '\0'; at++)
        vpci_text_addf(text, "%s%c", in_table && *at == '|' ? "\\" : "", *at);
    vpci_text_add(text, padded ? " " : "");
    add_fence(text, fence);
    vpci_text_free(&plain);
}

/* A block of code; the lines of block end in newlines and hold no control characters. */
void vpci_markdown_block(struct vpci_text *text, const char *language, const struct vpci_text *block)
{
    const size_t fence = longest_run(block->bytes, '`') + 1;
    add_fence(text, fence < 3 ? 3 : fence);
    vpci_text_addf(text, "%s\n%s", language, block->bytes);
    add_fence(text, fence < 3 ? 3 : fence);
    vpci_text_add(text, "\n");
}

/* Inside of an HTML element, where Markdown is not read. */
void vpci_markdown_html(struct vpci_text *text, const char *string)
{
    struct vpci_text plain = plain_of(string);
    for (const char *at = plain.bytes; *at != '\0'; at++) {
        if (strchr("&<>\"'", *at) != NULL)
            vpci_text_addf(text, "&#%d;", *at);
        else
            vpci_text_add_bytes(text, at, 1);
    }
    vpci_text_free(&plain);
}
