/* SPDX-License-Identifier: MIT */
/* fuzzers/engine.c - see engine.h. Each process leads a group of its own and dies with this one, so that
 * nothing is left behind however the hunt ends. Its figures are read from where the engine writes them:
 * libFuzzer's log, AFL++'s fuzzer_stats. */
#include "fuzzers/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzzers/inputs.h"
#include "fuzzers/notes.h"
#include "harness/clock.h"
#include "harness/contents.h"
#include "harness/file.h"
#include "harness/orphans.h"

enum {
    ARGUMENTS_MAX = 48,
    WORD_BYTES = VPCI_PATH_BYTES + 64,
    TAIL_BYTES = 8192,
    STOP_MS = 3000,         /* until a process that was asked to end is killed */
    STARTS_MAX = 2000,      /* of one process: an implementation that ends so many is not worth more */
    USELESS_STARTS_MAX = 5, /* without a single execution */
};

const char *const vpci_engine_name[VPCI_ENGINE_COUNT] = {
#define X(name, spelling, flavour, packages) spelling,
    VPCI_ENGINES(X)
#undef X
};

static const struct {
    const char *flavour, *packages;
} engines[VPCI_ENGINE_COUNT] = {
#define X(name, spelling, flavour, packages) { flavour, packages },
    VPCI_ENGINES(X)
#undef X
};

static bool find_flavour(enum vpci_engine_kind kind, const char *file, char path[VPCI_PATH_BYTES])
{
    char folder[VPCI_PATH_BYTES];
    if (!vpci_program_part(VPCI_PART_FUZZERS, folder))
        return false;
    const int length = snprintf(path, VPCI_PATH_BYTES, "%s/%s/%s", folder, engines[kind].flavour, file);
    return length > 0 && length < VPCI_PATH_BYTES && access(path, R_OK) == 0;
}

static bool is_on_path(const char *program)
{
    const char *path = getenv("PATH");
    char copy[8 * VPCI_PATH_BYTES], candidate[WORD_BYTES];
    char *rest = NULL;
    snprintf(copy, sizeof copy, "%s", path == NULL ? "" : path);
    for (char *folder = strtok_r(copy, ":", &rest); folder != NULL; folder = strtok_r(NULL, ":", &rest)) {
        snprintf(candidate, sizeof candidate, "%.4000s/%s", folder, program);
        if (access(candidate, X_OK) == 0)
            return true;
    }
    return false;
}

bool vpci_engine_find(enum vpci_engine_kind kind, const char *target, char path_out[VPCI_PATH_BYTES],
                      char error[VPCI_ERROR_BYTES])
{
    if (!find_flavour(kind, target == NULL ? "block_protocol" : target, path_out)) {
        if (vpci_program_is_installed())
            snprintf(
                error, VPCI_ERROR_BYTES,
                "%s: its target is not installed with this kit; install the package vpci-conform-fuzzers",
                vpci_engine_name[kind]);
        else
            snprintf(
                error, VPCI_ERROR_BYTES,
                "%s: its target was not built with this kit; install the Debian packages %s and run: make "
                "fuzzers",
                vpci_engine_name[kind], engines[kind].packages);
        return false;
    }
    if (kind == VPCI_ENGINE_AFL && !is_on_path("afl-fuzz")) {
        snprintf(error, VPCI_ERROR_BYTES, "afl: there is no afl-fuzz; install the Debian package afl++");
        return false;
    }
    return true;
}

void vpci_engine_adapter(const struct vpci_plan *plan, enum vpci_engine_kind kind,
                         char path_out[VPCI_PATH_BYTES])
{
    char bundled[VPCI_PATH_BYTES], name[VPCI_PATH_BYTES + 16];
    if (vpci_program_part(VPCI_PART_ADAPTERS, bundled) &&
        strncmp(plan->adapter.spec, bundled, strlen(bundled)) == 0 &&
        plan->adapter.spec[strlen(bundled)] == '/') {
        snprintf(name, sizeof name, "adapters%s", plan->adapter.spec + strlen(bundled));
        if (find_flavour(kind, name, path_out))
            return;
    }
    snprintf(path_out, VPCI_PATH_BYTES, "%s", plan->adapter.spec);
}

/* ---- starting ---- */

/* A command line in the making. */
struct command {
    char words[ARGUMENTS_MAX][WORD_BYTES];
    char *arguments[ARGUMENTS_MAX + 1];
    int count;
};

