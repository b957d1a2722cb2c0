/* SPDX-License-Identifier: MIT */
/* harness/memory.c - see memory.h. Each buffer has a page of its own and a guard page behind it. It is laid
 * against the guard, rounded down to 8-byte alignment (drivers may read the structures through pointers); the
 * up to 7 bytes in between and 16 bytes in front hold a pattern that is checked.
 *
 * Whole words are filled and compared, because every request of every case comes through here. Bytes are
 * looked at one by one only when something is wrong. memset would be slower: the masked stores of a C library
 * take hundreds of cycles where their unused part lies in a page that may not be touched. */
#include "harness/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    WORD_BYTES = 8,
    CANARY_BYTES = 2 * WORD_BYTES,
    BUFFER_BYTES_MAX = VPCI_EVENT_DATA_BYTES_MAX,
    BUFFER_WORDS_MAX = BUFFER_BYTES_MAX / WORD_BYTES,
    CANARY = 0xA7,
    POISON = 0xDD,
};
#define WORD_OF(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The implementation writes the same memory as bytes and structures. */
typedef uint64_t __attribute__((__may_alias__)) buffer_word;

struct buffer {
    buffer_word *at;
    uint32_t bytes; /* of the caller's */
    uint32_t words; /* up to the guard page: the caller's bytes and what is left of the last word */
    uint64_t mask; /* of the last word, the caller's bytes; 0 where it is all the caller's or there is none */
    bool present;
};

struct vpci_arena_slot {
    struct buffer buffers[VPCI_BUFFER_COUNT];
    uint64_t input[BUFFER_WORDS_MAX]; /* what the caller put there; bytes behind it in the last word are 0 */
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

/* The first count bytes of a word, as they lie in memory; count is less than 8. */
static uint64_t first_bytes(uint32_t count)
{
    static const uint8_t ones[2 * WORD_BYTES] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };
    uint64_t mask;
    memcpy(&mask, ones + WORD_BYTES - count, sizeof mask);
    return mask;
}

static struct buffer *lay_out(struct vpci_memory_arena *arena, uint32_t request, enum vpci_buffer which,
                              uint32_t bytes)
{
    struct buffer *buffer = &arena->slots[request].buffers[which];
    uint8_t *guard =
        arena->pages + (((size_t)request * VPCI_BUFFER_COUNT + which) * 2 + 1) * arena->page_bytes;
    buffer->bytes = bytes;
    buffer->words = (bytes + WORD_BYTES - 1) / WORD_BYTES;
    buffer->mask = first_bytes(bytes % WORD_BYTES);
    buffer->at = (buffer_word *)(void *)guard - buffer->words;
    buffer->present = true;
    buffer->at[-1] = buffer->at[-2] = WORD_OF(CANARY);
    return buffer;
}

/* Where a buffer's last word is not all the caller's, the rest of it is an edge. */
static void store_edge(const struct buffer *buffer)
{
    if (buffer->mask != 0) {
        buffer_word *last = &buffer->at[buffer->words - 1];
        *last = (*last & buffer->mask) | (WORD_OF(CANARY) & ~buffer->mask);
    }
}

static void fill(const struct buffer *buffer, uint8_t byte)
{
    for (uint32_t i = 0; i < buffer->words; i++)
        buffer->at[i] = WORD_OF(byte);
    store_edge(buffer);
}

/* Makes the caller's bytes unlike anything; the edges stay. */
static void poison(const struct buffer *buffer)
{
    const uint32_t whole = buffer->bytes / WORD_BYTES;
    for (uint32_t i = 0; i < whole; i++)
        buffer->at[i] = WORD_OF(POISON);
    if (buffer->mask != 0)
        buffer->at[whole] = (buffer->at[whole] & ~buffer->mask) | (WORD_OF(POISON) & buffer->mask);
}

static uint32_t capped(uint32_t bytes)
{
    return bytes < BUFFER_BYTES_MAX ? bytes : BUFFER_BYTES_MAX;
}

static uint8_t *lay_out_input(struct vpci_memory_arena *arena, const struct vpci_event *event, uint32_t bytes)
{
    struct vpci_arena_slot *slot = &arena->slots[event->request];
    const struct buffer *buffer = lay_out(arena, event->request, VPCI_BUFFER_INPUT, bytes);
    const uint32_t given = event->data_length < bytes ? event->data_length : bytes;
    for (uint32_t i = given / WORD_BYTES; i < buffer->words; i++)
        slot->input[i] = 0;
    if (given != 0)
        memcpy(slot->input, event->data, given);
    for (uint32_t i = 0; i < buffer->words; i++)
        buffer->at[i] = slot->input[i];
    store_edge(buffer);
    return (uint8_t *)buffer->at;
}

