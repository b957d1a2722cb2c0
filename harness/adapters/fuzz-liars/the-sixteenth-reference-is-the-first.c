/* breaks: QI-09 references are counted in four bits. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

/* Needs 17 steps: a query of the interface, after which the count is known, and references until it is 16. */
static void outgoing(struct golden *golden, struct vpci_event *event)
{
    event->references %= 16;
    golden_outgoing(golden, event);
}

static const struct golden_hooks hooks = { .outgoing = outgoing };

GOLDEN_ENTRY("fuzz liar: the sixteenth reference is the first", NULL, &hooks)
