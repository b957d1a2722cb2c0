/* SPDX-License-Identifier: MIT */
/* fuzzers/mutator.c - changes inputs by whole records, for both engines: the same object is linked into
 * libFuzzer's targets and loaded by afl-fuzz. It knows the shape of a record (fuzzers/record.h) and nothing
 * of what comes of it.
 *
 * New records mostly keep to the VF and the block of the one before: faults need several events about one
 * thing. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fuzzers/mutator_constants.h"
#include "fuzzers/record.h"
#include "harness/contents.h"

enum {
    INPUT_BYTES_MAX = 1 << 20, /* what afl-fuzz takes */
    OPERATIONS_MAX = 4,
    SWEEP_MAX = 32,
    RUN_MAX = 8,         /* records moved, copied or made at once */
    BLOCK_VALUES = 76,   /* of byte 2 that stand for different blocks */
    LENGTH_VALUES = 215, /* of byte 3, for different lengths */
};

/* An input being changed; the device's record comes first and is neither moved nor deleted. */
struct input {
    uint8_t *bytes;
    size_t records, capacity; /* in records, the device's included */
    uint64_t random;
};

static uint32_t below(struct input *input, uint64_t bound)
{
    return (uint32_t)(vpci_random_next(&input->random) % bound);
}

static bool one_in(struct input *input, uint32_t count)
{
    return below(input, count) == 0;
}

static uint8_t *record_at(const struct input *input, size_t index)
{
    return input->bytes + index * VPCI_RECORD_BYTES;
}

/* ---- records ---- */

static uint8_t small_or_any(struct input *input, uint32_t small)
{
    return (uint8_t)(one_in(input, 4) ? below(input, 256) : below(input, small));
}

static void make_length(struct input *input, uint8_t *record)
{
    static const uint8_t usual[] = { 0, 0, 0, 0, 1, 4, 7, 8, 9, 12, 16, 64, 127, 128, 129, 130, 201 };
    record[RECORD_LENGTH] =
        one_in(input, 3) ? (uint8_t)below(input, LENGTH_VALUES) : usual[below(input, sizeof usual)];
}

/* A SET record names a field and a value that no table has. */
static void make_setting(struct input *input, uint8_t *record)
{
    const uint64_t value = vpci_random_next(&input->random);
    record[1] = (uint8_t)below(input, VPCI_FIELD_COUNT);
    for (size_t i = 0; i < 4; i++)
        record[2 + i] = (uint8_t)(value >> 8 * i);
}

/* The same for a number that the implementation is known to compare with. */
static void set_constant(struct input *input, uint8_t *record, uint32_t constant)
{
    static const uint8_t fields[] = { VPCI_FIELD_BLOCK, VPCI_FIELD_BLOCK, VPCI_FIELD_LENGTH,
                                      VPCI_FIELD_CODE,  VPCI_FIELD_MASK,  VPCI_FIELD_STATUS };
    memset(record, 0, VPCI_RECORD_BYTES);
    record[RECORD_WHAT] = RECORD_SET;
    record[1] = fields[below(input, sizeof fields)];
    for (size_t i = 0; i < sizeof constant; i++)
        record[2 + i] = (uint8_t)(constant >> 8 * i);
}

static void make_record(struct input *input, uint8_t *record)
{
    memset(record, 0, VPCI_RECORD_BYTES);
    record[RECORD_WHAT] = (uint8_t)(one_in(input, 3) ? below(input, 256) : below(input, RECORD_CANCEL + 1));
    if (one_in(input, 4))
        record[RECORD_VF] = (uint8_t)(one_in(input, 8) ? below(input, 256) : 1 + below(input, 3));
    if (one_in(input, 3))
        record[RECORD_BLOCK] =
            (uint8_t)(1 + (one_in(input, 3) ? below(input, BLOCK_VALUES) : below(input, 3)));
    make_length(input, record);
    if (one_in(input, 3))
        record[RECORD_WHICH] = small_or_any(input, 4);
    if (one_in(input, 3))
        record[RECORD_FLAGS] = (uint8_t)(one_in(input, 3) ? below(input, 256) : RECORD_GOES_ON);
    if (one_in(input, 4))
        record[RECORD_X] = small_or_any(input, 24);
    if (one_in(input, 6))
        record[RECORD_Y] = small_or_any(input, 24);
    if (record[RECORD_WHAT] == RECORD_SET)
        make_setting(input, record);
}

/* Makes room for count records at index. False when there is none. */
static bool open_gap(struct input *input, size_t index, size_t count)
{
    if (input->capacity - input->records < count)
        return false;
    memmove(record_at(input, index + count), record_at(input, index),
            (input->records - index) * VPCI_RECORD_BYTES);
    input->records += count;
    return true;
}

