/* breaks: IV-17 the first direct read of a block after a notification gets what the block held before. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

enum { KEPT, KEPT_BLOCK, KEPT_LENGTH, KEPT_VF, NEWS, KEPT_DATA };

static bool is_kept(const struct golden *golden, const struct golden_request *request)
{
    const uint64_t *kept = golden->scratch;
    return kept[KEPT] != 0 && kept[KEPT_BLOCK] == request->block && kept[KEPT_LENGTH] == request->length &&
           kept[KEPT_VF] == request->vf;
}

static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    uint64_t *kept = golden->scratch;
    golden_deliver(golden, request, bytes, count);
    kept[KEPT] = count == request->length;
    kept[KEPT_BLOCK] = request->block;
    kept[KEPT_LENGTH] = request->length;
    kept[KEPT_VF] = request->vf;
    kept[NEWS] = 0;
    for (uint32_t i = 0; i < count; i++)
        ((uint8_t *)&kept[KEPT_DATA])[i] = bytes[i];
}

static void outgoing(struct golden *golden, struct vpci_event *event)
{
    if (event->kind == VPCI_EVENT_IOCTL_COMPLETE && event->status == VPCI_STATUS_SUCCESS &&
        golden_request_of(golden, event->request)->kind == GOLDEN_INVALIDATE)
        golden->scratch[NEWS] = 1;
    golden_outgoing(golden, event);
}

static void ask_pf(struct golden *golden, struct golden_request *request)
{
    uint64_t *kept = golden->scratch;
    if (request->kind != GOLDEN_READ || !request->direct || !is_kept(golden, request) || kept[NEWS] == 0) {
        golden_ask_pf(golden, request);
        return;
    }
    kept[KEPT] = 0;
    golden_deliver(golden, request, (const uint8_t *)&kept[KEPT_DATA], request->length);
    golden_forget(golden, request);
    golden_outgoing(golden, &(struct vpci_event){
                                .kind = VPCI_EVENT_READ_RETURN,
                                .fields = VPCI_F(REQUEST) | VPCI_F(STATUS) | VPCI_F(IRQL),
                                .request = request->number,
                                .irql = request->irql,
                            });
}

static const struct golden_hooks hooks = { .deliver = deliver, .outgoing = outgoing, .ask_pf = ask_pf };

GOLDEN_ENTRY("liar: answers the first read after news from a copy", NULL, &hooks)
