/* breaks: RS-02 transfers that are at the PF when their VF is reset never end. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    for (uint32_t i = 0; event->kind == VPCI_EVENT_RESET && i < VPCI_REQUESTS_MAX; i++) {
        struct golden_request *request = golden_request_of(golden, i);
        if (golden_is_open(golden, i) && request->vf == event->vf && request->place == GOLDEN_AT_PF)
            golden_forget(golden, request);
    }
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: a reset leaves reads hanging", NULL, &hooks)
