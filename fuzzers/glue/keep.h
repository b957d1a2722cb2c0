/* SPDX-License-Identifier: MIT */
/* fuzzers/glue/keep.h - inputs that broke a requirement, kept as files for the supervisor to shrink, and the
 * notes for it (fuzzers/notes.h). */
#ifndef VPCI_KEEP_H
#define VPCI_KEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* folder: of the kept inputs; NULL or "": none is kept. notes: the file; NULL or "": memory that ends with
 * this process and its children. Notes that cannot be written end the process. */
void vpci_keep_start(const char *folder, const char *notes);

/* Around each execution. An input that ended the process before this one is kept first. */
void vpci_keep_begin(const uint8_t *bytes, size_t length);
void vpci_keep_end(void);

/* Keeps the input in the folder as ID-CLASS-HASH, unless enough of its class were kept: the first few, then
 * each 2^n-th, so that a frequent fault does not fill the disk and a rare one of the same class is still
 * seen. Of costly ones, which take long to be shrunk, fewer are enough. A file that cannot be written ends
 * the process: nothing found may be lost in silence. */
void vpci_keep_input(const char *id, uint32_t class_hash, bool costly, const uint8_t *bytes, size_t length);

#endif
