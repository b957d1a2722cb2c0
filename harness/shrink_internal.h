/* SPDX-License-Identifier: MIT */
/* harness/shrink_internal.h - what the parts of shrinking share: the best case so far, a candidate in the
 * making, and the one way in which a candidate becomes the best. */
#ifndef VPCI_SHRINK_INTERNAL_H
#define VPCI_SHRINK_INTERNAL_H

#include "harness/shrink.h"
#include "harness/step_links.h"

enum { SHRINK_SEEN_SLOTS = 1 << 14 }; /* power of two, well above the plays that anybody allows */

struct shrinker {
    struct vpci_shrink_options options; /* with the defaults filled in */
    const struct vpci_outcome *target;
    struct vpci_script best, next; /* next: the candidate in the making */
    uint64_t *seen;                /* hashes of the candidates played, open addressing; 0: free */
    uint32_t seen_count;
    uint32_t runs;
    bool *drop;                   /* of each step: a pass marks here what a candidate does without */
    struct vpci_step_link *links; /* of each step of best, as of the latest shrink_find_links */
    struct vpci_step_link *next_links;
    uint32_t *place; /* of each step of best: where it is in next */
};

/* shrink_order.c */
/* In steps, then concurrency, VFs, blocks, reorderings, bytes, oddities, kinds, values. */
bool shrink_is_smaller(const struct vpci_case *one, const struct vpci_case *other);
/* Never 0; the same for equal cases. */
uint64_t shrink_hash(const struct vpci_case *test);
/* How simple a kind of step is: small ones are tried instead of larger ones. */
uint32_t shrink_kind_rank(const struct vpci_step *step);

/* shrink.c: a copy of the best to be changed, and the question whether it is smaller and fails in the same
 * way; it is the best then. */
struct vpci_script *shrink_next(struct shrinker *shrinker);
bool shrink_try(struct shrinker *shrinker);
/* Tries the best without the steps that are marked, and clears the marks. */
bool shrink_try_without(struct shrinker *shrinker);
void shrink_find_links(struct shrinker *shrinker);
/* Keeps the steps of best that are not marked, in place; next is what is left. Clears the marks. */
void shrink_leave_out(struct shrinker *shrinker);
/* Makes references in next, whose steps lie in place, name the requests that they named in best. */
void shrink_follow_references(struct shrinker *shrinker);

/* shrink_steps.c: passes that leave steps out. Each is true when it made the best smaller. */
bool shrink_drop_vfs(struct shrinker *shrinker);
bool shrink_drop_blocks(struct shrinker *shrinker);
bool shrink_drop_steps(struct shrinker *shrinker);
bool shrink_drop_pairs(struct shrinker *shrinker);
bool shrink_move_steps(struct shrinker *shrinker);

/* shrink_device.c: settings of the device, names of VFs and requests. */
bool shrink_device(struct shrinker *shrinker);
bool shrink_rename(struct shrinker *shrinker);
/* Gives every request the number that it most likely has, where some step names one: not smaller, but steps
 * can then be left out without changing what the others mean. */
void shrink_pin_requests(struct vpci_case *test, const struct vpci_step_link *links);

/* shrink_roads.c: other steps that lead to the same end. */
bool shrink_roads(struct shrinker *shrinker);

/* shrink_values.c: kinds, lengths, blocks, masks, data and all else in a step. */
bool shrink_values(struct shrinker *shrinker);

/* step's block and length, where it has them. */
bool shrink_get_transfer(const struct vpci_step *step, uint32_t *block_out, uint32_t *length_out);

#endif
