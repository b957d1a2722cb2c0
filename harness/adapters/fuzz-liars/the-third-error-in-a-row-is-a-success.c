/* breaks: WR-04, IW-14 a write that fails right after two reads did is reported as done. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

enum { FAILED_READS };

/* Needs 3 steps, where the PF fails by itself: a read, a read, a write. */
static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    struct vpci_event changed = *event;
    uint64_t *failed_reads = &golden->scratch[FAILED_READS];
    const bool fails = vpci_nt_error(event->status);
    if (event->kind == VPCI_EVENT_PF_READ_RETURN)
        *failed_reads = fails ? *failed_reads + 1 : 0;
    if (event->kind == VPCI_EVENT_PF_WRITE_RETURN) {
        if (fails && *failed_reads == 2)
            changed.status = VPCI_STATUS_SUCCESS;
        *failed_reads = 0;
    }
    golden_incoming(golden, &changed, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("fuzz liar: the third error in a row is a success", NULL, &hooks)
