/* SPDX-License-Identifier: MIT */
/* harness/arena.h - memory that is given out piece by piece and freed all at once: a loaded corpus and a
 * trace consist of many small parts with one life. */
#ifndef VPCI_ARENA_H
#define VPCI_ARENA_H

#include <stddef.h>

struct vpci_arena_chunk;

/* Zero-initialised is an empty arena. */
struct vpci_arena {
    struct vpci_arena_chunk *chunks;
};

/* Zeroed memory for count things of size bytes, aligned to 16; valid until the arena is freed. Never NULL:
 * out of memory ends the process, as in harness/text.h. */
void *vpci_arena_take(struct vpci_arena *arena, size_t count, size_t size);

/* A copy of length bytes with a NUL behind them. */
char *vpci_arena_copy(struct vpci_arena *arena, const void *bytes, size_t length);

void vpci_arena_free(struct vpci_arena *arena);

#endif
