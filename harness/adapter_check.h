/* SPDX-License-Identifier: MIT */
/* harness/adapter_check.h - the verb `adapter check`: tells the author of an adapter which line of theirs is
 * wrong, where in it, and by which rule. Judges the channel only, not the implementation behind it. */
#ifndef VPCI_ADAPTER_CHECK_H
#define VPCI_ADAPTER_CHECK_H

#include <stdio.h>

#include "harness/adapter.h"

/* Talks to the adapter in two short cases and writes every mistake to `to`. A shared object has no lines: it
 * is loaded and opened as a run would. role: VPCI_ROLE_COUNT for the first that it claims. limits as for a
 * run; NULL: defaults. Returns the program's exit code: 0 without a mistake, 1 with one, 3 when nothing could
 * be tried. */
int vpci_adapter_check(const struct vpci_adapter *adapter, enum vpci_role role,
                       const struct vpci_limits *limits, FILE *to);

/* The same for "exec:…", "unix:…" and "tcp:…". */
int vpci_adapter_check_channel(const char *spec, enum vpci_role role, const struct vpci_limits *limits,
                               FILE *to);

#endif
