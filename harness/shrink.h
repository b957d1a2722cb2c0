/* SPDX-License-Identifier: MIT */
/* harness/shrink.h - makes a failing case as small as it gets while it fails in the same way, and names what
 * is left so that the same fault is known again. */
#ifndef VPCI_SHRINK_H
#define VPCI_SHRINK_H

#include "harness/file.h"
#include "harness/player.h"
#include "harness/script.h"

struct vpci_shrink_options {
    vpci_play_fn *play;
    void *context;
    /* Of the implementation. No step is turned into one that needs a claim not among these. */
    enum vpci_role role;
    vpci_capability_set capabilities;
    uint32_t runs_max;       /* of the implementation; 0: VPCI_SHRINK_RUNS_MAX */
    uint32_t need, attempts; /* a candidate fails when it does so in need of attempts plays; 0: 1 of 1 */
};
enum { VPCI_SHRINK_RUNS_MAX = 2000 };

struct vpci_shrink_report {
    uint32_t runs; /* plays of the implementation */
    uint32_t steps_before, steps_after;
    bool at_fixpoint; /* no pass makes it smaller any more; false when runs were used up */
};

/* Shrinks the script in place. target: how it fails; a candidate that fails in another way counts as not
 * failing. False when the script as given does not fail like that (need of attempts); it is unchanged then.
 */
bool vpci_shrink(struct vpci_script *script, const struct vpci_outcome *target,
                 const struct vpci_shrink_options *options, struct vpci_shrink_report *report_out);

/* Appends what a shrunk case looks like once everything is left out of it that differs from one way of
 * finding a fault to another: a line for the device and one for each step. */
void vpci_shape_print(struct vpci_text *text, const struct vpci_case *test);

/* The name of a fault: SHA-256 over the requirement and the shape of the shrunk case. Same fault, same name.
 */
void vpci_fingerprint(char text[VPCI_SHA256_TEXT_BYTES], enum vpci_requirement requirement,
                      const struct vpci_case *test);

#endif
