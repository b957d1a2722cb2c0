/* SPDX-License-Identifier: MIT */
/* harness/found.c - see found.h. All candidates are played in one child of this process, which hands back
 * what is left in memory that both share. When an implementation ends that child, or what it found does not
 * come again, each candidate is given a child of its own. */
#include "harness/found.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/allocate.h"
#include "harness/runner.h"

/* Ours: an implementation that hangs costs its whole step time for each play. */
enum { HANG_RUNS_MAX = 60, HANG_STEP_MS = 500 };

const char *const vpci_found_golden_name[VPCI_GOLDEN_COUNT] = {
    [VPCI_GOLDEN_PASSES] = "passes",
    [VPCI_GOLDEN_NOT_APPLICABLE] = "not applicable",
    [VPCI_GOLDEN_FAILS] = "fails",
    [VPCI_GOLDEN_UNSURE] = "unsure",
};

/* What the child hands back. */
struct handed {
    bool done;
    struct vpci_shrink_report report;
    struct vpci_case test; /* steps and data below */
    struct vpci_step steps[VPCI_CASE_STEPS_MAX];
    uint8_t data[VPCI_SCRIPT_DATA_BYTES];
};

/* The work on one case. */
struct work {
    const struct vpci_found_options *options;
    struct vpci_found *found;
    struct vpci_script script; /* in the making */
    struct vpci_outcome target;
    struct vpci_requirement_set exercised; /* by golden, else by the implementation */
    struct vpci_player_options golden;
    bool has_golden; /* it plays the role */
    vpci_capability_set golden_capabilities;
    /* Golden has to pass each candidate: without the steps that lead to it, an expectation fails for
     * everybody. */
    bool golden_must_pass;
};

static void count_plays(struct work *work, uint32_t plays)
{
    work->found->plays += plays;
}

static struct vpci_player_options player_options(const struct work *work, enum vpci_containment containment)
{
    struct vpci_player_options options = work->options->player;
    options.containment = containment;
    return options;
}

/* ---- playing until it fails ---- */

static uint32_t need_of(const struct vpci_found_options *options)
{
    return options->need == 0 ? 1 : options->need;
}

static uint32_t attempts_of(const struct vpci_found_options *options)
{
    return options->need == 0 ? 1 : options->attempts;
}

/* Plays the case in fresh processes. outcome_out: of the last play that failed, else of the last one. Returns
 * how many plays failed; like, if not NULL: failed in this way. Stops once they are enough or cannot be. */
static uint32_t play_fresh(struct work *work, const struct vpci_case *test, const struct vpci_outcome *like,
                           struct vpci_outcome *outcome_out)
{
    const struct vpci_player_options options = player_options(work, VPCI_PLAY_CONTAINED);
    const uint32_t need = need_of(work->options), attempts = attempts_of(work->options);
    struct vpci_player *player = vpci_player_create(&options);
    uint32_t failed = 0;
    for (uint32_t played = 0; failed < need && need - failed <= attempts - played; played++) {
        struct vpci_outcome outcome;
        vpci_player_play(player, test, &outcome);
        count_plays(work, 1);
        const bool fails =
            outcome.verdict == VPCI_CASE_FAIL && (like == NULL || vpci_outcome_same(like, &outcome));
        failed += fails;
        if (fails || failed == 0)
            *outcome_out = outcome;
        if (fails && like == NULL)
            like = outcome_out; /* and the others in the same way */
    }
    vpci_player_destroy(player);
    return failed;
}

/* ---- shrinking ---- */

static struct vpci_shrink_options shrink_options(const struct work *work, vpci_play_fn *play, void *context)
{
    const bool hangs =
        work->target.failure == VPCI_FAILURE_HANG || work->target.failure == VPCI_FAILURE_HANG_AT_CLOSE;
    struct vpci_shrink_options options = { .play = play,
                                           .context = context,
                                           .role = work->options->player.role,
                                           .capabilities = work->options->capabilities,
                                           .runs_max = work->options->runs_max,
                                           .need = need_of(work->options),
                                           .attempts = attempts_of(work->options) };
    if (hangs && (options.runs_max == 0 || options.runs_max > HANG_RUNS_MAX))
        options.runs_max = HANG_RUNS_MAX;
    return options;
}

