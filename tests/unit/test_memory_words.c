/* SPDX-License-Identifier: MIT */
/* tests/unit/test_memory_words.c - buffers are filled and compared word by word: here every byte of every
 * short length is written once, so that none falls between two words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "harness/memory.h"

enum { LONGEST = 41, REQUEST = 5, EDGE = 16 };

static const uint8_t bytes[LONGEST] = { 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88 };

static int setup(void **state)
{
    struct vpci_memory_arena *arena = calloc(1, sizeof *arena);
    *state = arena;
    return arena != NULL && vpci_memory_create(arena) ? 0 : -1;
}

static int teardown(void **state)
{
    vpci_memory_destroy(*state);
    free(*state);
    return 0;
}

static struct vpci_memory prepare(struct vpci_memory_arena *arena, enum vpci_event_kind kind, uint32_t length)
{
    const struct vpci_event event = { .kind = kind,
                                      .request = REQUEST,
                                      .length = length,
                                      .code = VPCI_IOCTL_INVALIDATE_BLOCK,
                                      .input_length = length,
                                      .data = bytes,
                                      .data_length = length };
    struct vpci_memory memory;
    assert_true(vpci_memory_prepare(arena, &event, &memory));
    return memory;
}

/* Where the guard page begins, from the start of the buffer. */
static uint32_t end_of(uint32_t length)
{
    return (length + 7) / 8 * 8;
}

static void every_late_byte_is_seen(void **state)
{
    struct vpci_memory_arena *arena = *state;
    for (uint32_t length = 0; length < LONGEST; length++) {
        for (int64_t at = -EDGE; at < (int64_t)end_of(length); at++) {
            struct vpci_memory_fault fault;
            const struct vpci_memory memory = prepare(arena, VPCI_EVENT_READ, length);
            vpci_memory_quarantine(arena, REQUEST);
            assert_false(vpci_memory_find_late_write(arena, &fault));
            memory.output[at] ^= 0x40;
            assert_true(vpci_memory_find_late_write(arena, &fault));
            assert_int_equal(fault.kind, VPCI_EVENT_LATE_WRITE);
            assert_int_equal(fault.request, REQUEST);
            assert_int_equal(fault.offset, (uint32_t)at);
        }
    }
}

static void every_byte_of_an_input_is_watched(void **state)
{
    struct vpci_memory_arena *arena = *state;
    for (uint32_t length = 0; length < LONGEST; length++) {
        for (int64_t at = -EDGE; at < (int64_t)end_of(length); at++) {
            struct vpci_memory_fault fault;
            const struct vpci_memory memory = prepare(arena, VPCI_EVENT_WRITE, length);
            assert_memory_equal(memory.input, bytes, length);
            assert_false(vpci_memory_check(arena, REQUEST, &fault));
            memory.input[at] ^= 0x40;
            assert_true(vpci_memory_check(arena, REQUEST, &fault));
            assert_int_equal(fault.kind, at >= 0 && at < (int64_t)length ? VPCI_EVENT_INPUT_MODIFIED
                                                                         : VPCI_EVENT_OVERRUN);
            assert_int_equal(fault.offset, (uint32_t)at);
        }
    }
}

static void the_mask_is_all_that_an_invalidate_stores(void **state)
{
    struct vpci_memory_arena *arena = *state;
    for (uint32_t length = 8; length < LONGEST; length++) {
        for (uint32_t at = 0; at < length; at++) {
            struct vpci_memory_fault fault;
            const struct vpci_memory memory = prepare(arena, VPCI_EVENT_IOCTL, length);
            memory.input[at] ^= 0x40;
            assert_int_equal(vpci_memory_check(arena, REQUEST, &fault), at >= 8);
            if (at >= 8) {
                assert_int_equal(fault.kind, VPCI_EVENT_INPUT_MODIFIED);
                assert_int_equal(fault.offset, at);
            }
        }
    }
}

/* What an overrun left stays visible, and the end of the request adds nothing to it. */
static void the_end_of_a_request_leaves_the_edges(void **state)
{
    struct vpci_memory_arena *arena = *state;
    struct vpci_memory_fault fault;
    const struct vpci_memory memory = prepare(arena, VPCI_EVENT_READ, 13);
    memory.output[14] = 0;
    vpci_memory_quarantine(arena, REQUEST);
    assert_true(vpci_memory_find_late_write(arena, &fault));
    assert_int_equal(fault.offset, 14);
}

#define MEMORY_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(every_late_byte_is_seen),
        MEMORY_TEST(every_byte_of_an_input_is_watched),
        MEMORY_TEST(the_mask_is_all_that_an_invalidate_stores),
        MEMORY_TEST(the_end_of_a_request_leaves_the_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
