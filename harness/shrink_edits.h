/* SPDX-License-Identifier: MIT */
/* harness/shrink_edits.h - ways in which one step can be made simpler, and numbers of a step that can be made
 * smaller. */
#ifndef VPCI_SHRINK_EDITS_H
#define VPCI_SHRINK_EDITS_H

#include "harness/shrink_internal.h"

/* Changes a step of the script, to the level-th simplest form. False when that changes nothing. */
struct shrink_edit {
    bool (*apply)(struct vpci_script *script, struct vpci_step *step, uint32_t level);
    uint32_t levels;
};
enum { SHRINK_EDIT_COUNT = 12 };
extern const struct shrink_edit shrink_edits[SHRINK_EDIT_COUNT];

/* A number of a step. */
enum { SHRINK_LEAST_MAX = 3 };
struct shrink_number {
    bool (*get)(const struct vpci_step *step, uint64_t *value_out); /* false: the step has none */
    void (*set)(struct vpci_script *script, struct vpci_step *step, uint64_t value); /* has one */
    uint64_t least[SHRINK_LEAST_MAX]; /* minima of classes, tried in this order before any other value */
    uint32_t least_count;
    bool is_plain; /* of nearly every case: changed along with all else */
    bool is_mask;  /* bits, not a quantity */
};
enum { SHRINK_NUMBER_COUNT = 9 };
extern const struct shrink_number shrink_numbers[SHRINK_NUMBER_COUNT];

#endif
