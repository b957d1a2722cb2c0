/* SPDX-License-Identifier: MIT */
/* fuzzers/engine.h - one process of a fuzzing engine: found, started, watched, stopped. The engines
 * themselves are the field's own, libFuzzer and AFL++; nothing is built here. */
#ifndef VPCI_ENGINE_H
#define VPCI_ENGINE_H

#include <sys/types.h>

#include "harness/plan.h"

#define VPCI_ENGINES(X)                                                       \
    /* name, flavour of the target, what is missing when it is not there */   \
    X(LIBFUZZER, "libfuzzer", "libfuzzer", "clang-19 and libclang-rt-19-dev") \
    X(AFL, "afl", "afl", "afl++")

enum vpci_engine_kind {
#define X(name, spelling, flavour, packages) VPCI_ENGINE_##name,
    VPCI_ENGINES(X)
#undef X
        VPCI_ENGINE_COUNT
};
extern const char *const vpci_engine_name[VPCI_ENGINE_COUNT];

enum {
    VPCI_INPUT_BYTES_MAX = 512, /* ours: 63 events. Longer inputs cost more than they find */
};

/* What a hunt is about; borrowed for its life. */
struct vpci_engine_setup {
    const struct vpci_plan *plan;
    const char *target; /* NULL: block_protocol */
    const char *folder; /* corpus/, raw/, crashes/, afl/, own/ and log/ are below it, and exist */
    uint64_t runs;      /* executions of one process; 0: until it is stopped */
    uint64_t seed;
};

/* One process, or none. Zero-initialised is none. */
struct vpci_engine {
    enum vpci_engine_kind kind;
    unsigned number; /* of its kind, from 0 */
    pid_t pid;       /* 0: not running */
    unsigned starts;
    uint64_t executions;           /* of all starts */
    uint32_t features, corpus;     /* as the engine counts them */
    bool over;                     /* it made its runs, or cannot go on */
    bool ended_by_inputs;          /* too often to be started again */
    char fault[VPCI_DETAIL_BYTES]; /* why it cannot go on; "" when it can */
};

/* Whether the engine can be used: its target, and for AFL++ afl-fuzz. On false error says which package to
 * install. */
bool vpci_engine_find(enum vpci_engine_kind kind, const char *target, char path_out[VPCI_PATH_BYTES],
                      char error[VPCI_ERROR_BYTES]);

/* The adapter that the engine loads: the flavour's own build of a bundled one, which is instrumented, where
 * there is one. */
void vpci_engine_adapter(const struct vpci_plan *plan, enum vpci_engine_kind kind,
                         char path_out[VPCI_PATH_BYTES]);

/* Where it reads its inputs, and libFuzzer writes them, too: corpus/ of the hunt; with a number of runs, when
 * nothing may depend on the others, a folder of its own. */
void vpci_engine_corpus(const struct vpci_engine *engine, const struct vpci_engine_setup *setup,
                        char path_out[VPCI_PATH_BYTES]);

/* Starts it, or starts it again. False with engine->fault when that cannot be done. */
bool vpci_engine_start(struct vpci_engine *engine, const struct vpci_engine_setup *setup);

/* Reads its figures, and starts it again when an input ended it. Never waits. */
void vpci_engine_poll(struct vpci_engine *engine, const struct vpci_engine_setup *setup);

/* Runs libFuzzer's target to its end with these further arguments (NULL ends them), findings ignored, output
 * in log/NAME.log. True when it ended by itself with code 0 within the time. */
bool vpci_engine_once(const struct vpci_engine_setup *setup, const char *name, const char *const *arguments,
                      uint64_t time_ms);

/* The features that the inputs of a folder below setup->folder reach together, as libFuzzer counts them; 0
 * when that cannot be told. */
uint32_t vpci_engine_features(const struct vpci_engine_setup *setup, const char *inputs, uint64_t time_ms);

/* Ends it and everything it started. */
void vpci_engine_stop(struct vpci_engine *engine, const struct vpci_engine_setup *setup);

#endif
