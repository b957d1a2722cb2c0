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

/* A case while it is shown. */
struct show {
    const struct vpci_bundle *recorded; /* NULL: nothing is known of an earlier play */
    uint32_t number;                    /* of events shown */
    uint32_t differs; /* from which event on it is not as recorded, from 1; 0: none so far */
    struct vpci_states states;
};

static bool is_same_event(const struct vpci_event *one, const struct vpci_event *other)
{
    struct vpci_text left = { 0 }, right = { 0 };
    vpci_event_print(&left, one);
    vpci_event_print(&right, other);
    const bool same = strcmp(left.bytes, right.bytes) == 0;
    vpci_text_free(&left);
    vpci_text_free(&right);
    return same;
}

/* Says where the first event is that is not as it was recorded. */
static void compare_event(struct show *show, const struct vpci_event *event)
{
    const struct vpci_transcript *then = &show->recorded->transcript;
    const uint32_t index = show->number - 1;
    if (then->name == NULL || show->differs != 0 ||
        (index < then->event_count && is_same_event(event, &then->events[index])))
        return;
    struct vpci_text line = { 0 };
    show->differs = show->number;
    if (index < then->event_count)
        vpci_event_describe(&line, &then->events[index]);
    printf("      ^ DIFFERS from the recording, which has: %s\n",
           line.length == 0 ? "nothing more" : line.bytes);
    vpci_text_free(&line);
}

static void show_event(void *watcher, const struct vpci_event *event, const struct vpci_judgement *judgement)
{
    struct show *show = watcher;
    struct vpci_text line = { 0 };
    vpci_event_describe(&line, event);
    printf("%4u  %s\n", ++show->number, line.bytes == NULL ? "" : line.bytes);
    vpci_text_free(&line);
    if (show->recorded != NULL)
        compare_event(show, event);
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

static bool is_same_verdict(const struct vpci_case_result *one, const struct vpci_case_result *other)
{
    const char *left = one->cause == NULL ? "" : one->cause,
               *right = other->cause == NULL ? "" : other->cause;
    return one->verdict == other->verdict && one->requirement == other->requirement &&
           strcmp(left, right) == 0;
}

/* How this play stands to the recorded one. */
static void show_recorded(const struct show *show, const struct vpci_case_result *now)
{
    const struct vpci_bundle *recorded = show->recorded;
    const struct vpci_states *then = &recorded->states, *states = &show->states;
    printf("Recorded by %s: %s", recorded->header.kit_version,
           vpci_case_verdict_name[recorded->then.verdict]);
    if (recorded->then.requirement != VPCI_REQUIREMENT_NONE)
        printf(" %s", vpci_requirement_info[recorded->then.requirement].id);
    printf(". The verdict is %s", is_same_verdict(now, &recorded->then) ? "the same" : "ANOTHER one");
    if (recorded->transcript.name == NULL)
        printf("; what was said then is not recorded.\n");
    else if (show->differs != 0)
        printf("; what was said differs from event %u on.\n", show->differs);
    else if (show->number < recorded->transcript.event_count)
        printf("; it ended behind event %u, the recording has %u.\n", show->number,
               recorded->transcript.event_count);
    else
        printf(", and so are all %u events.\n", show->number);
    uint32_t same = 0;
    while (same < then->count && same < states->count &&
           then->digests[same].low == states->digests[same].low &&
           then->digests[same].high == states->digests[same].high)
        same++;
    if (then->count != 0 && show->differs == 0 && same < then->count)
        printf("This kit's model goes through other states than the one that judged then, from rest %u on.\n",
               same);
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

/* The implementation, or without one its recording. */
static struct vpci_seam *open_seam(const struct vpci_plan *plan, const struct vpci_bundle *recorded)
{
    if (plan->adapter.spec[0] != '\0')
        return vpci_adapter_open(&plan->adapter, &plan->limits);
    return vpci_playback_create(&recorded->transcript, &plan->pics, plan->role);
}

static void show_purpose(const struct vpci_plan *plan, const struct vpci_case *test)
{
    printf("%s\n", test->name);
    if (test->scenario != NULL)
        printf("%s\n", vpci_scenario_purpose(test->scenario));
    if (test->scenario != NULL && vpci_scenario_finding(test->scenario) != NULL)
        show_finding(vpci_scenario_finding(test->scenario), plan->catalogue);
    printf("\n");
}

static int play(const struct vpci_plan *plan, const struct vpci_bundle *recorded,
                const struct vpci_case *test)
{
    const struct vpci_conductor_options options = { .role = plan->role,
                                                    .profile = plan->profile,
                                                    .seed = plan->seed };
    struct vpci_conductor *conductor = vpci_conductor_create(&options);
    struct vpci_seam *seam = open_seam(plan, recorded);
    struct vpci_case_result result;
    struct show show = { .recorded = recorded->scenario == NULL ? NULL : recorded };
    show_purpose(plan, test);
    vpci_conductor_watch(conductor, show_event, &show);
    vpci_conductor_at_rest(conductor, vpci_states_note, &show.states);
    if (!vpci_conductor_applies(conductor, &plan->pics, test, &result))
        (void)0;
    else if (!seam->ops->connect(seam))
        vpci_conductor_failed_to_start(conductor, seam, test, &result);
    else
        vpci_conductor_play(conductor, seam, test, &result);
    show_verdict(&result);
    if (show.recorded != NULL)
        show_recorded(&show, &result);
    else if (test->scenario != NULL && vpci_scenario_finding(test->scenario) != NULL)
        show_change(vpci_scenario_finding(test->scenario), &result,
                    vpci_conductor_progress(conductor).latest);
    fflush(stdout);
    if (seam->failure == VPCI_FAILURE_NONE || !plan->adapter.in_process)
        seam->ops->destroy(seam, NULL);
    return exit_of_case(result.verdict);
}

static int play_in_child(const struct vpci_plan *plan, const struct vpci_bundle *recorded,
                         const struct vpci_case *test)
{
    fflush(NULL);
    const pid_t child = fork();
    if (child < 0)
        return vpci_fault("cannot start a process");
    if (child == 0)
        _exit(play(plan, recorded, test));
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
        code = play_in_child(&chosen.plan, &chosen.recorded, &test);
    }
    vpci_chosen_close(&chosen);
    return code;
}