/* Two implementations that play the same candidates. */
struct pair {
    struct vpci_player *player, *golden; /* golden: NULL where it need not pass */
};

static struct pair create_pair(const struct work *work, const struct vpci_player_options *options)
{
    struct vpci_player_options golden = work->golden;
    golden.containment = options->containment;
    return (struct pair){ vpci_player_create(options),
                          work->golden_must_pass ? vpci_player_create(&golden) : NULL };
}

static void destroy_pair(const struct pair *pair)
{
    vpci_player_destroy(pair->player);
    vpci_player_destroy(pair->golden);
}

static void play_pair(void *context, const struct vpci_case *test, struct vpci_outcome *outcome_out)
{
    const struct pair *pair = context;
    struct vpci_outcome golden;
    vpci_player_play(pair->player, test, outcome_out);
    if (pair->golden == NULL || outcome_out->verdict != VPCI_CASE_FAIL)
        return;
    vpci_player_play(pair->golden, test, &golden);
    if (golden.verdict != VPCI_CASE_PASS)
        outcome_out->verdict = VPCI_CASE_INCONCLUSIVE;
}

/* Each candidate in a process of its own; an implementation outside of this one runs there anyway. */
static bool shrink_contained(struct work *work, struct vpci_shrink_report *report)
{
    struct vpci_player_options options = player_options(work, VPCI_PLAY_CONTAINED);
    if (work->target.failure == VPCI_FAILURE_HANG &&
        (options.limits.step_timeout_ms == 0 || options.limits.step_timeout_ms > HANG_STEP_MS))
        options.limits.step_timeout_ms = HANG_STEP_MS;
    struct pair pair = create_pair(work, &options);
    const struct vpci_shrink_options shrink = shrink_options(work, play_pair, &pair);
    const bool shrunk = vpci_shrink(&work->script, &work->target, &shrink, report);
    destroy_pair(&pair);
    count_plays(work, report->runs);
    return shrunk;
}

/* In the child: after a crash or a hang nothing that is played here can be believed. */
static void play_untainted(void *context, const struct vpci_case *test, struct vpci_outcome *outcome_out)
{
    const struct pair *pair = context;
    play_pair(context, test, outcome_out);
    if (vpci_player_is_tainted(pair->player))
        _exit(0);
}

static void hand_back(const struct vpci_script *script, struct handed *handed)
{
    struct vpci_script to = { .steps = handed->steps, .data = handed->data };
    handed->done = vpci_script_copy(&to, &script->test);
    handed->test = to.test;
}

static _Noreturn void shrink_in_child(struct work *work, struct handed *handed)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)setpgid(0, 0);
    (void)dup2(STDERR_FILENO, STDOUT_FILENO);
    const struct vpci_player_options options = player_options(work, VPCI_PLAY_DIRECTLY);
    struct pair pair = create_pair(work, &options);
    const struct vpci_shrink_options shrink = shrink_options(work, play_untainted, &pair);
    if (vpci_shrink(&work->script, &work->target, &shrink, &handed->report))
        hand_back(&work->script, handed);
    _exit(0);
}

