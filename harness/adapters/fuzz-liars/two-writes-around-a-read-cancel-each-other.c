/* breaks: WR-06, RD-02, IR-08 in a stack two IOCTL writes around a direct read are lost. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

#include <string.h>

enum { STAGE, VF, BLOCK, BEFORE };
enum { NOTHING, WRITTEN, READ };

static struct golden_block *block_of(struct golden *golden, const struct golden_request *request)
{
    for (uint32_t i = 0; i < golden->blocks.slot_count; i++) {
        struct golden_block *block = &golden->blocks.slots[i];
        if (block->used && block->vf == request->vf && block->id == request->block)
            return block;
    }
    return NULL;
}

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (golden->waiting.count == 0)
        golden->scratch[STAGE] = NOTHING;
    golden_incoming(golden, event, memory);
}

/* Needs 5 steps, the second and third without a pause: a write, an IOCTL write, a direct read, an IOCTL
 * write, a read, all of one block. Without the first the block is as fresh as it was, which a read shows as
 * well. */
static void ask_pf(struct golden *golden, struct golden_request *request)
{
    uint64_t *state = golden->scratch;
    const bool same = state[VF] == request->vf && state[BLOCK] == request->block;
    struct golden_block *block = block_of(golden, request);
    const bool writes = request->kind == GOLDEN_WRITE;
    const bool undo = writes && same && state[STAGE] == READ && block != NULL;
    if (undo)
        memcpy(block->bytes, &state[BEFORE], sizeof block->bytes);
    if (writes && !undo) {
        memset(&state[BEFORE], 0, sizeof block->bytes);
        if (block != NULL)
            memcpy(&state[BEFORE], block->bytes, sizeof block->bytes);
        state[VF] = request->vf;
        state[BLOCK] = request->block;
    }
    if (undo)
        state[STAGE] = NOTHING;
    else if (writes)
        state[STAGE] = request->direct ? NOTHING : WRITTEN;
    else
        state[STAGE] = same && request->direct && state[STAGE] == WRITTEN ? READ : NOTHING;
    if (undo)
        memcpy(request->data, block->bytes, sizeof block->bytes);
    golden_ask_pf(golden, request);
}

static const struct golden_hooks hooks = { .incoming = incoming, .ask_pf = ask_pf };
static const struct golden_options options = { .work_from_run = true };

GOLDEN_ENTRY("fuzz liar: two writes around a read cancel each other", &options, &hooks)
