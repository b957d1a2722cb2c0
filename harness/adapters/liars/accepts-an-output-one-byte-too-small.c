/* breaks: IR-04 an IOCTL read into a buffer one byte short is served, one byte short. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static bool fits(const struct golden *golden, const struct golden_request *request)
{
    if (request->kind == GOLDEN_READ && request->length == request->output_length + 1)
        return true;
    return golden_fits(golden, request);
}

static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    const bool too_long = !request->direct && count > request->output_length;
    golden_deliver(golden, request, bytes, too_long ? request->output_length : count);
}

static const struct golden_hooks hooks = { .fits = fits, .deliver = deliver };

GOLDEN_ENTRY("liar: accepts an output one byte too small", NULL, &hooks)
