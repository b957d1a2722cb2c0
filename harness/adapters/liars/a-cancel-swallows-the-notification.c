/* breaks: IV-13 a cancel in the instant of a notification takes the accumulated mask along. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (event->kind == VPCI_EVENT_CANCEL && golden_is_open(golden, event->request) &&
        golden_request_of(golden, event->request)->place == GOLDEN_HELD)
        golden->vfs[golden_request_of(golden, event->request)->vf].mask = 0;
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };
static const struct golden_options options = { .work_from_run = true };

GOLDEN_ENTRY("liar: a cancel swallows the notification", &options, &hooks)
