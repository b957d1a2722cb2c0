/* SPDX-License-Identifier: MIT */
/* tests/naive_interval.h - the second checker of block contents: tries every order, reduces nothing.
 * Apart from models/interval.h, with which it shares only words, so that the two can contradict each other.
 */
#ifndef VPCI_NAIVE_INTERVAL_H
#define VPCI_NAIVE_INTERVAL_H

#include "models/interval.h"

enum { VPCI_NAIVE_OPERATIONS_MAX = 14 };

struct vpci_naive_operation {
    enum vpci_interval_operation operation;
    enum vpci_interval_outcome outcome;
    uint64_t value;      /* read or written */
    uint32_t start, end; /* instants, all different; end is ignored when the outcome is LOST */
};

/* Is there an order that explains all that happened before instant (UINT32_MAX: the whole history)?
 * What has not ended by then counts as lost. count is at most VPCI_NAIVE_OPERATIONS_MAX. */
bool vpci_naive_explains(const struct vpci_naive_operation *operations, uint32_t count,
                         uint64_t initial_value, uint32_t instant);

/* Index of the operation whose end nothing explains while all before it can be; count when there is none. */
uint32_t vpci_naive_first_impossible(const struct vpci_naive_operation *operations, uint32_t count,
                                     uint64_t initial_value);

#endif
