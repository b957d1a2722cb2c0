/* SPDX-License-Identifier: MIT */
/* reports/markdown.c - summary.md for a pull request or a job summary. Whatever comes from outside is shown
 * inside of code or escaped, so that it can neither break the page nor mention people, close issues or load
 * pictures. */
#include <stdio.h>
#include <string.h>

#include "reports/layout.h"
#include "reports/markdown_text.h"
#include "reports/report.h"
#include "reports/summary.h"

enum {
    FINDINGS_IN_FULL_MAX = 20,
    CAUSES_MAX = 20,
    MARKED_MAX = 50
}; /* ours: a comment on a pull request holds 65,536 characters */

static void add_head(struct vpci_text *text, const struct vpci_summary *summary)
{
    const struct vpci_results_header *header = &summary->results->header;
    vpci_text_addf(text, "## %s: ", vpci_verdict_title(summary->footer.verdict));
    vpci_markdown_code(text, header->pics.name, false);
    vpci_text_add(text, " ");
    vpci_markdown_code(text, header->pics.version, false);
    vpci_text_addf(text, "\n\nRole %s, profile ", vpci_role_info[header->role].name);
    vpci_markdown_code(text, header->profile, false);
    vpci_text_addf(text, ", seed 0x%llx, adapter ", (unsigned long long)header->seed);
    vpci_markdown_code(text, header->adapter, false);
    if (header->selection[0] != '\0') {
        vpci_text_add(text, ", only ");
        vpci_markdown_code(text, header->selection, false);
    }
    vpci_text_add(text, ", vpci\\-conform ");
    vpci_markdown_code(text, header->kit_version, false);
    vpci_text_add(text, ".\n\n");
    if (!summary->results->sealed)
        vpci_text_add(text, "**The results file is torn:** the run did not end, or its end was lost.\n\n");
}

static void add_counts(struct vpci_text *text, const struct vpci_summary *summary)
{
    vpci_text_add(text, "|");
    for (int i = 0; i < VPCI_CASE_VERDICT_COUNT; i++)
        vpci_text_addf(text, " %s |", vpci_case_verdict_words((enum vpci_case_verdict)i));
    vpci_text_add(text, " planned | with warnings |\n|");
    for (int i = 0; i < VPCI_CASE_VERDICT_COUNT + 2; i++)
        vpci_text_add(text, "--:|");
    vpci_text_add(text, "\n|");
    for (int i = 0; i < VPCI_CASE_VERDICT_COUNT; i++)
        vpci_text_addf(text, " %u |", summary->footer.cases[i]);
    vpci_text_addf(text, " %u | %u |\n", summary->results->header.case_count,
                   summary->footer.cases_with_warnings);
}

/* What the verdict rests on: what was expected, the disputes known when it was given, the evidence. */
static void add_grounds(struct vpci_text *text, const struct vpci_summary *summary)
{
    struct vpci_text words = { 0 };
    vpci_text_add(text, "\n");
    if (vpci_summary_add_expected_counts(&words, summary)) {
        vpci_text_add(text, "Expectations: ");
        vpci_markdown_words(text, words.bytes);
        vpci_text_add(text, ".\n");
    }
    vpci_text_clear(&words);
    vpci_summary_add_errata(&words, summary);
    vpci_text_addf(text, "Errata: %s.\nTranscripts: ", words.bytes);
    vpci_text_clear(&words);
    vpci_summary_add_transcripts(&words, summary);
    vpci_markdown_words(text, words.bytes);
    vpci_text_add(text, ".\n");
    vpci_text_free(&words);
}

static void add_finding(struct vpci_text *text, const struct vpci_summary *summary,
                        const struct vpci_violation *violation)
{
    const struct vpci_case_result *result = violation->shortest;
    const bool known = violation->requirement != VPCI_REQUIREMENT_NONE;
    const char *title = known                   ? vpci_requirement_info[violation->requirement].id
                        : result->cause != NULL ? result->cause
                                                : "failed";
    const char *statement =
        known ? vpci_catalogue_entry(summary->catalogue, violation->requirement)->statement : "";
    struct vpci_text block = { 0 };
    vpci_text_add(text, "\n<details><summary><b><code>");
    vpci_markdown_html(text, title);
    vpci_text_addf(text, "</code></b> in %u %s: <code>", violation->cases,
                   violation->cases == 1 ? "case" : "cases");
    vpci_markdown_html(text, result->has_finding && result->finding.reason != NULL ? result->finding.reason
                             : result->detail != NULL                              ? result->detail
                                                                                   : "no reason given");
    vpci_text_add(text, "</code></summary>\n\n");
    if (known) {
        vpci_text_addf(text,
                       "%s of the %s: ", vpci_level_name[vpci_requirement_info[violation->requirement].level],
                       vpci_binds_name[vpci_requirement_info[violation->requirement].binds]);
        vpci_markdown_words(text, statement);
        vpci_text_add(text, "\n\n");
    }
    vpci_text_add(text, "Case ");
    vpci_markdown_code(text, result->name, false);
    vpci_text_add(text, "\n\n");
    vpci_text_add(&block, "");
    vpci_layout_trace(&block, result, summary->results->header.role, 0);
    vpci_markdown_block(text, "text", &block);
    vpci_text_clear(&block);
    vpci_summary_command(&block, summary, result, 0, VPCI_REPORT_COLUMNS);
    vpci_text_add(text, "\nRepeat it:\n\n");
    vpci_markdown_block(text, "sh", &block);
    vpci_text_add(text, "\n</details>\n");
    vpci_text_free(&block);
}

