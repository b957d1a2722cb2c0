/* SPDX-License-Identifier: MIT */
/* harness/allocate.h - what happens when memory runs out: the process ends with the exit code of a kit at
 * fault. The one place for it, so that no caller has to handle what nobody could. */
#ifndef VPCI_ALLOCATE_H
#define VPCI_ALLOCATE_H

#include <stdio.h>
#include <stdlib.h>

/* Ends the process at once, without exit handlers: they may be of a parent that this process was forked from.
 */
static inline _Noreturn void vpci_give_up(const char *reason)
{
    enum { KIT_AT_FAULT = 3 };
    fprintf(stderr, "vpci-conform: %s\n", reason);
    _Exit(KIT_AT_FAULT);
}

/* Returns memory, which an allocation gave, unless that failed. */
static inline void *vpci_need_memory(void *memory)
{
    if (memory == NULL)
        vpci_give_up("out of memory");
    return memory;
}

#endif
