/* SPDX-License-Identifier: MIT */
/* cli/chosen.c - see chosen.h. */
#include "cli/chosen.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "fuzzers/decoder.h"
#include "harness/file.h"
#include "harness/result.h"
#include "harness/script_trace.h"

enum { INPUT_BYTES_MAX = 1 << 20, SNIFFED_BYTES = 256 };

static bool ends_with(const char *string, const char *end)
{
    const size_t length = strlen(string);
    return length >= strlen(end) && strcmp(string + length - strlen(end), end) == 0;
}

/* ---- results ---- */

static void take_conditions(struct vpci_options *options, uint64_t seed, enum vpci_role role,
                            const char *profile)
{
    if ((options->given & VPCI_O(SEED)) == 0)
        options->seed = seed;
    if ((options->given & VPCI_O(ROLE)) == 0) {
        options->role = role;
        options->given |= VPCI_O(ROLE);
    }
    if ((options->given & VPCI_O(PROFILE)) == 0 && vpci_profile_from_name(profile) != NULL)
        options->profile = vpci_profile_from_name(profile);
}

/* Finds the transcript of the case in the file beside the results. */
static bool find_transcript(struct vpci_chosen *chosen, const char *path, const struct vpci_case_result *then)
{
    char error[VPCI_ERROR_BYTES], beside[VPCI_PATH_BYTES];
    struct vpci_transcript *transcript = &chosen->recorded.transcript;
    const char *slash = strrchr(path, '/');
    snprintf(beside, sizeof beside, "%.*stranscripts.jsonl", slash == NULL ? 0 : (int)(slash + 1 - path),
             path);
    bool fine = vpci_transcripts_open(&chosen->transcripts, beside, error);
    do {
        fine = fine && vpci_transcripts_next(&chosen->transcripts, transcript, error);
    } while (fine && transcript->name != NULL && strcmp(transcript->name, then->name) != 0);
    if (!fine)
        (void)vpci_fault("%s (without --adapter a case is played against its transcript)", error);
    else if (transcript->name == NULL)
        (void)vpci_fault("%s: there is no transcript of %s", beside, then->name);
    chosen->recorded.header = chosen->results.header;
    chosen->recorded.scenario = then->scenario;
    chosen->recorded.then = *then;
    return fine && transcript->name != NULL;
}

/* The case named, or the first that failed. */
static bool choose_from_results(struct vpci_chosen *chosen, const char *path, const char *name,
                                char found_out[VPCI_PATH_BYTES])
{
    struct vpci_results *results = &chosen->results;
    char error[VPCI_DETAIL_BYTES];
    if (!vpci_results_read(results, path, error)) {
        (void)vpci_fault("%s", error);
        return false;
    }
    const struct vpci_case_result *found = NULL;
    for (uint32_t i = 0; i < results->case_count && found == NULL; i++) {
        const struct vpci_case_result *candidate = &results->cases[i];
        if (name != NULL ? strcmp(candidate->name, name) == 0 : candidate->verdict == VPCI_CASE_FAIL)
            found = candidate;
    }
    take_conditions(&chosen->options, results->header.seed, results->header.role, results->header.profile);
    if (found == NULL) {
        (void)vpci_fault(name != NULL ? "%s: there is no case %s" : "%s: no case of it failed", path, name);
        return false;
    }
    snprintf(found_out, VPCI_PATH_BYTES, "%s", found->name);
    return chosen->options.adapter != NULL || find_transcript(chosen, path, found);
}

/* ---- scenarios ---- */

static bool choose_from_suite(struct vpci_chosen *chosen, const char *name)
{
    const struct vpci_suite *suite = chosen->corpus.suite;
    chosen->count = name == NULL ? vpci_suite_case_count(suite) : 1;
    for (uint32_t i = 0; i < vpci_suite_case_count(suite); i++) {
        if (name == NULL || strcmp(vpci_suite_case_name(suite, i), name) == 0) {
            chosen->first = i;
            return true;
        }
    }
    (void)vpci_fault("there is no case %s in the corpus; a scenario file may have changed since", name);
    return false;
}

/* ---- bundles ---- */

static bool open_bundle(struct vpci_chosen *chosen, const char *path, const char *name)
{
    char error[VPCI_ERROR_BYTES];
    struct vpci_bundle *bundle = &chosen->recorded;
    if (!vpci_bundle_read(bundle, path, error)) {
        (void)vpci_fault("%s", error);
        return false;
    }
    take_conditions(&chosen->options, bundle->header.seed, bundle->header.role, bundle->header.profile);
    if (name != NULL && strcmp(name, bundle->then.name) != 0)
        (void)vpci_fault("%s: its only case is %s", path, bundle->then.name);
    else if (vpci_corpus_load_catalogue(&chosen->corpus, chosen->options.corpus)) {
        chosen->corpus.suite =
            vpci_suite_load_bytes(bundle->scenario, bundle->text, strlen(bundle->text), error);
        if (chosen->corpus.suite != NULL)
            return choose_from_suite(chosen, bundle->then.name);
        (void)vpci_fault("%s: %s", path, error);
    }
    return false;
}

static bool open_suite(struct vpci_chosen *chosen, const char *path, const char *name)
{
    char found[VPCI_PATH_BYTES];
    const bool is_scenario = ends_with(path, ".json");
    if (!is_scenario && !choose_from_results(chosen, path, name, found))
        return false;
    return vpci_corpus_load(&chosen->corpus, chosen->options.corpus, is_scenario ? path : NULL) &&
           choose_from_suite(chosen, is_scenario ? name : found);
}

/* ---- traces and inputs ---- */

