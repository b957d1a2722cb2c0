/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/other-error-codes.c - fails with codes that nobody expects, where the sources
 * leave the choice. All are of severity error; some have the customer bit set. */
#include "harness/adapters/golden/golden.h"

static const struct golden_codes codes = {
    .length = 0xC0000206u, /* INVALID_BUFFER_SIZE */
    .write_overrun = 0xE0000001u,
    .short_mask = 0xC0000004u, /* INFO_LENGTH_MISMATCH */
    .busy = 0xC00000AEu,
    .not_ready = 0xE1234567u,
    .no_device = 0xC00000C0u,    /* DEVICE_DOES_NOT_EXIST */
    .removed = 0xC0000056u,      /* DELETE_PENDING */
    .reset = 0xC0000120u,        /* CANCELLED */
    .unknown_code = 0xC00000BBu, /* NOT_SUPPORTED */
    .low_resources = 0xC0000017u,
    .interface_size = 0xFFFFFFFFu,
    .version = 0xC0000001u, /* UNSUCCESSFUL */
    .pf_failure = 0xC0000185u,
};

static const struct golden_options options = {
    .codes = &codes,
    .refuse_when_low = true,
};

GOLDEN_ENTRY("variant: other error codes", &options, NULL)
