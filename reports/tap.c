/* SPDX-License-Identifier: MIT */
/* reports/tap.c - TAP version 14: a test point for each case, in plan order, with what went wrong as YAML.
 * What does not count is a TODO point, what was not run a SKIP; a torn file bails out. */
#include <string.h>

#include "reports/layout.h"
#include "reports/report.h"
#include "reports/summary.h"

/* Text of a test point: a # would begin a directive, a \ an escape. */
static void add_description(struct vpci_text *text, const char *string)
{
    struct vpci_text plain = { 0 };
    vpci_text_add(&plain, "");
    vpci_text_add_plain(&plain, string);
    for (const char *at = plain.bytes; *at != '\0'; at++)
        vpci_text_addf(text, "%s%c", *at == '#' || *at == '\\' ? "\\" : "", *at);
    vpci_text_free(&plain);
}

/* `  name: "value"`: a JSON string is a double-quoted scalar of YAML, too. */
static void add_scalar(struct vpci_text *text, const char *name, const char *value)
{
    struct vpci_text plain = { 0 };
    vpci_text_add(&plain, "");
    vpci_text_add_plain(&plain, value);
    vpci_text_addf(text, "  %s: ", name);
    vpci_text_add_json(text, plain.bytes);
    vpci_text_add(text, "\n");
    vpci_text_free(&plain);
}

/* A literal block; its lines hold no control characters. */
static void add_block(struct vpci_text *text, const char *name, const struct vpci_text *block)
{
    if (block->length == 0)
        return;
    vpci_text_addf(text, "  %s: |2\n", name); /* the number: the first line may begin with spaces */
    for (const char *at = block->bytes; *at != '\0';) {
        const size_t length = strcspn(at, "\n");
        vpci_text_add(text, "    ");
        vpci_text_add_bytes(text, at, length);
        vpci_text_add(text, "\n");
        at += length + (at[length] == '\n');
    }
}

static void add_diagnostics(struct vpci_text *text, const struct vpci_summary *summary,
                            const struct vpci_case_result *result)
{
    struct vpci_text mark = { 0 }, block = { 0 };
    vpci_text_add(text, "  ---\n");
    vpci_text_addf(text, "  verdict: %s\n", vpci_case_verdict_name[result->verdict]);
    if (vpci_summary_add_mark(&mark, summary, result))
        add_scalar(text, "mark", mark.bytes);
    if (result->cause != NULL)
        add_scalar(text, "cause", result->cause);
    if (result->detail != NULL)
        add_scalar(text, "detail", result->detail);
    if (result->requirement != VPCI_REQUIREMENT_NONE) {
        const struct vpci_requirement_info *info = &vpci_requirement_info[result->requirement];
        vpci_text_addf(text, "  requirement: %s\n  level: %s\n", info->id, vpci_level_name[info->level]);
        add_scalar(text, "statement",
                   vpci_catalogue_entry(summary->catalogue, result->requirement)->statement);
    }
    if (result->has_finding && result->finding.reason != NULL)
        add_scalar(text, "reason", result->finding.reason);
    if (result->has_finding && result->finding.allowed != NULL)
        add_scalar(text, "allowed", result->finding.allowed);
    if (result->verdict == VPCI_CASE_FAIL) {
        vpci_text_add(&block, "");
        vpci_layout_trace(&block, result, summary->results->header.role, 0);
        add_block(text, "trace", &block);
    }
    vpci_text_clear(&block);
    vpci_summary_command(&block, summary, result, 0, VPCI_REPORT_COLUMNS);
    add_block(text, "repeat", &block);
    vpci_text_add(text, "  ...\n");
    vpci_text_free(&mark);
    vpci_text_free(&block);
}

