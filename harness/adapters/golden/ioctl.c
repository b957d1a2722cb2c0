/* SPDX-License-Identifier: MIT */
/* harness/adapters/golden/ioctl.c - IOCTLs: what their raw structures ask for, the pending mark, held
 * INVALIDATEs. Callers' pointers are raw (METHOD_NEITHER): each field is fetched once, and nothing beyond the
 * claimed length. */
#include "harness/adapters/golden/parts.h"

static enum golden_kind kind_of(uint32_t code)
{
    switch (code) {
    case VPCI_IOCTL_READ_BLOCK:
        return GOLDEN_READ;
    case VPCI_IOCTL_WRITE_BLOCK:
        return GOLDEN_WRITE;
    case VPCI_IOCTL_INVALIDATE_BLOCK:
        return GOLDEN_INVALIDATE;
    default:
        return GOLDEN_UNKNOWN;
    }
}

static bool major_is_served(const struct golden *golden, const struct vpci_event *event)
{
    if ((event->fields & VPCI_F(MAJOR)) == 0 || event->major == VPCI_MAJOR_INTERNAL)
        return true;
    return event->major == VPCI_MAJOR_DEVICE_CONTROL && !golden->options->refuse_device_control;
}

/* Bytes before which the structure at Type3InputBuffer cannot even be parsed. */
static uint32_t header_bytes(const struct golden *golden, enum golden_kind kind)
{
    if (kind == GOLDEN_WRITE)
        return golden->options->write_input_whole ? (uint32_t)sizeof(struct vpci_write_block_input)
                                                  : (uint32_t)VPCI_WRITE_INPUT_DATA;
    return kind == GOLDEN_READ ? (uint32_t)sizeof(struct vpci_read_block_input) : 0;
}

bool golden_fits(const struct golden *golden, const struct golden_request *request)
{
    (void)golden;
    switch (request->kind) {
    case GOLDEN_READ:
        return request->length <= request->output_length;
    case GOLDEN_WRITE: /* input_length is at least the header's, so nothing wraps */
        return request->length <= request->input_length - VPCI_WRITE_INPUT_DATA;
    case GOLDEN_INVALIDATE:
        return request->input_length >= sizeof(struct vpci_invalidate_block_output);
    case GOLDEN_UNKNOWN:
        break;
    }
    return false;
}

static bool is_longer_than_needed(const struct golden_request *request)
{
    const uint32_t whole = (uint32_t)sizeof(struct vpci_write_block_input);
    const uint32_t written = VPCI_WRITE_INPUT_DATA + request->length;
    switch (request->kind) {
    case GOLDEN_READ:
        return request->output_length > request->length ||
               request->input_length > sizeof(struct vpci_read_block_input);
    case GOLDEN_WRITE:
        return request->output_length > 0 || request->input_length > (written > whole ? written : whole);
    case GOLDEN_INVALIDATE:
        return request->input_length > sizeof(struct vpci_invalidate_block_output);
    case GOLDEN_UNKNOWN:
        break;
    }
    return false;
}

static vpci_ntstatus too_small(const struct golden *golden, enum golden_kind kind)
{
    if (kind == GOLDEN_INVALIDATE)
        return golden->codes->short_mask;
    return kind == GOLDEN_WRITE ? golden->codes->write_overrun : VPCI_STATUS_BUFFER_TOO_SMALL;
}

static vpci_ntstatus check_buffers(struct golden *golden, struct golden_request *request)
{
    if (!golden->hooks->fits(golden, request))
        return too_small(golden, request->kind);
    if (golden->options->exact_lengths && is_longer_than_needed(request))
        return VPCI_STATUS_INVALID_PARAMETER;
    if (request->kind == GOLDEN_INVALIDATE)
        return request->memory.input != NULL ? VPCI_STATUS_SUCCESS : VPCI_STATUS_ACCESS_VIOLATION;
    const vpci_ntstatus status = golden->hooks->check_length(golden, request);
    if (status != VPCI_STATUS_SUCCESS)
        return status;
    const bool unreachable =
        request->kind == GOLDEN_READ && request->length > 0 && request->memory.output == NULL;
    return unreachable ? VPCI_STATUS_ACCESS_VIOLATION : VPCI_STATUS_SUCCESS;
}

