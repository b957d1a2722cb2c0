/* SPDX-License-Identifier: MIT */
/* harness/options.h - the command line as data: one table of verbs, one of options, one of exit codes. The
 * parser, --help, the man page and the shell completions all come from these three, so none of them can know
 * an option the others lack. */
#ifndef VPCI_OPTIONS_H
#define VPCI_OPTIONS_H

#include "harness/text.h"
#include "models/capability.h"
#include "models/profile.h"

#define VPCI_EXITS(X)                                                                                \
    X(CONFORMS, 0, "the implementation conforms as far as was seen, or fails only as --expect says") \
    X(VIOLATION, 1, "the implementation violates a requirement, or a certificate does not hold")     \
    X(INCONCLUSIVE, 2,                                                                               \
      "nothing was violated, but not everything selected got a verdict, or no certificate is due")   \
    X(FAULT, 3, "the kit or its use is at fault: no statement about the implementation")

/* What the codes mean for compare. */
#define VPCI_COMPARE_EXITS(X)                                                                              \
    X(CONFORMS, "nothing is worse")                                                                        \
    X(VIOLATION, "something newly fails, or fails otherwise than before")                                  \
    X(INCONCLUSIVE, "no more than this: something flickers, lost its verdict, is not exercised or not "    \
                    "there any more, or does not pass in a scenario that is new or changed; or a file is " \
                    "torn; or role or profile are not the same")                                           \
    X(FAULT, "a file or the use is at fault: nothing was compared")

enum vpci_exit {
#define X(name, code, text) VPCI_EXIT_##name = (code),
    VPCI_EXITS(X)
#undef X
};

/* Options: name, spelling, placeholder (NULL: takes none), default (NULL: none), how its argument is read,
 * member of struct vpci_options, least and most (of numbers), text. A placeholder with '|' lists what it may
 * be. */
