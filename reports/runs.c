/* SPDX-License-Identifier: MIT */
/* reports/runs.c - see reports/runs.h. */
#include "reports/runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/allocate.h"
#include "harness/file.h"
#include "harness/tally.h"

static const char results_name[] = "results.jsonl";

/* Where one results file is, and what it is called. */
struct place {
    char *path, *label;
};

struct places {
    struct place *places;
    size_t count;
};

static void free_places(struct places *places)
{
    for (size_t i = 0; i < places->count; i++) {
        free(places->places[i].path);
        free(places->places[i].label);
    }
    free(places->places);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static char *joined(const char *folder, const char *name)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        vpci_give_up("out of memory");
    return path;
}

/* "a/b/results.jsonl" is called "a/b", and "a/b.jsonl" too. */
static char *label_of(const char *path)
{
    const size_t length = strlen(path);
    const bool in_folder = strcmp(base_name(path), results_name) == 0 && base_name(path) != path;
    const size_t cut = in_folder ? sizeof results_name : sizeof ".jsonl" - 1;
    return vpci_need_memory(strndup(path, length > cut ? length - cut : length));
}

static void add_place(struct places *places, char *path, char *label)
{
    places->places = vpci_need_memory(realloc(places->places, (places->count + 1) * sizeof *places->places));
    places->places[places->count++] = (struct place){ path, label };
}

static int compare_places(const void *left_memory, const void *right_memory)
{
    const struct place *left = left_memory, *right = right_memory;
    const int labels = strcmp(left->label, right->label);
    return labels != 0 ? labels : strcmp(left->path, right->path);
}

static bool find_below(struct places *places, const char *folder, uint32_t most,
                       char error[VPCI_DETAIL_BYTES])
{
    struct vpci_file_list list;
    if (!vpci_file_list_below(&list, folder, ".jsonl", error, VPCI_DETAIL_BYTES))
        return false;
    for (size_t i = 0; i < list.count && places->count <= most; i++) {
        const char *name = base_name(list.paths[i]);
        if (strcmp(name, "timing.jsonl") != 0 && strcmp(name, "transcripts.jsonl") != 0)
            add_place(places, joined(folder, list.paths[i]), label_of(list.paths[i]));
    }
    vpci_file_list_free(&list);
    if (places->count > 0 && places->count <= most) {
        qsort(places->places, places->count, sizeof *places->places, compare_places);
        return true;
    }
    snprintf(error, VPCI_DETAIL_BYTES,
             places->count == 0 ? "%.200s: no results file below it"
                                : "%.200s: more than %u results files below it",
             folder, most);
    return false;
}

static bool find_places(struct places *places, const char *path, uint32_t most, char error[VPCI_DETAIL_BYTES])
{
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode)) {
        add_place(places, vpci_need_memory(strdup(path)), vpci_need_memory(strdup(path)));
        return true; /* the reader says best what is wrong with it */
    }
    char *inside = joined(path, results_name);
    if (access(inside, F_OK) != 0) {
        free(inside);
        return find_below(places, path, most, error);
    }
    add_place(places, inside, vpci_need_memory(strdup(path)));
    return true;
}

/* The footer of a torn file is counted from the cases that are there, which never prove that it conforms. */
static void take_footer(struct vpci_kept_run *run, const struct vpci_results *results)
{
    static const struct vpci_applicability unknown = { 0 };
    if (results->sealed) {
        run->footer = results->footer;
        return;
    }
    for (uint32_t i = 0; i < results->case_count; i++)
        vpci_results_tally(&run->footer, &results->cases[i]);
    vpci_results_conclude(&run->footer, &results->header, &unknown);
    if (run->footer.verdict == VPCI_RUN_CONFORMS || run->footer.verdict == VPCI_RUN_AS_EXPECTED)
        run->footer.verdict = VPCI_RUN_INCONCLUSIVE;
}

static const char *keep_reason(struct vpci_arena *arena, const struct vpci_case_result *result)
{
    char reason[VPCI_KEPT_REASON_BYTES];
    const char *given =
        result->has_finding && result->finding.reason != NULL ? result->finding.reason : result->detail;
    if (result->verdict == VPCI_CASE_PASS || given == NULL)
        return "";
    vpci_text_copy_plain(reason, sizeof reason, given);
    return vpci_arena_copy(arena, reason, strlen(reason));
}

/* The kept copies of the header's scenarios. */
static struct vpci_played *keep_scenarios(struct vpci_arena *arena, const struct vpci_results_header *header)
{
    struct vpci_played *kept = vpci_arena_take(arena, header->scenario_count, sizeof *kept);
    for (uint32_t i = 0; i < header->scenario_count; i++) {
        kept[i] = header->scenarios[i];
        kept[i].scenario = vpci_arena_copy(arena, kept[i].scenario, strlen(kept[i].scenario));
    }
    return kept;
}

