/* breaks: IR-07 beside a held INVALIDATE a full IOCTL read of VF 1 is one byte too long. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

/* Needs 2 steps, both on VF 1: an INVALIDATE, an IOCTL read of 128 bytes. */
static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    golden_deliver(golden, request, bytes, count);
    if (!request->direct && request->vf == 1 && count == VPCI_BLOCK_BYTES_MAX &&
        golden->vfs[1].held.count > 0)
        request->memory.output[count] = 0;
}

static const struct golden_hooks hooks = { .deliver = deliver };

GOLDEN_ENTRY("fuzz liar: overruns a full read of vf 1 while one is held", NULL, &hooks)
