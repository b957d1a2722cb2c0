/* SPDX-License-Identifier: MIT */
/* cli/verb_explore.c - under construction. */
#include "cli/verbs.h"

int vpci_verb_explore(const struct vpci_options *options)
{
    (void)options;
    return vpci_fault("explore: not built yet");
}