/* False when a case is there twice; names seen so far carry the number of the case, from 1, in seen. */
static bool keep_cases(struct vpci_kept_run *run, struct vpci_arena *arena, struct vpci_names *names,
                       const struct vpci_results *results, const uint64_t *elapsed_us, uint32_t *twice_out)
{
    const struct vpci_played *played = keep_scenarios(arena, &results->header);
    const uint32_t before = names->count;
    bool *seen = vpci_need_memory(calloc((size_t)before + results->case_count + 1, sizeof *seen));
    bool fine = true;
    uint32_t guess = 0;
    run->cases = vpci_arena_take(arena, results->case_count, sizeof *run->cases);
    run->case_count = results->case_count;
    for (uint32_t i = 0; i < results->case_count && fine; i++) {
        const struct vpci_case_result *result = &results->cases[i];
        while (strcmp(played->scenario, result->scenario) != 0)
            played++; /* the reader made sure that it is there */
        const uint32_t place = vpci_names_place(names, result->name, guess);
        guess = place + 1;
        fine = !seen[place];
        seen[place] = true;
        *twice_out = i;
        run->cases[i] = (struct vpci_kept_case){
            .name = place,
            .scenario = played->scenario,
            .digest = played->digest,
            .cause =
                result->cause == NULL ? "" : vpci_arena_copy(arena, result->cause, strlen(result->cause)),
            .reason = keep_reason(arena, result),
            .requirement = result->requirement,
            .verdict = result->verdict,
            .expected = result->expected,
            .dispute = result->dispute,
            .probe = result->probe,
            .elapsed_us = elapsed_us[i],
        };
    }
    free(seen);
    return fine;
}

/* Where the times of a run would be; NULL when they cannot be told from those of other runs. */
static char *timing_path(const char *path)
{
    const char *name = base_name(path);
    char *timing = NULL;
    if (strcmp(name, results_name) != 0)
        return NULL;
    if (asprintf(&timing, "%.*stiming.jsonl", (int)(name - path), path) < 0)
        vpci_give_up("out of memory");
    return timing;
}

static bool keep_timed_cases(struct vpci_kept_run *run, struct vpci_arena *arena, struct vpci_names *names,
                             const struct vpci_results *results, const char *path,
                             char error[VPCI_DETAIL_BYTES])
{
    uint32_t twice = 0;
    char *timing = timing_path(path);
    uint64_t *elapsed_us = vpci_need_memory(calloc((size_t)results->case_count + 1, sizeof *elapsed_us));
    bool fine = vpci_timing_read(elapsed_us, results->case_count, results->header.case_count, timing,
                                 &run->timed, error);
    if (fine && !keep_cases(run, arena, names, results, elapsed_us, &twice)) {
        snprintf(error, VPCI_DETAIL_BYTES, "%.200s:%u: this case is there twice", path, twice + 2);
        fine = false;
    }
    free(timing);
    free(elapsed_us);
    return fine;
}

static bool keep_run(struct vpci_kept_run *run, struct vpci_arena *arena, struct vpci_names *names,
                     const struct place *place, char error[VPCI_DETAIL_BYTES])
{
    struct vpci_results results;
    if (!vpci_results_read(&results, place->path, error))
        return false;
    run->label = vpci_arena_copy(arena, place->label, strlen(place->label));
    run->header = results.header;
    run->errata_level = results.header.dispute_count;
    run->expectation_count = results.header.expectation_count;
    run->header.disputes = NULL;
    run->header.expectations = NULL;
    run->header.scenarios = NULL;
    run->header.dispute_count = run->header.expectation_count = run->header.scenario_count = 0;
    run->sealed = results.sealed;
    take_footer(run, &results);
    const bool fine = names == NULL || keep_timed_cases(run, arena, names, &results, place->path, error);
    vpci_results_free(&results);
    return fine;
}

/* Reads what was found, and frees the places. */
static bool read_places(struct vpci_runs *runs, struct vpci_names *names, struct places places, bool fine,
                        char error[VPCI_DETAIL_BYTES])
{
    *runs = (struct vpci_runs){ 0 };
    if (fine)
        runs->runs = vpci_arena_take(&runs->arena, places.count, sizeof *runs->runs);
    for (size_t i = 0; i < places.count && fine; i++) {
        fine = keep_run(&runs->runs[i], &runs->arena, names, &places.places[i], error);
        runs->count++;
    }
    free_places(&places);
    if (!fine)
        vpci_runs_free(runs);
    return fine;
}

bool vpci_runs_read(struct vpci_runs *runs, struct vpci_names *names, const char *path, uint32_t most,
                    char error[VPCI_DETAIL_BYTES])
{
    struct places places = { 0 };
    const bool found = find_places(&places, path, most, error);
    return read_places(runs, names, places, found, error);
}

bool vpci_runs_read_below(struct vpci_runs *runs, struct vpci_names *names, const char *folder, uint32_t most,
                          char error[VPCI_DETAIL_BYTES])
{
    struct places places = { 0 };
    const bool found = find_below(&places, folder, most, error);
    return read_places(runs, names, places, found, error);
}

void vpci_runs_free(struct vpci_runs *runs)
{
    vpci_arena_free(&runs->arena);
    *runs = (struct vpci_runs){ 0 };
}
