/* SPDX-License-Identifier: MIT */
/* models/interval_search.h - what a checker of one block remembers, shared by its three files: interval.c
 * (the stream of events), interval_search.c (which configurations an answer leaves) and interval_set.c (sets
 * of them). Private to models/. Parts are found by offset, so that a checker can be copied. */
#ifndef VPCI_INTERVAL_SEARCH_H
#define VPCI_INTERVAL_SEARCH_H

#include "models/interval.h"

/* One state the block may be in, given the answers so far. A bit of done and maybe is a slot.
 * An open write is pending (no bit), done (took its place in the order) or maybe: pending, but since another
 * write was placed it could also have gone unseen just before that one. An open read is done once it saw its
 * value. */
struct vpci_interval_configuration {
    uint64_t value;
    uint64_t done;
    uint64_t maybe;
    uint64_t spent; /* bit: a place of lost[] whose write took effect */
};

#define VPCI_INTERVAL_NOBODY  UINT32_MAX       /* end of a chain */
#define VPCI_INTERVAL_REMOVED (UINT32_MAX - 1) /* as next: the configuration is no member any more */

/* Members in order of insertion, chained by hash. */
struct vpci_interval_set {
    size_t members_at; /* offsets from the checker */
    size_t next_at;
    size_t heads_at;
    uint32_t count; /* removed ones included */
};

/* An event waits in a ring until the outcome of the operation at its head is known. */
struct vpci_interval_event {
    uint64_t value;
    uint64_t serial;
    uint64_t return_position; /* of a call: of its return */
    uint8_t kind;             /* enum vpci_interval_event_kind */
    uint8_t slot;
    uint8_t outcome; /* of a call: enum vpci_interval_outcome, once it has one */
    bool resolved;   /* of a call: it has an outcome */
};

enum vpci_interval_event_kind { VPCI_INTERVAL_CALL_READ, VPCI_INTERVAL_CALL_WRITE, VPCI_INTERVAL_RETURN };

/* Lost writes that nobody wanted to read yet, counted by value: a hash table without removal. */
struct vpci_interval_pool_entry {
    uint64_t value;
    uint64_t count;
    bool used;
};

/* Values that the block may have held since the call of an open read; the oldest gives way. */
struct vpci_interval_seen {
    uint64_t values[VPCI_INTERVAL_ALLOWED_MAX];
    uint32_t count; /* ever added; the newest are at (count - 1) % VPCI_INTERVAL_ALLOWED_MAX and before */
};

struct vpci_interval {
    enum vpci_interval_level level;
    enum vpci_interval_verdict verdict;
    enum vpci_interval_reason reason;
    bool finished;
    uint32_t peak;
    uint64_t work; /* comparisons so far */
    struct vpci_interval_violation violation;

    /* The stream: positions count events from 0. */
    uint64_t calls;
    uint64_t head, tail;
    size_t ring_at;
    uint32_t ring_capacity;
    uint64_t caller_open;                        /* slots in use by the caller */
    uint64_t call_position[VPCI_INTERVAL_SLOTS]; /* of the operation in each */

    /* Operations open where the search stands; their answers are known. */
    struct vpci_interval_event open[VPCI_INTERVAL_SLOTS];
    struct vpci_interval_seen seen[VPCI_INTERVAL_SLOTS];
    uint64_t open_reads, open_writes;

    /* Lost writes that configurations tell apart, and the others. */
    uint64_t lost_used;
    uint64_t lost[64]; /* values */
    size_t pool_at;
    uint32_t pool_capacity, pool_entries;
    uint64_t pool_writes;

    /* Configurations: sets[current], and the set that is being made of it. */
    struct vpci_interval_set sets[2];
    uint32_t current;
    uint32_t set_capacity;
    uint32_t head_mask;
};

static inline uint64_t vpci_interval_bit(uint32_t slot)
{
    return (uint64_t)1 << slot;
}

/* Index of the lowest bit of a set that is not empty. */
static inline uint32_t vpci_interval_lowest(uint64_t bits)
{
    return (uint32_t)__builtin_ctzll(bits);
}

static inline void *vpci_interval_part(const struct vpci_interval *checker, size_t offset)
{
    return (char *)(uintptr_t)checker + offset;
}

static inline struct vpci_interval_configuration *vpci_interval_members(const struct vpci_interval *checker,
                                                                        const struct vpci_interval_set *set)
{
    return vpci_interval_part(checker, set->members_at);
}

static inline bool vpci_interval_is_member(const struct vpci_interval *checker,
                                           const struct vpci_interval_set *set, uint32_t index)
{
    return ((const uint32_t *)vpci_interval_part(checker, set->next_at))[index] != VPCI_INTERVAL_REMOVED;
}

/* Comparisons allowed, at first and more for each call: a hostile history must not keep the checker busy for
 * ever. Random histories of 16 clients take fewer than 100 for each call. */
#define VPCI_INTERVAL_WORK_AT_FIRST ((uint64_t)1 << 28)
#define VPCI_INTERVAL_WORK_PER_CALL ((uint64_t)1 << 16)

/* Gives up: the verdict becomes INCONCLUSIVE, unless it is final already. */
void vpci_interval_give_up(struct vpci_interval *checker, enum vpci_interval_reason reason);

/* interval_set.c */

/* Bytes that one configuration takes in a set, chains included. */
size_t vpci_interval_set_bytes_each(void);
/* Lays both sets out in the bytes from offset on; the first holds one configuration of that value. */
void vpci_interval_sets_init(struct vpci_interval *checker, size_t offset, size_t bytes, uint64_t value);
/* Adds a configuration, unless a member makes it superfluous; removes members that it makes superfluous. */
void vpci_interval_set_insert(struct vpci_interval *checker, struct vpci_interval_set *set,
                              const struct vpci_interval_configuration *configuration);
/* Empties a set. */
void vpci_interval_set_clear(struct vpci_interval *checker, struct vpci_interval_set *set);
/* Counts a lost write of that value in the pool. */
void vpci_interval_pool_add(struct vpci_interval *checker, uint64_t value);
/* Takes one out. False when there is none. */
bool vpci_interval_pool_take(struct vpci_interval *checker, uint64_t value);

/* interval_search.c: one step of the search each. The outcome of the operation is known. */

void vpci_interval_search_call(struct vpci_interval *checker, const struct vpci_interval_event *call);
void vpci_interval_search_return(struct vpci_interval *checker, uint32_t slot);

#endif
