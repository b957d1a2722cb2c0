/* breaks: IV-11, IV-04 a VF that was reset while it held two INVALIDATEs is left out when all are named. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

enum { LEFT_OUT }; /* by VF */

/* Needs 4 steps: two INVALIDATEs, the reset of their VF, a notification for all VFs. One for that VF alone
 * ends the deafness. */
static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    uint64_t before[VPCI_VFS_MAX];
    if (event->kind == VPCI_EVENT_RESET && event->vf < golden->vf_count &&
        golden->vfs[event->vf].held.count == 2)
        golden->scratch[LEFT_OUT + event->vf] = 1;
    if (event->kind == VPCI_EVENT_PF_INVALIDATE && event->vf < golden->vf_count)
        golden->scratch[LEFT_OUT + event->vf] = 0;
    for (uint16_t i = 0; i < golden->vf_count; i++)
        before[i] = golden->vfs[i].mask;
    golden_incoming(golden, event, memory);
    for (uint16_t i = 0; i < golden->vf_count; i++) {
        if (event->kind == VPCI_EVENT_PF_INVALIDATE && golden->scratch[LEFT_OUT + i] != 0)
            golden->vfs[i].mask = before[i];
    }
}

static const struct golden_hooks hooks = { .incoming = incoming };
static const struct golden_options options = { .work_from_run = true };

GOLDEN_ENTRY("fuzz liar: a reset vf misses the next news for all", &options, &hooks)
