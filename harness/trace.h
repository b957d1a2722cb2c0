/* SPDX-License-Identifier: MIT */
/* harness/trace.h - a recorded trace on disk, as the verb `check` judges it: a header line, then one event a
 * line.
 *   {"trace":1,"role":"bus","vfs":2,"capabilities":["direct"],"profile":"default"}
 *   {"event":"read","vf":0,"request":0,"block":7,"length":16} */
#ifndef VPCI_TRACE_H
#define VPCI_TRACE_H

#include "harness/arena.h"
#include "harness/text.h"
#include "models/event.h"

enum {
    VPCI_TRACE_FORMAT = 1,
    VPCI_TRACE_LINE_BYTES_MAX = 1 << 20, /* without the newline */
    VPCI_TRACE_EVENTS_MAX = 10000000,
    VPCI_TRACE_PROFILE_BYTES = 64,
    VPCI_TRACE_ERROR_BYTES = 512,
};

/* Under which conditions the events were recorded. */
struct vpci_trace_header {
    enum vpci_role role;
    uint16_t vf_count; /* 1...VPCI_VFS_MAX */
    vpci_capability_set capabilities;
    char profile[VPCI_TRACE_PROFILE_BYTES]; /* a name; whether there is such a profile is for the caller to
                                               see */
};

/* Zero-initialised is an empty trace. */
struct vpci_trace {
    struct vpci_trace_header header;
    struct vpci_event *events; /* owned, their data too */
    uint32_t event_count;
    struct vpci_arena arena;
};

/* Reads a trace, strictly: every member of the header is required, nothing unknown is passed over, no line is
 * empty. A trace without events is well-formed. On false, error holds "file:line: reason" (or "file: reason"
 * when it cannot be read at all) and the trace is empty. */
bool vpci_trace_read(struct vpci_trace *trace, const char *path, char error[VPCI_TRACE_ERROR_BYTES]);
/* The same of bytes at hand; name stands for the file in errors. */
bool vpci_trace_read_bytes(struct vpci_trace *trace, const char *name, const char *bytes, size_t length,
                           char error[VPCI_TRACE_ERROR_BYTES]);
void vpci_trace_free(struct vpci_trace *trace);

/* Appends the header line, newline included. */
void vpci_trace_print_header(struct vpci_text *text, const struct vpci_trace_header *header);

#endif
