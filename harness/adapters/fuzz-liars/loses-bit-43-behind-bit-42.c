/* breaks: IV-04, IV-11, IV-13, RM-01, RS-01, IV-16 bit 43 is lost where it joins bit 42, on VF 1. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

/* Needs 4 steps: bit 42 is raised for VF 1, then bit 43, both with nobody waiting; an INVALIDATE, which is
 * told bit 42, and another, which is told nothing. */
static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    const uint64_t before = golden->vf_count > 1 ? golden->vfs[1].mask : 0;
    struct vpci_event changed = *event;
    if (event->kind == VPCI_EVENT_PF_INVALIDATE && event->vf == 1 && (before >> 42 & 1) != 0)
        changed.mask &= ~(UINT64_C(1) << 43);
    golden_incoming(golden, &changed, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("fuzz liar: loses bit 43 behind bit 42", NULL, &hooks)
