/* SPDX-License-Identifier: MIT */
/* harness/orphans.h - processes that an implementation left behind when its worker ended, also those that
 * made themselves a session of their own. Apart from the runner, which knows its own children only. */
#ifndef VPCI_ORPHANS_H
#define VPCI_ORPHANS_H

#include <stddef.h>
#include <sys/types.h>

/* From now on whatever loses its parent below this process becomes its child. */
void vpci_orphans_adopt(void);

/* Children that have nothing to do with an implementation, an engine of a hunt for instance, are spared from
 * now on, until they are released. */
void vpci_orphans_spare(pid_t child);
void vpci_orphans_release(pid_t child);

/* Ends every child of this process that is none of the count own ones, and what these leave behind in turn.
 * Entries of own may be 0. Gives up after two seconds. */
void vpci_orphans_end(const pid_t *own, size_t count);

#endif
