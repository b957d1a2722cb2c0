/* SPDX-License-Identifier: MIT */
/* models/digest.h - the state of a model, cut down to what its future depends on: two histories with the same
 * abstract state are judged alike whatever comes. Under a bounded alphabet there are finitely many, so that
 * states can be counted and exhausted. docs/explore.md says what is left out, and why. */
#ifndef VPCI_DIGEST_H
#define VPCI_DIGEST_H

#include "models/model.h"

enum {
    VPCI_ABSTRACT_VF_WORDS = 8,
    VPCI_ABSTRACT_REQUEST_WORDS = 7,
    VPCI_ABSTRACT_CALL_WORDS = 6,
    VPCI_ABSTRACT_WORDS_MAX =
        2 + VPCI_VFS_MAX * VPCI_ABSTRACT_VF_WORDS + VPCI_REQUESTS_MAX * VPCI_ABSTRACT_REQUEST_WORDS +
        VPCI_REQUESTS_MAX * (VPCI_ABSTRACT_REQUEST_WORDS + 1) + VPCI_CALLS_MAX * VPCI_ABSTRACT_CALL_WORDS,
};

/* Writes the abstract state and returns how many words it has. Requests and calls come in the order of their
 * age, whatever their numbers. Equal words: equal state. */
uint32_t vpci_model_abstract(const struct vpci_model *model, uint64_t words[VPCI_ABSTRACT_WORDS_MAX]);

/* A name of 128 bits for words. Not cryptographic. */
struct vpci_state_digest {
    uint64_t low, high;
};
struct vpci_state_digest vpci_state_digest_of(const uint64_t *words, uint32_t count);

/* The digest of the abstract state. */
struct vpci_state_digest vpci_model_digest(const struct vpci_model *model);

/* What the kit could do next, as far as the model knows. */
struct vpci_situation {
    uint32_t request_count;              /* not over */
    uint8_t requests[VPCI_REQUESTS_MAX]; /* their numbers, oldest first */
    uint64_t cancellable;                /* bit i: requests[i] is an IOCTL */
    uint32_t calls_open;                 /* callbacks that wait for the PF */
    uint16_t not_started, gone;          /* bit v: VF v is not started; is removed, or being removed */
};
struct vpci_situation vpci_model_situation(const struct vpci_model *model);

#endif
