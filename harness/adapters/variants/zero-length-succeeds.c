/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/zero-length-succeeds.c - a length of 0 succeeds without a PF call. */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .zero_length = GOLDEN_ZERO_SUCCEEDS,
};

GOLDEN_ENTRY("variant: zero length succeeds", &options, NULL)
