/* SPDX-License-Identifier: MIT */
/* fuzzers/campaign.c - see campaign.h. One loop: poll the engines, shrink what they found, let them share,
 * until time or runs are over, a new fault is found, or a signal comes. With a number of runs nothing depends
 * on time: the processes do not share, and all that they found is shrunk when they are done. */
#include "fuzzers/campaign.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "fuzzers/inputs.h"
#include "fuzzers/interrupt.h"
#include "harness/clock.h"

enum {
    ROUND_MS = 50,
    SHARE_MS = 5000,
    PROGRESS_MS = 1000,
    INPUTS_A_ROUND = 8, /* shrunk before the engines are looked at again, */
    SHRINK_MS = 200,    /* or until this time is over */
};

struct hunt {
    struct vpci_campaign *campaign;
    struct vpci_engine_setup setup;
    uint64_t start_ns;
    char *error;
    bool failed;
};

static uint64_t since_ms(uint64_t start_ns)
{
    return (vpci_clock_ns() - start_ns) / VPCI_NS_PER_MS;
}

static uint64_t children_cpu_ms(void)
{
    struct rusage used;
    (void)getrusage(RUSAGE_CHILDREN, &used);
    return (uint64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000u +
           (uint64_t)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000u;
}

uint64_t vpci_campaign_executions(const struct vpci_campaign *campaign, enum vpci_engine_kind kind)
{
    uint64_t executions = 0;
    for (unsigned i = 0; i < campaign->engine_count; i++) {
        if (kind == VPCI_ENGINE_COUNT || campaign->engines[i].kind == kind)
            executions += campaign->engines[i].executions;
    }
    return executions;
}

static void tell(struct hunt *hunt)
{
    struct vpci_campaign *campaign = hunt->campaign;
    campaign->elapsed_ms = since_ms(hunt->start_ns);
    if (campaign->options.progress != NULL)
        campaign->options.progress(campaign->options.context, campaign);
}

static bool start_engines(struct hunt *hunt)
{
    struct vpci_campaign *campaign = hunt->campaign;
    for (unsigned kind = 0; kind < VPCI_ENGINE_COUNT; kind++) {
        for (unsigned i = 0; i < campaign->options.jobs[kind] && i < VPCI_JOBS_MAX; i++) {
            struct vpci_engine *engine = &campaign->engines[campaign->engine_count++];
            *engine = (struct vpci_engine){ .kind = (enum vpci_engine_kind)kind, .number = i };
            if (!vpci_engine_start(engine, &hunt->setup)) {
                snprintf(hunt->error, VPCI_ERROR_BYTES, "%s", engine->fault);
                return false;
            }
        }
    }
    return true;
}

/* True while some engine runs. One that cannot go on ends the hunt: what it would have found is not found. */
static bool poll_engines(struct hunt *hunt)
{
    struct vpci_campaign *campaign = hunt->campaign;
    bool running = false;
    for (unsigned i = 0; i < campaign->engine_count; i++) {
        struct vpci_engine *engine = &campaign->engines[i];
        vpci_engine_poll(engine, &hunt->setup);
        running = running || engine->pid != 0;
        if (engine->fault[0] != '\0' && !hunt->failed) {
            snprintf(hunt->error, VPCI_ERROR_BYTES, "%s: %s", vpci_engine_name[engine->kind], engine->fault);
            hunt->failed = true;
        }
    }
    return running && !hunt->failed;
}

/* Shrinks some of what is there, and looks at the engines again before that takes long. True when there was a
 * new fault. */
static bool take_findings(struct hunt *hunt)
{
    const uint64_t start_ns = vpci_clock_ns();
    bool found = false;
    for (int i = 0; i < INPUTS_A_ROUND && !hunt->failed && since_ms(start_ns) < SHRINK_MS; i++) {
        const int count = vpci_findings_take(&hunt->campaign->findings, 1, hunt->error);
        hunt->failed = hunt->failed || count < 0;
        found = found || count > 0;
    }
    return found;
}

static bool is_ended_by_inputs(const struct vpci_campaign *campaign)
{
    for (unsigned i = 0; i < campaign->engine_count; i++) {
        if (campaign->engines[i].ended_by_inputs)
            return true;
    }
    return false;
}

/* Why the hunt is over; NULL while it is not. */
static const char *reason_to_end(const struct hunt *hunt, bool running, bool found)
{
    const struct vpci_campaign_options *options = &hunt->campaign->options;
    if (hunt->failed)
        return "the kit or an engine is at fault";
    if (vpci_interrupted())
        return "interrupted";
    if (!running && is_ended_by_inputs(hunt->campaign))
        return "the implementation ended the engines too often";
    if (!running)
        return "all runs are made";
    if (found && !options->keep_going && options->runs == 0)
        return "a new fault is found";
    if (options->time_ms != 0 && since_ms(hunt->start_ns) >= options->time_ms)
        return "the time is over";
    return NULL;
}

static void share(struct hunt *hunt)
{
    const char *folder = hunt->campaign->options.folder;
    char fault[VPCI_ERROR_BYTES] = "";
    if ((vpci_inputs_share(folder, fault) && vpci_inputs_have_room(folder, fault)) || hunt->failed)
        return;
    snprintf(hunt->error, VPCI_ERROR_BYTES, "%s", fault);
    hunt->failed = true;
}

static void go_round(struct hunt *hunt)
{
    struct vpci_campaign *campaign = hunt->campaign;
    const bool in_step = campaign->options.runs != 0; /* nothing may depend on time */
    uint64_t shared_ms = 0, told_ms = 0;
    while (campaign->end == NULL) {
        (void)usleep(ROUND_MS * 1000);
        const bool running = poll_engines(hunt);
        const bool found = !in_step && take_findings(hunt);
        campaign->end = reason_to_end(hunt, running, found);
        const uint64_t now_ms = since_ms(hunt->start_ns);
        if (!in_step && now_ms - shared_ms >= SHARE_MS) {
            share(hunt);
            shared_ms = now_ms;
        }
        if (now_ms - told_ms >= PROGRESS_MS) {
            tell(hunt);
            told_ms = now_ms;
        }
    }
}

static bool prepare(struct hunt *hunt)
{
    struct vpci_campaign *campaign = hunt->campaign;
    const struct vpci_campaign_options *options = &campaign->options;
    if (!vpci_inputs_prepare(options->folder, hunt->error))
        return false;
    if (options->seeded && vpci_inputs_seed(options->folder, options->plan, hunt->error) < 0)
        return false;
    if (options->runs != 0 &&
        !vpci_inputs_give_each(options->folder, options->jobs[VPCI_ENGINE_LIBFUZZER], hunt->error))
        return false;
    if (options->jobs[VPCI_ENGINE_AFL] != 0 && !vpci_inputs_seed_afl(options->folder, hunt->error))
        return false;
    return vpci_findings_open(&campaign->findings, options->plan, options->folder, options->known,
                              hunt->error);
}

static void remove_own(const char *folder)
{
    char own[VPCI_PATH_BYTES];
    snprintf(own, sizeof own, "%.4000s/own", folder);
    vpci_inputs_remove_folder(own); /* shared by now */
}

/* Afterwards, however it ended: nothing that was found may be lost. */
static void finish(struct hunt *hunt)
{
    struct vpci_campaign *campaign = hunt->campaign;
    for (unsigned i = 0; i < campaign->engine_count; i++)
        vpci_engine_stop(&campaign->engines[i], &hunt->setup);
    share(hunt);
    char fault[VPCI_ERROR_BYTES] = "";
    if (vpci_findings_take(&campaign->findings, UINT32_MAX, fault) < 0 && !hunt->failed) {
        snprintf(hunt->error, VPCI_ERROR_BYTES, "%s", fault);
        hunt->failed = true;
    }
    if (!hunt->failed)
        remove_own(campaign->options.folder);
    campaign->cpu_ms = children_cpu_ms();
    campaign->interrupted = vpci_interrupted();
    tell(hunt);
}

bool vpci_campaign_run(struct vpci_campaign *campaign, const struct vpci_campaign_options *options,
                       char error[VPCI_ERROR_BYTES])
{
    memset(campaign, 0, sizeof *campaign);
    campaign->options = *options;
    struct hunt hunt = { .campaign = campaign, .start_ns = vpci_clock_ns(), .error = error };
    hunt.setup = (struct vpci_engine_setup){ .plan = options->plan,
                                             .target = options->target,
                                             .folder = options->folder,
                                             .runs = options->runs,
                                             .seed = options->plan->seed };
    if (!prepare(&hunt))
        return false;
    vpci_interrupt_catch();
    if (start_engines(&hunt))
        go_round(&hunt);
    else
        hunt.failed = true;
    finish(&hunt);
    return !hunt.failed;
}

void vpci_campaign_free(struct vpci_campaign *campaign)
{
    if (campaign->findings.plan != NULL)
        vpci_findings_close(&campaign->findings);
}
