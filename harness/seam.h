/* SPDX-License-Identifier: MIT */
/* harness/seam.h - how the conductor of a scenario talks to one implementation, wherever that runs.
 * Two seams implement it: in process (inprocess.h) and the channel to another process (channel.h). */
#ifndef VPCI_SEAM_H
#define VPCI_SEAM_H

#include "harness/plugin.h"

/* Why a seam could not go on. Each is a named cause in the results. */
#define VPCI_FAILURES(X)                                                                                    \
    /* name, JSON name, is a failure of the implementation (else: of the adapter or the kit, no verdict) */ \
    X(NONE, "none", false)                                                                                  \
    X(CRASH, "crash", true)                        /* ended by a signal */                                  \
    X(HANG, "hang", true)                          /* no answer within the step's deadline */               \
    X(HANG_AT_CLOSE, "hang_at_close", true)        /* no answer to close, or alive after its input ended */ \
    X(EXIT, "exit", true)                          /* ended by itself in the middle of a scenario */        \
    X(EXIT_AT_START, "exit_at_start", false)       /* ended before it said hello */                         \
    X(START_TIMEOUT, "start_timeout", false)       /* no hello within the deadline */                       \
    X(START_FAILED, "start_failed", false)         /* cannot be loaded, started or connected to */          \
    X(VERSION_MISMATCH, "version_mismatch", false) /* plug-in ABI or channel protocol of another version */ \
    X(GARBAGE, "garbage", false)                   /* a line that is not JSON, or not of the protocol */    \
    X(TRUNCATED_LINE, "truncated_line", false)     /* the stream ended in the middle of a line */           \
    X(LINE_TOO_LONG, "line_too_long", false)                                                                \
    X(TOO_MUCH_OUTPUT, "too_much_output", false)   /* more bytes in one case than allowed */                \
    X(DUPLICATE_ANSWER, "duplicate_answer", false) /* a second answer to one kit message */                 \
    X(FOREIGN_CASE, "foreign_case", false)  /* a message about another scenario than the running one */     \
    X(OUT_OF_MEMORY, "out_of_memory", true) /* beyond the memory cap */                                     \
    X(REFUSED, "refused", false)            /* the adapter says it cannot do this step */                   \
    X(DIVERGED, "diverged", false)          /* a recording in which something else was sent */              \
    X(LEFT_CHILD, "left_child", false)      /* a process it started outlived it and held the pipe */

enum vpci_failure {
#define X(name, json, of_implementation) VPCI_FAILURE_##name,
    VPCI_FAILURES(X)
#undef X
        VPCI_FAILURE_COUNT
};

struct vpci_failure_info {
    const char *name;
    bool of_implementation;
};
extern const struct vpci_failure_info vpci_failure_info[VPCI_FAILURE_COUNT];

enum { VPCI_PICS_TEXT_BYTES = 128, VPCI_DETAIL_BYTES = 256 };

/* What an implementation says of itself (the PICS). */
struct vpci_pics {
    char name[VPCI_PICS_TEXT_BYTES];
    char version[VPCI_PICS_TEXT_BYTES];
    uint32_t roles; /* bit VPCI_ROLE_x */
    vpci_capability_set capabilities;
};

/* Defaults of struct vpci_limits below. Memory has none: 0 is no limit. */
enum {
    VPCI_DEFAULT_START_TIMEOUT_MS = 10 * 1000,
    VPCI_DEFAULT_STEP_TIMEOUT_MS = 5 * 1000,
    VPCI_DEFAULT_WINDOW_MS = 50,
    VPCI_DEFAULT_LINE_BYTES = 1024 * 1024,
    VPCI_DEFAULT_CASE_BYTES = 64 * 1024 * 1024,
};

/* Limits of one seam; 0 means the default. */
struct vpci_limits {
    uint32_t start_timeout_ms; /* until hello */
    uint32_t step_timeout_ms;  /* per fence: submit to settled */
    uint32_t window_ms;        /* silence that counts as rest, for a channel that does not claim settle */
    uint32_t line_bytes;       /* longest line taken from a channel */
    uint64_t case_bytes;       /* most bytes taken from a channel in one case */
    uint64_t memory_bytes;     /* address space of an exec: adapter */
};

/* Receives each event of the implementation, in order. event and its data are borrowed during the call.
 * Called only from inside the seam's functions, on the thread that called them. */
typedef void vpci_observe_fn(void *observer, const struct vpci_event *event);

struct vpci_seam {
    const struct vpci_seam_ops *ops;
    struct vpci_pics pics;    /* valid after a successful connect */
    bool exact_order;         /* observations come in the order in which things happened */
    vpci_observe_fn *observe; /* set by the conductor before begin */
    void *observer;
    enum vpci_failure failure;      /* sticky; not NONE: only disconnect and destroy may follow */
    char detail[VPCI_DETAIL_BYTES]; /* of the failure, one line, printable */
};

/* All return false when the seam has failed; failure and detail then say why. */
struct vpci_seam_ops {
    /* Loads, starts or connects to the implementation and learns its PICS. */
    bool (*connect)(struct vpci_seam *seam);
    /* Makes a fresh device for one case. */
    bool (*begin)(struct vpci_seam *seam, const struct vpci_device *device);
    /* Delivers one event of the kit. A fence is not implied. */
    bool (*submit)(struct vpci_seam *seam, const struct vpci_event *event);
    /* Returns once the implementation is at rest; everything it did has been observed by then. */
    bool (*settle)(struct vpci_seam *seam);
    /* Ends the case's device. */
    bool (*end)(struct vpci_seam *seam);
    /* Stops the implementation (within its deadline, by force if need be) and frees the seam. Also after
     * failure. The failure of the stop itself (hang at close, child left) is stored in *failure_out, if not
     * NULL. */
    void (*destroy)(struct vpci_seam *seam, enum vpci_failure *failure_out);
    /* Calls body, from inside which the other functions are called for one case, and returns what it returns.
     * Where a failure comes as a crash or a hang, body is left in the middle and the answer is false. May be
     * NULL: then body is called as any function. Saves every other function that it prepares for one. */
    bool (*enclose)(struct vpci_seam *seam, bool (*body)(void *context), void *context);
};

/* Records a failure, unless one is recorded already. Always returns false, so that callers can return it. */
bool vpci_seam_fail(struct vpci_seam *seam, enum vpci_failure failure, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Hands one event of the implementation to the observer. */
static inline void vpci_seam_observe(struct vpci_seam *seam, const struct vpci_event *event)
{
    seam->observe(seam->observer, event);
}

#endif
