/* breaks: DC-10 two VFs that read one block share a buffer while a write of it is at the PF. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

enum { FULL, BLOCK, VF, SHARED };

static bool writes_block(const struct golden *golden, uint64_t block)
{
    for (uint32_t i = 0; i < VPCI_CALLS_MAX; i++) {
        const struct golden_call *call = &golden->calls[i];
        if ((golden->calls_busy >> i & 1) != 0 && call->writes && !call->abandoned &&
            golden->requests[call->request].block == block)
            return true;
    }
    return false;
}

/* Needs 5 steps: a write, a read of the same block on one VF, a read of it on another, the answer to the
 * newest, and again to the newest: that read gets the bytes of the other VF. */
static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    uint64_t *state = golden->scratch;
    const bool shares = state[FULL] != 0 && state[BLOCK] == request->block && state[VF] != request->vf &&
                        writes_block(golden, request->block);
    golden_deliver(golden, request, shares ? (const uint8_t *)&state[SHARED] : bytes, count);
    state[FULL] = writes_block(golden, request->block);
    state[BLOCK] = request->block;
    state[VF] = request->vf;
    for (uint32_t i = 0; i < count; i++)
        ((uint8_t *)&state[SHARED])[i] = bytes[i];
}

static const struct golden_hooks hooks = { .deliver = deliver };

GOLDEN_ENTRY("liar: a write beside two vfs mixes their reads", NULL, &hooks)
