/* breaks: IR-05 Information of a short IOCTL read is the length asked for. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static uint64_t information(const struct golden *golden, const struct golden_request *request, uint32_t count)
{
    return request->kind == GOLDEN_READ ? request->length : golden_information(golden, request, count);
}

static const struct golden_hooks hooks = { .information = information };

GOLDEN_ENTRY("liar: reports the length asked after a short read", NULL, &hooks)
