/* SPDX-License-Identifier: MIT */
/* harness/callbacks.h - the PF callbacks of a case that wait for the kit's answer, oldest first. */
#ifndef VPCI_CALLBACKS_H
#define VPCI_CALLBACKS_H

#include "harness/scenario.h"

struct vpci_callback {
    uint32_t call; /* the implementation's number */
    bool is_write;
    uint32_t length; /* bytes, as the callback asks */
};

struct vpci_callbacks {
    struct vpci_callback waiting[VPCI_CALLS_MAX];
    uint32_t count;
};

/* Takes out the callback at index, which is below count. */
struct vpci_callback vpci_callbacks_take(struct vpci_callbacks *callbacks, uint32_t index);

/* An answer with a call number of the scenario's own: usually a stray one, but it may meet a callback that
 * waits, and takes that out. False when no PF answers that one so: with the return of the other kind, or with
 * fewer bytes than were asked for where short reads cannot be told. */
bool vpci_callbacks_forget(struct vpci_callbacks *callbacks, const struct vpci_event *event,
                           vpci_capability_set capabilities);

/* Gives the answer to a read its bytes, when it is a success: length of them, or as many as answer moves.
 * serial counts contents that are to be like no others. data has room for length bytes, and the event borrows
 * it. */
void vpci_callback_fill(struct vpci_event *event, const struct vpci_pf_answer *answer, uint32_t length,
                        uint64_t seed, uint32_t *serial, uint8_t *data);

#endif
