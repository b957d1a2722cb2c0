/* SPDX-License-Identifier: MIT */
/* harness/channel_stream.h - bytes to and from an adapter: whole lines under limits and deadlines, never more
 * memory than one line, never blocked by a peer that does not read. Knows nothing of what the lines say. */
#ifndef VPCI_CHANNEL_STREAM_H
#define VPCI_CHANNEL_STREAM_H

#include "harness/channel_process.h"
#include "harness/text.h"

enum { VPCI_STREAM_ERROR_BYTES = 192 };

enum vpci_stream_news {
    VPCI_STREAM_LINE,          /* a line is there */
    VPCI_STREAM_SENT,          /* everything has been written */
    VPCI_STREAM_QUIET,         /* the time is over */
    VPCI_STREAM_ENDED,         /* the peer will say nothing more; see the members below */
    VPCI_STREAM_LINE_TOO_LONG, /* line_bytes without a newline */
    VPCI_STREAM_TOO_MUCH,      /* more than case_bytes since vpci_stream_new_case */
};

struct vpci_stream {
    /* what the owner may read after ENDED */
    bool is_process;
    bool input_ended;     /* no more bytes: end of file, or the connection is lost */
    bool connection_lost; /* by an error, not an orderly end */
    bool process_ended;   /* end is valid */
    struct vpci_process_end end;
    char errors[VPCI_STREAM_ERROR_BYTES]; /* last bytes of the standard error output, NUL-terminated */
    /* private */
    int in, out, err;
    struct vpci_process process;
    uint32_t line_bytes;
    uint64_t case_bytes, taken;
    char *bytes; /* [from, to) is unread, [from, scanned) has no newline */
    size_t capacity, from, scanned, to;
    struct vpci_text sending;
    size_t sent;
    size_t error_length;
};

/* Milliseconds on the monotonic clock. */
int64_t vpci_stream_now_ms(void);

/* Opens the peer that spec names: "exec:COMMAND", "unix:PATH" or "tcp:HOST:PORT". until_ms bounds the
 * connecting. On false, error has the reason; the stream is then closed. */
bool vpci_stream_open(struct vpci_stream *stream, const char *spec, uint64_t memory_bytes, int64_t until_ms,
                      char *error, size_t error_bytes);

/* Sets the limits: the longest line with its newline, and the most bytes of one case. */
void vpci_stream_limit(struct vpci_stream *stream, uint32_t line_bytes, uint64_t case_bytes);

/* Counts the bytes of a case from here on. */
void vpci_stream_new_case(struct vpci_stream *stream);

/* Where lines to send are appended; nothing is written before vpci_stream_send or vpci_stream_next. */
struct vpci_text *vpci_stream_sending(struct vpci_stream *stream);

/* Writes what can be written at once. A peer that does not read any more is no error here: its end tells. */
void vpci_stream_send(struct vpci_stream *stream);

/* The next thing that happens, at until_ms the latest. Writes what is to be sent meanwhile; with tell_sent,
 * returns when it is. A line (without newline) is borrowed until the next call. */
enum vpci_stream_news vpci_stream_next(struct vpci_stream *stream, int64_t until_ms, bool tell_sent,
                                       char **line_out, size_t *length_out);

/* Bytes received behind the last whole line: a line cut short. */
size_t vpci_stream_rest(const struct vpci_stream *stream);

/* Tells the peer that nothing more will come. */
void vpci_stream_end_output(struct vpci_stream *stream);

/* Ends the process, if there is one, by force, and frees everything. */
void vpci_stream_close(struct vpci_stream *stream);

#endif
