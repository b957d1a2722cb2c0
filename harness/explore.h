/* SPDX-License-Identifier: MIT */
/* harness/explore.h - plays all there is of something, shortest first: every state and transition of the
 * model, every order of completions, every combination of parameters, every sequence. docs/explore.md says
 * what is counted and what "exhausted" means. */
#ifndef VPCI_EXPLORE_H
#define VPCI_EXPLORE_H

#include "harness/player.h"
#include "harness/script.h"

enum { VPCI_EXPLORE_VFS_MAX = 4, VPCI_EXPLORE_BLOCKS_MAX = 4, VPCI_EXPLORE_SLOTS_MAX = 4 };

/* Stages, in their order: name, as printed, what one item of it is. */
#define VPCI_EXPLORE_STAGES(X)                                                                            \
    X(STATES, "states", "transitions")       /* from each state of the model each letter, once */         \
    X(PRODUCT, "product", "operations")      /* one operation with every combination of its parameters */ \
    X(PAIRS, "pairs", "pairs of operations") /* two, one behind the other: every triple of parameters */  \
    X(ORDERS, "orders", "orders")            /* of the completions of up to 4 open requests */            \
    X(SEQUENCES, "sequences", "sequences")   /* of letters, whatever the states */

enum vpci_explore_stage {
#define X(name, text, items) VPCI_EXPLORE_##name,
    VPCI_EXPLORE_STAGES(X)
#undef X
        VPCI_EXPLORE_STAGE_COUNT
};
extern const char *const vpci_explore_stage_name[VPCI_EXPLORE_STAGE_COUNT];
extern const char *const vpci_explore_item_name[VPCI_EXPLORE_STAGE_COUNT];

/* Why a stage ended. */
enum vpci_explore_end {
    VPCI_EXPLORE_NOT_BEGUN,
    VPCI_EXPLORE_EXHAUSTED,
    VPCI_EXPLORE_BOUND,  /* everything up to the depth asked for, and there is more beyond it */
    VPCI_EXPLORE_TIME,   /* was over */
    VPCI_EXPLORE_FOUND,  /* stopped at a finding */
    VPCI_EXPLORE_ROOM,   /* no room for more states */
    VPCI_EXPLORE_BROKEN, /* the implementation could not be played any more; detail says why */
};

struct vpci_explore_result {
    enum vpci_explore_end end;
    uint64_t items;      /* played to an end */
    uint64_t steps;      /* macro-steps: one stimulus and the rest after it; replayed ones count */
    uint64_t states;     /* of the model; of STATES only */
    uint64_t digests;    /* different digests of these; equal to states unless two collide */
    uint32_t depth;      /* of the last new state, or the longest length that is complete */
    uint64_t letters;    /* of the alphabet; 0 where there is none */
    uint64_t findings;   /* items that failed */
    uint64_t undecided;  /* items without a verdict: the adapter's fault, or contents that were not judged */
    uint64_t unrepeated; /* states that were not reached again by the same steps */
    char detail[VPCI_DETAIL_BYTES]; /* BROKEN: why; undecided: of the first */
};

/* A case that failed. Played alone it may or may not fail again; true when it does. */
typedef bool vpci_explore_found_fn(void *context, const struct vpci_case *test);

struct vpci_explore_options {
    struct vpci_adapter adapter;
    struct vpci_limits limits;
    enum vpci_role role;                /* bus or stack */
    const struct vpci_profile *profile; /* NULL: the default one. Borrowed */
    uint64_t seed;
    vpci_capability_set capabilities; /* that the implementation claims */
    uint32_t vfs, blocks, slots;      /* at least 1, at most the bounds above */
    uint32_t depth;                   /* longest sequence of letters; 0: no bound */
    bool keep_going;                  /* beyond the first case that fails again when played alone */
    uint64_t deadline_ns;             /* of vpci_clock_ns() */
    bool (*stopped)(void);            /* asked now and then; true ends the stage. May be NULL */
    vpci_explore_found_fn *found;     /* never NULL. Called once for each way to fail */
    void *context;
};

/* Plays one stage. The implementation runs in child processes only: one that crashes or hangs costs the case
 * under way, and a fresh child goes on behind it. */
void vpci_explore(const struct vpci_explore_options *options, enum vpci_explore_stage stage,
                  struct vpci_explore_result *result_out);

#endif
