/* SPDX-License-Identifier: MIT */
/* cli/verb_replay.c - plays one case again and shows it event by event, with the model's judgement of each.
 * The implementation runs in a child process, as always. */
#include "cli/chosen.h"

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

static void show_text(const char *name, const char *string)
{
    struct vpci_text plain = { 0 };
    vpci_text_add_plain(&plain, string);
    printf("  %-11s  %s\n", name, plain.bytes == NULL ? "" : plain.bytes);
    vpci_text_free(&plain);
}

/* How the case was found. */
static void show_finding(const struct vpci_finding *finding, const struct vpci_catalogue *catalogue)
{
    printf("found as %s %s at %s\n", vpci_requirement_info[finding->requirement].id, finding->cause,
           finding->event);
    show_text("reason", finding->reason);
    show_text("requires", vpci_catalogue_entry(catalogue, finding->requirement)->statement);
    show_text("adapter", finding->adapter);
    show_text("fingerprint", finding->fingerprint);
}

/* Whether it fails as it did when it was found. */
static void show_change(const struct vpci_finding *finding, const struct vpci_case_result *result,
                        enum vpci_event_kind event)
{
    const char *reason = result->has_finding ? result->finding.reason : "";
    const bool same = result->requirement == finding->requirement && result->cause != NULL &&
                      strcmp(result->cause, finding->cause) == 0 &&
                      strcmp(vpci_event_info[event].name, finding->event) == 0 &&
                      strcmp(reason, finding->reason) == 0;
    if (result->verdict == VPCI_CASE_FAIL)
        printf("%s\n",
               same ? "It still fails in the same way." : "It fails, but otherwise than when it was found.");
    else
        printf("%s\n", result->verdict == VPCI_CASE_PASS ? "It is mended: the case passes."
                                                         : "No verdict: whether it is mended is not known.");
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
    const struct vpci_finding *finding = NULL;
    printf("%s\n", test->name);
    if (test->scenario != NULL) {
        printf("%s\n", vpci_scenario_purpose(test->scenario));
        finding = vpci_scenario_finding(test->scenario);
    }
    if (finding != NULL)
        show_finding(finding, plan->catalogue);
    printf("\n");
    vpci_conductor_watch(conductor, show_event, &number);
    if (!vpci_conductor_applies(conductor, &plan->pics, test, &result))
        (void)0;
    else if (!seam->ops->connect(seam))
        vpci_conductor_failed_to_start(conductor, seam, test, &result);
    else
        vpci_conductor_play(conductor, seam, test, &result);
    show_verdict(&result);
    if (finding != NULL)
        show_change(finding, &result, vpci_conductor_progress(conductor).latest);
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

int vpci_verb_replay(const struct vpci_options *options)
{
    struct vpci_chosen chosen;
    struct vpci_case test;
    int code = VPCI_EXIT_FAULT;
    if (vpci_chosen_open(&chosen, options)) {
        vpci_chosen_case(&chosen, 0, &test);
        code = play_in_child(&chosen.plan, &test);
    }
    vpci_chosen_close(&chosen);
    return code;
}
