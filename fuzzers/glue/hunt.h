/* SPDX-License-Identifier: MIT */
/* fuzzers/glue/hunt.h - the differential target: bytes are decoded to a case, played against an
 * implementation in process, and judged by the model event by event.
 *
 * The environment says what is hunted; without any of it, the bundled golden beside the target:
 *   VPCI_ADAPTER    path of a shared object (harness/plugin.h)
 *   VPCI_ROLE       bus or stack; else the first that the implementation claims
 *   VPCI_PROFILE    how open points are judged
 *   VPCI_STEP_TIME  milliseconds until a step hangs
 *   VPCI_FINDINGS   folder. Inputs that break a requirement are kept there and the hunt goes on; without it
 * the first one ends the process, in a function of its own for each class of divergence, which is how fleets
 * tell them apart
 *   VPCI_NOTES      file of notes for whoever supervises the hunt (fuzzers/notes.h) */
#ifndef VPCI_HUNT_H
#define VPCI_HUNT_H

#include "harness/journal.h"

/* Loads the implementation; ends the process with a line that says why when it cannot be had. Before the
 * engine forks. */
void vpci_hunt_start(vpci_watch_fn *watch);

/* One execution. Always 0. */
int vpci_hunt_input(const uint8_t *bytes, size_t length);

#endif
