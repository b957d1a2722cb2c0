/* breaks: IW-13 an IOCTL write takes its data after the padded structure instead of at offset 8. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

enum { DISTANCE = sizeof(struct vpci_write_block_input) - VPCI_WRITE_INPUT_DATA };

static void capture(const struct golden *golden, struct golden_request *request, const uint8_t *bytes)
{
    golden_capture(golden, request, bytes);
    for (uint32_t i = 0; !request->direct && i < request->length; i++)
        request->data[i] = i + DISTANCE < request->length ? bytes[i + DISTANCE] : 0;
}

static const struct golden_hooks hooks = { .capture = capture };

GOLDEN_ENTRY("liar: takes the data from offset 12", NULL, &hooks)
