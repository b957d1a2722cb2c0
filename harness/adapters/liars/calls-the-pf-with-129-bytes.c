/* breaks: DC-02 a direct call of 129 bytes reaches the PF. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static vpci_ntstatus check_length(struct golden *golden, struct golden_request *request)
{
    const bool lets_through = request->direct && request->length == 129;
    return lets_through ? VPCI_STATUS_SUCCESS : golden_check_length(golden, request);
}

static const struct golden_hooks hooks = { .check_length = check_length };

GOLDEN_ENTRY("liar: calls the pf with 129 bytes", NULL, &hooks)
