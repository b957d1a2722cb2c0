/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/completes-before-returning-pending.c - marks a rejected IOCTL pending, completes
 * it while still in dispatch, and returns PENDING all the same (WD-03). */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .pend_rejections = true,
};

GOLDEN_ENTRY("variant: completes before returning pending", &options, NULL)
