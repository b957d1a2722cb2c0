/* SPDX-License-Identifier: MIT */
/* harness/contents.c - see contents.h. */
#include "harness/contents.h"

#include <string.h>

#include "models/event.h"

enum { WORD_BYTES = 8 };

void vpci_contents_unique(uint8_t *bytes, uint32_t length, uint64_t seed, uint32_t serial)
{
    /* The stream's first number is a bijection of its state, so serials of one seed give distinct first
     * words. */
    uint64_t state = (seed << 32 ^ seed >> 32) + (uint64_t)serial * 0x9E3779B97F4A7C15u * 31;
    uint32_t at = 0;
    for (; length - at >= WORD_BYTES; at += WORD_BYTES)
        vpci_store_u64(bytes + at, vpci_random_next(&state));
    if (at == length)
        return;
    uint8_t rest[WORD_BYTES];
    vpci_store_u64(rest, vpci_random_next(&state));
    for (uint32_t i = 0; length < WORD_BYTES && i < length; i++) {
        if (rest[i] == 0 || rest[i] == VPCI_FILL_BYTE)
            rest[i] = (uint8_t)(0x11 + i);
    }
    memcpy(bytes + at, rest, length - at);
}
