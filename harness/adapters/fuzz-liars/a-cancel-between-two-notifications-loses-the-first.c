/* breaks: IV-13 what was raised before a cancel is replaced, not joined, by what is raised after it. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

enum { CROSSED }; /* by VF */

/* Needs 6 steps, the second and third without a pause: an INVALIDATE, a notification, the cancel, a
 * notification of another bit, an INVALIDATE for that, and one that the first bit is owed to. */
static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    const struct golden_request *request = golden_request_of(golden, event->request);
    if (event->kind == VPCI_EVENT_CANCEL && golden_is_open(golden, event->request) &&
        request->place == GOLDEN_HELD && golden->vfs[request->vf].mask != 0)
        golden->scratch[CROSSED + request->vf] = 1;
    if (event->kind == VPCI_EVENT_IOCTL && event->vf < golden->vf_count)
        golden->scratch[CROSSED + event->vf] = 0;
    if (event->kind == VPCI_EVENT_PF_INVALIDATE && event->vf < golden->vf_count &&
        golden->scratch[CROSSED + event->vf] != 0) {
        golden->vfs[event->vf].mask = 0;
        golden->scratch[CROSSED + event->vf] = 0;
    }
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };
static const struct golden_options options = { .work_from_run = true };

GOLDEN_ENTRY("fuzz liar: a cancel between two notifications loses the first", &options, &hooks)
