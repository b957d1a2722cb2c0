/* SPDX-License-Identifier: MIT */
/* harness/plan.h - what a run is: which cases, against what, under which limits. Shared by the runner, which
 * watches, and its workers, which play. */
#ifndef VPCI_PLAN_H
#define VPCI_PLAN_H

#include "harness/adapter.h"
#include "harness/conductor.h"
#include "harness/marks.h"
#include "harness/requirements.h"
#include "harness/scenario.h"

struct vpci_plan {
    struct vpci_adapter adapter;
    char adapter_name[VPCI_DETAIL_BYTES]; /* as the user gave it */
    struct vpci_pics pics;
    enum vpci_role role;
    const struct vpci_profile *profile; /* borrowed */
    uint64_t seed;
    struct vpci_limits limits;
    const struct vpci_suite *suite;         /* borrowed */
    const struct vpci_catalogue *catalogue; /* borrowed */
    char selection[VPCI_DETAIL_BYTES];
    const struct vpci_disputes *disputes;         /* borrowed; NULL: none */
    const struct vpci_expectations *expectations; /* borrowed; NULL: none */
};

/* Cases are dealt out in chunks of this many, counted from case 0. Each chunk starts in a fresh process with
 * a fresh implementation, so that what a case finds does not depend on how many workers there are. */
enum { VPCI_CHUNK_CASES = 128 };

#endif
