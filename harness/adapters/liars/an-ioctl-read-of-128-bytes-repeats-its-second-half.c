/* breaks: IR-08 a full IOCTL read copies the last 64 bytes two times. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    golden_deliver(golden, request, bytes, count);
    for (uint32_t i = 0; !request->direct && count == VPCI_BLOCK_BYTES_MAX && i < 64; i++)
        request->memory.output[i] = bytes[i + 64];
}

static const struct golden_hooks hooks = { .deliver = deliver };

GOLDEN_ENTRY("liar: an ioctl read of 128 bytes repeats its second half", NULL, &hooks)
