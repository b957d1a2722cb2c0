/* SPDX-License-Identifier: MIT */
/* fuzzers/glue/counters.h - counters of a target's own that both engines count as coverage. For libFuzzer an
 * array in a section that it looks for; AFL++ has none, so guards of our own reserve entries of its map.
 *
 * VPCI_COUNTERS(count) once in a target, at file scope; then VPCI_COUNT(i). Presence is counted, not how
 * often: eight buckets for each counter would flood the corpus. Whether the counters are alive is tested: a
 * compiler that drops them says nothing. */
#ifndef VPCI_COUNTERS_H
#define VPCI_COUNTERS_H

#include <stdint.h>

#if defined(__AFL_COMPILER)
void __sanitizer_cov_trace_pc_guard_init(uint32_t *start, uint32_t *stop);
void __sanitizer_cov_trace_pc_guard(uint32_t *guard);
#define VPCI_COUNTERS(count)                                                     \
    static uint32_t vpci_guards[count];                                          \
    __attribute__((constructor)) static void reserve_guards(void)                \
    {                                                                            \
        __sanitizer_cov_trace_pc_guard_init(vpci_guards, vpci_guards + (count)); \
    }                                                                            \
    static uint8_t vpci_seen[count];                                             \
    static const uint32_t vpci_counter_count = (count);
#define VPCI_COUNT(index)                                                 \
    do {                                                                  \
        const uint32_t counter_ = (uint32_t)(index) % vpci_counter_count; \
        if (!vpci_seen[counter_]) {                                       \
            vpci_seen[counter_] = 1;                                      \
            __sanitizer_cov_trace_pc_guard(&vpci_guards[counter_]);       \
        }                                                                 \
    } while (0)
/* Before each input. */
#define VPCI_COUNTERS_RESET() ((void)memset(vpci_seen, 0, sizeof vpci_seen))
#else
#define VPCI_COUNTERS(count)                                                                             \
    __attribute__((used,                                                                                 \
                   section("__libfuzzer_extra_counters"))) static volatile uint8_t vpci_counters[count]; \
    static const uint32_t vpci_counter_count = (count);
#define VPCI_COUNT(index)     (vpci_counters[(uint32_t)(index) % vpci_counter_count] = 1)
#define VPCI_COUNTERS_RESET() ((void)0) /* the engine does it */
#endif

#endif
