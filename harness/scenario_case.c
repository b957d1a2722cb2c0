/* SPDX-License-Identifier: MIT */
/* harness/scenario_case.c - makes a case from a loaded scenario: looks the parameters' values up, lays out
 * data, unrolls repeats. The loader runs it over every case once to find values that do not go together; the
 * runner runs it again for each case, so it is fast and parses nothing. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/event_field.h"
#include "harness/allocate.h"
#include "harness/scenario_internal.h"

/* A case in the making. */
struct making {
    const struct vpci_scenario *scenario;
    const uint32_t *row; /* index of each parameter's value */
    struct vpci_case *out;
    struct scenario_complaint *complaint;
};

/* An event step in the making. */
struct draft {
    const struct making *making;
    const struct scenario_step *from;
    struct vpci_step *step;
    uint8_t *memory;                             /* for its data, VPCI_EVENT_DATA_BYTES_MAX */
    const struct scenario_value *data, *payload; /* NULL: not given */
};

__attribute__((format(printf, 4, 5))) static bool complain(const struct making *making, const char *pointer,
                                                           const char *member, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(making->complaint->reason, sizeof making->complaint->reason, format, arguments);
    va_end(arguments);
    making->complaint->pointer = pointer;
    making->complaint->member = member;
    return false;
}

#define COMPLAIN(draft, member, ...) complain((draft)->making, (draft)->from->pointer, member, __VA_ARGS__)

static const struct scenario_value *value_of(const struct making *making,
                                             const struct scenario_source *source)
{
    return source->parameter == SCENARIO_LITERAL ? source->values
                                                 : &source->values[making->row[source->parameter]];
}

static uint64_t number_or(const struct making *making, const struct scenario_source *source,
                          uint64_t otherwise)
{
    return source->values == NULL ? otherwise : value_of(making, source)->number;
}

static uint32_t least(uint32_t left, uint32_t right)
{
    return left < right ? left : right;
}

static void set_answer_data(struct vpci_pf_answer *answer, const struct scenario_value *value)
{
    answer->data = value->data;
    answer->given = value->bytes;
    answer->given_length = value->byte_count;
}

/* Makes length bytes of the draft's data from `from` on out of a value; NULL or UNIQUE is left to the
 * conductor. */
static void place(struct draft *draft, const struct scenario_value *value, uint32_t from, uint32_t length)
{
    uint8_t *to = draft->memory + from;
    draft->step->data_source = value == NULL ? VPCI_DATA_UNIQUE : value->data;
    switch (draft->step->data_source) {
    case VPCI_DATA_UNIQUE:
    case VPCI_DATA_ZEROS:
        memset(to, 0, length);
        break;
    case VPCI_DATA_ONES:
        memset(to, 0xFF, length);
        break;
    case VPCI_DATA_FILL:
        memset(to, VPCI_FILL_BYTE, length);
        break;
    case VPCI_DATA_GIVEN:
        memcpy(to, value->bytes, least(length, value->byte_count));
        break;
    }
}

static void carry(struct draft *draft, uint32_t length)
{
    draft->step->event.fields |= VPCI_F(DATA);
    draft->step->event.data = draft->memory;
    draft->step->event.data_length = length;
}

/* Given bytes must be as many as the length says, up to what an event carries. */
static bool fits(const struct draft *draft, const struct scenario_value *value, const char *member,
                 uint32_t length)
{
    if (value == NULL || value->data != VPCI_DATA_GIVEN || value->byte_count == length)
        return true;
    return COMPLAIN(draft, member, "%" PRIu32 " bytes, where length %" PRIu32 " needs %" PRIu32,
                    value->byte_count, draft->step->event.length, length);
}

static bool finish_write(struct draft *draft)
{
    const uint32_t length = least(draft->step->event.length, VPCI_EVENT_DATA_BYTES_MAX);
    if (!fits(draft, draft->data, "data", length))
        return false;
    place(draft, draft->data, 0, length);
    carry(draft, length);
    return true;
}

/* input_change and pf_read_return: given bytes speak for themselves, a keyword is as long as the step's
 * `length`. */
static bool finish_bytes(struct draft *draft)
{
    if (draft->data == NULL)
        return true;
    const bool has_length = (draft->step->event.fields & VPCI_F(LENGTH)) != 0;
    if (!has_length && draft->data->data != VPCI_DATA_GIVEN)
        return COMPLAIN(draft, "data", "unique, zeros, ones or fill needs a length");
    const uint32_t length =
        has_length ? least(draft->step->event.length, VPCI_EVENT_DATA_BYTES_MAX) : draft->data->byte_count;
    if (!fits(draft, draft->data, "data", length))
        return false;
    place(draft, draft->data, 0, length);
    carry(draft, length);
    return true;
}

