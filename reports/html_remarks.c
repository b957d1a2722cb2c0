/* SPDX-License-Identifier: MIT */
/* reports/html_remarks.c - what speaks neither for nor against conformance: warnings, cases without pass or
 * fail, and refusals of what is not claimed. */
#include <string.h>

#include "reports/html_page.h"
#include "reports/html_parts.h"

static void add_warning(struct vpci_text *text, const struct vpci_warned *warned, int requirement)
{
    vpci_text_addf(text, "<details class=\"card\" id=\"warning-%d\"><summary><span class=\"id\">%s</span> ",
                   requirement,
                   requirement == VPCI_REQUIREMENT_NONE ? "-" : vpci_requirement_info[requirement].id);
    vpci_html_text(text, warned->remark->reason != NULL ? warned->remark->reason : "warned");
    vpci_text_addf(text,
                   " <span class=\"muted\">in %u %s</span></summary><div class=\"inner\"><p>Such as <code>",
                   warned->cases, warned->cases == 1 ? "case" : "cases");
    vpci_html_text(text, warned->example->name);
    vpci_text_add(text, "</code></p>\n");
    if (warned->remark->allowed != NULL) {
        vpci_text_add(text, "<p>Allowed there: ");
        vpci_html_text(text, warned->remark->allowed);
        vpci_text_add(text, "</p>\n");
    }
    vpci_html_add_place(text, warned->example, true);
    vpci_text_add(text, "</div></details>\n");
}

static void add_warnings(struct vpci_text *text, const struct vpci_summary *summary)
{
    bool any = false;
    for (int i = 0; i < VPCI_REQUIREMENT_COUNT; i++) {
        if (summary->warned[i].cases == 0)
            continue;
        if (!any)
            vpci_text_add(text,
                          "<section aria-labelledby=\"warnings\">\n<h2 id=\"warnings\">Warnings</h2>\n");
        any = true;
        add_warning(text, &summary->warned[i], i);
    }
    vpci_text_add(text, any ? "</section>\n" : "");
}

static void add_cause(struct vpci_text *text, const struct vpci_cause *cause, uint32_t number)
{
    const struct vpci_case_result *example = cause->example;
    vpci_text_addf(text, "<details class=\"card\" id=\"cause-%u\"><summary>", number);
    vpci_html_case_verdict(text, example->verdict);
    vpci_text_add(text, " <span class=\"id\">");
    vpci_html_text(text, example->cause != NULL ? example->cause : "no cause");
    vpci_text_addf(text,
                   "</span> <span class=\"muted\">in %u %s</span></summary><div class=\"inner\"><p>Such as "
                   "<code>",
                   cause->cases, cause->cases == 1 ? "case" : "cases");
    vpci_html_text(text, example->name);
    vpci_text_add(text, "</code></p>\n");
    if (example->detail != NULL) {
        vpci_text_add(text, "<p>Detail: ");
        vpci_html_text(text, example->detail);
        vpci_text_add(text, "</p>\n");
    }
    vpci_html_add_place(text, example, true);
    vpci_text_add(text, "</div></details>\n");
}

static void add_causes(struct vpci_text *text, const struct vpci_summary *summary)
{
    if (summary->cause_count == 0)
        return;
    vpci_text_add(text, "<section aria-labelledby=\"causes\">\n<h2 id=\"causes\">Cases without pass or "
                        "fail</h2>\n");
    for (uint32_t i = 0; i < summary->cause_count; i++)
        add_cause(text, &summary->causes[i], i + 1);
    vpci_text_add(text, "</section>\n");
}

static void add_refusals(struct vpci_text *text, const struct vpci_summary *summary)
{
    bool any = false;
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
        if (!summary->footer.requirements[i].probed)
            continue;
        if (!any)
            vpci_text_add(text,
                          "<section aria-labelledby=\"refusals\">\n<h2 id=\"refusals\">Refusals that were "
                          "seen</h2>\n<p>These requirements do not apply, for want of a claimed capability. "
                          "What they are about was tried all the same, and refused:</p>\n<p>");
        vpci_text_addf(text, "%s<a href=\"#%s\">%s</a>", any ? ", " : "", vpci_requirement_info[i].id,
                       vpci_requirement_info[i].id);
        any = true;
    }
    vpci_text_add(text, any ? ".</p>\n</section>\n" : "");
}

void vpci_html_add_remarks(struct vpci_text *text, const struct vpci_summary *summary)
{
    add_warnings(text, summary);
    add_causes(text, summary);
    add_refusals(text, summary);
}
