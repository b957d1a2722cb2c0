/* SPDX-License-Identifier: MIT */
/* harness/worker.h - a worker process: plays a chunk of cases and leaves each result in memory that it
 * shares with the runner, so that nothing is lost when it dies. */
#ifndef VPCI_WORKER_H
#define VPCI_WORKER_H

#include "harness/plan.h"
#include "harness/transcript.h"

enum {
    VPCI_REGION_BYTES = 64 * 1024 * 1024, /* ours: results of one chunk; only touched pages cost memory */
    VPCI_RESULT_LINE_BYTES = 1024 * 1024, /* ours: a longer line loses its trace, when that is long too */
    VPCI_FRAME_MAGIC = 0x56504349,
    VPCI_CHUNK_HANGS_MAX = 8, /* ours: after so many hangs the rest of a chunk is skipped, not waited for */
    VPCI_TRACE_EVENTS_KEPT = 2000, /* a trace of no more events is kept whatever the line's length */
};

/* One result, followed by its line of results.jsonl and by that of transcripts.jsonl, which may be empty. A
 * later frame of the same index replaces an earlier one. */
struct vpci_frame {
    uint32_t magic;
    uint32_t index;
    uint32_t verdict; /* enum vpci_case_verdict */
    uint32_t requirement;
    uint32_t hung; /* 1: its cause is that time ran out */
    uint32_t warning_count;
    uint16_t warnings[VPCI_WARNINGS_MAX];
    struct vpci_requirement_set exercised;
    uint64_t elapsed_ns;
    uint32_t expected, expectation, dispute, probe; /* as of the result */
    uint32_t line_bytes, transcript_bytes;
};

/* Shared memory of one worker. */
struct vpci_region {
    struct vpci_breadcrumb breadcrumb;
    volatile uint32_t next;  /* the first case that has no result yet */
    volatile uint32_t bytes; /* of frames and lines below */
    struct vpci_pics pics;   /* of a probe */
    uint32_t failure;        /* of a probe: enum vpci_failure */
    char detail[VPCI_DETAIL_BYTES];
    uint8_t frames[];
};

/* In a fresh process: plays cases from...to-1 and ends the process. It may stop early, at region->next. */
_Noreturn void vpci_worker_run(const struct vpci_plan *plan, struct vpci_region *region, uint32_t from,
                               uint32_t to);

/* In a fresh process: connects, stores the PICS or the failure in the region, and ends the process. */
_Noreturn void vpci_worker_probe(const struct vpci_plan *plan, struct vpci_region *region);

/* Appends a result to the region, and what was said in the case, where that is known. False when there is no
 * room. */
bool vpci_region_add(struct vpci_region *region, struct vpci_case_result *result,
                     const struct vpci_transcript *transcript, uint64_t elapsed_ns);

#endif
