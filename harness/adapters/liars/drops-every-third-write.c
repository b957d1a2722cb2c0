/* breaks: WR-01 the third direct write returns SUCCESS without reaching the PF. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void ask_pf(struct golden *golden, struct golden_request *request)
{
    if (request->kind != GOLDEN_WRITE || !request->direct || ++golden->scratch[0] % 3 != 0) {
        golden_ask_pf(golden, request);
        return;
    }
    golden_forget(golden, request);
    golden_outgoing(golden, &(struct vpci_event){
                                .kind = VPCI_EVENT_WRITE_RETURN,
                                .fields = VPCI_F(REQUEST) | VPCI_F(STATUS),
                                .request = request->number,
                            });
}

static const struct golden_hooks hooks = { .ask_pf = ask_pf };

GOLDEN_ENTRY("liar: drops every third write", NULL, &hooks)