#define VPCI_OPTIONS(X)                                                                                      \
    X(ADAPTER, "--adapter", "ADAPTER", NULL, ADAPTER, adapter, 0, 0,                                         \
      "the implementation under test: a bundled name (golden, liar:NAME, variant:NAME), the path of a "      \
      "shared object, "                                                                                      \
      "exec:COMMAND, unix:PATH or tcp:HOST:PORT")                                                            \
    X(ROLE, "--role", "ROLE", NULL, ROLE, role, 0, 0,                                                        \
      "the part of the row that it plays; without it the first role that it claims")                         \
    X(PROFILE, "--profile", "PROFILE", "default", PROFILE, profile, 0, 0,                                    \
      "how points are judged that the sources leave open; see: list profiles")                               \
    X(ONLY, "--only", "PATTERN", NULL, TEXT, only, 0, 0,                                                     \
      "run only cases whose name contains PATTERN, or matches it when it has * or ?; none matching is an "   \
      "error")                                                                                               \
    X(SEED, "--seed", "N", "1", NUMBER, seed, 0, UINT64_MAX,                                                 \
      "the only source of chance, decimal or 0x; the same seed gives the same bytes")                        \
    X(WORKERS, "--workers", "N", NULL, NUMBER, workers, 1, 256,                                              \
      "cases run at once; without it one for each processor. Results do not depend on it")                   \
    X(TIME, "--time", "TIME", "30m", DURATION, time_ms, 1, UINT64_C(604800000),                              \
      "for the whole run, as 500ms, 20s, 2m or 1h; cases left over are skipped and the run is inconclusive") \
    X(STEP_TIME, "--step-time", "TIME", "5s", DURATION, step_time_ms, 1, UINT64_C(3600000),                  \
      "until the implementation has to be at rest after a step, else it hangs")                              \
    X(MEMORY, "--memory", "SIZE", "4G", SIZE, memory_bytes, 1048576, UINT64_C(1) << 46,                      \
      "address space of the implementation, as 512M or 4G; one built with AddressSanitizer needs 32768G")    \
    X(CORPUS, "--corpus", "DIR", NULL, FOLDER, corpus, 0, 0,                                                 \
      "scenarios and requirements; without it the corpus that belongs to the program")                       \
    X(OUT, "--out", "DIR", "out", FOLDER, out, 0, 0, "where results.jsonl and the reports are written")      \
    X(RESUME, "--resume", NULL, NULL, FLAG, resume, 0, 0,                                                    \
      "go on with the torn results.jsonl in --out, which must come from the same run")                       \
    X(EXPECT, "--expect", "FILE", NULL, FILE, expect, 0, 0,                                                  \
      "failures that are known and expected for a while; a run in which nothing else fails ends as "         \
      "expected")                                                                                            \
    X(DATE, "--date", "YYYY-MM-DD", NULL, DATE, date, 0, 0,                                                  \
      "the day of the run, by which an entry of --expect has expired or not, and which a certificate "       \
      "bears; without it today, in UTC")                                                                     \
    X(KEY, "--key", "FILE", NULL, FILE, key, 0, 0,                                                           \
      "sign a certificate of the run with this private key: Ed25519, PEM, without a passphrase")             \
    X(IUT, "--iut", "FILE", NULL, FILE, iut, 0, 0,                                                           \
      "the file of the implementation that the certificate is about, when that is not the adapter")          \
    X(BY, "--by", "TEXT", NULL, TEXT, by, 0, 0, "who runs this, as the certificate shall say it")            \
    X(REJUDGE, "--rejudge", NULL, NULL, FLAG, rejudge, 0, 0,                                                 \
      "take another corpus, profile, model or kit than the certificate's when what was said then, judged "   \
      "again by those at hand, conforms")                                                                    \
    /* rows of one spelling, side by side: a verb takes one of them, or has the default of the last */       \
    X(PUBLIC_KEY, "--key", "FILE", NULL, FILE, public_key, 0, 0,                                             \
      "the public key of whoever is trusted to sign: Ed25519, PEM")                                          \
    X(LIST_FORMAT, "--format", "text|json", "text", CHOICE, format, 0, 0, "how a list is printed")           \
    X(COMPARE_FORMAT, "--format", "text|markdown|json|html", "text", CHOICE, format, 0, 0,                   \
      "how a comparison is printed")                                                                         \
    X(FORMAT, "--format", "FORMAT", "console", FORMAT, format, 0, 0, "what is printed")                      \
    X(HISTORY, "--history", "DIR", NULL, FOLDER, history, 0, 0,                                              \
      "many runs, oldest first by name: every results file below DIR")                                       \
    X(LANGUAGE, "--language", "c|python", "c", CHOICE, language, 0, 0, "of the new adapter")                 \
    /* of the hunt */                                                                                        \
    X(ENGINE, "--engine", "libfuzzer|afl|both", "libfuzzer", CHOICE, engine, 0, 0,                           \
      "what makes up the inputs")                                                                            \
    X(HUNT_TIME, "--time", "TIME", "60s", DURATION, hunt_ms, 1, UINT64_C(604800000),                         \
      "for the whole hunt, as 500ms, 20s, 2m or 1h")                                                         \
    X(BUDGET, "--budget", "TIME", "1h", DURATION, budget_ms, 1, UINT64_C(604800000),                         \
      "for the whole night, what comes after the hunt included")                                             \
    X(STATE, "--state", "DIR", "nightly", FOLDER, state, 0, 0,                                               \
      "what is kept from night to night: the fuzzing corpus, the known faults, the results")                 \
    X(JOBS, "--jobs", "N", "1", NUMBER, jobs, 1, 256, "processes of each engine at once")                    \
    X(RUNS, "--runs", "N", NULL, NUMBER, runs, 1, UINT64_C(1) << 40,                                         \
      "executions of each process, instead of --time: the same seed and runs give the same result")          \
    X(KEEP_GOING, "--keep-going", NULL, NULL, FLAG, keep_going, 0, 0, "do not stop at the first new fault")  \
    X(EMPTY, "--empty", NULL, NULL, FLAG, empty, 0, 0, "start from nothing, not from the scenarios")         \
    X(FAILS, "--fails", "K/N", "1/1", TEXT, fails, 0, 0,                                                     \
      "for an implementation that flickers: a candidate fails when K of N plays of it do")                   \
    X(DEPTH, "--depth", "N", NULL, NUMBER, depth, 1, 64,                                                     \
      "longest sequence; without it sequences get longer until the time is over")                            \
    X(VFS, "--vfs", "N", "1", NUMBER, vfs, 1, 4, "VFs that are explored together")                           \
    X(BLOCKS, "--blocks", "N", "2", NUMBER, blocks, 1, 4, "blocks of each VF that are explored together")    \
    X(SLOTS, "--slots", "N", "2", NUMBER, slots, 1, 4, "requests that may be open at once")                  \
    X(QUIET, "--quiet", NULL, NULL, FLAG, quiet, 0, 0, "no progress, and only the verdict at the end")       \
    X(HELP, "--help", NULL, NULL, FLAG, help, 0, 0, "this help, or that of a verb")

