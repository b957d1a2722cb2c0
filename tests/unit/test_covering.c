/* SPDX-License-Identifier: MIT */
/* tests/unit/test_covering.c - covering arrays: that they cover, that they are small, that they do not
 * change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "harness/covering.h"

enum { ROWS_MAX = 100000 };

struct shape {
    uint32_t strength, parameter_count;
    uint32_t counts[VPCI_COVERING_PARAMETERS_MAX];
    uint32_t rows_max; /* how small the array has to be */
};

static bool row_has(const struct vpci_covering *covering, uint32_t row, const uint32_t *places,
                    const uint32_t *values, uint32_t strength)
{
    for (uint32_t i = 0; i < strength; i++) {
        if (covering->values[(size_t)row * covering->parameter_count + places[i]] != values[i])
            return false;
    }
    return true;
}

static bool some_row_has(const struct vpci_covering *covering, const uint32_t *places, const uint32_t *values,
                         uint32_t strength)
{
    for (uint32_t row = 0; row < covering->row_count; row++) {
        if (row_has(covering, row, places, values, strength))
            return true;
    }
    return false;
}

/* Every combination of values at these places. */
static void assert_places_covered(const struct shape *shape, const struct vpci_covering *covering,
                                  const uint32_t *places)
{
    uint32_t values[3] = { 0 };
    for (;;) {
        assert_true(some_row_has(covering, places, values, shape->strength));
        uint32_t at = shape->strength;
        while (at > 0 && values[at - 1] + 1 == shape->counts[places[at - 1]])
            values[--at] = 0;
        if (at == 0)
            return;
        values[at - 1]++;
    }
}

static void assert_covers(const struct shape *shape, const struct vpci_covering *covering)
{
    for (uint32_t a = 0; a < shape->parameter_count; a++) {
        for (uint32_t b = a + 1; b < shape->parameter_count; b++) {
            if (shape->strength == 2)
                assert_places_covered(shape, covering, (uint32_t[]){ a, b });
            for (uint32_t c = b + 1; shape->strength == 3 && c < shape->parameter_count; c++)
                assert_places_covered(shape, covering, (uint32_t[]){ a, b, c });
        }
    }
}

static const struct shape shapes[] = {
    { 2, 7, { 5, 9, 5, 3, 4, 4, 4 }, 48 },
    { 3, 7, { 5, 9, 5, 3, 4, 4, 4 }, 256 },
    { 2, 2, { 3, 4 }, 12 },
    { 2, 3, { 1, 1, 1 }, 1 },
    { 3, 4, { 2, 2, 2, 2 }, 10 },
    { 2, 10, { 2, 2, 2, 2, 2, 2, 2, 2, 2, 2 }, 10 },
    { 2, 16, { 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3 }, 22 },
    { 3, 5, { 128, 4, 1, 2, 3 }, 1540 },
};

static void arrays_cover_and_are_small(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        const struct shape *shape = &shapes[i];
        struct vpci_covering covering;
        char error[128] = "";
        assert_true(vpci_covering_make(&covering, shape->counts, shape->parameter_count, shape->strength,
                                       ROWS_MAX, error, sizeof error));
        assert_covers(shape, &covering);
        if (covering.row_count > shape->rows_max)
            print_error("shape %zu: %u rows\n", i, covering.row_count);
        assert_true(covering.row_count <= shape->rows_max);
        vpci_covering_free(&covering);
    }
}

static void rows_are_sorted_and_repeatable(void **state)
{
    (void)state;
    struct vpci_covering once, again;
    char error[128];
    const struct shape *shape = &shapes[1];
    assert_true(
        vpci_covering_make(&once, shape->counts, shape->parameter_count, 3, ROWS_MAX, error, sizeof error));
    assert_true(
        vpci_covering_make(&again, shape->counts, shape->parameter_count, 3, ROWS_MAX, error, sizeof error));
    assert_int_equal(once.row_count, again.row_count);
    const size_t cells = (size_t)once.row_count * once.parameter_count;
    assert_memory_equal(once.values, again.values, cells * sizeof *once.values);
    for (size_t cell = 0; cell < cells; cell++)
        assert_true(once.values[cell] < shape->counts[cell % once.parameter_count]);
    for (uint32_t row = 1; row < once.row_count; row++)
        assert_true(once.values[(size_t)(row - 1) * once.parameter_count] <=
                    once.values[(size_t)row * once.parameter_count]);
    vpci_covering_free(&once);
    vpci_covering_free(&again);
}

static void all_is_the_product_in_order(void **state)
{
    (void)state;
    struct vpci_covering covering;
    char error[128];
    assert_true(vpci_covering_make(&covering, (uint32_t[]){ 2, 3 }, 2, VPCI_COVERING_ALL, ROWS_MAX, error,
                                   sizeof error));
    const uint32_t expected[] = { 0, 0, 0, 1, 0, 2, 1, 0, 1, 1, 1, 2 };
    assert_int_equal(covering.row_count, 6);
    assert_memory_equal(covering.values, expected, sizeof expected);
    vpci_covering_free(&covering);
}

static void few_parameters_are_fine(void **state)
{
    (void)state;
    struct vpci_covering covering;
    char error[128];
    assert_true(vpci_covering_make(&covering, NULL, 0, VPCI_COVERING_PAIRS, ROWS_MAX, error, sizeof error));
    assert_int_equal(covering.row_count, 1);
    vpci_covering_free(&covering);
    assert_true(vpci_covering_make(&covering, (uint32_t[]){ 5 }, 1, VPCI_COVERING_TRIPLES, ROWS_MAX, error,
                                   sizeof error));
    assert_int_equal(covering.row_count, 5);
    vpci_covering_free(&covering);
}

static void too_much_is_refused(void **state)
{
    (void)state;
    struct vpci_covering covering;
    char error[128];
    const uint32_t huge[] = { UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX };
    assert_false(vpci_covering_make(&covering, huge, 4, VPCI_COVERING_ALL, ROWS_MAX, error, sizeof error));
    assert_string_equal(error, "more than 100000 cases");
    assert_false(vpci_covering_make(&covering, huge, 3, VPCI_COVERING_PAIRS, ROWS_MAX, error, sizeof error));
    assert_string_equal(error, "more than 100000 cases");
    const uint32_t wide[] = { 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40 };
    assert_false(
        vpci_covering_make(&covering, wide, 16, VPCI_COVERING_TRIPLES, ROWS_MAX, error, sizeof error));
    assert_string_equal(error, "too many combinations of values to cover");
    /* The product of the first two fits; what the third one adds does not. */
    assert_false(vpci_covering_make(&covering, (uint32_t[]){ 2, 2, 2, 2, 2 }, 5, VPCI_COVERING_PAIRS, 5,
                                    error, sizeof error));
    assert_string_equal(error, "more than 5 cases");
    assert_false(vpci_covering_make(&covering, wide, 17, VPCI_COVERING_PAIRS, ROWS_MAX, error, sizeof error));
    assert_string_equal(error, "too many parameters");
    assert_null(covering.values);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_cover_and_are_small),  cmocka_unit_test(rows_are_sorted_and_repeatable),
        cmocka_unit_test(all_is_the_product_in_order), cmocka_unit_test(few_parameters_are_fine),
        cmocka_unit_test(too_much_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
