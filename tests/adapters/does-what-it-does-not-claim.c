/* SPDX-License-Identifier: MIT */
/* tests/adapters/does-what-it-does-not-claim.c - claims no notifications and no reset, and does both. */
#include "harness/adapters/golden/golden.h"

const struct vpci_plugin *vpci_plugin_entry(void)
{
    static struct vpci_plugin plugin;
    plugin = *golden_entry("does what it does not claim", NULL, NULL);
    plugin.capabilities &= ~(VPCI_CAPABILITY_BIT(INVALIDATE) | VPCI_CAPABILITY_BIT(RESET));
    return &plugin;
}
