/* SPDX-License-Identifier: MIT */
/* harness/adapters/golden/plugin.c - golden itself, with no freedom used and no fault.
 * Apart from golden.c because each variant and liar has an entry of its own. */
#include "harness/adapters/golden/golden.h"

GOLDEN_ENTRY("golden", NULL, NULL)
