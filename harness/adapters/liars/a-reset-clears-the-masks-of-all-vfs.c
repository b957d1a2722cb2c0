/* breaks: RS-01 resetting one VF forgets what has accumulated for the others. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    for (uint16_t i = 0; event->kind == VPCI_EVENT_RESET && i < golden->vf_count; i++)
        golden->vfs[i].mask = 0;
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: a reset clears the masks of all vfs", NULL, &hooks)
