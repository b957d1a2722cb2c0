/* SPDX-License-Identifier: MIT */
/* harness/found.h - from a case that fails to a finding that is fit to be kept: shrunk, played again in a
 * fresh process, held against golden, named, printed as a scenario. The verbs that hunt end here. */
#ifndef VPCI_FOUND_H
#define VPCI_FOUND_H

#include "harness/file.h"
#include "harness/plan.h"
#include "harness/player.h"
#include "harness/shrink.h"

/* Against what and how thoroughly. */
struct vpci_found_options {
    struct vpci_player_options player; /* its containment is not looked at: it is chosen here */
    vpci_capability_set capabilities;  /* that the implementation claims: shrinking stays within them */
    const char *adapter_name;          /* as the user gave it; goes into the file. Borrowed */
    uint32_t runs_max;                 /* as in struct vpci_shrink_options; 0: the default */
    uint32_t need, attempts;           /* likewise */
};

/* Against the implementation of a plan, with the defaults. */
struct vpci_found_options vpci_found_options_of(const struct vpci_plan *plan);

/* How it ended. */
enum vpci_found_end {
    VPCI_FOUND_FINDING, /* it fails, is shrunk, and what is left fails in the same way in a fresh process */
    VPCI_FOUND_NOTHING, /* the case passes */
    VPCI_FOUND_UNSURE,  /* it fails now and then, or cannot be played to a verdict; found->detail says why */
};

/* What the bundled golden does with the shrunk case. */
enum vpci_found_golden {
    VPCI_GOLDEN_PASSES,
    VPCI_GOLDEN_NOT_APPLICABLE, /* does not play the role or claim what the case needs, or is not there */
    VPCI_GOLDEN_FAILS,          /* then the finding may be a fault of the kit: say so, loudly */
    VPCI_GOLDEN_UNSURE,         /* no verdict */
    VPCI_GOLDEN_COUNT
};
extern const char *const vpci_found_golden_name[VPCI_GOLDEN_COUNT]; /* "passes", "not applicable", ... */

enum { VPCI_FOUND_REASON_BYTES = 256 };

/* Zero-initialised before its first use, may be used again and again, freed with vpci_found_free. Filled as
 * far as it came: detail always, all else when it is a FINDING. */
struct vpci_found {
    enum vpci_requirement requirement;        /* that is broken */
    enum vpci_failure failure;                /* NONE: the model or an expect found it */
    enum vpci_event_kind event;               /* the offending one */
    const char *cause;                        /* "violation", or the name of the failure. Static */
    char reason[VPCI_FOUND_REASON_BYTES];     /* what is wrong with the offending event */
    char allowed[VPCI_FOUND_REASON_BYTES];    /* what would have been allowed; may be "" */
    char fingerprint[VPCI_SHA256_TEXT_BYTES]; /* see vpci_fingerprint() */
    uint32_t steps_before, steps_after;
    uint32_t plays;   /* of the implementation, all in all */
    bool at_fixpoint; /* no pass makes it smaller any more */
    enum vpci_found_golden golden;
    struct vpci_text scenario;      /* the shrunk case as a scenario file. Owned */
    char detail[VPCI_DETAIL_BYTES]; /* why it is UNSURE, or what golden failed with; one line */
};

/* Does the whole of it. The case must fit the implementation's claims (vpci_script_fit) and have steps. An
 * implementation in process is never entered in this process: one child plays all candidates, or, when those
 * crash or hang, each candidate has a child of its own. Deterministic as far as the implementation is. Must
 * not be called where an implementation in process was connected before: timers do not outlive a fork. */
enum vpci_found_end vpci_found_shrink(const struct vpci_found_options *options, const struct vpci_case *test,
                                      struct vpci_found *found);

/* Writes found->scenario to FOLDER/<requirement>-<first 12 of the fingerprint>.json, whole or not at all; the
 * folder and those above it are made. A file of that name is replaced. False with "path: reason" in error. */
bool vpci_found_write(const struct vpci_found *found, const char *folder, char path_out[VPCI_PATH_BYTES],
                      char error[VPCI_ERROR_BYTES]);

void vpci_found_free(struct vpci_found *found);

#endif
