/* breaks: RS-02 a reset follows a dangling pointer to the last write, if that had 128 bytes. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (event->kind == VPCI_EVENT_WRITE && event->length == VPCI_BLOCK_BYTES_MAX)
        golden->scratch[0] = 1;
    if (event->kind == VPCI_EVENT_RESET && golden->scratch[0] != 0)
        *(volatile uint8_t *)(uintptr_t)golden->scratch[0] = 0;
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: crashes at a reset after a full write", NULL, &hooks)
