/* breaks: IR-08 an IOCTL read makes two PF calls. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    const uint32_t slot = event->call % VPCI_CALLS_MAX;
    golden_outgoing(golden, event);
    if (event->kind != VPCI_EVENT_PF_READ || golden->requests[golden->calls[slot].request].direct)
        return;
    event->call ^= 0x40000000u; /* a number that no call of golden's has, so the answer is ignored */
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("liar: an ioctl read asks the pf twice", NULL, &hooks)
