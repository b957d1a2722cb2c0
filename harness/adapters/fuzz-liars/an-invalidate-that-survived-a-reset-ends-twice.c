/* breaks: WD-04 an INVALIDATE that a reset left on a second list ends there once more. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

enum { SURVIVOR, NEWS }; /* the request's number and one more; notifications that it saw */

/* Needs 6 steps: an INVALIDATE, a reset, and four notifications; the first of them ends it, the last ends it
 * again. */
static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    uint64_t *state = golden->scratch;
    if (event->kind == VPCI_EVENT_RESET && event->vf < golden->vf_count &&
        golden->vfs[event->vf].held.count == 1) {
        state[SURVIVOR] = golden->vfs[event->vf].held.numbers[0] + UINT64_C(1);
        state[NEWS] = 0;
    }
    golden_incoming(golden, event, memory);
    if (event->kind != VPCI_EVENT_PF_INVALIDATE || state[SURVIVOR] == 0 || ++state[NEWS] != 4)
        return;
    const uint32_t number = (uint32_t)state[SURVIVOR] - 1;
    state[SURVIVOR] = 0;
    if (golden_is_open(golden, number) || golden_request_of(golden, number)->kind != GOLDEN_INVALIDATE)
        return;
    golden_outgoing(golden,
                    &(struct vpci_event){
                        .kind = VPCI_EVENT_IOCTL_COMPLETE,
                        .fields = VPCI_F(REQUEST) | VPCI_F(STATUS) | VPCI_F(INFORMATION) | VPCI_F(MARKED),
                        .request = number,
                        .marked = true,
                    });
}

static const struct golden_hooks hooks = { .incoming = incoming };

GOLDEN_ENTRY("fuzz liar: an invalidate that survived a reset ends twice", NULL, &hooks)
