/* SPDX-License-Identifier: MIT */
/* harness/transcript.h - transcripts.jsonl, what was said in every case that was played, in both directions:
 * a line that is the header of the results, then a line a case.
 *
 * From a transcript a case is played again without the implementation: playback is a seam that checks what
 * the kit sends and answers as the implementation did. That is how a verdict is judged anew years later, by
 * this model or a newer one. */
#ifndef VPCI_TRANSCRIPT_H
#define VPCI_TRANSCRIPT_H

#include <cjson/cJSON.h>

#include "harness/arena.h"
#include "harness/conductor.h"

enum {
    VPCI_TRANSCRIPT_BYTES_MAX = 4 * 1024 * 1024,          /* ours: a longer line is left out */
    VPCI_TRANSCRIPTS_FILE_BYTES_MAX = 1024 * 1024 * 1024, /* ours: of a whole file, for its reader */
};

/* What was said in one case. */
struct vpci_transcript {
    uint32_t index;                  /* of the case in its plan */
    const char *name;                /* of the case */
    bool exact_order;                /* of the seam */
    const struct vpci_event *events; /* all that were judged; borrowed */
    uint32_t event_count;
    const uint32_t *fences; /* before which event the kit began to wait for rest, each time; borrowed */
    uint32_t fence_count;
    enum vpci_failure failure; /* of the seam */
    const char *detail;        /* of the failure; "" without one */
};

/* The transcript of the case that the conductor played last; borrowed until it plays another. False when it
 * was too long to be kept whole. */
bool vpci_conductor_transcript(const struct vpci_conductor *conductor,
                               struct vpci_transcript *transcript_out);

/* Appends one line, newline included; nothing when it would be longer than VPCI_TRANSCRIPT_BYTES_MAX. */
void vpci_transcript_print(struct vpci_text *text, const struct vpci_transcript *transcript);

/* Takes the object of one line, checks every member, and fills the transcript in from the arena. False: error
 * is set. */
struct vpci_record_error;
bool vpci_transcript_parse(struct vpci_transcript *transcript, const cJSON *object, struct vpci_arena *arena,
                           struct vpci_record_error *error);

/* A file of transcripts while it is read. */
struct vpci_transcripts {
    struct vpci_results_header header;
    char *bytes; /* owned */
    size_t length, from;
    unsigned long line; /* from 1 */
    const char *path;   /* borrowed */
    struct vpci_arena of_header, of_line;
};

/* Reads the header. On false, error holds "file:line: reason" and nothing is to be closed. */
bool vpci_transcripts_open(struct vpci_transcripts *transcripts, const char *path,
                           char error[VPCI_ERROR_BYTES]);
/* Reads the next transcript, which lives until the one after it is read. At the end *transcript_out has no
 * name. On false, error holds "file:line: reason". */
bool vpci_transcripts_next(struct vpci_transcripts *transcripts, struct vpci_transcript *transcript_out,
                           char error[VPCI_ERROR_BYTES]);
void vpci_transcripts_close(struct vpci_transcripts *transcripts);

/* A seam over a transcript, which is borrowed. Never NULL; destroyed as any. It fails with DIVERGED, naming
 * the event, where the kit sends something else than it did then. */
struct vpci_seam *vpci_playback_create(const struct vpci_transcript *transcript, const struct vpci_pics *pics,
                                       enum vpci_role role);

#endif
