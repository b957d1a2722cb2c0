/* breaks: IR-06 a read that fails right after a short one reports the count of that. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

enum { SHORT_COUNT };

/* Needs 4 steps: an IOCTL read, a short answer, an IOCTL read, an error. */
static void outgoing(struct golden *golden, struct vpci_event *event)
{
    const struct golden_request *request = golden_request_of(golden, event->request);
    if (event->kind == VPCI_EVENT_IOCTL_COMPLETE && request->kind == GOLDEN_READ) {
        if (vpci_nt_error(event->status))
            event->information = golden->scratch[SHORT_COUNT];
        golden->scratch[SHORT_COUNT] = event->information < request->length ? event->information : 0;
    }
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("fuzz liar: an error after a short read keeps its information", NULL, &hooks)
