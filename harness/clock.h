/* SPDX-License-Identifier: MIT */
/* harness/clock.h - the one door through which time comes in. */
#ifndef VPCI_CLOCK_H
#define VPCI_CLOCK_H

#include <stdint.h>
#include <time.h>

enum { VPCI_NS_PER_MS = 1000000, VPCI_NS_PER_S = 1000000000 };

/* Nanoseconds of a clock that never goes back. */
static inline uint64_t vpci_clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * VPCI_NS_PER_S + (uint64_t)now.tv_nsec;
}

#endif
