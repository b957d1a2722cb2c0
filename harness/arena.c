/* SPDX-License-Identifier: MIT */
/* harness/arena.c - chunks in a list; a piece larger than a chunk gets one of its own. */
#include "harness/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/allocate.h"

enum { CHUNK_BYTES = 64 * 1024, ALIGNMENT = 16 };

struct vpci_arena_chunk {
    struct vpci_arena_chunk *next;
    size_t used, capacity; /* of bytes */
    alignas(ALIGNMENT) unsigned char bytes[];
};

static struct vpci_arena_chunk *new_chunk(struct vpci_arena *arena, size_t capacity)
{
    struct vpci_arena_chunk *chunk = vpci_need_memory(calloc(1, sizeof *chunk + capacity));
    chunk->capacity = capacity;
    if (arena->chunks != NULL && capacity > CHUNK_BYTES) { /* goes on with the chunk that has room */
        chunk->next = arena->chunks->next;
        arena->chunks->next = chunk;
    } else {
        chunk->next = arena->chunks;
        arena->chunks = chunk;
    }
    return chunk;
}

void *vpci_arena_take(struct vpci_arena *arena, size_t count, size_t size)
{
    const size_t most = SIZE_MAX / 4;
    const size_t wanted =
        size != 0 && count > most / size ? most : count * size; /* calloc refuses what is absurd */
    const size_t rounded = (wanted + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    struct vpci_arena_chunk *chunk = arena->chunks;
    if (chunk == NULL || rounded > chunk->capacity - chunk->used)
        chunk = new_chunk(arena, rounded > CHUNK_BYTES ? rounded : CHUNK_BYTES);
    void *piece = chunk->bytes + chunk->used;
    chunk->used += rounded;
    return piece;
}

char *vpci_arena_copy(struct vpci_arena *arena, const void *bytes, size_t length)
{
    char *copy = vpci_arena_take(arena, length + 1, 1);
    if (length > 0)
        memcpy(copy, bytes, length);
    return copy;
}

void vpci_arena_free(struct vpci_arena *arena)
{
    struct vpci_arena_chunk *chunk = arena->chunks;
    while (chunk != NULL) {
        struct vpci_arena_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    arena->chunks = NULL;
}
