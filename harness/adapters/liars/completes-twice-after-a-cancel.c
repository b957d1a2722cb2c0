/* breaks: WD-04 a cancelled IRP is completed two times. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    struct vpci_event again = *event;
    golden_outgoing(golden, event);
    if (again.kind == VPCI_EVENT_IOCTL_COMPLETE && again.status == VPCI_STATUS_CANCELLED)
        golden_outgoing(golden, &again);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: completes twice after a cancel", NULL, &hooks)
