/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/single-pending.c - holds one INVALIDATE a VF and refuses the second (A-23 c). */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .hold_one = true,
};

GOLDEN_ENTRY("variant: single pending", &options, NULL)