/* SUCCESS when the request can be taken up. */
static vpci_ntstatus parse(struct golden *golden, struct golden_request *request,
                           const struct vpci_event *event)
{
    request->kind = kind_of(event->code);
    if (request->kind == GOLDEN_UNKNOWN || !major_is_served(golden, event))
        return golden->codes->unknown_code;
    vpci_ntstatus status = golden_vf_status(golden, request->vf);
    if (status != VPCI_STATUS_SUCCESS)
        return status;
    if (request->input_length < header_bytes(golden, request->kind))
        return VPCI_STATUS_BUFFER_TOO_SMALL;
    if (request->kind != GOLDEN_INVALIDATE) {
        if (request->memory.input == NULL)
            return VPCI_STATUS_ACCESS_VIOLATION;
        request->block = vpci_load_u32(request->memory.input);
        request->length = vpci_load_u32(request->memory.input + 4);
    }
    status = check_buffers(golden, request);
    if (status != VPCI_STATUS_SUCCESS)
        return status;
    if (request->kind == GOLDEN_INVALIDATE && golden->options->hold_one &&
        golden->vfs[request->vf].held.count > 0)
        return golden->codes->busy;
    return golden_reserve(golden, request);
}

static void return_to_caller(struct golden *golden, uint32_t number, uint8_t irql, vpci_ntstatus status)
{
    golden_emit(golden, &(struct vpci_event){
                            .kind = VPCI_EVENT_IOCTL_RETURN,
                            .fields = VPCI_F(REQUEST) | VPCI_F(STATUS) | VPCI_F(MARKED) | VPCI_F(IRQL),
                            .request = number,
                            .status = status,
                            .marked = status == VPCI_STATUS_PENDING,
                            .irql = irql,
                        });
}

/* Ends a request that asks for nothing possible, or for nothing at all. */
static void end_in_dispatch(struct golden *golden, struct golden_request *request, vpci_ntstatus status)
{
    const uint8_t number = request->number;
    const uint8_t irql = request->irql;
    request->marked = golden->options->pend_rejections;
    if (request->marked)
        golden_finish(golden, request, status, 0);
    else
        golden_complete(golden, request, status, 0);
    return_to_caller(golden, number, irql, golden->options->pend_rejections ? VPCI_STATUS_PENDING : status);
}

/* Not golden_finish: a mask must not grow old between being taken and being delivered, or a bit that is
 * raised again in between would be delivered twice. */
static void tell(struct golden *golden, struct golden_request *request, uint64_t mask)
{
    golden->hooks->store_mask(golden, request, mask);
    golden_complete(golden, request, VPCI_STATUS_SUCCESS, 0);
}

/* With complete_inline: ends in dispatch what nothing has to be waited for. True when it did. */
static bool served_in_dispatch(struct golden *golden, struct golden_request *request)
{
    struct golden_vf *vf = &golden->vfs[request->vf];
    if (!golden->options->complete_inline || golden->options->complete_from_run)
        return false;
    const uint8_t number = request->number;
    const uint8_t irql = request->irql;
    vpci_ntstatus status = VPCI_STATUS_SUCCESS;
    if (request->kind == GOLDEN_INVALIDATE) {
        if (vf->mask == 0 || vf->held.count > 0)
            return false;
        tell(golden, request, golden->hooks->take_mask(golden, vf));
    } else {
        if (golden->role != VPCI_ROLE_STACK || golden->waiting.count > 0)
            return false;
        request->dispatch_status = &status;
        golden->hooks->ask_pf(golden, request);
        request->dispatch_status = NULL;
    }
    return_to_caller(golden, number, irql, status);
    return true;
}

/* Marks pending before the request is on any list. A mask that has accumulated is delivered before the
 * dispatch routine returns, which returns PENDING all the same; a transfer is taken up only afterwards. */
