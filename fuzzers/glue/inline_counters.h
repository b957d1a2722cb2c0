/* SPDX-License-Identifier: MIT */
/* fuzzers/glue/inline_counters.h - libFuzzer's kind of instrumentation under AFL++: a plug-in built with
 * -fsanitize=fuzzer-no-link counts in arrays of its own, which AFL++ does not know. They are copied into its
 * map. */
#ifndef VPCI_INLINE_COUNTERS_H
#define VPCI_INLINE_COUNTERS_H

#if defined(__AFL_COMPILER)
/* After each input: counts what was reached, and clears the counters for the next. */
void vpci_inline_counters_copy(void);
#else
#define vpci_inline_counters_copy() ((void)0) /* the engine reads them itself */
#endif

#endif
