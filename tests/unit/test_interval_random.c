/* SPDX-License-Identifier: MIT */
/* tests/unit/test_interval_random.c - the checker of block contents, at every level, against the naive one
 * and against itself on random histories. Apart from test_interval.c because it takes seconds and needs a
 * generator. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "models/interval_search.h" /* to see what the search cost */
#include "tests/naive_interval.h"

enum { LEVELS = VPCI_INTERVAL_OVERWRITE + 1, MEMORY_BYTES = 64 * 1024 };

#ifndef VPCI_RANDOM_HISTORIES
#if defined(__SANITIZE_ADDRESS__)
#define VPCI_RANDOM_HISTORIES 40000
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define VPCI_RANDOM_HISTORIES 40000
#endif
#endif
#endif
#ifndef VPCI_RANDOM_HISTORIES
#define VPCI_RANDOM_HISTORIES 250000
#endif

#ifndef VPCI_RANDOM_SEED
#define VPCI_RANDOM_SEED 20240607
#endif

static _Alignas(16) unsigned char memory[MEMORY_BYTES];
static _Alignas(16) unsigned char memory_copy[MEMORY_BYTES];

/* A checker of a block that holds 0. */
static struct vpci_interval *start(int level)
{
    return vpci_interval_init(memory, sizeof memory, 0, (enum vpci_interval_level)level);
}

enum { OPERATIONS_MAX = 80 };

struct history {
    struct vpci_naive_operation operations[OPERATIONS_MAX];
    uint32_t slots[OPERATIONS_MAX];
    uint32_t count;
    uint32_t instants;
    uint32_t values; /* written: 1...values; 0: every write writes another */
    uint32_t odd_outcomes, odd_outcomes_max;
};

static uint64_t random_state;

/* splitmix64: a number in 0...below-1 */
static uint32_t random_below(uint32_t below)
{
    random_state += 0x9e3779b97f4a7c15u;
    uint64_t z = random_state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ (z >> 31)) >> 33) % below;
}

/* Few get lost, because the naive checker tries every order of them. */
static enum vpci_interval_outcome random_outcome(struct history *history)
{
    static const enum vpci_interval_outcome others[] = { VPCI_INTERVAL_FAILED, VPCI_INTERVAL_LOST,
                                                         VPCI_INTERVAL_LOST, VPCI_INTERVAL_REFUSED };
    if (random_below(6) != 0 || history->odd_outcomes == history->odd_outcomes_max)
        return VPCI_INTERVAL_DONE;
    history->odd_outcomes++;
    return others[random_below(4)];
}

struct client {
    enum { IDLE, CALLED, EFFECTIVE } phase;
    uint32_t operation; /* index */
};

static void random_step(struct history *history, struct client *client, uint32_t slot, uint64_t *value)
{
    struct vpci_naive_operation *operation = &history->operations[client->operation];
    switch (client->phase) {
    case IDLE:
        client->operation = history->count;
        history->slots[history->count] = slot;
        operation = &history->operations[history->count++];
        *operation = (struct vpci_naive_operation){ .start = history->instants++, .end = UINT32_MAX };
        operation->operation = random_below(2) ? VPCI_INTERVAL_READ : VPCI_INTERVAL_WRITE;
        operation->outcome = random_outcome(history);
        operation->value = history->values ? random_below(history->values) + 1 : history->count;
        client->phase = CALLED;
        break;
    case CALLED:
        if (operation->operation == VPCI_INTERVAL_READ)
            operation->value = *value;
        else if (operation->outcome == VPCI_INTERVAL_DONE ||
                 (operation->outcome != VPCI_INTERVAL_REFUSED && random_below(2)))
            *value = operation->value;
        client->phase = EFFECTIVE;
        break;
    case EFFECTIVE:
        operation->end = history->instants++;
        client->phase = IDLE;
        break;
    }
}

/* Bounds of a random history. The draws are statements of their own: their order must not be the compiler's
 * choice. */
struct shape {
    uint32_t count_min, count_max;
    uint32_t clients_max; /* at least 2 */
    uint32_t values_min, values_max;
    uint32_t odd_outcomes_max;
    uint32_t falsified_max;
};

