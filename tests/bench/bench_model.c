/* SPDX-License-Identifier: MIT */
/* tests/bench/bench_model.c - events judged per second on one core: a mixed stream in memory, two VFs,
 * sixteen requests open at a time. Beside it, in the same run, a loop that only reads the same events, for a
 * ratio. Run: build-bench/tests/bench_model */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/contents.h"
#include "models/model.h"

enum { OPEN = 16, ROUNDS = 8, EVENTS_MAX = 4096, REPEATS = 2000, RUNS = 5, BYTES = 128 };

struct stream {
    struct vpci_event events[EVENTS_MAX];
    uint8_t data[EVENTS_MAX][VPCI_WRITE_INPUT_DATA + BYTES];
    uint32_t count;
};

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct vpci_event *add(struct stream *stream, enum vpci_event_kind kind, uint32_t fields)
{
    struct vpci_event *event = &stream->events[stream->count++];
    *event = (struct vpci_event){ .kind = kind, .fields = fields };
    return event;
}

static void attach(struct stream *stream, struct vpci_event *event, const uint8_t *bytes, uint32_t length)
{
    uint8_t *own = stream->data[event - stream->events];
    memcpy(own, bytes, length);
    event->data = own;
    event->data_length = length;
    event->fields |= VPCI_F(DATA);
}

/* What request number r of a round is: reads and writes, directly and by IOCTL, of different lengths. */
static bool is_write(uint32_t r)
{
    return r % 2 == 1;
}

static bool is_direct(uint32_t r)
{
    return r % 4 < 2;
}

static uint32_t length_of(uint32_t r)
{
    return 8 + 8 * (r % 15);
}

static void send(struct stream *stream, uint32_t r, const uint8_t *bytes)
{
    uint8_t input[VPCI_WRITE_INPUT_DATA + BYTES];
    const uint32_t length = length_of(r);
    struct vpci_event *event;
    if (is_direct(r)) {
        event = add(stream, is_write(r) ? VPCI_EVENT_WRITE : VPCI_EVENT_READ, VPCI_F(VF) | VPCI_F(REQUEST));
        if (is_write(r))
            attach(stream, event, bytes, length);
    } else {
        event = add(stream, VPCI_EVENT_IOCTL, VPCI_F(VF) | VPCI_F(REQUEST));
        event->code = is_write(r) ? VPCI_IOCTL_WRITE_BLOCK : VPCI_IOCTL_READ_BLOCK;
        event->input_length = is_write(r) ? VPCI_WRITE_INPUT_DATA + length : VPCI_WRITE_INPUT_DATA;
        event->output_length = is_write(r) ? 0 : length;
        vpci_store_u32(input, r);
        vpci_store_u32(input + 4, length);
        memcpy(input + VPCI_WRITE_INPUT_DATA, bytes, length);
        attach(stream, event, input, event->input_length);
    }
    event->vf = (uint16_t)(r / 8);
    event->request = r;
    event->block = r;
    event->length = length;
    if (!is_direct(r)) {
        struct vpci_event *pending = add(stream, VPCI_EVENT_IOCTL_RETURN, VPCI_F(REQUEST) | VPCI_F(STATUS));
        pending->request = r;
        pending->status = VPCI_STATUS_PENDING;
    }
    struct vpci_event *call =
        add(stream, is_write(r) ? VPCI_EVENT_PF_WRITE : VPCI_EVENT_PF_READ, VPCI_F(CALL));
    call->vf = (uint16_t)(r / 8);
    call->call = r;
    call->block = r;
    call->length = length;
    if (is_write(r))
        attach(stream, call, bytes, length);
}

static void answer(struct stream *stream, uint32_t r, const uint8_t *bytes)
{
    const uint32_t length = length_of(r);
    struct vpci_event *answer =
        add(stream, is_write(r) ? VPCI_EVENT_PF_WRITE_RETURN : VPCI_EVENT_PF_READ_RETURN,
            VPCI_F(CALL) | VPCI_F(STATUS));
    answer->call = r;
    if (!is_write(r))
        attach(stream, answer, bytes, length);
    struct vpci_event *end =
        add(stream,
            is_direct(r) ? (is_write(r) ? VPCI_EVENT_WRITE_RETURN : VPCI_EVENT_READ_RETURN)
                         : VPCI_EVENT_IOCTL_COMPLETE,
            VPCI_F(REQUEST) | VPCI_F(STATUS) | VPCI_F(INFORMATION));
    end->request = r;
    end->information = length;
    if (!is_write(r))
        attach(stream, end, bytes, length);
}

