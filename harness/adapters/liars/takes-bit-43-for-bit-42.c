/* breaks: IV-06 bit 43 of a mask arrives as bit 42. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static uint64_t merge_mask(const struct golden *golden, uint64_t accumulated, uint64_t raised)
{
    const uint64_t wrong = raised & UINT64_C(1) << 43;
    return golden_merge_mask(golden, accumulated, (raised & ~wrong) | wrong >> 1);
}

static const struct golden_hooks hooks = { .merge_mask = merge_mask };

GOLDEN_ENTRY("liar: takes bit 43 for bit 42", NULL, &hooks)
