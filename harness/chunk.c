/* SPDX-License-Identifier: MIT */
/* harness/chunk.c - see chunk.h. */
#include "harness/chunk.h"

#include <stdlib.h>
#include <string.h>

#include "harness/allocate.h"

void vpci_chunk_begin(struct vpci_chunk *chunk)
{
    if (chunk->outcomes == NULL)
        chunk->outcomes = vpci_need_memory(calloc(chunk->to - chunk->from, sizeof *chunk->outcomes));
}

void vpci_chunk_free(struct vpci_chunk *chunk)
{
    for (uint32_t i = 0; chunk->outcomes != NULL && i < chunk->to - chunk->from; i++)
        free(chunk->outcomes[i].line);
    free(chunk->outcomes);
    chunk->outcomes = NULL;
}

static bool is_line(const char *bytes, size_t length)
{
    return length != 0 && memchr(bytes, '\n', length) == bytes + length - 1;
}

static bool is_sane(const struct vpci_chunk *chunk, const struct vpci_frame *frame, size_t room,
                    uint32_t from)
{
    const char *line = (const char *)(frame + 1);
    return room >= sizeof *frame && frame->magic == VPCI_FRAME_MAGIC && frame->index >= from &&
           frame->index < chunk->to && frame->verdict < VPCI_CASE_VERDICT_COUNT &&
           frame->requirement < VPCI_REQUIREMENT_COUNT && frame->warning_count <= VPCI_WARNINGS_MAX &&
           frame->expected < VPCI_EXPECTED_COUNT && frame->expectation < VPCI_EXPECTATIONS_MAX &&
           frame->dispute < VPCI_DISPUTE_COUNT && frame->probe <= 1 &&
           frame->line_bytes <= room - sizeof *frame &&
           frame->transcript_bytes <= room - sizeof *frame - frame->line_bytes &&
           is_line(line, frame->line_bytes) &&
           (frame->transcript_bytes == 0 || is_line(line + frame->line_bytes, frame->transcript_bytes));
}

/* The parts of a result that are counted. */
static void read_frame(struct vpci_case_result *result, const struct vpci_frame *frame)
{
    *result = (struct vpci_case_result){ .index = frame->index,
                                         .verdict = (enum vpci_case_verdict)frame->verdict,
                                         .requirement = (enum vpci_requirement)frame->requirement,
                                         .warning_count = frame->warning_count,
                                         .exercised = frame->exercised,
                                         .expected = (enum vpci_expected)frame->expected,
                                         .expectation = frame->expectation,
                                         .dispute = (enum vpci_dispute)frame->dispute,
                                         .probe = frame->probe != 0 };
    for (uint32_t i = 0; i < frame->warning_count; i++)
        result->warnings[i].requirement =
            (enum vpci_requirement)(frame->warnings[i] % VPCI_REQUIREMENT_COUNT);
}

void vpci_chunk_collect(struct vpci_chunk *chunk, const struct vpci_region *region, uint32_t from)
{
    size_t at = 0;
    const size_t most = VPCI_REGION_BYTES - sizeof *region;
    const size_t bytes = region->bytes < most ? region->bytes : most;
    while (at < bytes) {
        struct vpci_frame frame;
        const uint8_t *place = region->frames + at;
        if (!is_sane(chunk, (const struct vpci_frame *)(const void *)place, bytes - at, from))
            break;
        memcpy(&frame, place, sizeof frame);
        struct vpci_chunk_case *outcome = vpci_chunk_at(chunk, frame.index);
        const size_t length = (size_t)frame.line_bytes + frame.transcript_bytes;
        free(outcome->line);
        outcome->line = vpci_need_memory(malloc(length));
        memcpy(outcome->line, place + sizeof frame, length);
        outcome->line_bytes = frame.line_bytes;
        outcome->transcript_bytes = frame.transcript_bytes;
        outcome->elapsed_ns = frame.elapsed_ns;
        outcome->hung = frame.hung != 0;
        read_frame(&outcome->result, &frame);
        at += (sizeof frame + length + 7) & ~(size_t)7;
    }
}

void vpci_chunk_take(struct vpci_chunk *chunk, const struct vpci_case_result *result)
{
    struct vpci_chunk_case *outcome = vpci_chunk_at(chunk, result->index);
    struct vpci_text text = { 0 };
    vpci_print_case(&text, result);
    free(outcome->line);
    *outcome = (struct vpci_chunk_case){ .result = *result, .line = text.bytes, .line_bytes = text.length };
    outcome->result.trace = NULL;
}

uint32_t vpci_chunk_first_missing(const struct vpci_chunk *chunk, uint32_t index)
{
    while (index < chunk->to && vpci_chunk_at(chunk, index)->line != NULL)
        index++;
    return index;
}