static void add_findings(struct vpci_text *text, const struct vpci_summary *summary)
{
    if (summary->violation_count == 0)
        return;
    vpci_text_addf(text, "\n### Findings: %u\n", summary->violation_count);
    for (uint32_t i = 0; i < summary->violation_count && i < FINDINGS_IN_FULL_MAX; i++)
        add_finding(text, summary, &summary->violations[i]);
    if (summary->violation_count <= FINDINGS_IN_FULL_MAX)
        return;
    vpci_text_add(text, "\nAnd without their traces:");
    for (uint32_t i = FINDINGS_IN_FULL_MAX; i < summary->violation_count; i++) {
        const struct vpci_violation *violation = &summary->violations[i];
        vpci_text_add(text, i == FINDINGS_IN_FULL_MAX ? " " : ", ");
        vpci_markdown_code(text,
                           violation->requirement != VPCI_REQUIREMENT_NONE
                               ? vpci_requirement_info[violation->requirement].id
                           : violation->shortest->cause != NULL ? violation->shortest->cause
                                                                : "failed",
                           false);
    }
    vpci_text_add(text, "\n");
}

static void add_warnings(struct vpci_text *text, const struct vpci_summary *summary)
{
    bool any = false;
    for (int i = 0; i < VPCI_REQUIREMENT_COUNT; i++) {
        const struct vpci_warned *warned = &summary->warned[i];
        if (warned->cases == 0)
            continue;
        vpci_text_add(
            text,
            any ? "" : "\n### Warnings\n\n| requirement | cases | what | such as |\n|---|--:|---|---|\n");
        any = true;
        vpci_text_addf(text, "| %s | %u | ", i == VPCI_REQUIREMENT_NONE ? "-" : vpci_requirement_info[i].id,
                       warned->cases);
        vpci_markdown_words(text, warned->remark->reason != NULL ? warned->remark->reason : "warned");
        vpci_text_add(text, " | ");
        vpci_markdown_code(text, warned->example->name, true);
        vpci_text_add(text, " |\n");
    }
}

static void add_causes(struct vpci_text *text, const struct vpci_summary *summary)
{
    if (summary->cause_count == 0)
        return;
    vpci_text_add(text, "\n### Cases without pass or fail\n\n| cases | verdict | cause | such as | detail |\n"
                        "|--:|---|---|---|---|\n");
    for (uint32_t i = 0; i < summary->cause_count && i < CAUSES_MAX; i++) {
        const struct vpci_cause *cause = &summary->causes[i];
        vpci_text_addf(text, "| %u | %s | ", cause->cases, vpci_case_verdict_words(cause->example->verdict));
        vpci_markdown_code(text, cause->example->cause != NULL ? cause->example->cause : "", true);
        vpci_text_add(text, " | ");
        vpci_markdown_code(text, cause->example->name, true);
        vpci_text_add(text, " | ");
        vpci_markdown_code(text, cause->example->detail != NULL ? cause->example->detail : "", true);
        vpci_text_add(text, " |\n");
    }
    if (summary->cause_count > CAUSES_MAX)
        vpci_text_addf(text, "\nAnd %u further causes.\n", summary->cause_count - CAUSES_MAX);
}

static void add_cell(struct vpci_text *text, const char *string)
{
    vpci_markdown_code(text, string, true);
    vpci_text_add(text, " | ");
}

/* "| 2 | failed, RD-02 | such as |" and the mark: the columns that expected and disputed cases share. */
static void add_marked(struct vpci_text *text, uint32_t cases, const struct vpci_case_result *result,
                       const char *mark)
{
    vpci_text_addf(text, "| %u | %s", cases, vpci_case_verdict_words(result->verdict));
    if (result->requirement != VPCI_REQUIREMENT_NONE)
        vpci_text_addf(text, ", %s", vpci_requirement_info[result->requirement].id);
    vpci_text_addf(text, " | %s | ", mark);
    add_cell(text, result->name);
}

