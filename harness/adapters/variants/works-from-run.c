/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/works-from-run.c - starts PF calls and notifications from a worker, never inside
 * the call that caused them. */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .work_from_run = true,
};

GOLDEN_ENTRY("variant: works from run", &options, NULL)
