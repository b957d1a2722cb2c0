/* SPDX-License-Identifier: MIT */
/* tests/adapters/exits.c - leaves the process in the middle of a case, with the exit code of success (RS-02).
 * Needs 3 steps: a direct write, a direct read, a reset. */
#include "harness/adapters/golden/golden.h"

#include <stdlib.h>

enum { PROGRESS };

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    uint64_t *progress = &golden->scratch[PROGRESS];
    if (event->kind == VPCI_EVENT_WRITE && *progress == 0)
        *progress = 1;
    else if (event->kind == VPCI_EVENT_READ && *progress == 1)
        *progress = 2;
    else if (event->kind == VPCI_EVENT_RESET && *progress == 2)
        exit(0);
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("exits", NULL, &hooks)
