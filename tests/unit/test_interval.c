/* SPDX-License-Identifier: MIT */
/* tests/unit/test_interval.c - the checker of block contents against histories made by hand, at its limits
 * and in the hands of a careless caller. Random histories are in test_interval_random.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "models/interval_search.h" /* to see its limits */

enum { LEVELS = VPCI_INTERVAL_OVERWRITE + 1, MEMORY_BYTES = 64 * 1024 };

static _Alignas(16) unsigned char memory[MEMORY_BYTES];
static _Alignas(16) unsigned char memory_copy[MEMORY_BYTES];

/* A checker of a block that holds 0. */
static struct vpci_interval *start(int level)
{
    return vpci_interval_init(memory, sizeof memory, 0, (enum vpci_interval_level)level);
}

/* A history by hand: one row for each event. A return row has the outcome and, for a read, the value. */
struct row {
    enum { CALL_READ, CALL_WRITE, RETURN } kind;
    uint32_t slot;
    uint64_t value;
    enum vpci_interval_outcome outcome;
};
#define READ(slot)                             \
    {                                          \
        CALL_READ, slot, 0, VPCI_INTERVAL_DONE \
    }
#define WRITE(slot, value)                          \
    {                                               \
        CALL_WRITE, slot, value, VPCI_INTERVAL_DONE \
    }
#define GAVE(slot, value)                       \
    {                                           \
        RETURN, slot, value, VPCI_INTERVAL_DONE \
    }
#define WROTE(slot)                         \
    {                                       \
        RETURN, slot, 0, VPCI_INTERVAL_DONE \
    }
#define ENDED(slot, outcome)                     \
    {                                            \
        RETURN, slot, 0, VPCI_INTERVAL_##outcome \
    }

static enum vpci_interval_verdict feed(struct vpci_interval *checker, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct row *row = &rows[i];
        if (row->kind == RETURN)
            vpci_interval_return(checker, row->slot, row->outcome, row->value);
        else
            vpci_interval_call(checker, row->slot,
                               row->kind == CALL_READ ? VPCI_INTERVAL_READ : VPCI_INTERVAL_WRITE, row->value);
    }
    return vpci_interval_verdict(checker);
}

/* All levels agree that the rows are explained. */
static void assert_explained(const struct row *rows, size_t count)
{
    for (int level = 0; level < LEVELS; level++) {
        struct vpci_interval *checker = start(level);
        feed(checker, rows, count);
        assert_int_equal(vpci_interval_finish(checker), VPCI_INTERVAL_OK);
        assert_null(vpci_interval_violation(checker));
        assert_int_equal(vpci_interval_reason(checker), VPCI_INTERVAL_REASON_NONE);
    }
}

/* All levels blame that call, and list just those values, in any order, as allowed. */
static void assert_blames(const struct row *rows, size_t count, uint64_t serial, const uint64_t *allowed,
                          uint32_t allowed_count)
{
    for (int level = 0; level < LEVELS; level++) {
        struct vpci_interval *checker = start(level);
        feed(checker, rows, count);
        assert_int_equal(vpci_interval_finish(checker), VPCI_INTERVAL_VIOLATION);
        const struct vpci_interval_violation *violation = vpci_interval_violation(checker);
        assert_non_null(violation);
        assert_int_equal(violation->serial, serial);
        assert_int_equal(violation->allowed_count, allowed_count);
        for (uint32_t i = 0; i < allowed_count; i++) {
            bool found = false;
            for (uint32_t k = 0; k < violation->allowed_count; k++)
                found |= violation->allowed[k] == allowed[i];
            assert_true(found);
        }
    }
}
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define EXPLAINED(...)                             \
    do {                                           \
        const struct row rows[] = { __VA_ARGS__ }; \
        assert_explained(rows, COUNT(rows));       \
    } while (0)

