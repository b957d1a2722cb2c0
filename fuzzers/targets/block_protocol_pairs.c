/* SPDX-License-Identifier: MIT */
/* fuzzers/targets/block_protocol_pairs.c - as block_protocol, but what counts are pairs of transitions that
 * follow each other. A larger corpus and a slower hunt, so it is a job of its own. */
#include <string.h>

#include "fuzzers/glue/counters.h"
#include "fuzzers/glue/cover.h"
#include "fuzzers/glue/hunt.h"

VPCI_COUNTERS(VPCI_COVER_PAIRS)

int LLVMFuzzerInitialize(int *argument_count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t latest_cell;

static void cover(void *watcher, const struct vpci_event *event, const struct vpci_judgement *judgement)
{
    (void)watcher;
    (void)event;
    const uint32_t hash = vpci_cover_mix(vpci_cover_mix(2166136261u, latest_cell), judgement->cell);
    latest_cell = judgement->cell;
    VPCI_COUNT(hash ^ hash >> 15);
}

int LLVMFuzzerInitialize(int *argument_count, char ***arguments)
{
    (void)argument_count;
    (void)arguments;
    vpci_hunt_start(cover);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    latest_cell = 0;
    VPCI_COUNTERS_RESET();
    return vpci_hunt_input(data, size);
}
