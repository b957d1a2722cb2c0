/* breaks: IV-05 a cancel that crosses a notification leaves its highest bit behind, to be told again. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

enum { LEFT_BEHIND }; /* by VF */

/* Needs 5 steps, the third and fourth without a pause: an INVALIDATE, another, a notification of two bits at
 * least, the cancel of the second, an INVALIDATE. */
static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    const struct golden_request *request = golden_request_of(golden, event->request);
    if (event->kind == VPCI_EVENT_CANCEL && golden_is_open(golden, event->request) &&
        request->place == GOLDEN_HELD) {
        const struct golden_vf *vf = &golden->vfs[request->vf];
        const bool several = (vf->mask & (vf->mask - 1)) != 0;
        if (several && vf->held.count > 1 && vf->held.numbers[1] == request->number)
            golden->scratch[LEFT_BEHIND + request->vf] = UINT64_C(1) << (63 - __builtin_clzll(vf->mask));
    }
    if (event->kind == VPCI_EVENT_IOCTL && event->vf < golden->vf_count) {
        golden->vfs[event->vf].mask |= golden->scratch[LEFT_BEHIND + event->vf];
        golden->scratch[LEFT_BEHIND + event->vf] = 0;
    }
    golden_incoming(golden, event, memory);
}

static const struct golden_hooks hooks = { .incoming = incoming };
static const struct golden_options options = { .work_from_run = true };

GOLDEN_ENTRY("fuzz liar: a cancel of the second tells a bit twice", &options, &hooks)
