/* SPDX-License-Identifier: MIT */
/* reports/html_matrix.c - every requirement: how many of each group have which verdict, and a row each with
 * what is required, by which document, and what this run saw of it. */
#include <string.h>

#include "reports/html_page.h"
#include "reports/html_parts.h"

static void add_count(struct vpci_text *text, const struct vpci_section *section,
                      enum vpci_requirement_verdict verdict)
{
    if (section->counts[verdict] == 0) {
        vpci_text_add(text, "<td class=\"number zero\">\u00b7<span class=\"sr\">0</span></td>");
        return;
    }
    vpci_text_addf(text,
                   "<td class=\"number\"><a class=\"count %s\" href=\"#verdict=%s&amp;group=%s\">%u<span "
                   "class=\"sr\"> %s "
                   "%s</span></a></td>",
                   vpci_requirement_verdict_name[verdict], vpci_requirement_verdict_name[verdict],
                   section->name, section->counts[verdict], section->name,
                   vpci_requirement_verdict_words(verdict));
}

static void add_sums(struct vpci_text *text, const struct vpci_summary *summary)
{
    uint32_t all = 0;
    vpci_text_add(text, "<tfoot><tr><th scope=\"row\">all</th>");
    for (int i = 0; i < VPCI_REQUIREMENT_VERDICT_COUNT; i++) {
        uint32_t sum = 0;
        for (uint32_t at = 0; at < summary->section_count; at++)
            sum += summary->sections[at].counts[i];
        vpci_text_addf(text, "<td class=\"number%s\">%u</td>", sum == 0 ? " zero" : "", sum);
        all += sum;
    }
    vpci_text_addf(text, "<td class=\"number\">%u</td></tr></tfoot>\n", all);
}

