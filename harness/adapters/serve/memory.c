/* SPDX-License-Identifier: MIT */
/* harness/adapters/serve/memory.c - what the callers' drivers would own. Apart from the dialog because it
 * stands in for the kit's own guarded memory and must behave as that does. */
#include "harness/adapters/serve/serve.h"

#include <string.h>

static uint32_t at_most(uint32_t bytes, uint32_t limit)
{
    return bytes < limit ? bytes : limit;
}

/* Differs from byte to byte, so that neither zeros nor the fill byte nor a copy of it goes unseen. */
static uint8_t canary(uint32_t index)
{
    return (uint8_t)(0x5A ^ (index * 29u + 7u));
}

static void lay_out(struct serve_request *request, uint32_t input_bytes, uint32_t output_bytes, uint8_t fill)
{
    request->input_bytes = at_most(input_bytes, VPCI_EVENT_DATA_BYTES_MAX);
    request->output_bytes = at_most(output_bytes, VPCI_EVENT_DATA_BYTES_MAX);
    memset(request->input, 0, request->input_bytes);
    memset(request->output, fill, request->output_bytes);
    for (uint32_t i = 0; i < SERVE_CANARY_BYTES; i++)
        request->output[request->output_bytes + i] = canary(i);
    memset(&request->status_block, VPCI_FILL_BYTE, sizeof request->status_block);
    request->memory = (struct vpci_memory){ .input = request->input_bytes > 0 ? request->input : NULL,
                                            .output = request->output_bytes > 0 ? request->output : NULL };
}

const struct vpci_memory *serve_memory_begin(struct serve_memory *memory, const struct vpci_event *event)
{
    struct serve_request *request = &memory->requests[event->request % VPCI_REQUESTS_MAX];
    switch (event->kind) {
    case VPCI_EVENT_READ:
        lay_out(request, 0, event->length, VPCI_FILL_BYTE);
        break;
    case VPCI_EVENT_WRITE:
        lay_out(request, event->length, 0, VPCI_FILL_BYTE);
        break;
    case VPCI_EVENT_IOCTL:
        lay_out(request, event->input_length, event->output_length, VPCI_FILL_BYTE);
        break;
    case VPCI_EVENT_QUERY_INTERFACE:
        lay_out(request, 0, event->size, 0); /* a client hands in a structure of zeros */
        break;
    default:
        return NULL;
    }
    request->kind = event->kind;
    request->invalidate = event->kind == VPCI_EVENT_IOCTL && event->code == VPCI_IOCTL_INVALIDATE_BLOCK;
    if (event->kind == VPCI_EVENT_IOCTL && memory->status_blocks)
        request->memory.status_block = &request->status_block;
    if (event->data_length > 0)
        memcpy(request->input, event->data, at_most(event->data_length, request->input_bytes));
    return &request->memory;
}

void serve_memory_change(struct serve_memory *memory, const struct vpci_event *event)
{
    struct serve_request *request = &memory->requests[event->request % VPCI_REQUESTS_MAX];
    if (event->data_length > 0)
        memcpy(request->input, event->data, at_most(event->data_length, request->input_bytes));
}

/* Bytes of the buffer, and of the canary up to the last one that was touched. */
static uint32_t touched_bytes(const struct serve_request *request)
{
    uint32_t beyond = SERVE_CANARY_BYTES;
    while (beyond > 0 && request->output[request->output_bytes + beyond - 1] == canary(beyond - 1))
        beyond--;
    return request->output_bytes + beyond;
}

static bool ends(enum vpci_event_kind kind, enum vpci_event_kind request)
{
    switch (kind) {
    case VPCI_EVENT_READ_RETURN:
        return request == VPCI_EVENT_READ;
    case VPCI_EVENT_IOCTL_COMPLETE:
    case VPCI_EVENT_USER_EVENT_SIGNAL:
        return request == VPCI_EVENT_IOCTL;
    case VPCI_EVENT_QUERY_INTERFACE_RETURN:
        return request == VPCI_EVENT_QUERY_INTERFACE;
    default:
        return false;
    }
}

void serve_memory_report(const struct serve_memory *memory, struct vpci_event *event)
{
    const struct serve_request *request = &memory->requests[event->request % VPCI_REQUESTS_MAX];
    if (event->request >= VPCI_REQUESTS_MAX || !ends(event->kind, request->kind))
        return;
    event->fields &= ~(VPCI_F(DATA) | VPCI_F(MASK));
    event->data = request->output;
    event->data_length = at_most(touched_bytes(request), VPCI_EVENT_DATA_BYTES_MAX);
    if (event->data_length > 0)
        event->fields |= VPCI_F(DATA);
    if (request->invalidate && request->input_bytes >= sizeof(struct vpci_invalidate_block_output) &&
        event->status == VPCI_STATUS_SUCCESS) {
        event->fields |= VPCI_F(MASK);
        event->mask = vpci_load_u64(request->input);
    }
    if (event->kind == VPCI_EVENT_USER_EVENT_SIGNAL && request->memory.status_block != NULL) {
        event->status = request->status_block.status;
        event->information = request->status_block.information;
    }
}
