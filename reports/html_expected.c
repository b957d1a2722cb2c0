/* SPDX-License-Identifier: MIT */
/* reports/html_expected.c - what was known beforehand: failures that a file of expectations excuses, and
 * scenarios that somebody disputes. */
#include "reports/html_page.h"
#include "reports/html_parts.h"

static void add_badge(struct vpci_text *text, const char *class_name, const char *sign, const char *words)
{
    vpci_text_addf(text,
                   "<span class=\"badge %s\"><span class=\"sign\" aria-hidden=\"true\">%s</span>%s</span>",
                   class_name, sign, words);
}

/* Failed cases are listed on the page and can be gone to. */
static void add_example(struct vpci_text *text, const struct vpci_case_result *result)
{
    if (result->verdict == VPCI_CASE_FAIL)
        vpci_text_addf(text, " <a href=\"#case-%u\">such as</a>", result->index);
}

/* What became of the cases that one entry names. */
static void add_outcome(struct vpci_text *text, const struct vpci_summary *summary, uint32_t number)
{
    static const struct {
        const char *class_name, *sign;
    } looks[VPCI_EXPECTED_COUNT] = {
        [VPCI_EXPECTED_AS_EXPECTED] = { "as_expected", "\u2248" },
        [VPCI_EXPECTED_FAILS_OTHERWISE] = { "fail", "\u2717" },
        [VPCI_EXPECTED_UNEXPECTED_PASS] = { "inconclusive", "?" },
        [VPCI_EXPECTED_EXPIRED] = { "fail", "\u2717" },
    };
    const struct vpci_expectation *entry = &summary->results->header.expectations[number];
    bool any = false;
    for (uint32_t i = 0; i < summary->expected_count; i++) {
        const struct vpci_expected_cases *group = &summary->expected[i];
        if (group->entry != entry)
            continue;
        any = true;
        vpci_text_add(text, "<div>");
        add_badge(text, looks[group->expected].class_name, looks[group->expected].sign,
                  vpci_expected_words(group->expected));
        vpci_text_addf(text, " %u", group->cases);
        add_example(text, group->shortest);
        vpci_text_add(text, "</div>");
    }
    if (vpci_summary_is_stale(summary, number))
        add_badge(text, "inconclusive", "?", "stale");
    else if (!any)
        add_badge(text, "not_exercised", "\u25cb", "no case of it here");
}

/* A date, "2027-01-31", which is not to be broken. */
static void add_date(struct vpci_text *text, const char *date)
{
    vpci_text_add(text, "<td class=\"date\">");
    vpci_html_text(text, date);
    vpci_text_add(text, "</td>");
}

static void add_cell(struct vpci_text *text, const char *string)
{
    vpci_text_add(text, "<td>");
    vpci_html_text(text, *string != '\0' ? string : "-");
    vpci_text_add(text, "</td>");
}

static void add_expectation(struct vpci_text *text, const struct vpci_summary *summary, uint32_t number)
{
    const struct vpci_expectation *entry = &summary->results->header.expectations[number];
    vpci_text_add(text, "<tr><th scope=\"row\"><code>");
    vpci_html_text(text, entry->cases);
    vpci_text_add(text, "</code></th><td>");
    add_outcome(text, summary, number);
    vpci_text_addf(text, "</td><td>%s", vpci_case_verdict_words(entry->verdict));
    if (entry->requirement != VPCI_REQUIREMENT_NONE)
        vpci_text_addf(text, ", <a href=\"#%s\">%s</a>", vpci_requirement_info[entry->requirement].id,
                       vpci_requirement_info[entry->requirement].id);
    if (entry->cause[0] != '\0') {
        vpci_text_add(text, ", ");
        vpci_html_text(text, entry->cause);
    }
    vpci_text_add(text, "</td>");
    add_cell(text, entry->reason);
    add_cell(text, entry->owner);
    add_cell(text, entry->issue);
    add_date(text, entry->expires);
    vpci_text_add(text, "</tr>\n");
}

void vpci_html_add_expected(struct vpci_text *text, const struct vpci_summary *summary)
{
    struct vpci_text counts = { 0 };
    if (!vpci_summary_add_expected_counts(&counts, summary))
        return;
    vpci_text_add(text,
                  "<section aria-labelledby=\"expected\">\n<h2 id=\"expected\">Expected failures</h2>\n<p>");
    vpci_html_text(text, counts.bytes);
    vpci_text_add(text,
                  ".</p>\n<section class=\"scroll\" aria-label=\"Expected failures, by entry\" "
                  "tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">cases</th><th scope=\"col\">in this "
                  "run</th><th scope=\"col\">how</th><th scope=\"col\">reason</th><th "
                  "scope=\"col\">owner</th><th scope=\"col\">issue</th><th scope=\"col\">holds "
                  "until</th></tr></thead>\n<tbody>\n");
    for (uint32_t i = 0; i < summary->results->header.expectation_count; i++)
        add_expectation(text, summary, i);
    vpci_text_add(text, "</tbody></table></section>\n</section>\n");
    vpci_text_free(&counts);
}

/* The cases of a disputed scenario, and how they ended. */
static void add_ends(struct vpci_text *text, const struct vpci_summary *summary,
                     const struct vpci_disputed *entry)
{
    bool any = false;
    for (uint32_t i = 0; i < summary->disputed_count; i++) {
        const struct vpci_disputed_cases *group = &summary->disputed[i];
        if (group->entry != entry)
            continue;
        any = true;
        vpci_text_add(text, "<div>");
        vpci_html_case_verdict(text, group->shortest->verdict);
        vpci_text_addf(text, " %u", group->cases);
        add_example(text, group->shortest);
        vpci_text_add(text, "</div>");
    }
    if (!any)
        add_badge(text, "not_exercised", "\u25cb", "no case of it here");
}

static void add_dispute(struct vpci_text *text, const struct vpci_summary *summary,
                        const struct vpci_disputed *entry)
{
    vpci_text_add(text, "<tr><th scope=\"row\"><code>");
    vpci_html_text(text, entry->scenario);
    vpci_text_addf(text, "</code></th><td>%s</td><td>", vpci_dispute_name[entry->dispute]);
    add_ends(text, summary, entry);
    vpci_text_add(text, "</td>");
    add_date(text, entry->date);
    add_cell(text, entry->text);
    vpci_text_add(text, "</tr>\n");
}

void vpci_html_add_disputes(struct vpci_text *text, const struct vpci_summary *summary)
{
    const struct vpci_results_header *header = &summary->results->header;
    struct vpci_text errata = { 0 };
    if (header->dispute_count == 0)
        return;
    vpci_summary_add_errata(&errata, summary);
    vpci_text_addf(text,
                   "<section aria-labelledby=\"disputes\">\n<h2 id=\"disputes\">Disputed scenarios</h2>\n"
                   "<p>Their cases were played and are shown, and count for nothing. Errata %s.</p>\n",
                   errata.bytes);
    vpci_text_add(text,
                  "<section class=\"scroll\" aria-label=\"Disputed scenarios, by entry\" tabindex=\"0\">"
                  "<table>\n<thead><tr><th scope=\"col\">scenario</th><th scope=\"col\">state</th><th "
                  "scope=\"col\">in this run</th><th scope=\"col\">since</th><th "
                  "scope=\"col\">what is disputed</th></tr></thead>\n<tbody>\n");
    for (uint32_t i = 0; i < header->dispute_count; i++)
        add_dispute(text, summary, &header->disputes[i]);
    vpci_text_add(text, "</tbody></table></section>\n</section>\n");
    vpci_text_free(&errata);
}