static void add_word(struct command *command, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add_word(struct command *command, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    vsnprintf(command->words[command->count], WORD_BYTES, format, values);
    va_end(values);
    command->arguments[command->count] = command->words[command->count];
    command->arguments[++command->count] = NULL;
}

void vpci_engine_corpus(const struct vpci_engine *engine, const struct vpci_engine_setup *setup,
                        char path_out[VPCI_PATH_BYTES])
{
    if (setup->runs == 0 || engine->kind != VPCI_ENGINE_LIBFUZZER)
        snprintf(path_out, VPCI_PATH_BYTES, "%.4000s/corpus", setup->folder);
    else
        snprintf(path_out, VPCI_PATH_BYTES, "%.4000s/own/%u", setup->folder, engine->number);
}

static uint64_t runs_left(const struct vpci_engine *engine, const struct vpci_engine_setup *setup)
{
    return setup->runs > engine->executions ? setup->runs - engine->executions : 1;
}

/* Each process, and each start of it, has a seed of its own. */
static uint32_t seed_of(const struct vpci_engine *engine, const struct vpci_engine_setup *setup)
{
    uint64_t state = setup->seed * 1000003u + engine->number * 8191u + engine->starts;
    return (uint32_t)(vpci_random_next(&state) & 0x7FFFFFFF) | 1u;
}

static void say_libfuzzer(const struct vpci_engine *engine, const struct vpci_engine_setup *setup,
                          const char *target, struct command *command)
{
    add_word(command, "%s", target);
    add_word(command, "-seed=%" PRIu32, seed_of(engine, setup));
    add_word(command, "-max_len=%d", VPCI_INPUT_BYTES_MAX);
    add_word(command, "-artifact_prefix=%s/crashes/", setup->folder);
    add_word(command, "-print_final_stats=1");
    const uint32_t timeout_s = setup->plan->limits.step_timeout_ms / 1000 * 2 + 10;
    add_word(command, "-timeout=%" PRIu32, timeout_s);
    add_word(command, "-report_slow_units=%" PRIu32, timeout_s); /* to be slow is no finding */
    add_word(command, "-rss_limit_mb=%" PRIu64, setup->plan->limits.memory_bytes >> 20);
    if (setup->runs != 0) /* nothing of other processes comes in: the same seed finds the same */
        add_word(command, "-runs=%" PRIu64, runs_left(engine, setup));
    add_word(command, "-reload=%d", setup->runs == 0 ? 5 : 0);
    char corpus[VPCI_PATH_BYTES];
    vpci_engine_corpus(engine, setup, corpus);
    add_word(command, "%s", corpus);
}

static void say_afl(const struct vpci_engine *engine, const struct vpci_engine_setup *setup,
                    const char *target, struct command *command)
{
    add_word(command, "afl-fuzz");
    add_word(command, "-i");
    if (engine->starts == 0)
        add_word(command, "%s/seeds", setup->folder);
    else
        add_word(command, "-"); /* goes on where it was */
    add_word(command, "-o");
    add_word(command, "%s/afl", setup->folder);
    add_word(command, "-S");
    add_word(command, "afl%u", engine->number);
    add_word(command, "-s");
    add_word(command, "%" PRIu32, seed_of(engine, setup));
    add_word(command, "-t");
    add_word(command, "%" PRIu32, setup->plan->limits.step_timeout_ms * 2 + 1000);
    add_word(command, "-G");
    add_word(command, "%d", VPCI_INPUT_BYTES_MAX);
    if (setup->runs != 0) {
        add_word(command, "-E");
        add_word(command, "%" PRIu64, runs_left(engine, setup));
    }
    add_word(command, "--");
    add_word(command, "%s", target);
}

/* What one process of an engine is started with. */
struct launch {
    enum vpci_engine_kind kind;
    const struct vpci_engine_setup *setup;
    const char *target, *log, *findings, *notes;
    struct command *command;
};

static void set_environment(const struct launch *launch)
{
    const struct vpci_engine_setup *setup = launch->setup;
    static const char *const afl[] = { "AFL_NO_UI",
                                       "AFL_SKIP_CPUFREQ",
                                       "AFL_NO_AFFINITY",
                                       "AFL_FAST_CAL",
                                       "AFL_QUIET",
                                       "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES",
                                       "AFL_SYNC_TIME",
                                       "AFL_AUTORESUME",
                                       "AFL_IGNORE_SEED_PROBLEMS",
                                       "AFL_CUSTOM_MUTATOR_ONLY" };
    char word[WORD_BYTES], adapter[VPCI_PATH_BYTES];
    vpci_engine_adapter(setup->plan, launch->kind, adapter);
    (void)setenv("VPCI_ADAPTER", adapter, 1);
    (void)setenv("VPCI_ROLE", vpci_role_info[setup->plan->role].name, 1);
    if (setup->plan->profile != NULL)
        (void)setenv("VPCI_PROFILE", setup->plan->profile->name, 1);
    (void)setenv("VPCI_FINDINGS", launch->findings, 1);
    (void)setenv("VPCI_NOTES", launch->notes, 1);
    snprintf(word, sizeof word, "%" PRIu32, setup->plan->limits.step_timeout_ms);
    (void)setenv("VPCI_STEP_TIME", word, 1);
    if (launch->kind != VPCI_ENGINE_AFL)
        return;
    for (size_t i = 0; i < sizeof afl / sizeof afl[0]; i++)
        (void)setenv(afl[i], "1", 1);
    const int folder_bytes = (int)(strrchr(launch->target, '/') - launch->target);
    snprintf(word, sizeof word, "%.*s/vpci-mutator.so", folder_bytes, launch->target);
    (void)setenv("AFL_CUSTOM_MUTATOR_LIBRARY", word, 1);
    /* AFL++ takes no coverage of what is loaded once its fork server is up. */
    (void)setenv("AFL_PRELOAD", adapter, 1);
}

static void log_path(const struct vpci_engine *engine, const struct vpci_engine_setup *setup,
                     char path[VPCI_PATH_BYTES])
{
    snprintf(path, VPCI_PATH_BYTES, "%s/log/%s%u.log", setup->folder, vpci_engine_name[engine->kind],
             engine->number);
}

static void notes_path(const struct vpci_engine *engine, const struct vpci_engine_setup *setup,
                       char path[VPCI_PATH_BYTES])
{
    snprintf(path, VPCI_PATH_BYTES, "%.4000s/raw/.notes-%s%u", setup->folder, vpci_engine_name[engine->kind],
             engine->number);
}

static _Noreturn void become(const struct launch *launch)
{
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int log = open(launch->log, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    const int nothing = open("/dev/null", O_RDONLY);
    if (log < 0 || nothing < 0 || dup2(log, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0 ||
        dup2(nothing, STDIN_FILENO) < 0)
        _exit(3);
    set_environment(launch);
    sigset_t none;
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)signal(SIGTERM, SIG_DFL);
    (void)signal(SIGINT, SIG_DFL);
    (void)execvp(launch->command->arguments[0], launch->command->arguments);
    _exit(3);
}

static pid_t start_process(const struct launch *launch)
{
    fflush(NULL);
    const pid_t pid = fork();
    if (pid == 0)
        become(launch);
    if (pid > 0) {
        (void)setpgid(pid, pid);
        vpci_orphans_spare(pid);
    }
    return pid;
}

bool vpci_engine_start(struct vpci_engine *engine, const struct vpci_engine_setup *setup)
{
    static struct command command; /* too large for a stack frame */
    char target[VPCI_PATH_BYTES], log[VPCI_PATH_BYTES], findings[VPCI_PATH_BYTES], notes[VPCI_PATH_BYTES];
    char error[VPCI_ERROR_BYTES];
    engine->over = true;
    if (!vpci_engine_find(engine->kind, setup->target, target, error)) {
        snprintf(engine->fault, sizeof engine->fault, "%.200s", error);
        return false;
    }
    command.count = 0;
    if (engine->kind == VPCI_ENGINE_LIBFUZZER)
        say_libfuzzer(engine, setup, target, &command);
    else
        say_afl(engine, setup, target, &command);
    log_path(engine, setup, log);
    notes_path(engine, setup, notes);
    if (engine->starts == 0)
        (void)unlink(notes); /* of an earlier hunt */
    snprintf(findings, sizeof findings, "%.4000s/raw", setup->folder);
    const pid_t pid =
        start_process(&(struct launch){ engine->kind, setup, target, log, findings, notes, &command });
    if (pid < 0) {
        snprintf(engine->fault, sizeof engine->fault, "cannot be started: %s", strerror(errno));
        return false;
    }
    engine->pid = pid;
    engine->starts++;
    engine->over = false;
    return true;
}

/* ---- figures ---- */

/* The last bytes of a file that is being written, as a string. */
static bool read_tail(const char *path, char tail[TAIL_BYTES + 1])
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    const off_t size = lseek(file, 0, SEEK_END);
    const off_t from = size > TAIL_BYTES ? size - TAIL_BYTES : 0;
    const ssize_t count = pread(file, tail, TAIL_BYTES, from);
    (void)close(file);
    tail[count > 0 ? count : 0] = '\0';
    return count > 0;
}

static uint64_t number_behind(const char *text, const char *word)
{
    const char *at = text == NULL ? NULL : strstr(text, word);
    return at == NULL ? 0 : strtoull(at + strlen(word), NULL, 10);
}

static const char *last_line_with(const char *text, const char *start)
{
    const char *found = NULL;
    for (const char *at = text; (at = strstr(at, start)) != NULL; at++) {
        if (at == text || at[-1] == '\n')
            found = at;
    }
    return found;
}

static void read_log(struct vpci_engine *engine, const struct vpci_engine_setup *setup)
{
    char path[VPCI_PATH_BYTES], tail[TAIL_BYTES + 1];
    log_path(engine, setup, path);
    if (!read_tail(path, tail))
        return;
    const char *line = last_line_with(tail, "#");
    const uint64_t features = number_behind(line, " ft: "), corpus = number_behind(line, " corp: ");
    engine->features = features == 0 ? engine->features : (uint32_t)features;
    engine->corpus = corpus == 0 ? engine->corpus : (uint32_t)corpus;
}

/* False while the target has written none. */
static bool read_notes(const struct vpci_engine *engine, const struct vpci_engine_setup *setup,
                       struct vpci_notes *notes)
{
    char path[VPCI_PATH_BYTES];
    notes_path(engine, setup, path);
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    const bool whole = file >= 0 && pread(file, notes, sizeof *notes, 0) == (ssize_t)sizeof *notes;
    if (file >= 0)
        (void)close(file);
    return whole;
}

/* The input under way is kept, and not to be kept once more by the next start. */
static void forget_input(const struct vpci_engine *engine, const struct vpci_engine_setup *setup)
{
    static const uint32_t none;
    char path[VPCI_PATH_BYTES];
    notes_path(engine, setup, path);
    const int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return;
    (void)!pwrite(file, &none, sizeof none, offsetof(struct vpci_notes, under_way));
    (void)close(file);
}

static void read_figures(struct vpci_engine *engine, const struct vpci_engine_setup *setup)
{
    char path[VPCI_PATH_BYTES], tail[TAIL_BYTES + 1];
    struct vpci_notes notes;
    if (read_notes(engine, setup, &notes))
        engine->executions = notes.executions;
    if (engine->kind == VPCI_ENGINE_LIBFUZZER) {
        read_log(engine, setup);
        return;
    }
    snprintf(path, sizeof path, "%s/afl/afl%u/fuzzer_stats", setup->folder, engine->number);
    if (!read_tail(path, tail))
        return;
    engine->features = (uint32_t)number_behind(tail, "edges_found       :");
    engine->corpus = (uint32_t)number_behind(tail, "corpus_count      :");
}

/* ---- watching and stopping ---- */

/* Why it ended, out of the end of its log. */
static void explain(struct vpci_engine *engine, const struct vpci_engine_setup *setup, int status)
{
    char path[VPCI_PATH_BYTES], tail[TAIL_BYTES + 1];
    log_path(engine, setup, path);
    const char *said = NULL;
    if (read_tail(path, tail)) {
        said = strstr(tail, "vpci-conform: ");
        said = said != NULL ? said : strstr(tail, "PROGRAM ABORT : ");
    }
    if (said != NULL && said[strcspn(said, "\033\n")] == '\033') /* in colours */
        said += strcspn(said, "m") + 1;
    const int length = said == NULL ? 0 : (int)strcspn(said, "\n\033");
    if (length != 0)
        snprintf(engine->fault, sizeof engine->fault, "%.*s", length > 200 ? 200 : length, said);
    else
        snprintf(engine->fault, sizeof engine->fault, "ended with %s %d; see %.150s",
                 WIFSIGNALED(status) ? "signal" : "code",
                 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), path);
}