static void an_untouched_block_reads_as_the_initial_value(void **state)
{
    (void)state;
    EXPLAINED(READ(0), GAVE(0, 0));
    const struct row rows[] = { READ(0), GAVE(0, 5) };
    assert_blames(rows, COUNT(rows), 0, (const uint64_t[]){ 0 }, 1);
}

static void concurrent_operations_may_take_effect_in_any_order(void **state)
{
    (void)state;
    /* Two writes and two reads overlap; the reads see both values, in the order against that of the calls. */
    EXPLAINED(WRITE(0, 1), WRITE(1, 2), READ(2), GAVE(2, 2), READ(2), GAVE(2, 1), WROTE(1), WROTE(0));
    /* A read that began before two writes may have seen the initial value, the first or the second. */
    EXPLAINED(READ(2), WRITE(0, 1), WROTE(0), WRITE(0, 2), WROTE(0), GAVE(2, 0));
    EXPLAINED(READ(2), WRITE(0, 1), WROTE(0), WRITE(0, 2), WROTE(0), GAVE(2, 1));
    EXPLAINED(READ(2), WRITE(0, 1), WROTE(0), WRITE(0, 2), WROTE(0), GAVE(2, 2));
    /* A write may be seen before it returns, and a later one overwrite it unseen. */
    EXPLAINED(WRITE(0, 1), READ(1), GAVE(1, 1), WRITE(1, 2), WROTE(1), WROTE(0), READ(1), GAVE(1, 2));
}

static void a_stale_read_is_blamed(void **state)
{
    (void)state;
    const struct row rows[] = { WRITE(0, 1), WROTE(0), WRITE(0, 2), WROTE(0), READ(1), GAVE(1, 1) };
    assert_blames(rows, COUNT(rows), 2, (const uint64_t[]){ 2 }, 1);
}

static void values_may_not_swap_back(void **state)
{
    (void)state;
    /* Two reads, one after the other, see two open writes; a third sees the first of them again. */
    const struct row rows[] = { WRITE(0, 1), WRITE(1, 2), READ(2),    GAVE(2, 1), READ(2),
                                GAVE(2, 2),  READ(2),     GAVE(2, 1), WROTE(0),   WROTE(1) };
    assert_blames(rows, COUNT(rows), 4, (const uint64_t[]){ 2 }, 1);
}

static void a_phantom_value_is_blamed_with_all_that_was_possible(void **state)
{
    (void)state;
    /* The block held 0, 1 and 2 during the read, and 3 may be in it. */
    const struct row rows[] = { READ(2),     WRITE(0, 1), WROTE(0), WRITE(0, 2), WROTE(0),
                                WRITE(1, 3), GAVE(2, 77), WROTE(1), READ(2),     GAVE(2, 3) };
    assert_blames(rows, COUNT(rows), 0, (const uint64_t[]){ 0, 1, 2, 3 }, 4);
}

static void a_value_is_not_read_before_its_write_is_called(void **state)
{
    (void)state;
    const struct row rows[] = { READ(0), GAVE(0, 1), WRITE(0, 1), WROTE(0) };
    assert_blames(rows, COUNT(rows), 0, (const uint64_t[]){ 0 }, 1);
}

static void a_lost_write_may_show_up_late_once(void **state)
{
    (void)state;
    EXPLAINED(WRITE(0, 1), ENDED(0, LOST), WRITE(0, 2), WROTE(0), READ(1), GAVE(1, 2), READ(1), GAVE(1, 1),
              READ(1), GAVE(1, 1));
    const struct row twice[] = { WRITE(0, 1), ENDED(0, LOST), READ(1), GAVE(1, 1),
                                 WRITE(0, 2), WROTE(0),       READ(1), GAVE(1, 1) };
    assert_blames(twice, COUNT(twice), 3, (const uint64_t[]){ 2 }, 1);
}

