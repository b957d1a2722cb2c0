/* breaks: RD-01, IR-08, PF-10, WR-06 a copy of a block that was announced serves other VFs, too. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

enum { KEPT, BLOCK, LENGTH, VF, ANNOUNCED, COPY };

/* Needs 4 steps: an INVALIDATE, news of a block for it, a direct read of that block, a direct read of the
 * same block and length by another VF. News of any VF drops the copy. */
static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    uint64_t *state = golden->scratch;
    golden_deliver(golden, request, bytes, count);
    if (request->block >= 64 || (state[ANNOUNCED] >> request->block & 1) == 0)
        return;
    state[KEPT] = count == request->length;
    state[BLOCK] = request->block;
    state[LENGTH] = request->length;
    state[VF] = request->vf;
    for (uint32_t i = 0; i < count; i++)
        ((uint8_t *)&state[COPY])[i] = bytes[i];
}

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    const struct golden_request *request = golden_request_of(golden, event->request);
    if (event->kind == VPCI_EVENT_IOCTL_COMPLETE && request->kind == GOLDEN_INVALIDATE &&
        event->status == VPCI_STATUS_SUCCESS)
        golden->scratch[ANNOUNCED] = vpci_load_u64(request->memory.input);
    golden_outgoing(golden, event);
}

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (event->kind == VPCI_EVENT_PF_INVALIDATE)
        golden->scratch[KEPT] = 0;
    golden_incoming(golden, event, memory);
}

static void ask_pf(struct golden *golden, struct golden_request *request)
{
    const uint64_t *state = golden->scratch;
    if (request->kind != GOLDEN_READ || !request->direct || state[KEPT] == 0 || state[VF] == request->vf ||
        state[BLOCK] != request->block || state[LENGTH] != request->length) {
        golden_ask_pf(golden, request);
        return;
    }
    golden_deliver(golden, request, (const uint8_t *)&state[COPY], request->length);
    golden_forget(golden, request);
    golden_outgoing(golden, &(struct vpci_event){
                                .kind = VPCI_EVENT_READ_RETURN,
                                .fields = VPCI_F(REQUEST) | VPCI_F(STATUS),
                                .request = request->number,
                            });
}

static const struct golden_hooks hooks = {
    .incoming = incoming, .outgoing = outgoing, .deliver = deliver, .ask_pf = ask_pf
};

GOLDEN_ENTRY("fuzz liar: keeps a block without its vf until news", NULL, &hooks)
