/* breaks: DC-13 a foreign Context is ignored while its owner reads the block that is written. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static bool owner_reads(const struct golden *golden, const struct vpci_event *event)
{
    for (uint32_t i = 0; i < VPCI_CALLS_MAX; i++) {
        const struct golden_call *call = &golden->calls[i];
        if ((golden->calls_busy >> i & 1) == 0 || call->writes || call->abandoned)
            continue;
        const struct golden_request *request = &golden->requests[call->request];
        if (request->vf == event->context_vf && request->block == event->block)
            return true;
    }
    return false;
}

/* Needs 2 steps: a read that stays at the PF, a write of another VF to the same block with the Context of the
 * first. */
static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    struct vpci_event changed = *event;
    if (event->kind == VPCI_EVENT_WRITE && (event->fields & VPCI_F(CONTEXT_VF)) != 0 &&
        event->context_vf != event->vf && owner_reads(golden, event))
        changed.context_vf = event->vf;
    golden_incoming(golden, &changed, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("fuzz liar: a foreign context beside its owner is confused", NULL, &hooks)
