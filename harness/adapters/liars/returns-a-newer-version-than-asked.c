/* breaks: QI-07 whoever asks for version 1 gets version 2. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void describe(struct golden *golden, uint16_t vf, uint16_t version,
                     struct vpci_interface_standard *interface)
{
    golden_describe(golden, vf, version, interface);
    interface->version = (uint16_t)(version == UINT16_MAX ? version : version + 1);
}

static const struct golden_hooks hooks = { .describe = describe };

GOLDEN_ENTRY("liar: returns a newer version than asked", NULL, &hooks)
