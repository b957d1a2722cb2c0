/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/no-truncated-interface.c - refuses a Size below the whole interface, and the
 * Context of another VF (A-28, DC-13). */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .refuse_small_interface = true,
    .refuse_foreign_context = true,
};

GOLDEN_ENTRY("variant: no truncated interface", &options, NULL)