/* The directive behind a case that does not count, or was not run. */
static void add_directive(struct vpci_text *text, const struct vpci_summary *summary,
                          const struct vpci_case_result *result)
{
    struct vpci_text words = { 0 };
    vpci_text_add(&words, "");
    if (vpci_outcome_of(result) == VPCI_OUTCOME_NOT_RUN) {
        vpci_text_addf(&words, "%s: %s", vpci_case_verdict_words(result->verdict),
                       result->detail != NULL  ? result->detail
                       : result->cause != NULL ? result->cause
                                               : "no cause");
        vpci_text_add(text, " # SKIP ");
    } else {
        vpci_summary_add_mark(&words, summary, result);
        vpci_text_add(text, " # TODO ");
    }
    add_description(text, words.bytes);
    vpci_text_free(&words);
}

static void add_case(struct vpci_text *text, const struct vpci_summary *summary,
                     const struct vpci_case_result *result)
{
    static const struct {
        bool ok, directive;
    } points[VPCI_OUTCOME_COUNT] = {
        [VPCI_OUTCOME_PASS] = { true, false },     [VPCI_OUTCOME_FAIL] = { false, false },
        [VPCI_OUTCOME_EXPECTED] = { false, true }, [VPCI_OUTCOME_UNEXPECTED_PASS] = { false, false },
        [VPCI_OUTCOME_DISPUTED] = { false, true }, [VPCI_OUTCOME_NO_VERDICT] = { false, false },
        [VPCI_OUTCOME_NOT_RUN] = { true, true },
    };
    const enum vpci_outcome outcome = vpci_outcome_of(result);
    const bool ok = outcome == VPCI_OUTCOME_DISPUTED ? result->verdict == VPCI_CASE_PASS : points[outcome].ok;
    vpci_text_addf(text, "%s %u - ", ok ? "ok" : "not ok", result->index + 1);
    add_description(text, result->name);
    if (points[outcome].directive)
        add_directive(text, summary, result);
    vpci_text_add(text, "\n");
    if (!ok)
        add_diagnostics(text, summary, result);
}

static void add_comment(struct vpci_text *text, const char *name, const char *value)
{
    vpci_text_addf(text, "# %s: ", name);
    vpci_text_add_plain(text, value);
    vpci_text_add(text, "\n");
}

static void add_comments(struct vpci_text *text, const struct vpci_summary *summary)
{
    const struct vpci_results_header *header = &summary->results->header;
    struct vpci_text words = { 0 };
    add_comment(text, "verdict", vpci_verdict_title(summary->footer.verdict));
    add_comment(text, "implementation", header->pics.name);
    add_comment(text, "version", header->pics.version);
    add_comment(text, "adapter", header->adapter);
    vpci_text_addf(&words, "%s, profile %s, seed 0x%llx", vpci_role_info[header->role].name, header->profile,
                   (unsigned long long)header->seed);
    add_comment(text, "role", words.bytes);
    vpci_text_clear(&words);
    if (vpci_summary_add_expected_counts(&words, summary))
        add_comment(text, "expected", words.bytes);
    vpci_text_clear(&words);
    vpci_summary_add_errata(&words, summary);
    add_comment(text, "errata", words.bytes);
    vpci_text_free(&words);
}

void vpci_tap_render(struct vpci_text *text, const struct vpci_results *results,
                     const struct vpci_catalogue *catalogue)
{
    struct vpci_summary summary;
    vpci_summary_make(&summary, results, catalogue);
    /* A run whose points are all green although it has no good verdict gets a point of its own. */
    const char *problem = vpci_summary_problem(&summary);
    vpci_text_addf(text, "TAP version 14\n1..%u\n",
                   results->header.case_count + (results->sealed && problem != NULL));
    add_comments(text, &summary);
    for (uint32_t i = 0; i < results->case_count; i++)
        add_case(text, &summary, &results->cases[i]);
    if (!results->sealed)
        vpci_text_addf(text, "Bail out! %s\n", problem);
    else if (problem != NULL)
        vpci_text_addf(text, "not ok %u - the run has a verdict\n  ---\n  reason: \"%s\"\n  ...\n",
                       results->header.case_count + 1, problem);
    vpci_summary_free(&summary);
}
