/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/refuses-when-low.c - fails a request for which further memory is missing, at once
 * (IR-09). */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .refuse_when_low = true,
};

GOLDEN_ENTRY("variant: refuses when low", &options, NULL)
