/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/split-notifications-newest-first.c - splits an accumulated mask and serves the
 * newest held request with it: FIFO is expected of held requests, not required. */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .split_notifications = true,
    .newest_first = true,
};

GOLDEN_ENTRY("variant: split notifications newest first", &options, NULL)
