/* breaks: IR-08 an answer of the PF goes to the oldest read, whichever it is for. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static const struct golden_call *oldest_read(const struct golden *golden)
{
    const struct golden_call *oldest = NULL;
    for (uint32_t i = 0; i < VPCI_CALLS_MAX; i++) {
        const struct golden_call *call = &golden->calls[i];
        if ((golden->calls_busy >> i & 1) != 0 && !call->writes &&
            (oldest == NULL || call->number < oldest->number))
            oldest = call;
    }
    return oldest;
}

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    struct vpci_event changed = *event;
    const struct golden_call *oldest = event->kind == VPCI_EVENT_PF_READ_RETURN ? oldest_read(golden) : NULL;
    if (oldest != NULL)
        changed.call = oldest->number;
    golden_incoming(golden, &changed, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("liar: matches answers by age instead of number", NULL, &hooks)
