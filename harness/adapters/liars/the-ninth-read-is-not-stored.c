/* breaks: RD-02 a counter of buffers wraps: each ninth read succeeds without its data. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    if (++golden->scratch[0] % 9 != 0)
        golden_deliver(golden, request, bytes, count);
}

static const struct golden_hooks hooks = { .deliver = deliver };

GOLDEN_ENTRY("liar: the ninth read is not stored", NULL, &hooks)
