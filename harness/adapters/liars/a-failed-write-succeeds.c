/* breaks: WR-04 a direct write returns SUCCESS although the PF refused it. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static vpci_ntstatus pf_status(const struct golden *golden, const struct golden_request *request,
                               vpci_ntstatus status)
{
    if (request->direct && request->kind == GOLDEN_WRITE)
        return VPCI_STATUS_SUCCESS;
    return golden_pf_status(golden, request, status);
}

static const struct golden_hooks hooks = { .pf_status = pf_status };

GOLDEN_ENTRY("liar: a failed write succeeds", NULL, &hooks)
