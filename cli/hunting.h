/* SPDX-License-Identifier: MIT */
/* cli/hunting.h - what fuzz and nightly show of a hunt. */
#ifndef VPCI_HUNTING_H
#define VPCI_HUNTING_H

#include "cli/verbs.h"
#include "fuzzers/campaign.h"

/* The progress of a hunt on standard error: one line that is written over on a terminal, a line now and then
 * elsewhere. */
struct vpci_hunt_screen {
    bool quiet, terminal;
    uint64_t shown_ms;
};
void vpci_hunt_screen_begin(struct vpci_hunt_screen *screen, bool quiet);
void vpci_hunt_screen_show(void *screen, const struct vpci_campaign *campaign);
void vpci_hunt_screen_end(struct vpci_hunt_screen *screen);

/* What was found, and how to see it again, on standard output. */
void vpci_hunt_report(const struct vpci_campaign *campaign, const struct vpci_options *options);

/* 1 for a fault, known or new; 2 when an engine executed nothing, a signal cut the hunt short, or inputs are
 * left without a verdict; else 0. */
int vpci_hunt_exit(const struct vpci_campaign *campaign);

/* Whether --engine asks for it; without the option fuzz takes libFuzzer, and a night both. */
bool vpci_hunt_wants(const struct vpci_options *options, enum vpci_engine_kind kind);

/* The folder of scenarios whose faults are known to the kit: regressions/ of its corpus. */
void vpci_known_faults(const struct vpci_options *options, char *path, size_t path_bytes);

#endif