/* A record to start from, which is not the device's. There is one. */
static size_t choose(struct input *input)
{
    return 1 + below(input, input->records - 1);
}

static size_t choose_run(struct input *input, size_t from)
{
    const size_t left = input->records - from;
    const size_t run = 1 + below(input, RUN_MAX);
    return run < left ? run : left;
}

/* ---- what may be done to an input ---- */

typedef void operation_fn(struct input *input);

static void insert(struct input *input)
{
    const size_t index = 1 + below(input, input->records);
    const size_t count = one_in(input, 4) ? 1 + below(input, RUN_MAX) : 1;
    if (!open_gap(input, index, count))
        return;
    for (size_t i = 0; i < count; i++)
        make_record(input, record_at(input, index + i));
}

static void append(struct input *input)
{
    if (open_gap(input, input->records, 1))
        make_record(input, record_at(input, input->records - 1));
}

static void delete_run(struct input *input)
{
    const size_t index = choose(input);
    const size_t count = choose_run(input, index);
    memmove(record_at(input, index), record_at(input, index + count),
            (input->records - index - count) * VPCI_RECORD_BYTES);
    input->records -= count;
}

static void replace(struct input *input)
{
    make_record(input, record_at(input, choose(input)));
}

static void swap(struct input *input)
{
    uint8_t held[VPCI_RECORD_BYTES];
    uint8_t *one = record_at(input, choose(input)), *other = record_at(input, choose(input));
    memcpy(held, one, sizeof held);
    memcpy(one, other, sizeof held); /* the two may be one */
    memcpy(other, held, sizeof held);
}

static void duplicate(struct input *input)
{
    uint8_t run[RUN_MAX * VPCI_RECORD_BYTES];
    const size_t from = choose(input);
    const size_t count = choose_run(input, from);
    memcpy(run, record_at(input, from), count * VPCI_RECORD_BYTES);
    const size_t to = 1 + below(input, input->records);
    if (open_gap(input, to, count))
        memcpy(record_at(input, to), run, count * VPCI_RECORD_BYTES);
}

static void change_byte(struct input *input)
{
    uint8_t *byte = record_at(input, choose(input)) + below(input, VPCI_RECORD_BYTES);
    switch (below(input, 5)) {
    case 0:
        *byte = (uint8_t)below(input, 4);
        break;
    case 1:
        *byte = (uint8_t)(*byte + 1);
        break;
    case 2:
        *byte = (uint8_t)(*byte - 1);
        break;
    case 3:
        *byte = (uint8_t)below(input, 256);
        break;
    default:
        *byte ^= (uint8_t)(1u << below(input, 8));
        break;
    }
}

static void change_what(struct input *input)
{
    record_at(input, choose(input))[RECORD_WHAT] = (uint8_t)below(input, RECORD_COUNT);
}

static void change_length(struct input *input)
{
    make_length(input, record_at(input, choose(input)));
}

/* Makes one record be about the same thing as another. */
static void share(struct input *input)
{
    const uint8_t *from = record_at(input, choose(input));
    uint8_t *to = record_at(input, choose(input));
    to[RECORD_VF] = from[RECORD_VF];
    to[RECORD_BLOCK] = from[RECORD_BLOCK];
    if (one_in(input, 2))
        to[RECORD_LENGTH] = from[RECORD_LENGTH];
}

static void toggle_settling(struct input *input)
{
    record_at(input, choose(input))[RECORD_FLAGS] ^= RECORD_GOES_ON;
}

static void repeat(struct input *input)
{
    static const uint8_t usual[] = { 0, 1, 2, 6, 7, 14, 15, 30, 62, 63, 126, 254, 255 };
    if (!one_in(input, 8)) /* they cost more than anything else */
        return;
    const size_t index = input->records < 3 ? input->records : 2 + below(input, input->records - 1);
    if (!open_gap(input, index, 1))
        return;
    uint8_t *record = record_at(input, index);
    memset(record, 0, VPCI_RECORD_BYTES);
    record[RECORD_WHAT] = RECORD_REPEAT;
    record[RECORD_BLOCK] = (uint8_t)below(input, 4);
    record[RECORD_LENGTH] = usual[below(input, sizeof usual)];
}

/* The same event again and again, each time with another value in one place: an execution costs more than an
 * event. */
static void sweep(struct input *input)
{
    static const uint8_t columns[] = { RECORD_LENGTH, RECORD_LENGTH, RECORD_BLOCK,
                                       RECORD_X,      RECORD_Y,      RECORD_WHICH };
    const size_t from = choose(input);
    const size_t count = 1 + below(input, SWEEP_MAX);
    const uint8_t column = columns[below(input, sizeof columns)];
    uint8_t record[VPCI_RECORD_BYTES];
    memcpy(record, record_at(input, from), sizeof record);
    if (!one_in(input, 2) || !open_gap(input, from, count))
        return;
    for (size_t i = 0; i < count; i++) {
        record[column] = (uint8_t)below(input, column == RECORD_BLOCK ? BLOCK_VALUES : LENGTH_VALUES);
        memcpy(record_at(input, from + i), record, sizeof record);
    }
}

