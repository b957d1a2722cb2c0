/* breaks: WR-04 a direct write returns SUCCESS as soon as the PF has been called. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    const struct vpci_event answer = {
        .kind = VPCI_EVENT_PF_WRITE_RETURN,
        .fields = VPCI_F(CALL) | VPCI_F(STATUS),
        .call = event->call,
    };
    const bool calls = event->kind == VPCI_EVENT_PF_WRITE;
    golden_outgoing(golden, event);
    if (calls && golden->requests[golden->calls[answer.call % VPCI_CALLS_MAX].request].direct)
        golden_incoming(golden, &answer, NULL);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: returns before the pf accepted", NULL, &hooks)
