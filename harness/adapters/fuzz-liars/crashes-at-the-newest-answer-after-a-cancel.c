/* breaks: WD-25, DC-12 a late answer that overtakes writes meets a null pointer. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

/* Needs 5 steps: two writes, an IOCTL read, its cancel, the answer to the newest. */
static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    const uint32_t slot = event->call % VPCI_CALLS_MAX;
    uint32_t older_writes = 0;
    for (uint32_t i = 0; i < VPCI_CALLS_MAX; i++)
        older_writes += (golden->calls_busy >> i & 1) != 0 && golden->calls[i].writes &&
                        golden->calls[i].number < event->call && !golden->calls[i].abandoned;
    if (event->kind == VPCI_EVENT_PF_READ_RETURN && (golden->calls_busy >> slot & 1) != 0 &&
        golden->calls[slot].number == event->call && golden->calls[slot].abandoned && older_writes >= 2) {
        volatile uint8_t *volatile freed = NULL;
        *freed = 0;
    }
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("fuzz liar: crashes at the newest answer after a cancel", NULL, &hooks)
