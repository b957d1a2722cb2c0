/* SPDX-License-Identifier: MIT */
/* harness/channel_end.c - see harness/channel_end.h. */
#include "harness/channel_end.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SHELL_CANNOT_EXECUTE = 126, SHELL_NOT_FOUND = 127 };

static void describe(const struct vpci_process_end *end, char *to, size_t size)
{
    const char *name = end->signal != 0 ? sigabbrev_np(end->signal) : NULL;
    if (name != NULL)
        snprintf(to, size, "ended by SIG%s", name);
    else if (end->signal != 0)
        snprintf(to, size, "ended by signal %" PRId32, end->signal);
    else
        snprintf(to, size, "ended with exit code %" PRId32, end->exit_code);
}

/* There is no sure sign that an address space was full. Taken for one: the peak came near the cap, or the
 * runtime of the adapter's language says so in its last words. */
static bool ran_out_of_memory(const struct vpci_stream *stream, uint64_t memory_bytes)
{
    static const char *const last_words[] = { "MemoryError",   "bad_alloc",   "out of memory",
                                              "Out of memory", "OutOfMemory", "Cannot allocate memory" };
    if (memory_bytes == 0 || (stream->end.signal == 0 && stream->end.exit_code == 0))
        return false;
    if ((uint64_t)stream->end.peak_bytes >= memory_bytes / 4 * 3)
        return true;
    for (size_t i = 0; i < sizeof last_words / sizeof last_words[0]; i++) {
        if (strstr(stream->errors, last_words[i]) != NULL)
            return true;
    }
    return false;
}

static enum vpci_failure explain_connection(const struct vpci_stream *stream, enum vpci_channel_stage stage,
                                            char *reason, size_t reason_bytes)
{
    const char *how = stream->connection_lost ? "the connection was lost" : "it closed the connection";
    snprintf(reason, reason_bytes, "%s%s", how, stage == VPCI_STAGE_BEFORE_HELLO ? " before hello" : "");
    if (stage == VPCI_STAGE_BEFORE_HELLO)
        return VPCI_FAILURE_EXIT_AT_START;
    if (stage == VPCI_STAGE_AFTER_BYE && !stream->connection_lost)
        return VPCI_FAILURE_NONE;
    return VPCI_FAILURE_EXIT;
}

static enum vpci_failure explain_before_hello(const struct vpci_stream *stream, const char *how, char *reason,
                                              size_t reason_bytes)
{
    snprintf(reason, reason_bytes, "%s before hello", how);
    const int32_t code = stream->end.exit_code;
    return code == SHELL_CANNOT_EXECUTE || code == SHELL_NOT_FOUND ? VPCI_FAILURE_START_FAILED
                                                                   : VPCI_FAILURE_EXIT_AT_START;
}

static enum vpci_failure explain_process(const struct vpci_stream *stream, enum vpci_channel_stage stage,
                                         uint64_t memory_bytes, char *reason, size_t reason_bytes)
{
    char how[64];
    describe(&stream->end, how, sizeof how);
    snprintf(reason, reason_bytes, "%s", how);
    if (ran_out_of_memory(stream, memory_bytes)) {
        snprintf(reason, reason_bytes, "%s under a cap of %" PRIu64 " bytes", how, memory_bytes);
        return VPCI_FAILURE_OUT_OF_MEMORY;
    }
    if (stage == VPCI_STAGE_BEFORE_HELLO)
        return explain_before_hello(stream, how, reason, reason_bytes);
    if (stream->end.signal != 0)
        return VPCI_FAILURE_CRASH;
    if (!stream->input_ended) {
        snprintf(reason, reason_bytes, "%s, and a process it started holds its output open", how);
        return VPCI_FAILURE_LEFT_CHILD;
    }
    if (vpci_stream_rest(stream) > 0) {
        snprintf(reason, reason_bytes, "%s in the middle of a line, after %zu bytes of it", how,
                 vpci_stream_rest(stream));
        return VPCI_FAILURE_TRUNCATED_LINE;
    }
    if (stage == VPCI_STAGE_AFTER_BYE && stream->end.exit_code == 0)
        return VPCI_FAILURE_NONE;
    return VPCI_FAILURE_EXIT;
}

enum vpci_failure vpci_channel_explain_end(const struct vpci_stream *stream, enum vpci_channel_stage stage,
                                           uint64_t memory_bytes, char *reason, size_t reason_bytes)
{
    reason[0] = '\0';
    if (!stream->is_process && vpci_stream_rest(stream) > 0) {
        snprintf(reason, reason_bytes, "the connection ended in the middle of a line, after %zu bytes of it",
                 vpci_stream_rest(stream));
        return VPCI_FAILURE_TRUNCATED_LINE;
    }
    if (!stream->is_process)
        return explain_connection(stream, stage, reason, reason_bytes);
    if (!stream->process_ended) {
        snprintf(reason, reason_bytes, "it closed its output and did not end");
        return stage == VPCI_STAGE_BEFORE_HELLO ? VPCI_FAILURE_START_TIMEOUT
               : stage == VPCI_STAGE_RUNNING    ? VPCI_FAILURE_HANG
                                                : VPCI_FAILURE_HANG_AT_CLOSE;
    }
    if (stream->end.exec_errno != 0) {
        snprintf(reason, reason_bytes, "cannot start /bin/sh: %s", strerror(stream->end.exec_errno));
        return VPCI_FAILURE_START_FAILED;
    }
    return explain_process(stream, stage, memory_bytes, reason, reason_bytes);
}
