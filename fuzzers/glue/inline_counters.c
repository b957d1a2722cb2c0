/* SPDX-License-Identifier: MIT */
/* fuzzers/glue/inline_counters.c - see inline_counters.h. */
#include "fuzzers/glue/inline_counters.h"

#if defined(__AFL_COMPILER)
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MODULES_MAX = 16 };

static struct {
    uint8_t *start;
    size_t count;
    uint32_t *guards; /* owned for the life of the process: an entry of the map for each counter */
} modules[MODULES_MAX];
static size_t module_count;

void __sanitizer_cov_trace_pc_guard_init(uint32_t *start, uint32_t *stop);
void __sanitizer_cov_trace_pc_guard(uint32_t *guard);

/* What AFL++ has none of, and a plug-in cannot be loaded without. */
#define EXPORTED __attribute__((visibility("default")))
EXPORTED void __sanitizer_cov_8bit_counters_init(uint8_t *start, uint8_t *stop);
EXPORTED void __sanitizer_cov_pcs_init(const uintptr_t *start, const uintptr_t *stop);
EXPORTED void __sanitizer_cov_trace_pc_indir(uintptr_t callee);
EXPORTED _Thread_local uintptr_t __sancov_lowest_stack;

/* Called when a plug-in is loaded, which is before AFL++ asks for the size of the map. */
void __sanitizer_cov_8bit_counters_init(uint8_t *start, uint8_t *stop)
{
    const size_t count = (size_t)(stop - start);
    for (size_t i = 0; i < module_count; i++) {
        if (modules[i].start == start)
            return;
    }
    uint32_t *guards = count == 0 || module_count == MODULES_MAX ? NULL : calloc(count, sizeof *guards);
    if (guards == NULL)
        return;
    __sanitizer_cov_trace_pc_guard_init(guards, guards + count);
    modules[module_count].start = start;
    modules[module_count].count = count;
    modules[module_count++].guards = guards;
}

void __sanitizer_cov_pcs_init(const uintptr_t *start, const uintptr_t *stop)
{
    (void)start;
    (void)stop;
}

void __sanitizer_cov_trace_pc_indir(uintptr_t callee)
{
    (void)callee;
}

void vpci_inline_counters_copy(void)
{
    for (size_t module = 0; module < module_count; module++) {
        for (size_t i = 0; i < modules[module].count; i++) {
            if (modules[module].start[i] != 0)
                __sanitizer_cov_trace_pc_guard(&modules[module].guards[i]);
        }
        memset(modules[module].start, 0, modules[module].count);
    }
}
#endif
