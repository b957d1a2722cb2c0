/* breaks: WD-20 a cancel in the middle of five held INVALIDATEs ties their list into a ring. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

/* Needs 6 steps: five INVALIDATEs, the cancel of the third. */
static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    const struct golden_request *request = golden_request_of(golden, event->request);
    if (event->kind == VPCI_EVENT_CANCEL && golden_is_open(golden, event->request) &&
        request->place == GOLDEN_HELD) {
        const struct golden_queue *held = &golden->vfs[request->vf].held;
        const volatile bool ring = held->count == 5 && held->numbers[2] == request->number;
        while (ring) {
        }
    }
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("fuzz liar: hangs when the third of five is cancelled", NULL, &hooks)
