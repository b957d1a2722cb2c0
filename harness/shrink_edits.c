/* SPDX-License-Identifier: MIT */
/* harness/shrink_edits.c - ways in which one step can be made simpler, and numbers of a step that can be
 * made smaller: the tables that the pass over values goes through. */
#include "harness/shrink_edits.h"

#include <string.h>

#include "harness/step_ioctl.h"

static uint32_t least(uint32_t left, uint32_t right)
{
    return left < right ? left : right;
}

static bool is_event(const struct vpci_step *step)
{
    return step->kind == VPCI_STEP_EVENT;
}

/* Bytes for a step. A script without room has steps as large as they can be, which are tried in vain. */
static const uint8_t *keep(struct vpci_script *script, const uint8_t *bytes, uint32_t length)
{
    static const uint8_t nothing[VPCI_EVENT_DATA_BYTES_MAX];
    const uint8_t *kept = vpci_script_keep(script, bytes, length);
    return kept == NULL ? nothing : kept;
}

/* ---- IOCTLs from their parts ---- */

/* Lays the input out as the loader of scenarios does, and claims these lengths. */
static void lay_out(struct vpci_script *script, struct vpci_step *step,
                    const struct vpci_ioctl_layout *layout, uint32_t input_length, uint32_t output_length)
{
    uint8_t bytes[VPCI_EVENT_DATA_BYTES_MAX] = { 0 };
    struct vpci_event *event = &step->event;
    const bool writes = event->code == VPCI_IOCTL_WRITE_BLOCK;
    const uint32_t payload = least(layout->length, VPCI_EVENT_DATA_BYTES_MAX - VPCI_WRITE_INPUT_DATA);
    vpci_store_u32(bytes, layout->block);
    vpci_store_u32(bytes + 4, layout->length);
    if (writes && layout->word != VPCI_DATA_UNIQUE)
        memcpy(bytes + VPCI_WRITE_INPUT_DATA, layout->bytes, least(payload, layout->byte_count));
    event->input_length = input_length;
    event->output_length = output_length;
    event->data_length = least(input_length, VPCI_EVENT_DATA_BYTES_MAX);
    event->data = keep(script, bytes, event->data_length);
    event->fields |= VPCI_F(CODE) | VPCI_F(INPUT_LENGTH) | VPCI_F(OUTPUT_LENGTH) | VPCI_F(DATA);
    event->fields &= ~(VPCI_F(BLOCK) | VPCI_F(LENGTH));
    step->data_from = least(VPCI_WRITE_INPUT_DATA, event->data_length);
    step->data_source = writes && layout->word == VPCI_DATA_UNIQUE && event->data_length > step->data_from
                            ? VPCI_DATA_UNIQUE
                            : VPCI_DATA_GIVEN;
}

static void lay_out_as_usual(struct vpci_script *script, struct vpci_step *step,
                             const struct vpci_ioctl_layout *layout)
{
    const uint64_t input_length = vpci_ioctl_usual_input_length(step->event.code, layout->length);
    lay_out(script, step, layout, input_length > UINT32_MAX ? UINT32_MAX : (uint32_t)input_length,
            vpci_ioctl_usual_output_length(step->event.code, layout->length));
}

/* Another layout for an IOCTL; claims that were as usual stay so. */
static void change_layout(struct vpci_script *script, struct vpci_step *step,
                          const struct vpci_ioctl_layout *old, const struct vpci_ioctl_layout *new)
{
    const struct vpci_event was = step->event;
    lay_out_as_usual(script, step, new);
    const bool input_is_usual = was.input_length == vpci_ioctl_usual_input_length(was.code, old->length);
    const bool output_is_usual = was.output_length == vpci_ioctl_usual_output_length(was.code, old->length);
    if (!input_is_usual || !output_is_usual)
        lay_out(script, step, new, input_is_usual ? step->event.input_length : was.input_length,
                output_is_usual ? step->event.output_length : was.output_length);
}

/* ---- numbers ---- */

