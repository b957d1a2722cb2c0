/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/strict-write-input.c - a WRITE needs all 12 bytes of the structure, padding
 * included. */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .write_input_whole = true,
};

GOLDEN_ENTRY("variant: strict write input", &options, NULL)
