/* breaks: IR-07 an IOCTL read of an odd length is stored in whole words. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    golden_deliver(golden, request, bytes, count);
    if (!request->direct && request->length % 2 != 0)
        request->memory.output[request->length] = 0;
}

static const struct golden_hooks hooks = { .deliver = deliver };

GOLDEN_ENTRY("liar: writes one byte beyond an ioctl output", NULL, &hooks)
