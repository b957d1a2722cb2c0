/* SPDX-License-Identifier: MIT */
/* harness/adapters/golden/pf_driver.c - the PF driver of a stack: one register block per VF and block id.
 * Ids are sparse over 32 bits, so blocks live in an open-addressed table that grows up to a bound. */
#include "harness/adapters/golden/parts.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS_FIRST = 16, SLOTS_MAX = 8192 }; /* powers of two; at most three quarters are used */

/* The slot of a block, or the free one where it belongs. The table exists and has a free slot. */
static struct golden_block *find(const struct golden_blocks *blocks, uint16_t vf, uint32_t id)
{
    uint32_t at = (id ^ (uint32_t)vf << 27) * 0x9E3779B1u >> 8;
    for (;; at++) {
        struct golden_block *block = &blocks->slots[at & (blocks->slot_count - 1)];
        if (!block->used || (block->vf == vf && block->id == id))
            return block;
    }
}

/* Makes room for one more block. False at the bound, or out of memory; the table is then as it was. */
static bool grow(struct golden_blocks *blocks)
{
    const struct golden_blocks old = *blocks;
    if (blocks->slots != NULL && (blocks->used_count + 1) * 4 <= blocks->slot_count * 3)
        return true;
    const uint32_t slot_count = old.slots != NULL ? old.slot_count * 2 : (uint32_t)SLOTS_FIRST;
    struct golden_block *slots = slot_count <= SLOTS_MAX ? calloc(slot_count, sizeof *slots) : NULL;
    if (slots == NULL)
        return false;
    *blocks = (struct golden_blocks){ slots, slot_count, old.used_count };
    for (uint32_t i = 0; old.slots != NULL && i < old.slot_count; i++) {
        const struct golden_block *block = &old.slots[i];
        if (block->used)
            *find(blocks, block->vf, block->id) = *block;
    }
    free(old.slots);
    return true;
}

void golden_blocks_free(struct golden_blocks *blocks)
{
    free(blocks->slots);
    *blocks = (struct golden_blocks){ NULL, 0, 0 };
}

void golden_block_read(const struct golden_blocks *blocks, uint16_t vf, uint32_t id, uint8_t *bytes,
                       uint32_t count)
{
    const struct golden_block *block = blocks->slots != NULL ? find(blocks, vf, id) : NULL;
    if (count == 0)
        return;
    if (block != NULL && block->used)
        memcpy(bytes, block->bytes, count);
    else
        memset(bytes, 0, count);
}

vpci_ntstatus golden_block_write(struct golden_blocks *blocks, uint16_t vf, uint32_t id, const uint8_t *bytes,
                                 uint32_t count)
{
    if (!grow(blocks))
        return VPCI_STATUS_INSUFFICIENT_RESOURCES;
    struct golden_block *block = find(blocks, vf, id);
    if (!block->used)
        blocks->used_count++;
    block->used = true;
    block->vf = vf;
    block->id = id;
    if (count > 0)
        memcpy(block->bytes, bytes, count);
    return VPCI_STATUS_SUCCESS;
}
