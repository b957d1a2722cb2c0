/* breaks: QI-12 a direct call of a VF that is gone follows a pointer to what was freed. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    const bool direct = event->kind == VPCI_EVENT_READ || event->kind == VPCI_EVENT_WRITE;
    const bool gone = direct && event->vf < golden->vf_count && !golden->vfs[event->vf].present;
    if (gone)
        *(volatile uint8_t *)(uintptr_t)golden->scratch[0] = 0;
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: a call after the removal crashes", NULL, &hooks)
