/* breaks: IR-10 IOCTLs are not held to 128 bytes, so the PF is asked for more. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static vpci_ntstatus check_length(struct golden *golden, struct golden_request *request)
{
    const bool lets_through = !request->direct && request->length > 128 && request->length <= 200;
    return lets_through ? VPCI_STATUS_SUCCESS : golden_check_length(golden, request);
}

static const struct golden_hooks hooks = { .check_length = check_length };

GOLDEN_ENTRY("liar: an ioctl of 200 bytes reaches the pf", NULL, &hooks)
