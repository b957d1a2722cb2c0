/* breaks: WR-02 the input of a direct write is scrambled in place. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void capture(const struct golden *golden, struct golden_request *request, const uint8_t *bytes)
{
    golden_capture(golden, request, bytes);
    if (request->direct && request->length > 0)
        request->memory.input[0] ^= 0x80;
}

static const struct golden_hooks hooks = { .capture = capture };

GOLDEN_ENTRY("liar: modifies the buffer of a writer", NULL, &hooks)
