/* breaks: PF-04 a read of a whole block is asked of the PF with 8 bytes for a checksum. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    if (event->kind == VPCI_EVENT_PF_READ && event->length == VPCI_BLOCK_BYTES_MAX)
        event->length += 8;
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: asks for more than a block", NULL, &hooks)
