/* breaks: QI-06 Size of a filled interface is 64, more than there is and was asked for. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void describe(struct golden *golden, uint16_t vf, uint16_t version,
                     struct vpci_interface_standard *interface)
{
    golden_describe(golden, vf, version, interface);
    interface->size = 64;
}

static const struct golden_hooks hooks = { .describe = describe };

GOLDEN_ENTRY("liar: reports a wrong interface size", NULL, &hooks)
