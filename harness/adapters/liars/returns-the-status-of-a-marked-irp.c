/* breaks: WD-03 a marked IRP that completed meanwhile returns its status instead of PENDING. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    if (event->kind == VPCI_EVENT_IOCTL_COMPLETE)
        golden->scratch[event->request % 32] = event->status;
    if (event->kind == VPCI_EVENT_IOCTL_RETURN && event->marked && !golden_is_open(golden, event->request))
        event->status = (vpci_ntstatus)golden->scratch[event->request % 32];
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };
static const struct golden_options options = { .pend_rejections = true };

GOLDEN_ENTRY("liar: returns the status of a marked irp", &options, &hooks)