/* What the kit makes of an IOCTL step before input_length and output_length are looked at. */
struct layout {
    uint32_t length;       /* bytes laid out */
    uint64_t input_length; /* claimed unless stated */
    uint32_t output_length;
    uint8_t padding; /* behind what is laid out */
};

static bool lay_out_given(struct draft *draft, struct layout *layout)
{
    const struct vpci_event *event = &draft->step->event;
    if ((event->fields & (VPCI_F(BLOCK) | VPCI_F(LENGTH))) || draft->payload != NULL)
        return COMPLAIN(draft, "data", "either data, or block, length and payload");
    if (draft->data->data != VPCI_DATA_GIVEN && !(event->fields & VPCI_F(INPUT_LENGTH)))
        return COMPLAIN(draft, "data", "unique, zeros, ones or fill needs an input_length");
    layout->length = draft->data->data == VPCI_DATA_GIVEN
                         ? draft->data->byte_count
                         : least(event->input_length, VPCI_EVENT_DATA_BYTES_MAX);
    layout->input_length = layout->length;
    place(draft, draft->data, 0, layout->length);
    return true;
}

static bool lay_out_request(struct draft *draft, struct layout *layout)
{
    const struct vpci_event *event = &draft->step->event;
    const bool writes = event->code == VPCI_IOCTL_WRITE_BLOCK;
    if (!(event->fields & VPCI_F(BLOCK)))
        return COMPLAIN(draft, "block", "missing");
    if (!(event->fields & VPCI_F(LENGTH)))
        return COMPLAIN(draft, "length", "missing");
    if (!writes && draft->payload != NULL)
        return COMPLAIN(draft, "payload", "only WRITE_BLOCK has one");
    vpci_store_u32(draft->memory, event->block);
    vpci_store_u32(draft->memory + 4, event->length);
    layout->length = VPCI_WRITE_INPUT_DATA;
    layout->input_length = VPCI_WRITE_INPUT_DATA;
    layout->output_length = writes ? 0 : event->length;
    draft->step->data_from = VPCI_WRITE_INPUT_DATA;
    if (!writes)
        return true;
    const uint32_t payload_length = least(event->length, VPCI_EVENT_DATA_BYTES_MAX - VPCI_WRITE_INPUT_DATA);
    if (!fits(draft, draft->payload, "payload", payload_length))
        return false;
    place(draft, draft->payload, VPCI_WRITE_INPUT_DATA, payload_length);
    layout->length += payload_length;
    layout->input_length += event->length;
    if (layout->input_length < sizeof(struct vpci_write_block_input))
        layout->input_length = sizeof(struct vpci_write_block_input);
    if (layout->input_length > UINT32_MAX && !(event->fields & VPCI_F(INPUT_LENGTH)))
        return COMPLAIN(draft, "input_length", "must be stated: 8 + length is above %" PRIu32, UINT32_MAX);
    return true;
}

static bool lay_out(struct draft *draft, struct layout *layout)
{
    const struct vpci_event *event = &draft->step->event;
    if (draft->data != NULL)
        return lay_out_given(draft, layout);
    if (event->code == VPCI_IOCTL_READ_BLOCK || event->code == VPCI_IOCTL_WRITE_BLOCK)
        return lay_out_request(draft, layout);
    if ((event->fields & (VPCI_F(BLOCK) | VPCI_F(LENGTH))) || draft->payload != NULL)
        return COMPLAIN(draft, "code", "block, length and payload are of READ_BLOCK and WRITE_BLOCK only");
    if (event->code == VPCI_IOCTL_INVALIDATE_BLOCK) { /* its Type3InputBuffer is the output structure */
        layout->padding = VPCI_FILL_BYTE;
        layout->input_length = sizeof(struct vpci_invalidate_block_output);
    }
    return true;
}

static bool finish_ioctl(struct draft *draft)
{
    struct vpci_step *step = draft->step;
    struct vpci_event *event = &step->event;
    struct layout layout = { 0 };
    if (!lay_out(draft, &layout))
        return false;
    if (!(event->fields & VPCI_F(INPUT_LENGTH)))
        event->input_length = (uint32_t)layout.input_length;
    if (!(event->fields & VPCI_F(OUTPUT_LENGTH)))
        event->output_length = layout.output_length;
    event->fields |= VPCI_F(INPUT_LENGTH) | VPCI_F(OUTPUT_LENGTH);
    event->fields &= ~(VPCI_F(BLOCK) | VPCI_F(LENGTH));
    event->block = event->length = 0;
    const uint32_t length = least(event->input_length, VPCI_EVENT_DATA_BYTES_MAX);
    if (length > layout.length)
        memset(draft->memory + layout.length, layout.padding, length - layout.length);
    carry(draft, length);
    if (step->data_from >= length) { /* cut so short that nothing is left to fill */
        step->data_from = length;
        step->data_source = VPCI_DATA_GIVEN;
    }
    return true;
}

