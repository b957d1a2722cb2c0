/* SPDX-License-Identifier: MIT */
/* tests/adapters/two-faults.c - two faults that have nothing in common: RD-02 in direct reads of 77 bytes (1
 * step), and IV-12, the cancel of an INVALIDATE that lived through a reset is ignored (3 steps). */
#include "harness/adapters/golden/golden.h"

enum { WAS_RESET }; /* requests held at a reset, by bit */

static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    golden_deliver(golden, request, bytes, count);
    if (request->direct && count == 77)
        request->memory.output[40] ^= 1;
}

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    uint64_t *was_reset = &golden->scratch[WAS_RESET];
    const uint64_t bit = UINT64_C(1) << event->request % VPCI_REQUESTS_MAX;
    if (event->kind == VPCI_EVENT_IOCTL)
        *was_reset &= ~bit;
    for (uint32_t i = 0; event->kind == VPCI_EVENT_RESET && i < VPCI_REQUESTS_MAX; i++) {
        if (golden_is_open(golden, i) && golden->requests[i].place == GOLDEN_HELD &&
            golden->requests[i].vf == event->vf)
            *was_reset |= UINT64_C(1) << i;
    }
    if (event->kind == VPCI_EVENT_CANCEL && (*was_reset & bit) != 0)
        return;
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming, .deliver = deliver };

GOLDEN_ENTRY("two faults", NULL, &hooks)
