/* breaks: DC-05 a direct read stores its last byte once more after it returned. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    const struct golden_request *request = golden_request_of(golden, event->request);
    golden_outgoing(golden, event);
    if (event->kind == VPCI_EVENT_READ_RETURN && event->status == VPCI_STATUS_SUCCESS && request->length > 0)
        request->memory.output[request->length - 1] ^= 0xFF;
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: touches the buffer after a direct return", NULL, &hooks)
