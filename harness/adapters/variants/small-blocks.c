/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/small-blocks.c - as a stack its PF keeps blocks of 64 bytes, so longer transfers
 * are short. It claims no register blocks. */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .block_bytes = 64,
    .unclaimed = VPCI_CAPABILITY_BIT(REGISTER_BLOCKS),
};

GOLDEN_ENTRY("variant: small blocks", &options, NULL)