static void equal_lost_writes_count(void **state)
{
    (void)state;
    const struct row rows[] = { WRITE(0, 1), ENDED(0, LOST), WRITE(0, 1), ENDED(0, LOST), /* two of them */
                                READ(1),     GAVE(1, 1),     WRITE(0, 2), WROTE(0),       READ(1),
                                GAVE(1, 1),  WRITE(0, 3),    WROTE(0),    READ(1),        GAVE(1, 1) };
    assert_explained(rows, 12);
    assert_blames(rows, COUNT(rows), 6, (const uint64_t[]){ 3 }, 1);
}

static void a_lost_write_that_another_stood_in_for_still_counts_once(void **state)
{
    (void)state;
    /* The first read of 1 has an open write to explain it, which costs less than the lost one. */
    const struct row rows[] = { WRITE(0, 1), ENDED(0, LOST), WRITE(2, 1), READ(1),   GAVE(1, 1),
                                WROTE(2),    WRITE(0, 2),    WROTE(0),    READ(1),   GAVE(1, 1),
                                WRITE(0, 3), WROTE(0),       READ(1),     GAVE(1, 1) };
    assert_explained(rows, 10);
    assert_blames(rows, COUNT(rows), 6, (const uint64_t[]){ 3 }, 1);
}

static void lost_writes_that_were_read_make_room_for_others(void **state)
{
    (void)state;
    struct vpci_interval *checker = start(VPCI_INTERVAL_OVERWRITE);
    for (uint64_t value = 1; value < 150; value++) {
        const struct row rows[] = { WRITE(0, value), ENDED(0, LOST), READ(1), GAVE(1, value) };
        assert_int_equal(feed(checker, rows, COUNT(rows)), VPCI_INTERVAL_OK);
    }
    const struct row stale[] = { READ(1), GAVE(1, 1) };
    assert_int_equal(feed(checker, stale, COUNT(stale)), VPCI_INTERVAL_VIOLATION);
}

static void a_lost_write_need_never_be_seen(void **state)
{
    (void)state;
    EXPLAINED(WRITE(0, 1), ENDED(0, LOST), READ(1), GAVE(1, 0), WRITE(0, 2), WROTE(0), READ(1), GAVE(1, 2));
    /* Never answered at all: finish says so. */
    EXPLAINED(WRITE(0, 1), READ(1), GAVE(1, 1), READ(2));
}

static void a_failed_write_took_effect_by_its_return_or_never(void **state)
{
    (void)state;
    EXPLAINED(WRITE(0, 1), ENDED(0, FAILED), READ(1), GAVE(1, 1), READ(1), GAVE(1, 1));
    EXPLAINED(WRITE(0, 1), ENDED(0, FAILED), READ(1), GAVE(1, 0), READ(1), GAVE(1, 0));
    const struct row late[] = { WRITE(0, 1), ENDED(0, FAILED), READ(1), GAVE(1, 0), READ(1), GAVE(1, 1) };
    assert_blames(late, COUNT(late), 2, (const uint64_t[]){ 0 }, 1);
}

static void a_refused_write_takes_no_effect(void **state)
{
    (void)state;
    EXPLAINED(WRITE(0, 1), READ(1), ENDED(0, REFUSED), GAVE(1, 0));
    const struct row rows[] = { WRITE(0, 1), READ(1), GAVE(1, 1), ENDED(0, REFUSED) };
    assert_blames(rows, COUNT(rows), 1, (const uint64_t[]){ 0 }, 1);
}

static void a_read_that_was_given_nothing_says_nothing(void **state)
{
    (void)state;
    EXPLAINED(READ(0), READ(1), READ(2), { RETURN, 0, 9, VPCI_INTERVAL_FAILED },
              { RETURN, 1, 9, VPCI_INTERVAL_LOST }, { RETURN, 2, 9, VPCI_INTERVAL_REFUSED }, READ(0),
              GAVE(0, 0));
}

