/* SPDX-License-Identifier: MIT */
/* harness/channel_stream.c - one poll loop for both directions, the error output and the end of the process.
 */
#include "harness/channel_stream.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "harness/channel_socket.h"
#include "harness/clock.h"

enum {
    FIRST_CAPACITY = 64 * 1024,
    END_GRACE_MS = 1000, /* between the end of the output and the end of the process */
};

int64_t vpci_stream_now_ms(void)
{
    return (int64_t)(vpci_clock_ns() / VPCI_NS_PER_MS);
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* A write to a pipe nobody reads must be an error and not the end of the kit. Left alone where the program
 * has chosen otherwise. */
static void survive_broken_pipes(void)
{
    struct sigaction action;
    if (sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL) {
        action.sa_handler = SIG_IGN;
        sigaction(SIGPIPE, &action, NULL);
    }
}

bool vpci_stream_open(struct vpci_stream *stream, const char *spec, uint64_t memory_bytes, int64_t until_ms,
                      char *error, size_t error_bytes)
{
    static const char exec_scheme[] = "exec:";
    *stream =
        (struct vpci_stream){ .in = -1, .out = -1, .err = -1, .process = { .guardian = -1, .end = -1 } };
    survive_broken_pipes();
    if (strncmp(spec, exec_scheme, strlen(exec_scheme)) == 0) {
        stream->is_process = true;
        if (!vpci_process_start(&stream->process, spec + strlen(exec_scheme), memory_bytes, error,
                                error_bytes))
            return false;
        stream->in = stream->process.from_adapter;
        stream->out = stream->process.to_adapter;
        stream->err = stream->process.errors;
        return true;
    }
    stream->in = vpci_socket_connect(spec, until_ms, error, error_bytes);
    stream->out = stream->in;
    return stream->in >= 0;
}

void vpci_stream_limit(struct vpci_stream *stream, uint32_t line_bytes, uint64_t case_bytes)
{
    stream->line_bytes = line_bytes;
    stream->case_bytes = case_bytes;
}

void vpci_stream_new_case(struct vpci_stream *stream)
{
    stream->taken = stream->to - stream->from;
}

struct vpci_text *vpci_stream_sending(struct vpci_stream *stream)
{
    return &stream->sending;
}

size_t vpci_stream_rest(const struct vpci_stream *stream)
{
    return stream->to - stream->from;
}

static bool all_sent(const struct vpci_stream *stream)
{
    return stream->sent == stream->sending.length;
}

void vpci_stream_send(struct vpci_stream *stream)
{
    while (!all_sent(stream) && stream->out >= 0) {
        const char *bytes = stream->sending.bytes + stream->sent;
        const size_t length = stream->sending.length - stream->sent;
        const ssize_t written = stream->is_process ? write(stream->out, bytes, length)
                                                   : send(stream->out, bytes, length, MSG_NOSIGNAL);
        if (written > 0) {
            stream->sent += (size_t)written;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return;
        } else if (errno != EINTR) {
            stream->sent = stream->sending.length; /* nobody reads it any more */
        }
    }
    vpci_text_clear(&stream->sending);
    stream->sent = 0;
}

/* The whole line at the start of what is unread. */
static bool take_line(struct vpci_stream *stream, char **line_out, size_t *length_out)
{
    char *newline = stream->scanned < stream->to
                        ? memchr(stream->bytes + stream->scanned, '\n', stream->to - stream->scanned)
                        : NULL;
    stream->scanned = stream->to;
    if (newline == NULL)
        return false;
    *line_out = stream->bytes + stream->from;
    *length_out = (size_t)(newline - *line_out);
    stream->from += *length_out + 1;
    stream->scanned = stream->from;
    return true;
}

/* Makes room to read into: at most a line's worth of bytes is ever kept. */
static void make_room(struct vpci_stream *stream)
{
    if (stream->from > 0) {
        memmove(stream->bytes, stream->bytes + stream->from, stream->to - stream->from);
        stream->to -= stream->from;
        stream->scanned -= stream->from;
        stream->from = 0;
    }
    if (stream->to < stream->capacity)
        return;
    const size_t capacity = stream->capacity == 0 ? FIRST_CAPACITY : 2 * stream->capacity;
    char *bytes = realloc(stream->bytes, capacity);
    if (bytes == NULL)
        return; /* then nothing is read, and the deadline ends it */
    stream->bytes = bytes;
    stream->capacity = capacity;
}

static void read_input(struct vpci_stream *stream)
{
    make_room(stream);
    if (stream->to == stream->capacity)
        return;
    const ssize_t length = read(stream->in, stream->bytes + stream->to, stream->capacity - stream->to);
    if (length > 0) {
        stream->to += (size_t)length;
        stream->taken += (uint64_t)length;
    } else if (length == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
        stream->connection_lost = length < 0;
        stream->input_ended = true;
    }
}

/* Keeps the end of the error output. Returns true when there was something. */
static bool read_errors(struct vpci_stream *stream)
{
    char piece[4096];
    const ssize_t length = read(stream->err, piece, sizeof piece);
    if (length == 0)
        close_fd(&stream->err);
    if (length <= 0)
        return false;
    const size_t room = sizeof stream->errors - 1;
    const size_t added = (size_t)length < room ? (size_t)length : room;
    const size_t kept = stream->error_length + added <= room ? stream->error_length : room - added;
    memmove(stream->errors, stream->errors + stream->error_length - kept, kept);
    memcpy(stream->errors + kept, piece + (size_t)length - added, added);
    stream->error_length = kept + added;
    stream->errors[stream->error_length] = '\0';
    return true;
}

static void read_end(struct vpci_stream *stream)
{
    const ssize_t length = read(stream->process.end, &stream->end, sizeof stream->end);
    if (length < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (length != (ssize_t)sizeof stream->end) /* the guardian was killed, and the adapter with it */
        stream->end = (struct vpci_process_end){ .signal = SIGKILL };
    stream->process_ended = true;
}

enum { IN, ERR, END, OUT, POLL_COUNT };

/* Waits for whatever comes first. False when nothing came in time. */
static bool wait_for_news(struct vpci_stream *stream, int64_t wait_ms)
{
    struct pollfd polled[POLL_COUNT] = {
        [IN] = { .fd = stream->input_ended ? -1 : stream->in, .events = POLLIN },
        [ERR] = { .fd = stream->err, .events = POLLIN },
        [END] = { .fd = stream->process_ended ? -1 : stream->process.end, .events = POLLIN },
        [OUT] = { .fd = stream->out, .events = POLLOUT },
    };
    const nfds_t count = all_sent(stream) ? OUT : POLL_COUNT;
    const int ready = poll(polled, count, wait_ms > INT32_MAX ? INT32_MAX : (int)wait_ms);
    if (ready <= 0)
        return ready < 0 && errno == EINTR;
    if (polled[IN].revents != 0)
        read_input(stream);
    if (polled[ERR].revents != 0)
        read_errors(stream);
    if (polled[END].revents != 0)
        read_end(stream);
    return true;
}

/* Once the output is at its end: how the process ended, if it does so soon. */
static void await_process(struct vpci_stream *stream, int64_t until_ms)
{
    const int64_t grace_ms = vpci_stream_now_ms() + END_GRACE_MS;
    while (stream->is_process && !stream->process_ended) {
        const int64_t left_ms = (until_ms < grace_ms ? until_ms : grace_ms) - vpci_stream_now_ms();
        if (left_ms < 0)
            return;
        wait_for_news(stream, left_ms);
    }
    for (int piece = 0; piece < 64 && stream->err >= 0 && read_errors(stream); piece++) {
    }
}

/* After the process ended, what it wrote is still in the pipe; someone else may hold the pipe open. */
static bool is_drained(struct vpci_stream *stream)
{
    return stream->input_ended || (stream->process_ended && !wait_for_news(stream, 0));
}

enum vpci_stream_news vpci_stream_next(struct vpci_stream *stream, int64_t until_ms, bool tell_sent,
                                       char **line_out, size_t *length_out)
{
    for (;;) {
        if (take_line(stream, line_out, length_out))
            return *length_out < stream->line_bytes ? VPCI_STREAM_LINE : VPCI_STREAM_LINE_TOO_LONG;
        if (stream->to - stream->from >= stream->line_bytes)
            return VPCI_STREAM_LINE_TOO_LONG;
        if (stream->taken > stream->case_bytes)
            return VPCI_STREAM_TOO_MUCH;
        vpci_stream_send(stream);
        if (tell_sent && all_sent(stream))
            return VPCI_STREAM_SENT;
        if (stream->input_ended || stream->process_ended) {
            if (!is_drained(stream) && vpci_stream_now_ms() < until_ms)
                continue;
            await_process(stream, until_ms);
            return VPCI_STREAM_ENDED;
        }
        const int64_t left_ms = until_ms - vpci_stream_now_ms();
        if (left_ms <= 0 || !wait_for_news(stream, left_ms))
            return VPCI_STREAM_QUIET;
    }
}

void vpci_stream_end_output(struct vpci_stream *stream)
{
    if (stream->is_process)
        close_fd(&stream->out);
    else if (stream->out >= 0)
        shutdown(stream->out, SHUT_WR);
}

void vpci_stream_close(struct vpci_stream *stream)
{
    if (stream->is_process)
        close_fd(&stream->out);
    close_fd(&stream->in);
    close_fd(&stream->err);
    vpci_process_finish(&stream->process);
    vpci_text_free(&stream->sending);
    free(stream->bytes);
    *stream =
        (struct vpci_stream){ .in = -1, .out = -1, .err = -1, .process = { .guardian = -1, .end = -1 } };
}
