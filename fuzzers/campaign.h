/* SPDX-License-Identifier: MIT */
/* fuzzers/campaign.h - a hunt: engines side by side that share what they find, and one scenario for each
 * fault. Used by the verbs fuzz and nightly. */
#ifndef VPCI_CAMPAIGN_H
#define VPCI_CAMPAIGN_H

#include "fuzzers/engine.h"
#include "fuzzers/findings.h"

enum { VPCI_JOBS_MAX = 64 };

struct vpci_campaign;

struct vpci_campaign_options {
    const struct vpci_plan *plan;     /* borrowed, as all strings */
    const char *folder;               /* of the hunt; made */
    const char *known;                /* further scenarios whose faults are known; may be NULL */
    const char *target;               /* NULL: block_protocol */
    unsigned jobs[VPCI_ENGINE_COUNT]; /* processes of each engine; 0: not used */
    uint64_t time_ms;                 /* 0: until all runs are made */
    uint64_t runs;                    /* of each process; 0: no limit */
    bool seeded;                      /* starts from the scenarios of the plan's suite */
    bool keep_going;                  /* does not end at the first new fault */
    /* Told now and then, about once a second, and at the end. May be NULL. */
    void (*progress)(void *context, const struct vpci_campaign *campaign);
    void *context;
};

struct vpci_campaign {
    struct vpci_campaign_options options;
    struct vpci_engine engines[2 * VPCI_JOBS_MAX];
    unsigned engine_count;
    struct vpci_findings findings;
    uint64_t elapsed_ms;
    uint64_t cpu_ms;  /* of all processes of the hunt; meant at the end */
    bool interrupted; /* by a signal */
    const char *end;  /* why it ended, static */
};

/* Runs it. False with a line in error when the kit is at fault: an engine is missing or cannot go on, a file
 * cannot be written. What was found until then is kept and told. vpci_campaign_free afterwards in either
 * case. */
bool vpci_campaign_run(struct vpci_campaign *campaign, const struct vpci_campaign_options *options,
                       char error[VPCI_ERROR_BYTES]);
void vpci_campaign_free(struct vpci_campaign *campaign);

/* Of all processes of one engine, or of all engines for VPCI_ENGINE_COUNT. */
uint64_t vpci_campaign_executions(const struct vpci_campaign *campaign, enum vpci_engine_kind kind);

#endif
