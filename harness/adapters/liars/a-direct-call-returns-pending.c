/* breaks: DC-04 a direct call whose PF call fails returns 0x103. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    const bool direct = event->kind == VPCI_EVENT_READ_RETURN || event->kind == VPCI_EVENT_WRITE_RETURN;
    if (direct && vpci_nt_error(event->status))
        event->status = VPCI_STATUS_PENDING;
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: a direct call returns pending", NULL, &hooks)
