/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/works-and-completes-from-run.c - starts and completes everything from a worker,
 * one PF call at a time, so that all that can be late is late. */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .work_from_run = true,
    .complete_from_run = true,
    .pend_rejections = true,
    .pf_calls_max = 1,
};

GOLDEN_ENTRY("variant: works and completes from run", &options, NULL)
