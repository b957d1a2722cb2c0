/* breaks: RD-04 the rest of a short read holds what an earlier read left behind. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    uint8_t *shared = (uint8_t *)golden->scratch;
    for (uint32_t i = 0; i < count; i++)
        shared[i] = bytes[i];
    golden_deliver(golden, request, shared, request->length);
}

static const struct golden_hooks hooks = { .deliver = deliver };

GOLDEN_ENTRY("liar: leaves older data after a short read", NULL, &hooks)
