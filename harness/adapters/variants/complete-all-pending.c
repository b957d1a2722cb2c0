/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/complete-all-pending.c - a notification completes every held INVALIDATE of the VF
 * with the same mask (A-23 b). */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .notify_all_held = true,
};

GOLDEN_ENTRY("variant: complete all pending", &options, NULL)
