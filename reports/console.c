/* SPDX-License-Identifier: MIT */
/* reports/console.c - the closing report: verdict first, then counts, requirements by group, one finding for
 * each violated requirement, cases without a verdict, and what the run does not prove. Fits
 * VPCI_REPORT_COLUMNS. */
#include "reports/console.h"

#include <stdio.h>
#include <string.h>

#include "reports/layout.h"
#include "reports/summary.h"

enum { SECTION_COLUMNS = 8, CAUSE_EXAMPLES_MAX = 12, MARKED_MAX = 50 };

enum colour { PLAIN, BOLD, GOOD, BAD, UNSURE };

struct page {
    struct vpci_text *text;
    const struct vpci_summary *summary;
    bool colour;
};

static void add_coloured(struct page *page, enum colour colour, const char *words)
{
    static const char *const codes[] = {
        [PLAIN] = "", [BOLD] = "1", [GOOD] = "1;32", [BAD] = "1;31", [UNSURE] = "1;33"
    };
    if (page->colour && colour != PLAIN)
        vpci_text_addf(page->text, "\x1b[%sm", codes[colour]);
    vpci_text_add(page->text, words);
    if (page->colour && colour != PLAIN)
        vpci_text_add(page->text, "\x1b[0m");
}

static void add_heading(struct page *page, const char *words)
{
    vpci_text_add(page->text, "\n");
    add_coloured(page, BOLD, words);
    vpci_text_add(page->text, "\n");
}

/* A label in a column of its own, then words that wrap behind it. */
static void add_labelled(struct page *page, unsigned indent, const char *label, const char *words)
{
    const unsigned column = indent + 10;
    vpci_text_addf(page->text, "%*s%-10s", (int)indent, "", label);
    vpci_layout_words(page->text, column, column, words);
}

static void add_verdict(struct page *page)
{
    static const enum colour colours[VPCI_RUN_VERDICT_COUNT] = {
        [VPCI_RUN_CONFORMS] = GOOD,
        [VPCI_RUN_AS_EXPECTED] = UNSURE,
        [VPCI_RUN_VIOLATION] = BAD,
        [VPCI_RUN_INCONCLUSIVE] = UNSURE,
    };
    const struct vpci_results_header *header = &page->summary->results->header;
    const char *title = vpci_verdict_title(page->summary->footer.verdict);
    struct vpci_text words = { 0 };
    vpci_text_addf(&words, "  %s %s as %s, profile %s, seed 0x%llx", header->pics.name, header->pics.version,
                   vpci_role_info[header->role].name, header->profile, (unsigned long long)header->seed);
    add_coloured(page, colours[page->summary->footer.verdict], title);
    vpci_layout_words(page->text, (unsigned)strlen(title), (unsigned)strlen(title), words.bytes);
    vpci_text_free(&words);
}

static void add_counts(struct page *page)
{
    const struct vpci_results_footer *footer = &page->summary->footer;
    struct vpci_text words = { 0 };
    for (int i = 0; i < VPCI_CASE_VERDICT_COUNT; i++)
        vpci_text_addf(&words, "%s%u %s", i == 0 ? "" : ", ", footer->cases[i],
                       vpci_case_verdict_words((enum vpci_case_verdict)i));
    vpci_text_addf(&words, "; of %u", page->summary->results->header.case_count);
    if (footer->cases_with_warnings > 0)
        vpci_text_addf(&words, ", %u with warnings", footer->cases_with_warnings);
    add_labelled(page, 0, "cases", words.bytes);
    vpci_text_clear(&words);
    if (vpci_summary_add_expected_counts(&words, page->summary))
        add_labelled(page, 0, "expected", words.bytes);
    vpci_text_free(&words);
    if (!page->summary->results->sealed)
        add_labelled(page, 0, "torn",
                     "the results file has no valid seal: the run did not end, or its end was lost");
}

/* What the verdict rests on: the disputes known when it was given, and the evidence. */
static void add_grounds(struct page *page)
{
    struct vpci_text words = { 0 };
    vpci_summary_add_errata(&words, page->summary);
    add_labelled(page, 0, "errata", words.bytes);
    vpci_text_clear(&words);
    vpci_summary_add_transcripts(&words, page->summary);
    add_labelled(page, 0, "evidence", words.bytes);
    vpci_text_free(&words);
}

/* Each column is as wide as its heading, and two spaces. */
static int columns_of(int verdict)
{
    return (int)strlen(vpci_requirement_verdict_words((enum vpci_requirement_verdict)verdict)) + 2;
}

static void add_row(struct page *page, const struct vpci_section *section)
{
    vpci_text_addf(page->text, "%-*s", SECTION_COLUMNS, section->name);
    for (int i = 0; i < VPCI_REQUIREMENT_VERDICT_COUNT; i++) {
        if (section->counts[i] == 0)
            vpci_text_addf(page->text, "%*s", columns_of(i), ".");
        else
            vpci_text_addf(page->text, "%*u", columns_of(i), section->counts[i]);
    }
    vpci_text_add(page->text, "\n");
}

