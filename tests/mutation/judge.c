/* SPDX-License-Identifier: MIT */
/* tests/mutation/judge.c - judges recorded runs again, with one mutant of the model after another.
 *
 *     judge SCENARIOS FOLDER...     each folder holds results.jsonl and transcripts.jsonl
 *
 * Everything recorded is read once. Then each line of standard input is the path of a library, and is
 * answered by one line: "same", or how the library's judgement differs from what is recorded, the weightiest
 * difference first: "verdict", "warnings", "exercised", with an example, or how it ended: "signal N",
 * "timeout". A library is the model and the conductor; it is loaded into a child, so that whatever it does
 * ends with that child. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/mutation/recorded.h"

enum { CPU_SECONDS = 10 };

/* What is exchanged: the functions of the kit that are called out of the library. */
struct subject {
    struct vpci_conductor *(*create)(const struct vpci_conductor_options *);
    void (*destroy)(struct vpci_conductor *);
    bool (*applies)(struct vpci_conductor *, const struct vpci_pics *, const struct vpci_case *,
                    struct vpci_case_result *);
    void (*play)(struct vpci_conductor *, struct vpci_seam *, const struct vpci_case *,
                 struct vpci_case_result *);
    struct vpci_seam *(*playback)(const struct vpci_transcript *, const struct vpci_pics *, enum vpci_role);
    const struct vpci_profile *(*profile)(const char *);
};

/* How a judgement may differ, the weightiest first. */
enum difference { DIFFERENT_VERDICT, DIFFERENT_WARNINGS, DIFFERENT_EXERCISED, NO_DIFFERENCE };
static const char *const difference_names[] = { "verdict", "warnings", "exercised", "same" };

/* ---- one library ---- */

static bool same_text(const char *one, const char *other)
{
    return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
}

static enum difference compare(const struct vpci_case_result *then, const struct vpci_case_result *now)
{
    if (then->verdict != now->verdict || then->requirement != now->requirement ||
        !same_text(then->cause, now->cause))
        return DIFFERENT_VERDICT;
    if (then->warning_count != now->warning_count)
        return DIFFERENT_WARNINGS;
    for (uint32_t i = 0; i < then->warning_count; i++) {
        if (then->warnings[i].requirement != now->warnings[i].requirement)
            return DIFFERENT_WARNINGS;
    }
    return memcmp(&then->exercised, &now->exercised, sizeof then->exercised) == 0 ? NO_DIFFERENCE
                                                                                  : DIFFERENT_EXERCISED;
}

static enum difference judge_one(const struct subject *subject, struct vpci_conductor *conductor,
                                 const struct recording *recording, const struct recorded *recorded)
{
    static struct vpci_case_scratch scratch;
    static struct vpci_case_result now;
    const struct vpci_results_header *header = &recording->results.header;
    struct vpci_case test;
    vpci_suite_case(suite, recorded->case_index, &scratch, &test);
    struct vpci_seam *seam = subject->playback(&recorded->transcript, &header->pics, header->role);
    if (subject->applies(conductor, &header->pics, &test, &now) && seam->ops->connect(seam))
        subject->play(conductor, seam, &test, &now);
    seam->ops->destroy(seam, NULL);
    return compare(recorded->then, &now);
}

/* Stops at the first verdict that differs; nothing weighs more. */
static enum difference judge(const struct subject *subject, const struct recording *recording,
                             const char **name_out)
{
    const struct vpci_results_header *header = &recording->results.header;
    const struct vpci_conductor_options options = { .role = header->role,
                                                    .profile = subject->profile(header->profile),
                                                    .seed = header->seed };
    enum difference worst = NO_DIFFERENCE;
    if (options.profile == NULL)
        return DIFFERENT_VERDICT; /* the library does not know it any more */
    struct vpci_conductor *conductor = subject->create(&options);
    for (uint32_t i = 0; i < recording->count && worst != DIFFERENT_VERDICT; i++) {
        const enum difference difference = judge_one(subject, conductor, recording, &recording->cases[i]);
        if (difference < worst) {
            worst = difference;
            *name_out = recording->cases[i].transcript.name;
        }
    }
    subject->destroy(conductor);
    return worst;
}

static void *function(void *library, const char *name)
{
    void *found = dlsym(library, name);
    if (found == NULL)
        fail(name, dlerror());
    return found;
}

static struct subject load_subject(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
    if (library == NULL)
        fail(path, dlerror());
    struct subject subject;
    *(void **)&subject.create = function(library, "vpci_conductor_create");
    *(void **)&subject.destroy = function(library, "vpci_conductor_destroy");
    *(void **)&subject.applies = function(library, "vpci_conductor_applies");
    *(void **)&subject.play = function(library, "vpci_conductor_play");
    *(void **)&subject.playback = function(library, "vpci_playback_create");
    *(void **)&subject.profile = function(library, "vpci_profile_from_name");
    return subject;
}

/* The child's work. Time is that of the processor, so that a busy machine makes no difference. */
static void judge_all(const struct recording *recordings, int count, const char *path, FILE *answer)
{
    const struct itimerval limit = { .it_value = { .tv_sec = CPU_SECONDS } };
    const struct rlimit no_core = { 0, 0 };
    enum difference worst = NO_DIFFERENCE;
    const char *name = "", *adapter = "";
    setrlimit(RLIMIT_CORE, &no_core);
    setitimer(ITIMER_PROF, &limit, NULL);
    const struct subject subject = load_subject(path);
    for (int i = 0; i < count && worst != DIFFERENT_VERDICT; i++) {
        const char *example = "";
        const enum difference difference = judge(&subject, &recordings[i], &example);
        if (difference < worst) {
            worst = difference;
            name = example;
            adapter = recordings[i].results.header.adapter;
        }
    }
    fprintf(answer, "%s%s%s%s%s\n", difference_names[worst], *name ? " " : "", adapter, *name ? " " : "",
            name);
    fclose(answer);
}

static void answer_line(const struct recording *recordings, int count, const char *path)
{
    int ends[2], status = 0;
    char said[LINE_BYTES] = "";
    if (pipe(ends) != 0)
        fail("pipe", "cannot be made");
    const pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        judge_all(recordings, count, path, fdopen(ends[1], "w"));
        _exit(0);
    }
    close(ends[1]);
    FILE *answer = fdopen(ends[0], "r");
    const bool answered = fgets(said, sizeof said, answer) != NULL;
    fclose(answer);
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status))
        printf(WTERMSIG(status) == SIGPROF ? "timeout\n" : "signal %d\n", WTERMSIG(status));
    else if (!answered || WEXITSTATUS(status) != 0)
        printf("exit %d\n", WEXITSTATUS(status));
    else
        fputs(said, stdout);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    char line[LINE_BYTES];
    if (argc < 3)
        fail("usage", "judge SCENARIOS FOLDER...");
    load_suite(argv[1]);
    const int count = argc - 2;
    struct recording *recordings = vpci_need_memory(calloc((size_t)count, sizeof *recordings));
    for (int i = 0; i < count; i++)
        load_recording(&recordings[i], argv[i + 2]);
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        answer_line(recordings, count, line);
    }
    return 0;
}
