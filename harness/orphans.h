/* SPDX-License-Identifier: MIT */
/* harness/orphans.h - processes that an implementation left behind when its worker ended, also those that
 * made themselves a session of their own. Apart from the runner, which knows its own children only. */
#ifndef VPCI_ORPHANS_H
#define VPCI_ORPHANS_H

#include <stddef.h>
#include <sys/types.h>

/* From now on whatever loses its parent below this process becomes its child. */
void vpci_orphans_adopt(void);

/* Ends every child of this process that is none of the count own ones, and what these leave behind in turn.
 * Entries of own may be 0. Gives up after two seconds. */
void vpci_orphans_end(const pid_t *own, size_t count);

#endif
