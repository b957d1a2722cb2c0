/* SPDX-License-Identifier: MIT */
/* reports/html_history.c - many runs, oldest first: verdict, counts, and where a requirement's verdict is not
 * what it was the run before. */
#include <string.h>

#include "reports/html_page.h"
#include "reports/html_parts.h"

enum { HISTORY_COLUMNS = 9 };

static bool is_changed(const struct vpci_history_run *before, const struct vpci_history_run *now, int at)
{
    return before->footer.requirements[at].verdict != now->footer.requirements[at].verdict;
}

static uint32_t count_changes(const struct vpci_history_run *before, const struct vpci_history_run *now)
{
    uint32_t count = 0;
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++)
        count += is_changed(before, now, i);
    return count;
}

/* What the run was held to that the one before was not: a verdict may differ because of it. */
static void add_new_basis(struct vpci_text *text, const struct vpci_results_header *before,
                          const struct vpci_results_header *now)
{
    const struct {
        const char *then, *now, *words;
    } basis[] = {
        { before->adapter_digest, now->adapter_digest, "other implementation" },
        { before->suite_digest, now->suite_digest, "other suite" },
        { before->model_digest, now->model_digest, "other model" },
        { before->profile_digest, now->profile_digest, "other profile" },
        { before->disputes_digest, now->disputes_digest, "other errata" },
        { before->expect_digest, now->expect_digest, "other expectations" },
        { before->selection, now->selection, "other selection" },
    };
    const char *separator = "";
    for (size_t i = 0; i < sizeof basis / sizeof basis[0]; i++) {
        if (strcmp(basis[i].then, basis[i].now) == 0)
            continue;
        vpci_text_addf(text, "%s%s", separator, basis[i].words);
        separator = ", ";
    }
}

static void add_changes(struct vpci_text *text, const struct vpci_history_run *before,
                        const struct vpci_history_run *now)
{
    const uint32_t count = count_changes(before, now);
    if (count > 0) {
        vpci_text_addf(text, "<details><summary><span class=\"mark\">\u25c6 %u changed</span></summary><ul>",
                       count);
        for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
            if (is_changed(before, now, i))
                vpci_text_addf(text, "<li><a href=\"#%s\">%s</a> %s, was %s</li>",
                               vpci_requirement_info[i].id, vpci_requirement_info[i].id,
                               vpci_requirement_verdict_words(now->footer.requirements[i].verdict),
                               vpci_requirement_verdict_words(before->footer.requirements[i].verdict));
        }
        vpci_text_add(text, "</ul></details>");
    }
    vpci_text_add(text, "<span class=\"muted\">");
    add_new_basis(text, &before->header, &now->header);
    vpci_text_add(text, "</span>");
}

static void add_number(struct vpci_text *text, uint32_t number)
{
    vpci_text_addf(text, "<td class=\"number%s\">%u</td>", number == 0 ? " zero" : "", number);
}

static void add_run(struct vpci_text *text, const struct vpci_history_run *before,
                    const struct vpci_history_run *now)
{
    const struct vpci_results_footer *footer = &now->footer;
    vpci_text_add(text, "<tr><th scope=\"row\" class=\"run\">");
    vpci_html_text(text, now->label);
    vpci_text_add(text, "</th><td>");
    vpci_html_run_verdict(text, footer->verdict);
    vpci_text_add(text, now->sealed ? "</td><td>" : " <span class=\"mark\">torn</span></td><td>");
    vpci_html_text(text, now->header.pics.name);
    vpci_text_add(text, " ");
    vpci_html_text(text, now->header.pics.version);
    vpci_text_add(text, "</td>");
    add_number(text, footer->cases[VPCI_CASE_PASS]);
    add_number(text, footer->cases[VPCI_CASE_FAIL]);
    add_number(text, footer->cases[VPCI_CASE_INCONCLUSIVE] + footer->cases[VPCI_CASE_ERROR]);
    add_number(text, footer->cases[VPCI_CASE_NOT_APPLICABLE] + footer->cases[VPCI_CASE_SKIPPED]);
    add_number(text, footer->cases_with_warnings);
    vpci_text_add(text, "<td>");
    if (before != NULL)
        add_changes(text, before, now);
    vpci_text_add(text, "</td></tr>\n");
}

void vpci_html_add_history(struct vpci_text *text, const struct vpci_history *history)
{
    static const char *const columns[HISTORY_COLUMNS] = {
        "run",     "verdict",       "implementation",
        "passed",  "failed",        "no verdict",
        "not run", "with warnings", "requirements against the run before",
    };
    if (history == NULL || history->count == 0)
        return;
    vpci_text_addf(text,
                   "<section aria-labelledby=\"history\">\n<h2 id=\"history\">History: %u %s, oldest "
                   "first</h2>\n<section class=\"scroll\" aria-label=\"History\" "
                   "tabindex=\"0\"><table>\n<thead><tr>",
                   history->count, history->count == 1 ? "run" : "runs");
    for (int i = 0; i < HISTORY_COLUMNS; i++)
        vpci_text_addf(text, "<th scope=\"col\"%s>%s</th>", i >= 3 && i <= 7 ? " class=\"number\"" : "",
                       columns[i]);
    vpci_text_add(text, "</tr></thead>\n<tbody>\n");
    for (uint32_t i = 0; i < history->count; i++)
        add_run(text, i == 0 ? NULL : &history->runs[i - 1], &history->runs[i]);
    vpci_text_add(text, "</tbody></table></section>\n</section>\n");
}
