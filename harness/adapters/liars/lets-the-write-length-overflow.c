/* breaks: IW-09 8 + DataLength is computed in 32 bits, so 0xFFFFFFFC fits into 12 bytes. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static bool wraps(const struct golden_request *request)
{
    const uint32_t sum = VPCI_WRITE_INPUT_DATA + request->length;
    return request->kind == GOLDEN_WRITE && sum < request->length;
}

static bool fits(const struct golden *golden, const struct golden_request *request)
{
    return (!request->direct && wraps(request)) || golden_fits(golden, request);
}

static vpci_ntstatus check_length(struct golden *golden, struct golden_request *request)
{
    if (!request->direct && wraps(request))
        request->length = 1; /* what the machine could stand of the copy that follows */
    return golden_check_length(golden, request);
}

static void capture(const struct golden *golden, struct golden_request *request, const uint8_t *bytes)
{
    if (!request->direct && request->input_length == VPCI_WRITE_INPUT_DATA)
        request->data[0] = 0;
    else
        golden_capture(golden, request, bytes);
}

static const struct golden_hooks hooks = { .fits = fits, .check_length = check_length, .capture = capture };

GOLDEN_ENTRY("liar: lets the write length overflow", NULL, &hooks)
