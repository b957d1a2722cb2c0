/* SPDX-License-Identifier: MIT */
/* tests/unit/test_contents.c - the bytes that the kit writes into blocks: always the same for the same seed
 * and serial, and told apart by their first eight bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/contents.h"
#include "models/event.h"

enum { SERIALS = 20000 };

static int compare(const void *left, const void *right)
{
    const uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

static void tags_are_distinct(void **state)
{
    (void)state;
    static const uint32_t lengths[] = { 8, 9, 16, 127, 128 };
    static const uint64_t seeds[] = { 0, 1, UINT64_MAX };
    uint64_t *tags = calloc(SERIALS, sizeof *tags);
    for (size_t seed = 0; seed < sizeof seeds / sizeof seeds[0]; seed++) {
        for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
            for (uint32_t serial = 0; serial < SERIALS; serial++) {
                uint8_t bytes[128];
                vpci_contents_unique(bytes, lengths[i], seeds[seed], serial);
                memcpy(&tags[serial], bytes, 8);
            }
            qsort(tags, SERIALS, sizeof *tags, compare);
            for (uint32_t serial = 1; serial < SERIALS; serial++)
                assert_true(tags[serial] != tags[serial - 1]);
        }
    }
    free(tags);
}

static void contents_depend_on_seed_and_serial_alone(void **state)
{
    (void)state;
    uint8_t first[512], second[512], other[512];
    for (uint32_t length = 0; length <= 512; length++) {
        memset(first, 0x00, sizeof first);
        memset(second, 0xFF, sizeof second);
        vpci_contents_unique(first, length, 7, length);
        vpci_contents_unique(second, length, 7, length);
        assert_memory_equal(first, second, length);
        for (uint32_t i = length; i < 512; i++)
            assert_true(first[i] == 0x00 && second[i] == 0xFF);
        vpci_contents_unique(other, length, 8, length);
        if (length >= 8)
            assert_memory_not_equal(first, other, length);
    }
}

static void a_pinned_value_stays(void **state)
{
    (void)state;
    uint8_t bytes[16], again[16];
    vpci_contents_unique(bytes, sizeof bytes, 1, 1);
    vpci_contents_unique(again, sizeof again, 1, 2);
    assert_memory_not_equal(bytes, again, 8);
    uint64_t state_of_stream = 0;
    assert_true(vpci_random_next(&state_of_stream) == 0xE220A8397B1DCDAFu); /* SplitMix64 from 0 */
    assert_true(vpci_random_next(&state_of_stream) == 0x6E789E6AA1B965F4u);
}

/* What is too short to be told apart must at least not look like a buffer that nobody wrote to. */
static void short_contents_look_written(void **state)
{
    (void)state;
    for (uint32_t length = 1; length < 8; length++) {
        for (uint32_t serial = 0; serial < SERIALS; serial++) {
            uint8_t bytes[8];
            vpci_contents_unique(bytes, length, 3, serial);
            for (uint32_t i = 0; i < length; i++)
                assert_true(bytes[i] != 0 && bytes[i] != VPCI_FILL_BYTE);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_are_distinct),
        cmocka_unit_test(contents_depend_on_seed_and_serial_alone),
        cmocka_unit_test(a_pinned_value_stays),
        cmocka_unit_test(short_contents_look_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
