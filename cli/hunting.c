/* SPDX-License-Identifier: MIT */
/* cli/hunting.c - see hunting.h. */
#include "cli/hunting.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/requirements.h"

enum { PLAIN_LINE_MS = 10000 };

void vpci_known_faults(const struct vpci_options *options, char *path, size_t path_bytes)
{
    char corpus[VPCI_PATH_BYTES];
    (void)vpci_program_part(VPCI_PART_CORPUS, corpus);
    snprintf(path, path_bytes, "%s/regressions", options->corpus != NULL ? options->corpus : corpus);
}

bool vpci_hunt_wants(const struct vpci_options *options, enum vpci_engine_kind kind)
{
    const bool of_night = options->verb == VPCI_VERB_NIGHTLY && (options->given & VPCI_O(ENGINE)) == 0;
    return of_night || strcmp(options->engine, "both") == 0 ||
           strcmp(options->engine, vpci_engine_name[kind]) == 0;
}

void vpci_hunt_screen_begin(struct vpci_hunt_screen *screen, bool quiet)
{
    *screen = (struct vpci_hunt_screen){ .quiet = quiet, .terminal = isatty(STDERR_FILENO) == 1 };
}

/* "1.2 M", three digits at most. */
static const char *rounded(char text[24], uint64_t count)
{
    static const char *const units[] = { "", " k", " M", " G", " T" };
    double value = (double)count;
    size_t unit = 0;
    for (; value >= 1000 && unit + 1 < sizeof units / sizeof units[0]; unit++)
        value /= 1000;
    snprintf(text, 24, unit == 0 || value >= 100 ? "%.0f%s" : "%.1f%s", value, units[unit]);
    return text;
}

static uint32_t most(const struct vpci_campaign *campaign, enum vpci_engine_kind kind, bool features)
{
    uint32_t best = 0;
    for (unsigned i = 0; i < campaign->engine_count; i++) {
        const struct vpci_engine *engine = &campaign->engines[i];
        const uint32_t value = features ? engine->features : engine->corpus;
        if (engine->kind == kind && value > best)
            best = value;
    }
    return best;
}

void vpci_hunt_screen_show(void *context, const struct vpci_campaign *campaign)
{
    struct vpci_hunt_screen *screen = context;
    char text[24];
    if (screen->quiet || (!screen->terminal && campaign->end == NULL && screen->shown_ms != 0 &&
                          campaign->elapsed_ms - screen->shown_ms < PLAIN_LINE_MS))
        return;
    screen->shown_ms = campaign->elapsed_ms;
    const uint64_t seconds = campaign->elapsed_ms / 1000;
    fprintf(stderr, "%s%3" PRIu64 ":%02" PRIu64, screen->terminal ? "\r\033[K" : "", seconds / 60,
            seconds % 60);
    for (int kind = 0; kind < VPCI_ENGINE_COUNT; kind++) {
        const uint64_t executions = vpci_campaign_executions(campaign, (enum vpci_engine_kind)kind);
        if (campaign->options.jobs[kind] == 0)
            continue;
        fprintf(stderr, "  %s %s executions", vpci_engine_name[kind], rounded(text, executions));
        fprintf(stderr, ", %s/s",
                rounded(text, campaign->elapsed_ms == 0 ? 0 : executions * 1000 / campaign->elapsed_ms));
        fprintf(stderr, ", %" PRIu32 " features, %" PRIu32 " inputs;",
                most(campaign, (enum vpci_engine_kind)kind, true),
                most(campaign, (enum vpci_engine_kind)kind, false));
    }
    fprintf(stderr, "  faults %" PRIu32 " (%" PRIu32 " new)%s", campaign->findings.fault_count,
            vpci_findings_new(&campaign->findings), screen->terminal ? "" : "\n");
    fflush(stderr);
}

void vpci_hunt_screen_end(struct vpci_hunt_screen *screen)
{
    if (!screen->quiet && screen->terminal)
        fputs("\n", stderr);
}

static void report_fault(const struct vpci_fault *fault, uint32_t number, const struct vpci_options *options)
{
    const char *id = fault->requirement == VPCI_REQUIREMENT_NONE
                         ? "no requirement to blame"
                         : vpci_requirement_info[fault->requirement].id;
    printf("\n%" PRIu32 ". %s  %s  (%s, %" PRIu32 " step%s, %" PRIu32 " input%s%s)\n", number, id,
           fault->reason, fault->cause, fault->steps, fault->steps == 1 ? "" : "s", fault->times,
           fault->times == 1 ? "" : "s", fault->known ? ", known" : "");
    if (fault->golden == VPCI_GOLDEN_FAILS)
        printf("   the bundled golden fails it, too: this may be a fault of the kit. Please report it\n");
    if (fault->known)
        return;
    printf("   scenario  %s\n   repeat    %s replay %s --adapter %s --role %s\n", fault->file,
           vpci_program_name(), fault->file, options->adapter, vpci_role_info[options->role].name);
}

void vpci_hunt_report(const struct vpci_campaign *campaign, const struct vpci_options *options)
{
    char text[24];
    const struct vpci_findings *findings = &campaign->findings;
    struct vpci_options shown = *options;
    shown.role = campaign->options.plan->role;
    const uint32_t new_faults = vpci_findings_new(findings);
    for (uint32_t i = 0; i < findings->fault_count && !options->quiet; i++)
        report_fault(&findings->faults[i], i + 1, &shown);
    printf("%s%s executions", options->quiet ? "" : "\n",
           rounded(text, vpci_campaign_executions(campaign, VPCI_ENGINE_COUNT)));
    if (campaign->options.runs == 0) /* with a number of runs the same seed prints the same bytes */
        printf(" in %" PRIu64 " CPU-seconds", campaign->cpu_ms / 1000);
    printf("; the hunt ended because %s\n", campaign->end == NULL ? "it could not begin" : campaign->end);
    if (findings->unsure != 0)
        printf("%" PRIu32 " inputs ended a target but do not fail here; kept in %s/unsure\n",
               findings->unsure, campaign->options.folder);
    if (findings->fault_count == 0)
        printf("nothing found\n");
    else
        printf("%" PRIu32 " fault%s, %" PRIu32 " of them new\n", findings->fault_count,
               findings->fault_count == 1 ? "" : "s", new_faults);
}

int vpci_hunt_exit(const struct vpci_campaign *campaign)
{
    if (campaign->findings.fault_count != 0)
        return VPCI_EXIT_VIOLATION;
    /* An engine that executed nothing has shown nothing, and a hunt that was cut short not all. */
    bool idle = campaign->engine_count == 0 || campaign->interrupted;
    for (unsigned i = 0; i < campaign->engine_count; i++)
        idle = idle || campaign->engines[i].executions == 0;
    return idle || campaign->findings.unsure != 0 ? VPCI_EXIT_INCONCLUSIVE : VPCI_EXIT_CONFORMS;
}