/* What a register might do, with some answers falsified, and what is open at the end lost. */
static void make_random_history(struct history *history, const struct shape *shape)
{
    struct client clients[6] = { { IDLE, 0 } };
    uint64_t value = 0;
    memset(history, 0, sizeof *history);
    history->values = shape->values_min + random_below(shape->values_max - shape->values_min + 1);
    history->odd_outcomes_max = random_below(shape->odd_outcomes_max + 1);
    const uint32_t count = shape->count_min + random_below(shape->count_max - shape->count_min + 1);
    const uint32_t client_count = 2 + random_below(shape->clients_max - 1);
    for (;;) {
        const uint32_t slot = random_below(client_count);
        if (clients[slot].phase == IDLE && history->count == count)
            break;
        random_step(history, &clients[slot], slot, &value);
    }
    for (uint32_t falsified = random_below(shape->falsified_max + 1); falsified > 0; falsified--) {
        struct vpci_naive_operation *operation = &history->operations[random_below(count)];
        if (operation->operation == VPCI_INTERVAL_READ)
            operation->value = random_below((history->values ? history->values : count) + 1);
    }
    for (uint32_t i = 0; i < count; i++)
        if (history->operations[i].end == UINT32_MAX)
            history->operations[i].outcome = VPCI_INTERVAL_LOST;
}

/* Feeds what happened from one instant until before another. */
static void replay(struct vpci_interval *checker, const struct history *history, uint32_t from,
                   uint32_t until)
{
    for (uint32_t instant = from; instant < until; instant++) {
        for (uint32_t i = 0; i < history->count; i++) {
            const struct vpci_naive_operation *operation = &history->operations[i];
            if (operation->start == instant)
                vpci_interval_call(checker, history->slots[i], operation->operation,
                                   operation->operation == VPCI_INTERVAL_WRITE ? operation->value : 0);
            else if (operation->end == instant)
                vpci_interval_return(checker, history->slots[i], operation->outcome, operation->value);
        }
    }
}

/* Whatever value would have made the blamed answer possible is listed, and the one that was given is not. */
static void check_allowed(const struct history *history, const struct vpci_interval_violation *violation)
{
    struct history other = *history;
    struct vpci_naive_operation *blamed = &other.operations[violation->serial];
    for (uint64_t value = 0; value <= history->values; value++) {
        bool listed = violation->allowed_more;
        for (uint32_t i = 0; i < violation->allowed_count; i++)
            listed |= violation->allowed[i] == value;
        blamed->value = value;
        if (vpci_naive_explains(other.operations, other.count, 0, blamed->end + 1))
            assert_true(listed);
        if (value == violation->value)
            assert_false(listed);
    }
}

/* A finished copy knows at every instant what the naive checker says of the history so far. */
static void check_prefixes(const struct history *history, int level)
{
    struct vpci_interval *checker = start(level);
    for (uint32_t instant = 0; instant < history->instants; instant++) {
        struct history so_far = *history;
        for (uint32_t i = 0; i < so_far.count; i++)
            if (so_far.operations[i].end > instant)
                so_far.operations[i].outcome = VPCI_INTERVAL_LOST;
        replay(checker, history, instant, instant + 1);
        memcpy(memory_copy, memory, sizeof memory);
        struct vpci_interval *copy = (struct vpci_interval *)(void *)memory_copy;
        assert_int_equal(vpci_interval_finish(copy) == VPCI_INTERVAL_OK,
                         vpci_naive_explains(so_far.operations, so_far.count, 0, instant + 1));
    }
}

/* Returns whether the history can be explained. */
static bool compare_with_naive(const struct history *history, uint32_t round, int level)
{
    const uint32_t first = vpci_naive_first_impossible(history->operations, history->count, 0);
    struct vpci_interval *checker = start(level);
    replay(checker, history, 0, history->instants);
    const enum vpci_interval_verdict expected =
        first == history->count ? VPCI_INTERVAL_OK : VPCI_INTERVAL_VIOLATION;
    const enum vpci_interval_verdict verdict = vpci_interval_finish(checker);
    if (verdict != expected)
        fail_msg("history %u, level %d: verdict %d, naive %d", round, level, (int)verdict, (int)expected);
    const struct vpci_interval_violation *violation = vpci_interval_violation(checker);
    if (violation != NULL) {
        if (violation->serial != first)
            fail_msg("history %u, level %d: blames %u, naive %u", round, level, (unsigned)violation->serial,
                     first);
        check_allowed(history, violation);
    }
    if (round % 64 == 0)
        check_prefixes(history, level);
    return expected == VPCI_INTERVAL_OK;
}

