/* SPDX-License-Identifier: MIT */
/* tests/unit/test_memory.c - the callers' buffers: guard pages, the edges inside the page, the copy of the
 * input, poison after the end, and numbers that no request has. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/memory.h"

static const uint8_t bytes[VPCI_EVENT_DATA_BYTES_MAX] = { 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88 };

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

static struct vpci_event read_of(uint32_t request, uint32_t length)
{
    return (struct vpci_event){ .kind = VPCI_EVENT_READ, .request = request, .length = length };
}

static struct vpci_event write_of(uint32_t request, uint32_t length)
{
    return (struct vpci_event){ .kind = VPCI_EVENT_WRITE,
                                .request = request,
                                .length = length,
                                .data = bytes,
                                .data_length = length < sizeof bytes ? length : (uint32_t)sizeof bytes };
}

static struct vpci_event ioctl_of(uint32_t request, uint32_t code, uint32_t input, uint32_t output)
{
    return (struct vpci_event){ .kind = VPCI_EVENT_IOCTL,
                                .request = request,
                                .code = code,
                                .input_length = input,
                                .output_length = output,
                                .data = bytes,
                                .data_length = 8 };
}

static struct vpci_memory prepare(struct vpci_memory_arena *arena, struct vpci_event event)
{
    struct vpci_memory memory;
    assert_true(vpci_memory_prepare(arena, &event, &memory));
    return memory;
}

/* Whether touching the address ends a child process. */
static bool is_deadly(volatile uint8_t *address, bool writes)
{
    const pid_t child = fork();
    if (child == 0) {
        (void)signal(SIGSEGV, SIG_DFL);
        (void)signal(SIGBUS, SIG_DFL);
        if (writes)
            *address = 1;
        _exit(*address == 255 ? 1 : 0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && (WTERMSIG(status) == SIGSEGV || WTERMSIG(status) == SIGBUS);
}

static void buffers_end_at_a_guard_page(void **state)
{
    struct vpci_memory_arena *arena = *state;
    struct vpci_memory_fault fault;
    static const uint32_t lengths[] = { 1, 7, 8, 9, 64, 127, 128, 129, 511, 512 };
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        const uint32_t length = lengths[i];
        const struct vpci_memory memory = prepare(arena, read_of(5, length));
        uint8_t *guard = memory.output + (length + 7) / 8 * 8;
        assert_int_equal((uintptr_t)memory.output % 8, 0);
        assert_true(vpci_memory_is_guard(arena, guard, &fault));
        assert_int_equal(fault.kind, VPCI_EVENT_OVERRUN);
        assert_int_equal(fault.request, 5);
        assert_int_equal(fault.offset, (length + 7) / 8 * 8);
        assert_true(is_deadly(guard, true));
        assert_true(is_deadly(guard, false));
        assert_false(is_deadly(memory.output + length - 1, true));
        for (uint32_t at = 0; at < length; at++)
            assert_int_equal(memory.output[at], VPCI_FILL_BYTE);
    }
    assert_false(vpci_memory_is_guard(arena, &fault, &fault));
    assert_false(vpci_memory_is_guard(arena, NULL, &fault));
}

static void lengths_beyond_the_most_are_cut(void **state)
{
    struct vpci_memory_arena *arena = *state;
    static const uint32_t lengths[] = { 513, 0x7FFFFFFF, 0xFFFFFFF8, 0xFFFFFFFF };
    struct vpci_memory_fault fault;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        const struct vpci_memory memory = prepare(arena, read_of(0, lengths[i]));
        memory.output[VPCI_EVENT_DATA_BYTES_MAX - 1] = 1;
        assert_true(vpci_memory_is_guard(arena, memory.output + VPCI_EVENT_DATA_BYTES_MAX, &fault));
        assert_false(vpci_memory_check(arena, 0, &fault));
        const struct vpci_memory written =
            prepare(arena, ioctl_of(1, VPCI_IOCTL_WRITE_BLOCK, lengths[i], lengths[i]));
        assert_memory_equal(written.input, bytes, 8);
        assert_int_equal(written.input[VPCI_EVENT_DATA_BYTES_MAX - 1], 0);
    }
}

static void a_byte_behind_the_end_is_seen(void **state)
{
    struct vpci_memory_arena *arena = *state;
    for (uint32_t length = 1; length <= 128; length++) {
        for (uint32_t behind = length; behind % 8 != 0; behind++) {
            const struct vpci_memory memory = prepare(arena, read_of(3, length));
            struct vpci_memory_fault fault;
            assert_false(vpci_memory_check(arena, 3, &fault));
            memory.output[behind] ^= 0x01;
            assert_true(vpci_memory_check(arena, 3, &fault));
            assert_int_equal(fault.kind, VPCI_EVENT_OVERRUN);
            assert_int_equal(fault.request, 3);
            assert_int_equal(fault.offset, behind);
        }
    }
}

