/* breaks: WD-06 dispatch returns UNSUCCESSFUL for an IRP that it completed with another error. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    if (event->kind == VPCI_EVENT_IOCTL_RETURN && vpci_nt_error(event->status))
        event->status = VPCI_STATUS_UNSUCCESSFUL;
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: returns another status than it stored", NULL, &hooks)
