/* breaks: IV-06 bit i of a delivered mask stands for block i + 1. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void store_mask(const struct golden *golden, struct golden_request *request, uint64_t mask)
{
    golden_store_mask(golden, request, mask << 1 | mask >> 63);
}

static const struct golden_hooks hooks = { .store_mask = store_mask };

GOLDEN_ENTRY("liar: shifts the mask by one block", NULL, &hooks)
