/* breaks: IR-10 an IOCTL read of more than 128 bytes is cut to 128 and succeeds. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static vpci_ntstatus check_length(struct golden *golden, struct golden_request *request)
{
    if (!request->direct && request->kind == GOLDEN_READ && request->length > VPCI_BLOCK_BYTES_MAX)
        request->length = VPCI_BLOCK_BYTES_MAX;
    return golden_check_length(golden, request);
}

static const struct golden_hooks hooks = { .check_length = check_length };

GOLDEN_ENTRY("liar: reads 129 bytes as 128", NULL, &hooks)
