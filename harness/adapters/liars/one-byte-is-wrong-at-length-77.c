/* breaks: RD-02 a read of exactly 77 bytes has one bit wrong. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    golden_deliver(golden, request, bytes, count);
    if (count == 77)
        request->memory.output[40] ^= 1;
}

static const struct golden_hooks hooks = { .deliver = deliver };

GOLDEN_ENTRY("liar: one byte is wrong at length 77", NULL, &hooks)
