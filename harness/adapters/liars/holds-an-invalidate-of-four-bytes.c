/* breaks: IV-14 an INVALIDATE of four to seven bytes is taken for a mask. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static bool fits(const struct golden *golden, const struct golden_request *request)
{
    return golden_fits(golden, request) || (request->kind == GOLDEN_INVALIDATE && request->input_length >= 4);
}

static void store_mask(const struct golden *golden, struct golden_request *request, uint64_t mask)
{
    if (request->input_length >= sizeof mask)
        golden_store_mask(golden, request, mask);
    else
        vpci_store_u32(request->memory.input, (uint32_t)mask);
}

static const struct golden_hooks hooks = { .fits = fits, .store_mask = store_mask };

GOLDEN_ENTRY("liar: holds an invalidate of four bytes", NULL, &hooks)
