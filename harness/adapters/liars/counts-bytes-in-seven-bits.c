/* breaks: IR-05 Information of a full read is 128 in seven bits, which is 0. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static uint64_t information(const struct golden *golden, const struct golden_request *request, uint32_t count)
{
    return golden_information(golden, request, count) & (request->kind == GOLDEN_READ ? 0x7Fu : 0xFFu);
}

static const struct golden_hooks hooks = { .information = information };

GOLDEN_ENTRY("liar: counts bytes in seven bits", NULL, &hooks)