static void all_levels_agree_with_the_naive_checker(void **state)
{
    (void)state;
    const struct shape shape = { .count_min = 3,
                                 .count_max = 12,
                                 .clients_max = 5,
                                 .values_min = 1,
                                 .values_max = 4,
                                 .odd_outcomes_max = 4,
                                 .falsified_max = 5 };
    uint32_t explained = 0;
    random_state = VPCI_RANDOM_SEED;
    for (uint32_t round = 0; round < VPCI_RANDOM_HISTORIES; round++) {
        struct history history;
        make_random_history(&history, &shape);
        for (int level = 0; level < LEVELS; level++)
            explained += compare_with_naive(&history, round, level) && level == 0;
    }
    print_message("%u histories, %u of them explained\n", (unsigned)VPCI_RANDOM_HISTORIES, explained);
    assert_true(explained > VPCI_RANDOM_HISTORIES / 4);
    assert_true(VPCI_RANDOM_HISTORIES - explained > VPCI_RANDOM_HISTORIES / 8);
}

/* Slots, places of lost writes and the pool are used again and again here; the naive checker would take for
 * ever. */
static void all_levels_agree_on_longer_histories(void **state)
{
    (void)state;
    const struct shape shape = { .count_min = 20,
                                 .count_max = OPERATIONS_MAX,
                                 .clients_max = 5,
                                 .values_max = 4,
                                 .odd_outcomes_max = 12,
                                 .falsified_max = 3 };
    uint32_t count[3] = { 0 }, compared = 0;
    random_state = VPCI_RANDOM_SEED + 1;
    for (uint32_t round = 0; round < VPCI_RANDOM_HISTORIES / 100; round++) {
        struct history history;
        make_random_history(&history, &shape);
        enum vpci_interval_verdict verdicts[LEVELS];
        uint64_t blamed[LEVELS] = { 0 };
        for (int level = LEVELS; level-- > 0;) {
            struct vpci_interval *checker = start(level);
            replay(checker, &history, 0, history.instants);
            verdicts[level] = vpci_interval_finish(checker);
            if (verdicts[level] == VPCI_INTERVAL_VIOLATION)
                blamed[level] = vpci_interval_violation(checker)->serial;
        }
        count[verdicts[VPCI_INTERVAL_OVERWRITE]]++;
        for (int level = 0; level < VPCI_INTERVAL_OVERWRITE; level++) {
            if (verdicts[level] ==
                VPCI_INTERVAL_INCONCLUSIVE) /* the memory is too small without reductions */
                continue;
            compared++;
            assert_int_equal(verdicts[level], verdicts[VPCI_INTERVAL_OVERWRITE]);
            assert_int_equal(blamed[level], blamed[VPCI_INTERVAL_OVERWRITE]);
        }
    }
    print_message("%u explained, %u not; %u comparisons\n", count[VPCI_INTERVAL_OK],
                  count[VPCI_INTERVAL_VIOLATION], compared);
    assert_int_equal(count[VPCI_INTERVAL_INCONCLUSIVE], 0);
    assert_true(compared > VPCI_RANDOM_HISTORIES / 100);
    assert_true(count[VPCI_INTERVAL_OK] > 50);
    assert_true(count[VPCI_INTERVAL_VIOLATION] > 50);
}

struct workload {
    uint32_t values; /* written: 1...values; 0: every write writes another */
    uint32_t lost_percent;
    uint64_t work_max; /* comparisons */
};

