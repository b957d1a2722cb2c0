/* SPDX-License-Identifier: MIT */
/* cli/verb_fuzz.c - hunts with libFuzzer, AFL++ or both. Builds nothing: the targets come with the kit. */
#include "cli/verbs.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/hunting.h"
#include "fuzzers/campaign.h"

static bool choose_engines(const struct vpci_options *options, struct vpci_campaign_options *campaign)
{
    char path[VPCI_PATH_BYTES], error[VPCI_ERROR_BYTES];
    for (int kind = 0; kind < VPCI_ENGINE_COUNT; kind++) {
        if (!vpci_hunt_wants(options, (enum vpci_engine_kind)kind))
            continue;
        if (!vpci_engine_find((enum vpci_engine_kind)kind, NULL, path, error)) {
            (void)vpci_fault("%s", error);
            return false;
        }
        campaign->jobs[kind] = options->jobs > VPCI_JOBS_MAX ? VPCI_JOBS_MAX : (unsigned)options->jobs;
    }
    return true;
}

static int hunt(const struct vpci_options *options, const struct vpci_plan *plan)
{
    static struct vpci_campaign campaign; /* too large for a stack frame */
    char known[VPCI_PATH_BYTES + 16], error[VPCI_ERROR_BYTES] = "";
    struct vpci_hunt_screen screen;
    vpci_known_faults(options, known, sizeof known);
    vpci_hunt_screen_begin(&screen, options->quiet);
    struct vpci_campaign_options how = {
        .plan = plan,
        .folder = options->out,
        .known = known,
        .time_ms = options->runs != 0 && (options->given & VPCI_O(HUNT_TIME)) == 0 ? 0 : options->hunt_ms,
        .runs = options->runs,
        .seeded = !options->empty,
        .keep_going = options->keep_going,
        .progress = vpci_hunt_screen_show,
        .context = &screen
    };
    if (!choose_engines(options, &how))
        return VPCI_EXIT_FAULT;
    const bool sound = vpci_campaign_run(&campaign, &how, error);
    vpci_hunt_screen_end(&screen);
    vpci_hunt_report(&campaign, options);
    const int code = vpci_hunt_exit(&campaign);
    vpci_campaign_free(&campaign);
    return sound ? code : vpci_fault("%s", error);
}

int vpci_verb_fuzz(const struct vpci_options *options)
{
    struct vpci_corpus corpus;
    struct vpci_plan plan;
    char detail[VPCI_ERROR_BYTES];
    enum vpci_failure failure = VPCI_FAILURE_NONE;
    int code = VPCI_EXIT_FAULT;
    if (!vpci_corpus_load(&corpus, options->corpus, NULL))
        return VPCI_EXIT_FAULT;
    if (!vpci_plan_make(&plan, options, &corpus, &failure, detail))
        code = VPCI_EXIT_FAULT;
    else if (failure != VPCI_FAILURE_NONE)
        code = vpci_fault("%s", detail);
    else if (!plan.adapter.in_process)
        code = vpci_fault(
            "%s: only an implementation in process can be fuzzed; for others there are explore and certify",
            plan.adapter_name);
    else
        code = hunt(options, &plan);
    vpci_corpus_free(&corpus);
    return code;
}