static bool open_trace(struct vpci_chosen *chosen, const char *path)
{
    struct vpci_trace trace;
    char error[VPCI_TRACE_ERROR_BYTES];
    if (!vpci_trace_read(&trace, path, error)) {
        (void)vpci_fault("%s", error);
        return false;
    }
    take_conditions(&chosen->options, chosen->options.seed, trace.header.role, trace.header.profile);
    const bool fits = vpci_script_from_trace(&chosen->script, &trace);
    if (!fits)
        (void)vpci_fault("%s: more than %d steps", path, VPCI_CASE_STEPS_MAX);
    vpci_trace_free(&trace);
    return fits;
}

static bool open_input(struct vpci_chosen *chosen, const char *path)
{
    char error[VPCI_ERROR_BYTES];
    char *bytes;
    size_t length;
    if (!vpci_file_read(path, INPUT_BYTES_MAX, &bytes, &length, error, sizeof error)) {
        (void)vpci_fault("%s", error);
        return false;
    }
    vpci_decode((const uint8_t *)bytes, length, &chosen->script);
    free(bytes);
    return true;
}

/* ---- what the file is ---- */

enum sort { SORT_SUITE, SORT_BUNDLE, SORT_TRACE, SORT_INPUT };

/* By its name, else by how it begins: inputs of a fuzzer may be any bytes. */
static bool sort_of(const char *path, enum sort *sort_out)
{
    char error[VPCI_ERROR_BYTES], start[SNIFFED_BYTES + 1] = "";
    FILE *file = NULL;
    const int descriptor = vpci_file_open(path, error, sizeof error);
    if (descriptor < 0 || (file = fdopen(descriptor, "r")) == NULL) {
        (void)vpci_fault("%s", error);
        return false;
    }
    const size_t got = fread(start, 1, SNIFFED_BYTES, file);
    fclose(file);
    start[got] = '\0';
    const bool is_object = start[strspn(start, " \t\r\n")] == '{';
    *sort_out = SORT_INPUT;
    if (is_object && strstr(start, "\"bundle\"") != NULL)
        *sort_out = SORT_BUNDLE;
    else if (is_object && strstr(start, "\"trace\"") != NULL)
        *sort_out = SORT_TRACE;
    else if (is_object || ends_with(path, ".json") || ends_with(path, ".jsonl"))
        *sort_out = SORT_SUITE;
    return true;
}

static bool open_script(struct vpci_chosen *chosen, const char *path, const char *name, enum sort sort)
{
    chosen->count = 1;
    vpci_script_create(&chosen->script);
    if (name != NULL) {
        (void)vpci_fault("%s: one case without a name, so CASE names none", path);
        return false;
    }
    return vpci_corpus_load_catalogue(&chosen->corpus, chosen->options.corpus) &&
           (sort == SORT_TRACE ? open_trace(chosen, path) : open_input(chosen, path));
}

static bool open_file(struct vpci_chosen *chosen, const char *path, const char *name, enum sort sort)
{
    if (sort == SORT_BUNDLE)
        return open_bundle(chosen, path, name);
    return sort == SORT_SUITE ? open_suite(chosen, path, name) : open_script(chosen, path, name, sort);
}

/* The plan of a case that is played against its recording. */
static bool plan_from_recording(struct vpci_chosen *chosen)
{
    const struct vpci_bundle *recorded = &chosen->recorded;
    if (recorded->transcript.name == NULL) {
        (void)vpci_fault(
            "%s: nothing is recorded in it to play against; name an implementation with --adapter",
            chosen->options.arguments[0]);
        return false;
    }
    chosen->plan = (struct vpci_plan){ .pics = recorded->header.pics,
                                       .role = chosen->options.role,
                                       .profile = chosen->options.profile,
                                       .seed = chosen->options.seed,
                                       .suite = chosen->corpus.suite,
                                       .catalogue = chosen->corpus.catalogue };
    return true;
}

bool vpci_chosen_open(struct vpci_chosen *chosen, const struct vpci_options *options)
{
    const char *path = options->arguments[0];
    const char *name = options->argument_count > 1 ? options->arguments[1] : NULL;
    enum vpci_failure failure = VPCI_FAILURE_NONE;
    char detail[VPCI_ERROR_BYTES];
    enum sort sort;
    *chosen = (struct vpci_chosen){ .options = *options };
    if (!sort_of(path, &sort) || !open_file(chosen, path, name, sort))
        return false;
    if (options->adapter == NULL)
        return plan_from_recording(chosen);
    if (!vpci_plan_make(&chosen->plan, &chosen->options, &chosen->corpus, &failure, detail))
        return false;
    if (failure != VPCI_FAILURE_NONE)
        (void)vpci_fault("%s", detail);
    else if (chosen->script.steps != NULL)
        vpci_script_fit(&chosen->script, chosen->plan.role, chosen->plan.pics.capabilities);
    return failure == VPCI_FAILURE_NONE;
}

void vpci_chosen_close(struct vpci_chosen *chosen)
{
    if (chosen->script.steps != NULL)
        vpci_script_destroy(&chosen->script);
    vpci_case_scratch_free(&chosen->scratch);
    vpci_bundle_free(&chosen->recorded);
    vpci_transcripts_close(&chosen->transcripts);
    vpci_results_free(&chosen->results);
    vpci_corpus_free(&chosen->corpus);
}

void vpci_chosen_case(struct vpci_chosen *chosen, uint32_t index, struct vpci_case *case_out)
{
    if (chosen->script.steps != NULL)
        *case_out = chosen->script.test;
    else
        vpci_suite_case(chosen->corpus.suite, chosen->first + index, &chosen->scratch, case_out);
}
