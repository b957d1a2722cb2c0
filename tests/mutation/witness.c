/* SPDX-License-Identifier: MIT */
/* tests/mutation/witness.c - looks for a history that a mutant of the model judges otherwise than the model.
 *
 *     witness HISTORIES SCENARIOS FOLDER...     folders of recorded runs, as for judge.c
 *
 * Each line of standard input is the path of a library. It is answered by one line: "none", or the shortest
 * history found, as tests/mutation/pinned.h prints it. Histories are recorded ones with a few changes, always
 * the same ones. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/contents.h"
#include "harness/event_field.h"
#include "tests/mutation/pinned.h"
#include "tests/mutation/recorded.h"

enum { CPU_SECONDS = 120, CHANGES_MAX = 4, EVENTS_MOST = 160, DATA_SLOTS = 16 };

static struct pinned *bases; /* owned; recorded histories */
static uint32_t base_count;
static struct pinned_model linked;

/* A history while it is changed. */
struct draft {
    struct pinned history;
    struct vpci_event events[PINNED_EVENTS_MAX];
    uint8_t data[DATA_SLOTS][VPCI_EVENT_DATA_BYTES_MAX];
    uint32_t slots;
};

/* ---- histories ---- */

static uint32_t below(uint64_t *random, uint32_t count)
{
    return (uint32_t)(vpci_random_next(random) % count);
}

static uint64_t odd_number(const struct draft *draft, enum vpci_field field, uint64_t now, uint64_t *random)
{
    static const uint64_t numbers[] = { 0,          1,          2,          3,          7,
                                        8,          11,         12,         63,         64,
                                        127,        128,        129,        200,        0xFFFFFFFF,
                                        0x103,      0xC0000001, 0xC0000023, 0xC0000120, 0xC000000D,
                                        0x40000000, 0x80000005, 0xC00000B5, 0xC0000010 };
    switch (below(random, 4)) {
    case 0:
        return now + 1;
    case 1:
        return now - 1;
    case 2:
        return numbers[below(random, sizeof numbers / sizeof numbers[0])];
    default:
        return vpci_field_load(&draft->events[below(random, draft->history.count)], field);
    }
}

/* Changes the bytes of an event: one of them, how many there are, or all for those of another. */
static void change_data(struct draft *draft, struct vpci_event *event, uint64_t *random)
{
    if (draft->slots == DATA_SLOTS)
        return;
    uint8_t *data = draft->data[draft->slots++];
    const struct vpci_event *from = event;
    if (below(random, 3) == 0)
        from = &draft->events[below(random, draft->history.count)];
    memset(data, VPCI_FILL_BYTE, VPCI_EVENT_DATA_BYTES_MAX);
    if (from->data != NULL)
        memcpy(data, from->data, from->data_length);
    if (from != event)
        event->data_length = from->data_length;
    else if (below(random, 2) == 0)
        event->data_length = (event->data_length + below(random, 3) - 1) % (VPCI_EVENT_DATA_BYTES_MAX + 1);
    else if (event->data_length != 0)
        data[below(random, below(random, 2) == 0 ? event->data_length : 1)] ^=
            (uint8_t)(1u << below(random, 8));
    event->data = data;
}

static void change_field(struct draft *draft, struct vpci_event *event, uint64_t *random)
{
    const struct vpci_event_info *info = &vpci_event_info[event->kind];
    const uint32_t fields = info->required | info->optional;
    const enum vpci_field field = (enum vpci_field)below(random, VPCI_FIELD_COUNT);
    if ((fields >> field & 1u) == 0)
        return;
    if ((info->optional >> field & 1u) != 0 && below(random, 3) == 0) {
        event->fields &= ~(1u << field);
        return;
    }
    if (vpci_field_info[field].type == VPCI_TYPE_GUID)
        return;
    if (vpci_field_info[field].type == VPCI_TYPE_BYTES) {
        event->fields |= VPCI_F(DATA);
        change_data(draft, event, random);
        return;
    }
    vpci_field_store(event, field, odd_number(draft, field, vpci_field_load(event, field), random));
}