/* One turn of a client that calls, takes effect and returns again and again. */
static void busy_turn(struct vpci_interval *checker, struct client *client, uint32_t slot,
                      struct vpci_naive_operation *operation, const struct workload *workload,
                      uint64_t *content)
{
    const bool is_idle = client->phase == IDLE;
    if (is_idle) {
        operation->operation = random_below(2) ? VPCI_INTERVAL_READ : VPCI_INTERVAL_WRITE;
        operation->outcome =
            random_below(100) < workload->lost_percent ? VPCI_INTERVAL_LOST : VPCI_INTERVAL_DONE;
        operation->value = workload->values ? random_below(workload->values) + 1 : checker->calls + 1;
        vpci_interval_call(checker, slot, operation->operation, operation->value);
    } else if (client->phase == EFFECTIVE) {
        vpci_interval_return(checker, slot, operation->outcome, operation->value);
    } else if (operation->operation == VPCI_INTERVAL_READ) {
        operation->value = *content;
    } else {
        *content = operation->value;
    }
    client->phase = is_idle ? CALLED : client->phase == CALLED ? EFFECTIVE : IDLE;
}

/* Goal: no reduction gets lost unnoticed, since without it verdicts stay right and only take longer.
 * Method: comparisons of long histories, measured when this was written, with some room. */
static void a_busy_block_costs_no_more_than_it_did(void **state)
{
    (void)state;
    static const struct workload workloads[] = {
        { .values = 0, .lost_percent = 0, .work_max = 198000 },
        { .values = 0, .lost_percent = 5, .work_max = 161000 },
        { .values = 4, .lost_percent = 0, .work_max = 89000 },
        { .values = 4, .lost_percent = 5, .work_max = 121000 },
    };
    random_state = 5;
    for (size_t i = 0; i < sizeof workloads / sizeof workloads[0]; i++) {
        struct vpci_interval *checker = start(VPCI_INTERVAL_OVERWRITE);
        struct client clients[16] = { { IDLE, 0 } };
        struct vpci_naive_operation operations[16];
        uint64_t content = 0;
        while (checker->calls < 5000) {
            const uint32_t slot = random_below(16);
            busy_turn(checker, &clients[slot], slot, &operations[slot], &workloads[i], &content);
        }
        assert_int_equal(vpci_interval_verdict(checker), VPCI_INTERVAL_OK);
        print_message("%u comparisons\n", (unsigned)checker->work);
        assert_true(checker->work <= workloads[i].work_max);
        assert_true(checker->work >= workloads[i].work_max / 10 * 9); /* is it counted at all? */
    }
}

/* With any amount of memory the verdict is the right one or INCONCLUSIVE, and no byte beyond it is touched.
 */
static void little_memory_never_makes_a_verdict_wrong(void **state)
{
    (void)state;
    const struct shape shape = { .count_min = OPERATIONS_MAX,
                                 .count_max = OPERATIONS_MAX,
                                 .clients_max = 6,
                                 .values_max = 4,
                                 .odd_outcomes_max = 80,
                                 .falsified_max = 1 };
    uint32_t given_up = 0, judged = 0;
    random_state = VPCI_RANDOM_SEED + 2;
    for (uint32_t round = 0; round < 300; round++) {
        struct history history;
        make_random_history(&history, &shape);
        struct vpci_interval *checker = start(VPCI_INTERVAL_OVERWRITE);
        replay(checker, &history, 0, history.instants);
        const enum vpci_interval_verdict right = vpci_interval_finish(checker);
        assert_int_not_equal(right, VPCI_INTERVAL_INCONCLUSIVE);
        for (int level = 0; level < LEVELS; level++) {
            const size_t bytes = VPCI_INTERVAL_BYTES_MIN + random_below(4096);
            memset(memory_copy, 0xa5, sizeof memory_copy);
            checker = vpci_interval_init(memory_copy, bytes, 0, (enum vpci_interval_level)level);
            replay(checker, &history, 0, history.instants);
            const enum vpci_interval_verdict verdict = vpci_interval_finish(checker);
            assert_true(verdict == right || verdict == VPCI_INTERVAL_INCONCLUSIVE);
            *(verdict == right ? &judged : &given_up) += 1;
            for (size_t i = bytes; i < sizeof memory_copy; i++)
                assert_int_equal(memory_copy[i], 0xa5);
        }
    }
    assert_true(given_up > 50 && judged > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_levels_agree_with_the_naive_checker),
        cmocka_unit_test(all_levels_agree_on_longer_histories),
        cmocka_unit_test(a_busy_block_costs_no_more_than_it_did),
        cmocka_unit_test(little_memory_never_makes_a_verdict_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
