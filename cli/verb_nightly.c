/* SPDX-License-Identifier: MIT */
/* cli/verb_nightly.c - under construction. */
#include "cli/verbs.h"

int vpci_verb_nightly(const struct vpci_options *options)
{
    (void)options;
    return vpci_fault("nightly: not built yet");
}
