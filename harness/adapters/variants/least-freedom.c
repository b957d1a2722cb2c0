/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/least-freedom.c - takes no freedom at all: ends in dispatch whatever can end
 * there, serves in the order of arrival, keeps what a reset may drop, refuses only what every bundled profile
 * has refused, and hands on the PF's own words. It conforms to each of those profiles. */
#include "harness/adapters/golden/golden.h"

static const struct golden_options options = {
    .complete_inline = true,
    .transfers_finish = true,
    .reset_spares_transfers = true,
    .write_input_whole = true,
    .zero_rest = true,
};

GOLDEN_ENTRY("variant: least freedom", &options, NULL)
