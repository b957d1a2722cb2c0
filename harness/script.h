/* SPDX-License-Identifier: MIT */
/* harness/script.h - a case that can be edited: what a fuzzer decodes, what shrinking makes smaller, what
 * exploring enumerates. It plays as any other case does and prints as a scenario file. */
#ifndef VPCI_SCRIPT_H
#define VPCI_SCRIPT_H

#include "harness/scenario.h"
#include "harness/text.h"

enum {
    /* Room for every step to carry the most bytes; only touched pages cost memory. */
    VPCI_SCRIPT_DATA_BYTES = VPCI_CASE_STEPS_MAX * VPCI_EVENT_DATA_BYTES_MAX,
};

/* Created once and used again and again: nothing is allocated between create and destroy. */
struct vpci_script {
    struct vpci_case
        test; /* of these steps; scenario is NULL. Settings of the device may be changed directly */
    struct vpci_step *steps; /* owned; test.step_count of VPCI_CASE_STEPS_MAX are in use */
    uint8_t *data;           /* owned; bytes that steps point at */
    size_t data_used;
};

/* Out of memory ends the process. The script is empty: one VF, started automatically, a PF that answers
 * SUCCESS. */
void vpci_script_create(struct vpci_script *script);
void vpci_script_destroy(struct vpci_script *script);
/* Makes it empty again. Costs nothing that depends on what was in it. */
void vpci_script_clear(struct vpci_script *script);

/* A new step at the end: an event without a field, settled afterwards. NULL when the script is full. */
struct vpci_step *vpci_script_add(struct vpci_script *script);

/* A copy of length bytes that lives until the script is cleared; NULL when there is no room for it. */
const uint8_t *vpci_script_keep(struct vpci_script *script, const void *bytes, size_t length);

/* Makes script a copy of the case: device, steps and their bytes. False when it does not fit. */
bool vpci_script_copy(struct vpci_script *script, const struct vpci_case *test);

/* Whether an implementation of this role with these claims may be sent the step. */
bool vpci_step_fits(const struct vpci_step *step, enum vpci_role role, vpci_capability_set capabilities);

/* Whether an event is like the one that an expect step describes. */
bool vpci_step_expects(const struct vpci_step *step, const struct vpci_event *event);

/* Drops the steps and settings of the device that do not fit, so that what is left can be played. */
void vpci_script_fit(struct vpci_script *script, enum vpci_role role, vpci_capability_set capabilities);

/* What a printed scenario says of itself. */
struct vpci_script_head {
    const char *purpose;                             /* a sentence */
    const struct vpci_requirement_set *requirements; /* not empty, but for a probe */
    vpci_capability_set refuses;                     /* of a probe: the capability, one bit; else 0 */
    enum vpci_role role;
    /* Of a scenario that was found, not written; NULL leaves the member out. */
    const struct vpci_finding *finding;
};

/* Appends the case as a scenario file of docs/scenarios.md: loading it gives an equal case again, of a case
 * that a scenario file can say: at least one step, claims and data of a step as the loader lays them out.
 * Runs of equal steps become a repeat. Same case, same bytes. */
void vpci_script_print(struct vpci_text *text, const struct vpci_case *test,
                       const struct vpci_script_head *head);

/* Whether two steps are the same. */
bool vpci_step_equal(const struct vpci_step *one, const struct vpci_step *other);

/* Whether two cases are the same: device and steps, names aside. */
bool vpci_case_equal(const struct vpci_case *one, const struct vpci_case *other);

#endif
