/* SPDX-License-Identifier: MIT */
/* reports/html.c - report.html, one file that needs nothing else: the verdict, what it is about and what it
 * does not prove; then the sections of reports/html_parts.h. */
#include <stdio.h>
#include <string.h>

#include "reports/html_page.h"
#include "reports/html_parts.h"
#include "reports/report.h"

static void add_fact(struct vpci_text *text, const char *term, const char *words)
{
    vpci_text_addf(text, "<div><dt>%s</dt><dd>", term);
    vpci_html_text(text, *words != '\0' ? words : "-");
    vpci_text_add(text, "</dd></div>\n");
}

/* Failed cases that count. */
static uint32_t count_against(const struct vpci_summary *summary)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < summary->violation_count; i++)
        count += summary->violations[i].cases;
    return count;
}

static void add_verdict_words(struct vpci_text *text, const struct vpci_summary *summary)
{
    const struct vpci_results_footer *footer = &summary->footer;
    const uint32_t excused = footer->expected[VPCI_EXPECTED_AS_EXPECTED], failed = count_against(summary);
    const char *problem = vpci_summary_problem(summary);
    switch (footer->verdict) {
    case VPCI_RUN_CONFORMS:
        vpci_text_add(text, "Everything that counts has a verdict, and passed.");
        return;
    case VPCI_RUN_AS_EXPECTED:
        vpci_text_addf(text,
                       "Nothing went wrong but what was expected to, in %u %s. This is never a certificate.",
                       excused, excused == 1 ? "case" : "cases");
        return;
    case VPCI_RUN_VIOLATION:
        vpci_text_addf(text, "%u %s failed, which makes %u %s.", failed, failed == 1 ? "case" : "cases",
                       summary->violation_count, summary->violation_count == 1 ? "finding" : "findings");
        return;
    default:
        vpci_text_addf(text, "This run shows nothing either way: %s.",
                       problem != NULL ? problem : "there are cases without the verdict that was due");
    }
}

static void add_names(struct vpci_text *text, const struct vpci_pics *pics)
{
    vpci_text_add(text, "claims");
    for (int i = 0; i < VPCI_ROLE_COUNT; i++) {
        if ((pics->roles >> i & 1u) != 0)
            vpci_text_addf(text, " %s", vpci_role_info[i].name);
    }
    vpci_text_add(text, ";");
    for (int i = 0; i < VPCI_CAPABILITY_COUNT; i++) {
        if ((pics->capabilities >> i & 1u) != 0)
            vpci_text_addf(text, " %s", vpci_capability_info[i].name);
    }
}

static void add_facts(struct vpci_text *text, const struct vpci_summary *summary)
{
    const struct vpci_results_header *header = &summary->results->header;
    struct vpci_text seed = { 0 }, claims = { 0 }, errata = { 0 }, transcripts = { 0 };
    vpci_text_add_hex(&seed, header->seed);
    add_names(&claims, &header->pics);
    vpci_summary_add_errata(&errata, summary);
    vpci_summary_add_transcripts(&transcripts, summary);
    vpci_text_add(text, "<dl class=\"facts\">\n");
    add_fact(text, "Role", vpci_role_info[header->role].name);
    add_fact(text, "Profile", header->profile);
    add_fact(text, "Seed", seed.bytes);
    add_fact(text, "Adapter", header->adapter);
    add_fact(text, "Selection", header->selection[0] != '\0' ? header->selection : "the whole suite");
    add_fact(text, "Kit", header->kit_version);
    add_fact(text, "Errata", errata.bytes);
    vpci_text_add(
        text,
        "</dl>\n<details class=\"printed\"><summary>Claims and digests</summary><dl class=\"facts wide\">\n");
    add_fact(text, "Implementation", claims.bytes);
    add_fact(text, "SHA-256 of the suite", header->suite_digest);
    add_fact(text, "SHA-256 of the requirements", header->requirements_digest);
    add_fact(text, "SHA-256 of the implementation", header->adapter_digest);
    add_fact(text, "SHA-256 of the model", header->model_digest);
    add_fact(text, "SHA-256 of the kit", header->runner_digest);
    add_fact(text, "SHA-256 of the profile", header->profile_digest);
    add_fact(text, "SHA-256 of the disputes", header->disputes_digest);
    if (header->expect_digest[0] != '\0')
        add_fact(text, "SHA-256 of the expectations", header->expect_digest);
    add_fact(text, "Transcripts", transcripts.bytes);
    add_fact(text, "Seal of the results",
             summary->results->sealed ? summary->footer.sha256 : "none: the file is torn");
    vpci_text_add(text, "</dl></details>\n");
    vpci_text_free(&seed);
    vpci_text_free(&claims);
    vpci_text_free(&errata);
    vpci_text_free(&transcripts);
}

static void add_link(struct vpci_text *text, bool wanted, const char *id, const char *words)
{
    if (wanted)
        vpci_text_addf(text, "<a href=\"#%s\">%s</a>\n", id, words);
}

