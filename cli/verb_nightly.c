/* SPDX-License-Identifier: MIT */
/* cli/verb_nightly.c - the night: known faults are played again, both engines hunt side by side, what is left
 * of the time is explored; then the corpus is thinned out, and all that is known is written down. Everything
 * that matters is in the state's folder at each moment, so that a night that is killed is taken up by the
 * next one. */
#include "cli/verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/hunting.h"
#include "fuzzers/campaign.h"
#include "fuzzers/code_coverage.h"
#include "fuzzers/inputs.h"
#include "fuzzers/interrupt.h"
#include "fuzzers/transitions.h"
#include "harness/clock.h"
#include "harness/explore.h"
#include "harness/file.h"
#include "reports/report.h"

/* Shares of the time, in percent; what comes afterwards takes what it needs. */
enum { HUNT_SHARE = 70, EXPLORE_SHARE = 12, THIN_SHARE = 12 };

struct night {
    const struct vpci_options *options;
    const struct vpci_plan *plan;
    uint64_t start_ns;
    char known[VPCI_PATH_BYTES + 16]; /* the kit's own regressions */
    struct vpci_campaign *campaign;
    struct vpci_explore_result explored[VPCI_EXPLORE_STAGE_COUNT];
    struct vpci_thinning thinning;
    struct vpci_code_coverage code;
    struct vpci_transitions transitions;
    const char *reports; /* folder of results.jsonl, the reports and night.md */
    size_t known_count;  /* scenarios of known faults */
    int replay;          /* exit code of playing them again */
    bool faulty;
    char error[VPCI_ERROR_BYTES];
};

static void say(const struct night *night, const char *what)
{
    const uint64_t seconds = (vpci_clock_ns() - night->start_ns) / VPCI_NS_PER_S;
    if (!night->options->quiet)
        fprintf(stderr, "%3" PRIu64 ":%02" PRIu64 "  %s\n", seconds / 60, seconds % 60, what);
}

static uint64_t share_ms(const struct night *night, unsigned percent)
{
    return night->options->budget_ms * percent / 100;
}

/* ---- the state ---- */

static bool make_folder(const char *folder)
{
    char error[VPCI_ERROR_BYTES];
    return vpci_folder_make(folder, error, sizeof error) || vpci_fault("%s", error) == 0;
}

/* Two nights in one state would eat each other's files. The lock lives as long as the process. */
static bool lock_state(const char *state)
{
    char path[VPCI_PATH_BYTES];
    snprintf(path, sizeof path, "%.4000s/lock", state);
    if (!make_folder(state))
        return false;
    const int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file >= 0 && flock(file, LOCK_EX | LOCK_NB) == 0)
        return true;
    (void)vpci_fault("%s: %s", path, file >= 0 ? "another night works here" : strerror(errno));
    return false;
}

/* Links each scenario below from into to. False with "path: reason" in night->error. */
static bool link_all(struct night *night, const char *from, const char *to, const char *prefix)
{
    char target[2 * VPCI_PATH_BYTES], path[2 * VPCI_PATH_BYTES], real[VPCI_PATH_BYTES];
    struct vpci_file_list list;
    if (realpath(from, real) == NULL)
        return true; /* none is there yet */
    if (!vpci_file_list_below(&list, real, ".json", night->error, sizeof night->error))
        return false;
    bool linked = true;
    for (size_t i = 0; i < list.count && linked; i++) {
        snprintf(target, sizeof target, "%s/%s", real, list.paths[i]);
        for (char *slash = list.paths[i]; (slash = strchr(slash, '/')) != NULL;)
            *slash = '_';
        snprintf(path, sizeof path, "%s/%s%s", to, prefix, list.paths[i]);
        linked = symlink(target, path) == 0;
        if (!linked)
            snprintf(night->error, sizeof night->error, "%.700s: %s", path, strerror(errno));
    }
    night->known_count += list.count;
    vpci_file_list_free(&list);
    return linked;
}

/* The scenarios of all known faults as one suite: the kit's own and those found here. NULL when there are
 * none, and when they cannot be had: then night->error says why. */
