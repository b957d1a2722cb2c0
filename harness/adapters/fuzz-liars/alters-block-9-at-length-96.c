/* breaks: IR-08 an IOCTL read of one block at one length has one bit wrong. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

/* Needs 1 step, with the right two small numbers in it. */
static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    golden_deliver(golden, request, bytes, count);
    if (!request->direct && request->block == 9 && request->length == 96 && count == 96)
        request->memory.output[95] ^= 0x80;
}

static const struct golden_hooks hooks = { .deliver = deliver };

GOLDEN_ENTRY("fuzz liar: alters block 9 at length 96", NULL, &hooks)
