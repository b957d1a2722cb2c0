/* breaks: QI-09 a successful query leaves the count of references as it was. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void describe(struct golden *golden, uint16_t vf, uint16_t version,
                     struct vpci_interface_standard *interface)
{
    golden_describe(golden, vf, version, interface);
    golden->vfs[vf].references--; /* undoes what golden is about to do; the type wraps */
}

static const struct golden_hooks hooks = { .describe = describe };

GOLDEN_ENTRY("liar: takes no reference for the caller", NULL, &hooks)