enum vpci_option {
#define X(name, spelling, placeholder, otherwise, type, member, least, most, text) VPCI_OPTION_##name,
    VPCI_OPTIONS(X)
#undef X
        VPCI_OPTION_COUNT
};
#define VPCI_O(name) ((uint64_t)1 << VPCI_OPTION_##name)

/* What every verb that talks to an implementation needs to know. */
#define VPCI_OPTIONS_OF_ADAPTER (VPCI_O(ADAPTER) | VPCI_O(ROLE) | VPCI_O(STEP_TIME) | VPCI_O(MEMORY))
#define VPCI_OPTIONS_OF_RUN                                                                      \
    (VPCI_OPTIONS_OF_ADAPTER | VPCI_O(PROFILE) | VPCI_O(SEED) | VPCI_O(WORKERS) | VPCI_O(TIME) | \
     VPCI_O(CORPUS) | VPCI_O(OUT) | VPCI_O(RESUME) | VPCI_O(QUIET) | VPCI_O(EXPECT) | VPCI_O(DATE))

#define VPCI_OPTIONS_OF_HUNT \
    (VPCI_OPTIONS_OF_ADAPTER | VPCI_O(PROFILE) | VPCI_O(SEED) | VPCI_O(CORPUS) | VPCI_O(OUT) | VPCI_O(QUIET))

/* Verbs: name, spelling, arguments as shown ('|' lists what one may be), least and most arguments, options it
 * must be given, options it may be given, summary. Those spelled with a dash are not shown in the overview.
 */