static bool get_block(const struct vpci_step *step, uint64_t *value_out)
{
    uint32_t block, length;
    if (!shrink_get_transfer(step, &block, &length))
        return false;
    *value_out = block;
    return true;
}

static void set_block(struct vpci_script *script, struct vpci_step *step, uint64_t value)
{
    struct vpci_ioctl_layout old, new;
    if (step->event.kind != VPCI_EVENT_IOCTL) {
        step->event.block = (uint32_t)value;
        return;
    }
    if (!vpci_ioctl_has_layout(step, &old))
        return;
    new = old;
    new.block = (uint32_t)value;
    change_layout(script, step, &old, &new);
}

static bool get_length(const struct vpci_step *step, uint64_t *value_out)
{
    uint32_t block, length;
    if (is_event(step) && step->event.kind == VPCI_EVENT_LOW_RESOURCES) {
        *value_out = step->event.length;
        return true;
    }
    if (!shrink_get_transfer(step, &block, &length))
        return false;
    *value_out = length;
    return true;
}

/* Only ever shorter, but for nothing at all, which is no simpler than one byte. */
static void set_length(struct vpci_script *script, struct vpci_step *step, uint64_t value)
{
    static const uint8_t unique[1]; /* made up when it is played */
    struct vpci_ioctl_layout old, new;
    if (step->event.kind != VPCI_EVENT_IOCTL) {
        if (value == 1 && step->event.data_length == 0 && (step->event.fields & VPCI_F(DATA)) != 0) {
            step->event.data = unique;
            step->event.data_length = sizeof unique;
            step->data_source = VPCI_DATA_UNIQUE;
            step->data_from = 0;
        }
        step->event.length = (uint32_t)value;
        if ((step->event.fields & VPCI_F(DATA)) != 0)
            step->event.data_length = least((uint32_t)value, step->event.data_length);
        return;
    }
    if (!vpci_ioctl_has_layout(step, &old))
        return;
    new = old;
    new.length = (uint32_t)value;
    change_layout(script, step, &old, &new);
}

/* Claims that are as usual follow from the rest. */
static bool has_odd_claims(const struct vpci_step *step)
{
    return is_event(step) && step->event.kind == VPCI_EVENT_IOCTL && !vpci_ioctl_is_usual(step);
}

static bool get_input_length(const struct vpci_step *step, uint64_t *value_out)
{
    *value_out = step->event.input_length;
    return has_odd_claims(step);
}

static void set_input_length(struct vpci_script *script, struct vpci_step *step, uint64_t value)
{
    struct vpci_event *event = &step->event;
    uint8_t bytes[VPCI_EVENT_DATA_BYTES_MAX] = { 0 };
    const uint32_t length = least((uint32_t)value, VPCI_EVENT_DATA_BYTES_MAX);
    if (event->data_length != 0)
        memcpy(bytes, event->data, least(length, event->data_length));
    event->input_length = (uint32_t)value;
    event->data_length = length;
    event->data = keep(script, bytes, length);
    if (step->data_from >= length) {
        step->data_from = length;
        step->data_source = VPCI_DATA_GIVEN;
    }
}

static bool get_output_length(const struct vpci_step *step, uint64_t *value_out)
{
    *value_out = step->event.output_length;
    return has_odd_claims(step);
}

static void set_output_length(struct vpci_script *script, struct vpci_step *step, uint64_t value)
{
    (void)script;
    step->event.output_length = (uint32_t)value;
}

static bool get_count(const struct vpci_step *step, uint64_t *value_out)
{
    *value_out = step->answer.count;
    return step->kind == VPCI_STEP_ANSWER && step->answer.count != UINT32_MAX;
}

static void set_count(struct vpci_script *script, struct vpci_step *step, uint64_t value)
{
    (void)script;
    step->answer.count = (uint32_t)value;
}

static bool get_call(const struct vpci_step *step, uint64_t *value_out)
{
    *value_out = step->event.call;
    return is_event(step) && (step->event.fields & VPCI_F(CALL)) != 0;
}

