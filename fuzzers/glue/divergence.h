/* SPDX-License-Identifier: MIT */
/* fuzzers/glue/divergence.h - how a target dies of a divergence. Fleets group crashes by their stacks, so
 * each class of divergence (requirement broken, and whether by an event, a crash or a hang) has a function of
 * its own. */
#ifndef VPCI_DIVERGENCE_H
#define VPCI_DIVERGENCE_H

#include "harness/result.h"

/* Prints what was found, then ends the process by abort() from the function of its class. */
_Noreturn void vpci_diverge(const struct vpci_case_result *result, enum vpci_failure failure);

#endif
