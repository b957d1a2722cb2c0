/* SPDX-License-Identifier: MIT */
/* tests/adapters/crashes-on-what-it-does-not-claim.c - claims no notifications; a request for them ends it.
 */
#include "harness/adapters/golden/golden.h"

#include <stdlib.h>

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (event->kind == VPCI_EVENT_IOCTL && event->code == VPCI_IOCTL_INVALIDATE_BLOCK)
        abort();
    golden_incoming(golden, event, memory);
}

static const struct golden_options options = { .unclaimed = VPCI_CAPABILITY_BIT(INVALIDATE) };
static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("crashes on what it does not claim", &options, &hooks)
