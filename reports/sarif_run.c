/* SPDX-License-Identifier: MIT */
/* reports/sarif_run.c - what SARIF says of a run as a whole: how it ended, which cases have no verdict, which
 * expectations do not hold, and what was run against what. */
#include "reports/sarif.h"

#include "harness/options.h"
#include "reports/report.h"

/* Appends one notification. *count is how many there are before it. */
static void add_notification(struct vpci_text *text, uint32_t *count, const char *level, const char *words)
{
    vpci_text_addf(text, "%s{\"level\":\"%s\",", (*count)++ == 0 ? "\n" : ",\n", level);
    vpci_sarif_message(text, "message", words);
    vpci_text_add(text, "}");
}

/* Cases that could not be judged: they are about the execution, no results. */
static void add_execution(struct vpci_text *text, const struct vpci_summary *summary)
{
    uint32_t count = 0;
    const char *problem = vpci_summary_problem(summary);
    vpci_text_add(text, ",\"toolExecutionNotifications\":[");
    if (problem != NULL)
        add_notification(text, &count, "error", problem);
    for (uint32_t i = 0; i < summary->cause_count; i++) {
        const struct vpci_cause *cause = &summary->causes[i];
        const struct vpci_case_result *example = cause->example;
        struct vpci_text words = { 0 };
        vpci_text_addf(&words, "%u %s: %s; such as %s", cause->cases,
                       vpci_case_verdict_words(example->verdict),
                       example->cause != NULL ? example->cause : "no cause", example->name);
        if (example->detail != NULL)
            vpci_text_addf(&words, ": %s", example->detail);
        add_notification(text, &count, example->verdict == VPCI_CASE_NOT_APPLICABLE ? "note" : "error",
                         words.bytes);
        vpci_text_free(&words);
    }
    vpci_text_add(text, "]");
}

/* Expectations are configuration, and so is what is wrong with them. */
static void add_configuration(struct vpci_text *text, const struct vpci_summary *summary)
{
    const struct vpci_results_header *header = &summary->results->header;
    uint32_t count = 0;
    vpci_text_add(text, ",\"toolConfigurationNotifications\":[");
    for (uint32_t i = 0; i < summary->expected_count; i++) {
        const struct vpci_expected_cases *group = &summary->expected[i];
        struct vpci_text words = { 0 };
        vpci_text_addf(&words, "%u %s, such as %s: ", group->cases, group->cases == 1 ? "case" : "cases",
                       group->shortest->name);
        vpci_summary_add_mark(&words, summary, group->shortest);
        add_notification(text, &count, group->expected == VPCI_EXPECTED_AS_EXPECTED ? "note" : "error",
                         words.bytes);
        vpci_text_free(&words);
    }
    for (uint32_t i = 0; i < header->expectation_count; i++) {
        struct vpci_text words = { 0 };
        if (!vpci_summary_is_stale(summary, i))
            continue;
        vpci_text_addf(&words, "no case is held to the expectation of %s", header->expectations[i].cases);
        add_notification(text, &count, "error", words.bytes);
        vpci_text_free(&words);
    }
    vpci_text_add(text, "]");
}

static void add_properties(struct vpci_text *text, const struct vpci_summary *summary)
{
    const struct vpci_results_header *header = &summary->results->header;
    const struct vpci_results_footer *footer = &summary->footer;
    struct vpci_text seed = { 0 };
    vpci_text_add_hex(&seed, header->seed);
    vpci_text_addf(text, "\"properties\":{\"verdict\":\"%s\",\"sealed\":%s,\"role\":\"%s\"",
                   vpci_run_verdict_name[footer->verdict], summary->results->sealed ? "true" : "false",
                   vpci_role_info[header->role].name);
    const struct {
        const char *name, *value;
    } rows[] = {
        { "implementation", header->pics.name },
        { "implementationVersion", header->pics.version },
        { "adapter", header->adapter },
        { "profile", header->profile },
        { "seed", seed.bytes },
        { "selection", header->selection },
        { "suiteDigest", header->suite_digest },
        { "requirementsDigest", header->requirements_digest },
        { "modelDigest", header->model_digest },
        { "runnerDigest", header->runner_digest },
        { "adapterDigest", header->adapter_digest },
        { "transcriptsDigest", footer->transcripts_sha256 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        vpci_text_add(text, ",");
        vpci_sarif_string(text, rows[i].name, rows[i].value);
    }
    vpci_text_add(text, ",\"cases\":{");
    for (int i = 0; i < VPCI_CASE_VERDICT_COUNT; i++)
        vpci_text_addf(text, "%s\"%s\":%u", i == 0 ? "" : ",", vpci_case_verdict_name[i], footer->cases[i]);
    vpci_text_addf(text, "},\"disputed\":%u,\"errata\":%u,\"expected\":{", footer->disputed,
                   header->dispute_count);
    for (int i = VPCI_EXPECTED_NOT + 1; i < VPCI_EXPECTED_COUNT; i++)
        vpci_text_addf(text, "\"%s\":%u,", vpci_expected_name[i], footer->expected[i]);
    vpci_text_addf(text, "\"stale\":%u}}", footer->stale);
    vpci_text_free(&seed);
}

void vpci_sarif_run(struct vpci_text *text, const struct vpci_summary *summary)
{
    const struct vpci_results_header *header = &summary->results->header;
    const bool sealed = summary->results->sealed;
    struct vpci_text id = { 0 };
    vpci_text_addf(&id, "vpci-conform/%s/%s/", vpci_role_info[header->role].name, header->profile);
    vpci_text_add(text, "\"automationDetails\":{");
    vpci_sarif_string(text, "id", id.bytes);
    vpci_text_free(&id);
    vpci_text_addf(text,
                   "},\n\"invocations\":[{\"executionSuccessful\":%s,\"exitCode\":%d,"
                   "\"exitCodeDescription\":\"%s\"",
                   sealed ? "true" : "false",
                   sealed ? vpci_exit_of(summary->footer.verdict) : VPCI_EXIT_INCONCLUSIVE,
                   vpci_verdict_title(summary->footer.verdict));
    add_execution(text, summary);
    add_configuration(text, summary);
    vpci_text_add(text, "}],\n");
    add_properties(text, summary);
}
