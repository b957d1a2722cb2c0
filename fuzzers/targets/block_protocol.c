/* SPDX-License-Identifier: MIT */
/* fuzzers/targets/block_protocol.c - hunts divergences between an implementation and the model. Besides
 * edges, transitions of the model and shapes of answers count as coverage. */
#include <string.h>

#include "fuzzers/glue/counters.h"
#include "fuzzers/glue/cover.h"
#include "fuzzers/glue/hunt.h"

VPCI_COUNTERS(VPCI_MODEL_CELLS + VPCI_COVER_SHAPES + VPCI_COVER_SITUATIONS)

int LLVMFuzzerInitialize(int *argument_count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct vpci_cover_situation situation;

static void cover(void *watcher, const struct vpci_event *event, const struct vpci_judgement *judgement)
{
    (void)watcher;
    VPCI_COUNT(judgement->cell);
    VPCI_COUNT(VPCI_MODEL_CELLS + vpci_cover_shape(event, judgement));
    VPCI_COUNT(VPCI_MODEL_CELLS + VPCI_COVER_SHAPES + vpci_cover_meeting(&situation, event));
    vpci_cover_follow(&situation, event);
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
    VPCI_COUNTERS_RESET();
    situation = (struct vpci_cover_situation){ .transfers = 0 };
    return vpci_hunt_input(data, size);
}
