/* breaks: QI-14 each query of a VF is given another serial number. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void describe(struct golden *golden, uint16_t vf, uint16_t version,
                     struct vpci_interface_standard *interface)
{
    golden_describe(golden, vf, version, interface);
    interface->serial_number = 0x1000u * (1u + vf) + (uint32_t)golden->scratch[0]++;
}

static const struct golden_hooks hooks = { .describe = describe };

GOLDEN_ENTRY("liar: the serial number changes", NULL, &hooks)
