/* SPDX-License-Identifier: MIT */
/* models/interval.h - is what the readers of one block were told consistent with some order of the reads and
 * writes? One checker watches one block of one VF as a register: each operation takes effect at one instant
 * between its call and its return. Apart from the rest of the model because it knows nothing of the protocol:
 * contents are 64-bit identities, requests are slots. */
#ifndef VPCI_INTERVAL_H
#define VPCI_INTERVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    VPCI_INTERVAL_SLOTS = 64,            /* operations open at the same time */
    VPCI_INTERVAL_ALLOWED_MAX = 8,       /* values listed with a violation */
    VPCI_INTERVAL_BYTES_MIN = 16 * 1024, /* least memory of a checker */
};

enum vpci_interval_verdict {
    VPCI_INTERVAL_OK,           /* so far some order explains every answer */
    VPCI_INTERVAL_VIOLATION,    /* none does. Final */
    VPCI_INTERVAL_INCONCLUSIVE, /* the checker gave up, see the reason. Final */
};

enum vpci_interval_reason {
    VPCI_INTERVAL_REASON_NONE,
    VPCI_INTERVAL_REASON_EVENTS,         /* too much happened while an older operation had not answered */
    VPCI_INTERVAL_REASON_CONFIGURATIONS, /* the memory cannot hold every state the block may be in */
    VPCI_INTERVAL_REASON_LOST,           /* too many lost writes may still take effect */
    VPCI_INTERVAL_REASON_WORK,           /* the search was cut off: it would take too long */
    VPCI_INTERVAL_REASON_MISUSE, /* no such slot, operation or outcome; called twice, returned without a call,
                                  * anything after finish */
};

enum vpci_interval_operation { VPCI_INTERVAL_READ, VPCI_INTERVAL_WRITE };

enum vpci_interval_outcome {
    VPCI_INTERVAL_DONE,    /* the read was given the value; the write took effect between call and return */
    VPCI_INTERVAL_FAILED,  /* the write took effect between call and return, or never */
    VPCI_INTERVAL_LOST,    /* the write took effect at any time after its call, or will, or never */
    VPCI_INTERVAL_REFUSED, /* the write certainly never takes effect */
    /* A read that is not DONE says nothing. */
};

/* How much the search is reduced. The verdict and the operation blamed are the same at every level. */
enum vpci_interval_level {
    VPCI_INTERVAL_GENERAL,   /* no reduction: every order of the open operations */
    VPCI_INTERVAL_PURE,      /* an open read is satisfied as soon as the block holds what it was given */
    VPCI_INTERVAL_OVERWRITE, /* and: an overwritten write needs no place in the order; a configuration that
                              * can do all that another can replaces it; a lost write counts once somebody
                              * reads it */
};

/* The first impossible answer. It is always that of a read: a write can take effect as late as its return. */
struct vpci_interval_violation {
    uint64_t serial; /* of the call, counted from 0 */
    uint32_t slot;   /* it had then */
    uint64_t value;  /* it was given */
    /* What it could have been given: every value that the block may have held during the read, as far as the
     * answers known at the time tell. The newest ones, if there are more than fit. */
    uint64_t allowed[VPCI_INTERVAL_ALLOWED_MAX];
    uint32_t allowed_count;
    bool allowed_more; /* there are others */
};

/* A checker. It lives in the caller's memory and holds no pointer: a copy of all its bytes is a checker, too.
 */
struct vpci_interval;

/* Makes the memory a checker of a block that holds initial_value, in which nothing happened yet. memory is
 * aligned to 16 and stays the caller's; more bytes mean longer waits and more concurrency before
 * INCONCLUSIVE. NULL when memory is not aligned, bytes is less than VPCI_INTERVAL_BYTES_MIN or there is no
 * such level. */
struct vpci_interval *vpci_interval_init(void *memory, size_t bytes, uint64_t initial_value,
                                         enum vpci_interval_level level);

/* An operation is called in a free slot, 0...VPCI_INTERVAL_SLOTS-1. value is what a write writes; ignored for
 * a read. Returns the verdict so far, like all functions here. */
enum vpci_interval_verdict vpci_interval_call(struct vpci_interval *checker, uint32_t slot,
                                              enum vpci_interval_operation operation, uint64_t value);

/* The operation in that slot has answered, or is given up as lost; the slot is free again. value is what a
 * read that is DONE was given; ignored otherwise.
 *
 * An answer is judged once all operations called before it have answered: a verdict can come with a later
 * return. For the verdict of this moment, finish a copy of the checker. */
enum vpci_interval_verdict vpci_interval_return(struct vpci_interval *checker, uint32_t slot,
                                                enum vpci_interval_outcome outcome, uint64_t value);

/* Nothing more will happen: all open operations are lost. */
enum vpci_interval_verdict vpci_interval_finish(struct vpci_interval *checker);

enum vpci_interval_verdict vpci_interval_verdict(const struct vpci_interval *checker);

/* Why the verdict is INCONCLUSIVE; NONE otherwise. */
enum vpci_interval_reason vpci_interval_reason(const struct vpci_interval *checker);

/* NULL unless the verdict is VIOLATION. Valid as long as the checker. */
const struct vpci_interval_violation *vpci_interval_violation(const struct vpci_interval *checker);

/* Largest number of configurations held at once so far: what the search cost. */
uint32_t vpci_interval_peak(const struct vpci_interval *checker);

#endif
