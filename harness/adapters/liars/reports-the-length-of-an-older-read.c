/* breaks: IR-05 a read that overtakes a shorter one of the same block reports the length of that. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

/* Needs 4 steps: a write, an IOCTL read and a longer one, all of one block and at the PF, and the answer to
 * the newest. */
static uint64_t information(const struct golden *golden, const struct golden_request *request, uint32_t count)
{
    uint64_t reported = count;
    bool beside_write = false;
    for (uint32_t i = 0; i < VPCI_CALLS_MAX; i++) {
        const struct golden_call *call = &golden->calls[i];
        if ((golden->calls_busy >> i & 1) == 0 || call->abandoned)
            continue;
        const struct golden_request *other = &golden->requests[call->request];
        if (other->vf != request->vf || other->block != request->block || other->birth > request->birth)
            continue;
        beside_write = beside_write || call->writes;
        if (!call->writes && other->length < reported)
            reported = other->length;
    }
    return request->kind == GOLDEN_READ && beside_write ? reported : count;
}

static const struct golden_hooks hooks = { .information = information };

GOLDEN_ENTRY("liar: reports the length of an older read", NULL, &hooks)
