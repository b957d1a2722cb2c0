/* SPDX-License-Identifier: MIT */
/* harness/adapter_check_steps.h - what `adapter check` does to an adapter: a table, so that each capability
 * is tried once. */
#ifndef VPCI_ADAPTER_CHECK_STEPS_H
#define VPCI_ADAPTER_CHECK_STEPS_H

#include "models/event.h"

/* The events, in order. Each is sent alone, with a fence behind it. */
extern const struct vpci_event vpci_adapter_check_steps[];
extern const size_t vpci_adapter_check_step_count;

/* Whether an implementation of this role that claims this much can be sent the event. */
bool vpci_adapter_check_applies(const struct vpci_event *event, enum vpci_role role,
                                vpci_capability_set capabilities);

/* Makes the PF's answer to a pf_read or pf_write of the implementation; data is room for VPCI_BLOCK_BYTES_MAX
 * bytes. False for any other event. */
bool vpci_adapter_check_answer(const struct vpci_event *call, uint8_t *data, struct vpci_event *answer_out);

/* A claim that an event ought to show and does not, as a sentence for the author; NULL when there is none. */
const char *vpci_adapter_check_remark(const struct vpci_event *event, vpci_capability_set capabilities);

#endif
