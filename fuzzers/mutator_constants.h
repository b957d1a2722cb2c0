/* SPDX-License-Identifier: MIT */
/* fuzzers/mutator_constants.h - the numbers that an implementation compares with, as its machine code has
 * them. A block that is treated unlike all others is found by the number it is compared with, and hardly by
 * chance; the code says it even where no coverage is counted. */
#ifndef VPCI_MUTATOR_CONSTANTS_H
#define VPCI_MUTATOR_CONSTANTS_H

#include <stdint.h>

enum { VPCI_CONSTANTS_MAX = 256 };

/* Different values in the order of their places in the code. */
struct vpci_constants {
    uint32_t values[VPCI_CONSTANTS_MAX]; /* of 32 bits, such as no table of boundary values has */
    uint32_t count;
    uint8_t lengths[VPCI_CONSTANTS_MAX]; /* of 8 bits, which may be lengths: 1...128 */
    uint32_t length_count;
};

/* Looks through the executable parts of the shared object at path: immediates of x86-64 comparisons. What is
 * no such file has none. path may be NULL. */
void vpci_constants_find(struct vpci_constants *constants, const char *path);

#endif