/* A group of which this run could not see anything is named below the table and has no row. */
static bool is_out_of_reach(const struct vpci_section *section)
{
    return section->counts[VPCI_REQUIREMENT_NOT_OBSERVABLE_VERDICT] +
               section->counts[VPCI_REQUIREMENT_NOT_APPLICABLE_VERDICT] ==
           section->total;
}

static void add_requirements(struct page *page)
{
    const struct vpci_summary *summary = page->summary;
    struct vpci_section sum = { .name = "all" };
    struct vpci_text absent = { 0 };
    vpci_text_addf(page->text, "\n%-*s", SECTION_COLUMNS, "");
    for (int i = 0; i < VPCI_REQUIREMENT_VERDICT_COUNT; i++)
        vpci_text_addf(page->text, "  %s", vpci_requirement_verdict_words((enum vpci_requirement_verdict)i));
    vpci_text_add(page->text, "\n");
    for (uint32_t at = 0; at < summary->section_count; at++) {
        const struct vpci_section *section = &summary->sections[at];
        for (int i = 0; i < VPCI_REQUIREMENT_VERDICT_COUNT; i++)
            sum.counts[i] += section->counts[i];
        sum.total += section->total;
        if (!is_out_of_reach(section))
            add_row(page, section);
        else
            vpci_text_addf(&absent, "%s%s", absent.length == 0 ? "" : ", ", section->name);
    }
    add_row(page, &sum);
    if (absent.length > 0)
        vpci_text_addf(page->text, "%-*s(not applicable or not observable here: %s)\n", SECTION_COLUMNS, "",
                       absent.bytes);
    vpci_text_free(&absent);
}

static void add_finding(struct page *page, const struct vpci_violation *violation, uint32_t number)
{
    const struct vpci_case_result *result = violation->shortest;
    char title[64];
    if (violation->requirement == VPCI_REQUIREMENT_NONE) {
        snprintf(title, sizeof title, "\n%u. ", number);
        add_coloured(page, BOLD, title);
        vpci_layout_words(page->text, 5, (unsigned)strlen(title) - 1,
                          result->cause != NULL ? result->cause : "failed");
    } else {
        const struct vpci_requirement_info *info = &vpci_requirement_info[violation->requirement];
        snprintf(title, sizeof title, "\n%u. %s", number, info->id);
        add_coloured(page, BAD, title);
        vpci_text_addf(page->text, "  %s of the %s\n", vpci_level_name[info->level],
                       vpci_binds_name[info->binds]);
        add_labelled(page, 3, "requires",
                     vpci_catalogue_entry(page->summary->catalogue, violation->requirement)->statement);
        add_labelled(page, 3, "source",
                     vpci_catalogue_entry(page->summary->catalogue, violation->requirement)->source);
    }
    add_labelled(page, 3, "case", result->name);
    if (result->cause != NULL && strcmp(result->cause, "violation") != 0)
        add_labelled(page, 3, "cause", result->cause);
    if (result->detail != NULL)
        add_labelled(page, 3, "detail", result->detail);
    vpci_layout_trace(page->text, result, page->summary->results->header.role, 1);
    if (violation->cases > 1) {
        char also[64];
        snprintf(also, sizeof also, "%u further %s", violation->cases - 1,
                 violation->cases == 2 ? "case" : "cases");
        add_labelled(page, 3, "also", also);
    }
    vpci_text_add(page->text, "   repeat\n");
    vpci_summary_command(page->text, page->summary, result, 5, VPCI_REPORT_COLUMNS);
}

static void add_findings(struct page *page)
{
    const struct vpci_summary *summary = page->summary;
    char heading[64];
    if (summary->violation_count == 0)
        return;
    snprintf(heading, sizeof heading, "Findings: %u", summary->violation_count);
    add_heading(page, heading);
    for (uint32_t i = 0; i < summary->violation_count; i++)
        add_finding(page, &summary->violations[i], i + 1);
}

static void add_warnings(struct page *page)
{
    bool any = false;
    for (int i = 0; i < VPCI_REQUIREMENT_COUNT; i++) {
        const struct vpci_warned *warned = &page->summary->warned[i];
        struct vpci_text words = { 0 };
        if (warned->cases == 0)
            continue;
        if (!any)
            add_heading(page, "Warnings");
        any = true;
        vpci_text_addf(&words, "%s in %u %s, such as %s",
                       warned->remark->reason != NULL ? warned->remark->reason : "warned", warned->cases,
                       warned->cases == 1 ? "case" : "cases", warned->example->name);
        add_labelled(page, 2, i == VPCI_REQUIREMENT_NONE ? "-" : vpci_requirement_info[i].id, words.bytes);
        vpci_text_free(&words);
    }
}

