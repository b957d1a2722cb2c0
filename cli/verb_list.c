/* SPDX-License-Identifier: MIT */
/* cli/verb_list.c - what there is. Which scenario exercises which requirement is counted from execution: the
 * suite is run against an implementation (golden, unless --adapter names another), in every role that it
 * claims. */
#include "cli/verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/runner.h"

/* exercised[s] is what the cases of scenario s exercised when they were played. */
struct coverage {
    struct vpci_requirement_set *exercised; /* owned, one a scenario */
    uint32_t cases[VPCI_REQUIREMENT_COUNT];
};

static uint32_t scenario_index(const struct vpci_suite *suite, const char *name)
{
    uint32_t low = 0;
    uint32_t high = vpci_suite_scenario_count(suite);
    while (low < high) {
        const uint32_t middle = (low + high) / 2;
        const int order = strcmp(vpci_scenario_name(vpci_suite_scenario(suite, middle)), name);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return UINT32_MAX;
}

static bool add_results(struct coverage *coverage, const struct vpci_suite *suite, const char *path)
{
    struct vpci_results results;
    char error[VPCI_DETAIL_BYTES];
    if (!vpci_results_read(&results, path, error)) {
        (void)vpci_fault("%s", error);
        return false;
    }
    for (uint32_t i = 0; i < results.case_count; i++) {
        const struct vpci_case_result *result = &results.cases[i];
        const uint32_t scenario = scenario_index(suite, result->scenario);
        if (scenario == UINT32_MAX ||
            (result->verdict != VPCI_CASE_PASS && result->verdict != VPCI_CASE_FAIL))
            continue;
        for (int id = VPCI_REQUIREMENT_NONE + 1; id < VPCI_REQUIREMENT_COUNT; id++) {
            if (!vpci_requirement_has(&result->exercised, (enum vpci_requirement)id))
                continue;
            vpci_requirement_add(&coverage->exercised[scenario], (enum vpci_requirement)id);
            coverage->cases[id]++;
        }
    }
    vpci_results_free(&results);
    return true;
}

static bool run_role(struct coverage *coverage, const struct vpci_plan *plan, const char *folder)
{
    char path[VPCI_PATH_BYTES];
    char error[VPCI_ERROR_BYTES];
    struct vpci_results_footer footer;
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    snprintf(path, sizeof path, "%s/results.jsonl", folder);
    const struct vpci_run_options running = { .workers = processors < 1 ? 1 : (unsigned)processors,
                                              .results_path = path };
    const bool ran = vpci_runner_run(plan, &running, VPCI_FAILURE_NONE, "", &footer, error);
    if (!ran)
        (void)vpci_fault("%s", error);
    const bool added = ran && add_results(coverage, plan->suite, path);
    (void)unlink(path);
    return added;
}

static bool measure(struct coverage *coverage, const struct vpci_options *given,
                    const struct vpci_corpus *corpus)
{
    char folder[] = "/tmp/vpci-conform-XXXXXX";
    char detail[VPCI_ERROR_BYTES];
    enum vpci_failure failure = VPCI_FAILURE_NONE;
    struct vpci_plan plan;
    struct vpci_options options = *given;
    if (options.adapter == NULL)
        options.adapter = "golden";
    coverage->exercised = calloc(vpci_suite_scenario_count(corpus->suite), sizeof *coverage->exercised);
    if (coverage->exercised == NULL || mkdtemp(folder) == NULL) {
        (void)vpci_fault("no room for a run in /tmp");
        return false;
    }
    bool good = vpci_plan_make(&plan, &options, corpus, &failure, detail);
    if (good && failure != VPCI_FAILURE_NONE) {
        (void)vpci_fault("%s", detail);
        good = false;
    }
    for (int role = 0; good && role <= VPCI_ROLE_STACK; role++) {
        plan.role = (enum vpci_role)role;
        if ((plan.pics.roles >> role & 1u) != 0)
            good = run_role(coverage, &plan, folder);
    }
    (void)rmdir(folder);
    return good;
}

static void add_ids(struct vpci_text *text, const struct vpci_requirement_set *set)
{
    const char *comma = "";
    for (int id = VPCI_REQUIREMENT_NONE + 1; id < VPCI_REQUIREMENT_COUNT; id++) {
        if (!vpci_requirement_has(set, (enum vpci_requirement)id))
            continue;
        vpci_text_addf(text, "%s\"%s\"", comma, vpci_requirement_info[id].id);
        comma = ",";
    }
}

static void add_member(struct vpci_text *text, const char *name, const char *value)
{
    vpci_text_addf(text, ",\"%s\":", name);
    vpci_text_add_json(text, value);
}

static void requirement_as_json(struct vpci_text *text, const struct vpci_corpus *corpus,
                                const struct coverage *coverage, int id)
{
    const struct vpci_requirement_info *info = &vpci_requirement_info[id];
    const struct vpci_catalogue_entry *entry =
        vpci_catalogue_entry(corpus->catalogue, (enum vpci_requirement)id);
    vpci_text_addf(text, "{\"id\":\"%s\",\"level\":\"%s\",\"binds\":\"%s\"", info->id,
                   vpci_level_name[info->level], vpci_binds_name[info->binds]);
    add_member(text, "statement", entry->statement);
    add_member(text, "source", entry->source);
    add_member(text, entry->observed != NULL ? "observed" : "not_observable",
               entry->observed != NULL ? entry->observed : entry->not_observable);
    vpci_text_addf(text, ",\"cases\":%u,\"scenarios\":[", coverage->cases[id]);
    const char *comma = "";
    for (uint32_t i = 0; i < vpci_suite_scenario_count(corpus->suite); i++) {
        if (!vpci_requirement_has(&coverage->exercised[i], (enum vpci_requirement)id))
            continue;
        vpci_text_add(text, comma);
        vpci_text_add_json(text, vpci_scenario_name(vpci_suite_scenario(corpus->suite, i)));
        comma = ",";
    }
    vpci_text_add(text, "]}");
}

static void list_requirements(struct vpci_text *text, const struct vpci_corpus *corpus,
                              const struct coverage *coverage, bool json)
{
    for (int id = VPCI_REQUIREMENT_NONE + 1; id < VPCI_REQUIREMENT_COUNT; id++) {
        const struct vpci_requirement_info *info = &vpci_requirement_info[id];
        const struct vpci_catalogue_entry *entry =
            vpci_catalogue_entry(corpus->catalogue, (enum vpci_requirement)id);
        if (json) {
            vpci_text_add(text, id == VPCI_REQUIREMENT_NONE + 1 ? "[\n" : ",\n");
            requirement_as_json(text, corpus, coverage, id);
            continue;
        }
        vpci_text_addf(text, "%s  %-6s %-8s ", info->id, vpci_level_name[info->level],
                       vpci_binds_name[info->binds]);
        if (coverage->cases[id] != 0)
            vpci_text_addf(text, "%5u cases", coverage->cases[id]);
        else
            vpci_text_add(text, entry->not_observable != NULL ? "not visible" : "          -");
        vpci_text_addf(text, "  %s\n", entry->statement);
    }
    if (json)
        vpci_text_add(text, "\n]\n");
}

static void scenario_as_json(struct vpci_text *text, const struct vpci_scenario *scenario,
                             const struct vpci_requirement_set *exercised)
{
    const char *comma = "";
    vpci_text_add(text, "{\"name\":");
    vpci_text_add_json(text, vpci_scenario_name(scenario));
    add_member(text, "purpose", vpci_scenario_purpose(scenario));
    vpci_text_add(text, ",\"roles\":[");
    for (int role = 0; role < VPCI_ROLE_COUNT; role++) {
        if ((vpci_scenario_roles(scenario) >> role & 1u) == 0)
            continue;
        vpci_text_addf(text, "%s\"%s\"", comma, vpci_role_info[role].name);
        comma = ",";
    }
    vpci_text_addf(text, "],\"cases\":%u,\"digest\":\"%s\",\"requirements\":[",
                   vpci_scenario_case_count(scenario), vpci_scenario_digest(scenario));
    add_ids(text, vpci_scenario_requirements(scenario));
    vpci_text_add(text, "],\"exercised\":[");
    add_ids(text, exercised);
    vpci_text_add(text, "]}");
}

static void list_scenarios(struct vpci_text *text, const struct vpci_corpus *corpus,
                           const struct coverage *coverage, bool json)
{
    for (uint32_t i = 0; i < vpci_suite_scenario_count(corpus->suite); i++) {
        const struct vpci_scenario *scenario = vpci_suite_scenario(corpus->suite, i);
        if (json) {
            vpci_text_add(text, i == 0 ? "[\n" : ",\n");
            scenario_as_json(text, scenario, &coverage->exercised[i]);
        } else {
            vpci_text_addf(text, "%5u  %s\n", vpci_scenario_case_count(scenario),
                           vpci_scenario_name(scenario));
        }
    }
    if (json)
        vpci_text_add(text, "\n]\n");
    else
        vpci_text_addf(text, "%5u cases in %u scenarios\n", vpci_suite_case_count(corpus->suite),
                       vpci_suite_scenario_count(corpus->suite));
}

static void list_capabilities(struct vpci_text *text, bool json)
{
    for (int i = 0; i < VPCI_CAPABILITY_COUNT; i++) {
        const struct vpci_capability_info *info = &vpci_capability_info[i];
        if (json)
            vpci_text_addf(text, "%s{\"name\":\"%s\",\"text\":\"%s\"}", i == 0 ? "[\n" : ",\n", info->name,
                           info->text);
        else
            vpci_text_addf(text, "%-16s %s\n", info->name, info->text);
    }
    if (json)
        vpci_text_add(text, "\n]\n");
}

static void list_profile(struct vpci_text *text, const struct vpci_profile *profile, bool json)
{
    if (json) {
        vpci_text_addf(text, "{\"name\":\"%s\"", profile->name);
        add_member(text, "text", profile->text);
        vpci_text_add(text, ",\"choices\":[");
    } else {
        vpci_text_addf(text, "%s: %s\n", profile->name, profile->text);
    }
    for (int i = 0; i < VPCI_CHOICE_COUNT; i++) {
        const struct vpci_choice_info *choice = &vpci_choice_info[i];
        const char *value = choice->values[profile->choices[i]];
        if (json)
            vpci_text_addf(text, "%s{\"register\":\"%s\",\"choice\":\"%s\",\"value\":\"%s\"}",
                           i == 0 ? "" : ",", choice->register_entry, choice->name, value);
        else
            vpci_text_addf(text, "    %s  %-34s %s\n", choice->register_entry, choice->name, value);
    }
    if (json)
        vpci_text_add(text, "]}");
}

static void list_profiles(struct vpci_text *text, bool json)
{
    for (const struct vpci_profile *profile = vpci_profiles; profile->name != NULL; profile++) {
        if (json)
            vpci_text_add(text, profile == vpci_profiles ? "[\n" : ",\n");
        list_profile(text, profile, json);
    }
    if (json)
        vpci_text_add(text, "\n]\n");
}

static void list_adapters(struct vpci_text *text, bool json)
{
    struct vpci_text names = { 0 };
    vpci_adapter_list(&names);
    if (!json) {
        vpci_text_add(text, names.bytes == NULL ? "" : names.bytes);
    } else {
        char *rest = NULL;
        const char *comma = "";
        vpci_text_add(text, "[");
        for (char *name = names.bytes == NULL ? NULL : strtok_r(names.bytes, "\n", &rest); name != NULL;
             name = strtok_r(NULL, "\n", &rest)) {
            vpci_text_add(text, comma);
            vpci_text_add_json(text, name);
            comma = ",";
        }
        vpci_text_add(text, "]\n");
    }
    vpci_text_free(&names);
}

/* The lists that need a run first. */
static int list_measured(struct vpci_text *text, const struct vpci_options *options, bool scenarios,
                         bool json)
{
    struct vpci_corpus corpus;
    struct coverage coverage = { 0 };
    if (!vpci_corpus_load(&corpus, options->corpus, NULL))
        return VPCI_EXIT_FAULT;
    const bool measured = measure(&coverage, options, &corpus);
    if (measured && scenarios)
        list_scenarios(text, &corpus, &coverage, json);
    else if (measured)
        list_requirements(text, &corpus, &coverage, json);
    free(coverage.exercised);
    vpci_corpus_free(&corpus);
    return measured ? VPCI_EXIT_CONFORMS : VPCI_EXIT_FAULT;
}

int vpci_verb_list(const struct vpci_options *options)
{
    const char *what = options->arguments[0];
    const bool json = strcmp(options->format, "json") == 0;
    struct vpci_text text = { 0 };
    int code = VPCI_EXIT_CONFORMS;
    if (strcmp(what, "requirements") == 0 || strcmp(what, "scenarios") == 0)
        code = list_measured(&text, options, what[0] == 's', json);
    else if (strcmp(what, "capabilities") == 0)
        list_capabilities(&text, json);
    else if (strcmp(what, "profiles") == 0)
        list_profiles(&text, json);
    else
        list_adapters(&text, json);
    fwrite(text.bytes, 1, text.length, stdout);
    vpci_text_free(&text);
    return code;
}
