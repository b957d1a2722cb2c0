/* SPDX-License-Identifier: MIT */
/* reports/report.c - the table of reports/report.h. */
#include "reports/report.h"

#include <string.h>

#include "harness/options.h"

const struct vpci_report_format vpci_report_formats[] = {
    { "console", NULL, vpci_console_render },
    { "junit", "junit.xml", vpci_junit_render },
    { "markdown", "summary.md", vpci_markdown_render },
    { "html", "report.html", vpci_html_render },
    { "sarif", "results.sarif", vpci_sarif_render },
    { "tap", "results.tap", vpci_tap_render },
    { "badge", "badge.svg", vpci_badge_render },
    { "shields", "badge.json", vpci_shields_render },
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

int vpci_exit_of(enum vpci_run_verdict verdict)
{
    static const int codes[VPCI_RUN_VERDICT_COUNT] = {
        [VPCI_RUN_CONFORMS] = VPCI_EXIT_CONFORMS,
        [VPCI_RUN_AS_EXPECTED] = VPCI_EXIT_CONFORMS,
        [VPCI_RUN_VIOLATION] = VPCI_EXIT_VIOLATION,
        [VPCI_RUN_INCONCLUSIVE] = VPCI_EXIT_INCONCLUSIVE,
    };
    return codes[verdict];
}
