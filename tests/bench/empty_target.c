/* SPDX-License-Identifier: MIT */
/* tests/bench/empty_target.c - does nothing with its input: what an engine costs by itself. bench_fuzz.py
 * builds it like the target that it is measured beside. */
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    (void)data;
    (void)size;
    return 0;
}
