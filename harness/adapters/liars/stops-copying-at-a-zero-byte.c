/* breaks: DC-09 data for the PF are copied like a string: what follows a zero byte is lost. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void capture(const struct golden *golden, struct golden_request *request, const uint8_t *bytes)
{
    golden_capture(golden, request, bytes);
    uint32_t end = 0;
    while (end < request->length && bytes[end] != 0)
        end++;
    for (; end < request->length; end++)
        request->data[end] = 0;
}

static const struct golden_hooks hooks = { .capture = capture };

GOLDEN_ENTRY("liar: stops copying at a zero byte", NULL, &hooks)
