/* SPDX-License-Identifier: MIT */
/* harness/script_trace.c - see script_trace.h. */
#include "harness/script_trace.h"

#include <string.h>

struct outstanding {
    uint32_t call, length;
};

/* The trace as far as it was read. */
struct reading {
    struct vpci_script *script;
    const struct vpci_trace *trace;
    struct outstanding outstanding[VPCI_CALLS_MAX]; /* oldest first */
    uint32_t outstanding_count;
};

static bool is_answer(enum vpci_event_kind kind)
{
    return kind == VPCI_EVENT_PF_READ_RETURN || kind == VPCI_EVENT_PF_WRITE_RETURN;
}

static bool is_ours(const struct reading *reading, enum vpci_event_kind kind)
{
    return vpci_event_info[kind].sender != VPCI_PARTY_KIT &&
           !vpci_event_is_from(kind, reading->trace->header.role);
}

/* Whether the kit waited after event number index: before it did anything else there was rest, or an answer,
 * which is given at rest only. */
static bool waited(const struct reading *reading, uint32_t index)
{
    for (uint32_t i = index + 1; i < reading->trace->event_count; i++) {
        const enum vpci_event_kind kind = reading->trace->events[i].kind;
        if (kind == VPCI_EVENT_REST || is_answer(kind))
            return true;
        if (is_ours(reading, kind))
            return false;
    }
    return true;
}

/* Where VFs are started first of all, each once and in order, the device does so by itself. Returns how many
 * events that are. */
static uint32_t count_starts(const struct vpci_trace *trace)
{
    uint32_t count = 0, vfs = 0;
    for (; count < trace->event_count && vfs < trace->header.vf_count; count++) {
        const struct vpci_event *event = &trace->events[count];
        if (event->kind == VPCI_EVENT_START && event->vf == vfs)
            vfs++;
        else if (event->kind != VPCI_EVENT_START_RETURN)
            return 0;
    }
    return vfs == trace->header.vf_count ? count : 0;
}

static void note_call(struct reading *reading, const struct vpci_event *event)
{
    if (reading->outstanding_count < VPCI_CALLS_MAX)
        reading->outstanding[reading->outstanding_count++] =
            (struct outstanding){ event->call, event->length };
}

/* Index of the callback that an answer meets; outstanding_count when it meets none. */
static uint32_t find_call(const struct reading *reading, uint32_t call)
{
    uint32_t index = 0;
    while (index < reading->outstanding_count && reading->outstanding[index].call != call)
        index++;
    return index;
}

static void make_answer(struct reading *reading, struct vpci_step *step, const struct vpci_event *event,
                        uint32_t index)
{
    const uint32_t length = reading->outstanding[index].length;
    const bool reads = event->kind == VPCI_EVENT_PF_READ_RETURN;
    step->kind = VPCI_STEP_ANSWER;
    step->nth = index;
    step->answer.status = event->status;
    if (reads && event->status == VPCI_STATUS_SUCCESS) {
        step->answer.data = VPCI_DATA_GIVEN;
        step->answer.given = vpci_script_keep(reading->script, event->data, event->data_length);
        step->answer.given_length = event->data_length;
        step->answer.count = event->data_length < length ? event->data_length : UINT32_MAX;
    } else if (!reads && (event->fields & VPCI_F(LENGTH)) != 0) {
        step->answer.count = event->length;
    }
    reading->outstanding_count--;
    memmove(&reading->outstanding[index], &reading->outstanding[index + 1],
            (reading->outstanding_count - index) * sizeof reading->outstanding[0]);
}

static bool make_step(struct reading *reading, uint32_t at)
{
    const struct vpci_event *event = &reading->trace->events[at];
    struct vpci_step *step = vpci_script_add(reading->script);
    const uint32_t index = is_answer(event->kind) ? find_call(reading, event->call) : 0;
    if (step == NULL)
        return false;
    step->settle = waited(reading, at);
    if (is_answer(event->kind) && index < reading->outstanding_count) {
        make_answer(reading, step, event, index);
        return true;
    }
    step->event = *event;
    if (event->data != NULL)
        step->event.data = vpci_script_keep(reading->script, event->data, event->data_length);
    return event->data == NULL || step->event.data != NULL;
}

bool vpci_script_from_trace(struct vpci_script *script, const struct vpci_trace *trace)
{
    struct reading reading = { .script = script, .trace = trace };
    const uint32_t starts = count_starts(trace);
    vpci_script_clear(script);
    script->test.vf_count = trace->header.vf_count;
    script->test.start_automatically = starts != 0;
    script->test.pf_holds = vpci_event_is_visible(VPCI_EVENT_PF_READ, trace->header.role);
    for (uint32_t i = starts; i < trace->event_count; i++) {
        const struct vpci_event *event = &trace->events[i];
        if (event->kind == VPCI_EVENT_PF_READ || event->kind == VPCI_EVENT_PF_WRITE)
            note_call(&reading, event);
        else if (is_ours(&reading, event->kind) && !make_step(&reading, i))
            return false;
    }
    return true;
}
