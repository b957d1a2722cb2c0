/* breaks: IR-07 an IOCTL read clears the output up to OutputBufferLength, beyond BytesRequested. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    golden_deliver(golden, request, bytes, count);
    for (uint32_t i = count; !request->direct && i < request->output_length && i < VPCI_EVENT_DATA_BYTES_MAX;
         i++)
        request->memory.output[i] = 0;
}

static const struct golden_hooks hooks = { .deliver = deliver };

GOLDEN_ENTRY("liar: clears the whole output buffer", NULL, &hooks)