static void pend(struct golden *golden, struct golden_request *request)
{
    const uint8_t number = request->number;
    const uint8_t irql = request->irql;
    request->marked = true;
    if (request->kind == GOLDEN_INVALIDATE) {
        request->place = GOLDEN_HELD;
        golden_queue_push(&golden->vfs[request->vf].held, number);
        golden_work(golden);
        return_to_caller(golden, number, irql, VPCI_STATUS_PENDING);
        return;
    }
    request->place = GOLDEN_WAITING;
    golden_queue_push(&golden->waiting, number);
    return_to_caller(golden, number, irql, VPCI_STATUS_PENDING);
    golden_work(golden);
}

void golden_ioctl(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    struct golden_request *request = golden_request_open(golden, event, memory);
    if (request == NULL)
        return;
    const vpci_ntstatus status = parse(golden, request, event);
    if (status != VPCI_STATUS_SUCCESS || golden_is_nothing(golden, request)) {
        end_in_dispatch(golden, request, status);
        return;
    }
    if (request->kind == GOLDEN_WRITE)
        golden->hooks->capture(golden, request, request->memory.input + VPCI_WRITE_INPUT_DATA);
    if (!served_in_dispatch(golden, request))
        pend(golden, request);
}

void golden_cancel(struct golden *golden, const struct vpci_event *event)
{
    if (!golden_is_open(golden, event->request))
        return;
    struct golden_request *request = &golden->requests[event->request];
    const bool held = request->place == GOLDEN_HELD;
    const bool transfers = request->place == GOLDEN_WAITING || request->place == GOLDEN_AT_PF;
    if (request->direct || (!held && !(transfers && !golden->options->transfers_finish)))
        return;
    golden_finish(golden, request, VPCI_STATUS_CANCELLED, 0);
    golden_work(golden);
}

uint64_t golden_merge_mask(const struct golden *golden, uint64_t accumulated, uint64_t raised)
{
    (void)golden;
    return accumulated | raised;
}

void golden_store_mask(const struct golden *golden, struct golden_request *request, uint64_t mask)
{
    (void)golden;
    vpci_store_u64(request->memory.input, mask);
}

/* Splitting is limited to as many completions as there were notifications. */
uint64_t golden_take_mask(const struct golden *golden, struct golden_vf *vf)
{
    uint64_t taken = vf->mask;
    if (golden->options->split_notifications && vf->notifications > 1)
        taken &= ~taken + 1;
    vf->mask &= ~taken;
    vf->notifications = vf->mask != 0 ? vf->notifications - 1 : 0;
    return taken;
}

void golden_notify(struct golden *golden, const struct vpci_event *event)
{
    if (event->mask == 0)
        return;
    for (uint16_t i = 0; i < golden->vf_count; i++) {
        struct golden_vf *vf = &golden->vfs[i];
        if (!vf->present || (event->vf != i && event->vf != VPCI_VF_ALL))
            continue;
        vf->mask = golden->hooks->merge_mask(golden, vf->mask, event->mask);
        vf->notifications++;
    }
    golden_work(golden);
}

/* Every request that is held now, and none that a completion routine sends meanwhile, gets the mask. */
static void deliver_to_all(struct golden *golden, struct golden_vf *vf, uint64_t mask)
{
    const uint64_t births_before = golden->births;
    while (vf->held.count > 0) {
        struct golden_request *request = &golden->requests[vf->held.numbers[0]];
        if (request->birth > births_before)
            return;
        tell(golden, request, mask);
    }
}

void golden_deliver_masks(struct golden *golden)
{
    for (uint16_t i = 0; i < golden->vf_count; i++) {
        struct golden_vf *vf = &golden->vfs[i];
        while (vf->mask != 0 && vf->held.count > 0) {
            const uint64_t mask = golden->hooks->take_mask(golden, vf);
            if (mask == 0)
                break;
            if (golden->options->notify_all_held) {
                deliver_to_all(golden, vf, mask);
                continue;
            }
            const uint8_t number = golden_queue_pop(&vf->held, golden->options->newest_first);
            golden->requests[number].place = GOLDEN_ANSWERED;
            tell(golden, &golden->requests[number], mask);
        }
    }
}
