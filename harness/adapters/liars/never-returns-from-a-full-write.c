/* breaks: DC-12 a direct write of 128 bytes does not come back although the PF took it. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    if (event->kind != VPCI_EVENT_WRITE_RETURN || event->status != VPCI_STATUS_SUCCESS ||
        golden_request_of(golden, event->request)->length != VPCI_BLOCK_BYTES_MAX)
        golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: never returns from a full write", NULL, &hooks)
