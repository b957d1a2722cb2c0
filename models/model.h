/* SPDX-License-Identifier: MIT */
/* models/model.h - the judge. One event in, one judgement out; state lives in memory that the caller gives.
 *
 * No allocation, I/O, clock, global or library. The model accepts sets, never guesses: an observation is a
 * violation only when no legal implementation could have made it after what was seen so far. Judging goes on
 * after a warning; after a violation the state is not meaningful any more and the caller stops. */
#ifndef VPCI_MODEL_H
#define VPCI_MODEL_H

#include "models/event.h"
#include "models/interval.h"
#include "models/profile.h"
#include "models/requirement.h"

struct vpci_judgement {
    enum vpci_verdict verdict;
    enum vpci_requirement
        requirement;     /* broken (WARNING, VIOLATION) or remarked on (NOTE, UNSPECIFIED); else NONE */
    const char *reason;  /* static: what is wrong with the event; NULL when ALLOWED */
    const char *allowed; /* static: what would have been allowed instead; NULL when ALLOWED */
    uint16_t cell;       /* of the rule table: kind of event by state it was met in; below VPCI_MODEL_CELLS */
};

enum { VPCI_MODEL_STATES_MAX = 6, VPCI_MODEL_CELLS = VPCI_EVENT_COUNT * VPCI_MODEL_STATES_MAX };

struct vpci_model_options {
    enum vpci_role role;
    uint16_t vf_count; /* 1...VPCI_VFS_MAX */
    vpci_capability_set capabilities;
    bool exact_order;                   /* the seam reports events in the order in which they happened */
    const struct vpci_profile *profile; /* NULL: the default profile. Borrowed for the model's life */
    /* For a stack that claims register_blocks: memory for the check of contents, aligned to 16. May be NULL:
     * then contents are not judged. Borrowed for the model's life. */
    void *interval_memory;
    size_t interval_memory_bytes;
};

struct vpci_model; /* defined in model_state.h; its size is vpci_model_bytes() */

size_t vpci_model_bytes(void);

/* Makes the memory at model (vpci_model_bytes() of it, aligned to 16) a model in which nothing happened yet.
 */
void vpci_model_init(struct vpci_model *model, const struct vpci_model_options *options);

/* Judges one event, sent or observed by the kit, in the order of the history. event->kind and the numbers in
 * it may be anything; fields that the kind does not have are ignored. */
struct vpci_judgement vpci_model_judge(struct vpci_model *model, const struct vpci_event *event);

/* The requirements whose rule was decided by something that happened, since init: the ones really exercised.
 */
const struct vpci_requirement_set *vpci_model_exercised(const struct vpci_model *model);

/* True when contents of blocks were to be judged and the memory given did not suffice: no pass may be drawn
 * from it. */
bool vpci_model_contents_unjudged(const struct vpci_model *model);

/* The requirement to blame should the implementation crash, exit or hang now: end is that kind of event. */
enum vpci_requirement vpci_model_culprit(const struct vpci_model *model, enum vpci_event_kind end);

/* For the self-test that every cell of the rule table is filled: the verdict that the table holds for a kind
 * of event in a state (0...vpci_model_state_count(kind)-1); VPCI_RULE_MISSING where nobody wrote one. */
enum vpci_verdict vpci_model_cell(enum vpci_event_kind kind, unsigned state);
unsigned vpci_model_state_count(enum vpci_event_kind kind);

#endif
