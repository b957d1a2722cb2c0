/* SPDX-License-Identifier: MIT */
/* harness/adapters/golden/transfers.c - reads and writes of blocks, on their way to the PF and back.
 * Direct calls and IOCTLs meet here; what is special to an IOCTL is in ioctl.c. */
#include "harness/adapters/golden/parts.h"

#include <string.h>

/* Call numbers: the serial above, the slot in the low bits, so that a late answer finds no call. */
enum { CALL_SLOT_BITS = 6 };
static_assert(1 << CALL_SLOT_BITS == VPCI_CALLS_MAX, "a call's slot fits its number");

vpci_ntstatus golden_check_length(struct golden *golden, struct golden_request *request)
{
    if (request->length > VPCI_BLOCK_BYTES_MAX)
        return golden->codes->length;
    if (request->length == 0 && golden->options->zero_length == GOLDEN_ZERO_REFUSED)
        return golden->codes->length;
    return VPCI_STATUS_SUCCESS;
}

bool golden_is_nothing(const struct golden *golden, const struct golden_request *request)
{
    return request->kind != GOLDEN_INVALIDATE && request->length == 0 &&
           golden->options->zero_length == GOLDEN_ZERO_SUCCEEDS;
}

void golden_capture(const struct golden *golden, struct golden_request *request, const uint8_t *bytes)
{
    (void)golden;
    if (request->length > 0)
        memcpy(request->data, bytes, request->length);
}

void golden_deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count)
{
    if (count > 0)
        memcpy(request->memory.output, bytes, count);
    if (golden->options->zero_rest && count < request->length)
        memset(request->memory.output + count, 0, request->length - count);
}

/* A PF that answers with anything but SUCCESS or an error has failed all the same. */
vpci_ntstatus golden_pf_status(const struct golden *golden, const struct golden_request *request,
                               vpci_ntstatus status)
{
    (void)request;
    if (status == VPCI_STATUS_SUCCESS)
        return status;
    if (golden->codes->pf_failure != VPCI_STATUS_SUCCESS)
        return golden->codes->pf_failure;
    return vpci_nt_error(status) ? status : VPCI_STATUS_UNSUCCESSFUL;
}

uint64_t golden_information(const struct golden *golden, const struct golden_request *request, uint32_t count)
{
    (void)golden;
    (void)request;
    return count;
}

static vpci_ntstatus check_direct(struct golden *golden, struct golden_request *request,
                                  const struct vpci_event *event)
{
    const bool foreign = (event->fields & VPCI_F(CONTEXT_VF)) != 0 && event->context_vf != event->vf;
    if (foreign && golden->options->refuse_foreign_context)
        return VPCI_STATUS_INVALID_PARAMETER;
    if (foreign)
        request->vf = event->context_vf; /* the Context is all that a real routine is given */
    vpci_ntstatus status = golden_vf_status(golden, request->vf);
    if (status == VPCI_STATUS_SUCCESS)
        status = golden->hooks->check_length(golden, request);
    if (status != VPCI_STATUS_SUCCESS)
        return status;
    const uint8_t *buffer = request->kind == GOLDEN_READ ? request->memory.output : request->memory.input;
    if (buffer == NULL && request->length > 0)
        return VPCI_STATUS_INVALID_PARAMETER;
    return golden_reserve(golden, request);
}

void golden_direct(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    struct golden_request *request = golden_request_open(golden, event, memory);
    if (request == NULL)
        return;
    request->kind = event->kind == VPCI_EVENT_READ ? GOLDEN_READ : GOLDEN_WRITE;
    request->block = event->block;
    request->length = event->length;
    const vpci_ntstatus status = check_direct(golden, request, event);
    if (status != VPCI_STATUS_SUCCESS || golden_is_nothing(golden, request)) {
        golden_complete(golden, request, status, 0);
        return;
    }
    if (request->kind == GOLDEN_WRITE)
        golden->hooks->capture(golden, request, request->memory.input);
    request->place = GOLDEN_WAITING;
    golden_queue_push(&golden->waiting, request->number);
    golden_work(golden);
}

