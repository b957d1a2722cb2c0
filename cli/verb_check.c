/* SPDX-License-Identifier: MIT */
/* cli/verb_check.c - judges what was recorded, with no implementation at hand: a trace, or all cases of a run
 * from the transcripts beside its results. */
#include "cli/verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/event_json.h"
#include "harness/file.h"
#include "harness/rejudge.h"
#include "harness/trace.h"
#include "reports/report.h"
#include "reports/summary.h"

enum { INTERVAL_BYTES = 16 * 1024 * 1024 };

struct tally {
    uint32_t warnings, unspecified;
    bool violated, unjudged;
};

static void print_remark(const struct vpci_judgement *judgement, const struct vpci_trace *trace,
                         uint32_t index, const struct vpci_catalogue *catalogue)
{
    struct vpci_text line = { 0 };
    const bool names = judgement->requirement != VPCI_REQUIREMENT_NONE;
    vpci_event_describe(&line, &trace->events[index]);
    printf("%s  %s  line %u: %s\n", judgement->verdict == VPCI_VIOLATION ? "VIOLATION" : "WARNING  ",
           names ? vpci_requirement_info[judgement->requirement].id : "-", index + 2, judgement->reason);
    printf("    event    %s\n", line.bytes == NULL ? "" : line.bytes);
    if (judgement->allowed != NULL)
        printf("    allowed  %s\n", judgement->allowed);
    if (names)
        printf("    %s says  %s\n", vpci_requirement_info[judgement->requirement].id,
               vpci_catalogue_entry(catalogue, judgement->requirement)->statement);
    vpci_text_free(&line);
}

/* Judges the events up to the first violation. A stimulus that no kit may send makes the trace useless. */
static bool judge(struct vpci_model *model, const struct vpci_trace *trace, const char *path,
                  const struct vpci_catalogue *catalogue, struct tally *tally)
{
    for (uint32_t i = 0; i < trace->event_count; i++) {
        const struct vpci_judgement judgement = vpci_model_judge(model, &trace->events[i]);
        if (judgement.verdict == VPCI_RULE_MISSING) {
            (void)vpci_fault("%s:%u: %s", path, i + 2, judgement.reason);
            return false;
        }
        tally->unspecified += judgement.verdict == VPCI_UNSPECIFIED;
        tally->warnings += judgement.verdict == VPCI_WARNING;
        if (judgement.verdict >= VPCI_WARNING)
            print_remark(&judgement, trace, i, catalogue);
        if (judgement.verdict == VPCI_VIOLATION) {
            tally->violated = true;
            return true;
        }
    }
    tally->unjudged = vpci_model_contents_unjudged(model);
    return true;
}

static uint32_t count_exercised(const struct vpci_model *model)
{
    uint32_t count = 0;
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++)
        count += vpci_requirement_has(vpci_model_exercised(model), (enum vpci_requirement)i);
    return count;
}

static int check_trace(const struct vpci_options *options, const struct vpci_trace *trace,
                       const struct vpci_profile *profile, const struct vpci_catalogue *catalogue)
{
    struct vpci_model *model = aligned_alloc(64, (vpci_model_bytes() + 63) / 64 * 64);
    void *interval_memory = aligned_alloc(64, INTERVAL_BYTES);
    if (model == NULL || interval_memory == NULL)
        abort();
    const struct vpci_model_options model_options = {
        .role = (options->given & VPCI_O(ROLE)) ? options->role : trace->header.role,
        .vf_count = trace->header.vf_count,
        .capabilities = trace->header.capabilities,
        .profile = profile,
        .interval_memory = interval_memory,
        .interval_memory_bytes = INTERVAL_BYTES,
    };
    struct tally tally = { 0 };
    vpci_model_init(model, &model_options);
    const bool judged = judge(model, trace, options->arguments[0], catalogue, &tally);
    const uint32_t exercised = count_exercised(model);
    free(interval_memory);
    free(model);
    if (!judged)
        return VPCI_EXIT_FAULT;
    const bool conforms = !tally.violated && !tally.unjudged && exercised != 0;
    printf("%s  %u events, %u requirements exercised, %u warnings, %u events the sources say nothing about\n",
           tally.violated ? "VIOLATION"
           : conforms     ? "CONFORMS"
                          : "INCONCLUSIVE",
           trace->event_count, exercised, tally.warnings, tally.unspecified);
    return tally.violated ? VPCI_EXIT_VIOLATION : conforms ? VPCI_EXIT_CONFORMS : VPCI_EXIT_INCONCLUSIVE;
}

