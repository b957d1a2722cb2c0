/* breaks: DC-12 a direct read does not come back when the PF answers with an error. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    const uint32_t slot = event->call % VPCI_CALLS_MAX;
    const bool answers = event->kind == VPCI_EVENT_PF_READ_RETURN && (golden->calls_busy >> slot & 1) != 0;
    if (!answers || !vpci_nt_error(event->status) || !golden->requests[golden->calls[slot].request].direct) {
        golden_incoming(golden, event, memory);
        return;
    }
    golden_forget(golden, &golden->requests[golden->calls[slot].request]);
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: never returns from a read that failed", NULL, &hooks)