static void add_table(struct vpci_text *text, const struct vpci_summary *summary)
{
    vpci_text_add(text, "<section class=\"scroll\" aria-label=\"Requirements by group and verdict\" "
                        "tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">group</th>");
    for (int i = 0; i < VPCI_REQUIREMENT_VERDICT_COUNT; i++) {
        vpci_text_add(text, "<th scope=\"col\" class=\"number\">");
        vpci_html_requirement_verdict(text, (enum vpci_requirement_verdict)i);
        vpci_text_add(text, "</th>");
    }
    vpci_text_add(text, "<th scope=\"col\" class=\"number\">all</th></tr></thead>\n<tbody>\n");
    for (uint32_t at = 0; at < summary->section_count; at++) {
        const struct vpci_section *section = &summary->sections[at];
        vpci_text_addf(text, "<tr><th scope=\"row\"><a href=\"#group=%s\">%s</a></th>", section->name,
                       section->name);
        for (int i = 0; i < VPCI_REQUIREMENT_VERDICT_COUNT; i++)
            add_count(text, section, (enum vpci_requirement_verdict)i);
        vpci_text_addf(text, "<td class=\"number\">%u</td></tr>\n", section->total);
    }
    vpci_text_add(text, "</tbody>\n");
    add_sums(text, summary);
    vpci_text_add(text, "</table></section>\n");
}

static void add_options(struct vpci_text *text, const char *name, const char *label)
{
    vpci_text_addf(text,
                   "<label for=\"filter-%s\">%s</label><select id=\"filter-%s\" name=\"%s\">"
                   "<option value=\"\">all</option>",
                   name, label, name, name);
}

static void add_filters(struct vpci_text *text, const struct vpci_summary *summary)
{
    vpci_text_add(text, "<form class=\"filters\" id=\"filters\" role=\"search\" aria-label=\"Requirements\" "
                        "hidden>\n<fieldset><legend class=\"sr\">Verdict</legend>");
    for (int i = 0; i < VPCI_REQUIREMENT_VERDICT_COUNT; i++) {
        vpci_text_addf(text, "<label class=\"chip\"><input type=\"checkbox\" name=\"verdict\" value=\"%s\">",
                       vpci_requirement_verdict_name[i]);
        vpci_html_requirement_verdict(text, (enum vpci_requirement_verdict)i);
        vpci_text_add(text, "</label>");
    }
    vpci_text_add(text, "</fieldset>\n<div class=\"line\">");
    add_options(text, "level", "Level");
    for (int i = VPCI_LEVEL_MUST; i <= VPCI_LEVEL_IMPL; i++)
        vpci_text_addf(text, "<option>%s</option>", vpci_level_name[i]);
    vpci_text_add(text, "</select>");
    add_options(text, "group", "Group");
    for (uint32_t at = 0; at < summary->section_count; at++)
        vpci_text_addf(text, "<option>%s</option>", summary->sections[at].name);
    vpci_text_add(text, "</select><label for=\"filter-words\">Search</label>"
                        "<input type=\"search\" id=\"filter-words\" name=\"q\" autocomplete=\"off\" "
                        "placeholder=\"id, words of the text\"><button type=\"reset\">Clear</button>"
                        "<output id=\"requirements-shown\" class=\"muted\"></output></div></form>\n");
}

static void add_number(struct vpci_text *text, uint32_t number, const char *what)
{
    vpci_text_addf(text, "<span class=\"number%s\">%u<span class=\"sr\"> %s</span></span>",
                   number == 0 ? " zero" : "", number, what);
}

static void add_term(struct vpci_text *text, const char *term, const char *words)
{
    if (words == NULL)
        return;
    vpci_text_addf(text, "<dt>%s</dt><dd>", term);
    vpci_html_text(text, words);
    vpci_text_add(text, "</dd>");
}

/* The number of the finding about a requirement, 0 when there is none. */
static uint32_t finding_of(const struct vpci_summary *summary, enum vpci_requirement requirement)
{
    for (uint32_t i = 0; i < summary->violation_count; i++) {
        if (summary->violations[i].requirement == requirement)
            return i + 1;
    }
    return 0;
}

static void add_row(struct vpci_text *text, const struct vpci_summary *summary,
                    enum vpci_requirement requirement, const char *group)
{
    const struct vpci_requirement_info *info = &vpci_requirement_info[requirement];
    const struct vpci_catalogue_entry *entry = vpci_catalogue_entry(summary->catalogue, requirement);
    const enum vpci_requirement_verdict verdict = summary->footer.requirements[requirement].verdict;
    const uint32_t finding = finding_of(summary, requirement);
    vpci_text_addf(text,
                   "<details id=\"%s\" data-verdict=\"%s\" data-level=\"%s\" data-group=\"%s\"><summary>"
                   "<span class=\"id\">%s</span> <span>",
                   info->id, vpci_requirement_verdict_name[verdict], vpci_level_name[info->level], group,
                   info->id);
    vpci_html_requirement_verdict(text, verdict);
    vpci_text_addf(text, "</span> <span class=\"level\">%s</span> <span class=\"what\">",
                   vpci_level_name[info->level]);
    vpci_html_text(text, entry->statement);
    vpci_text_add(text, "</span> ");
    add_number(text, summary->footer.requirements[requirement].exercised, "exercised");
    add_number(text, summary->footer.requirements[requirement].failed, "failed");
    add_number(text, summary->footer.requirements[requirement].warned, "warned");
    vpci_text_addf(text, "</summary><div class=\"inner\"><dl class=\"text\"><dt>Binds</dt><dd>%s</dd>",
                   vpci_binds_name[info->binds]);
    add_term(text, "Source", entry->source);
    add_term(text, "What the kit sees of it", entry->observed);
    add_term(text, "Why it cannot be seen", entry->not_observable);
    if (summary->footer.requirements[requirement].probed)
        add_term(text, "Refusal",
                 "It was tried although the implementation does not claim it, and was refused.");
    vpci_text_add(text, "</dl>");
    if (finding != 0)
        vpci_text_addf(text, "<p><a href=\"#finding-%u\">What was found against it</a></p>", finding);
    vpci_text_add(text, "</div></details>\n");
}

/* A requirement belongs to the group that its id starts with. */
static bool is_of_group(enum vpci_requirement requirement, const char *group)
{
    const char *id = vpci_requirement_info[requirement].id;
    const size_t length = strlen(group);
    return strncmp(id, group, length) == 0 && id[length] == '-';
}

static void add_rows(struct vpci_text *text, const struct vpci_summary *summary)
{
    vpci_text_add(text, "<div class=\"list requirements\" id=\"requirement-list\">\n");
    for (uint32_t at = 0; at < summary->section_count; at++) {
        const char *group = summary->sections[at].name;
        vpci_text_addf(
            text,
            "<div class=\"group\" data-group=\"%s\"><h3>%s</h3><span aria-hidden=\"true\">exercised"
            "</span><span aria-hidden=\"true\">failed</span><span aria-hidden=\"true\">warned</span>"
            "</div>\n",
            group, group);
        for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
            if (is_of_group((enum vpci_requirement)i, group))
                add_row(text, summary, (enum vpci_requirement)i, group);
        }
    }
    vpci_text_add(text, "</div>\n");
}

void vpci_html_add_matrix(struct vpci_text *text, const struct vpci_summary *summary)
{
    vpci_text_add(text,
                  "<section aria-labelledby=\"requirements\">\n<h2 id=\"requirements\">Requirements</h2>\n");
    add_table(text, summary);
    add_filters(text, summary);
    add_rows(text, summary);
    vpci_text_add(text, "</section>\n");
}
