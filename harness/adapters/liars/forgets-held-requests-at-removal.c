/* breaks: WD-22 a surprise removal leaves held INVALIDATEs pending for ever. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (event->kind == VPCI_EVENT_REMOVE && event->vf < golden->vf_count) {
        struct golden_queue *held = &golden->vfs[event->vf].held;
        while (held->count > 0)
            golden_forget(golden, golden_request_of(golden, held->numbers[0]));
    }
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: forgets held requests at removal", NULL, &hooks)