static void end_group(pid_t pid)
{
    vpci_orphans_release(pid);
    (void)kill(-pid, SIGCONT);
    (void)kill(-pid, SIGKILL);
}

/* libFuzzer prints its final figures when it ends by itself. */
static bool ended_by_itself(const struct vpci_engine *engine, const struct vpci_engine_setup *setup)
{
    char path[VPCI_PATH_BYTES], tail[TAIL_BYTES + 1];
    log_path(engine, setup, path);
    return read_tail(path, tail) && strstr(tail, "stat::number_of_executed_units") != NULL;
}

/* Whether libFuzzer was ended by an input; afl-fuzz outlives its target. The input is kept, and taken out of
 * the corpus, where it would end the next start as well. */
static bool ended_by_input(const struct vpci_engine *engine, const struct vpci_engine_setup *setup,
                           int status)
{
    enum { FAULT = 3 };
    struct vpci_notes notes;
    const bool well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (engine->kind != VPCI_ENGINE_LIBFUZZER || (well && ended_by_itself(engine, setup)) ||
        !read_notes(engine, setup, &notes) || notes.input_length > sizeof notes.input ||
        (WIFEXITED(status) && WEXITSTATUS(status) == FAULT && notes.under_way == 0))
        return false;
    char folder[VPCI_PATH_BYTES];
    if (notes.under_way != 0 && notes.input_length != 0) {
        snprintf(folder, sizeof folder, "%.4000s/crashes", setup->folder);
        if (!vpci_inputs_keep(folder, "ended-", notes.input, notes.input_length))
            return false;
        forget_input(engine, setup);
    }
    vpci_engine_corpus(engine, setup, folder);
    vpci_inputs_remove(folder, notes.input, notes.input_length);
    return true;
}

