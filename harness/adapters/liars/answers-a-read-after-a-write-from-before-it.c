/* breaks: WR-06 a direct read behind a write of the block gets what was read before the write. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

enum { KEPT, KEPT_BLOCK, KEPT_LENGTH, KEPT_VF, WRITTEN, KEPT_DATA };

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
    kept[WRITTEN] = 0;
    for (uint32_t i = 0; i < count; i++)
        ((uint8_t *)&kept[KEPT_DATA])[i] = bytes[i];
}

static void ask_pf(struct golden *golden, struct golden_request *request)
{
    uint64_t *kept = golden->scratch;
    if (request->kind == GOLDEN_WRITE && is_kept(golden, request))
        kept[WRITTEN] = 1;
    if (request->kind != GOLDEN_READ || !request->direct || !is_kept(golden, request) || kept[WRITTEN] == 0) {
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

static const struct golden_hooks hooks = { .deliver = deliver, .ask_pf = ask_pf };

GOLDEN_ENTRY("liar: answers a read after a write from before it", NULL, &hooks)