static void add_causes(struct page *page)
{
    const struct vpci_summary *summary = page->summary;
    for (uint32_t i = 0; i < summary->cause_count; i++) {
        const struct vpci_cause *cause = &summary->causes[i];
        struct vpci_text words = { 0 };
        if (i == 0)
            add_heading(page, "Cases without pass or fail");
        if (i == CAUSE_EXAMPLES_MAX) {
            vpci_text_addf(page->text, "  ... and %u further causes\n", summary->cause_count - i);
            break;
        }
        vpci_text_addf(&words, "  %u %s: ", cause->cases, vpci_case_verdict_words(cause->example->verdict));
        vpci_text_add_plain(&words, cause->example->cause != NULL ? cause->example->cause : "no cause");
        vpci_layout_words(page->text, 4, 0, words.bytes);
        add_labelled(page, 4, "such as", cause->example->name);
        if (cause->example->detail != NULL)
            add_labelled(page, 4, "detail", cause->example->detail);
        vpci_text_free(&words);
    }
}

/* "2 failed, RD-02: contested" */
static void add_marked(struct page *page, uint32_t cases, const struct vpci_case_result *result,
                       const char *mark)
{
    struct vpci_text words = { 0 };
    vpci_text_addf(&words, "  %u %s", cases, vpci_case_verdict_words(result->verdict));
    if (result->requirement != VPCI_REQUIREMENT_NONE)
        vpci_text_addf(&words, ", %s", vpci_requirement_info[result->requirement].id);
    else if (result->cause != NULL)
        vpci_text_addf(&words, ", %s", result->cause);
    vpci_text_addf(&words, ": %s", mark);
    vpci_layout_words(page->text, 4, 0, words.bytes);
    add_labelled(page, 4, "such as", result->name);
    vpci_text_free(&words);
}

static void add_entry(struct page *page, const struct vpci_expectation *entry)
{
    add_labelled(page, 4, "reason", entry->reason);
    add_labelled(page, 4, "owner", entry->owner);
    add_labelled(page, 4, "issue", entry->issue);
    add_labelled(page, 4, "expires", entry->expires);
}

static void add_expected(struct page *page)
{
    const struct vpci_summary *summary = page->summary;
    const struct vpci_results_header *header = &summary->results->header;
    if (header->expectation_count > 0)
        add_heading(page, "Expected");
    for (uint32_t i = 0; i < summary->expected_count && i < MARKED_MAX; i++) {
        const struct vpci_expected_cases *group = &summary->expected[i];
        add_marked(page, group->cases, group->shortest, vpci_expected_words(group->expected));
        add_entry(page, group->entry);
    }
    if (summary->expected_count > MARKED_MAX)
        vpci_text_addf(page->text, "  ... and %u further kinds\n", summary->expected_count - MARKED_MAX);
    for (uint32_t i = 0; i < header->expectation_count; i++) {
        if (!vpci_summary_is_stale(summary, i))
            continue;
        vpci_text_add(page->text, "  stale");
        vpci_layout_words(page->text, 4, 7, ", no case is held to this entry");
        add_labelled(page, 4, "cases", header->expectations[i].cases);
        add_entry(page, &header->expectations[i]);
    }
}

static void add_disputed(struct page *page)
{
    const struct vpci_summary *summary = page->summary;
    if (summary->disputed_count > 0)
        add_heading(page, "In dispute, not counted");
    for (uint32_t i = 0; i < summary->disputed_count && i < MARKED_MAX; i++) {
        const struct vpci_disputed_cases *group = &summary->disputed[i];
        add_marked(page, group->cases, group->shortest, vpci_dispute_name[group->shortest->dispute]);
        if (group->entry != NULL) {
            add_labelled(page, 4, "since", group->entry->date);
            add_labelled(page, 4, "text", group->entry->text);
        }
    }
    if (summary->disputed_count > MARKED_MAX)
        vpci_text_addf(page->text, "  ... and %u further kinds\n", summary->disputed_count - MARKED_MAX);
}

static void add_caveat(void *context, const char *caveat)
{
    struct page *page = context;
    vpci_text_add(page->text, "  - ");
    vpci_layout_words(page->text, 4, 4, caveat);
}

void vpci_console_report(struct vpci_text *text, const struct vpci_results *results,
                         const struct vpci_catalogue *catalogue, bool colour)
{
    struct vpci_summary summary;
    vpci_summary_make(&summary, results, catalogue);
    struct page page = { text, &summary, colour };
    add_verdict(&page);
    add_counts(&page);
    add_grounds(&page);
    add_requirements(&page);
    add_findings(&page);
    add_expected(&page);
    add_disputed(&page);
    add_warnings(&page);
    add_causes(&page);
    add_heading(&page, "What this does not prove");
    vpci_summary_caveats(&summary, add_caveat, &page);
    vpci_summary_free(&summary);
}

void vpci_console_verdict(struct vpci_text *text, const struct vpci_results *results,
                          const struct vpci_catalogue *catalogue, bool colour)
{
    struct vpci_summary summary;
    vpci_summary_make(&summary, results, catalogue);
    struct page page = { text, &summary, colour };
    add_verdict(&page);
    add_counts(&page);
    vpci_summary_free(&summary);
}

void vpci_console_render(struct vpci_text *text, const struct vpci_results *results,
                         const struct vpci_catalogue *catalogue)
{
    vpci_console_report(text, results, catalogue, false);
}
