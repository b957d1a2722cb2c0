/* SPDX-License-Identifier: MIT */
/* cli/bundles.c - see bundles.h. A finding is a violated requirement; its bundle is of the failing case with
 * the shortest trace, the one that the reports show. */
#include "cli/bundles.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/allocate.h"
#include "harness/bundle.h"
#include "harness/file.h"
#include "reports/summary.h"

struct bundles {
    const char *folder;
    const struct vpci_plan *plan;
    struct vpci_summary summary;
    bool *written; /* owned; by violation */
    char error[VPCI_ERROR_BYTES];
};

static bool remove_old(struct bundles *bundles)
{
    struct vpci_file_list list = { 0 };
    char path[2 * VPCI_PATH_BYTES];
    bool good =
        vpci_file_list_below(&list, bundles->folder, ".bundle.json", bundles->error, sizeof bundles->error);
    for (size_t i = 0; i < list.count && good; i++) {
        snprintf(path, sizeof path, "%s/%s", bundles->folder, list.paths[i]);
        good = unlink(path) == 0;
        if (!good)
            snprintf(bundles->error, sizeof bundles->error, "%.900s: %s", path, strerror(errno));
    }
    vpci_file_list_free(&list);
    return good;
}

/* Writes the bundle of one violation. transcript is that of its case, or has no name. */
static bool write_one(struct bundles *bundles, uint32_t number, const struct vpci_transcript *transcript)
{
    const struct vpci_violation *violation = &bundles->summary.violations[number];
    const char *what = violation->requirement == VPCI_REQUIREMENT_NONE
                           ? violation->shortest->cause
                           : vpci_requirement_info[violation->requirement].id;
    char path[2 * VPCI_PATH_BYTES];
    struct vpci_case_scratch scratch = { 0 };
    struct vpci_case test;
    struct vpci_text text = { 0 };
    vpci_suite_case(bundles->plan->suite, violation->shortest->index, &scratch, &test);
    const struct vpci_bundle bundle = { .header = bundles->summary.results->header,
                                        .scenario = violation->shortest->scenario,
                                        .text = vpci_scenario_text(test.scenario),
                                        .then = *violation->shortest,
                                        .transcript = *transcript };
    vpci_bundle_print(&text, &bundle, &test);
    snprintf(path, sizeof path, "%s/%03u-%s.bundle.json", bundles->folder, number + 1, what);
    bundles->written[number] = true;
    const bool good = vpci_file_write(path, text.bytes, text.length, bundles->error, sizeof bundles->error);
    vpci_text_free(&text);
    vpci_case_scratch_free(&scratch);
    return good;
}

static bool write_all_of_case(struct bundles *bundles, const struct vpci_transcript *transcript)
{
    for (uint32_t i = 0; i < bundles->summary.violation_count; i++) {
        if (bundles->summary.violations[i].shortest->index == transcript->index &&
            !write_one(bundles, i, transcript))
            return false;
    }
    return true;
}

/* One pass over the transcripts, then what has none: the process of its case died without a word. */
static bool write_all(struct bundles *bundles, const char *transcripts_path)
{
    static const struct vpci_transcript none = { 0 };
    struct vpci_transcripts transcripts;
    struct vpci_transcript transcript;
    if (!vpci_transcripts_open(&transcripts, transcripts_path, bundles->error))
        return false;
    bool good = true;
    do {
        good = vpci_transcripts_next(&transcripts, &transcript, bundles->error) &&
               (transcript.name == NULL || write_all_of_case(bundles, &transcript));
    } while (good && transcript.name != NULL);
    vpci_transcripts_close(&transcripts);
    for (uint32_t i = 0; i < bundles->summary.violation_count && good; i++)
        good = bundles->written[i] || write_one(bundles, i, &none);
    return good;
}

bool vpci_bundles_write(const char *folder, const struct vpci_results *results, const struct vpci_plan *plan,
                        const char *transcripts_path)
{
    struct bundles bundles = { .folder = folder, .plan = plan };
    vpci_summary_make(&bundles.summary, results, plan->catalogue);
    const uint32_t count = bundles.summary.violation_count;
    bundles.written = vpci_need_memory(calloc((size_t)count + 1, sizeof *bundles.written));
    bool good = access(folder, F_OK) != 0 || remove_old(&bundles);
    if (good && count != 0)
        good = vpci_folder_make(folder, bundles.error, sizeof bundles.error) &&
               write_all(&bundles, transcripts_path);
    if (!good)
        (void)vpci_fault("%s", bundles.error);
    free(bundles.written);
    vpci_summary_free(&bundles.summary);
    return good;
}
