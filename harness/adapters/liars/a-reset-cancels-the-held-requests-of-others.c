/* breaks: RS-01 the INVALIDATEs that other VFs hold are cancelled when one VF is reset. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    for (uint32_t i = 0; event->kind == VPCI_EVENT_RESET && i < VPCI_REQUESTS_MAX; i++) {
        const struct golden_request *request = golden_request_of(golden, i);
        const struct vpci_event cancel = {
            .kind = VPCI_EVENT_CANCEL,
            .fields = VPCI_F(REQUEST),
            .request = i,
        };
        if (golden_is_open(golden, i) && request->vf != event->vf && request->place == GOLDEN_HELD)
            golden_incoming(golden, &cancel, NULL);
    }
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: a reset cancels the held requests of others", NULL, &hooks)
