/* SPDX-License-Identifier: MIT */
/* harness/covering.c - covering arrays by growing one parameter at a time (in-parameter-order): parameters
 * are taken largest first; each new one gets, in every row so far, the value that covers most of what is
 * still uncovered, and then rows are added or their open places used for the rest. No randomness: ties go to
 * the first value. */
#include "harness/covering.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/allocate.h"

#define OPEN UINT32_MAX /* a place in a row that any value may take */
enum { SUBSETS_MAX = VPCI_COVERING_PARAMETERS_MAX * VPCI_COVERING_PARAMETERS_MAX };

/* One or two earlier parameters which, with the new one, make a pair or triple to be covered. */
struct subset {
    uint32_t first, second; /* second == first: a pair */
    uint64_t base;          /* of its part of the bitmap */
};

struct growth {
    uint32_t counts[VPCI_COVERING_PARAMETERS_MAX]; /* largest first */
    uint32_t order[VPCI_COVERING_PARAMETERS_MAX];  /* which parameter of the caller that is */
    uint32_t newest;                               /* place of the parameter being added */
    uint32_t row_limit;
    uint32_t (*rows)[VPCI_COVERING_PARAMETERS_MAX];
    uint32_t row_count, row_capacity;
    uint32_t *open_rows; /* rows with an open place: only they can take another tuple */
    uint32_t open_count;
    struct subset subsets[SUBSETS_MAX];
    uint32_t subset_count;
    uint8_t *covered; /* one bit per tuple of the new parameter */
};

static bool add_row(struct growth *growth, const uint32_t row[VPCI_COVERING_PARAMETERS_MAX])
{
    if (growth->row_count == growth->row_limit)
        return false;
    if (growth->row_count == growth->row_capacity) {
        growth->row_capacity = growth->row_capacity == 0 ? 64 : 2 * growth->row_capacity;
        growth->rows = vpci_need_memory(realloc(growth->rows, growth->row_capacity * sizeof *growth->rows));
    }
    memcpy(growth->rows[growth->row_count++], row, sizeof *growth->rows);
    return true;
}

/* Every combination of the first `chosen` parameters, the last one running fastest. */
static bool add_product(struct growth *growth, uint32_t chosen)
{
    uint32_t row[VPCI_COVERING_PARAMETERS_MAX];
    for (uint32_t i = 0; i < VPCI_COVERING_PARAMETERS_MAX; i++)
        row[i] = i < chosen ? 0 : OPEN;
    for (;;) {
        if (!add_row(growth, row))
            return false;
        uint32_t place = chosen;
        while (place > 0 && row[place - 1] + 1 == growth->counts[place - 1])
            row[--place] = 0;
        if (place == 0)
            return true;
        row[place - 1]++;
    }
}

/* Number of a tuple in the bitmap, given the values of the subset's parameters in row and that of the new
 * one. */
static uint64_t tuple_index(const struct growth *growth, const struct subset *subset, const uint32_t *row,
                            uint32_t value)
{
    uint64_t index = row[subset->first];
    if (subset->second != subset->first)
        index = index * growth->counts[subset->second] + row[subset->second];
    return subset->base + index * growth->counts[growth->newest] + value;
}

static uint64_t subset_size(const struct growth *growth, const struct subset *subset)
{
    const uint64_t pairs = (uint64_t)growth->counts[subset->first] * growth->counts[growth->newest];
    return subset->second == subset->first ? pairs : pairs * growth->counts[subset->second];
}

static bool is_covered(const struct growth *growth, uint64_t tuple)
{
    return ((uint32_t)growth->covered[tuple / 8] >> (tuple % 8) & 1u) != 0;
}

static void cover(struct growth *growth, uint64_t tuple)
{
    growth->covered[tuple / 8] = (uint8_t)(growth->covered[tuple / 8] | 1u << (tuple % 8));
}

/* Lists what the new parameter has to be combined with. Returns how many tuples of values that makes. */
static uint64_t list_subsets(struct growth *growth, uint32_t strength)
{
    const bool triples = strength == VPCI_COVERING_TRIPLES;
    uint64_t size = 0;
    growth->subset_count = 0;
    for (uint32_t first = 0; first < growth->newest; first++) {
        const uint32_t from = triples ? first + 1 : first, to = triples ? growth->newest : first + 1;
        for (uint32_t second = from; second < to; second++) {
            struct subset *subset = &growth->subsets[growth->subset_count++];
            *subset = (struct subset){ first, second, size };
            size += subset_size(growth, subset);
        }
    }
    return size;
}

