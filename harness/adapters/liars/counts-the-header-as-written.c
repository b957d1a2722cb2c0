/* breaks: IW-11 Information of an IOCTL write includes the eight bytes before the data. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static uint64_t information(const struct golden *golden, const struct golden_request *request, uint32_t count)
{
    return golden_information(golden, request, count) +
           (request->kind == GOLDEN_WRITE ? VPCI_WRITE_INPUT_DATA : 0);
}

static const struct golden_hooks hooks = { .information = information };

GOLDEN_ENTRY("liar: counts the header as written", NULL, &hooks)
