/* SPDX-License-Identifier: MIT */
/* fuzzers/glue/keep.h - inputs that broke a requirement, kept as files for the supervisor to shrink. */
#ifndef VPCI_KEEP_H
#define VPCI_KEEP_H

#include <stddef.h>
#include <stdint.h>

/* Keeps the input in the folder as ID-CLASS-HASH, unless enough of its class were kept: the first few, then
 * each 2^n-th, so that a frequent fault does not fill the disk and a rare one of the same class is still
 * seen. A file that cannot be written ends the process: nothing found may be lost in silence. */
void vpci_keep_input(const char *folder, const char *id, uint32_t class_hash, const uint8_t *bytes,
                     size_t length);

#endif
