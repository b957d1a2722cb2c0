/* SPDX-License-Identifier: MIT */
/* fuzzers/transitions.h - which transitions of the model a corpus of inputs takes: what a hunt has covered of
 * the protocol, however little can be seen of the implementation. */
#ifndef VPCI_TRANSITIONS_H
#define VPCI_TRANSITIONS_H

#include "harness/plan.h"

struct vpci_transitions {
    bool taken[VPCI_MODEL_CELLS];
    bool possible[VPCI_MODEL_CELLS]; /* a rule is written, and the event crosses an edge of the role */
    uint32_t taken_count, possible_count;
    uint32_t inputs; /* played */
};

/* Plays every input of the folder in child processes. An input that ends its process is passed over. False
 * with "path: reason" in error when the folder cannot be read. */
bool vpci_transitions_of(struct vpci_transitions *transitions, const struct vpci_plan *plan,
                         const char *folder, char error[VPCI_ERROR_BYTES]);

#endif
