/* SPDX-License-Identifier: MIT */
/* harness/conductor.h - plays one case against one implementation: sends the steps, answers as the PF, waits
 * for rest, and lets the model judge every event. Knows neither where the implementation runs nor where
 * results go. */
#ifndef VPCI_CONDUCTOR_H
#define VPCI_CONDUCTOR_H

#include "harness/journal.h"
#include "harness/scenario.h"
#include "harness/seam.h"

/* What survives a sudden death of the process: lies in memory shared with the process that watches. */
struct vpci_breadcrumb {
    volatile uint32_t case_plus_one; /* under way; 0: none */
    volatile uint32_t culprit;       /* requirement to blame should the implementation end the process now */
    volatile uint32_t events;        /* counts up: a sign of life */
};

struct vpci_conductor_options {
    enum vpci_role role;
    const struct vpci_profile *profile; /* NULL: the default one */
    uint64_t seed;
    struct vpci_breadcrumb *breadcrumb; /* kept up to date; may be NULL. Borrowed */
    bool keep_no_trace; /* results come without one, which is faster: for whoever plays a case again when it
                           fails. Events that an expect may ask for are kept all the same */
};

struct vpci_conductor;

/* Never NULL. options is copied, the profile borrowed. */
struct vpci_conductor *vpci_conductor_create(const struct vpci_conductor_options *options);
void vpci_conductor_destroy(struct vpci_conductor *conductor);

/* Watches every event of the cases to come; NULL stops it. */
void vpci_conductor_watch(struct vpci_conductor *conductor, vpci_watch_fn *watch, void *watcher);

/* Called before the first step and whenever the implementation is at rest after a step; steps is how many
 * were played. Borrowed arguments. NULL stops it. For whoever explores the states of the model. */
typedef void vpci_at_rest_fn(void *context, uint32_t steps, const struct vpci_model *model);
void vpci_conductor_at_rest(struct vpci_conductor *conductor, vpci_at_rest_fn *at_rest, void *context);

/* Whether the case fits an implementation with this PICS; if not, result_out is a NOT_APPLICABLE that says
 * why. */
bool vpci_conductor_applies(struct vpci_conductor *conductor, const struct vpci_pics *pics,
                            const struct vpci_case *test, struct vpci_case_result *result_out);

/* Plays the case over a connected seam. result_out borrows from the conductor and the case, until the next
 * call. Afterwards seam->failure tells whether the seam can take another case. */
void vpci_conductor_play(struct vpci_conductor *conductor, struct vpci_seam *seam,
                         const struct vpci_case *test, struct vpci_case_result *result_out);

/* How far the latest case went. */
struct vpci_progress_of_case {
    uint32_t steps;              /* begun: those behind them had no part in how it ended */
    uint32_t events;             /* judged */
    enum vpci_event_kind latest; /* of the last event judged: the offending one, if it failed */
    const struct vpci_requirement_set *exercised;
};
struct vpci_progress_of_case vpci_conductor_progress(const struct vpci_conductor *conductor);

/* A result for a case that could not be played because the seam failed before it began. */
void vpci_conductor_failed_to_start(struct vpci_conductor *conductor, const struct vpci_seam *seam,
                                    const struct vpci_case *test, struct vpci_case_result *result_out);

/* A result for the case under way, when the process is about to end by itself (from an exit handler), or
 * false when none is. */
bool vpci_conductor_abandon(struct vpci_conductor *conductor, struct vpci_case_result *result_out);

#endif
