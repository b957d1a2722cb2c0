/* breaks: IR-08, IW-13 the answer to a cancelled request ends the one that has its number now. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

/* Needs 4 steps: an IOCTL read, its cancel, an IOCTL read of the same number and another block, the answer to
 * the first. */
static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    const uint32_t slot = event->call % VPCI_CALLS_MAX;
    const struct golden_call call = golden->calls[slot];
    struct vpci_event changed = *event;
    if (event->kind == VPCI_EVENT_PF_READ_RETURN && (golden->calls_busy >> slot & 1) != 0 &&
        call.number == event->call && call.abandoned && golden_is_open(golden, call.request)) {
        const struct golden_request *owner = golden_request_of(golden, call.request);
        if (owner->kind == GOLDEN_READ && owner->place == GOLDEN_AT_PF && !owner->direct)
            changed.call = golden->calls[owner->call_slot].number;
    }
    golden_incoming(golden, &changed, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("fuzz liar: a late answer ends the next owner of a number", NULL, &hooks)