static void equal_values_are_told_apart_by_time_only(void **state)
{
    (void)state;
    /* 1 is written, overwritten by 2 and written again: all of 1, 2, 1 may be read in this order. */
    EXPLAINED(WRITE(0, 1), WROTE(0), READ(1), GAVE(1, 1), WRITE(0, 2), WRITE(2, 1), READ(1), GAVE(1, 2),
              READ(1), GAVE(1, 1), WROTE(2), WROTE(0));
    /* Two open writes of 1 around one of 2: 1, 2, 1, but not 2 again. */
    const struct row rows[] = { WRITE(0, 1), WRITE(1, 1), WRITE(2, 2), READ(3), GAVE(3, 1), READ(3),
                                GAVE(3, 2),  READ(3),     GAVE(3, 1),  READ(3), GAVE(3, 2) };
    assert_explained(rows, 9);
    assert_blames(rows, COUNT(rows), 6, (const uint64_t[]){ 1 }, 1);
}

static void the_verdict_of_the_moment_comes_from_a_finished_copy(void **state)
{
    (void)state;
    struct vpci_interval *checker = start(VPCI_INTERVAL_OVERWRITE);
    const struct row rows[] = { READ(0), READ(1), GAVE(1, 5) };
    assert_int_equal(feed(checker, rows, COUNT(rows)), VPCI_INTERVAL_OK); /* read 0 is still open */
    memcpy(memory_copy, memory, sizeof memory);
    struct vpci_interval *copy = (struct vpci_interval *)(void *)memory_copy;
    memset(memory, 0xa5, sizeof memory); /* the copy leans on nothing here */
    assert_int_equal(vpci_interval_finish(copy), VPCI_INTERVAL_VIOLATION);
    assert_int_equal(vpci_interval_violation(copy)->serial, 1);
    assert_int_equal(vpci_interval_violation(copy)->slot, 1);
    assert_int_equal(vpci_interval_violation(copy)->value, 5);
}

static void a_violation_is_final(void **state)
{
    (void)state;
    struct vpci_interval *checker = start(VPCI_INTERVAL_OVERWRITE);
    const struct row rows[] = { READ(0), GAVE(0, 5), READ(0), GAVE(0, 0), READ(99), WROTE(7) };
    assert_int_equal(feed(checker, rows, 2), VPCI_INTERVAL_VIOLATION);
    assert_int_equal(feed(checker, rows, COUNT(rows)), VPCI_INTERVAL_VIOLATION);
    assert_int_equal(vpci_interval_violation(checker)->serial, 0);
}

static void allowed_values_beyond_the_list_are_announced(void **state)
{
    (void)state;
    for (uint64_t others = 0; others < 12; others++) {
        struct vpci_interval *checker = start(VPCI_INTERVAL_OVERWRITE);
        vpci_interval_call(checker, 0, VPCI_INTERVAL_READ, 0);
        for (uint64_t value = 1; value <= others; value++) {
            vpci_interval_call(checker, 1, VPCI_INTERVAL_WRITE, value);
            vpci_interval_return(checker, 1, VPCI_INTERVAL_DONE, 0);
        }
        assert_int_equal(vpci_interval_return(checker, 0, VPCI_INTERVAL_DONE, 99), VPCI_INTERVAL_VIOLATION);
        const struct vpci_interval_violation *violation = vpci_interval_violation(checker);
        const uint64_t listed =
            others + 1 < VPCI_INTERVAL_ALLOWED_MAX ? others + 1 : VPCI_INTERVAL_ALLOWED_MAX;
        assert_int_equal(violation->allowed_count, listed);
        assert_int_equal(violation->allowed[0], others); /* the newest */
        assert_int_equal(violation->allowed_more, others + 1 > VPCI_INTERVAL_ALLOWED_MAX);
    }
}

/* Limits. */

static void assert_gave_up(struct vpci_interval *checker, enum vpci_interval_reason reason)
{
    assert_int_equal(vpci_interval_verdict(checker), VPCI_INTERVAL_INCONCLUSIVE);
    assert_int_equal(vpci_interval_reason(checker), reason);
    assert_null(vpci_interval_violation(checker));
    /* Nothing that follows makes it better. */
    vpci_interval_call(checker, 60, VPCI_INTERVAL_READ, 0);
    vpci_interval_return(checker, 60, VPCI_INTERVAL_DONE, 99);
    assert_int_equal(vpci_interval_finish(checker), VPCI_INTERVAL_INCONCLUSIVE);
    assert_int_equal(vpci_interval_reason(checker), reason);
}

