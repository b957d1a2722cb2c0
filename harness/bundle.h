/* SPDX-License-Identifier: MIT */
/* harness/bundle.h - one failure in one file: the scenario with its text, what was said in both directions,
 * the states of the model, what was found, and by which kit. Whoever gets it can play it again, with the
 * implementation or against the recording alone. docs/bundles.md describes the format. */
#ifndef VPCI_BUNDLE_H
#define VPCI_BUNDLE_H

#include "harness/transcript.h"
#include "models/digest.h"

enum { VPCI_BUNDLE_FORMAT = 1, VPCI_BUNDLE_BYTES_MAX = 32 * 1024 * 1024 };

/* The model whenever the implementation was at rest: before the first step, and after each that waited. */
struct vpci_states {
    struct vpci_state_digest *digests; /* owned */
    uint32_t count, capacity;
};
/* A vpci_at_rest_fn; context is a struct vpci_states, which grows. */
void vpci_states_note(void *states, uint32_t steps, const struct vpci_model *model);
void vpci_states_free(struct vpci_states *states);

/* What a bundle holds. Everything is borrowed when it is written, and of memory when it was read. */
struct vpci_bundle {
    struct vpci_results_header header;
    const char *scenario; /* its name */
    const char *text;     /* its file's bytes */
    struct vpci_case_result then;
    struct vpci_transcript transcript; /* without a name when nothing could be recorded */
    struct vpci_states states;
    struct vpci_arena memory;
};

/* Appends the whole file. The states are found by playing the transcript against test. */
void vpci_bundle_print(struct vpci_text *text, const struct vpci_bundle *bundle,
                       const struct vpci_case *test);

/* Reads a bundle strictly. On false, error holds "file: place: reason" and nothing is to be freed. */
bool vpci_bundle_read(struct vpci_bundle *bundle, const char *path, char error[VPCI_ERROR_BYTES]);
void vpci_bundle_free(struct vpci_bundle *bundle);

#endif
