/* SPDX-License-Identifier: MIT */
/* reports/names.h - names of cases as numbers, the same in all runs that are put side by side. */
#ifndef VPCI_NAMES_H
#define VPCI_NAMES_H

#include <stdint.h>

#include "harness/arena.h"

/* Zero-initialised is empty. */
struct vpci_names {
    const char **names; /* in order of their first appearance */
    uint32_t count, capacity;
    void *tree;              /* of tsearch(3): balanced, so that no choice of names makes it slow */
    struct vpci_arena arena; /* of the names */
};

/* The number of a name, a new one when it was not there. Runs of one suite bring names in one order: guess is
 * the number that it likely has. */
uint32_t vpci_names_place(struct vpci_names *names, const char *name, uint32_t guess);
void vpci_names_free(struct vpci_names *names);

#endif
