/* SPDX-License-Identifier: MIT */
/* fuzzers/glue/cover.h - what of an event counts as new, so that an implementation without instrumentation
 * can be explored, too: the transition of the model, and the shape of what was said. */
#ifndef VPCI_COVER_H
#define VPCI_COVER_H

#include "models/model.h"

enum { VPCI_COVER_SHAPES = 256, VPCI_COVER_SITUATIONS = 2048, VPCI_COVER_PAIRS = 16384, VPCI_COVER_VFS = 4 };

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

/* What is going on, roughly: what the kit sees of it, so that it costs a black box nothing. Zero-initialised
 * for each input. */
struct vpci_cover_situation {
    uint8_t kinds[VPCI_REQUESTS_MAX]; /* of open requests: 0 none, 1 a transfer, 2 + VF an INVALIDATE */
    uint8_t transfers;                /* open */
    uint8_t held[VPCI_COVER_VFS];     /* INVALIDATEs open */
    uint8_t news[VPCI_COVER_VFS];     /* notifications since the last completion of one */
    uint8_t upheavals;                /* cancels, resets and removals, as bits */
};

static inline uint8_t vpci_cover_few(uint8_t count)
{
    return count < 3 ? count : 3;
}

static inline void vpci_cover_open(struct vpci_cover_situation *situation, const struct vpci_event *event)
{
    uint8_t *kind = &situation->kinds[event->request % VPCI_REQUESTS_MAX];
    const bool holds = event->kind == VPCI_EVENT_IOCTL && event->code == VPCI_IOCTL_INVALIDATE_BLOCK;
    *kind = holds ? (uint8_t)(2 + event->vf % VPCI_COVER_VFS) : 1;
    if (holds)
        situation->held[*kind - 2]++;
    else
        situation->transfers++;
}

static inline void vpci_cover_close(struct vpci_cover_situation *situation, const struct vpci_event *event)
{
    uint8_t *kind = &situation->kinds[event->request % VPCI_REQUESTS_MAX];
    if (*kind >= 2) {
        situation->held[*kind - 2]--;
        if (event->status == VPCI_STATUS_SUCCESS)
            situation->news[*kind - 2] = 0;
    } else if (*kind == 1) {
        situation->transfers--;
    }
    *kind = 0;
}

static inline void vpci_cover_follow(struct vpci_cover_situation *situation, const struct vpci_event *event)
{
    switch ((int)event->kind) {
    case VPCI_EVENT_READ:
    case VPCI_EVENT_WRITE:
    case VPCI_EVENT_IOCTL:
        vpci_cover_open(situation, event);
        break;
    case VPCI_EVENT_READ_RETURN:
    case VPCI_EVENT_WRITE_RETURN:
    case VPCI_EVENT_IOCTL_COMPLETE:
        vpci_cover_close(situation, event);
        break;
    case VPCI_EVENT_PF_INVALIDATE:
        situation->news[event->vf % VPCI_COVER_VFS]++;
        break;
    case VPCI_EVENT_CANCEL:
        situation->upheavals |= 1;
        break;
    case VPCI_EVENT_RESET:
        situation->upheavals |= 2;
        break;
    case VPCI_EVENT_REMOVE:
        situation->upheavals |= 4;
        break;
    default:
        break;
    }
}

/* 0...VPCI_COVER_SITUATIONS-1: the kind of event in the situation that it meets. */
static inline uint32_t vpci_cover_meeting(const struct vpci_cover_situation *situation,
                                          const struct vpci_event *event)
{
    const uint32_t vf = event->vf % VPCI_COVER_VFS;
    uint32_t hash = vpci_cover_mix(2166136261u, (uint32_t)event->kind);
    hash = vpci_cover_mix(hash, vpci_cover_few(situation->transfers));
    hash = vpci_cover_mix(hash, vpci_cover_few(situation->held[vf]) |
                                    (uint32_t)vpci_cover_few(situation->news[vf]) << 2);
    hash = vpci_cover_mix(hash, situation->upheavals);
    return (hash ^ hash >> 15) % VPCI_COVER_SITUATIONS;
}

#endif