static void a_byte_before_the_start_is_seen(void **state)
{
    struct vpci_memory_arena *arena = *state;
    for (int before = 1; before <= 16; before++) {
        const struct vpci_memory memory = prepare(arena, read_of(3, 12));
        struct vpci_memory_fault fault;
        memory.output[-before] = 0;
        assert_true(vpci_memory_check(arena, 3, &fault));
        assert_int_equal(fault.kind, VPCI_EVENT_OVERRUN);
        assert_int_equal(fault.offset, (uint32_t)-before);
    }
}

static void an_input_is_not_to_be_changed(void **state)
{
    struct vpci_memory_arena *arena = *state;
    struct vpci_memory_fault fault;
    const struct vpci_memory memory = prepare(arena, write_of(9, 13));
    assert_null(memory.output);
    assert_memory_equal(memory.input, bytes, 13);
    assert_false(vpci_memory_check(arena, 9, &fault));
    memory.input[12] ^= 0x80;
    assert_true(vpci_memory_check(arena, 9, &fault));
    assert_int_equal(fault.kind, VPCI_EVENT_INPUT_MODIFIED);
    assert_int_equal(fault.offset, 12);
    /* But the caller itself may. */
    static const uint8_t other[13] = { 9, 8, 7, 6, 5, 4, 3, 2, 1 };
    vpci_memory_change_input(arena, 9, other, sizeof other);
    assert_memory_equal(memory.input, other, sizeof other);
    assert_false(vpci_memory_check(arena, 9, &fault));
}

static void a_longer_change_of_the_input_is_cut(void **state)
{
    struct vpci_memory_arena *arena = *state;
    struct vpci_memory_fault fault;
    const struct vpci_memory memory = prepare(arena, write_of(9, 4));
    vpci_memory_change_input(arena, 9, bytes + 4, 300);
    assert_memory_equal(memory.input, bytes + 4, 4);
    assert_false(vpci_memory_check(arena, 9, &fault));
}

static void an_invalidate_may_store_its_mask(void **state)
{
    struct vpci_memory_arena *arena = *state;
    struct vpci_memory_fault fault;
    const struct vpci_memory memory = prepare(arena, ioctl_of(2, VPCI_IOCTL_INVALIDATE_BLOCK, 16, 0));
    assert_null(memory.output);
    vpci_store_u64(memory.input, 0x8000000000000005u);
    assert_false(vpci_memory_check(arena, 2, &fault));
    struct vpci_event event = { .kind = VPCI_EVENT_IOCTL_COMPLETE, .request = 2 };
    vpci_memory_observe(arena, &event);
    assert_int_equal(event.mask, 0x8000000000000005u);
    assert_true((event.fields & VPCI_F(MASK)) != 0);
    struct vpci_event failed = { .kind = VPCI_EVENT_IOCTL_COMPLETE,
                                 .request = 2,
                                 .status = VPCI_STATUS_CANCELLED };
    vpci_memory_observe(arena, &failed);
    assert_int_equal(failed.fields & VPCI_F(MASK), 0);
    memory.input[8] = 1;
    assert_true(vpci_memory_check(arena, 2, &fault));
    assert_int_equal(fault.kind, VPCI_EVENT_INPUT_MODIFIED);
    assert_int_equal(fault.offset, 8);
}

static void what_the_buffers_hold_is_told_and_kept(void **state)
{
    struct vpci_memory_arena *arena = *state;
    const struct vpci_memory memory = prepare(arena, ioctl_of(7, VPCI_IOCTL_READ_BLOCK, 8, 5));
    memcpy(memory.output, bytes, 5);
    *memory.status_block = (struct vpci_io_status_block){ .status = VPCI_STATUS_BAD_DATA, .information = 42 };
    struct vpci_event complete = { .kind = VPCI_EVENT_IOCTL_COMPLETE, .request = 7, .information = 5 };
    vpci_memory_observe(arena, &complete);
    assert_int_equal(complete.data_length, 5);
    assert_memory_equal(complete.data, bytes, 5);
    assert_int_equal(complete.information, 5); /* the implementation's word, not the status block */
    vpci_memory_quarantine(arena, 7);
    assert_int_not_equal(memory.output[0], bytes[0]);
    struct vpci_event signal = { .kind = VPCI_EVENT_USER_EVENT_SIGNAL, .request = 7 };
    vpci_memory_observe(arena, &signal);
    assert_memory_equal(signal.data, bytes, 5); /* as it was at the end */
    assert_int_equal(signal.status, VPCI_STATUS_BAD_DATA);
    assert_int_equal(signal.information, 42);
    struct vpci_event unknown = { .kind = VPCI_EVENT_IOCTL_COMPLETE, .request = 8 };
    vpci_memory_observe(arena, &unknown);
    assert_null(unknown.data);
}

static void a_write_after_the_end_is_seen_once(void **state)
{
    struct vpci_memory_arena *arena = *state;
    struct vpci_memory_fault fault;
    for (uint32_t at = 0; at < 16; at++) {
        const struct vpci_memory memory = prepare(arena, read_of(4, 16));
        vpci_memory_quarantine(arena, 4);
        assert_false(vpci_memory_find_late_write(arena, &fault));
        memory.output[at] = 0;
        assert_true(vpci_memory_find_late_write(arena, &fault));
        assert_int_equal(fault.kind, VPCI_EVENT_LATE_WRITE);
        assert_int_equal(fault.request, 4);
        assert_int_equal(fault.offset, at);
        assert_false(vpci_memory_find_late_write(arena, &fault));
    }
}

