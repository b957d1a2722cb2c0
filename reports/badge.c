/* SPDX-License-Identifier: MIT */
/* reports/badge.c - one line of a run for the top of a page: a picture (SVG), and the same as the JSON that a
 * badge service asks an endpoint for. The word says what the colour says. */
#include <string.h>

#include "reports/report.h"
#include "reports/summary.h"
#include "reports/xml.h"

/* of the picture, in its own units */
enum { CHARACTER_WIDTH = 63, UNIT = 10, PADDING = 10, HEIGHT = 20, TEXT_BASE = 14 };

static const char label[] = "vpci-conform";

struct look {
    const char *word, *fill, *name; /* fill: against white text by more than 4.5 to 1; name: of the service */
    bool is_error;
};

static const struct look looks[VPCI_RUN_VERDICT_COUNT] = {
    [VPCI_RUN_CONFORMS] = { "conforms", "#2e7d32", "brightgreen", false },
    [VPCI_RUN_AS_EXPECTED] = { "as expected", "#8a6100", "yellow", false },
    [VPCI_RUN_VIOLATION] = { "violation", "#b3261e", "red", true },
    [VPCI_RUN_INCONCLUSIVE] = { "inconclusive", "#5f6368", "lightgrey", true },
};

static void add_count(struct vpci_text *text, uint32_t count, const char *words)
{
    if (count > 0)
        vpci_text_addf(text, ", %u %s", count, words);
}

/* How many cases that are as expected ended so. */
static uint32_t excused(const struct vpci_summary *summary, enum vpci_case_verdict verdict)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < summary->expected_count; i++) {
        const struct vpci_expected_cases *group = &summary->expected[i];
        if (group->expected == VPCI_EXPECTED_AS_EXPECTED && group->shortest->verdict == verdict)
            count += group->cases;
    }
    return count;
}

static uint32_t unexcused(const struct vpci_summary *summary, enum vpci_case_verdict verdict)
{
    return summary->footer.cases[verdict] - excused(summary, verdict);
}

/* "conforms (a part), 1203 passed, 3 as expected" */
static void add_message(struct vpci_text *text, const struct vpci_summary *summary)
{
    const struct vpci_results_footer *footer = &summary->footer;
    vpci_text_add(text, looks[footer->verdict].word);
    if (!summary->results->sealed)
        vpci_text_add(text, " (torn)");
    else if (summary->results->header.selection[0] != '\0')
        vpci_text_add(text, " (a part)");
    vpci_text_addf(text, ", %u passed", footer->cases[VPCI_CASE_PASS]);
    add_count(text, unexcused(summary, VPCI_CASE_FAIL), "failed");
    add_count(text, footer->expected[VPCI_EXPECTED_AS_EXPECTED], "as expected");
    add_count(text, unexcused(summary, VPCI_CASE_INCONCLUSIVE) + unexcused(summary, VPCI_CASE_ERROR),
              "no verdict");
    add_count(text, footer->cases[VPCI_CASE_SKIPPED], "skipped");
    add_count(text, footer->disputed, "disputed");
}

static unsigned width_of(const char *words)
{
    return (unsigned)strlen(words) * CHARACTER_WIDTH / UNIT + PADDING;
}

static void add_label(struct vpci_text *text, unsigned from, unsigned width, const char *words)
{
    vpci_text_addf(text, "<text x=\"%u\" y=\"%d\" textLength=\"%u\">%s</text>\n", from + width / 2, TEXT_BASE,
                   width - PADDING, words);
}

void vpci_badge_render(struct vpci_text *text, const struct vpci_results *results,
                       const struct vpci_catalogue *catalogue)
{
    struct vpci_summary summary;
    struct vpci_text message = { 0 }, words = { 0 }, title = { 0 };
    vpci_summary_make(&summary, results, catalogue);
    add_message(&message, &summary);
    vpci_text_addf(&words, "%s: %s; %s %s as %s, profile %s", label, message.bytes, results->header.pics.name,
                   results->header.pics.version, vpci_role_info[results->header.role].name,
                   results->header.profile);
    vpci_text_add_plain(&title, words.bytes); /* in one line */
    const unsigned left = width_of(label), right = width_of(message.bytes);
    vpci_text_addf(text, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%d\" role=\"img\"",
                   left + right, HEIGHT);
    vpci_xml_add_attribute(text, "aria-label", title.bytes);
    vpci_text_add(text, ">\n<title>");
    vpci_xml_add(text, title.bytes);
    vpci_text_addf(text,
                   "</title>\n<clipPath id=\"round\"><rect width=\"%u\" height=\"%d\" rx=\"3\"/></clipPath>\n"
                   "<g clip-path=\"url(#round)\">\n<rect width=\"%u\" height=\"%d\" fill=\"#444\"/>\n"
                   "<rect x=\"%u\" width=\"%u\" height=\"%d\" fill=\"%s\"/>\n</g>\n"
                   "<g fill=\"#fff\" text-anchor=\"middle\" font-size=\"11\" "
                   "font-family=\"Verdana,DejaVu Sans,Geneva,sans-serif\">\n",
                   left + right, HEIGHT, left, HEIGHT, left, right, HEIGHT,
                   looks[summary.footer.verdict].fill);
    add_label(text, 0, left, label);
    add_label(text, left, right, message.bytes);
    vpci_text_add(text, "</g>\n</svg>\n");
    vpci_text_free(&message);
    vpci_text_free(&words);
    vpci_text_free(&title);
    vpci_summary_free(&summary);
}

void vpci_shields_render(struct vpci_text *text, const struct vpci_results *results,
                         const struct vpci_catalogue *catalogue)
{
    struct vpci_summary summary;
    struct vpci_text message = { 0 };
    vpci_summary_make(&summary, results, catalogue);
    const struct look *look = &looks[summary.footer.verdict];
    add_message(&message, &summary);
    vpci_text_addf(text, "{\"schemaVersion\":1,\"label\":\"%s\",\"message\":", label);
    vpci_text_add_json(text, message.bytes);
    vpci_text_addf(text, ",\"color\":\"%s\"%s}\n", look->name, look->is_error ? ",\"isError\":true" : "");
    vpci_text_free(&message);
    vpci_summary_free(&summary);
}
