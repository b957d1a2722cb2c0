/* SPDX-License-Identifier: MIT */
/* harness/step_links.h - which steps of a case belong together: which number a request most likely gets, and
 * which request a cancel or a change of input is about. A guess from the steps alone, since when a request is
 * over is the implementation's choice; whoever uses it plays the case to see whether it holds. */
#ifndef VPCI_STEP_LINKS_H
#define VPCI_STEP_LINKS_H

#include "harness/scenario.h"

#define VPCI_NO_STEP UINT32_MAX

struct vpci_step_link {
    uint32_t number; /* of the request that the step begins; VPCI_NO_STEP: it begins none */
    uint32_t about;  /* step that began the request which this one is about; VPCI_NO_STEP: none */
    uint32_t inside; /* step whose completion sends this one; VPCI_NO_STEP: none */
};

/* Fills links, one for each step of the case. */
void vpci_step_links(const struct vpci_case *test, struct vpci_step_link *links);

/* Whether the step begins a request: a direct call, a query or an IOCTL. */
bool vpci_step_begins(const struct vpci_step *step);

/* Whether the step names a request that another one began. */
bool vpci_step_refers(const struct vpci_step *step);

#endif
