/* breaks: WD-18 the length of a held read is fetched again, and believed when it grew by exactly one. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

/* Needs 3 steps: an IOCTL read that stays at the PF, a change of its input that makes the length one longer,
 * the answer. */
static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    golden_deliver(golden, request, bytes, count);
    if (!request->direct && vpci_load_u32(request->memory.input + 4) == request->length + 1)
        request->memory.output[request->length] = 0;
}

static const struct golden_hooks hooks = { .deliver = deliver };

GOLDEN_ENTRY("fuzz liar: believes an input that grew by one", NULL, &hooks)