#define VPCI_VERBS(X)                                                                                      \
    X(CERTIFY, "certify", "", 0, 0, VPCI_O(ADAPTER),                                                       \
      VPCI_OPTIONS_OF_RUN | VPCI_O(KEY) | VPCI_O(IUT) | VPCI_O(BY),                                        \
      "run the whole suite and write the results and every report to --out")                               \
    X(RUN, "run", "", 0, 0, VPCI_O(ADAPTER), VPCI_OPTIONS_OF_RUN | VPCI_O(ONLY) | VPCI_O(FORMAT),          \
      "run the suite, or a part of it, and print a report")                                                \
    X(CHECK, "check", "FILE", 1, 1, 0, VPCI_O(ROLE) | VPCI_O(PROFILE) | VPCI_O(CORPUS) | VPCI_O(QUIET),    \
      "judge a recorded trace, or all cases of a results file from their transcripts, without an "         \
      "implementation")                                                                                    \
    X(REPLAY, "replay", "FILE [CASE]", 1, 2, 0,                                                            \
      VPCI_OPTIONS_OF_ADAPTER | VPCI_O(PROFILE) | VPCI_O(SEED) | VPCI_O(CORPUS) | VPCI_O(QUIET),           \
      "run one case again, step by step: of a results or scenario file, or of a bundle; without "          \
      "--adapter against what was recorded")                                                               \
    X(FUZZ, "fuzz", "", 0, 0, VPCI_O(ADAPTER),                                                             \
      VPCI_OPTIONS_OF_HUNT | VPCI_O(ENGINE) | VPCI_O(HUNT_TIME) | VPCI_O(JOBS) | VPCI_O(RUNS) |            \
          VPCI_O(KEEP_GOING) | VPCI_O(EMPTY),                                                              \
      "hunt for inputs on which the implementation breaks a requirement, and shrink what is found")        \
    X(MINIMIZE, "minimize", "FILE [CASE]", 1, 2, VPCI_O(ADAPTER),                                          \
      VPCI_OPTIONS_OF_HUNT | VPCI_O(RUNS) | VPCI_O(FAILS),                                                 \
      "shrink a failing case of a scenario, results or trace file, or a fuzzer's input, to a scenario")    \
    X(EXPLORE, "explore", "", 0, 0, VPCI_O(ADAPTER),                                                       \
      VPCI_OPTIONS_OF_HUNT | VPCI_O(DEPTH) | VPCI_O(VFS) | VPCI_O(BLOCKS) | VPCI_O(SLOTS) |                \
          VPCI_O(HUNT_TIME) | VPCI_O(KEEP_GOING),                                                          \
      "play every sequence up to a bound, shortest first, and every order of completions")                 \
    X(NIGHTLY, "nightly", "", 0, 0, VPCI_O(ADAPTER),                                                       \
      VPCI_OPTIONS_OF_HUNT | VPCI_O(ENGINE) | VPCI_O(BUDGET) | VPCI_O(STATE) | VPCI_O(JOBS),               \
      "replay the known faults, hunt with both engines, explore, and keep what is new")                    \
    X(LIST, "list", "scenarios|requirements|capabilities|profiles|adapters", 1, 1, 0,                      \
      VPCI_O(CORPUS) | VPCI_O(LIST_FORMAT) | VPCI_O(ADAPTER),                                              \
      "print what there is; what exercises a requirement is counted by a run of --adapter, else golden")   \
    X(ADAPTER_CHECK, "adapter check", "", 0, 0, VPCI_O(ADAPTER), VPCI_OPTIONS_OF_ADAPTER,                  \
      "try an adapter's side of the seam and say exactly what is wrong with it")                           \
    X(ADAPTER_NEW, "adapter new", "DIR", 1, 1, 0, VPCI_O(LANGUAGE),                                        \
      "write a new adapter to start from into DIR")                                                        \
    X(COMPARE, "compare", "[BASE NEW]", 0, 2, 0, VPCI_O(COMPARE_FORMAT) | VPCI_O(HISTORY),                 \
      "say what is worse in NEW than in BASE, each a results file, or a folder with one, or with the "     \
      "repeats of one run; or, with --history, since when what fails does")                                \
    X(REPORT, "report", "FILE", 1, 1, 0, VPCI_O(FORMAT) | VPCI_O(CORPUS) | VPCI_O(HISTORY),                \
      "render a results file, without running anything")                                                   \
    X(VERIFY, "verify", "CERTIFICATE", 1, 1, VPCI_O(PUBLIC_KEY),                                           \
      VPCI_O(PUBLIC_KEY) | VPCI_O(CORPUS) | VPCI_O(IUT) | VPCI_O(REJUDGE) | VPCI_O(QUIET),                 \
      "check a certificate with the results and transcripts beside it, and judge these again")             \
    X(KEY_NEW, "key new", "FILE", 1, 1, 0, 0, "make an Ed25519 key pair: FILE, and FILE.pub to give away") \
    X(HELP, "help", "[VERB]", 0, 2, 0, 0, "show this help, or that of a verb")                             \
    X(VERSION, "--version", "", 0, 0, 0, 0, "print name and version")                                      \
    X(MAN, "--man", "", 0, 0, 0, 0, "print the man page, in roff")                                         \
    X(COMPLETION, "--completion", "bash|zsh|fish", 1, 1, 0, 0, "print the completion of a shell")

