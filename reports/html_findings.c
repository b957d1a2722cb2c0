/* SPDX-License-Identifier: MIT */
/* reports/html_findings.c - what failed: one finding for each violated requirement, whole even where there
 * are no scripts, and a list of all failed cases, of which there may be thousands. */
#include <string.h>

#include "reports/html_page.h"
#include "reports/html_parts.h"
#include "reports/layout.h"

static void add_term(struct vpci_text *text, const char *term, const char *words)
{
    vpci_text_addf(text, "<dt>%s</dt><dd>", term);
    vpci_html_text(text, words);
    vpci_text_add(text, "</dd>\n");
}

static void add_title(struct vpci_text *text, const struct vpci_violation *violation)
{
    const struct vpci_case_result *result = violation->shortest;
    vpci_text_add(text, "<span class=\"id\">");
    vpci_html_text(text, violation->requirement != VPCI_REQUIREMENT_NONE
                             ? vpci_requirement_info[violation->requirement].id
                         : result->cause != NULL ? result->cause
                                                 : "failed");
    vpci_text_add(text, "</span> ");
    vpci_html_text(text, vpci_html_reason(result));
    vpci_text_addf(text, " <span class=\"muted\">in %u %s</span>", violation->cases,
                   violation->cases == 1 ? "case" : "cases");
}

static void add_requirement(struct vpci_text *text, const struct vpci_summary *summary,
                            enum vpci_requirement requirement)
{
    const struct vpci_requirement_info *info = &vpci_requirement_info[requirement];
    const struct vpci_catalogue_entry *entry = vpci_catalogue_entry(summary->catalogue, requirement);
    vpci_text_addf(text, "<dt>Required, %s of the %s</dt><dd>", vpci_level_name[info->level],
                   vpci_binds_name[info->binds]);
    vpci_html_text(text, entry->statement);
    vpci_text_addf(text, " <a href=\"#%s\">%s in the matrix</a></dd>\n", info->id, info->id);
    add_term(text, "Source", entry->source);
}

static void add_finding(struct vpci_text *text, const struct vpci_summary *summary,
                        const struct vpci_violation *violation, uint32_t number)
{
    const struct vpci_case_result *result = violation->shortest;
    struct vpci_text lines = { 0 };
    vpci_text_addf(text, "<details class=\"card printed\" id=\"finding-%u\"><summary>", number);
    add_title(text, violation);
    vpci_text_add(text, "</summary>\n<div class=\"inner\"><dl class=\"text\">\n");
    if (violation->requirement != VPCI_REQUIREMENT_NONE)
        add_requirement(text, summary, violation->requirement);
    vpci_text_add(text, "<dt>Case, of those that fail so the one with the shortest trace</dt><dd><code>");
    vpci_html_text(text, result->name);
    vpci_text_add(text, "</code></dd>\n");
    if (result->cause != NULL && strcmp(result->cause, "violation") != 0)
        add_term(text, "Cause", result->cause);
    if (result->detail != NULL)
        add_term(text, "Detail", result->detail);
    vpci_text_add(text, "</dl>\n");
    vpci_text_add(&lines, "");
    vpci_layout_trace(&lines, result, summary->results->header.role, 0);
    if (lines.length > 0)
        vpci_html_add_lines(text, "trace", &lines);
    vpci_html_add_place(text, result, false);
    vpci_text_clear(&lines);
    vpci_summary_command(&lines, summary, result, 0, VPCI_REPORT_COLUMNS);
    vpci_text_add(text, "<p class=\"label\">Repeat it</p>\n");
    vpci_html_add_lines(text, "command", &lines);
    vpci_text_add(text, "</div></details>\n");
    vpci_text_free(&lines);
}

void vpci_html_add_findings(struct vpci_text *text, const struct vpci_summary *summary)
{
    vpci_text_add(text, "<section class=\"findings\" aria-labelledby=\"findings\">\n"
                        "<h2 id=\"findings\">Findings</h2>\n");
    if (summary->violation_count == 0)
        vpci_text_add(text, "<p>None: no case that counts failed.</p>\n");
    for (uint32_t i = 0; i < summary->violation_count; i++)
        add_finding(text, summary, &summary->violations[i], i + 1);
    vpci_text_add(text, "</section>\n");
}

/* Why a failed case does not count as others do. */
static void add_marks(struct vpci_text *text, const struct vpci_case_result *result)
{
    vpci_text_add(text, "<span class=\"marks\">");
    if (result->expected != VPCI_EXPECTED_NOT)
        vpci_text_addf(text, " <span class=\"mark\">%s</span>", vpci_expected_words(result->expected));
    if (result->dispute != VPCI_DISPUTE_NONE)
        vpci_text_addf(text, " <span class=\"mark\">%s</span>", vpci_dispute_name[result->dispute]);
    vpci_text_add(text, "</span>");
}

static void add_case(struct vpci_text *text, const struct vpci_summary *summary,
                     const struct vpci_case_result *result)
{
    struct vpci_text mark = { 0 };
    vpci_text_addf(
        text, "<details id=\"case-%u\"><summary><span class=\"id\">%s</span><code>", result->index,
        result->requirement != VPCI_REQUIREMENT_NONE ? vpci_requirement_info[result->requirement].id : "-");
    vpci_html_text(text, result->name);
    vpci_text_add(text, "</code>");
    add_marks(text, result);
    vpci_text_add(text, "<span class=\"what\">");
    vpci_html_text(text, vpci_html_reason(result));
    vpci_text_add(text, "</span></summary><div class=\"inner\">");
    if (result->has_finding && result->finding.allowed != NULL) {
        vpci_text_add(text, "<p>Allowed there: ");
        vpci_html_text(text, result->finding.allowed);
        vpci_text_add(text, "</p>");
    }
    if (vpci_summary_add_mark(&mark, summary, result)) {
        vpci_text_add(text, "<p>");
        vpci_html_text(text, mark.bytes);
        vpci_text_add(text, "</p>");
    }
    vpci_html_add_place(text, result, true);
    vpci_text_add(text, "</div></details>\n");
    vpci_text_free(&mark);
}

static uint32_t count_failed(const struct vpci_results *results)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < results->case_count; i++)
        count += results->cases[i].verdict == VPCI_CASE_FAIL;
    return count;
}

void vpci_html_add_cases(struct vpci_text *text, const struct vpci_summary *summary)
{
    const uint32_t failed = count_failed(summary->results);
    if (failed == 0)
        return;
    vpci_text_addf(
        text,
        "<section aria-labelledby=\"cases\">\n<h2 id=\"cases\">Failed cases: %u</h2>\n"
        "<form class=\"filters\" id=\"case-filter\" role=\"search\" "
        "aria-label=\"Failed cases\" hidden><div class=\"line\"><label for=\"case-words\">Search</label>"
        "<input type=\"search\" id=\"case-words\" name=\"cases\" autocomplete=\"off\" "
        "placeholder=\"name, requirement, reason\">"
        "<button type=\"reset\">Clear</button>"
        "<output id=\"cases-shown\" class=\"muted\"></output></div></form>\n"
        "<noscript><p class=\"muted\">Sequence diagrams need scripts. The findings above have their "
        "traces as text.</p></noscript>\n"
        "<div class=\"list cases\" id=\"case-list\">\n",
        failed);
    for (uint32_t i = 0; i < summary->results->case_count; i++) {
        if (summary->results->cases[i].verdict == VPCI_CASE_FAIL)
            add_case(text, summary, &summary->results->cases[i]);
    }
    vpci_text_add(text, "</div>\n</section>\n");
}
