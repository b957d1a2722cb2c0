/* breaks: WD-20 cancelling one of several held INVALIDATEs follows a null link. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (event->kind == VPCI_EVENT_CANCEL && golden_is_open(golden, event->request)) {
        const struct golden_request *request = golden_request_of(golden, event->request);
        const bool several = request->place == GOLDEN_HELD && golden->vfs[request->vf].held.count > 1;
        if (several)
            *(volatile uint8_t *)(uintptr_t)golden->scratch[0] = 0;
    }
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: a cancel beside another held request crashes", NULL, &hooks)