static bool may_start_again(const struct vpci_engine *engine, const struct vpci_engine_setup *setup)
{
    const bool progress = engine->executions != 0 || engine->starts < USELESS_STARTS_MAX;
    return progress && engine->starts < STARTS_MAX && (setup->runs == 0 || engine->executions < setup->runs);
}

void vpci_engine_poll(struct vpci_engine *engine, const struct vpci_engine_setup *setup)
{
    int status = 0;
    if (engine->pid == 0)
        return;
    const pid_t ended = waitpid(engine->pid, &status, WNOHANG);
    read_figures(engine, setup);
    if (ended == 0)
        return;
    if (ended < 0) /* never to be taken for one that still hunts */
        status = W_EXITCODE(3, 0);
    end_group(engine->pid);
    engine->pid = 0;
    engine->over = true;
    const bool by_input = ended_by_input(engine, setup, status);
    if (by_input && may_start_again(engine, setup))
        (void)vpci_engine_start(engine, setup);
    else if (by_input && engine->executions != 0)
        engine->ended_by_inputs = true;
    else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        explain(engine, setup, status);
}

void vpci_engine_stop(struct vpci_engine *engine, const struct vpci_engine_setup *setup)
{
    if (engine->pid == 0)
        return;
    (void)kill(engine->pid, SIGINT); /* both write their last figures */
    const uint64_t deadline = vpci_clock_ns() + (uint64_t)STOP_MS * VPCI_NS_PER_MS;
    int status = 0;
    while (waitpid(engine->pid, &status, WNOHANG) == 0 && vpci_clock_ns() < deadline)
        (void)usleep(10 * 1000);
    end_group(engine->pid);
    while (waitpid(engine->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    read_figures(engine, setup);
    engine->pid = 0;
    engine->over = true;
}

/* ---- once ---- */

bool vpci_engine_once(const struct vpci_engine_setup *setup, const char *name, const char *const *arguments,
                      uint64_t time_ms)
{
    static struct command command;
    char target[VPCI_PATH_BYTES], log[VPCI_PATH_BYTES], error[VPCI_ERROR_BYTES];
    if (!vpci_engine_find(VPCI_ENGINE_LIBFUZZER, setup->target, target, error))
        return false;
    command.count = 0;
    add_word(&command, "%s", target);
    add_word(&command, "-max_len=%d", VPCI_INPUT_BYTES_MAX);
    for (size_t i = 0; arguments[i] != NULL; i++)
        add_word(&command, "%s", arguments[i]);
    snprintf(log, sizeof log, "%.4000s/log/%s.log", setup->folder, name);
    const pid_t pid =
        start_process(&(struct launch){ VPCI_ENGINE_LIBFUZZER, setup, target, log, "", "", &command });
    if (pid < 0)
        return false;
    const uint64_t deadline = vpci_clock_ns() + time_ms * VPCI_NS_PER_MS;
    int status = -1;
    while (waitpid(pid, &status, WNOHANG) == 0 && vpci_clock_ns() < deadline)
        (void)usleep(5 * 1000);
    end_group(pid);
    (void)waitpid(pid, NULL, 0);
    return status == 0;
}

uint32_t vpci_engine_features(const struct vpci_engine_setup *setup, const char *inputs, uint64_t time_ms)
{
    char folder[VPCI_PATH_BYTES], log[VPCI_PATH_BYTES], tail[TAIL_BYTES + 1];
    snprintf(folder, sizeof folder, "%.4000s/%s", setup->folder, inputs);
    const char *const arguments[] = { "-runs=0", folder, NULL };
    if (!vpci_engine_once(setup, "features", arguments, time_ms))
        return 0;
    snprintf(log, sizeof log, "%.4000s/log/features.log", setup->folder);
    return read_tail(log, tail) ? (uint32_t)number_behind(last_line_with(tail, "#"), " ft: ") : 0;
}
