/* breaks: IR-08, DC-11 a longer read sent from inside a completion gets the outer bytes. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

enum { INSIDE, BLOCK, LENGTH, INNER, OUTER }; /* INSIDE, INNER: a request's number and one more */

/* Needs 3 steps: an IOCTL read, a longer one of the same block from inside its completion, the answer. */
static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (golden->scratch[INSIDE] != 0 && event->kind == VPCI_EVENT_IOCTL)
        golden->scratch[INNER] = event->request + UINT64_C(1);
    golden_incoming(golden, event, memory);
}

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    const struct golden_request *request = golden_request_of(golden, event->request);
    const bool reads = event->kind == VPCI_EVENT_IOCTL_COMPLETE && request->kind == GOLDEN_READ &&
                       event->status == VPCI_STATUS_SUCCESS;
    if (reads) {
        golden->scratch[INSIDE] = event->request + UINT64_C(1);
        golden->scratch[BLOCK] = request->block;
        golden->scratch[LENGTH] = event->information;
        for (uint64_t i = 0; i < event->information; i++)
            ((uint8_t *)&golden->scratch[OUTER])[i] = request->memory.output[i];
    }
    golden_outgoing(golden, event);
    if (reads)
        golden->scratch[INSIDE] = 0;
}

static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    const uint64_t *state = golden->scratch;
    golden_deliver(golden, request, bytes, count);
    if (state[INNER] != request->number + UINT64_C(1) || request->block != state[BLOCK] ||
        count <= state[LENGTH])
        return;
    for (uint64_t i = 0; i < state[LENGTH]; i++)
        request->memory.output[i] = ((const uint8_t *)&state[OUTER])[i];
}

static const struct golden_hooks hooks = { .incoming = incoming, .outgoing = outgoing, .deliver = deliver };

GOLDEN_ENTRY("fuzz liar: a request sent from inside gets the outer data", NULL, &hooks)
