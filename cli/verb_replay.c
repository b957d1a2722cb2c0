/* SPDX-License-Identifier: MIT */
/* cli/verb_replay.c - plays one case again and shows it event by event, with the model's judgement of each.
 * The implementation runs in a child process, as always. */
#include "cli/verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/event_json.h"
#include "harness/result.h"

static const char *const verdict_marks[] = {
    [VPCI_RULE_MISSING] = "no rule",    [VPCI_ALLOWED] = "",        [VPCI_NOTE] = "note",
    [VPCI_UNSPECIFIED] = "unspecified", [VPCI_WARNING] = "WARNING", [VPCI_VIOLATION] = "VIOLATION",
};

static void show_event(void *watcher, const struct vpci_event *event, const struct vpci_judgement *judgement)
{
    uint32_t *number = watcher;
    struct vpci_text line = { 0 };
    vpci_event_describe(&line, event);
    printf("%4u  %s\n", (*number)++, line.bytes == NULL ? "" : line.bytes);
    vpci_text_free(&line);
    if (judgement->verdict == VPCI_ALLOWED || judgement->reason == NULL)
        return;
    printf("      ^ %s", verdict_marks[judgement->verdict]);
    if (judgement->requirement != VPCI_REQUIREMENT_NONE)
        printf(" %s", vpci_requirement_info[judgement->requirement].id);
    printf(": %s\n", judgement->reason);
    if (judgement->allowed != NULL)
        printf("        allowed: %s\n", judgement->allowed);
}

static void show_verdict(const struct vpci_case_result *result)
{
    struct vpci_text detail = { 0 };
    vpci_text_add_plain(&detail, result->detail == NULL ? "" : result->detail);
    printf("\n%s", vpci_case_verdict_name[result->verdict]);
    if (result->cause != NULL)
        printf(" (%s)", result->cause);
    if (result->requirement != VPCI_REQUIREMENT_NONE)
        printf(" %s", vpci_requirement_info[result->requirement].id);
    printf("%s%s\n", detail.length == 0 ? "" : ": ", detail.length == 0 ? "" : detail.bytes);
    vpci_text_free(&detail);
}

static int exit_of_case(enum vpci_case_verdict verdict)
{
    switch (verdict) {
    case VPCI_CASE_PASS:
        return VPCI_EXIT_CONFORMS;
    case VPCI_CASE_FAIL:
        return VPCI_EXIT_VIOLATION;
    case VPCI_CASE_INCONCLUSIVE:
    case VPCI_CASE_ERROR:
    case VPCI_CASE_NOT_APPLICABLE:
    case VPCI_CASE_SKIPPED:
    case VPCI_CASE_VERDICT_COUNT:
        break;
    }
    return VPCI_EXIT_INCONCLUSIVE;
}

static int play(const struct vpci_plan *plan, const struct vpci_case *test)
{
    const struct vpci_conductor_options options = { .role = plan->role,
                                                    .profile = plan->profile,
                                                    .seed = plan->seed };
    struct vpci_conductor *conductor = vpci_conductor_create(&options);
    struct vpci_seam *seam = vpci_adapter_open(&plan->adapter, &plan->limits);
    struct vpci_case_result result;
    uint32_t number = 0;
    printf("%s\n%s\n\n", test->name, vpci_scenario_purpose(test->scenario));
    vpci_conductor_watch(conductor, show_event, &number);
    if (!vpci_conductor_applies(conductor, &plan->pics, test, &result))
        (void)0;
    else if (!seam->ops->connect(seam))
        vpci_conductor_failed_to_start(conductor, seam, test, &result);
    else
        vpci_conductor_play(conductor, seam, test, &result);
    show_verdict(&result);
    fflush(stdout);
    if (seam->failure == VPCI_FAILURE_NONE || !plan->adapter.in_process)
        seam->ops->destroy(seam, NULL);
    return exit_of_case(result.verdict);
}