static bool check_vfs(const struct draft *draft)
{
    const struct vpci_event *event = &draft->step->event;
    const uint16_t count = draft->making->out->vf_count;
    if ((event->fields & VPCI_F(VF)) && event->vf >= count && event->kind != VPCI_EVENT_PF_INVALIDATE)
        return COMPLAIN(draft, "vf", "%u is above %u: the device has %u VFs", event->vf, count - 1u, count);
    if ((event->fields & VPCI_F(CONTEXT_VF)) && event->context_vf >= count)
        return COMPLAIN(draft, "context_vf", "%u is above %u: the device has %u VFs", event->context_vf,
                        count - 1u, count);
    return true;
}

static void set_event_defaults(struct vpci_event *event)
{
    static const struct vpci_guid standard = VPCI_GUID_INTERFACE_STANDARD;
    const struct vpci_event_info *info = &vpci_event_info[event->kind];
    event->fields = info->required & VPCI_F(VF);
    event->major = VPCI_MAJOR_INTERNAL;
    event->user_event = true;
    if (event->kind == VPCI_EVENT_QUERY_INTERFACE) {
        event->fields |= VPCI_F(GUID) | VPCI_F(SIZE) | VPCI_F(VERSION);
        event->guid = standard;
        event->size = VPCI_INTERFACE_BYTES;
        event->version = VPCI_INTERFACE_VERSION;
        event->status = VPCI_STATUS_NOT_SUPPORTED;
    }
}

static void apply_to_event(struct draft *draft, uint32_t target, const struct scenario_value *value)
{
    struct vpci_step *step = draft->step;
    switch (target) {
    case VPCI_FIELD_DATA:
        draft->data = value;
        break;
    case VPCI_FIELD_GUID:
        memcpy(step->event.guid.bytes, value->bytes, sizeof step->event.guid.bytes);
        step->event.fields |= VPCI_F(GUID);
        break;
    case SCENARIO_PAYLOAD:
        draft->payload = value;
        break;
    case SCENARIO_SETTLE:
        step->settle = value->number != 0;
        break;
    case SCENARIO_INSIDE:
        step->has_inside = true;
        step->inside = (uint32_t)value->number;
        break;
    default:
        vpci_field_store(&step->event, (enum vpci_field)target, value->number);
        break;
    }
}

static void add_needs(struct vpci_case *out, const struct vpci_step *step)
{
    vpci_capability_set more = step->has_inside ? VPCI_CAPABILITY_BIT(REENTRANT) : 0;
    if (step->event.kind == VPCI_EVENT_PF_WRITE_RETURN && (step->event.fields & VPCI_F(LENGTH)))
        more |= VPCI_CAPABILITY_BIT(PF_COUNT);
    for (int role = 0; role < VPCI_ROLE_COUNT; role++)
        out->needs[role] |= more | vpci_event_needs(&step->event, (enum vpci_role)role);
}

static bool make_event(struct draft *draft)
{
    struct vpci_step *step = draft->step;
    step->event.kind = draft->from->event_kind;
    step->data_source = VPCI_DATA_GIVEN;
    step->settle = true;
    set_event_defaults(&step->event);
    for (uint32_t i = 0; i < draft->from->setting_count; i++)
        apply_to_event(draft, draft->from->settings[i].target,
                       value_of(draft->making, &draft->from->settings[i].source));
    if (!(step->event.fields & VPCI_F(CONTEXT_VF)))
        step->event.context_vf = step->event.vf;
    bool fine = check_vfs(draft);
    if (fine && step->event.kind == VPCI_EVENT_WRITE)
        fine = finish_write(draft);
    else if (fine && step->event.kind == VPCI_EVENT_IOCTL)
        fine = finish_ioctl(draft);
    else if (fine &&
             (step->event.kind == VPCI_EVENT_INPUT_CHANGE || step->event.kind == VPCI_EVENT_PF_READ_RETURN))
        fine = finish_bytes(draft);
    const struct vpci_event_info *info = &vpci_event_info[step->event.kind];
    step->event.fields &= info->required | info->optional;
    add_needs(draft->making->out, step);
    return fine;
}

static void make_answer(const struct making *making, const struct scenario_step *from, struct vpci_step *step)
{
    step->settle = true;
    step->answer = making->out->pf;
    for (uint32_t i = 0; i < from->setting_count; i++) {
        const struct scenario_value *value = value_of(making, &from->settings[i].source);
        switch (from->settings[i].target) {
        case SCENARIO_WHICH:
            step->which = value->number == SCENARIO_WHICH_ALL      ? VPCI_ANSWER_ALL
                          : value->number == SCENARIO_WHICH_NEWEST ? VPCI_ANSWER_NEWEST
                                                                   : VPCI_ANSWER_NTH;
            step->nth = step->which == VPCI_ANSWER_NTH ? (uint32_t)value->number : 0;
            break;
        case SCENARIO_ANSWER_STATUS:
            step->answer.status = (vpci_ntstatus)value->number;
            break;
        case SCENARIO_ANSWER_COUNT:
            step->answer.count = (uint32_t)value->number;
            for (int role = 0; role < VPCI_ROLE_COUNT; role++)
                making->out->needs[role] |= VPCI_CAPABILITY_BIT(PF_COUNT);
            break;
        case SCENARIO_ANSWER_DATA:
            set_answer_data(&step->answer, value);
            break;
        default:
            step->settle = value->number != 0;
            break;
        }
    }
}

