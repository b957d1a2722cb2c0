/* SPDX-License-Identifier: MIT */
/* tests/naive_interval.c - brute force: place one operation after the other, in every order that time
 * permits. Apart from the tests because its worth is that it can be read at one sitting and believed. */
#include "tests/naive_interval.h"

enum presence { MUST, MAY, NEVER };

struct history {
    const struct vpci_naive_operation *operations;
    uint32_t count;
    uint32_t instant;
};

static uint32_t end_of(const struct history *history, uint32_t index)
{
    const struct vpci_naive_operation *operation = &history->operations[index];
    return operation->outcome == VPCI_INTERVAL_LOST || operation->end >= history->instant ? UINT32_MAX
                                                                                          : operation->end;
}

/* Does it have to be in the order? */
static enum presence presence_of(const struct history *history, uint32_t index)
{
    const struct vpci_naive_operation *operation = &history->operations[index];
    if (operation->start >= history->instant || operation->outcome == VPCI_INTERVAL_REFUSED)
        return NEVER;
    const bool ended = end_of(history, index) != UINT32_MAX;
    if (operation->operation == VPCI_INTERVAL_READ)
        return ended && operation->outcome == VPCI_INTERVAL_DONE ? MUST : NEVER;
    return ended && operation->outcome == VPCI_INTERVAL_DONE ? MUST : MAY;
}

/* Could this one come next? placed holds one bit for each operation placed. */
static bool may_come_next(const struct history *history, uint32_t placed, uint32_t next)
{
    for (uint32_t i = 0; i < history->count; i++) {
        const bool is_placed = (placed >> i) & 1;
        if (is_placed && end_of(history, next) < history->operations[i].start)
            return false; /* it ended before one that is placed began */
        if (!is_placed && i != next && presence_of(history, i) == MUST &&
            end_of(history, i) < history->operations[next].start)
            return false; /* one that is not placed ended before it began */
    }
    return true;
}

static bool place_rest(const struct history *history, uint32_t placed, uint64_t value)
{
    bool all = true;
    for (uint32_t i = 0; i < history->count; i++)
        if (presence_of(history, i) == MUST && !((placed >> i) & 1))
            all = false;
    if (all)
        return true;
    for (uint32_t i = 0; i < history->count; i++) {
        const struct vpci_naive_operation *operation = &history->operations[i];
        const bool is_read = operation->operation == VPCI_INTERVAL_READ;
        if ((placed >> i) & 1 || presence_of(history, i) == NEVER || !may_come_next(history, placed, i))
            continue;
        if (is_read && operation->value != value)
            continue;
        if (place_rest(history, placed | (uint32_t)1 << i, operation->value))
            return true;
    }
    return false;
}

bool vpci_naive_explains(const struct vpci_naive_operation *operations, uint32_t count,
                         uint64_t initial_value, uint32_t instant)
{
    const struct history history = { operations, count, instant };
    return place_rest(&history, 0, initial_value);
}

uint32_t vpci_naive_first_impossible(const struct vpci_naive_operation *operations, uint32_t count,
                                     uint64_t initial_value)
{
    if (vpci_naive_explains(operations, count, initial_value, UINT32_MAX))
        return count;
    uint32_t first = count;
    for (uint32_t i = 0; i < count; i++) {
        if (operations[i].outcome == VPCI_INTERVAL_LOST ||
            (first < count && operations[i].end > operations[first].end))
            continue;
        if (!vpci_naive_explains(operations, count, initial_value, operations[i].end + 1))
            first = i;
    }
    return first;
}
