/* breaks: QI-06 the interface has no routine to drop a reference with. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void describe(struct golden *golden, uint16_t vf, uint16_t version,
                     struct vpci_interface_standard *interface)
{
    golden_describe(golden, vf, version, interface);
    interface->interface_dereference = 0;
}

static const struct golden_hooks hooks = { .describe = describe };

GOLDEN_ENTRY("liar: leaves out the dereference routine", NULL, &hooks)
