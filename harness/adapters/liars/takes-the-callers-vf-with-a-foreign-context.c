/* breaks: DC-13 a call with the Context of another VF is made for the caller's own. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    struct vpci_event changed = *event;
    if (event->kind == VPCI_EVENT_READ || event->kind == VPCI_EVENT_WRITE)
        changed.fields &= ~(uint32_t)VPCI_F(CONTEXT_VF);
    golden_incoming(golden, &changed, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: takes the callers vf with a foreign context", NULL, &hooks)