static void add_links(struct vpci_text *text, const struct vpci_summary *summary)
{
    const struct vpci_results *results = summary->results;
    bool warned = false, probed = false, failed = false;
    for (int i = 0; i < VPCI_REQUIREMENT_COUNT; i++) {
        warned = warned || summary->warned[i].cases > 0;
        probed = probed || summary->footer.requirements[i].probed;
    }
    for (uint32_t i = 0; i < results->case_count; i++)
        failed = failed || results->cases[i].verdict == VPCI_CASE_FAIL;
    vpci_text_add(text, "<nav class=\"jump\" aria-label=\"Sections\">\n");
    add_link(text, true, "findings", "Findings");
    add_link(text, true, "requirements", "Requirements");
    add_link(text, failed, "cases", "Failed cases");
    add_link(text, warned, "warnings", "Warnings");
    add_link(text, summary->cause_count > 0, "causes", "Cases without pass or fail");
    add_link(text, probed, "refusals", "Refusals");
    add_link(text, results->header.expect_digest[0] != '\0', "expected", "Expected failures");
    add_link(text, results->header.dispute_count > 0, "disputes", "Disputes");
    add_link(text, results->history != NULL && results->history->count > 0, "history", "History");
    add_link(text, true, "caveats", "What this does not prove");
    vpci_text_add(text, "</nav>\n");
}

static void add_banner(struct vpci_text *text, const struct vpci_summary *summary)
{
    const struct vpci_pics *pics = &summary->results->header.pics;
    vpci_text_add(text, "<div class=\"banner\">\n<h1>");
    vpci_html_run_verdict(text, summary->footer.verdict);
    vpci_text_add(text, " <span>");
    vpci_html_text(text, pics->name);
    vpci_text_add(text, " <span class=\"muted\">");
    vpci_html_text(text, pics->version);
    vpci_text_add(text, "</span></span></h1>\n<p>");
    add_verdict_words(text, summary);
    vpci_text_add(text, "</p>\n");
    if (!summary->results->sealed)
        vpci_text_add(text,
                      "<p class=\"notice\"><strong>The results file is torn:</strong> the run did not end, "
                      "or its end was lost.</p>\n");
    add_facts(text, summary);
    add_links(text, summary);
    vpci_text_add(text, "</div>\n");
}

static void add_number(struct vpci_text *text, uint32_t number, const char *words)
{
    vpci_text_addf(text, "<li><b%s>%u</b><span class=\"label\">%s</span></li>\n",
                   number == 0 ? " class=\"zero\"" : "", number, words);
}

static void add_counts(struct vpci_text *text, const struct vpci_summary *summary)
{
    const struct vpci_results_footer *footer = &summary->footer;
    vpci_text_add(text, "<h2 class=\"sr\">Counts</h2>\n<ul class=\"counts\">\n");
    add_number(text, summary->results->header.case_count, "cases planned");
    for (int i = 0; i < VPCI_CASE_VERDICT_COUNT; i++)
        add_number(text, footer->cases[i], vpci_case_verdict_words((enum vpci_case_verdict)i));
    add_number(text, footer->cases_with_warnings, "with warnings");
    if (footer->disputed > 0)
        add_number(text, footer->disputed, "disputed");
    vpci_text_add(text, "</ul>\n");
}

static void add_caveat(void *context, const char *caveat)
{
    struct vpci_text *text = context;
    vpci_text_add(text, "<li>");
    vpci_html_text(text, caveat);
    vpci_text_add(text, "</li>\n");
}

static void add_caveats(struct vpci_text *text, const struct vpci_summary *summary)
{
    vpci_text_add(text,
                  "<section aria-labelledby=\"caveats\">\n<h2 id=\"caveats\">What this does not prove</h2>\n"
                  "<ul class=\"caveats\">\n");
    vpci_summary_caveats(summary, add_caveat, text);
    vpci_text_add(text, "</ul>\n</section>\n");
}

void vpci_html_render(struct vpci_text *text, const struct vpci_results *results,
                      const struct vpci_catalogue *catalogue)
{
    struct vpci_summary summary;
    char title[2 * VPCI_PICS_TEXT_BYTES + 32];
    vpci_summary_make(&summary, results, catalogue);
    snprintf(title, sizeof title, "%s: %s %s", vpci_verdict_title(summary.footer.verdict),
             results->header.pics.name, results->header.pics.version);
    vpci_html_begin(text, title);
    add_banner(text, &summary);
    add_counts(text, &summary);
    vpci_html_add_findings(text, &summary);
    vpci_html_add_matrix(text, &summary);
    vpci_html_add_cases(text, &summary);
    vpci_html_add_remarks(text, &summary);
    vpci_html_add_expected(text, &summary);
    vpci_html_add_disputes(text, &summary);
    vpci_html_add_history(text, results->history);
    add_caveats(text, &summary);
    vpci_html_add_sequences(text, &summary);
    vpci_html_end(text);
    vpci_summary_free(&summary);
}
