/* SPDX-License-Identifier: MIT */
/* reports/report.h - the table of formats. A rendering is a pure function of results and catalogue: no clock,
 * no path, no environment. To add a format is one new file and one row here. */
#ifndef VPCI_REPORT_H
#define VPCI_REPORT_H

#include "harness/requirements.h"
#include "harness/result.h"
#include "harness/text.h"

/* Appends the report to text. results may be torn (not sealed), which every report says. Both borrowed. */
typedef void vpci_render_fn(struct vpci_text *text, const struct vpci_results *results,
                            const struct vpci_catalogue *catalogue);

struct vpci_report_format {
    const char *name;      /* of --format */
    const char *file_name; /* below --out; NULL when it is only printed */
    vpci_render_fn *render;
};

/* Ends at a NULL name. The first is the default. */
extern const struct vpci_report_format vpci_report_formats[];

/* NULL when there is none of that name. */
const struct vpci_report_format *vpci_report_format_from_name(const char *name);

/* Appends the names, separated by spaces. */
void vpci_report_format_names(struct vpci_text *text);

vpci_render_fn vpci_console_render; /* without colour */
vpci_render_fn vpci_junit_render;
vpci_render_fn vpci_markdown_render;
vpci_render_fn vpci_html_render;
vpci_render_fn vpci_sarif_render;
vpci_render_fn vpci_tap_render;
vpci_render_fn vpci_badge_render;
vpci_render_fn vpci_shields_render;

/* The exit code that goes with a run's verdict. */
int vpci_exit_of(enum vpci_run_verdict verdict);

#endif
