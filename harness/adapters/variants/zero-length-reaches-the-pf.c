/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/zero-length-reaches-the-pf.c - a length of 0 is passed on like any other (A-02,
 * ruling 8). */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .zero_length = GOLDEN_ZERO_REACHES_PF,
};

GOLDEN_ENTRY("variant: zero length reaches the pf", &options, NULL)
