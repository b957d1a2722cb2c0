/* breaks: WD-24 an unknown control code fails with Information 4. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    if (event->kind == VPCI_EVENT_IOCTL_COMPLETE &&
        golden_request_of(golden, event->request)->kind == GOLDEN_UNKNOWN)
        event->information = 4;
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: leaves information on an unknown code", NULL, &hooks)
