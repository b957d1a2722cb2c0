/* SPDX-License-Identifier: MIT */
/* fuzzers/findings.h - what the engines found, from raw inputs to one scenario for each fault. A raw input is
 * removed once its scenario is written and not before, so that a kill loses nothing. */
#ifndef VPCI_FINDINGS_H
#define VPCI_FINDINGS_H

#include "harness/found.h"
#include "harness/plan.h"

enum { VPCI_FINDINGS_MAX = 256 };

/* A fault of this hunt. */
struct vpci_fault {
    char file[VPCI_PATH_BYTES]; /* the scenario */
    char fingerprint[VPCI_SHA256_TEXT_BYTES];
    enum vpci_requirement requirement;
    char reason[VPCI_FOUND_REASON_BYTES];
    const char *cause; /* static */
    enum vpci_found_golden golden;
    uint32_t steps;
    bool known;     /* its scenario was there before the hunt */
    uint32_t times; /* inputs that came down to it */
};

/* Zero-initialised, then vpci_findings_open; freed with vpci_findings_close. */
struct vpci_findings {
    const struct vpci_plan *plan; /* borrowed */
    char folder[VPCI_PATH_BYTES]; /* raw/, crashes/, findings/ and unsure/ are below it */
    struct vpci_fault faults[VPCI_FINDINGS_MAX];
    uint32_t fault_count;
    uint32_t unsure;             /* inputs without a verdict: kept in unsure/ */
    uint64_t inputs;             /* looked at */
    struct vpci_file_list known; /* names of scenarios that were there */
    struct vpci_script script;
    struct vpci_found found;
};

/* known: a further folder of scenarios whose faults are known, or NULL. False with "path: reason" in error.
 */
bool vpci_findings_open(struct vpci_findings *findings, const struct vpci_plan *plan, const char *folder,
                        const char *known, char error[VPCI_ERROR_BYTES]);

/* Shrinks at most limit raw inputs, oldest name first, and writes the scenarios of new faults. Returns how
 * many new faults there were; -1 with "path: reason" in error when a scenario cannot be written. */
int vpci_findings_take(struct vpci_findings *findings, uint32_t limit, char error[VPCI_ERROR_BYTES]);

/* Shrinks one case that fails and takes it up likewise. */
int vpci_findings_take_case(struct vpci_findings *findings, const struct vpci_case *test,
                            char error[VPCI_ERROR_BYTES]);

uint32_t vpci_findings_new(const struct vpci_findings *findings);
void vpci_findings_close(struct vpci_findings *findings);

#endif
