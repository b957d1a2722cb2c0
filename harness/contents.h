/* SPDX-License-Identifier: MIT */
/* harness/contents.h - the bytes that the kit writes into blocks: the one door through which randomness comes
 * in. */
#ifndef VPCI_CONTENTS_H
#define VPCI_CONTENTS_H

#include <stdint.h>

/* SplitMix64: the next number of a stream whose state is *state. */
static inline uint64_t vpci_random_next(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* Fills length bytes with contents that depend on seed and serial alone. From 8 bytes on, different serials
 * of one seed differ in the first 8 bytes; shorter contents contain neither zero nor fill bytes. */
void vpci_contents_unique(uint8_t *bytes, uint32_t length, uint64_t seed, uint32_t serial);

#endif
