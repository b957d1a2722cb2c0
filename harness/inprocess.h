/* SPDX-License-Identifier: MIT */
/* harness/inprocess.h - the in-process seam: a plug-in loaded into this process, its callers' memory between
 * guard pages, its crashes and hangs caught. To be used in a process that may die: after a crash, a hang or a
 * stray write the process is not to be trusted any more and takes no further case.
 *
 * To connect installs handlers of the signals of a crash and of SIGALRM. What is not the plug-in's doing goes
 * to the handlers that were there before. In a process forked later, hangs are watched as well. */
#ifndef VPCI_INPROCESS_H
#define VPCI_INPROCESS_H

#include "harness/seam.h"

/* Makes a seam to the shared object at path. Never NULL; errors come with connect. limits is copied. */
struct vpci_seam *vpci_inprocess_create(const char *path, const struct vpci_limits *limits);

/* Makes a seam to a plug-in that is linked into the program: for tests and fuzzers. */
struct vpci_seam *vpci_inprocess_create_linked(const struct vpci_plugin *plugin,
                                               const struct vpci_limits *limits);

/* Gives the signals back until the next case begins, which remembers whoever handles them by then. For
 * engines that take a signal only where nobody has it yet. */
void vpci_inprocess_step_aside(void);

#endif
