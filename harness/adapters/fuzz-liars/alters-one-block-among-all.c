/* breaks: DC-09, IW-13 a write of 37 bytes to block 0x00C0FFEE has its last byte wrong. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

/* Needs 1 step, with the right 32 bits in it: found by whoever sees the comparison, hardly by chance. */
static void capture(const struct golden *golden, struct golden_request *request, const uint8_t *bytes)
{
    golden_capture(golden, request, bytes);
    if (request->block == 0x00C0FFEE && request->length == 37)
        request->data[36] = (uint8_t)~request->data[36];
}

static const struct golden_hooks hooks = { .capture = capture };

GOLDEN_ENTRY("fuzz liar: alters one block among all", NULL, &hooks)