/* Two held INVALIDATE requests beside the traffic: one is told, one is cancelled. */
static void hold(struct stream *stream, uint32_t number, uint16_t vf)
{
    static const uint8_t empty[8] = { 0 };
    struct vpci_event *event = add(stream, VPCI_EVENT_IOCTL, VPCI_F(VF) | VPCI_F(REQUEST));
    event->vf = vf;
    event->request = number;
    event->code = VPCI_IOCTL_INVALIDATE_BLOCK;
    event->input_length = 8;
    attach(stream, event, empty, 8);
    struct vpci_event *pending = add(stream, VPCI_EVENT_IOCTL_RETURN, VPCI_F(REQUEST) | VPCI_F(STATUS));
    pending->request = number;
    pending->status = VPCI_STATUS_PENDING;
}

static void release(struct stream *stream)
{
    struct vpci_event *raise = add(stream, VPCI_EVENT_PF_INVALIDATE, VPCI_F(VF) | VPCI_F(MASK));
    raise->mask = 0xA5;
    struct vpci_event *told =
        add(stream, VPCI_EVENT_IOCTL_COMPLETE, VPCI_F(REQUEST) | VPCI_F(STATUS) | VPCI_F(MASK));
    told->request = OPEN;
    told->mask = 0xA5;
    struct vpci_event *cancel = add(stream, VPCI_EVENT_CANCEL, VPCI_F(REQUEST));
    cancel->request = OPEN + 1;
    struct vpci_event *cancelled = add(stream, VPCI_EVENT_IOCTL_COMPLETE, VPCI_F(REQUEST) | VPCI_F(STATUS));
    cancelled->request = OPEN + 1;
    cancelled->status = VPCI_STATUS_CANCELLED;
}

/* One stream after which the model is at rest with nothing open, so that it can be judged again and again. */
static void make(struct stream *stream)
{
    uint8_t bytes[OPEN][BYTES];
    uint32_t serial = 0;
    stream->count = 0;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        hold(stream, OPEN, 0);
        hold(stream, OPEN + 1, 1);
        for (uint32_t r = 0; r < OPEN; r++) {
            vpci_contents_unique(bytes[r], BYTES, 1, ++serial);
            send(stream, r, bytes[r]);
        }
        for (uint32_t i = 0; i < OPEN; i++) {
            const uint32_t r = (i * 5 + round) % OPEN; /* out of order */
            answer(stream, r, bytes[r]);
        }
        release(stream);
        (void)add(stream, VPCI_EVENT_REST, 0);
    }
}

static void judge(struct vpci_model *model, const struct stream *stream)
{
    for (uint32_t i = 0; i < stream->count; i++) {
        const struct vpci_judgement judgement = vpci_model_judge(model, &stream->events[i]);
        if (judgement.verdict != VPCI_ALLOWED) {
            printf("event %u of the stream is not allowed: %s\n", i, judgement.reason);
            exit(1);
        }
    }
}

static uint64_t read_only(const struct stream *stream)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < stream->count; i++) {
        const struct vpci_event *event = &stream->events[i];
        sum += event->kind + event->request + event->length + event->information;
        for (uint32_t j = 0; j < event->data_length; j++)
            sum += event->data[j];
    }
    return sum;
}

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return a < b ? -1 : a > b;
}

int main(void)
{
    static struct stream stream;
    double judged[RUNS];
    double reads[RUNS];
    volatile uint64_t sink = 0;
    struct vpci_model *model = aligned_alloc(64, (vpci_model_bytes() + 63) / 64 * 64);
    const struct vpci_model_options options = { .role = VPCI_ROLE_BUS, .vf_count = 2, .exact_order = true };
    if (model == NULL)
        return 1;
    make(&stream);
    vpci_model_init(model, &options);
    for (uint16_t vf = 0; vf < 2; vf++)
        (void)vpci_model_judge(model, &(struct vpci_event){ .kind = VPCI_EVENT_START, .vf = vf });
    for (int run = 0; run < RUNS; run++) {
        double start = seconds();
        for (int i = 0; i < REPEATS; i++)
            judge(model, &stream);
        judged[run] = (double)stream.count * REPEATS / (seconds() - start) / 1e6;
        start = seconds();
        for (int i = 0; i < REPEATS; i++)
            sink += read_only(&stream);
        if (sink == 0) /* the sum is used, so the loop is not dropped */
            return 1;
        reads[run] = (double)stream.count * REPEATS / (seconds() - start) / 1e6;
    }
    qsort(judged, RUNS, sizeof judged[0], compare);
    qsort(reads, RUNS, sizeof reads[0], compare);
    printf("model: %.1f M events/s judged, %.1f M events/s only read, ratio %.2f (median of %d; target 10 "
           "M/s)\n",
           judged[RUNS / 2], reads[RUNS / 2], judged[RUNS / 2] / reads[RUNS / 2], RUNS);
    free(model);
    return 0;
}
