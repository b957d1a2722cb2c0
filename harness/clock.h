/* SPDX-License-Identifier: MIT */
/* harness/clock.h - the one door through which time comes in. */
#ifndef VPCI_CLOCK_H
#define VPCI_CLOCK_H

#include <stdint.h>
#include <string.h>
#include <time.h>

#include "harness/date.h"

enum { VPCI_NS_PER_MS = 1000000, VPCI_NS_PER_S = 1000000000 };

/* Nanoseconds of a clock that never goes back. */
static inline uint64_t vpci_clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * VPCI_NS_PER_S + (uint64_t)now.tv_nsec;
}

/* Writes the day it is, "2027-01-31", in UTC: a run must not end otherwise because of where it runs. */
static inline void vpci_clock_today(char date[VPCI_DATE_BYTES])
{
    struct timespec now;
    struct tm day;
    clock_gettime(CLOCK_REALTIME, &now);
    if (gmtime_r(&now.tv_sec, &day) == NULL || strftime(date, VPCI_DATE_BYTES, "%Y-%m-%d", &day) == 0)
        memcpy(date, "9999-12-31", VPCI_DATE_BYTES); /* a clock out of its mind: everything has expired */
}

#endif