/* The same event once more with its neighbour's value in one place: two blocks side by side, two bits of a
 * mask, a length and the next. */
static void add_neighbour(struct input *input)
{
    static const uint8_t columns[] = { RECORD_BLOCK, RECORD_BLOCK, RECORD_LENGTH, RECORD_WHICH, RECORD_X };
    const size_t from = choose(input);
    const uint8_t column = columns[below(input, sizeof columns)];
    if (!open_gap(input, from + 1, 1))
        return;
    memcpy(record_at(input, from + 1), record_at(input, from), VPCI_RECORD_BYTES);
    record_at(input, from + 1)[column] =
        (uint8_t)(record_at(input, from)[column] + (one_in(input, 2) ? 1 : -1));
}

/* Gives an event a number that the implementation compares with, or a length, or both. */
static void use_constant(struct input *input)
{
    static struct vpci_constants constants;
    static bool found;
    if (!found)
        vpci_constants_find(&constants, getenv("VPCI_ADAPTER"));
    found = true;
    const size_t index = choose(input);
    if (constants.length_count != 0 && one_in(input, 2)) /* the byte of a length is the length itself */
        record_at(input, index)[RECORD_LENGTH] = constants.lengths[below(input, constants.length_count)];
    if (constants.count != 0 && open_gap(input, index, 1))
        set_constant(input, record_at(input, index), constants.values[below(input, constants.count)]);
}

static void change_device(struct input *input)
{
    static const uint8_t bound[VPCI_RECORD_BYTES] = { 3, 4, 4, 12, 4, 1, 1, 1 };
    const uint32_t which = one_in(input, 3) ? below(input, 5) : below(input, 2);
    input->bytes[which] = (uint8_t)(one_in(input, 8) ? below(input, 256) : below(input, bound[which]));
}

/* An operation that stands here more often is chosen more often. */
static operation_fn *const operations[] = {
    insert,          insert, insert,      append,        append, delete_run,    delete_run,
    replace,         swap,   duplicate,   change_byte,   share,  change_length, change_byte,
    toggle_settling, repeat, change_what, change_device, sweep,  add_neighbour, use_constant,
};

/* Changes the input in place and returns its new length. Records are whole afterwards. */
static size_t mutate(uint8_t *bytes, size_t length, size_t capacity, uint64_t seed)
{
    if (capacity < 2 * VPCI_RECORD_BYTES)
        return length < capacity ? length : capacity;
    struct input input = { bytes, (length + VPCI_RECORD_BYTES - 1) / VPCI_RECORD_BYTES,
                           capacity / VPCI_RECORD_BYTES, seed };
    if (input.records > input.capacity)
        input.records = input.capacity;
    if (input.records * VPCI_RECORD_BYTES > length)
        memset(bytes + length, 0, input.records * VPCI_RECORD_BYTES - length);
    if (input.records == 0) {
        memset(bytes, 0, VPCI_RECORD_BYTES);
        input.records = 1;
    }
    for (uint32_t left = 1 + below(&input, OPERATIONS_MAX); left != 0; left--) {
        operation_fn *operation = operations[below(&input, sizeof operations / sizeof operations[0])];
        if (input.records == 1 && operation != change_device)
            operation = insert;
        operation(&input);
    }
    return input.records * VPCI_RECORD_BYTES;
}

/* The device and a beginning of one input, an end of the other. */
static size_t cross(const uint8_t *one, size_t one_length, const uint8_t *other, size_t other_length,
                    uint8_t *out, size_t capacity, uint64_t seed)
{
    struct input chance = { .random = seed };
    const size_t head_records = one_length / VPCI_RECORD_BYTES,
                 tail_records = other_length / VPCI_RECORD_BYTES;
    size_t head = head_records == 0 ? 0 : (1 + below(&chance, head_records)) * VPCI_RECORD_BYTES;
    const size_t from =
        tail_records < 2 ? other_length : (1 + below(&chance, tail_records - 1)) * VPCI_RECORD_BYTES;
    head = head < capacity ? head : capacity;
    const size_t tail = other_length - from < capacity - head ? other_length - from : capacity - head;
    memcpy(out, one, head);
    memcpy(out + head, other + from, tail);
    return head + tail;
}

/* ---- libFuzzer ---- */

