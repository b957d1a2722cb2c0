/* SPDX-License-Identifier: MIT */
/* harness/covering.h - which combinations of parameter values a scenario runs: all, or few that cover every
 * pair or triple of values. Apart because it is pure arithmetic and the plan of a corpus must not change by
 * accident. */
#ifndef VPCI_COVERING_H
#define VPCI_COVERING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    VPCI_COVERING_PARAMETERS_MAX = 16,
    VPCI_COVERING_ALL = 0, /* strength: every combination */
    VPCI_COVERING_PAIRS = 2,
    VPCI_COVERING_TRIPLES = 3,
    VPCI_COVERING_TUPLES_MAX = 1000000, /* pairs or triples to be covered, of one scenario */
};

/* Rows of value indices, sorted; row r's value of parameter p is values[r * parameter_count + p]. */
struct vpci_covering {
    uint32_t parameter_count;
    uint32_t row_count;
    uint32_t *values; /* owned */
};

/* Makes the rows for parameters with the given numbers of values (each at least 1). Every combination of
 * values of any `strength` parameters occurs in a row; with no more parameters than that, or strength
 * VPCI_COVERING_ALL, the rows are all combinations. The same input gives the same rows, always. No parameter:
 * one empty row. False when there would be more than row_limit rows or too much to cover; error then tells
 * which. */
bool vpci_covering_make(struct vpci_covering *covering, const uint32_t *value_counts,
                        uint32_t parameter_count, uint32_t strength, uint32_t row_limit, char *error,
                        size_t error_bytes);
void vpci_covering_free(struct vpci_covering *covering);

#endif
