/* SPDX-License-Identifier: MIT */
/* tests/mutation/recorded.h - runs that tools/mutate recorded, in memory: each transcript with the case it is
 * of and the result that it had. For the programs beside it. */
#ifndef VPCI_RECORDED_H
#define VPCI_RECORDED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/allocate.h"
#include "harness/transcript.h"

enum { LINE_BYTES = 4096 };

struct recorded {
    struct vpci_transcript transcript;
    const struct vpci_case_result *then;
    uint32_t case_index; /* in the suite */
};

struct recording {
    struct vpci_results results;
    struct recorded *cases; /* owned */
    uint32_t count;
};

static struct vpci_suite *suite;
static const char **names; /* of the cases of the suite, sorted */
static uint32_t *indices;  /* of the sorted names */

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "judge: %s: %s\n", what, why);
    exit(3);
}

static int by_name(const void *one, const void *other)
{
    return strcmp(vpci_suite_case_name(suite, *(const uint32_t *)one),
                  vpci_suite_case_name(suite, *(const uint32_t *)other));
}

static inline void load_suite(const char *path)
{
    char error[VPCI_ERROR_BYTES];
    suite = vpci_suite_load(path, error);
    if (suite == NULL)
        fail(path, error);
    const uint32_t count = vpci_suite_case_count(suite);
    indices = vpci_need_memory(malloc(count * sizeof *indices));
    names = vpci_need_memory(malloc(count * sizeof *names));
    for (uint32_t i = 0; i < count; i++)
        indices[i] = i;
    qsort(indices, count, sizeof *indices, by_name);
    for (uint32_t i = 0; i < count; i++)
        names[i] = vpci_suite_case_name(suite, indices[i]);
}

static uint32_t find_case(const char *name)
{
    uint32_t low = 0, high = vpci_suite_case_count(suite);
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = strcmp(names[middle], name);
        if (order == 0)
            return indices[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    fail(name, "the suite has no such case");
    return 0;
}

static inline void load_recording(struct recording *recording, const char *folder)
{
    char path[LINE_BYTES], error[VPCI_ERROR_BYTES];
    struct vpci_transcripts transcripts;
    *recording = (struct recording){ 0 };
    snprintf(path, sizeof path, "%s/results.jsonl", folder);
    if (!vpci_results_read(&recording->results, path, error))
        fail(path, error);
    recording->cases = vpci_need_memory(calloc(recording->results.case_count + 1, sizeof *recording->cases));
    char *kept = vpci_need_memory(malloc(sizeof path)); /* the transcripts borrow it */
    snprintf(kept, sizeof path, "%s/transcripts.jsonl", folder);
    if (!vpci_transcripts_open(&transcripts, kept, error))
        fail(kept, error);
    for (;;) {
        struct recorded *recorded = &recording->cases[recording->count];
        if (!vpci_transcripts_next(&transcripts, &recorded->transcript, error))
            fail(kept, error);
        if (recorded->transcript.name == NULL)
            break;
        transcripts.of_line = (struct vpci_arena){ 0 }; /* it lives as long as this program */
        const uint32_t index = recorded->transcript.index;
        if (index >= recording->results.case_count || recording->count == recording->results.case_count ||
            strcmp(recording->results.cases[index].name, recorded->transcript.name) != 0)
            fail(kept, "does not belong to the results beside it");
        recorded->then = &recording->results.cases[index];
        recorded->case_index = find_case(recorded->transcript.name);
        recording->count++;
    }
    vpci_transcripts_close(&transcripts);
    free(kept);
}

#endif
