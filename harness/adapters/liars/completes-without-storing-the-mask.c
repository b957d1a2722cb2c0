/* breaks: IV-02 an INVALIDATE completes and its structure is as the caller left it. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void store_mask(const struct golden *golden, struct golden_request *request, uint64_t mask)
{
    (void)golden;
    (void)request;
    (void)mask;
}

static const struct golden_hooks hooks = { .store_mask = store_mask };

GOLDEN_ENTRY("liar: completes without storing the mask", NULL, &hooks)
