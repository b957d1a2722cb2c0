/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/always-inline.c - completes in dispatch whatever needs no waiting: transfers of a
 * stack, and an INVALIDATE for which a mask has accumulated. */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .complete_inline = true,
};

GOLDEN_ENTRY("variant: always inline", &options, NULL)