static bool is_open(const struct subset *subset, const uint32_t *row)
{
    return row[subset->first] == OPEN || row[subset->second] == OPEN;
}

/* How many uncovered tuples the row would cover with this value of the new parameter. */
static uint32_t gain_of(const struct growth *growth, const uint32_t *row, uint32_t value)
{
    uint32_t gain = 0;
    for (uint32_t i = 0; i < growth->subset_count; i++) {
        const struct subset *subset = &growth->subsets[i];
        if (!is_open(subset, row) && !is_covered(growth, tuple_index(growth, subset, row, value)))
            gain++;
    }
    return gain;
}

static void cover_by_row(struct growth *growth, const uint32_t *row)
{
    for (uint32_t i = 0; i < growth->subset_count; i++) {
        const struct subset *subset = &growth->subsets[i];
        if (!is_open(subset, row) && row[growth->newest] != OPEN)
            cover(growth, tuple_index(growth, subset, row, row[growth->newest]));
    }
}

/* Gives the new parameter a value in every row so far; one without gain is left open for add_missing(). */
static void fill_rows(struct growth *growth)
{
    for (uint32_t r = 0; r < growth->row_count; r++) {
        uint32_t best = OPEN, best_gain = 0;
        for (uint32_t value = 0; value < growth->counts[growth->newest]; value++) {
            const uint32_t gain = gain_of(growth, growth->rows[r], value);
            if (gain > best_gain) {
                best = value;
                best_gain = gain;
            }
        }
        growth->rows[r][growth->newest] = best;
        cover_by_row(growth, growth->rows[r]);
    }
}

/* True when the row has, or can take, the three values. */
static bool row_takes(uint32_t *row, const uint32_t places[3], const uint32_t wanted[3])
{
    for (int i = 0; i < 3; i++) {
        if (row[places[i]] != OPEN && row[places[i]] != wanted[i])
            return false;
    }
    for (int i = 0; i < 3; i++)
        row[places[i]] = wanted[i];
    return true;
}

static bool place_tuple(struct growth *growth, const uint32_t places[3], const uint32_t wanted[3])
{
    for (uint32_t i = 0; i < growth->open_count; i++) {
        uint32_t *row = growth->rows[growth->open_rows[i]];
        if (row_takes(row, places, wanted)) {
            cover_by_row(growth, row);
            return true;
        }
    }
    uint32_t row[VPCI_COVERING_PARAMETERS_MAX];
    for (uint32_t i = 0; i < VPCI_COVERING_PARAMETERS_MAX; i++)
        row[i] = OPEN;
    row_takes(row, places, wanted);
    if (!add_row(growth, row))
        return false;
    cover_by_row(growth, row);
    growth->open_rows[growth->open_count++] = growth->row_count - 1;
    return true;
}

static void list_open_rows(struct growth *growth)
{
    growth->open_count = 0;
    for (uint32_t r = 0; r < growth->row_count; r++) {
        uint32_t place = 0;
        while (place <= growth->newest && growth->rows[r][place] != OPEN)
            place++;
        if (place <= growth->newest)
            growth->open_rows[growth->open_count++] = r;
    }
}

/* Puts every tuple that no row covers yet into an open place or a new row. */
static bool add_missing(struct growth *growth)
{
    const uint32_t value_count = growth->counts[growth->newest];
    list_open_rows(growth);
    for (uint32_t i = 0; i < growth->subset_count; i++) {
        const struct subset *subset = &growth->subsets[i];
        const uint64_t size = subset_size(growth, subset);
        for (uint64_t at = 0; at < size; at++) {
            if (is_covered(growth, subset->base + at))
                continue;
            const uint32_t value = (uint32_t)(at % value_count);
            const uint64_t rest = at / value_count;
            const uint32_t seconds = subset->second == subset->first ? 1 : growth->counts[subset->second];
            const uint32_t first = (uint32_t)(rest / seconds);
            const uint32_t second = subset->second == subset->first ? first : (uint32_t)(rest % seconds);
            if (!place_tuple(growth, (uint32_t[]){ subset->first, subset->second, growth->newest },
                             (uint32_t[]){ first, second, value }))
                return false;
        }
    }
    return true;
}

static const char too_many_rows[] = "too many cases";

/* Grows the product of the first `strength` parameters by one parameter after the other. The reason it
 * cannot, or NULL. */
