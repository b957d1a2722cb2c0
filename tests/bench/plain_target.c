/* SPDX-License-Identifier: MIT */
/* tests/bench/plain_target.c - the hunt without what the kit adds to it: the engine changes bytes as it knows
 * how, and nothing of the model counts as coverage. The same decoder, player and judge, so that what a black
 * box gains by the record mutator and the counters shows. test_fuzz.py builds it. */
#include "fuzzers/glue/hunt.h"

int LLVMFuzzerInitialize(int *argument_count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argument_count, char ***arguments)
{
    (void)argument_count;
    (void)arguments;
    vpci_hunt_start(NULL);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return vpci_hunt_input(data, size);
}
