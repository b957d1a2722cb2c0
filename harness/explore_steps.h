/* SPDX-License-Identifier: MIT */
/* harness/explore_steps.h - steps of scenarios by the values of a few factors: what the orders and the
 * product are made of. Each adds one step, settled afterwards, to a script that has room. */
#ifndef VPCI_EXPLORE_STEPS_H
#define VPCI_EXPLORE_STEPS_H

#include "harness/script.h"

enum vpci_operation {
    VPCI_OPERATION_READ,
    VPCI_OPERATION_WRITE,
    VPCI_OPERATION_IOCTL_READ,
    VPCI_OPERATION_IOCTL_WRITE,
    VPCI_OPERATION_INVALIDATE,
    VPCI_OPERATION_COUNT
};

/* How long the caller says that the decisive buffer of an IOCTL is. */
enum vpci_claim {
    VPCI_CLAIM_EXACT,
    VPCI_CLAIM_ONE_LESS,
    VPCI_CLAIM_ONE_MORE,
    VPCI_CLAIM_HUGE,
    VPCI_CLAIM_COUNT
};

struct vpci_operation_step {
    enum vpci_operation operation;
    uint16_t vf;
    bool foreign;           /* a direct call that carries the Context of VF 0, by the driver of the next VF */
    uint32_t number;        /* of the request */
    uint32_t block, length; /* INVALIDATE: length is what the caller says of an output buffer */
    enum vpci_claim claim;  /* IOCTLs */
};

void vpci_step_operation(struct vpci_script *script, const struct vpci_operation_step *operation);
void vpci_step_answer(struct vpci_script *script, uint32_t nth, vpci_ntstatus status, uint32_t count);
void vpci_step_answer_newest(struct vpci_script *script, vpci_ntstatus status, uint32_t count);
void vpci_step_notify(struct vpci_script *script, uint16_t vf, uint64_t mask);
void vpci_step_cancel(struct vpci_script *script, uint32_t number);
void vpci_step_vf(struct vpci_script *script, enum vpci_event_kind kind, uint16_t vf);

#endif
