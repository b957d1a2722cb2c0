/* SPDX-License-Identifier: MIT */
/* harness/memory.c - see memory.h. Each buffer has a page of its own and a guard page behind it. It is laid
 * against the guard, rounded down to 8-byte alignment (drivers may read the structures through pointers); the
 * up to 7 bytes in between and 16 bytes in front hold a pattern that is checked. */
#include "harness/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CANARY_BYTES = 16, CANARY = 0xA7, POISON = 0xDD, BUFFER_BYTES_MAX = VPCI_EVENT_DATA_BYTES_MAX };

struct buffer {
    uint8_t *at;
    uint32_t bytes;
    uint32_t slack; /* bytes between the buffer's end and the guard page */
    bool present;
};

struct vpci_arena_slot {
    struct buffer buffers[VPCI_BUFFER_COUNT];
    uint8_t input[BUFFER_BYTES_MAX];  /* what the caller put there */
    uint8_t result[BUFFER_BYTES_MAX]; /* what the output held at the end */
    uint64_t mask;                    /* what the input held at the end, for INVALIDATE */
    bool input_is_output;             /* INVALIDATE: the structure at Type3InputBuffer is the output */
    bool ended;
};

bool vpci_memory_create(struct vpci_memory_arena *arena)
{
    memset(arena, 0, sizeof *arena);
    arena->page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    const size_t count = (size_t)VPCI_REQUESTS_MAX * VPCI_BUFFER_COUNT;
    uint8_t *pages =
        mmap(NULL, count * 2 * arena->page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return false;
    arena->pages = pages;
    arena->slots = calloc(VPCI_REQUESTS_MAX, sizeof *arena->slots);
    bool guarded = arena->slots != NULL;
    for (size_t i = 0; i < count && guarded; i++)
        guarded = mprotect(pages + (2 * i + 1) * arena->page_bytes, arena->page_bytes, PROT_NONE) == 0;
    if (!guarded)
        vpci_memory_destroy(arena);
    return guarded;
}

void vpci_memory_destroy(struct vpci_memory_arena *arena)
{
    if (arena->pages != NULL)
        munmap(arena->pages, (size_t)VPCI_REQUESTS_MAX * VPCI_BUFFER_COUNT * 2 * arena->page_bytes);
    free(arena->slots);
    memset(arena, 0, sizeof *arena);
}

void vpci_memory_reset(struct vpci_memory_arena *arena)
{
    arena->live = 0;
    arena->quarantined = 0;
}

static uint8_t *lay_out(struct vpci_memory_arena *arena, uint32_t request, enum vpci_buffer which,
                        uint32_t bytes)
{
    struct buffer *buffer = &arena->slots[request].buffers[which];
    uint8_t *page = arena->pages + ((size_t)request * VPCI_BUFFER_COUNT + which) * 2 * arena->page_bytes;
    const uint32_t rounded = (bytes + 7u) & ~7u;
    buffer->at = page + arena->page_bytes - rounded;
    buffer->bytes = bytes;
    buffer->slack = rounded - bytes;
    buffer->present = true;
    memset(buffer->at - CANARY_BYTES, CANARY, CANARY_BYTES);
    memset(buffer->at + bytes, CANARY, buffer->slack);
    return buffer->at;
}

static uint32_t capped(uint32_t bytes)
{
    return bytes < BUFFER_BYTES_MAX ? bytes : BUFFER_BYTES_MAX;
}

static uint8_t *lay_out_input(struct vpci_memory_arena *arena, const struct vpci_event *event, uint32_t bytes)
{
    struct vpci_arena_slot *slot = &arena->slots[event->request];
    uint8_t *at = lay_out(arena, event->request, VPCI_BUFFER_INPUT, bytes);
    const uint32_t given = event->data_length < bytes ? event->data_length : bytes;
    memset(slot->input, 0, bytes);
    if (given != 0)
        memcpy(slot->input, event->data, given);
    memcpy(at, slot->input, bytes);
    return at;
}

static uint8_t *lay_out_output(struct vpci_memory_arena *arena, uint32_t request, uint32_t bytes,
                               uint8_t fill)
{
    uint8_t *at = lay_out(arena, request, VPCI_BUFFER_OUTPUT, bytes);
    memset(at, fill, bytes);
    return at;
}

static bool brings_memory(enum vpci_event_kind kind)
{
    return kind == VPCI_EVENT_READ || kind == VPCI_EVENT_WRITE || kind == VPCI_EVENT_QUERY_INTERFACE ||
           kind == VPCI_EVENT_IOCTL;
}

bool vpci_memory_prepare(struct vpci_memory_arena *arena, const struct vpci_event *event,
                         struct vpci_memory *memory_out)
{
    *memory_out = (struct vpci_memory){ 0 };
    if (!brings_memory(event->kind) || event->request >= VPCI_REQUESTS_MAX)
        return false;
    struct vpci_arena_slot *slot = &arena->slots[event->request];
    for (int i = 0; i < VPCI_BUFFER_COUNT; i++)
        slot->buffers[i].present = false;
    slot->ended = false;
    slot->input_is_output = false;
    switch ((int)event->kind) {
    case VPCI_EVENT_READ:
        memory_out->output = lay_out_output(arena, event->request, capped(event->length), VPCI_FILL_BYTE);
        break;
    case VPCI_EVENT_WRITE:
        memory_out->input = lay_out_input(arena, event, capped(event->length));
        break;
    case VPCI_EVENT_QUERY_INTERFACE:
        memory_out->output = lay_out_output(arena, event->request, capped(event->size), 0);
        break;
    case VPCI_EVENT_IOCTL:
        slot->input_is_output = event->code == VPCI_IOCTL_INVALIDATE_BLOCK;
        memory_out->input = lay_out_input(arena, event, capped(event->input_length));
        if (event->output_length != 0)
            memory_out->output =
                lay_out_output(arena, event->request, capped(event->output_length), VPCI_FILL_BYTE);
        memory_out->status_block = (struct vpci_io_status_block *)(void *)lay_out(
            arena, event->request, VPCI_BUFFER_STATUS, sizeof(struct vpci_io_status_block));
        memset(memory_out->status_block, VPCI_FILL_BYTE, sizeof *memory_out->status_block);
        break;
    default:
        break;
    }
    arena->live |= (uint64_t)1 << event->request;
    arena->quarantined &= ~((uint64_t)1 << event->request);
    return true;
}

void vpci_memory_change_input(struct vpci_memory_arena *arena, uint32_t request, const uint8_t *data,
                              uint32_t length)
{
    if (request >= VPCI_REQUESTS_MAX || (arena->live >> request & 1u) == 0 || arena->slots[request].ended)
        return;
    struct vpci_arena_slot *slot = &arena->slots[request];
    struct buffer *input = &slot->buffers[VPCI_BUFFER_INPUT];
    if (!input->present)
        return;
    const uint32_t bytes = length < input->bytes ? length : input->bytes;
    memcpy(slot->input, data, bytes);
    memcpy(input->at, data, bytes);
}

static bool find_difference(const uint8_t *bytes, size_t count, uint8_t value, uint32_t *offset_out)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != value) {
            *offset_out = (uint32_t)i;
            return true;
        }
    }
    return false;
}

