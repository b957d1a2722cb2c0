/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/always-pending.c - pends every IOCTL, even one that it rejects, and completes it
 * later from a worker. Dispatch is allowed to queue before it looks. */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .pend_rejections = true,
    .complete_from_run = true,
};

GOLDEN_ENTRY("variant: always pending", &options, NULL)
