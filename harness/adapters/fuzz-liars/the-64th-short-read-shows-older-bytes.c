/* breaks: RD-04 the buffer that short reads go through is cleared, but not for each 64th. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

enum { SHORT_READS, OLDER };

/* Needs 64 steps, where the PF answers short by itself: as many reads. The older bytes are those of the read
 * before, so a longer or equally long answer must have come before it. */
static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    uint8_t *older = (uint8_t *)&golden->scratch[OLDER];
    golden_deliver(golden, request, bytes, count);
    if (count < request->length && ++golden->scratch[SHORT_READS] % 64 == 0) {
        for (uint32_t i = count; i < request->length; i++)
            request->memory.output[i] = older[i - count];
    }
    for (uint32_t i = 0; i < count; i++)
        older[i] = bytes[i];
}

static const struct golden_hooks hooks = { .deliver = deliver };

GOLDEN_ENTRY("fuzz liar: the 64th short read shows older bytes", NULL, &hooks)
