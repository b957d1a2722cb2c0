/* breaks: QI-12 whoever drops the last reference to a VF that is gone frees it a second time. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    const bool drops = event->kind == VPCI_EVENT_DEREFERENCE && event->vf < golden->vf_count;
    const bool last = drops && !golden->vfs[event->vf].present && golden->vfs[event->vf].references == 1;
    if (last)
        *(volatile uint8_t *)(uintptr_t)golden->scratch[0] = 0;
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: the last dereference after the removal crashes", NULL, &hooks)
