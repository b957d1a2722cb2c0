/* SPDX-License-Identifier: MIT */
/* tests/adapters/many-ways.c - one fault that shows in many ways: from the fourth request on, whatever is
 * written at the PF or stored for a caller has its first byte inverted. Breaks RD-02, IR-08, DC-09, IW-13 and
 * IV-02, each in many cases. Needs 4 steps. */
#include "harness/adapters/golden/golden.h"

static bool fails(const struct golden *golden)
{
    return golden->births >= 4;
}

static void capture(const struct golden *golden, struct golden_request *request, const uint8_t *bytes)
{
    golden_capture(golden, request, bytes);
    if (fails(golden))
        request->data[0] = (uint8_t)~request->data[0];
}

static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    golden_deliver(golden, request, bytes, count);
    if (fails(golden) && count != 0)
        request->memory.output[0] = (uint8_t)~request->memory.output[0];
}

static void store_mask(const struct golden *golden, struct golden_request *request, uint64_t mask)
{
    golden_store_mask(golden, request, fails(golden) ? mask ^ 0xFF : mask);
}

static const struct golden_hooks hooks = { .capture = capture, .deliver = deliver, .store_mask = store_mask };

GOLDEN_ENTRY("many ways", NULL, &hooks)
