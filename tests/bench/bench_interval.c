/* SPDX-License-Identifier: MIT */
/* tests/bench/bench_interval.c - what the checker of block contents costs on long histories of one busy
 * block. Apart from the tests because it measures: it fails only when a verdict is wrong. Run: bench_interval
 * [operations]   (default 100000; 16 clients, always busy) */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "models/interval.h"

enum { CLIENTS_MAX = 64 };

struct workload {
    const char *name;
    uint32_t clients;
    uint32_t values;       /* written: 1...values; 0: every write writes another */
    uint32_t lost_percent; /* operations that never answer */
    bool stale;            /* one of the last reads is given what a write long ago wrote */
    size_t memory_bytes;
    enum vpci_interval_verdict expected;
};

static const struct workload workloads[] = {
    { "unique values, 2 clients", 2, 0, 0, false, 64 << 10, VPCI_INTERVAL_OK },
    { "unique values, 8 clients", 8, 0, 0, false, 64 << 10, VPCI_INTERVAL_OK },
    { "unique values", 16, 0, 0, false, 64 << 10, VPCI_INTERVAL_OK },
    { "unique values, stale read near the end", 16, 0, 0, true, 64 << 10, VPCI_INTERVAL_VIOLATION },
    { "values 1...4", 16, 4, 0, false, 64 << 10, VPCI_INTERVAL_OK },
    { "unique values, 5 % lost", 16, 0, 5, false, 1 << 20, VPCI_INTERVAL_OK },
    { "unique values, 5 % lost, stale read near the end", 16, 0, 5, true, 1 << 20, VPCI_INTERVAL_VIOLATION },
    { "unique values, 20 % lost", 16, 0, 20, false, 4 << 20, VPCI_INTERVAL_OK },
    { "values 1...4, 5 % lost", 16, 4, 5, false, 1 << 20, VPCI_INTERVAL_OK },
};

struct event {
    bool is_return;
    bool is_write;
    bool lost;
    uint8_t slot;
    uint64_t value;
};

struct history {
    struct event *events; /* two for each operation */
    size_t count;
    uint64_t random_state;
};

static uint32_t random_below(struct history *history, uint32_t below)
{
    history->random_state += 0x9e3779b97f4a7c15u;
    uint64_t z = history->random_state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ (z >> 31)) >> 33) % below;
}

struct client {
    enum { IDLE, CALLED, EFFECTIVE } phase;
    struct event operation;
};

/* Every client calls, takes effect and returns again and again, in random turns. */
static void make_history(struct history *history, const struct workload *workload, uint32_t operations)
{
    struct client clients[CLIENTS_MAX] = { { IDLE, { 0 } } };
    uint64_t content = 0;
    uint32_t called = 0, returned = 0;
    const uint32_t stale_at = workload->stale ? operations - operations / 100 : operations;
    bool stale_done = false;
    while (returned < operations) {
        const uint8_t slot = (uint8_t)random_below(history, workload->clients);
        struct client *client = &clients[slot];
        struct event *operation = &client->operation;
        if (client->phase == IDLE && called < operations) {
            *operation = (struct event){ .slot = slot, .is_write = random_below(history, 2) != 0 };
            operation->lost = random_below(history, 100) < workload->lost_percent;
            called++;
            if (operation->is_write)
                operation->value = workload->values ? random_below(history, workload->values) + 1 : called;
            history->events[history->count++] = *operation;
            client->phase = CALLED;
        } else if (client->phase == CALLED) {
            if (!operation->is_write)
                operation->value = content;
            else if (!operation->lost || random_below(history, 2))
                content = operation->value;
            client->phase = EFFECTIVE;
        } else if (client->phase == EFFECTIVE) {
            if (!operation->is_write && !operation->lost && returned >= stale_at && !stale_done) {
                stale_done = true;
                for (size_t i = history->count / 2; i-- > 0;)
                    if (history->events[i].is_return && history->events[i].is_write &&
                        !history->events[i].lost) {
                        operation->value = history->events[i].value;
                        break;
                    }
            }
            operation->is_return = true;
            history->events[history->count++] = *operation;
            client->phase = IDLE;
            returned++;
        }
    }
}

static enum vpci_interval_verdict check(struct vpci_interval *checker, const struct history *history)
{
    for (size_t i = 0; i < history->count; i++) {
        const struct event *event = &history->events[i];
        enum vpci_interval_verdict verdict;
        if (event->is_return)
            verdict = vpci_interval_return(
                checker, event->slot, event->lost ? VPCI_INTERVAL_LOST : VPCI_INTERVAL_DONE, event->value);
        else
            verdict =
                vpci_interval_call(checker, event->slot,
                                   event->is_write ? VPCI_INTERVAL_WRITE : VPCI_INTERVAL_READ, event->value);
        if (verdict != VPCI_INTERVAL_OK)
            return verdict;
    }
    return vpci_interval_finish(checker);
}

/* Prints one row; returns whether the verdict is the expected one. */
static bool run(const struct workload *workload, uint32_t operations, enum vpci_interval_level level)
{
    static const char *const verdicts[] = { "ok", "violation", "inconclusive" };
    struct history history = { calloc(2 * (size_t)operations, sizeof(struct event)), 0, 1 };
    void *memory = aligned_alloc(16, workload->memory_bytes);
    if (history.events == NULL || memory == NULL)
        abort();
    make_history(&history, workload, operations);
    struct vpci_interval *checker = vpci_interval_init(memory, workload->memory_bytes, 0, level);
    const clock_t begin = clock();
    const enum vpci_interval_verdict verdict = check(checker, &history);
    const double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    printf("%-50s %-12s %7.3f CPU-s %6zu KiB given, peak %" PRIu32 " configurations, reason %d\n",
           workload->name, verdicts[verdict], seconds, workload->memory_bytes / 1024,
           vpci_interval_peak(checker), (int)vpci_interval_reason(checker));
    free(memory);
    free(history.events);
    return verdict == workload->expected;
}

int main(int argc, char **argv)
{
    const uint32_t operations = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 100000;
    bool all_right = operations > 0;
    printf("%" PRIu32 " operations on one block, 16 clients always busy unless said otherwise\n", operations);
    for (size_t i = 0; all_right && i < sizeof workloads / sizeof workloads[0]; i++)
        all_right &= run(&workloads[i], operations, VPCI_INTERVAL_OVERWRITE);
    return all_right ? EXIT_SUCCESS : EXIT_FAILURE;
}
