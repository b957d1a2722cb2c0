/* SPDX-License-Identifier: MIT */
/* fuzzers/code_coverage.h - how much of an instrumented adapter's own code a corpus reaches. */
#ifndef VPCI_CODE_COVERAGE_H
#define VPCI_CODE_COVERAGE_H

#include "fuzzers/engine.h"

/* All zero when the adapter is not instrumented, or when it could not be told. */
struct vpci_code_coverage {
    uint32_t functions, functions_reached;
    uint32_t edges, edges_reached;
};

/* Plays corpus/ once under libFuzzer, whose listing by function and line stays in log/coverage.log. */
struct vpci_code_coverage vpci_code_coverage_of(const struct vpci_engine_setup *setup, uint64_t time_ms);

#endif
