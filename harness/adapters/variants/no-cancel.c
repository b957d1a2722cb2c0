/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/no-cancel.c - READ and WRITE cannot be cancelled and finish normally; a
 * held INVALIDATE can. */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .transfers_finish = true,
};

GOLDEN_ENTRY("variant: no cancel", &options, NULL)