static bool check_edges(const struct buffer *buffer, uint32_t *offset_out)
{
    if (find_difference(buffer->at + buffer->bytes, buffer->slack, CANARY, offset_out)) {
        *offset_out += buffer->bytes;
        return true;
    }
    if (find_difference(buffer->at - CANARY_BYTES, CANARY_BYTES, CANARY, offset_out)) {
        *offset_out -= CANARY_BYTES;
        return true;
    }
    return false;
}

bool vpci_memory_check(struct vpci_memory_arena *arena, uint32_t request, struct vpci_memory_fault *fault_out)
{
    if (request >= VPCI_REQUESTS_MAX || (arena->live >> request & 1u) == 0)
        return false;
    const struct vpci_arena_slot *slot = &arena->slots[request];
    fault_out->request = request;
    for (int i = 0; i < VPCI_BUFFER_COUNT; i++) {
        if (slot->buffers[i].present && check_edges(&slot->buffers[i], &fault_out->offset)) {
            fault_out->kind = VPCI_EVENT_OVERRUN;
            return true;
        }
    }
    const struct buffer *input = &slot->buffers[VPCI_BUFFER_INPUT];
    if (slot->ended || !input->present)
        return false;
    /* INVALIDATE stores eight bytes there; whatever lies behind is the caller's. */
    const uint32_t from = slot->input_is_output ? (uint32_t)sizeof(struct vpci_invalidate_block_output) : 0;
    for (uint32_t i = from; i < input->bytes; i++) {
        if (input->at[i] != slot->input[i]) {
            fault_out->kind = VPCI_EVENT_INPUT_MODIFIED;
            fault_out->offset = i;
            return true;
        }
    }
    return false;
}