static void set_call(struct vpci_script *script, struct vpci_step *step, uint64_t value)
{
    (void)script;
    step->event.call = (uint32_t)value;
}

static bool get_size(const struct vpci_step *step, uint64_t *value_out)
{
    *value_out = step->event.size;
    return is_event(step) && step->event.kind == VPCI_EVENT_QUERY_INTERFACE &&
           step->event.size != VPCI_INTERFACE_BYTES;
}

static void set_size(struct vpci_script *script, struct vpci_step *step, uint64_t value)
{
    (void)script;
    step->event.size = (uint16_t)value;
}

static bool get_mask(const struct vpci_step *step, uint64_t *value_out)
{
    *value_out = step->event.mask;
    return is_event(step) && (step->event.fields & VPCI_F(MASK)) != 0;
}

static void set_mask(struct vpci_script *script, struct vpci_step *step, uint64_t value)
{
    (void)script;
    step->event.mask = value;
}

static bool get_reference(const struct vpci_step *step, uint64_t *value_out)
{
    *value_out = step->has_inside ? step->inside : step->event.request;
    return vpci_step_refers(step);
}

static void set_reference(struct vpci_script *script, struct vpci_step *step, uint64_t value)
{
    (void)script;
    if (step->has_inside)
        step->inside = (uint32_t)value;
    else
        step->event.request = (uint32_t)value;
}

const struct shrink_number shrink_numbers[SHRINK_NUMBER_COUNT] = {
    { get_block, set_block, { 0, 1 }, 2, true, false },
    { get_length, set_length, { 1, 8, 128 }, 3, true, false },
    { get_mask, set_mask, { 1 }, 1, true, true },
    { get_input_length, set_input_length, { 0, 8, 12 }, 3, false, false },
    { get_output_length, set_output_length, { 0, 8 }, 2, false, false },
    { get_count, set_count, { 0, 1, 8 }, 3, false, false },
    { get_call, set_call, { 0 }, 1, false, false },
    { get_size, set_size, { 0, 32 }, 2, false, false },
    { get_reference, set_reference, { 0, 1, 2 }, 3, false, false },
};

/* ---- edits ---- */

static bool not_inside(struct vpci_script *script, struct vpci_step *step, uint32_t level)
{
    (void)script, (void)level;
    const bool changes = step->has_inside;
    step->has_inside = false;
    return changes;
}

static bool settled(struct vpci_script *script, struct vpci_step *step, uint32_t level)
{
    (void)script, (void)level;
    const bool changes = !step->settle;
    step->settle = true;
    return changes;
}

/* A transfer by another road: a direct read, a direct write, an IOCTL that reads, one that writes. */
static bool another_kind(struct vpci_script *script, struct vpci_step *step, uint32_t level)
{
    static const uint8_t nothing[VPCI_EVENT_DATA_BYTES_MAX];
    struct vpci_ioctl_layout layout = { .word = VPCI_DATA_UNIQUE };
    struct vpci_event *event = &step->event;
    if (!is_event(step) || !shrink_get_transfer(step, &layout.block, &layout.length) ||
        shrink_kind_rank(step) <= level)
        return false;
    if (event->kind == VPCI_EVENT_IOCTL)
        (void)vpci_ioctl_has_layout(step, &layout);
    const struct vpci_event was = *event;
    *event = (struct vpci_event){ .fields = was.fields & (VPCI_F(VF) | VPCI_F(REQUEST)),
                                  .vf = was.vf,
                                  .context_vf = was.vf,
                                  .request = was.request,
                                  .major = VPCI_MAJOR_INTERNAL,
                                  .user_event = true };
    step->data_source = VPCI_DATA_GIVEN;
    step->data_from = 0;
    if (level >= 2) {
        event->kind = VPCI_EVENT_IOCTL;
        event->code = VPCI_IOCTL_READ_BLOCK;
        lay_out_as_usual(script, step, &layout);
        return true;
    }
    event->kind = level == 0 ? VPCI_EVENT_READ : VPCI_EVENT_WRITE;
    event->fields |= VPCI_F(BLOCK) | VPCI_F(LENGTH);
    event->block = layout.block;
    event->length = layout.length;
    if (level == 1) {
        event->fields |= VPCI_F(DATA);
        event->data_length = least(layout.length, VPCI_EVENT_DATA_BYTES_MAX);
        const bool given = layout.word != VPCI_DATA_UNIQUE && layout.byte_count >= event->data_length;
        event->data = given ? layout.bytes : nothing;
        step->data_source = given ? VPCI_DATA_GIVEN : VPCI_DATA_UNIQUE;
    }
    return true;
}

