/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/split-notifications.c - hands out an accumulated mask one bit a completion, as
 * long as that makes no more completions than the PF raised events (A-19, ruling 3). */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .split_notifications = true,
};

GOLDEN_ENTRY("variant: split notifications", &options, NULL)
