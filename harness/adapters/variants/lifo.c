/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/lifo.c - completes from a worker, the newest request first; concurrent requests
 * have no order. */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .complete_from_run = true,
    .newest_first = true,
};

GOLDEN_ENTRY("variant: lifo", &options, NULL)
