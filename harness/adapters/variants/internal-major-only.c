/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/internal-major-only.c - refuses IRP_MJ_DEVICE_CONTROL. */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .refuse_device_control = true,
};

GOLDEN_ENTRY("variant: internal major only", &options, NULL)
