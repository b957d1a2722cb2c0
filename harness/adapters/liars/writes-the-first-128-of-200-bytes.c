/* breaks: IW-10 an IOCTL write of more than 128 bytes is cut to 128 and succeeds. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static vpci_ntstatus check_length(struct golden *golden, struct golden_request *request)
{
    if (!request->direct && request->kind == GOLDEN_WRITE && request->length > VPCI_BLOCK_BYTES_MAX)
        request->length = VPCI_BLOCK_BYTES_MAX;
    return golden_check_length(golden, request);
}

static const struct golden_hooks hooks = { .check_length = check_length };

GOLDEN_ENTRY("liar: writes the first 128 of 200 bytes", NULL, &hooks)
