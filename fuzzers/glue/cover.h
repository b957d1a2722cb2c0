/* SPDX-License-Identifier: MIT */
/* fuzzers/glue/cover.h - what of an event counts as new, so that an implementation without instrumentation
 * can be explored, too: the transition of the model, and the shape of what was said. */
#ifndef VPCI_COVER_H
#define VPCI_COVER_H

#include "models/model.h"

enum { VPCI_COVER_SHAPES = 256, VPCI_COVER_PAIRS = 16384 };

static inline uint32_t vpci_cover_mix(uint32_t hash, uint32_t value)
{
    return (hash ^ value) * 16777619u;
}

/* 0...VPCI_COVER_SHAPES-1: kind, status, whether there are data, Information and mask. Values do not count.
 */
static inline uint32_t vpci_cover_shape(const struct vpci_event *event,
                                        const struct vpci_judgement *judgement)
{
    uint32_t hash = vpci_cover_mix(2166136261u, (uint32_t)event->kind);
    if ((event->fields & VPCI_F(STATUS)) != 0)
        hash = vpci_cover_mix(hash, event->status);
    if ((event->fields & VPCI_F(CODE)) != 0)
        hash = vpci_cover_mix(hash, event->code);
    if ((event->fields & VPCI_F(INFORMATION)) != 0)
        hash = vpci_cover_mix(hash, event->information != 0);
    if ((event->fields & VPCI_F(MASK)) != 0)
        hash = vpci_cover_mix(hash, (event->mask != 0) + ((event->mask & (event->mask - 1)) != 0));
    hash = vpci_cover_mix(hash, (uint32_t)judgement->verdict);
    return (hash ^ hash >> 15) % VPCI_COVER_SHAPES;
}

#endif
