/* SPDX-License-Identifier: MIT */
/* fuzzers/inputs.h - the inputs that a hunt keeps: where they start from, how the engines share them, how
 * they are thinned out without losing a feature. */
#ifndef VPCI_INPUTS_H
#define VPCI_INPUTS_H

#include "fuzzers/engine.h"

/* Makes the folders of a hunt below folder. False with "path: reason" in error. */
bool vpci_inputs_prepare(const char *folder, char error[VPCI_ERROR_BYTES]);

/* Writes an input for the first case of each scenario of the suite that fits the implementation into corpus/,
 * where it is not there yet. Returns how many the corpus then holds of them; -1 with an error. */
int vpci_inputs_seed(const char *folder, const struct vpci_plan *plan, char error[VPCI_ERROR_BYTES]);

/* Copies what one engine has found to where the others look for it, once each. Cheap when there is nothing
 * new. False with "path: reason" in error when something cannot be copied, for want of room. */
bool vpci_inputs_share(const char *folder, char error[VPCI_ERROR_BYTES]);

/* Whether there is room on the disk for what a hunt writes in its next seconds: engines say nothing of an
 * input that they could not write. False with "path: reason" in error. */
bool vpci_inputs_have_room(const char *folder, char error[VPCI_ERROR_BYTES]);

/* Writes the bytes to FOLDER/PREFIX+digest, unless that is there. False when it cannot be written. */
bool vpci_inputs_keep(const char *folder, const char *prefix, const void *bytes, size_t length);

/* Removes all inputs of the folder that have exactly these bytes. */
void vpci_inputs_remove(const char *folder, const void *bytes, size_t length);

/* Gives each process that reads nothing from others its own copy of corpus/: own/NUMBER. */
bool vpci_inputs_give_each(const char *folder, unsigned processes, char error[VPCI_ERROR_BYTES]);

/* Removes a folder and all in it, links not followed. */
void vpci_inputs_remove_folder(const char *path);

/* What is needed to start afl-fuzz: seeds/, filled out of corpus/, with one simple input when that is empty.
 */
bool vpci_inputs_seed_afl(const char *folder, char error[VPCI_ERROR_BYTES]);

/* Takes up what an interrupted hunt left: the other engine's inputs go to corpus/, its working folder and a
 * half-made thin corpus go away, unless there is no room: false with "path: reason" in error. */
bool vpci_inputs_recover(const char *folder, char error[VPCI_ERROR_BYTES]);

/* What thinning came to; features are counted by libFuzzer. */
struct vpci_thinning {
    uint32_t features_before, features_after;
    size_t inputs_before, inputs_after;
    bool replaced; /* else the corpus is as it was */
};

/* Puts a corpus of fewer inputs with as many features in the place of corpus/, in one step, or leaves it as
 * it is. */
struct vpci_thinning vpci_inputs_thin(const struct vpci_engine_setup *setup, uint64_t time_ms);

#endif