static void make_expect(const struct making *making, const struct scenario_step *from, struct vpci_step *step)
{
    step->event.kind = from->event_kind;
    for (uint32_t i = 0; i < from->setting_count; i++)
        step->values[step->value_count++] = (struct vpci_expect_value){
            .field = from->settings[i].field,
            .number = value_of(making, &from->settings[i].source)->number,
        };
}

static bool make_step(const struct making *making, const struct scenario_step *from, struct vpci_step *step,
                      uint8_t *memory)
{
    memset(step, 0, sizeof *step);
    step->kind = from->kind;
    step->requirement = from->requirement;
    struct draft draft = { .making = making, .from = from, .step = step, .memory = memory };
    switch (from->kind) {
    case VPCI_STEP_EVENT:
        return make_event(&draft);
    case VPCI_STEP_ANSWER:
        make_answer(making, from, step);
        return true;
    case VPCI_STEP_EXPECT:
    case VPCI_STEP_EXPECT_NONE:
        make_expect(making, from, step);
        return true;
    }
    return true;
}

static void make_device(const struct making *making)
{
    const struct vpci_scenario *scenario = making->scenario;
    struct vpci_case *out = making->out;
    out->vf_count = (uint16_t)number_or(making, &scenario->vfs, 1);
    out->start_automatically = number_or(making, &scenario->start, 1) != 0;
    out->pf_holds = number_or(making, &scenario->holds, 0) != 0;
    out->pf.status = (vpci_ntstatus)number_or(making, &scenario->pf.status, VPCI_STATUS_SUCCESS);
    out->pf.count = (uint32_t)number_or(making, &scenario->pf.count, UINT32_MAX);
    if (scenario->pf.data.values != NULL)
        set_answer_data(&out->pf, value_of(making, &scenario->pf.data));
    vpci_capability_set needs = scenario->capabilities;
    if (!out->start_automatically)
        needs |= VPCI_CAPABILITY_BIT(START);
    if (scenario->pf.count.values != NULL)
        needs |= VPCI_CAPABILITY_BIT(PF_COUNT);
    for (int role = 0; role < VPCI_ROLE_COUNT; role++)
        out->needs[role] = needs;
}

/* How many steps the case has; false when they are too many. */
static bool count_steps(const struct making *making, uint32_t *count_out)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < making->scenario->group_count; i++) {
        const struct scenario_group *group = &making->scenario->groups[i];
        count += number_or(making, &group->times, 1) * group->step_count;
        if (count > VPCI_CASE_STEPS_MAX)
            return complain(making, group->pointer, "", "more than %d steps", VPCI_CASE_STEPS_MAX);
    }
    *count_out = (uint32_t)count;
    return true;
}

bool scenario_make_case(const struct vpci_scenario *scenario, uint32_t index,
                        struct vpci_case_scratch *scratch, struct vpci_case *case_out,
                        struct scenario_complaint *complaint)
{
    *case_out = (struct vpci_case){ .name = scenario->case_names[index], .scenario = scenario };
    const struct making making = { scenario,
                                   scenario->plan.values + (size_t)index * scenario->plan.parameter_count,
                                   case_out, complaint };
    make_device(&making);
    if (!count_steps(&making, &case_out->step_count))
        return false;
    const size_t needed = case_out->step_count * (sizeof(struct vpci_step) + VPCI_EVENT_DATA_BYTES_MAX);
    if (scratch->capacity < needed) {
        free(scratch->memory);
        scratch->memory = vpci_need_memory(malloc(needed));
        scratch->capacity = needed;
    }
    case_out->steps = scratch->memory;
    uint8_t *data = (uint8_t *)(case_out->steps + case_out->step_count);
    struct vpci_step *step = case_out->steps;
    for (uint32_t i = 0; i < scenario->group_count; i++) {
        const struct scenario_group *group = &scenario->groups[i];
        for (uint64_t times = number_or(&making, &group->times, 1); times > 0; times--) {
            for (uint32_t k = 0; k < group->step_count; k++, step++, data += VPCI_EVENT_DATA_BYTES_MAX) {
                if (!make_step(&making, &group->steps[k], step, data))
                    return false;
            }
        }
    }
    return true;
}
