/* breaks: RM-01 what was raised before another VF went is dropped when the next notification comes. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

enum { OUTDATED }; /* by VF: bits */

/* Needs 5 steps: a notification for VF 0 with nobody waiting, the removal of VF 1, a notification of another
 * bit for VF 0, an INVALIDATE for that, and one that the first bit is owed to. */
static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    for (uint16_t i = 0; event->kind == VPCI_EVENT_REMOVE && i < golden->vf_count; i++)
        golden->scratch[OUTDATED + i] = i != event->vf ? golden->vfs[i].mask : 0;
    if (event->kind == VPCI_EVENT_PF_INVALIDATE && event->vf < golden->vf_count) {
        golden->vfs[event->vf].mask &= ~golden->scratch[OUTDATED + event->vf];
        golden->scratch[OUTDATED + event->vf] = 0;
    }
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("fuzz liar: a removal between two notifications loses the first", NULL, &hooks)