static struct vpci_suite *known_suite(struct night *night)
{
    char suite[VPCI_PATH_BYTES], findings[VPCI_PATH_BYTES];
    snprintf(suite, sizeof suite, "%.4000s/suite", night->options->state);
    snprintf(findings, sizeof findings, "%.4000s/findings", night->options->state);
    night->known_count = 0;
    vpci_inputs_remove_folder(suite); /* a finding that somebody removed is not known any more */
    if (!vpci_folder_make(suite, night->error, sizeof night->error) ||
        !link_all(night, night->known, suite, "kit-") || !link_all(night, findings, suite, "found-") ||
        night->known_count == 0)
        return NULL;
    return vpci_suite_load(suite, night->error);
}

/* Plays all known faults again and writes results.jsonl and the reports. One that cannot be played makes the
 * night faulty: a fault that is not looked for is not mended. */
static void replay_known(struct night *night)
{
    struct vpci_suite *suite = known_suite(night);
    if (suite == NULL) {
        night->faulty = night->faulty || night->error[0] != '\0';
        return;
    }
    struct vpci_plan plan = *night->plan;
    struct vpci_options options = *night->options;
    plan.suite = suite;
    options.out = night->reports;
    options.quiet = true;
    printf("known faults: ");
    fflush(stdout);
    night->replay = vpci_run_plan(&options, &plan, VPCI_FAILURE_NONE, "", vpci_format_of(&options));
    night->faulty = night->faulty || night->replay == VPCI_EXIT_FAULT;
    vpci_suite_free(suite);
}

/* ---- the hunt ---- */

static bool hunt(struct night *night)
{
    const struct vpci_options *options = night->options;
    struct vpci_hunt_screen screen;
    char path[VPCI_PATH_BYTES], error[VPCI_ERROR_BYTES];
    vpci_hunt_screen_begin(&screen, options->quiet);
    struct vpci_campaign_options how = { .plan = night->plan,
                                         .folder = options->state,
                                         .known = night->known,
                                         .time_ms = share_ms(night, HUNT_SHARE),
                                         .seeded = true,
                                         .keep_going = true,
                                         .progress = vpci_hunt_screen_show,
                                         .context = &screen };
    for (int kind = 0; kind < VPCI_ENGINE_COUNT; kind++) {
        if (!vpci_hunt_wants(options, (enum vpci_engine_kind)kind))
            continue;
        if (vpci_engine_find((enum vpci_engine_kind)kind, NULL, path, error))
            how.jobs[kind] = options->jobs > VPCI_JOBS_MAX ? VPCI_JOBS_MAX : (unsigned)options->jobs;
        else
            (void)vpci_fault("%s", error); /* said, and counted in the end: the night is not whole */
        night->faulty = night->faulty || how.jobs[kind] == 0;
    }
    const bool sound = vpci_campaign_run(night->campaign, &how, night->error);
    vpci_hunt_screen_end(&screen);
    night->faulty = night->faulty || !sound;
    return sound;
}

static bool look_at(void *context, const struct vpci_case *test)
{
    struct night *night = context;
    const int result = vpci_findings_take_case(&night->campaign->findings, test, night->error);
    night->faulty = night->faulty || result < 0;
    return result >= 0;
}

static void explore(struct night *night)
{
    const struct vpci_plan *plan = night->plan;
    const uint64_t end_ns = vpci_clock_ns() + share_ms(night, EXPLORE_SHARE) * VPCI_NS_PER_MS;
    struct vpci_explore_options options = { .adapter = plan->adapter,
                                            .limits = plan->limits,
                                            .role = plan->role,
                                            .profile = plan->profile,
                                            .seed = plan->seed,
                                            .capabilities = plan->pics.capabilities,
                                            .vfs = 1,
                                            .blocks = 2,
                                            .slots = 2,
                                            .keep_going = true,
                                            .deadline_ns = end_ns,
                                            .stopped = vpci_interrupted,
                                            .found = look_at,
                                            .context = night };
    for (int stage = 0; stage < VPCI_EXPLORE_STAGE_COUNT && !vpci_interrupted(); stage++)
        vpci_explore(&options, (enum vpci_explore_stage)stage, &night->explored[stage]);
}

