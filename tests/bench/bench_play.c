/* SPDX-License-Identifier: MIT */
/* tests/bench/bench_play.c - microseconds for one case played in process, all included: open, play, judge,
 * close. What fuzzing, exploring and shrinking do millions of times. Beside it, in the same run, the model
 * alone, fed with the very events of that case. Run: build-bench/tests/bench_play build-bench */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/adapter.h"
#include "harness/allocate.h"
#include "harness/conductor.h"
#include "harness/inprocess.h"
#include "harness/script.h"

enum { RUNS = 5, CASES_LONG = 20000, CASES_SHORT = 100000, LONG = 32, SHORT = 4, EVENTS_MAX = 256 };

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- the case ---- */

static void call(struct vpci_script *script, enum vpci_event_kind kind, uint32_t block, uint32_t length)
{
    struct vpci_event *event = &vpci_script_add(script)->event;
    *event = (struct vpci_event){
        .kind = kind, .fields = VPCI_F(VF) | VPCI_F(BLOCK) | VPCI_F(LENGTH), .block = block, .length = length
    };
    if (kind == VPCI_EVENT_WRITE) {
        event->fields |= VPCI_F(DATA);
        event->data_length = length;
        script->steps[script->test.step_count - 1].data_source = VPCI_DATA_UNIQUE;
    }
}

static void ioctl(struct vpci_script *script, uint32_t code, uint32_t block, uint32_t length)
{
    uint8_t input[VPCI_WRITE_INPUT_DATA + VPCI_BLOCK_BYTES_MAX] = { 0 };
    const bool writes = code == VPCI_IOCTL_WRITE_BLOCK;
    struct vpci_step *step = vpci_script_add(script);
    struct vpci_event *event = &step->event;
    vpci_store_u32(input, block);
    vpci_store_u32(input + 4, length);
    *event = (struct vpci_event){ .kind = VPCI_EVENT_IOCTL,
                                  .fields = VPCI_F(VF) | VPCI_F(CODE) | VPCI_F(INPUT_LENGTH) |
                                            VPCI_F(OUTPUT_LENGTH) | VPCI_F(DATA),
                                  .code = code,
                                  .input_length = VPCI_WRITE_INPUT_DATA + (writes ? length : 0),
                                  .output_length = code == VPCI_IOCTL_READ_BLOCK ? length : 0 };
    event->data_length = event->input_length;
    event->data = vpci_script_keep(script, input, event->data_length);
    if (writes) {
        step->data_source = VPCI_DATA_UNIQUE;
        step->data_from = VPCI_WRITE_INPUT_DATA;
    }
}

static void answer(struct vpci_script *script)
{
    vpci_script_add(script)->kind = VPCI_STEP_ANSWER;
}

static void cancel(struct vpci_script *script, uint32_t request)
{
    vpci_script_add(script)->event =
        (struct vpci_event){ .kind = VPCI_EVENT_CANCEL, .fields = VPCI_F(REQUEST), .request = request };
}

static void notify(struct vpci_script *script, uint64_t mask)
{
    vpci_script_add(script)->event = (struct vpci_event){ .kind = VPCI_EVENT_PF_INVALIDATE,
                                                          .fields = VPCI_F(VF) | VPCI_F(MASK),
                                                          .mask = mask };
}

/* Sixteen stimuli, each settled, after which nothing is open: every request has the number 0. */
static void add_round(struct vpci_script *script, uint32_t round)
{
    const uint32_t length = 16 + 56 * round;
    call(script, VPCI_EVENT_READ, round, length);
    answer(script);
    call(script, VPCI_EVENT_WRITE, round, length + 8);
    answer(script);
    ioctl(script, VPCI_IOCTL_READ_BLOCK, round + 2, length + 16);
    answer(script);
    ioctl(script, VPCI_IOCTL_WRITE_BLOCK, round + 3, length + 24);
    answer(script);
    ioctl(script, VPCI_IOCTL_INVALIDATE_BLOCK, 0, 0);
    notify(script, 0xA5);
    ioctl(script, VPCI_IOCTL_INVALIDATE_BLOCK, 0, 0);
    cancel(script, 0);
    ioctl(script, VPCI_IOCTL_READ_BLOCK, round + 4, length);
    cancel(script, 0);
    answer(script);
    notify(script, 0x5A);
}

static void make(struct vpci_script *script, uint32_t steps)
{
    vpci_script_clear(script);
    script->test.pf_holds = true;
    for (uint32_t round = 0; script->test.step_count < steps; round++)
        add_round(script, round);
    script->test.step_count = steps;
}

/* ---- the events of the case, for the model alone ---- */

