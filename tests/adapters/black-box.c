/* SPDX-License-Identifier: MIT */
/* tests/adapters/black-box.c - a fault whose way there is data only: no branch depends on how far it got, so
 * the edges of this code say nothing of the progress; only the model's states do. Breaks RD-02. Needs 5 steps
 * in this order, on one VF: a direct write, an INVALIDATE, a notification, a reset, a direct read. */
#include "harness/adapters/golden/golden.h"

enum { PROGRESS, FIVE = 5 };

/* Progress after an event, by progress before and class of event. Class 0 changes nothing; an event out of
 * turn goes back to the start, or to 1 where it is the first. */
static const uint8_t next[FIVE + 1][FIVE + 1] = {
    /* none, write, INVALIDATE, notification, reset, read */
    { 0, 1, 0, 0, 0, 0 }, /* nothing yet */
    { 1, 1, 2, 0, 0, 0 }, /* written */
    { 2, 1, 0, 3, 0, 0 }, /* asked */
    { 3, 1, 0, 0, 4, 0 }, /* told */
    { 4, 1, 0, 0, 0, 5 }, /* reset */
    { 5, 1, 0, 0, 0, 0 }, /* read: the fault */
};

static const uint8_t classes[VPCI_EVENT_COUNT] = { [VPCI_EVENT_WRITE] = 1,
                                                   [VPCI_EVENT_IOCTL] = 2,
                                                   [VPCI_EVENT_PF_INVALIDATE] = 3,
                                                   [VPCI_EVENT_RESET] = 4,
                                                   [VPCI_EVENT_READ] = 5 };

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    uint64_t *progress = &golden->scratch[PROGRESS + event->vf % VPCI_VFS_MAX];
    const bool other_ioctl = event->kind == VPCI_EVENT_IOCTL && event->code != VPCI_IOCTL_INVALIDATE_BLOCK;
    *progress = next[*progress][classes[event->kind] * !other_ioctl];
    golden_incoming(golden, event, memory);
}

static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    golden_deliver(golden, request, bytes, count);
    request->memory.output[0] ^= (uint8_t)(golden->scratch[PROGRESS + request->vf] / FIVE);
}

static const struct golden_hooks hooks = { .incoming = incoming, .deliver = deliver };

GOLDEN_ENTRY("black box", NULL, &hooks)
