/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/reset-spares-transfers.c - a reset lets transfers run until the PF answers them
 * (A-24). */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .reset_spares_transfers = true,
};

GOLDEN_ENTRY("variant: reset spares transfers", &options, NULL)
