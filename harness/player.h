/* SPDX-License-Identifier: MIT */
/* harness/player.h - plays one case after another against one implementation and says how each ended. For
 * everything that tries many candidates: shrinking, exploring, hunting. */
#ifndef VPCI_PLAYER_H
#define VPCI_PLAYER_H

#include "harness/adapter.h"
#include "harness/conductor.h"

/* How a case ended. */
struct vpci_outcome {
    enum vpci_case_verdict verdict;
    enum vpci_requirement
        requirement;           /* blamed; NONE unless FAIL, and for a failure that the model does not blame */
    enum vpci_failure failure; /* NONE where the model or an expect found it */
    enum vpci_event_kind event;   /* the offending one; meant when FAIL */
    const char *reason, *allowed; /* static; NULL when there is none */
    uint32_t steps;               /* played when it ended; the steps behind them had no part in it */
    uint32_t events;              /* judged */
    struct vpci_requirement_set exercised;
    char detail[VPCI_DETAIL_BYTES]; /* of a failure or an error, one line */
};

/* True when both fail in the same way: same requirement, same failure, same offending event, same reason. */
bool vpci_outcome_same(const struct vpci_outcome *one, const struct vpci_outcome *other);

/* "violation", or the name of the failure. */
const char *vpci_outcome_cause(const struct vpci_outcome *outcome);

/* Plays one case. Whatever tries candidates takes one of these, so that tests can plant faults without an
 * implementation. */
typedef void vpci_play_fn(void *context, const struct vpci_case *test, struct vpci_outcome *outcome_out);

enum vpci_containment {
    VPCI_PLAY_DIRECTLY,  /* in this process, fast. After a crash or a hang the process is tainted */
    VPCI_PLAY_CONTAINED, /* each case in a process of its own; nothing of the implementation gets into this
                            one */
};

struct vpci_player_options {
    struct vpci_adapter adapter;
    struct vpci_limits limits;
    enum vpci_role role;
    const struct vpci_profile *profile; /* NULL: the default one. Borrowed */
    uint64_t seed;
    enum vpci_containment containment; /* an adapter that is not in process is always played directly */
};

struct vpci_player;

/* Never NULL; nothing is loaded or started yet. options is copied. */
struct vpci_player *vpci_player_create(const struct vpci_player_options *options);
void vpci_player_destroy(struct vpci_player *player);

/* A vpci_play_fn; context is a struct vpci_player. Steps that do not fit the implementation's claims are the
 * caller's to leave out (vpci_script_fit). An implementation that cannot be started gives the verdict ERROR.
 */
void vpci_player_play(void *player, const struct vpci_case *test, struct vpci_outcome *outcome_out);

/* True once an implementation has crashed or hung in this process. */
bool vpci_player_is_tainted(const struct vpci_player *player);

/* Watches every event of the cases to come, where they are played directly. NULL stops it. */
void vpci_player_watch(struct vpci_player *player, vpci_watch_fn *watch, void *watcher);

#endif