void golden_transferred(struct golden *golden, struct golden_request *request, vpci_ntstatus status,
                        const uint8_t *bytes, uint32_t count)
{
    status = golden->hooks->pf_status(golden, request, status);
    if (status != VPCI_STATUS_SUCCESS) {
        golden_finish(golden, request, status, 0);
        return;
    }
    if (count > request->length)
        count = request->length;
    if (request->kind == GOLDEN_READ)
        golden->hooks->deliver(golden, request, bytes, count);
    golden_finish(golden, request, status, golden->hooks->information(golden, request, count));
}

static void call_pf(struct golden *golden, struct golden_request *request)
{
    const uint32_t slot = (uint32_t)__builtin_ctzll(~golden->calls_busy);
    const bool writes = request->kind == GOLDEN_WRITE;
    golden->calls_busy |= (uint64_t)1 << slot;
    golden->calls[slot] = (struct golden_call){
        .number = golden->call_serial++ << CALL_SLOT_BITS | slot,
        .request = request->number,
        .writes = writes,
    };
    request->call_slot = (uint8_t)slot;
    request->place = GOLDEN_AT_PF;
    struct vpci_event event = {
        .kind = writes ? VPCI_EVENT_PF_WRITE : VPCI_EVENT_PF_READ,
        .fields = VPCI_F(CALL) | VPCI_F(VF) | VPCI_F(BLOCK) | VPCI_F(LENGTH) | VPCI_F(IRQL),
        .call = golden->calls[slot].number,
        .vf = request->vf,
        .block = request->block,
        .length = request->length,
        .irql = VPCI_IRQL_PASSIVE,
    };
    if (writes) {
        event.fields |= VPCI_F(DATA);
        event.data = request->data;
        event.data_length = request->length;
    }
    golden_emit(golden, &event);
}

/* The PF driver of a stack answers at once. */
static void call_own_pf(struct golden *golden, struct golden_request *request)
{
    const uint32_t count =
        request->length < golden->options->block_bytes ? request->length : golden->options->block_bytes;
    vpci_ntstatus status = VPCI_STATUS_SUCCESS;
    if (request->kind == GOLDEN_WRITE)
        status = golden_block_write(&golden->blocks, request->vf, request->block, request->data, count);
    else
        golden_block_read(&golden->blocks, request->vf, request->block, request->data, count);
    golden_transferred(golden, request, status, request->data, count);
}

void golden_ask_pf(struct golden *golden, struct golden_request *request)
{
    if (golden->role == VPCI_ROLE_STACK)
        call_own_pf(golden, request);
    else
        call_pf(golden, request);
}

void golden_start_transfers(struct golden *golden)
{
    while (golden->waiting.count > 0 &&
           (uint32_t)__builtin_popcountll(golden->calls_busy) < golden->options->pf_calls_max) {
        struct golden_request *request = &golden->requests[golden_queue_pop(&golden->waiting, false)];
        request->place = GOLDEN_ANSWERED;
        golden->hooks->ask_pf(golden, request);
    }
}

void golden_pf_return(struct golden *golden, const struct vpci_event *event)
{
    const uint32_t slot = event->call % VPCI_CALLS_MAX;
    const struct golden_call call = golden->calls[slot];
    const bool writes = event->kind == VPCI_EVENT_PF_WRITE_RETURN;
    if ((golden->calls_busy >> slot & 1) == 0 || call.number != event->call || call.writes != writes)
        return;
    golden->calls_busy &= ~((uint64_t)1 << slot);
    if (!call.abandoned) {
        struct golden_request *request = &golden->requests[call.request];
        uint32_t count = event->data != NULL ? event->data_length : 0;
        if (writes)
            count = (event->fields & VPCI_F(LENGTH)) != 0 ? event->length : request->length;
        request->place = GOLDEN_ANSWERED;
        golden_transferred(golden, request, event->status, event->data, count);
    }
    golden_work(golden);
}
