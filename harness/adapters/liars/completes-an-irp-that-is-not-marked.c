/* breaks: WD-02 a completion finds the IRP unmarked although dispatch had returned PENDING. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    if (event->kind == VPCI_EVENT_IOCTL_COMPLETE)
        event->marked = false;
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: completes an irp that is not marked", NULL, &hooks)
