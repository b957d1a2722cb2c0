/* SPDX-License-Identifier: MIT */
/* tests/adapters/flickers.c - breaks RD-02 on about one device in three. Which, depends on how many devices
 * this process has had, so the same case does not always fail. Needs 2 steps: two reads. */
#include "harness/adapters/golden/golden.h"

enum { READS };

/* Lives on from device to device, that is the point. */
static uint32_t devices;

/* Multiplications spread the failing ones: of the first 90 devices 33, never more than 5 good ones in a row.
 */
static bool fails(void)
{
    uint32_t mixed = devices * 0x9E3779B1u;
    mixed ^= mixed >> 15;
    return (mixed * 0x27D4EB2Fu >> 16) % 3 == 0;
}

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (golden->arrivals == 1)
        devices++;
    golden_incoming(golden, event, memory);
}

static void deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    golden_deliver(golden, request, bytes, count);
    if (++golden->scratch[READS] >= 2 && fails() && count != 0)
        request->memory.output[0] ^= 1;
}

static const struct golden_hooks hooks = { .incoming = incoming, .deliver = deliver };

GOLDEN_ENTRY("flickers", NULL, &hooks)
