/* SPDX-License-Identifier: MIT */
/* harness/adapters/golden/parts.h - what golden's own files call of each other. Hooks need only golden.h. */
#ifndef VPCI_GOLDEN_PARTS_H
#define VPCI_GOLDEN_PARTS_H

#include "harness/adapters/golden/golden.h"

/* Sends an event through the outgoing hook. Everything in golden is consistent when this is called, and
 * anything may have changed when it returns: the kit may have sent the next event from inside. */
void golden_emit(struct golden *golden, struct vpci_event *event);

/* SUCCESS when this VF can take requests. */
vpci_ntstatus golden_vf_status(const struct golden *golden, uint16_t vf);

/* requests.c */

void golden_queue_push(struct golden_queue *queue, uint8_t number);
/* Takes out the oldest, or the newest. The queue is not empty. */
uint8_t golden_queue_pop(struct golden_queue *queue, bool newest);

/* A fresh request for the event, or NULL when its number is in use or out of range. */
struct golden_request *golden_request_open(struct golden *golden, const struct vpci_event *event,
                                           const struct vpci_memory *memory);
/* Counts one use of memory beyond what was reserved. SUCCESS, or the refusal. */
vpci_ntstatus golden_reserve(struct golden *golden, struct golden_request *request);
/* Decides how an open request ends; it is completed now or by run(). */
void golden_finish(struct golden *golden, struct golden_request *request, vpci_ntstatus status,
                   uint64_t information);
/* Decides and completes at once. */
void golden_complete(struct golden *golden, struct golden_request *request, vpci_ntstatus status,
                     uint64_t information);
void golden_complete_ending(struct golden *golden);

/* transfers.c */

void golden_direct(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory);
/* True when a length of 0 ends here, successfully. */
bool golden_is_nothing(const struct golden *golden, const struct golden_request *request);
/* The PF moved count bytes for a request, or failed. bytes: of a read. */
void golden_transferred(struct golden *golden, struct golden_request *request, vpci_ntstatus status,
                        const uint8_t *bytes, uint32_t count);
void golden_pf_return(struct golden *golden, const struct vpci_event *event);
/* Calls the PF for waiting transfers, as many as may be outstanding. */
void golden_start_transfers(struct golden *golden);

/* ioctl.c */

void golden_ioctl(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory);
void golden_cancel(struct golden *golden, const struct vpci_event *event);
void golden_notify(struct golden *golden, const struct vpci_event *event);
/* Completes held INVALIDATEs of VFs that have news. */
void golden_deliver_masks(struct golden *golden);

/* interface.c */

void golden_query_interface(struct golden *golden, const struct vpci_event *event,
                            const struct vpci_memory *memory);
void golden_reference(struct golden *golden, const struct vpci_event *event);

/* pf_driver.c: the PF driver of a stack */

void golden_blocks_free(struct golden_blocks *blocks);
/* count bytes of a block, which are zero until written. */
void golden_block_read(const struct golden_blocks *blocks, uint16_t vf, uint32_t id, uint8_t *bytes,
                       uint32_t count);
/* SUCCESS, or INSUFFICIENT_RESOURCES when no further block can be kept. */
vpci_ntstatus golden_block_write(struct golden_blocks *blocks, uint16_t vf, uint32_t id, const uint8_t *bytes,
                                 uint32_t count);

/* golden.c: starts what can be started, now or in run(). */
void golden_work(struct golden *golden);

#endif
