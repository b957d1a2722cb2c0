/* SPDX-License-Identifier: MIT */
/* reports/xml.c - see reports/xml.h. What remains of a string after vpci_text_add_plain is a legal character
 * of XML 1.0, so only markup is left to be escaped. */
#include "reports/xml.h"

#include <string.h>

static void add_markup_escaped(struct vpci_text *text, const char *string)
{
    while (*string != '\0') {
        const size_t run = strcspn(string, "&<>\"");
        vpci_text_add_bytes(text, string, run);
        string += run;
        switch (*string) {
        case '&':
            vpci_text_add(text, "&amp;");
            break;
        case '<':
            vpci_text_add(text, "&lt;");
            break;
        case '>': /* also keeps ]]> out of character data */
            vpci_text_add(text, "&gt;");
            break;
        case '"':
            vpci_text_add(text, "&quot;");
            break;
        default:
            return;
        }
        string++;
    }
}

static void add_line(struct vpci_text *text, const char *string)
{
    struct vpci_text plain = { 0 };
    vpci_text_add(&plain, "");
    vpci_text_add_plain(&plain, string);
    add_markup_escaped(text, plain.bytes);
    vpci_text_free(&plain);
}

void vpci_xml_add(struct vpci_text *text, const char *string)
{
    struct vpci_text line = { 0 };
    for (;;) {
        const size_t length = strcspn(string, "\n");
        vpci_text_clear(&line);
        vpci_text_add_bytes(&line, string, length);
        add_line(text, line.bytes);
        if (string[length] == '\0')
            break;
        vpci_text_add(text, "\n");
        string += length + 1;
    }
    vpci_text_free(&line);
}

void vpci_xml_add_attribute(struct vpci_text *text, const char *name, const char *value)
{
    vpci_text_addf(text, " %s=\"", name);
    add_line(text, value);
    vpci_text_add(text, "\"");
}
