/* SPDX-License-Identifier: MIT */
/* reports/renamed.h - cases that have another name since their scenario has, and are the same nevertheless.
 */
#ifndef VPCI_RENAMED_H
#define VPCI_RENAMED_H

#include "reports/compare.h"

#define VPCI_NO_NAME UINT32_MAX

/* For each name that only one side has, the name that the case has on the other side: where the scenario's
 * bytes and the parameters are the same, and no third case is like that. Else VPCI_NO_NAME. The caller frees
 * partners[name_count]. */
uint32_t *vpci_find_renamed(const struct vpci_names *names, const struct vpci_repeats sides[VPCI_SIDES]);

#endif
