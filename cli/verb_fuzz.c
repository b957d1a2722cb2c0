/* SPDX-License-Identifier: MIT */
/* cli/verb_fuzz.c - under construction. */
#include "cli/verbs.h"

int vpci_verb_fuzz(const struct vpci_options *options)
{
    (void)options;
    return vpci_fault("fuzz: not built yet");
}