static void change(struct draft *draft, uint64_t *random)
{
    struct vpci_event *events = draft->events;
    uint32_t *count = &draft->history.count;
    const uint32_t at = below(random, *count), other = below(random, *count);
    const struct vpci_event moved = events[at];
    switch (below(random, 8)) {
    case 0: /* leave out */
        if (*count > 1) {
            memmove(&events[at], &events[at + 1], (*count - at - 1) * sizeof *events);
            --*count;
        }
        break;
    case 1: /* once more, elsewhere */
        if (*count < PINNED_EVENTS_MAX) {
            memmove(&events[other + 1], &events[other], (*count - other) * sizeof *events);
            events[other] = moved;
            ++*count;
        }
        break;
    case 2: /* elsewhere */
        if (at < other)
            memmove(&events[at], &events[at + 1], (other - at) * sizeof *events);
        else
            memmove(&events[other + 1], &events[other], (at - other) * sizeof *events);
        events[other] = moved;
        break;
    case 3: { /* go on with another history */
        const struct pinned *base = &bases[below(random, base_count)];
        const uint32_t from = below(random, base->count);
        uint32_t copied = base->count - from;
        if (copied > PINNED_EVENTS_MAX - at)
            copied = PINNED_EVENTS_MAX - at;
        memcpy(&events[at], &base->events[from], copied * sizeof *events);
        *count = at + copied;
        break;
    }
    default:
        for (int i = 0; i < 8; i++)
            change_field(draft, &events[at], random);
        break;
    }
}

/* History number so-and-so: always the same. */
static void make(struct draft *draft, uint64_t number)
{
    uint64_t random = number * 0x9E3779B97F4A7C15u;
    const struct pinned *base = &bases[below(&random, base_count)];
    draft->history = *base;
    draft->history.events = draft->events;
    draft->slots = 0;
    memcpy(draft->events, base->events, base->count * sizeof *base->events);
    for (uint32_t changes = below(&random, CHANGES_MAX + 1); changes != 0; changes--)
        change(draft, &random);
    if (below(&random, 6) == 0)
        draft->history.options.capabilities &=
            ~((vpci_capability_set)1 << below(&random, VPCI_CAPABILITY_COUNT));
    if (below(&random, 6) == 0)
        draft->history.options.profile = &vpci_profiles[below(&random, 4)];
    if (below(&random, 8) == 0)
        draft->history.options.exact_order = !draft->history.options.exact_order;
}

/* ---- two models ---- */

enum weight { ALIKE, OTHER_REASON, OTHER_EXERCISED, OTHER_VERDICT };

static enum weight compare(const struct pinned_model *mutant, const struct pinned *history)
{
    const struct pinned_outcome own = pinned_judge(&linked, history);
    if (own.senseless)
        return ALIKE;
    const struct pinned_outcome its = pinned_judge(mutant, history);
    if (own.verdict != its.verdict || own.violated != its.violated || own.end != its.end ||
        own.unjudged != its.unjudged || memcmp(&own.warned, &its.warned, sizeof own.warned) != 0)
        return OTHER_VERDICT;
    if (memcmp(&own.exercised, &its.exercised, sizeof own.exercised) != 0)
        return OTHER_EXERCISED;
    return strcmp(own.reason, its.reason) != 0 ? OTHER_REASON : ALIKE;
}

/* Leaves out what the difference does not need. */
static void shrink(const struct pinned_model *mutant, struct draft *draft, enum weight weight)
{
    draft->history.count = pinned_judge(&linked, &draft->history).end;
    if (compare(mutant, &draft->history) < weight)
        return; /* the mutant says it later */
    bool shorter = true;
    while (shorter) {
        shorter = false;
        for (uint32_t at = draft->history.count; at-- > 0 && draft->history.count > 1;) {
            const struct vpci_event left_out = draft->events[at];
            const uint32_t behind = draft->history.count - at - 1;
            memmove(&draft->events[at], &draft->events[at + 1], behind * sizeof left_out);
            draft->history.count--;
            if (compare(mutant, &draft->history) >= weight) {
                shorter = true;
                continue;
            }
            memmove(&draft->events[at + 1], &draft->events[at], behind * sizeof left_out);
            draft->events[at] = left_out;
            draft->history.count++;
        }
    }
}