enum vpci_verb {
#define X(name, spelling, arguments, least, most, must, may, summary) VPCI_VERB_##name,
    VPCI_VERBS(X)
#undef X
        VPCI_VERB_COUNT
};

/* How the argument of an option is read, which is also how a shell completes it. */
enum vpci_option_type {
    VPCI_OPTION_IS_FLAG,     /* bool, no argument */
    VPCI_OPTION_IS_TEXT,     /* const char *, not empty */
    VPCI_OPTION_IS_FOLDER,   /* const char *, not empty */
    VPCI_OPTION_IS_FILE,     /* const char *, not empty */
    VPCI_OPTION_IS_DATE,     /* const char *, a day of the calendar */
    VPCI_OPTION_IS_ADAPTER,  /* const char *, not empty */
    VPCI_OPTION_IS_FORMAT,   /* const char *, one of reports' formats; the caller checks it */
    VPCI_OPTION_IS_CHOICE,   /* const char *, one of its placeholder */
    VPCI_OPTION_IS_NUMBER,   /* uint64_t, decimal or 0x */
    VPCI_OPTION_IS_DURATION, /* uint64_t, milliseconds; a unit is required */
    VPCI_OPTION_IS_SIZE,     /* uint64_t, bytes; a unit is required */
    VPCI_OPTION_IS_ROLE,     /* enum vpci_role */
    VPCI_OPTION_IS_PROFILE,  /* const struct vpci_profile * */
};

struct vpci_option_info {
    const char *spelling, *placeholder, *otherwise, *text;
    enum vpci_option_type type;
    size_t offset; /* of the member in struct vpci_options */
    uint64_t least, most;
};
extern const struct vpci_option_info vpci_option_info[VPCI_OPTION_COUNT];

struct vpci_verb_info {
    const char *spelling, *arguments, *summary;
    int least_arguments, most_arguments;
    uint64_t must, may; /* sets of VPCI_O(x); may includes must. --help goes with every verb */
};
extern const struct vpci_verb_info vpci_verb_info[VPCI_VERB_COUNT];

enum { VPCI_ARGUMENTS_MAX = 2, VPCI_OPTIONS_ERROR_BYTES = 512 };

/* What the command line says. Strings are borrowed from it, or are defaults. */
struct vpci_options {
    enum vpci_verb verb;
    enum vpci_verb about; /* HELP: the verb asked about; VPCI_VERB_COUNT: all */
    uint64_t given;       /* options that stand on the command line: set of VPCI_O(x) */
    const char *adapter, *only, *corpus, *out, *format, *language, *engine, *state, *history, *fails, *expect,
        *date, *key, *public_key, *iut, *by; /* NULL: not given and no default */
    enum vpci_role role;                     /* meant only when given */
    const struct vpci_profile *profile;
    uint64_t seed, workers /* 0: one for each processor */, time_ms, step_time_ms, memory_bytes;
    uint64_t hunt_ms, budget_ms, jobs, runs /* 0: no limit */, depth /* 0: no limit */, vfs, blocks, slots;
    bool resume, keep_going, empty, rejudge, quiet, help;
    const char *arguments[VPCI_ARGUMENTS_MAX];
    int argument_count;
};

/* Reads the command line, argv[0] passed over. On false error is one printable line that names the verb or
 * option and what comes close to it; the program then ends with VPCI_EXIT_FAULT. */
bool vpci_options_parse(struct vpci_options *options, int argument_count, const char *const *arguments,
                        char error[VPCI_OPTIONS_ERROR_BYTES]);

/* The overview, or the help of one verb when about is not VPCI_VERB_COUNT. */
void vpci_options_print_help(struct vpci_text *text, enum vpci_verb about);

/* A page for man(1). version is the kit's. */
void vpci_options_print_man(struct vpci_text *text, const char *version);

/* A completion script for "bash", "zsh" or "fish". formats are the names that --format takes, separated by
 * spaces (reports own them). False when there is no such shell. */
bool vpci_options_print_completion(struct vpci_text *text, const char *shell, const char *formats);

#endif
