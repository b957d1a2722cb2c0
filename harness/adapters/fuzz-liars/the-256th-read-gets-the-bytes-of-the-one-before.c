/* breaks: RD-02, IR-08, DC-10, DC-11 reads are numbered in eight bits. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

enum { SERIAL, LATEST };

/* Needs 256 steps: as many reads, of any kind, block and VF, that the PF answers with success. */
static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    uint8_t *latest = (uint8_t *)&golden->scratch[LATEST];
    golden->scratch[SERIAL]++;
    if ((uint8_t)golden->scratch[SERIAL] == 0)
        bytes = latest;
    golden_deliver(golden, request, bytes, count);
    for (uint32_t i = 0; i < count; i++)
        latest[i] = bytes[i];
}

static const struct golden_hooks hooks = { .deliver = deliver };

GOLDEN_ENTRY("fuzz liar: the 256th read gets the bytes of the one before", NULL, &hooks)
