/* SPDX-License-Identifier: MIT */
/* harness/memory.h - the callers' buffers of the in-process seam: each ends at a guard page, so that one byte
 * too many is seen without a sanitizer, and is poisoned when its request ends, so that a late write is seen.
 */
#ifndef VPCI_MEMORY_H
#define VPCI_MEMORY_H

#include "harness/plugin.h"

enum vpci_buffer { VPCI_BUFFER_INPUT, VPCI_BUFFER_OUTPUT, VPCI_BUFFER_STATUS, VPCI_BUFFER_COUNT };

/* What was found wrong with a buffer. */
struct vpci_memory_fault {
    enum vpci_event_kind kind; /* VPCI_EVENT_OVERRUN, INPUT_MODIFIED or LATE_WRITE */
    uint32_t request;
    uint32_t offset; /* bytes from the buffer's start; a byte before it counts from 2^32 down */
};

struct vpci_arena_slot;

/* One set of buffers for each request number. */
struct vpci_memory_arena {
    uint8_t *pages; /* owned mapping */
    size_t page_bytes;
    struct vpci_arena_slot *slots; /* owned, VPCI_REQUESTS_MAX of them */
    uint64_t live;                 /* bit r: request r has buffers in use */
    uint64_t quarantined;          /* bit r: its buffers are poisoned */
};

/* Maps the arena. False when memory is short. */
bool vpci_memory_create(struct vpci_memory_arena *arena);
void vpci_memory_destroy(struct vpci_memory_arena *arena);
/* Forgets all requests: for the next case. */
void vpci_memory_reset(struct vpci_memory_arena *arena);

/* Lays out the buffers that this event's request brings along. False when the event brings none. */
bool vpci_memory_prepare(struct vpci_memory_arena *arena, const struct vpci_event *event,
                         struct vpci_memory *memory_out);

/* The caller changes the input of a request that is under way. */
void vpci_memory_change_input(struct vpci_memory_arena *arena, uint32_t request, const uint8_t *data,
                              uint32_t length);

/* Looks for bytes that were written where the request does not allow. True when there are some. */
bool vpci_memory_check(struct vpci_memory_arena *arena, uint32_t request,
                       struct vpci_memory_fault *fault_out);

/* Fills in what the caller's buffers hold now (data, mask; for a signal also status and information). The
 * data stay valid until the request number is prepared anew. */
void vpci_memory_observe(struct vpci_memory_arena *arena, struct vpci_event *event);

/* The request is over: keeps a copy of what the buffers hold, and poisons them. */
void vpci_memory_quarantine(struct vpci_memory_arena *arena, uint32_t request);

/* Looks for a write into any poisoned buffer. True when there is one; the buffer is then no longer watched.
 */
bool vpci_memory_find_late_write(struct vpci_memory_arena *arena, struct vpci_memory_fault *fault_out);

/* Whether an address lies in a guard page, and which request's buffer it follows. */
bool vpci_memory_is_guard(const struct vpci_memory_arena *arena, const void *address,
                          struct vpci_memory_fault *fault_out);

#endif
