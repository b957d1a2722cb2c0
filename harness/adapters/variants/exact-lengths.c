/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/exact-lengths.c - refuses buffers that are longer than the request needs (A-33,
 * ruling 15). */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .exact_lengths = true,
};

GOLDEN_ENTRY("variant: exact lengths", &options, NULL)