static void waiting_too_long_for_an_answer_is_inconclusive(void **state)
{
    (void)state;
    struct vpci_interval *checker = start(VPCI_INTERVAL_OVERWRITE);
    /* The read and as many events as the ring holds besides; refused writes have no return in it. */
    vpci_interval_call(checker, 0, VPCI_INTERVAL_READ, 0);
    for (uint32_t i = 1; i < checker->ring_capacity; i++) {
        vpci_interval_call(checker, 1, VPCI_INTERVAL_WRITE, i);
        assert_int_equal(vpci_interval_return(checker, 1, VPCI_INTERVAL_REFUSED, 0), VPCI_INTERVAL_OK);
    }
    memcpy(memory_copy, memory, sizeof memory);
    struct vpci_interval *copy = (struct vpci_interval *)(void *)memory_copy;
    assert_int_equal(vpci_interval_finish(copy), VPCI_INTERVAL_OK);
    vpci_interval_call(checker, 1, VPCI_INTERVAL_WRITE, 0);
    assert_gave_up(checker, VPCI_INTERVAL_REASON_EVENTS);
}

static void too_many_configurations_are_inconclusive(void **state)
{
    (void)state;
    struct vpci_interval *checker = start(VPCI_INTERVAL_GENERAL);
    for (uint32_t slot = 0; slot < 20; slot++)
        vpci_interval_call(checker, slot, VPCI_INTERVAL_WRITE, slot);
    for (uint32_t slot = 0; slot < 20; slot++)
        vpci_interval_return(checker, slot, VPCI_INTERVAL_DONE, 0);
    assert_gave_up(checker, VPCI_INTERVAL_REASON_CONFIGURATIONS);
}

static void too_many_lost_writes_are_inconclusive(void **state)
{
    (void)state;
    for (int level = 0; level < LEVELS; level++) {
        struct vpci_interval *checker = start(level);
        uint32_t lost = 0;
        while (vpci_interval_verdict(checker) == VPCI_INTERVAL_OK && lost < 100000) {
            vpci_interval_call(checker, 1, VPCI_INTERVAL_WRITE, ++lost);
            vpci_interval_return(checker, 1, VPCI_INTERVAL_LOST, 0);
        }
        assert_true(lost > 64);
        assert_gave_up(checker, VPCI_INTERVAL_REASON_LOST);
    }
}

static void too_much_work_is_inconclusive(void **state)
{
    (void)state;
    struct vpci_interval *checker = start(VPCI_INTERVAL_OVERWRITE);
    checker->work = UINT64_MAX / 2;
    vpci_interval_call(checker, 0, VPCI_INTERVAL_WRITE, 1);
    vpci_interval_return(checker, 0, VPCI_INTERVAL_DONE, 0);
    assert_gave_up(checker, VPCI_INTERVAL_REASON_WORK);
}

static void misuse_is_inconclusive(void **state)
{
    (void)state;
    const struct row misuses[][2] = {
        { READ(64), READ(64) },
        { READ(0), READ(0) },
        { READ(1), WROTE(2) },
        { READ(1), WROTE(64) },
        { READ(1), WROTE(UINT32_MAX) },
        { READ(1), { RETURN, 1, 0, (enum vpci_interval_outcome)(VPCI_INTERVAL_REFUSED + 1) } },
    };
    for (size_t i = 0; i < COUNT(misuses); i++) {
        struct vpci_interval *checker = start(VPCI_INTERVAL_OVERWRITE);
        feed(checker, misuses[i], 2);
        assert_gave_up(checker, VPCI_INTERVAL_REASON_MISUSE);
    }
    struct vpci_interval *checker = start(VPCI_INTERVAL_OVERWRITE);
    vpci_interval_call(checker, 0, (enum vpci_interval_operation)2, 0);
    assert_gave_up(checker, VPCI_INTERVAL_REASON_MISUSE);
    checker = start(VPCI_INTERVAL_OVERWRITE);
    assert_int_equal(vpci_interval_finish(checker), VPCI_INTERVAL_OK);
    assert_int_equal(vpci_interval_finish(checker), VPCI_INTERVAL_OK);
    vpci_interval_call(checker, 0, VPCI_INTERVAL_READ, 0);
    assert_gave_up(checker, VPCI_INTERVAL_REASON_MISUSE);
}