/* ---- a run ---- */

static void print_changed(void *context, const struct vpci_case_result *then,
                          const struct vpci_case_result *now)
{
    static const char *const blank = "";
    const struct vpci_case_result *const both[] = { then, now };
    (void)context;
    printf("CHANGED  %s\n", then->name);
    for (int i = 0; i < 2; i++) {
        const struct vpci_case_result *result = both[i];
        printf("    %s  %s %s %s\n", i == 0 ? "then" : "now ", vpci_case_verdict_name[result->verdict],
               result->cause == NULL ? blank : result->cause,
               result->requirement == VPCI_REQUIREMENT_NONE ? blank
                                                            : vpci_requirement_info[result->requirement].id);
    }
    if (now->has_finding)
        printf("    because  %s\n", now->finding.reason);
    else if (now->detail != NULL)
        printf("    because  %s\n", now->detail);
}

static int check_run(const struct vpci_options *options, const struct vpci_results *results)
{
    const char *path = options->arguments[0], *slash = strrchr(path, '/');
    char transcripts[VPCI_PATH_BYTES], error[VPCI_ERROR_BYTES];
    struct vpci_corpus corpus;
    struct vpci_rejudgement rejudgement;
    snprintf(transcripts, sizeof transcripts, "%.*stranscripts.jsonl",
             slash == NULL ? 0 : (int)(slash + 1 - path), path);
    if (!vpci_corpus_load(&corpus, options->corpus, NULL))
        return VPCI_EXIT_FAULT;
    if (results->header.selection[0] != '\0')
        (void)vpci_suite_select(corpus.suite, results->header.selection);
    const bool judged = vpci_rejudge(results, transcripts, corpus.suite,
                                     options->quiet ? NULL : print_changed, NULL, &rejudgement, error);
    vpci_corpus_free(&corpus);
    if (!judged)
        return vpci_fault("%s", error);
    if (!results->sealed || rejudgement.without != 0)
        rejudgement.verdict =
            rejudgement.verdict == VPCI_RUN_VIOLATION ? VPCI_RUN_VIOLATION : VPCI_RUN_INCONCLUSIVE;
    printf(
        "%s  %u cases judged again from their transcripts, %u otherwise than then; %u have no transcript%s\n",
        vpci_verdict_title(rejudgement.verdict), rejudgement.judged, rejudgement.changed, rejudgement.without,
        results->sealed ? "" : "; the results are torn");
    return vpci_exit_of(rejudgement.verdict);
}

/* A results file by how it begins. */
static bool is_results(const char *path)
{
    static const char start[] = "{\"record\":\"header\"";
    char found[sizeof start] = "", unused[VPCI_ERROR_BYTES];
    const int descriptor =
        vpci_file_open(path, unused, sizeof unused); /* whoever reads on tells what is wrong */
    if (descriptor < 0)
        return false;
    const bool is_long = read(descriptor, found, sizeof start - 1) == (ssize_t)sizeof start - 1;
    close(descriptor);
    return is_long && strcmp(found, start) == 0;
}

static int check_results(const struct vpci_options *options)
{
    struct vpci_results results;
    char error[VPCI_DETAIL_BYTES];
    if ((options->given & (VPCI_O(ROLE) | VPCI_O(PROFILE))) != 0)
        return vpci_fault("%s: a run is judged in the role and by the profile that it was made with",
                          options->arguments[0]);
    if (!vpci_results_read(&results, options->arguments[0], error))
        return vpci_fault("%s", error);
    const int code = check_run(options, &results);
    vpci_results_free(&results);
    return code;
}

int vpci_verb_check(const struct vpci_options *options)
{
    if (is_results(options->arguments[0]))
        return check_results(options);
    struct vpci_corpus corpus;
    struct vpci_trace trace;
    char error[VPCI_TRACE_ERROR_BYTES];
    if (!vpci_trace_read(&trace, options->arguments[0], error))
        return vpci_fault("%s", error);
    const struct vpci_profile *profile =
        (options->given & VPCI_O(PROFILE)) ? options->profile : vpci_profile_from_name(trace.header.profile);
    int code = VPCI_EXIT_FAULT;
    if (profile == NULL) {
        code = vpci_fault("%s:1: /profile: there is no profile \"%s\"", options->arguments[0],
                          trace.header.profile);
    } else if (vpci_corpus_load_catalogue(&corpus, options->corpus)) {
        code = check_trace(options, &trace, profile, corpus.catalogue);
        vpci_corpus_free(&corpus);
    }
    vpci_trace_free(&trace);
    return code;
}
