/* breaks: QI-16 the start of a VF whose interface was handed out before does not expect that. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    const bool starts = event->kind == VPCI_EVENT_START && event->vf < golden->vf_count;
    const bool unexpected = starts && golden->vfs[event->vf].references > 0;
    if (unexpected)
        *(volatile uint8_t *)(uintptr_t)golden->scratch[0] = 0;
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: a start after a query crashes", NULL, &hooks)