static void unusable_memory_makes_no_checker(void **state)
{
    (void)state;
    assert_null(vpci_interval_init(memory, VPCI_INTERVAL_BYTES_MIN - 1, 0, VPCI_INTERVAL_GENERAL));
    assert_null(vpci_interval_init(memory + 8, VPCI_INTERVAL_BYTES_MIN, 0, VPCI_INTERVAL_GENERAL));
    assert_null(vpci_interval_init(memory, sizeof memory, 0, (enum vpci_interval_level)LEVELS));
    assert_non_null(vpci_interval_init(memory, VPCI_INTERVAL_BYTES_MIN, 0, VPCI_INTERVAL_GENERAL));
}

static void all_slots_may_be_open_at_once(void **state)
{
    (void)state;
    struct vpci_interval *checker = start(VPCI_INTERVAL_OVERWRITE);
    for (uint32_t slot = 0; slot < VPCI_INTERVAL_SLOTS; slot++)
        vpci_interval_call(checker, slot, slot % 2 ? VPCI_INTERVAL_READ : VPCI_INTERVAL_WRITE, slot);
    for (uint32_t slot = VPCI_INTERVAL_SLOTS; slot-- > 0;)
        assert_int_equal(vpci_interval_return(checker, slot, VPCI_INTERVAL_DONE, 62), VPCI_INTERVAL_OK);
    assert_int_equal(vpci_interval_finish(checker), VPCI_INTERVAL_OK);
    assert_true(vpci_interval_peak(checker) >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_untouched_block_reads_as_the_initial_value),
        cmocka_unit_test(concurrent_operations_may_take_effect_in_any_order),
        cmocka_unit_test(a_stale_read_is_blamed),
        cmocka_unit_test(values_may_not_swap_back),
        cmocka_unit_test(a_phantom_value_is_blamed_with_all_that_was_possible),
        cmocka_unit_test(a_value_is_not_read_before_its_write_is_called),
        cmocka_unit_test(a_lost_write_may_show_up_late_once),
        cmocka_unit_test(equal_lost_writes_count),
        cmocka_unit_test(a_lost_write_that_another_stood_in_for_still_counts_once),
        cmocka_unit_test(lost_writes_that_were_read_make_room_for_others),
        cmocka_unit_test(a_lost_write_need_never_be_seen),
        cmocka_unit_test(a_failed_write_took_effect_by_its_return_or_never),
        cmocka_unit_test(a_refused_write_takes_no_effect),
        cmocka_unit_test(a_read_that_was_given_nothing_says_nothing),
        cmocka_unit_test(equal_values_are_told_apart_by_time_only),
        cmocka_unit_test(the_verdict_of_the_moment_comes_from_a_finished_copy),
        cmocka_unit_test(a_violation_is_final),
        cmocka_unit_test(allowed_values_beyond_the_list_are_announced),
        cmocka_unit_test(waiting_too_long_for_an_answer_is_inconclusive),
        cmocka_unit_test(too_many_configurations_are_inconclusive),
        cmocka_unit_test(too_many_lost_writes_are_inconclusive),
        cmocka_unit_test(too_much_work_is_inconclusive),
        cmocka_unit_test(misuse_is_inconclusive),
        cmocka_unit_test(unusable_memory_makes_no_checker),
        cmocka_unit_test(all_slots_may_be_open_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
