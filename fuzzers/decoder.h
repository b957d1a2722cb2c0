/* SPDX-License-Identifier: MIT */
/* fuzzers/decoder.h - bytes to a case and back. Total: every byte string is a legal input. */
#ifndef VPCI_DECODER_H
#define VPCI_DECODER_H

#include "harness/script.h"

/* Makes script the case that the bytes mean (see fuzzers/record.h). Depends on nothing but the bytes. */
void vpci_decode(const uint8_t *bytes, size_t length, struct vpci_script *script);

/* The inverse: bytes that decode to an equal case, expectations aside, which inputs do not have. Returns how
 * many, or 0 when capacity does not suffice. */
size_t vpci_encode(const struct vpci_case *test, uint8_t *bytes, size_t capacity);

#endif