static void several_late_writes_are_each_seen(void **state)
{
    struct vpci_memory_arena *arena = *state;
    struct vpci_memory_fault fault;
    struct vpci_memory memories[VPCI_REQUESTS_MAX];
    for (uint32_t request = 0; request < VPCI_REQUESTS_MAX; request++) {
        memories[request] = prepare(arena, write_of(request, 9));
        vpci_memory_quarantine(arena, request);
    }
    memories[0].input[3] = 0;
    memories[31].input[9] = 0; /* behind the end */
    memories[63].input[-1] = 0;
    uint32_t seen[3];
    for (int i = 0; i < 3; i++) {
        assert_true(vpci_memory_find_late_write(arena, &fault));
        seen[i] = fault.request;
    }
    assert_false(vpci_memory_find_late_write(arena, &fault));
    assert_int_equal(seen[0], 0);
    assert_int_equal(seen[1], 31);
    assert_int_equal(seen[2], 63);
}

static void a_number_can_be_used_again(void **state)
{
    struct vpci_memory_arena *arena = *state;
    struct vpci_memory_fault fault;
    const struct vpci_memory first = prepare(arena, read_of(4, 16));
    vpci_memory_quarantine(arena, 4);
    const struct vpci_memory second = prepare(arena, write_of(4, 8));
    first.output[0] = 1; /* nobody's any more */
    assert_false(vpci_memory_find_late_write(arena, &fault));
    assert_false(vpci_memory_check(arena, 4, &fault));
    assert_memory_equal(second.input, bytes, 8);
    vpci_memory_reset(arena);
    assert_false(vpci_memory_check(arena, 4, &fault));
    second.input[0] = 0;
    assert_false(vpci_memory_find_late_write(arena, &fault));
}

static void events_without_buffers_bring_none(void **state)
{
    struct vpci_memory_arena *arena = *state;
    struct vpci_memory memory;
    for (int kind = 0; kind < VPCI_EVENT_COUNT; kind++) {
        const struct vpci_event event = { .kind = (enum vpci_event_kind)kind, .length = 8, .size = 56 };
        const bool brings = kind == VPCI_EVENT_READ || kind == VPCI_EVENT_WRITE || kind == VPCI_EVENT_IOCTL ||
                            kind == VPCI_EVENT_QUERY_INTERFACE;
        assert_int_equal(vpci_memory_prepare(arena, &event, &memory), brings);
    }
    const struct vpci_event query = { .kind = VPCI_EVENT_QUERY_INTERFACE, .size = 56 };
    memory = prepare(arena, query);
    for (int i = 0; i < 56; i++)
        assert_int_equal(memory.output[i], 0);
    assert_null(prepare(arena, ioctl_of(0, 0, 8, 0)).output);
}

static void numbers_that_no_request_has_do_nothing(void **state)
{
    struct vpci_memory_arena *arena = *state;
    static const uint32_t numbers[] = { VPCI_REQUESTS_MAX, 65, 0x80000000, 0xFFFFFFFF };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct vpci_memory memory;
        struct vpci_memory_fault fault;
        struct vpci_event event = read_of(numbers[i], 8);
        assert_false(vpci_memory_prepare(arena, &event, &memory));
        assert_false(vpci_memory_check(arena, numbers[i], &fault));
        vpci_memory_change_input(arena, numbers[i], bytes, 8);
        vpci_memory_observe(arena, &event);
        vpci_memory_quarantine(arena, numbers[i]);
        assert_false(vpci_memory_find_late_write(arena, &fault));
    }
    vpci_memory_quarantine(arena, 6); /* never prepared */
    vpci_memory_change_input(arena, 6, bytes, 8);
    (void)prepare(arena, read_of(6, 8));
    vpci_memory_change_input(arena, 6, bytes, 8); /* has no input */
}

#define MEMORY_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(buffers_end_at_a_guard_page),
        MEMORY_TEST(lengths_beyond_the_most_are_cut),
        MEMORY_TEST(a_byte_behind_the_end_is_seen),
        MEMORY_TEST(a_byte_before_the_start_is_seen),
        MEMORY_TEST(an_input_is_not_to_be_changed),
        MEMORY_TEST(a_longer_change_of_the_input_is_cut),
        MEMORY_TEST(an_invalidate_may_store_its_mask),
        MEMORY_TEST(what_the_buffers_hold_is_told_and_kept),
        MEMORY_TEST(a_write_after_the_end_is_seen_once),
        MEMORY_TEST(several_late_writes_are_each_seen),
        MEMORY_TEST(a_number_can_be_used_again),
        MEMORY_TEST(events_without_buffers_bring_none),
        MEMORY_TEST(numbers_that_no_request_has_do_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