/* The first VF, else the second. */
static bool low_vf(struct vpci_script *script, struct vpci_step *step, uint32_t level)
{
    (void)script;
    struct vpci_event *event = &step->event;
    if (!is_event(step) || (event->fields & VPCI_F(VF)) == 0 || event->vf <= level)
        return false;
    event->vf = (uint16_t)level;
    if ((event->fields & VPCI_F(CONTEXT_VF)) == 0)
        event->context_vf = event->vf;
    return true;
}

static bool own_context(struct vpci_script *script, struct vpci_step *step, uint32_t level)
{
    (void)script, (void)level;
    const bool changes = is_event(step) && (step->event.fields & VPCI_F(CONTEXT_VF)) != 0;
    step->event.fields &= ~VPCI_F(CONTEXT_VF);
    step->event.context_vf = step->event.vf;
    return changes;
}

/* IRQL, major function and event of the caller as they are by default. */
static bool plain_fields(struct vpci_script *script, struct vpci_step *step, uint32_t level)
{
    static const uint32_t fields[] = { VPCI_F(IRQL), VPCI_F(MAJOR), VPCI_F(USER_EVENT) };
    (void)script;
    const bool changes = is_event(step) && (step->event.fields & fields[level]) != 0;
    step->event.fields &= ~fields[level];
    if (level == 0)
        step->event.irql = 0;
    if (level == 1)
        step->event.major = VPCI_MAJOR_INTERNAL;
    if (level == 2)
        step->event.user_event = true;
    return changes;
}

static bool plain_query(struct vpci_script *script, struct vpci_step *step, uint32_t level)
{
    static const struct vpci_guid standard = VPCI_GUID_INTERFACE_STANDARD;
    (void)script;
    struct vpci_event *event = &step->event;
    if (!is_event(step) || event->kind != VPCI_EVENT_QUERY_INTERFACE)
        return false;
    const struct vpci_event was = *event;
    if (level == 0)
        event->guid = standard;
    if (level == 1)
        event->size = VPCI_INTERFACE_BYTES;
    if (level == 2)
        event->version = VPCI_INTERFACE_VERSION;
    if (level == 3) {
        event->status = VPCI_STATUS_NOT_SUPPORTED;
        event->fields &= ~VPCI_F(STATUS);
    }
    return memcmp(&was.guid, &event->guid, sizeof was.guid) != 0 || was.size != event->size ||
           was.version != event->version || was.fields != event->fields;
}

/* Both claims as usual; or one of them, the input's first. */
static bool usual_claims(struct vpci_script *script, struct vpci_step *step, uint32_t level)
{
    struct vpci_ioctl_layout layout = { .length = 0 };
    struct vpci_event *event = &step->event;
    if (!has_odd_claims(step))
        return false;
    const struct vpci_event was = *event;
    if (event->code == VPCI_IOCTL_READ_BLOCK || event->code == VPCI_IOCTL_WRITE_BLOCK) {
        if (!vpci_ioctl_has_layout(step, &layout))
            layout = (struct vpci_ioctl_layout){ .length = 1, .word = VPCI_DATA_UNIQUE };
        lay_out_as_usual(script, step, &layout);
    } else {
        uint8_t bytes[VPCI_EVENT_DATA_BYTES_MAX];
        memset(bytes, event->code == VPCI_IOCTL_INVALIDATE_BLOCK ? VPCI_FILL_BYTE : 0, sizeof bytes);
        event->data = keep(script, bytes, sizeof bytes);
        event->input_length = event->data_length = (uint32_t)vpci_ioctl_usual_input_length(event->code, 0);
        event->output_length = 0;
        step->data_source = VPCI_DATA_GIVEN;
    }
    if (level == 1)
        event->output_length = was.output_length;
    if (level == 2)
        set_input_length(script, step, was.input_length);
    return was.input_length != event->input_length || was.output_length != event->output_length;
}

