/* SPDX-License-Identifier: MIT */
/* models/requirement.c - the table of models/requirement.h. */
#include "models/requirement.h"

#include <stddef.h>
#include <string.h>

const struct vpci_requirement_info vpci_requirement_info[VPCI_REQUIREMENT_COUNT] = {
#define X(section, number, level, binds, breach) \
    [VPCI_##section##_##                         \
        number] = { #section "-" #number, VPCI_LEVEL_##level, VPCI_BINDS_##binds, VPCI_##breach },
    VPCI_REQUIREMENTS(X)
#undef X
};

const char *const vpci_level_name[] = { "MUST", "SHOULD", "MAY", "INF", "IMPL" };
const char *const vpci_binds_name[] = { "provider", "pf", "client", "wire-vsc", "wire-vsp" };

enum vpci_requirement vpci_requirement_from_id(const char *id)
{
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
        if (strcmp(vpci_requirement_info[i].id, id) == 0)
            return (enum vpci_requirement)i;
    }
    return VPCI_REQUIREMENT_NONE;
}
