/* breaks: IW-09 a DataLength one byte longer than the input holds is believed. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static bool is_one_beyond(const struct golden_request *request)
{
    return request->kind == GOLDEN_WRITE &&
           request->length == request->input_length - VPCI_WRITE_INPUT_DATA + 1;
}

static bool fits(const struct golden *golden, const struct golden_request *request)
{
    return is_one_beyond(request) || golden_fits(golden, request);
}

static void capture(const struct golden *golden, struct golden_request *request, const uint8_t *bytes)
{
    const bool beyond = !request->direct && is_one_beyond(request);
    if (!beyond) {
        golden_capture(golden, request, bytes);
        return;
    }
    request->length--; /* reading the byte itself would end the process */
    golden_capture(golden, request, bytes);
    request->data[request->length++] = 0;
}

static const struct golden_hooks hooks = { .fits = fits, .capture = capture };

GOLDEN_ENTRY("liar: believes a data length beyond the input", NULL, &hooks)