/* All candidates in one child. False when it did not come to an end. */
static bool shrink_directly(struct work *work, struct vpci_shrink_report *report)
{
    struct handed *handed =
        mmap(NULL, sizeof *handed, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (handed == MAP_FAILED)
        vpci_give_up("out of memory");
    fflush(NULL);
    const pid_t child = fork();
    if (child < 0)
        vpci_give_up("cannot start a process");
    if (child == 0)
        shrink_in_child(work, handed);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    (void)kill(-child, SIGKILL); /* what it left behind */
    const bool done = handed->done;
    *report = handed->report;
    count_plays(work, report->runs);
    if (done)
        (void)vpci_script_copy(&work->script, &handed->test);
    (void)munmap(handed, sizeof *handed);
    return done;
}

/* Shrinks and plays what is left in a fresh process. */
static bool shrink_and_confirm(struct work *work, const struct vpci_case *test,
                               bool (*shrink)(struct work *, struct vpci_shrink_report *))
{
    struct vpci_shrink_report report = { 0 };
    struct vpci_outcome outcome;
    (void)vpci_script_copy(&work->script, test);
    if (!shrink(work, &report) ||
        play_fresh(work, &work->script.test, &work->target, &outcome) < need_of(work->options))
        return false;
    work->target = outcome;
    work->found->at_fixpoint = report.at_fixpoint;
    return true;
}

/* ---- golden ---- */

static bool fits(const struct vpci_case *test, enum vpci_role role, vpci_capability_set capabilities)
{
    bool fit = test->start_automatically || (capabilities & VPCI_CAPABILITY_BIT(START)) != 0;
    fit = fit && (test->pf.count == UINT32_MAX || (capabilities & VPCI_CAPABILITY_BIT(PF_COUNT)) != 0);
    for (uint32_t i = 0; i < test->step_count && fit; i++)
        fit = vpci_step_fits(&test->steps[i], role, capabilities);
    return fit;
}

/* Where golden is, and what it claims. */
static void find_golden(struct work *work)
{
    struct vpci_plan plan = { .role = work->options->player.role, .limits = work->options->player.limits };
    enum vpci_failure failure;
    char error[VPCI_ERROR_BYTES];
    if (!vpci_adapter_resolve(&plan.adapter, "golden", error) || !vpci_runner_probe(&plan, &failure, error) ||
        failure != VPCI_FAILURE_NONE || (plan.pics.roles >> plan.role & 1u) == 0)
        return;
    work->golden = work->options->player;
    work->golden.adapter = plan.adapter;
    work->golden.containment = VPCI_PLAY_CONTAINED;
    work->golden_capabilities = plan.pics.capabilities;
    work->has_golden = true;
}

/* False when golden cannot be sent the case. */
static bool play_golden(const struct work *work, const struct vpci_case *test,
                        struct vpci_outcome *outcome_out)
{
    if (!work->has_golden || !fits(test, work->golden.role, work->golden_capabilities))
        return false;
    struct vpci_player *player = vpci_player_create(&work->golden);
    vpci_player_play(player, test, outcome_out);
    vpci_player_destroy(player);
    return true;
}

static bool has_expectations(const struct vpci_case *test)
{
    for (uint32_t i = 0; i < test->step_count; i++) {
        if (test->steps[i].kind == VPCI_STEP_EXPECT || test->steps[i].kind == VPCI_STEP_EXPECT_NONE)
            return true;
    }
    return false;
}

static enum vpci_found_golden ask_golden(struct work *work)
{
    struct vpci_outcome outcome;
    if (!play_golden(work, &work->script.test, &outcome))
        return VPCI_GOLDEN_NOT_APPLICABLE;
    work->exercised = outcome.exercised;
    if (outcome.verdict == VPCI_CASE_PASS)
        return VPCI_GOLDEN_PASSES;
    snprintf(work->found->detail, sizeof work->found->detail, "golden: %s %s: %.180s",
             vpci_case_verdict_name[outcome.verdict],
             outcome.requirement == VPCI_REQUIREMENT_NONE ? ""
                                                          : vpci_requirement_info[outcome.requirement].id,
             outcome.reason == NULL ? outcome.detail : outcome.reason);
    return outcome.verdict == VPCI_CASE_FAIL ? VPCI_GOLDEN_FAILS : VPCI_GOLDEN_UNSURE;
}

/* ---- the finding ---- */

/* The one that is broken; where a correct implementation does not exercise it, all that it does exercise. */
static struct vpci_requirement_set purpose_of(const struct work *work)
{
    struct vpci_requirement_set set = { { 0 } };
    if (!vpci_requirement_has(&work->exercised, work->target.requirement))
        set = work->exercised;
    vpci_requirement_add(&set, work->target.requirement);
    return set;
}

static void print_scenario(struct work *work)
{
    struct vpci_found *found = work->found;
    struct vpci_text purpose = { 0 };
    const struct vpci_requirement_set requirements = purpose_of(work);
    const struct vpci_finding finding = { .requirement = found->requirement,
                                          .reason = found->reason,
                                          .cause = found->cause,
                                          .event = vpci_event_info[found->event].name,
                                          .adapter = work->options->adapter_name,
                                          .fingerprint = found->fingerprint };
    vpci_text_addf(&purpose, "What was left of a case that broke %s: %s.",
                   vpci_requirement_info[found->requirement].id, found->reason);
    const struct vpci_script_head head = { .purpose = purpose.bytes,
                                           .requirements = &requirements,
                                           .role = work->options->player.role,
                                           .finding = &finding };
    vpci_text_clear(&found->scenario);
    vpci_script_print(&found->scenario, &work->script.test, &head);
    vpci_text_free(&purpose);
}

static void describe(struct work *work)
{
    struct vpci_found *found = work->found;
    const struct vpci_outcome *target = &work->target;
    found->requirement = target->requirement;
    found->failure = target->failure;
    found->event = target->event;
    found->cause = vpci_outcome_cause(target);
    snprintf(found->reason, sizeof found->reason, "%s",
             target->reason == NULL ? found->cause : target->reason);
    snprintf(found->allowed, sizeof found->allowed, "%s", target->allowed == NULL ? "" : target->allowed);
    found->steps_after = work->script.test.step_count;
    vpci_fingerprint(found->fingerprint, found->requirement, &work->script.test);
    work->exercised = target->exercised;
    found->golden = ask_golden(work);
    print_scenario(work);
}

static enum vpci_found_end unsure(struct vpci_found *found, const char *reason, const char *detail)
{
    snprintf(found->detail, sizeof found->detail, "%s%s%.180s", reason, detail[0] == '\0' ? "" : ": ",
             detail);
    return VPCI_FOUND_UNSURE;
}

static enum vpci_found_end work_on(struct work *work, const struct vpci_case *test)
{
    struct vpci_found *found = work->found;
    if (test->step_count == 0)
        return unsure(found, "the case has no steps", "");
    const uint32_t failed = play_fresh(work, test, NULL, &work->target);
    if (failed < need_of(work->options)) {
        if (failed != 0)
            return unsure(found, "it does not fail in the same way often enough", "");
        return work->target.verdict == VPCI_CASE_PASS
                   ? VPCI_FOUND_NOTHING
                   : unsure(found, "it is not played to a verdict", work->target.detail);
    }
    if (work->target.requirement == VPCI_REQUIREMENT_NONE)
        return unsure(found, "it fails before anything is asked of it", work->target.detail);
    struct vpci_outcome golden;
    find_golden(work);
    work->golden_must_pass =
        has_expectations(test) && play_golden(work, test, &golden) && golden.verdict != VPCI_CASE_FAIL;
    const bool directly =
        work->options->player.adapter.in_process && work->target.failure == VPCI_FAILURE_NONE;
    if (!(directly && shrink_and_confirm(work, test, shrink_directly)) &&
        !shrink_and_confirm(work, test, shrink_contained))
        return unsure(found, "what is left when it is shrunk does not fail again in a fresh process", "");
    describe(work);
    return VPCI_FOUND_FINDING;
}

struct vpci_found_options vpci_found_options_of(const struct vpci_plan *plan)
{
    return (struct vpci_found_options){ .player = { .adapter = plan->adapter,
                                                    .limits = plan->limits,
                                                    .role = plan->role,
                                                    .profile = plan->profile,
                                                    .seed = plan->seed },
                                        .capabilities = plan->pics.capabilities,
                                        .adapter_name = plan->adapter_name };
}

enum vpci_found_end vpci_found_shrink(const struct vpci_found_options *options, const struct vpci_case *test,
                                      struct vpci_found *found)
{
    struct work work = { .options = options, .found = found };
    struct vpci_text scenario = found->scenario;
    vpci_text_clear(&scenario);
    *found = (struct vpci_found){ .scenario = scenario, .steps_before = test->step_count };
    vpci_script_create(&work.script);
    const enum vpci_found_end end = work_on(&work, test);
    vpci_script_destroy(&work.script);
    return end;
}

void vpci_found_free(struct vpci_found *found)
{
    vpci_text_free(&found->scenario);
}

bool vpci_found_write(const struct vpci_found *found, const char *folder, char path_out[VPCI_PATH_BYTES],
                      char error[VPCI_ERROR_BYTES])
{
    const int length = snprintf(path_out, VPCI_PATH_BYTES, "%s/%s-%.12s.json", folder,
                                vpci_requirement_info[found->requirement].id, found->fingerprint);
    if (length < 0 || length >= VPCI_PATH_BYTES) {
        snprintf(error, VPCI_ERROR_BYTES, "%.100s...: the path is too long", folder);
        return false;
    }
    return vpci_folder_make(folder, error, VPCI_ERROR_BYTES) &&
           vpci_file_write(path_out, found->scenario.bytes, found->scenario.length, error, VPCI_ERROR_BYTES);
}
