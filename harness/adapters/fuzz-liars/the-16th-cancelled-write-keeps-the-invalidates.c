/* breaks: IV-12 after 16 cancelled writes a held INVALIDATE is not cancelled. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

enum { CANCELLED_WRITES };

/* Needs 34 steps: 16 IOCTL writes, each cancelled before its answer, then an INVALIDATE and its cancel. */
static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    const struct golden_request *request = golden_request_of(golden, event->request);
    if (event->kind == VPCI_EVENT_CANCEL && golden_is_open(golden, event->request)) {
        const uint64_t cancelled = golden->scratch[CANCELLED_WRITES];
        if (request->kind == GOLDEN_WRITE && request->place == GOLDEN_AT_PF)
            golden->scratch[CANCELLED_WRITES]++;
        else if (request->place == GOLDEN_HELD && cancelled != 0 && cancelled % 16 == 0)
            return;
    }
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("fuzz liar: the 16th cancelled write keeps the invalidates", NULL, &hooks)
