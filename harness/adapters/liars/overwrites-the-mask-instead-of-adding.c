/* breaks: IV-04 a later notification replaces what has accumulated. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static uint64_t merge_mask(const struct golden *golden, uint64_t accumulated, uint64_t raised)
{
    (void)golden;
    (void)accumulated;
    return raised;
}

static const struct golden_hooks hooks = { .merge_mask = merge_mask };

GOLDEN_ENTRY("liar: overwrites the mask instead of adding", NULL, &hooks)
