/* breaks: IV-04 a mask passes through 32 bits on its way to the caller. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static uint64_t take_mask(const struct golden *golden, struct golden_vf *vf)
{
    const uint64_t taken = golden_take_mask(golden, vf);
    return (taken & 0xFFFFFFFFu) != 0 ? taken & 0xFFFFFFFFu : taken;
}

static const struct golden_hooks hooks = { .take_mask = take_mask };

GOLDEN_ENTRY("liar: loses the bits above 31", NULL, &hooks)