/* libFuzzer's own mutation, which knows the operands of comparisons. Only where that engine is linked:
 * elsewhere there is none, or one that does nothing. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size) __attribute__((weak));
enum { OWN_MUTATION_OF_ENGINE = 50 }; /* one in so many */

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2, size_t size2,
                                 uint8_t *out, size_t max_out_size, unsigned int seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
    if (LLVMFuzzerMutate != NULL && size != 0 && seed % OWN_MUTATION_OF_ENGINE == 0) {
        const size_t length = LLVMFuzzerMutate(data, size, max_size);
        if (length != 0)
            return length;
    }
    return mutate(data, size, max_size, seed);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2, size_t size2,
                                 uint8_t *out, size_t max_out_size, unsigned int seed)
{
    return cross(data1, size1, data2, size2, out, max_out_size, seed);
}

/* ---- AFL++ ---- */

/* Trimming takes out runs of records, long ones first, as long as the engine sees the same path. */
struct afl_state {
    uint64_t random;
    uint8_t *bytes;   /* owned: what is handed out */
    uint8_t *trimmed; /* owned: the input as far as it is trimmed */
    size_t trimmed_bytes, at, run;
};

void *afl_custom_init(void *afl, unsigned int seed);
void afl_custom_deinit(void *data);
size_t afl_custom_fuzz(void *data, uint8_t *buf, size_t buf_size, uint8_t **out_buf, uint8_t *add_buf,
                       size_t add_buf_size, size_t max_size);
int32_t afl_custom_init_trim(void *data, uint8_t *buf, size_t buf_size);
size_t afl_custom_trim(void *data, uint8_t **out_buf);
int32_t afl_custom_post_trim(void *data, uint8_t success);

void *afl_custom_init(void *afl, unsigned int seed)
{
    (void)afl;
    struct afl_state *state = calloc(1, sizeof *state);
    if (state == NULL)
        return NULL;
    state->random = seed;
    state->bytes = malloc(INPUT_BYTES_MAX);
    state->trimmed = malloc(INPUT_BYTES_MAX);
    if (state->bytes == NULL || state->trimmed == NULL) {
        afl_custom_deinit(state);
        return NULL;
    }
    return state;
}

void afl_custom_deinit(void *data)
{
    struct afl_state *state = data;
    free(state->bytes);
    free(state->trimmed);
    free(state);
}

size_t afl_custom_fuzz(void *data, uint8_t *buf, size_t buf_size, uint8_t **out_buf, uint8_t *add_buf,
                       size_t add_buf_size, size_t max_size)
{
    struct afl_state *state = data;
    const size_t capacity = max_size < INPUT_BYTES_MAX ? max_size : INPUT_BYTES_MAX;
    size_t length = buf_size < capacity ? buf_size : capacity;
    memcpy(state->bytes, buf, length);
    if (add_buf != NULL && vpci_random_next(&state->random) % 5 == 0)
        length = cross(buf, length, add_buf, add_buf_size, state->bytes, capacity,
                       vpci_random_next(&state->random));
    *out_buf = state->bytes;
    return mutate(state->bytes, length, capacity, vpci_random_next(&state->random));
}

static size_t whole_records(size_t bytes)
{
    return bytes / VPCI_RECORD_BYTES * VPCI_RECORD_BYTES;
}

int32_t afl_custom_init_trim(void *data, uint8_t *buf, size_t buf_size)
{
    struct afl_state *state = data;
    if (buf_size > INPUT_BYTES_MAX || buf_size < 2 * VPCI_RECORD_BYTES)
        return 0; /* nothing to be trimmed */
    memcpy(state->trimmed, buf, buf_size);
    state->trimmed_bytes = buf_size;
    state->at = VPCI_RECORD_BYTES;
    state->run = whole_records(buf_size / 2);
    if (state->run == 0)
        state->run = VPCI_RECORD_BYTES;
    return 1;
}

size_t afl_custom_trim(void *data, uint8_t **out_buf)
{
    struct afl_state *state = data;
    const size_t left = state->trimmed_bytes - state->at;
    const size_t gone = state->run < left ? state->run : left;
    memcpy(state->bytes, state->trimmed, state->at);
    memcpy(state->bytes + state->at, state->trimmed + state->at + gone, left - gone);
    *out_buf = state->bytes;
    return state->trimmed_bytes - gone;
}

/* 0: go on, 1: done. */
int32_t afl_custom_post_trim(void *data, uint8_t success)
{
    struct afl_state *state = data;
    const size_t left = state->trimmed_bytes - state->at;
    const size_t gone = state->run < left ? state->run : left;
    if (success) {
        memmove(state->trimmed + state->at, state->trimmed + state->at + gone, left - gone);
        state->trimmed_bytes -= gone;
    } else {
        state->at += gone;
    }
    if (state->at < state->trimmed_bytes)
        return 0;
    if (state->run == VPCI_RECORD_BYTES || state->trimmed_bytes <= VPCI_RECORD_BYTES)
        return 1;
    state->at = VPCI_RECORD_BYTES;
    state->run = whole_records(state->run / 2);
    return state->run == 0;
}
