/* breaks: WD-18 DataLength is checked in dispatch and fetched again when the PF is called. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void ask_pf(struct golden *golden, struct golden_request *request)
{
    if (!request->direct && request->kind == GOLDEN_WRITE) {
        const uint32_t length = vpci_load_u32(request->memory.input + 4);
        request->length = length <= GOLDEN_CAPTURE_BYTES ? length : (uint32_t)GOLDEN_CAPTURE_BYTES;
    }
    golden_ask_pf(golden, request);
}

static const struct golden_hooks hooks = { .ask_pf = ask_pf };
static const struct golden_options options = { .work_from_run = true };

GOLDEN_ENTRY("liar: fetches the data length twice", &options, &hooks)
