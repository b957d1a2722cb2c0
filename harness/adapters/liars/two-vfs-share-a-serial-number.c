/* breaks: QI-14 VFs are numbered in pairs. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void describe(struct golden *golden, uint16_t vf, uint16_t version,
                     struct vpci_interface_standard *interface)
{
    golden_describe(golden, vf, version, interface);
    interface->serial_number = 1u + vf / 2u;
}

static const struct golden_hooks hooks = { .describe = describe };

GOLDEN_ENTRY("liar: two vfs share a serial number", NULL, &hooks)
