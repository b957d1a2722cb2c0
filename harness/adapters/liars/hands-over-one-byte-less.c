/* breaks: WR-03 a write of more than 64 bytes loses its last byte. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    if (event->kind == VPCI_EVENT_PF_WRITE && event->length > 64) {
        event->length--;
        event->data_length--;
    }
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: hands over one byte less", NULL, &hooks)
