/* breaks: IV-12 a held INVALIDATE stays when it is cancelled. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (event->kind == VPCI_EVENT_CANCEL && golden_is_open(golden, event->request) &&
        golden_request_of(golden, event->request)->place == GOLDEN_HELD)
        return;
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: ignores the cancel of a held request", NULL, &hooks)
