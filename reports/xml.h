/* SPDX-License-Identifier: MIT */
/* reports/xml.h - hostile text in XML, the one place that escapes it: JUnit and the badge. */
#ifndef VPCI_XML_H
#define VPCI_XML_H

#include "harness/text.h"

/* Appends a string as character data, which also fits between quotes. Newlines stay, whatever else cannot be
 * read is shown as vpci_text_add_plain does. */
void vpci_xml_add(struct vpci_text *text, const char *string);

/* The same on one line: ` name="value"`, newlines are '?' too. */
void vpci_xml_add_attribute(struct vpci_text *text, const char *name, const char *value);

#endif