static bool simple_status(struct vpci_script *script, struct vpci_step *step, uint32_t level)
{
    static const vpci_ntstatus statuses[] = { VPCI_STATUS_SUCCESS, VPCI_STATUS_UNSUCCESSFUL };
    (void)script;
    vpci_ntstatus *status = step->kind == VPCI_STEP_ANSWER ? &step->answer.status : &step->event.status;
    const bool has_status =
        step->kind == VPCI_STEP_ANSWER || (is_event(step) && (step->event.fields & VPCI_F(STATUS)) != 0 &&
                                           step->event.kind != VPCI_EVENT_QUERY_INTERFACE);
    if (!has_status || *status == statuses[level])
        return false;
    *status = statuses[level];
    return true;
}

static bool simple_answer(struct vpci_script *script, struct vpci_step *step, uint32_t level)
{
    (void)script;
    struct vpci_pf_answer *answer = &step->answer;
    if (step->kind != VPCI_STEP_ANSWER)
        return false;
    if (level == 0) {
        const bool changes = answer->count != UINT32_MAX;
        answer->count = UINT32_MAX;
        return changes;
    }
    const enum vpci_pf_data data = level == 1 ? VPCI_DATA_UNIQUE : VPCI_DATA_ZEROS;
    if (answer->data <= data)
        return false;
    answer->data = data;
    answer->given = NULL;
    answer->given_length = 0;
    return true;
}

static bool in_order(struct vpci_script *script, struct vpci_step *step, uint32_t level)
{
    static const enum vpci_answer_which which[] = { VPCI_ANSWER_NTH, VPCI_ANSWER_NEWEST, VPCI_ANSWER_ALL };
    (void)script;
    if (step->kind != VPCI_STEP_ANSWER || (step->which == which[level] && step->nth == 0))
        return false;
    step->which = which[level];
    step->nth = 0;
    return true;
}

/* Bytes of a write: unique ones, else zeros. */
static bool simple_data(struct vpci_script *script, struct vpci_step *step, uint32_t level)
{
    static const uint8_t nothing[VPCI_EVENT_DATA_BYTES_MAX];
    struct vpci_event *event = &step->event;
    struct vpci_ioctl_layout layout;
    const enum vpci_pf_data source = level == 0 ? VPCI_DATA_UNIQUE : VPCI_DATA_ZEROS;
    if (!is_event(step) || (event->fields & VPCI_F(DATA)) == 0 || step->data_source == VPCI_DATA_UNIQUE)
        return false;
    if (event->kind != VPCI_EVENT_IOCTL) {
        if (vpci_bytes_are(event->data, event->data_length, 0) && level == 1)
            return false;
        event->data = nothing;
        step->data_source = source;
        step->data_from = 0;
        return true;
    }
    if (event->code != VPCI_IOCTL_WRITE_BLOCK || !vpci_ioctl_has_layout(step, &layout) ||
        layout.word == VPCI_DATA_UNIQUE)
        return false;
    struct vpci_ioctl_layout new = layout;
    new.word = source;
    new.bytes = nothing;
    new.byte_count = layout.byte_count;
    change_layout(script, step, &layout, &new);
    return true;
}

const struct shrink_edit shrink_edits[SHRINK_EDIT_COUNT] = {
    { not_inside, 1 },   { settled, 1 },       { low_vf, 2 },      { own_context, 1 },
    { another_kind, 3 }, { usual_claims, 3 },  { in_order, 3 },    { simple_answer, 3 },
    { plain_fields, 3 }, { simple_status, 2 }, { plain_query, 4 }, { simple_data, 2 },
};
