/* SPDX-License-Identifier: MIT */
/* tests/adapters/two-faults-one-requirement.c - two faults that break the same requirement, RD-02, in the
 * same words: direct reads of 77 bytes (1 step), and of block 5 once its VF was reset (2 steps). Mending one
 * leaves the other, so they are two. */
#include "harness/adapters/golden/golden.h"

enum { WAS_RESET }; /* VFs, by bit */

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (event->kind == VPCI_EVENT_RESET && event->vf < golden->vf_count)
        golden->scratch[WAS_RESET] |= UINT64_C(1) << event->vf;
    golden_incoming(golden, event, memory);
}

static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    golden_deliver(golden, request, bytes, count);
    if (!request->direct || count == 0)
        return;
    if (count == 77)
        request->memory.output[40] ^= 1;
    else if (request->block == 5 && (golden->scratch[WAS_RESET] >> request->vf & 1) != 0)
        request->memory.output[0] ^= 1;
}

static const struct golden_hooks hooks = { .incoming = incoming, .deliver = deliver };

GOLDEN_ENTRY("two faults, one requirement", NULL, &hooks)
