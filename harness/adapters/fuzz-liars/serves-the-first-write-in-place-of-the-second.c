/* breaks: IR-08, DC-11, DC-10 a read that overtakes an older one is served from an old copy of a write. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

/* Needs 9 steps, in this order, all about one block: a write, its answer, a read that stays at the PF, an
 * INVALIDATE, the block's news, a second write, its answer, a second read, the answer to that one. */
enum { STAGE, VF, BLOCK, COPY };
enum { NOTHING, WRITTEN, READING, ASKING, TOLD, OUTDATED };

static bool is_about(const struct golden *golden, const struct golden_request *request)
{
    return golden->scratch[VF] == request->vf && golden->scratch[BLOCK] == request->block;
}

static void ask_pf(struct golden *golden, struct golden_request *request)
{
    uint64_t *stage = &golden->scratch[STAGE];
    if (request->kind == GOLDEN_WRITE && *stage == TOLD && is_about(golden, request)) {
        *stage = OUTDATED;
    } else if (request->kind == GOLDEN_WRITE) {
        *stage = WRITTEN;
        golden->scratch[VF] = request->vf;
        golden->scratch[BLOCK] = request->block;
        for (uint32_t i = 0; i < request->length; i++)
            ((uint8_t *)&golden->scratch[COPY])[i] = request->data[i];
    } else if (*stage == WRITTEN && is_about(golden, request) && golden->calls_busy == 0) {
        *stage = READING;
    }
    golden_ask_pf(golden, request);
}

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    uint64_t *stage = &golden->scratch[STAGE];
    const struct golden_request *request = golden_request_of(golden, event->request);
    if (*stage == ASKING && event->kind == VPCI_EVENT_IOCTL_COMPLETE && request->kind == GOLDEN_INVALIDATE &&
        event->status == VPCI_STATUS_SUCCESS && golden->calls_busy != 0 && golden->scratch[BLOCK] < 64 &&
        (vpci_load_u64(request->memory.input) >> golden->scratch[BLOCK] & 1) != 0)
        *stage = TOLD;
    golden_outgoing(golden, event);
}

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (golden->scratch[STAGE] == READING && event->kind == VPCI_EVENT_IOCTL &&
        event->code == VPCI_IOCTL_INVALIDATE_BLOCK)
        golden->scratch[STAGE] = ASKING;
    golden_incoming(golden, event, memory);
}

static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    const bool overtakes = golden->calls_busy != 0;
    const bool stale = golden->scratch[STAGE] == OUTDATED && is_about(golden, request) && overtakes;
    golden_deliver(golden, request, stale ? (const uint8_t *)&golden->scratch[COPY] : bytes, count);
}

static const struct golden_hooks hooks = {
    .incoming = incoming, .outgoing = outgoing, .ask_pf = ask_pf, .deliver = deliver
};

GOLDEN_ENTRY("fuzz liar: serves the first write in place of the second", NULL, &hooks)
