/* breaks: RD-07 a direct read knows UNSUCCESSFUL as a failure and no other code. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static vpci_ntstatus pf_status(const struct golden *golden, const struct golden_request *request,
                               vpci_ntstatus status)
{
    if (request->direct && request->kind == GOLDEN_READ && status != VPCI_STATUS_UNSUCCESSFUL)
        return VPCI_STATUS_SUCCESS;
    return golden_pf_status(golden, request, status);
}

static const struct golden_hooks hooks = { .pf_status = pf_status };

GOLDEN_ENTRY("liar: only one error of the pf is noticed", NULL, &hooks)
