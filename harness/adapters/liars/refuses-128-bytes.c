/* breaks: DC-03 the limit is read as "less than 128". */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static vpci_ntstatus check_length(struct golden *golden, struct golden_request *request)
{
    return request->length == VPCI_BLOCK_BYTES_MAX ? VPCI_STATUS_INVALID_PARAMETER
                                                   : golden_check_length(golden, request);
}

static const struct golden_hooks hooks = { .check_length = check_length };

GOLDEN_ENTRY("liar: refuses 128 bytes", NULL, &hooks)
