/* breaks: PF-10 a direct read of the block just read is answered from a copy. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

enum { CACHED, CACHED_BLOCK, CACHED_LENGTH, CACHED_VF, CACHED_DATA };

static bool is_cached(const struct golden *golden, const struct golden_request *request)
{
    const uint64_t *cache = golden->scratch;
    return cache[CACHED] != 0 && cache[CACHED_BLOCK] == request->block &&
           cache[CACHED_LENGTH] == request->length && cache[CACHED_VF] == request->vf;
}

static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    uint64_t *cache = golden->scratch;
    golden_deliver(golden, request, bytes, count);
    cache[CACHED] = count == request->length;
    cache[CACHED_BLOCK] = request->block;
    cache[CACHED_LENGTH] = request->length;
    cache[CACHED_VF] = request->vf;
    for (uint32_t i = 0; i < count; i++)
        ((uint8_t *)&cache[CACHED_DATA])[i] = bytes[i];
}

static void ask_pf(struct golden *golden, struct golden_request *request)
{
    if (request->kind == GOLDEN_WRITE)
        golden->scratch[CACHED] = 0;
    if (request->kind != GOLDEN_READ || !request->direct || !is_cached(golden, request)) {
        golden_ask_pf(golden, request);
        return;
    }
    golden_deliver(golden, request, (const uint8_t *)&golden->scratch[CACHED_DATA], request->length);
    golden_forget(golden, request);
    golden_outgoing(golden, &(struct vpci_event){
                                .kind = VPCI_EVENT_READ_RETURN,
                                .fields = VPCI_F(REQUEST) | VPCI_F(STATUS),
                                .request = request->number,
                            });
}

static const struct golden_hooks hooks = { .deliver = deliver, .ask_pf = ask_pf };

GOLDEN_ENTRY("liar: caches reads", NULL, &hooks)