static void thin(struct night *night)
{
    const struct vpci_engine_setup setup = { .plan = night->plan, .folder = night->options->state };
    night->thinning = vpci_inputs_thin(&setup, share_ms(night, THIN_SHARE) + 10000);
    night->code = vpci_code_coverage_of(&setup, share_ms(night, THIN_SHARE) + 10000);
}

/* ---- the summary ---- */

static void add_faults(struct vpci_text *text, const struct vpci_findings *findings)
{
    vpci_text_add(text, "| requirement | reason | inputs | scenario |\n|---|---|---|---|\n");
    for (uint32_t i = 0; i < findings->fault_count; i++) {
        const struct vpci_fault *fault = &findings->faults[i];
        vpci_text_addf(text, "| %s | %s%s | %" PRIu32 " | %s%.12s |\n",
                       fault->requirement == VPCI_REQUIREMENT_NONE
                           ? "none"
                           : vpci_requirement_info[fault->requirement].id,
                       fault->reason, fault->golden == VPCI_GOLDEN_FAILS ? " (golden fails it, too)" : "",
                       fault->times, fault->known ? "known, " : "**new**, ", fault->fingerprint);
    }
}

static void add_exploration(struct vpci_text *text, const struct night *night)
{
    for (int stage = 0; stage < VPCI_EXPLORE_STAGE_COUNT; stage++) {
        const struct vpci_explore_result *result = &night->explored[stage];
        if (result->end != VPCI_EXPLORE_NOT_BEGUN)
            vpci_text_addf(text, "- explored %s: %" PRIu64 " %s, %s\n", vpci_explore_stage_name[stage],
                           result->items, vpci_explore_item_name[stage],
                           result->end == VPCI_EXPLORE_EXHAUSTED ? "exhausted" : "not exhausted");
    }
}

static void add_untaken(struct vpci_text *text, const struct vpci_transitions *transitions)
{
    uint32_t shown = 0;
    for (unsigned cell = 0; cell < VPCI_MODEL_CELLS; cell++) {
        if (transitions->possible[cell] && !transitions->taken[cell])
            vpci_text_addf(text, "%s%s in state %u", shown++ == 0 ? "\nNot taken: " : ", ",
                           vpci_event_info[cell / VPCI_MODEL_STATES_MAX].name, cell % VPCI_MODEL_STATES_MAX);
    }
    if (shown != 0)
        vpci_text_add(text, ".\n");
}

static void add_figures(struct vpci_text *text, const struct night *night)
{
    const struct vpci_campaign *campaign = night->campaign;
    for (int kind = 0; kind < VPCI_ENGINE_COUNT; kind++)
        vpci_text_addf(text, "- %s: %" PRIu64 " executions\n", vpci_engine_name[kind],
                       vpci_campaign_executions(campaign, (enum vpci_engine_kind)kind));
    if (night->thinning.features_before != 0)
        vpci_text_addf(
            text, "- corpus: %zu inputs, %" PRIu32 " features%s\n",
            night->thinning.replaced ? night->thinning.inputs_after : night->thinning.inputs_before,
            night->thinning.replaced ? night->thinning.features_after : night->thinning.features_before,
            night->thinning.replaced ? ", thinned out" : "");
    vpci_text_addf(text, "- transitions of the model: %" PRIu32 " of %" PRIu32 "\n",
                   night->transitions.taken_count, night->transitions.possible_count);
    if (night->code.functions != 0)
        vpci_text_addf(text,
                       "- code of the adapter: %" PRIu32 " of %" PRIu32 " functions, %" PRIu32 " of %" PRIu32
                       " edges; by line in log/coverage.log\n",
                       night->code.functions_reached, night->code.functions, night->code.edges_reached,
                       night->code.edges);
    else
        vpci_text_add(text, "- code of the adapter: not told, it is not instrumented\n");
    add_exploration(text, night);
    if (campaign->findings.unsure != 0)
        vpci_text_addf(text, "- %" PRIu32 " inputs without a verdict, kept in unsure/\n",
                       campaign->findings.unsure);
}