static void *lay_out_output(struct vpci_memory_arena *arena, uint32_t request, enum vpci_buffer which,
                            uint32_t bytes, uint8_t byte)
{
    const struct buffer *buffer = lay_out(arena, request, which, bytes);
    fill(buffer, byte);
    return buffer->at;
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
        memory_out->output =
            lay_out_output(arena, event->request, VPCI_BUFFER_OUTPUT, capped(event->length), VPCI_FILL_BYTE);
        break;
    case VPCI_EVENT_WRITE:
        memory_out->input = lay_out_input(arena, event, capped(event->length));
        break;
    case VPCI_EVENT_QUERY_INTERFACE:
        memory_out->output =
            lay_out_output(arena, event->request, VPCI_BUFFER_OUTPUT, capped(event->size), 0);
        break;
    case VPCI_EVENT_IOCTL:
        slot->input_is_output = event->code == VPCI_IOCTL_INVALIDATE_BLOCK;
        memory_out->input = lay_out_input(arena, event, capped(event->input_length));
        if (event->output_length != 0)
            memory_out->output = lay_out_output(arena, event->request, VPCI_BUFFER_OUTPUT,
                                                capped(event->output_length), VPCI_FILL_BYTE);
        memory_out->status_block = lay_out_output(arena, event->request, VPCI_BUFFER_STATUS,
                                                  sizeof *memory_out->status_block, VPCI_FILL_BYTE);
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

static uint64_t edges_differ(const struct buffer *buffer)
{
    uint64_t difference = (buffer->at[-1] ^ WORD_OF(CANARY)) | (buffer->at[-2] ^ WORD_OF(CANARY));
    if (buffer->mask != 0)
        difference |= (buffer->at[buffer->words - 1] ^ WORD_OF(CANARY)) & ~buffer->mask;
    return difference;
}

/* Whether all of the caller's bytes are this one, and the edges as they were. */
static bool is_filled(const struct buffer *buffer, uint8_t byte)
{
    const uint32_t whole = buffer->bytes / WORD_BYTES;
    uint64_t difference = edges_differ(buffer);
    for (uint32_t i = 0; i < whole; i++)
        difference |= buffer->at[i] ^ WORD_OF(byte);
    if (buffer->mask != 0)
        difference |= (buffer->at[whole] ^ WORD_OF(byte)) & buffer->mask;
    return difference == 0;
}

/* Whether the caller's bytes from a whole word on are as the caller put them there. */
static bool is_unchanged(const struct buffer *buffer, const uint64_t *expected, uint32_t from_bytes)
{
    const uint32_t whole = buffer->bytes / WORD_BYTES;
    uint64_t difference = 0;
    for (uint32_t i = from_bytes / WORD_BYTES; i < whole; i++)
        difference |= buffer->at[i] ^ expected[i];
    if (buffer->mask != 0 && whole >= from_bytes / WORD_BYTES)
        difference |= (buffer->at[whole] ^ expected[whole]) & buffer->mask;
    return difference == 0;
}

/* Finds the first of count bytes that is another one. */
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
    const uint8_t *at = (const uint8_t *)buffer->at;
    if (edges_differ(buffer) == 0)
        return false;
    if (find_difference(at + buffer->bytes, buffer->words * WORD_BYTES - buffer->bytes, CANARY, offset_out)) {
        *offset_out += buffer->bytes;
        return true;
    }
    if (find_difference(at - CANARY_BYTES, CANARY_BYTES, CANARY, offset_out)) {
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
    /* INVALIDATE stores eight bytes there; whatever lies behind is the caller's. */
    const uint32_t from = slot->input_is_output ? (uint32_t)sizeof(struct vpci_invalidate_block_output) : 0;
    if (slot->ended || !input->present || is_unchanged(input, slot->input, from))
        return false;
    const uint8_t *now = (const uint8_t *)input->at;
    const uint8_t *then = (const uint8_t *)slot->input;
    fault_out->kind = VPCI_EVENT_INPUT_MODIFIED;
    fault_out->offset = from;
    while (now[fault_out->offset] == then[fault_out->offset])
        fault_out->offset++;
    return true;
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
        slot->mask = slot->input_is_output && input->bytes >= sizeof slot->mask
                         ? vpci_load_u64((const uint8_t *)input->at)
                         : 0;
    }
    if (output->present)
        set_data(event, slot->result, output->bytes);
    if (slot->input_is_output && event->kind != VPCI_EVENT_IOCTL_RETURN &&
        event->status == VPCI_STATUS_SUCCESS) {
        event->mask = slot->mask;
        event->fields |= VPCI_F(MASK);
    }
    if (event->kind == VPCI_EVENT_USER_EVENT_SIGNAL && slot->buffers[VPCI_BUFFER_STATUS].present) {
        const uint8_t *block = (const uint8_t *)slot->buffers[VPCI_BUFFER_STATUS].at;
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
            poison(&slot->buffers[i]);
    }
    arena->quarantined |= (uint64_t)1 << request;
}

static bool find_late_write_to(const struct buffer *buffer, uint32_t *offset_out)
{
    if (!buffer->present || is_filled(buffer, POISON))
        return false;
    return find_difference((const uint8_t *)buffer->at, buffer->bytes, POISON, offset_out) ||
           check_edges(buffer, offset_out);
}

bool vpci_memory_find_late_write(struct vpci_memory_arena *arena, struct vpci_memory_fault *fault_out)
{
    for (uint64_t left = arena->quarantined; left != 0; left &= left - 1) {
        const uint32_t request = (uint32_t)__builtin_ctzll(left);
        const struct buffer *buffers = arena->slots[request].buffers;
        if (find_late_write_to(&buffers[VPCI_BUFFER_INPUT], &fault_out->offset) ||
            find_late_write_to(&buffers[VPCI_BUFFER_OUTPUT], &fault_out->offset)) {
            fault_out->kind = VPCI_EVENT_LATE_WRITE;
            fault_out->request = request;
            arena->quarantined &= ~((uint64_t)1 << request);
            return true;
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
