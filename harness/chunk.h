/* SPDX-License-Identifier: MIT */
/* harness/chunk.h - neighbouring cases of a plan that one worker process takes at once, and what came of
 * each. Internal to the runner. */
#ifndef VPCI_CHUNK_H
#define VPCI_CHUNK_H

#include "harness/worker.h"

/* A case's result as it came from a worker, or was made for it. */
struct vpci_chunk_case {
    struct vpci_case_result result; /* the parts that are counted */
    char *line;                     /* owned; NULL: none yet. The line of the transcript follows it */
    size_t line_bytes, transcript_bytes;
    uint64_t elapsed_ns;
    bool hung;
};

struct vpci_chunk {
    uint32_t from, to;
    struct vpci_chunk_case *outcomes; /* owned, to - from of them; NULL until begun */
    bool done;
};

/* Makes room for the outcomes, unless that was done. */
void vpci_chunk_begin(struct vpci_chunk *chunk);
/* Frees the outcomes. */
void vpci_chunk_free(struct vpci_chunk *chunk);

static inline struct vpci_chunk_case *vpci_chunk_at(const struct vpci_chunk *chunk, uint32_t index)
{
    return &chunk->outcomes[index - chunk->from];
}

/* Takes over what a worker, whose first case was from, left in its region. It shared that memory with the
 * implementation, so nothing in it is trusted. */
void vpci_chunk_collect(struct vpci_chunk *chunk, const struct vpci_region *region, uint32_t from);

/* Takes a result that no worker wrote. */
void vpci_chunk_take(struct vpci_chunk *chunk, const struct vpci_case_result *result);

/* The first case from index on that has no result, or to. */
uint32_t vpci_chunk_first_missing(const struct vpci_chunk *chunk, uint32_t index);

#endif
