/* SPDX-License-Identifier: MIT */
/* reports/report.c - the table of reports/report.h. */
#include "reports/report.h"

#include <string.h>

const struct vpci_report_format vpci_report_formats[] = {
    { "console", NULL, vpci_console_render },
    { "junit", "junit.xml", vpci_junit_render },
    { "markdown", "summary.md", vpci_markdown_render },
    { NULL, NULL, NULL },
};

const struct vpci_report_format *vpci_report_format_from_name(const char *name)
{
    for (const struct vpci_report_format *format = vpci_report_formats; format->name != NULL; format++) {
        if (strcmp(format->name, name) == 0)
            return format;
    }
    return NULL;
}

void vpci_report_format_names(struct vpci_text *text)
{
    for (const struct vpci_report_format *format = vpci_report_formats; format->name != NULL; format++)
        vpci_text_addf(text, "%s%s", format == vpci_report_formats ? "" : " ", format->name);
}