static void write_summary(struct night *night)
{
    static const char *const replayed[] = { "none of them fails", "some of them fail, see results.jsonl",
                                            "some of them without a verdict",
                                            "they could not all be played" };
    struct vpci_text text = { 0 };
    char path[VPCI_PATH_BYTES], error[VPCI_ERROR_BYTES];
    const struct vpci_findings *findings = &night->campaign->findings;
    const uint32_t new_faults = vpci_findings_new(findings);
    vpci_text_addf(&text, "# Night: %s\n\nAdapter `%s`, role %s.\n\n",
                   new_faults == 0 ? "nothing new" : "new faults", night->plan->adapter_name,
                   vpci_role_info[night->plan->role].name);
    if (findings->fault_count != 0)
        add_faults(&text, findings);
    vpci_text_addf(&text, "\nKnown faults played again: %zu scenarios, %s.\n\n", night->known_count,
                   night->known_count == 0 ? "nothing to play" : replayed[night->replay]);
    add_figures(&text, night);
    add_untaken(&text, &night->transitions);
    if (night->faulty)
        vpci_text_addf(&text, "\nThe night is not whole: %s\n",
                       night->error[0] == '\0' ? "an engine is missing" : night->error);
    snprintf(path, sizeof path, "%.4000s/night.md", night->reports);
    if (!vpci_file_write(path, text.bytes, text.length, error, sizeof error))
        night->faulty = vpci_fault("%s", error) != 0;
    fwrite(text.bytes, 1, text.length, stdout);
    vpci_text_free(&text);
}

/* ---- the night ---- */

static bool hunt_and_explore(struct night *night)
{
    if (!vpci_inputs_recover(night->options->state, night->error))
        return false;
    say(night, "hunting");
    if (!hunt(night))
        return false;
    if (!vpci_interrupted()) {
        say(night, "exploring");
        explore(night);
    }
    if (!vpci_interrupted()) {
        say(night, "thinning the corpus out");
        thin(night);
    }
    char corpus[VPCI_PATH_BYTES];
    snprintf(corpus, sizeof corpus, "%.4000s/corpus", night->options->state);
    return vpci_transitions_of(&night->transitions, night->plan, corpus, night->error);
}

/* The known faults that fail again count as much as those that the hunt met. */
static int exit_code(const struct night *night)
{
    if (night->faulty)
        return night->error[0] == '\0' ? VPCI_EXIT_FAULT : vpci_fault("%s", night->error);
    if (night->replay == VPCI_EXIT_VIOLATION)
        return VPCI_EXIT_VIOLATION;
    const int code = vpci_hunt_exit(night->campaign);
    return code == VPCI_EXIT_CONFORMS && vpci_interrupted() ? VPCI_EXIT_INCONCLUSIVE : code;
}

static int spend(struct night *night)
{
    say(night, "playing known faults again");
    replay_known(night);
    if (!hunt_and_explore(night))
        night->faulty = true;
    if (vpci_findings_new(&night->campaign->findings) != 0)
        replay_known(night);
    write_summary(night);
    return exit_code(night);
}

int vpci_verb_nightly(const struct vpci_options *options)
{
    static struct vpci_campaign campaign; /* too large for a stack frame */
    struct night night = { .options = options, .start_ns = vpci_clock_ns(), .campaign = &campaign };
    struct vpci_corpus corpus;
    struct vpci_plan plan;
    char detail[VPCI_ERROR_BYTES];
    enum vpci_failure failure = VPCI_FAILURE_NONE;
    int code = VPCI_EXIT_FAULT;
    vpci_known_faults(options, night.known, sizeof night.known);
    night.reports = (options->given & VPCI_O(OUT)) != 0 ? options->out : options->state;
    if (!lock_state(options->state) || !make_folder(night.reports) ||
        !vpci_corpus_load(&corpus, options->corpus, NULL))
        return VPCI_EXIT_FAULT;
    night.plan = &plan;
    if (!vpci_plan_make(&plan, options, &corpus, &failure, detail))
        code = VPCI_EXIT_FAULT;
    else if (failure != VPCI_FAILURE_NONE || !plan.adapter.in_process)
        code =
            vpci_fault("%s: only an implementation in process can be hunted: %s", plan.adapter_name, detail);
    else
        code = spend(&night);
    vpci_campaign_free(&campaign);
    vpci_corpus_free(&corpus);
    return code;
}
