/* breaks: RD-02 a read of exactly 127 bytes of a block with an odd number has one bit wrong. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    golden_deliver(golden, request, bytes, count);
    if (count == 127 && request->block % 2 != 0)
        request->memory.output[0] ^= 1;
}

static const struct golden_hooks hooks = { .deliver = deliver };

GOLDEN_ENTRY("liar: one bit is wrong at length 127 of odd blocks", NULL, &hooks)
