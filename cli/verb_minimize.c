/* SPDX-License-Identifier: MIT */
/* cli/verb_minimize.c - under construction. */
#include "cli/verbs.h"

int vpci_verb_minimize(const struct vpci_options *options)
{
    (void)options;
    return vpci_fault("minimize: not built yet");
}
