/* breaks: DC-02 a direct call of more than 128 bytes succeeds, with 128 of them moved. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static vpci_ntstatus check_length(struct golden *golden, struct golden_request *request)
{
    if (request->direct && request->length > VPCI_BLOCK_BYTES_MAX)
        request->length = VPCI_BLOCK_BYTES_MAX;
    return golden_check_length(golden, request);
}

static const struct golden_hooks hooks = { .check_length = check_length };

GOLDEN_ENTRY("liar: truncates a long call to 128 bytes", NULL, &hooks)
