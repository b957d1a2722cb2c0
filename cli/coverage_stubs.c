/* SPDX-License-Identifier: MIT */
/* cli/coverage_stubs.c - what a plug-in that is built with clang's coverage instrumentation looks for in the
 * program that loads it. The fuzz targets have the real ones; here they do nothing, so that the same plug-in
 * can be certified, replayed and shrunk, too. */
#include <stdint.h>

#define STUB(name, ...)                                                              \
    __attribute__((visibility("default"))) void __sanitizer_cov_##name(__VA_ARGS__); \
    void __sanitizer_cov_##name(__VA_ARGS__) {}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
STUB(8bit_counters_init, uint8_t *start, uint8_t *stop)
STUB(bool_flag_init, _Bool *start, _Bool *stop)
STUB(pcs_init, const uintptr_t *start, const uintptr_t *stop)
STUB(trace_pc, void)
STUB(trace_pc_guard, uint32_t *guard)
STUB(trace_pc_guard_init, uint32_t *start, uint32_t *stop)
STUB(trace_pc_indir, uintptr_t callee)
STUB(trace_cmp1, uint8_t one, uint8_t other)
STUB(trace_cmp2, uint16_t one, uint16_t other)
STUB(trace_cmp4, uint32_t one, uint32_t other)
STUB(trace_cmp8, uint64_t one, uint64_t other)
STUB(trace_const_cmp1, uint8_t one, uint8_t other)
STUB(trace_const_cmp2, uint16_t one, uint16_t other)
STUB(trace_const_cmp4, uint32_t one, uint32_t other)
STUB(trace_const_cmp8, uint64_t one, uint64_t other)
STUB(trace_switch, uint64_t value, uint64_t *cases)
STUB(trace_div4, uint32_t value)
STUB(trace_div8, uint64_t value)
STUB(trace_gep, uintptr_t index)
#pragma GCC diagnostic pop

__attribute__((visibility("default"))) _Thread_local uintptr_t __sancov_lowest_stack;