struct recording {
    struct vpci_event events[EVENTS_MAX];
    uint8_t data[EVENTS_MAX][VPCI_EVENT_DATA_BYTES_MAX];
    uint32_t count;
};

static void record(void *watcher, const struct vpci_event *event, const struct vpci_judgement *judgement)
{
    struct recording *recording = watcher;
    (void)judgement;
    if (recording->count == EVENTS_MAX)
        vpci_give_up("the case has more events than the benchmark keeps");
    struct vpci_event *kept = &recording->events[recording->count];
    *kept = *event;
    if (event->data != NULL) {
        memcpy(recording->data[recording->count], event->data, event->data_length);
        kept->data = recording->data[recording->count];
    }
    recording->count++;
}

/* Seconds for a number of cases. */
static double judge(const struct recording *recording, const struct vpci_seam *seam, struct vpci_model *model,
                    uint32_t cases)
{
    const struct vpci_model_options options = {
        .role = VPCI_ROLE_BUS, .vf_count = 1, .capabilities = seam->pics.capabilities, .exact_order = true
    };
    const double start = seconds();
    for (uint32_t i = 0; i < cases; i++) {
        vpci_model_init(model, &options);
        for (uint32_t j = 0; j < recording->count; j++) {
            if (vpci_model_judge(model, &recording->events[j]).verdict == VPCI_VIOLATION)
                vpci_give_up("golden violates the protocol: nothing to measure");
        }
    }
    return seconds() - start;
}

static double play(struct vpci_conductor *conductor, struct vpci_seam *seam, const struct vpci_case *test,
                   uint32_t cases)
{
    struct vpci_case_result result;
    const double start = seconds();
    for (uint32_t i = 0; i < cases; i++) {
        vpci_conductor_play(conductor, seam, test, &result);
        if (result.verdict != VPCI_CASE_PASS)
            vpci_give_up("golden does not conform: nothing to measure");
    }
    return seconds() - start;
}

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return a < b ? -1 : a > b;
}

static double median(double *values)
{
    qsort(values, RUNS, sizeof values[0], compare);
    return values[RUNS / 2];
}

/* Microseconds a case. */
struct figures {
    double played, judged;
    uint32_t events;
};

static struct figures measure(struct vpci_conductor *conductor, struct vpci_seam *seam, uint32_t steps,
                              uint32_t cases)
{
    static struct recording recording;
    double played[RUNS], judged[RUNS];
    struct vpci_script script;
    struct vpci_model *model = vpci_need_memory(aligned_alloc(64, (vpci_model_bytes() + 63) / 64 * 64));
    vpci_script_create(&script);
    make(&script, steps);
    recording.count = 0;
    vpci_conductor_watch(conductor, record, &recording);
    (void)play(conductor, seam, &script.test, 1);
    vpci_conductor_watch(conductor, NULL, NULL);
    for (int run = 0; run < RUNS; run++) {
        played[run] = play(conductor, seam, &script.test, cases) / cases * 1e6;
        judged[run] = judge(&recording, seam, model, cases) / cases * 1e6;
    }
    vpci_script_destroy(&script);
    free(model);
    return (struct figures){ median(played), median(judged), recording.count };
}

static void print(const char *what, double of_long, uint32_t events, double of_short)
{
    printf("%s: %.2f us per case of %d stimuli, %u judged events per case, %.1f ns per judged event; short "
           "case of %d: %.2f us (median of %d)\n",
           what, of_long, LONG, events, of_long * 1e3 / events, SHORT, of_short, RUNS);
}

int main(int argument_count, char **arguments)
{
    char golden[VPCI_PATH_BYTES];
    snprintf(golden, sizeof golden, "%s/adapters/golden.so",
             argument_count > 1 ? arguments[1] : "build-bench");
    const struct vpci_conductor_options options = { .role = VPCI_ROLE_BUS, .seed = 1, .keep_no_trace = true };
    struct vpci_conductor *conductor = vpci_conductor_create(&options);
    struct vpci_seam *seam = vpci_inprocess_create(golden, &(struct vpci_limits){ 0 });
    if (!seam->ops->connect(seam)) {
        fprintf(stderr, "%s\n", seam->detail);
        return 1;
    }
    const struct figures many = measure(conductor, seam, LONG, CASES_LONG);
    const struct figures few = measure(conductor, seam, SHORT, CASES_SHORT);
    print("play", many.played, many.events, few.played);
    print("play, model only", many.judged, many.events, few.judged);
    seam->ops->destroy(seam, NULL);
    vpci_conductor_destroy(conductor);
    return 0;
}
