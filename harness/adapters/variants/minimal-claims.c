/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/minimal-claims.c - claims direct calls and nothing else. */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    /* Whatever golden claims beyond DIRECT. */
    .unclaimed = ~VPCI_CAPABILITY_BIT(DIRECT),
};

GOLDEN_ENTRY("variant: minimal claims", &options, NULL)