static const char *grow(struct growth *growth, uint32_t parameter_count, uint32_t strength)
{
    uint64_t tuples = 0, most = 0;
    for (growth->newest = strength; growth->newest < parameter_count; growth->newest++) {
        const uint64_t size = list_subsets(growth, strength);
        tuples += size;
        most = size > most ? size : most;
    }
    if (tuples > VPCI_COVERING_TUPLES_MAX)
        return "too many combinations of values to cover";
    growth->covered = vpci_need_memory(malloc((size_t)most / 8 + 1));
    growth->open_rows = vpci_need_memory(malloc((growth->row_limit + (size_t)1) * sizeof *growth->open_rows));
    for (growth->newest = strength; growth->newest < parameter_count; growth->newest++) {
        memset(growth->covered, 0, (size_t)list_subsets(growth, strength) / 8 + 1);
        fill_rows(growth);
        if (!add_missing(growth))
            return too_many_rows;
    }
    return NULL;
}

/* Largest first, equal ones in the caller's order. */
static void sort_parameters(struct growth *growth, const uint32_t *value_counts, uint32_t parameter_count)
{
    for (uint32_t i = 0; i < parameter_count; i++) {
        uint32_t at = i;
        for (; at > 0 && growth->counts[at - 1] < value_counts[i]; at--) {
            growth->counts[at] = growth->counts[at - 1];
            growth->order[at] = growth->order[at - 1];
        }
        growth->counts[at] = value_counts[i];
        growth->order[at] = i;
    }
}

static int compare_rows(const void *left, const void *right, void *parameter_count)
{
    const uint32_t *a = left, *b = right;
    for (uint32_t i = 0; i < *(const uint32_t *)parameter_count; i++) {
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    }
    return 0;
}

/* Rows in the caller's order of parameters, open places filled with values in turn, sorted. */
static void hand_out(const struct growth *growth, uint32_t parameter_count, struct vpci_covering *covering)
{
    const size_t cells = (size_t)growth->row_count * parameter_count;
    covering->parameter_count = parameter_count;
    covering->row_count = growth->row_count;
    covering->values = vpci_need_memory(malloc((cells + 1) * sizeof *covering->values));
    for (uint32_t r = 0; r < growth->row_count; r++) {
        for (uint32_t i = 0; i < parameter_count; i++) {
            const uint32_t value = growth->rows[r][i];
            covering->values[(size_t)r * parameter_count + growth->order[i]] =
                value == OPEN ? r % growth->counts[i] : value;
        }
    }
    if (parameter_count > 0)
        qsort_r(covering->values, covering->row_count, parameter_count * sizeof *covering->values,
                compare_rows, &parameter_count);
}

/* Fills growth's rows; the reason it cannot, or NULL. */
static const char *make_rows(struct growth *growth, const uint32_t *value_counts, uint32_t parameter_count,
                             uint32_t strength)
{
    if (parameter_count > VPCI_COVERING_PARAMETERS_MAX)
        return "too many parameters";
    const bool everything = strength == VPCI_COVERING_ALL || strength > parameter_count;
    const uint32_t chosen = everything ? parameter_count : strength;
    sort_parameters(growth, value_counts, parameter_count);
    uint64_t least = 1; /* rows that the largest parameters need by themselves */
    for (uint32_t i = 0; i < chosen && least <= growth->row_limit; i++)
        least *= growth->counts[i];
    if (least > growth->row_limit || !add_product(growth, chosen))
        return too_many_rows;
    if (chosen == parameter_count)
        return NULL;
    return grow(growth, parameter_count, chosen);
}

bool vpci_covering_make(struct vpci_covering *covering, const uint32_t *value_counts,
                        uint32_t parameter_count, uint32_t strength, uint32_t row_limit, char *error,
                        size_t error_bytes)
{
    *covering = (struct vpci_covering){ 0 };
    struct growth growth = { .row_limit = row_limit };
    const char *reason = make_rows(&growth, value_counts, parameter_count, strength);
    if (reason == NULL)
        hand_out(&growth, parameter_count, covering);
    else if (reason == too_many_rows)
        snprintf(error, error_bytes, "more than %u cases", row_limit);
    else
        snprintf(error, error_bytes, "%s", reason);
    free(growth.rows);
    free(growth.covered);
    free(growth.open_rows);
    return reason == NULL;
}

void vpci_covering_free(struct vpci_covering *covering)
{
    free(covering->values);
    *covering = (struct vpci_covering){ 0 };
}
