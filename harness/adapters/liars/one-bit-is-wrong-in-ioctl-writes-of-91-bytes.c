/* breaks: IW-13 an IOCTL write of exactly 91 bytes has one bit wrong. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void capture(const struct golden *golden, struct golden_request *request, const uint8_t *bytes)
{
    golden_capture(golden, request, bytes);
    if (!request->direct && request->length == 91)
        request->data[90] ^= 1;
}

static const struct golden_hooks hooks = { .capture = capture };

GOLDEN_ENTRY("liar: one bit is wrong in ioctl writes of 91 bytes", NULL, &hooks)
