/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/short-reads.c - zeroes the rest of the buffer after a short read. */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .zero_rest = true,
};

GOLDEN_ENTRY("variant: short reads", &options, NULL)
