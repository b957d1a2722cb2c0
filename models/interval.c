/* SPDX-License-Identifier: MIT */
/* models/interval.c - the stream of calls and returns of one block, held back until the search can use it.
 * The search wants to know the outcome of an operation at its call. So events wait in a ring while the
 * operation at its head is open; the wait is as long as the longest open operation. */
#include "models/interval_search.h"

#include <string.h>

enum { ALIGNMENT_BYTES = 16 };

void vpci_interval_give_up(struct vpci_interval *checker, enum vpci_interval_reason reason)
{
    if (checker->verdict != VPCI_INTERVAL_OK)
        return;
    checker->verdict = VPCI_INTERVAL_INCONCLUSIVE;
    checker->reason = reason;
}

static size_t aligned(size_t bytes)
{
    return bytes / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
}

static uint32_t capacity(size_t bytes, size_t bytes_each)
{
    return bytes / bytes_each < UINT32_MAX ? (uint32_t)(bytes / bytes_each) : UINT32_MAX;
}

struct vpci_interval *vpci_interval_init(void *memory, size_t bytes, uint64_t initial_value,
                                         enum vpci_interval_level level)
{
    if (bytes < VPCI_INTERVAL_BYTES_MIN || (uintptr_t)memory % ALIGNMENT_BYTES != 0 ||
        (unsigned)level > VPCI_INTERVAL_OVERWRITE)
        return NULL;
    struct vpci_interval *checker = memory;
    memset(checker, 0, sizeof *checker);
    checker->level = level;
    /* A quarter for the ring, an eighth for lost writes, the rest for configurations. */
    size_t offset = aligned(sizeof *checker + ALIGNMENT_BYTES - 1);
    const size_t eighth = aligned((bytes - offset) / 8);
    checker->ring_at = offset;
    checker->ring_capacity = capacity(2 * eighth, sizeof(struct vpci_interval_event));
    offset += 2 * eighth;
    checker->pool_at = offset;
    checker->pool_capacity = capacity(eighth, sizeof(struct vpci_interval_pool_entry));
    memset(vpci_interval_part(checker, offset), 0, eighth);
    offset += eighth;
    vpci_interval_sets_init(checker, offset, bytes - offset, initial_value);
    return checker;
}

static struct vpci_interval_event *event_at(const struct vpci_interval *checker, uint64_t position)
{
    struct vpci_interval_event *ring = vpci_interval_part(checker, checker->ring_at);
    return &ring[position % checker->ring_capacity];
}

static void push(struct vpci_interval *checker, const struct vpci_interval_event *event)
{
    if (checker->tail - checker->head == checker->ring_capacity)
        vpci_interval_give_up(checker, VPCI_INTERVAL_REASON_EVENTS);
    else
        *event_at(checker, checker->tail++) = *event;
}

/* Searches as far as outcomes are known. */
static enum vpci_interval_verdict advance(struct vpci_interval *checker)
{
    while (checker->verdict == VPCI_INTERVAL_OK && checker->head != checker->tail) {
        const struct vpci_interval_event *event = event_at(checker, checker->head);
        if (event->kind == VPCI_INTERVAL_RETURN)
            vpci_interval_search_return(checker, event->slot);
        else if (event->resolved)
            vpci_interval_search_call(checker, event);
        else
            break;
        checker->head++;
    }
    return checker->verdict;
}

/* Is that slot open, or free, as it has to be? If not, the verdict says so. */
static bool accepts(struct vpci_interval *checker, uint32_t slot, bool open, bool known_word)
{
    if (checker->verdict != VPCI_INTERVAL_OK)
        return false;
    if (known_word && !checker->finished && slot < VPCI_INTERVAL_SLOTS &&
        ((checker->caller_open & vpci_interval_bit(slot)) != 0) == open)
        return true;
    vpci_interval_give_up(checker, VPCI_INTERVAL_REASON_MISUSE);
    return false;
}

enum vpci_interval_verdict vpci_interval_call(struct vpci_interval *checker, uint32_t slot,
                                              enum vpci_interval_operation operation, uint64_t value)
{
    if (!accepts(checker, slot, false, (unsigned)operation <= VPCI_INTERVAL_WRITE))
        return checker->verdict;
    const struct vpci_interval_event call = {
        .value = value,
        .serial = checker->calls++,
        .kind = operation == VPCI_INTERVAL_READ ? VPCI_INTERVAL_CALL_READ : VPCI_INTERVAL_CALL_WRITE,
        .slot = (uint8_t)slot,
    };
    checker->caller_open |= vpci_interval_bit(slot);
    checker->call_position[slot] = checker->tail;
    push(checker, &call);
    return checker->verdict;
}

/* Does the search need to know when an operation with that outcome returned? */
static bool return_matters(const struct vpci_interval_event *call)
{
    return call->outcome == VPCI_INTERVAL_DONE ||
           (call->outcome == VPCI_INTERVAL_FAILED && call->kind == VPCI_INTERVAL_CALL_WRITE);
}

static void resolve(struct vpci_interval *checker, uint32_t slot, enum vpci_interval_outcome outcome,
                    uint64_t value)
{
    struct vpci_interval_event *call = event_at(checker, checker->call_position[slot]);
    checker->caller_open &= ~vpci_interval_bit(slot);
    call->resolved = true;
    call->outcome = (uint8_t)outcome;
    call->return_position = checker->tail;
    if (call->kind == VPCI_INTERVAL_CALL_READ)
        call->value = value;
    const struct vpci_interval_event end = { .kind = VPCI_INTERVAL_RETURN, .slot = (uint8_t)slot };
    if (return_matters(call))
        push(checker, &end);
}

enum vpci_interval_verdict vpci_interval_return(struct vpci_interval *checker, uint32_t slot,
                                                enum vpci_interval_outcome outcome, uint64_t value)
{
    if (!accepts(checker, slot, true, (unsigned)outcome <= VPCI_INTERVAL_REFUSED))
        return checker->verdict;
    resolve(checker, slot, outcome, value);
    return advance(checker);
}

enum vpci_interval_verdict vpci_interval_finish(struct vpci_interval *checker)
{
    for (uint32_t slot = 0; slot < VPCI_INTERVAL_SLOTS && checker->verdict == VPCI_INTERVAL_OK; slot++)
        if (checker->caller_open & vpci_interval_bit(slot))
            resolve(checker, slot, VPCI_INTERVAL_LOST, 0);
    checker->finished = true;
    return advance(checker);
}

enum vpci_interval_verdict vpci_interval_verdict(const struct vpci_interval *checker)
{
    return checker->verdict;
}

enum vpci_interval_reason vpci_interval_reason(const struct vpci_interval *checker)
{
    return checker->reason;
}

const struct vpci_interval_violation *vpci_interval_violation(const struct vpci_interval *checker)
{
    return checker->verdict == VPCI_INTERVAL_VIOLATION ? &checker->violation : NULL;
}

uint32_t vpci_interval_peak(const struct vpci_interval *checker)
{
    return checker->peak;
}
