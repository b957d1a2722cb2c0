/* SPDX-License-Identifier: MIT */
/* harness/explore_internal.h - what the files of explore share. A stage is a numbered list of cases; the list
 * of a tree grows while it is walked. All that a walk learns lies in memory shared with the process that
 * started it, so that another one can go on where it died. */
#ifndef VPCI_EXPLORE_INTERNAL_H
#define VPCI_EXPLORE_INTERNAL_H

#include "harness/explore.h"
#include "models/digest.h"

/* ---- the alphabet (explore_letters.c) ---- */

enum vpci_letter_kind {
    VPCI_LETTER_START,
    VPCI_LETTER_TRANSFER,   /* a read or a write, by call or IOCTL */
    VPCI_LETTER_INVALIDATE, /* a request for notification */
    VPCI_LETTER_ANSWER,     /* of the PF to the nth oldest callback */
    VPCI_LETTER_CANCEL,     /* of the nth oldest request */
    VPCI_LETTER_NOTIFY,
    VPCI_LETTER_RESET,
    VPCI_LETTER_REMOVE,
};

struct vpci_letter {
    enum vpci_letter_kind kind;
    uint16_t vf;
    uint32_t nth; /* ANSWER, CANCEL */
    struct vpci_step step;
};

enum { VPCI_LETTERS_MAX = 160, VPCI_HEAD_BYTES = 8 };

struct vpci_alphabet {
    struct vpci_letter letters[VPCI_LETTERS_MAX];
    uint32_t count;
    uint32_t slots;
    uint8_t heads[VPCI_EXPLORE_BLOCKS_MAX][2 * VPCI_HEAD_BYTES]; /* inputs of IOCTLs */
};

/* The letters of the scope that the implementation may be sent. Steps borrow from the alphabet. */
void vpci_alphabet_make(struct vpci_alphabet *alphabet, const struct vpci_explore_options *options);

/* What matters of a situation to the letters. */
struct vpci_menu {
    uint8_t request_count, calls_open;
    uint8_t cancellable;                      /* bit i */
    uint8_t requests[VPCI_EXPLORE_SLOTS_MAX]; /* numbers, oldest first */
    uint8_t not_started, gone;                /* bit v */
};

/* Whether the letter makes sense there. */
bool vpci_letter_is_on(const struct vpci_alphabet *alphabet, const struct vpci_letter *letter,
                       const struct vpci_menu *menu);

/* Adds the letter to the script as a step. */
void vpci_letter_add(const struct vpci_letter *letter, const struct vpci_menu *menu,
                     struct vpci_script *script);

/* ---- a tree of sequences (explore_tree.c) ---- */

struct vpci_node {
    uint32_t parent;
    uint16_t letter, depth; /* which letter led here from the parent */
    struct vpci_menu menu;
    uint32_t word_count;
    uint64_t words_at; /* its abstract state, in the tree's words */
};

enum {
    VPCI_NODES_MAX = 1 << 22,
    VPCI_NODE_TABLE = 1 << 23,
    VPCI_NODE_WORDS = 1 << 26,
};

/* Lies in shared memory; only touched pages cost. */
struct vpci_tree {
    uint32_t count;
    uint64_t words_used;
    uint64_t digests;
    uint32_t table[VPCI_NODE_TABLE]; /* node number + 1, by digest */
    struct vpci_node nodes[VPCI_NODES_MAX];
    uint64_t words[VPCI_NODE_WORDS];
};

/* What is known of the state that a sequence ended in. */
struct vpci_arrival {
    bool arrived;
    struct vpci_menu menu;
    uint32_t word_count;
    uint64_t words[VPCI_ABSTRACT_WORDS_MAX];
};
void vpci_arrival_take(struct vpci_arrival *arrival, const struct vpci_model *model);

/* Adds a node. only_new: unless there is one with that state already. False when there is no room. */
bool vpci_tree_add(struct vpci_tree *tree, const struct vpci_arrival *arrival, uint32_t parent,
                   uint32_t letter, bool only_new);

/* Whether the arrival is in the state of the node. */
bool vpci_tree_is_at(const struct vpci_tree *tree, uint32_t node, const struct vpci_arrival *arrival);

/* The steps that lead to the node, as a script's. */
void vpci_tree_path(const struct vpci_tree *tree, const struct vpci_alphabet *alphabet, uint32_t node,
                    struct vpci_script *script);

/* ---- lists of cases ---- */

/* explore_orders.c */
uint64_t vpci_orders_count(const struct vpci_explore_options *options);
void vpci_orders_make(const struct vpci_explore_options *options, uint64_t item, struct vpci_script *script);

/* explore_product.c. Of an implementation that is not in process, few rows stand for all. */
struct vpci_product;
struct vpci_product *vpci_product_create(const struct vpci_explore_options *options, bool of_pairs);
void vpci_product_destroy(struct vpci_product *product);
uint64_t vpci_product_count(const struct vpci_product *product);
void vpci_product_make(const struct vpci_product *product, uint64_t item, struct vpci_script *script);

/* ---- the walk (explore_walk.c) ---- */

enum { VPCI_WAYS_TO_FAIL_MAX = 64 };

/* One way to fail, and the first item that failed so. */
struct vpci_failing {
    uint64_t item;
    enum vpci_requirement requirement;
    enum vpci_failure failure;
    enum vpci_event_kind event;
    const char
        *reason; /* static in the kit, so that it means the same in the process that started the walk */
    bool looked_at;
};

/* Shared with the child. */
struct vpci_walk_state {
    struct vpci_breadcrumb breadcrumb;
    volatile bool playing; /* the implementation has it */
    bool over;             /* the child came to an end of its own, and result.end says which */
    uint64_t item;         /* under way, or next */
    uint32_t failing_count;
    struct vpci_failing failing[VPCI_WAYS_TO_FAIL_MAX];
    struct vpci_explore_result result;
};

struct vpci_walk {
    const struct vpci_explore_options *options;
    enum vpci_explore_stage stage;
    struct vpci_walk_state *state; /* shared */
    struct vpci_tree *tree;        /* shared; NULL: a list */
    struct vpci_alphabet *alphabet;
    struct vpci_product *product;
    struct vpci_script script;
    uint32_t path_of; /* tree: the node whose path stands in the script; UINT32_MAX: none */
};

/* The case of an item. False when there is none: its letter makes no sense there. */
bool vpci_walk_make(struct vpci_walk *walk, uint64_t item);

/* In the child: plays items from walk->state->item on. Does not return. */
_Noreturn void vpci_walk_in_child(struct vpci_walk *walk);

/* Notes that an item failed. */
void vpci_walk_note(struct vpci_walk_state *state, const struct vpci_failing *failing);

#endif
