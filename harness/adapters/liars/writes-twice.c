/* breaks: WR-01 a direct write is handed to the PF two times. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    const uint32_t slot = event->call % VPCI_CALLS_MAX;
    golden_outgoing(golden, event);
    if (event->kind != VPCI_EVENT_PF_WRITE || !golden->requests[golden->calls[slot].request].direct)
        return;
    event->call ^= 0x40000000u; /* a number that no call of golden's has, so the answer is ignored */
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: writes twice", NULL, &hooks)
