/* SPDX-License-Identifier: MIT */
/* harness/adapters/golden/requests.c - the books of open requests: one place where each begins and one where
 * it ends. All lists are brought up to date before the kit is told, because it may send the next request from
 * inside. */
#include "harness/adapters/golden/parts.h"

#include <string.h>

static const uint64_t one = 1;

void golden_queue_push(struct golden_queue *queue, uint8_t number)
{
    queue->numbers[queue->count++] = number;
}

static void queue_remove_at(struct golden_queue *queue, uint32_t index)
{
    queue->count--;
    memmove(&queue->numbers[index], &queue->numbers[index + 1], queue->count - index);
}

uint8_t golden_queue_pop(struct golden_queue *queue, bool newest)
{
    const uint32_t index = newest ? queue->count - 1u : 0;
    const uint8_t number = queue->numbers[index];
    queue_remove_at(queue, index);
    return number;
}

static void queue_remove(struct golden_queue *queue, uint8_t number)
{
    for (uint32_t i = 0; i < queue->count; i++) {
        if (queue->numbers[i] == number) {
            queue_remove_at(queue, i);
            return;
        }
    }
}

struct golden_request *golden_request_of(struct golden *golden, uint32_t number)
{
    return &golden->requests[number % VPCI_REQUESTS_MAX];
}

bool golden_is_open(const struct golden *golden, uint32_t number)
{
    return number < VPCI_REQUESTS_MAX && (golden->open >> number & 1) != 0;
}

struct golden_request *golden_request_open(struct golden *golden, const struct vpci_event *event,
                                           const struct vpci_memory *memory)
{
    if (event->request >= VPCI_REQUESTS_MAX || golden_is_open(golden, event->request))
        return NULL;
    struct golden_request *request = &golden->requests[event->request];
    golden->open |= one << event->request;
    request->kind = GOLDEN_UNKNOWN;
    request->place = GOLDEN_ANSWERED;
    request->direct = event->kind != VPCI_EVENT_IOCTL;
    request->marked = false;
    request->user_event = (event->fields & VPCI_F(USER_EVENT)) == 0 || event->user_event;
    request->low = false;
    request->number = (uint8_t)event->request;
    request->irql = (event->fields & VPCI_F(IRQL)) != 0 ? event->irql : (uint8_t)VPCI_IRQL_PASSIVE;
    request->vf = event->vf;
    request->block = 0;
    request->length = 0;
    request->input_length = event->input_length;
    request->output_length = event->output_length;
    request->birth = ++golden->births;
    request->dispatch_status = NULL;
    request->memory = *memory;
    return request;
}

/* All that a request needs lies in its slot, so running out of further memory ends nothing. */
vpci_ntstatus golden_reserve(struct golden *golden, struct golden_request *request)
{
    struct golden_vf *vf = &golden->vfs[request->vf];
    if (vf->failing_allocations == 0)
        return VPCI_STATUS_SUCCESS;
    vf->failing_allocations--;
    request->low = true;
    return golden->options->refuse_when_low ? golden->codes->low_resources : VPCI_STATUS_SUCCESS;
}

/* Takes a request off whichever list names it. The PF's answer to a call without request is ignored later. */
static void withdraw(struct golden *golden, struct golden_request *request)
{
    switch (request->place) {
    case GOLDEN_WAITING:
        queue_remove(&golden->waiting, request->number);
        break;
    case GOLDEN_AT_PF:
        golden->calls[request->call_slot].abandoned = true;
        break;
    case GOLDEN_HELD:
        queue_remove(&golden->vfs[request->vf].held, request->number);
        break;
    case GOLDEN_ENDING:
        queue_remove(&golden->ending, request->number);
        break;
    case GOLDEN_ANSWERED:
        break;
    }
    request->place = GOLDEN_ANSWERED;
}

void golden_forget(struct golden *golden, struct golden_request *request)
{
    withdraw(golden, request);
    golden->open &= ~(one << request->number);
}

void golden_finish(struct golden *golden, struct golden_request *request, vpci_ntstatus status,
                   uint64_t information)
{
    if (!golden->options->complete_from_run) {
        golden_complete(golden, request, status, information);
        return;
    }
    withdraw(golden, request);
    request->status = status;
    request->information = information;
    request->place = GOLDEN_ENDING;
    golden_queue_push(&golden->ending, request->number);
}

static void return_direct(struct golden *golden, const struct golden_request *request, vpci_ntstatus status)
{
    golden_emit(golden,
                &(struct vpci_event){
                    .kind = request->kind == GOLDEN_READ ? VPCI_EVENT_READ_RETURN : VPCI_EVENT_WRITE_RETURN,
                    .fields = VPCI_F(REQUEST) | VPCI_F(STATUS) | VPCI_F(IRQL),
                    .request = request->number,
                    .status = status,
                    .irql = request->irql,
                });
}

/* IoCompleteRequest. As the I/O manager does, the status block and the event are left alone when a request
 * fails before it was ever pending. Nothing of the request is read after the first event: its number may be
 * in use again. */
static void complete_ioctl(struct golden *golden, const struct golden_request *request, vpci_ntstatus status,
                           uint64_t information)
{
    const bool tells_caller = request->marked || !vpci_nt_error(status);
    const bool signals = tells_caller && request->user_event;
    const uint8_t number = request->number;
    if (tells_caller && request->memory.status_block != NULL)
        *request->memory.status_block =
            (struct vpci_io_status_block){ .status = status, .information = information };
    golden_emit(golden, &(struct vpci_event){
                            .kind = VPCI_EVENT_IOCTL_COMPLETE,
                            .fields = VPCI_F(REQUEST) | VPCI_F(STATUS) | VPCI_F(INFORMATION) | VPCI_F(MARKED),
                            .request = number,
                            .status = status,
                            .information = information,
                            .marked = request->marked,
                        });
    if (signals)
        golden_emit(golden, &(struct vpci_event){
                                .kind = VPCI_EVENT_USER_EVENT_SIGNAL,
                                .fields = VPCI_F(REQUEST) | VPCI_F(STATUS) | VPCI_F(INFORMATION),
                                .request = number,
                                .status = status,
                                .information = information,
                            });
}

void golden_complete(struct golden *golden, struct golden_request *request, vpci_ntstatus status,
                     uint64_t information)
{
    golden_forget(golden, request);
    if (request->dispatch_status != NULL)
        *request->dispatch_status = status;
    if (request->direct)
        return_direct(golden, request, status);
    else
        complete_ioctl(golden, request, status, information);
}

void golden_complete_ending(struct golden *golden)
{
    while (golden->ending.count > 0) {
        const uint8_t number = golden_queue_pop(&golden->ending, golden->options->newest_first);
        struct golden_request *request = &golden->requests[number];
        request->place = GOLDEN_ANSWERED;
        golden_complete(golden, request, request->status, request->information);
    }
}
