/* breaks: RD-01 a direct read of block 0xFFFFFFFF yields zeros, the PF is not asked. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void ask_pf(struct golden *golden, struct golden_request *request)
{
    if (request->kind != GOLDEN_READ || !request->direct || request->block != 0xFFFFFFFFu) {
        golden_ask_pf(golden, request);
        return;
    }
    for (uint32_t i = 0; i < request->length; i++)
        request->memory.output[i] = 0;
    golden_forget(golden, request);
    golden_outgoing(golden, &(struct vpci_event){
                                .kind = VPCI_EVENT_READ_RETURN,
                                .fields = VPCI_F(REQUEST) | VPCI_F(STATUS) | VPCI_F(IRQL),
                                .request = request->number,
                                .irql = request->irql,
                            });
}

static const struct golden_hooks hooks = { .ask_pf = ask_pf };

GOLDEN_ENTRY("liar: reads block ffffffff without the pf", NULL, &hooks)
