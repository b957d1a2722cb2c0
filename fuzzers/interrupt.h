/* SPDX-License-Identifier: MIT */
/* fuzzers/interrupt.h - being told to stop: a hunt that is ended by SIGINT or SIGTERM still keeps what it
 * found. */
#ifndef VPCI_INTERRUPT_H
#define VPCI_INTERRUPT_H

#include <stdbool.h>

/* From now on these signals only set a flag. A second one ends the process as usual. */
void vpci_interrupt_catch(void);
bool vpci_interrupted(void);

#endif