static int play_in_child(const struct vpci_plan *plan, const struct vpci_case *test)
{
    fflush(NULL);
    const pid_t child = fork();
    if (child < 0)
        return vpci_fault("cannot start a process");
    if (child == 0)
        _exit(play(plan, test));
    int status = 0;
    (void)waitpid(child, &status, 0);
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    printf("\nfail (crash): the process was ended by signal %d\n", WTERMSIG(status));
    return VPCI_EXIT_VIOLATION;
}

/* The case of a results file to play again: the one named, or the first that failed. */
static bool choose_from_results(const char *path, const char *name, char chosen[VPCI_PATH_BYTES],
                                struct vpci_options *options)
{
    struct vpci_results results;
    char error[VPCI_DETAIL_BYTES];
    if (!vpci_results_read(&results, path, error)) {
        (void)vpci_fault("%s", error);
        return false;
    }
    const struct vpci_case_result *found = NULL;
    for (uint32_t i = 0; i < results.case_count && found == NULL; i++) {
        const struct vpci_case_result *candidate = &results.cases[i];
        if (name != NULL ? strcmp(candidate->name, name) == 0 : candidate->verdict == VPCI_CASE_FAIL)
            found = candidate;
    }
    if (found == NULL)
        (void)vpci_fault(name != NULL ? "%s: there is no case %s" : "%s: no case of it failed", path, name);
    else
        snprintf(chosen, VPCI_PATH_BYTES, "%s", found->name);
    if ((options->given & VPCI_O(SEED)) == 0)
        options->seed = results.header.seed;
    if ((options->given & VPCI_O(ROLE)) == 0) {
        options->role = results.header.role;
        options->given |= VPCI_O(ROLE);
    }
    if ((options->given & VPCI_O(PROFILE)) == 0 && vpci_profile_from_name(results.header.profile) != NULL)
        options->profile = vpci_profile_from_name(results.header.profile);
    vpci_results_free(&results);
    return found != NULL;
}

static bool ends_with(const char *string, const char *end)
{
    const size_t length = strlen(string);
    return length >= strlen(end) && strcmp(string + length - strlen(end), end) == 0;
}

static bool find_case(const struct vpci_suite *suite, const char *name, uint32_t *index_out)
{
    for (uint32_t i = 0; i < vpci_suite_case_count(suite); i++) {
        if (name[0] == '\0' || strcmp(vpci_suite_case_name(suite, i), name) == 0) {
            *index_out = i;
            return true;
        }
    }
    (void)vpci_fault("there is no case %s in the corpus; a scenario file may have changed since", name);
    return false;
}

int vpci_verb_replay(const struct vpci_options *given)
{
    struct vpci_options options = *given;
    struct vpci_corpus corpus;
    struct vpci_plan plan;
    struct vpci_case_scratch scratch = { 0 };
    struct vpci_case test;
    char name[VPCI_PATH_BYTES] = "";
    char detail[VPCI_ERROR_BYTES];
    enum vpci_failure failure = VPCI_FAILURE_NONE;
    uint32_t index = 0;
    const char *file = options.arguments[0];
    const bool is_scenario = ends_with(file, ".json");
    if (options.argument_count > 1)
        snprintf(name, sizeof name, "%s", options.arguments[1]);
    if (!is_scenario && !choose_from_results(file, name[0] == '\0' ? NULL : name, name, &options))
        return VPCI_EXIT_FAULT;
    if (!vpci_corpus_load(&corpus, options.corpus, is_scenario ? file : NULL))
        return VPCI_EXIT_FAULT;
    int code = VPCI_EXIT_FAULT;
    if (find_case(corpus.suite, name, &index) && vpci_plan_make(&plan, &options, &corpus, &failure, detail)) {
        vpci_suite_case(corpus.suite, index, &scratch, &test);
        code = failure == VPCI_FAILURE_NONE ? play_in_child(&plan, &test) : vpci_fault("%s", detail);
    }
    vpci_case_scratch_free(&scratch);
    vpci_corpus_free(&corpus);
    return code;
}
