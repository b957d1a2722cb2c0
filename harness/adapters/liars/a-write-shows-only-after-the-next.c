/* breaks: WR-06 in a stack a direct write takes effect when the next one arrives. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

enum { KEPT_BLOCK, KEPT_LENGTH, KEPT_DATA };

/* Hands the PF driver the write before this one instead. At first that is one of no bytes. */
static void ask_pf(struct golden *golden, struct golden_request *request)
{
    uint64_t *kept = golden->scratch;
    uint8_t *kept_data = (uint8_t *)&kept[KEPT_DATA];
    if (golden->role != VPCI_ROLE_STACK || request->kind != GOLDEN_WRITE || !request->direct ||
        request->vf != 0) {
        golden_ask_pf(golden, request);
        return;
    }
    const uint32_t block = request->block;
    const uint32_t length = request->length;
    request->block = (uint32_t)kept[KEPT_BLOCK];
    request->length = (uint32_t)kept[KEPT_LENGTH];
    kept[KEPT_BLOCK] = block;
    kept[KEPT_LENGTH] = length;
    for (uint32_t i = 0; i < length || i < request->length; i++) {
        const uint8_t byte = i < length ? request->data[i] : 0;
        request->data[i] = kept_data[i];
        kept_data[i] = byte;
    }
    golden_ask_pf(golden, request);
}

static const struct golden_hooks hooks = { .ask_pf = ask_pf };

GOLDEN_ENTRY("liar: a write shows only after the next", NULL, &hooks)