static void add_entry(struct vpci_text *text, const struct vpci_expectation *entry)
{
    add_cell(text, entry->reason);
    add_cell(text, entry->owner);
    add_cell(text, entry->issue);
    vpci_text_addf(text, "%s |\n", entry->expires);
}

static void add_expected(struct vpci_text *text, const struct vpci_summary *summary)
{
    const struct vpci_results_header *header = &summary->results->header;
    uint32_t rows = 0;
    if (header->expectation_count == 0)
        return;
    vpci_text_add(text, "\n### Expected\n\n| cases | verdict | state | such as | reason | owner | issue | "
                        "expires |\n|--:|---|---|---|---|---|---|---|\n");
    for (uint32_t i = 0; i < summary->expected_count && rows < MARKED_MAX; i++, rows++) {
        const struct vpci_expected_cases *group = &summary->expected[i];
        add_marked(text, group->cases, group->shortest, vpci_expected_words(group->expected));
        add_entry(text, group->entry);
    }
    for (uint32_t i = 0; i < header->expectation_count && rows < MARKED_MAX; i++) {
        if (!vpci_summary_is_stale(summary, i))
            continue;
        rows++;
        vpci_text_add(text, "| 0 | - | **stale** | ");
        add_cell(text, header->expectations[i].cases);
        add_entry(text, &header->expectations[i]);
    }
    if (rows == MARKED_MAX)
        vpci_text_add(text, "\nThere may be more; the console report has all of them.\n");
}

static void add_disputed(struct vpci_text *text, const struct vpci_summary *summary)
{
    if (summary->disputed_count == 0)
        return;
    vpci_text_add(text, "\n### In dispute, not counted\n\n| cases | verdict | state | such as | since | text "
                        "|\n|--:|---|---|---|---|---|\n");
    for (uint32_t i = 0; i < summary->disputed_count && i < MARKED_MAX; i++) {
        const struct vpci_disputed_cases *group = &summary->disputed[i];
        add_marked(text, group->cases, group->shortest, vpci_dispute_name[group->shortest->dispute]);
        vpci_text_addf(text, "%s | ", group->entry != NULL ? group->entry->date : "-");
        add_cell(text, group->entry != NULL ? group->entry->text : "-");
        vpci_text_add(text, "\n");
    }
    if (summary->disputed_count > MARKED_MAX)
        vpci_text_addf(text, "\nAnd %u further kinds.\n", summary->disputed_count - MARKED_MAX);
}

static void add_requirements(struct vpci_text *text, const struct vpci_summary *summary)
{
    vpci_text_add(text, "\n<details><summary>Requirements by group</summary>\n\n| group |");
    for (int i = 0; i < VPCI_REQUIREMENT_VERDICT_COUNT; i++)
        vpci_text_addf(text, " %s |", vpci_requirement_verdict_words((enum vpci_requirement_verdict)i));
    vpci_text_add(text, "\n|---|");
    for (int i = 0; i < VPCI_REQUIREMENT_VERDICT_COUNT; i++)
        vpci_text_add(text, "--:|");
    vpci_text_add(text, "\n");
    for (uint32_t at = 0; at < summary->section_count; at++) {
        vpci_text_addf(text, "| %s |", summary->sections[at].name);
        for (int i = 0; i < VPCI_REQUIREMENT_VERDICT_COUNT; i++)
            vpci_text_addf(text, " %u |", summary->sections[at].counts[i]);
        vpci_text_add(text, "\n");
    }
    vpci_text_add(text, "\n</details>\n");
}

static void add_caveat(void *context, const char *caveat)
{
    struct vpci_text *text = context;
    vpci_text_add(text, "- ");
    vpci_markdown_words(text, caveat);
    vpci_text_add(text, "\n");
}

void vpci_markdown_render(struct vpci_text *text, const struct vpci_results *results,
                          const struct vpci_catalogue *catalogue)
{
    struct vpci_summary summary;
    vpci_summary_make(&summary, results, catalogue);
    add_head(text, &summary);
    add_counts(text, &summary);
    add_grounds(text, &summary);
    add_findings(text, &summary);
    add_expected(text, &summary);
    add_disputed(text, &summary);
    add_warnings(text, &summary);
    add_causes(text, &summary);
    add_requirements(text, &summary);
    vpci_text_add(text, "\n<details><summary>What this does not prove</summary>\n\n");
    vpci_summary_caveats(&summary, add_caveat, text);
    vpci_text_add(text, "\n</details>\n");
    vpci_summary_free(&summary);
}
