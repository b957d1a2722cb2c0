/* breaks: IV-04, IV-11, IV-13, RM-01, RS-01, IV-16 256 notifications that nobody fetched count as none. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

/* Needs 257 steps: 256 notifications of one VF without an INVALIDATE, then an INVALIDATE. */
static uint64_t take_mask(const struct golden *golden, struct golden_vf *vf)
{
    return (uint8_t)vf->notifications == 0 ? 0 : golden_take_mask(golden, vf);
}

static const struct golden_hooks hooks = { .take_mask = take_mask };

GOLDEN_ENTRY("fuzz liar: counts waiting notifications in eight bits", NULL, &hooks)
