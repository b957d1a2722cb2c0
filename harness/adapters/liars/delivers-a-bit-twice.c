/* breaks: IV-05 of a mask with several bits the highest stays behind and is delivered again. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static uint64_t take_mask(const struct golden *golden, struct golden_vf *vf)
{
    const uint64_t taken = golden_take_mask(golden, vf);
    const bool several = (taken & (taken - 1)) != 0;
    if (several && vf->held.count < 2) /* more held requests would go on completing for ever */
        vf->mask = (uint64_t)1 << (63 - __builtin_clzll(taken));
    return taken;
}

static const struct golden_hooks hooks = { .take_mask = take_mask };

GOLDEN_ENTRY("liar: delivers a bit twice", NULL, &hooks)
