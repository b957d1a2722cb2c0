/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/serial-pf.c - has a single PF call outstanding over the whole bus, further
 * requests queue (ruling 14). */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .pf_calls_max = 1,
};

GOLDEN_ENTRY("variant: serial pf", &options, NULL)