/* Another verdict ends the search; other exercised requirements are kept for the case that there is none. */
static void search(const struct pinned_model *mutant, uint64_t histories, FILE *answer)
{
    static struct draft draft, kept;
    enum weight best = ALIKE;
    for (uint64_t number = 1; number <= histories && best != OTHER_VERDICT; number++) {
        make(&draft, number);
        const enum weight weight = compare(mutant, &draft.history);
        if (weight > best) {
            best = weight;
            make(&kept, number);
        }
    }
    if (best == ALIKE) {
        fputs("none\n", answer);
    } else {
        struct vpci_text text = { 0 };
        shrink(mutant, &kept, best);
        const struct pinned_outcome outcome = pinned_judge(&linked, &kept.history);
        pinned_print(&text, &kept.history, &outcome);
        fprintf(answer, "%s\n", text.bytes);
    }
    fclose(answer);
}

static void *function(void *library, const char *name)
{
    void *found = dlsym(library, name);
    if (found == NULL)
        fail(name, dlerror());
    return found;
}

static struct pinned_model load_mutant(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
    if (library == NULL)
        fail(path, dlerror());
    struct pinned_model model = { 0 };
    *(void **)&model.bytes = function(library, "vpci_model_bytes");
    *(void **)&model.init = function(library, "vpci_model_init");
    *(void **)&model.judge = function(library, "vpci_model_judge");
    *(void **)&model.exercised = function(library, "vpci_model_exercised");
    *(void **)&model.unjudged = function(library, "vpci_model_contents_unjudged");
    pinned_model_prepare(&model);
    return model;
}

static void answer_line(const char *path, uint64_t histories)
{
    int status = 0;
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        const struct rlimit time = { CPU_SECONDS, CPU_SECONDS + 1 }, no_core = { 0, 0 };
        setrlimit(RLIMIT_CPU, &time);
        setrlimit(RLIMIT_CORE, &no_core);
        const struct pinned_model mutant = load_mutant(path);
        search(&mutant, histories, stdout);
        _exit(0);
    }
    waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        printf("ends\n");
    fflush(stdout);
}

static void keep_bases(const struct recording *recording)
{
    const struct vpci_results_header *header = &recording->results.header;
    for (uint32_t i = 0; i < recording->count; i++) {
        const struct vpci_transcript *transcript = &recording->cases[i].transcript;
        struct vpci_case_scratch scratch = { 0 };
        struct vpci_case test;
        if (transcript->event_count == 0 || transcript->event_count > EVENTS_MOST)
            continue;
        vpci_suite_case(suite, recording->cases[i].case_index, &scratch, &test);
        bases = vpci_need_memory(realloc(bases, (base_count + 1) * sizeof *bases));
        bases[base_count++] = (struct pinned){
            .options = { .role = header->role,
                         .vf_count = test.vf_count,
                         .capabilities = header->pics.capabilities,
                         .exact_order = transcript->exact_order,
                         .profile = vpci_profile_from_name(header->profile) },
            .events = transcript->events,
            .count = transcript->event_count,
        };
        vpci_case_scratch_free(&scratch);
    }
}

int main(int argc, char **argv)
{
    char line[LINE_BYTES];
    if (argc < 4)
        fail("usage", "witness HISTORIES SCENARIOS FOLDER...");
    const uint64_t histories = strtoull(argv[1], NULL, 10);
    load_suite(argv[2]);
    for (int i = 3; i < argc; i++) {
        struct recording recording;
        load_recording(&recording, argv[i]);
        keep_bases(&recording);
    }
    linked = (struct pinned_model){ .bytes = vpci_model_bytes,
                                    .init = vpci_model_init,
                                    .judge = vpci_model_judge,
                                    .exercised = vpci_model_exercised,
                                    .unjudged = vpci_model_contents_unjudged };
    pinned_model_prepare(&linked);
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        answer_line(line, histories);
    }
    return 0;
}