static void set_data(struct vpci_event *event, const uint8_t *data, uint32_t length)
{
    event->data = data;
    event->data_length = length;
    event->fields |= VPCI_F(DATA);
}

void vpci_memory_observe(struct vpci_memory_arena *arena, struct vpci_event *event)
{
    if (event->request >= VPCI_REQUESTS_MAX || (arena->live >> event->request & 1u) == 0)
        return;
    struct vpci_arena_slot *slot = &arena->slots[event->request];
    const struct buffer *output = &slot->buffers[VPCI_BUFFER_OUTPUT];
    const struct buffer *input = &slot->buffers[VPCI_BUFFER_INPUT];
    if (!slot->ended) {
        if (output->present)
            memcpy(slot->result, output->at, output->bytes);
        slot->mask = slot->input_is_output && input->bytes >= 8 ? vpci_load_u64(input->at) : 0;
    }
    if (output->present)
        set_data(event, slot->result, output->bytes);
    if (slot->input_is_output && event->kind != VPCI_EVENT_IOCTL_RETURN &&
        event->status == VPCI_STATUS_SUCCESS) {
        event->mask = slot->mask;
        event->fields |= VPCI_F(MASK);
    }
    if (event->kind == VPCI_EVENT_USER_EVENT_SIGNAL && slot->buffers[VPCI_BUFFER_STATUS].present) {
        const uint8_t *block = slot->buffers[VPCI_BUFFER_STATUS].at;
        event->status = vpci_load_u32(block);
        event->information = vpci_load_u64(block + offsetof(struct vpci_io_status_block, information));
    }
}

void vpci_memory_quarantine(struct vpci_memory_arena *arena, uint32_t request)
{
    if (request >= VPCI_REQUESTS_MAX || (arena->live >> request & 1u) == 0)
        return;
    struct vpci_arena_slot *slot = &arena->slots[request];
    slot->ended = true;
    for (int i = VPCI_BUFFER_INPUT; i <= VPCI_BUFFER_OUTPUT; i++) {
        if (slot->buffers[i].present)
            memset(slot->buffers[i].at, POISON, slot->buffers[i].bytes);
    }
    arena->quarantined |= (uint64_t)1 << request;
}

bool vpci_memory_find_late_write(struct vpci_memory_arena *arena, struct vpci_memory_fault *fault_out)
{
    for (uint32_t request = 0; arena->quarantined >> request != 0 && request < VPCI_REQUESTS_MAX; request++) {
        if ((arena->quarantined >> request & 1u) == 0)
            continue;
        const struct vpci_arena_slot *slot = &arena->slots[request];
        for (int i = VPCI_BUFFER_INPUT; i <= VPCI_BUFFER_OUTPUT; i++) {
            const struct buffer *buffer = &slot->buffers[i];
            if (buffer->present && (find_difference(buffer->at, buffer->bytes, POISON, &fault_out->offset) ||
                                    check_edges(buffer, &fault_out->offset))) {
                fault_out->kind = VPCI_EVENT_LATE_WRITE;
                fault_out->request = request;
                arena->quarantined &= ~((uint64_t)1 << request);
                return true;
            }
        }
    }
    return false;
}

bool vpci_memory_is_guard(const struct vpci_memory_arena *arena, const void *address,
                          struct vpci_memory_fault *fault_out)
{
    const uintptr_t start = (uintptr_t)arena->pages;
    const uintptr_t at = (uintptr_t)address;
    const size_t bytes = (size_t)VPCI_REQUESTS_MAX * VPCI_BUFFER_COUNT * 2 * arena->page_bytes;
    if (at < start || at >= start + bytes)
        return false;
    const size_t page = (at - start) / arena->page_bytes;
    const uint32_t request = (uint32_t)(page / 2 / VPCI_BUFFER_COUNT);
    const struct buffer *buffer = &arena->slots[request].buffers[page / 2 % VPCI_BUFFER_COUNT];
    fault_out->kind = VPCI_EVENT_OVERRUN;
    fault_out->request = request;
    fault_out->offset = (uint32_t)(at - (uintptr_t)buffer->at);
    return true;
}
