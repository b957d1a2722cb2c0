/* SPDX-License-Identifier: MIT */
/* harness/contents.c - see contents.h. */
#include "harness/contents.h"

#include "models/event.h"

void vpci_contents_unique(uint8_t *bytes, uint32_t length, uint64_t seed, uint32_t serial)
{
    /* The stream's first number is a bijection of its state, so serials of one seed give distinct first
     * words. */
    uint64_t state = (seed << 32 ^ seed >> 32) + (uint64_t)serial * 0x9E3779B97F4A7C15u * 31;
    uint64_t word = 0;
    for (uint32_t i = 0; i < length; i++) {
        if (i % 8 == 0)
            word = vpci_random_next(&state);
        bytes[i] = (uint8_t)(word >> (8 * (i % 8)));
        if (length < 8 && (bytes[i] == 0 || bytes[i] == VPCI_FILL_BYTE))
            bytes[i] = (uint8_t)(0x11 + i);
    }
}
