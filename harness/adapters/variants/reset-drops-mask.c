/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/reset-drops-mask.c - a reset forgets the accumulated mask and fails held
 * INVALIDATEs. */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .reset_drops_mask = true,
    .reset_fails_held = true,
};

GOLDEN_ENTRY("variant: reset drops mask", &options, NULL)
