/* SPDX-License-Identifier: MIT */
/* reports/timing.h - timing.jsonl, how long each case took. It is outside of the seal, so nothing that counts
 * may hang on it. */
#ifndef VPCI_TIMING_H
#define VPCI_TIMING_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/seam.h"

#define VPCI_NOT_TIMED UINT64_MAX

/* Reads the file into elapsed_us[case_count]; VPCI_NOT_TIMED where it says nothing. planned: how many cases
 * it may speak of. A case that is there twice was run again: its last time counts. *timed_out: false when
 * there is no such file, or path is NULL. On false, error holds "file:line: reason". */
bool vpci_timing_read(uint64_t *elapsed_us, uint32_t case_count, uint32_t planned, const char *path,
                      bool *timed_out, char error[VPCI_DETAIL_BYTES]);

#endif
