/* SPDX-License-Identifier: MIT */
/* fuzzers/encoder.c - a case to bytes. For each step a record is drafted, decoded as the decoder would, and
 * compared with the step; what differs is set by SET and BYTES records in front of it, until nothing differs.
 */
#include <string.h>

#include "fuzzers/decoder.h"
#include "fuzzers/step_codec.h"
#include "harness/event_field.h"

struct encoder {
    uint8_t *bytes;
    size_t used, capacity;
    struct vpci_codec codec;
    struct vpci_script script; /* what has been encoded so far, decoded */
};

/* A record and what goes in front of it. */
struct draft {
    uint8_t record[VPCI_RECORD_BYTES];
    struct vpci_prepared prepared;
};

enum { BYTE_VALUES = 256, ATTEMPTS = 3 };

static uint8_t byte_for(enum vpci_value_table table, uint32_t wanted, uint32_t natural)
{
    for (unsigned byte = table == VALUE_BLOCK; byte < BYTE_VALUES; byte++) {
        if (vpci_value(table, (uint8_t)byte, natural) == wanted)
            return (uint8_t)byte;
    }
    return 0; /* a SET record says it */
}

static void set(struct draft *draft, uint8_t target, uint64_t value)
{
    struct vpci_prepared *prepared = &draft->prepared;
    for (uint32_t i = 0; i < prepared->setting_count; i++) {
        if (prepared->settings[i].target == target && target != SETTING_WITHOUT) {
            prepared->settings[i].value = value;
            return;
        }
    }
    if (prepared->setting_count == CODEC_SETTINGS_MAX)
        return;
    prepared->settings[prepared->setting_count].target = target;
    prepared->settings[prepared->setting_count++].value = value;
}

/* ---- the draft ---- */

static enum vpci_record record_of_ioctl(const struct vpci_event *event)
{
    const bool has_head = event->data_length >= VPCI_WRITE_INPUT_DATA;
    if (event->code == VPCI_IOCTL_READ_BLOCK && has_head)
        return RECORD_IOCTL_READ;
    if (event->code == VPCI_IOCTL_WRITE_BLOCK && has_head)
        return RECORD_IOCTL_WRITE;
    return event->code == VPCI_IOCTL_INVALIDATE_BLOCK ? RECORD_INVALIDATE : RECORD_IOCTL_OTHER;
}

static enum vpci_record record_of_event(const struct vpci_event *event)
{
    static const struct {
        enum vpci_event_kind kind;
        enum vpci_record record;
    } rows[] = {
        { VPCI_EVENT_READ, RECORD_READ },
        { VPCI_EVENT_WRITE, RECORD_WRITE },
        { VPCI_EVENT_PF_INVALIDATE, RECORD_NOTIFY },
        { VPCI_EVENT_CANCEL, RECORD_CANCEL },
        { VPCI_EVENT_RESET, RECORD_RESET },
        { VPCI_EVENT_REMOVE, RECORD_REMOVE },
        { VPCI_EVENT_START, RECORD_START },
        { VPCI_EVENT_QUERY_INTERFACE, RECORD_QUERY },
        { VPCI_EVENT_REFERENCE, RECORD_REFERENCE },
        { VPCI_EVENT_DEREFERENCE, RECORD_DEREFERENCE },
        { VPCI_EVENT_LOW_RESOURCES, RECORD_LOW_RESOURCES },
        { VPCI_EVENT_INPUT_CHANGE, RECORD_INPUT_CHANGE },
        { VPCI_EVENT_PF_READ_RETURN, RECORD_LATE_READ },
        { VPCI_EVENT_PF_WRITE_RETURN, RECORD_LATE_WRITE },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].kind == event->kind)
            return rows[i].record;
    }
    return event->kind == VPCI_EVENT_IOCTL ? record_of_ioctl(event) : RECORD_COUNT;
}

static uint8_t nibble_for(const struct vpci_codec *codec, uint32_t vf, bool sticky)
{
    if (sticky && vf == codec->vf)
        return 0;
    return vf < 15 ? (uint8_t)(vf + 1) : 0;
}

/* A request's own number, or one that is referred to: by itself, where the shorter way means another. */
static uint8_t which_of(const struct vpci_codec *codec, const struct vpci_step *step, enum vpci_record what)
{
    const struct vpci_event *event = &step->event;
    if (what == RECORD_CANCEL || what == RECORD_INPUT_CHANGE)
        return (uint8_t)(128 + event->request % VPCI_REQUESTS_MAX);
    if ((vpci_event_info[event->kind].required & VPCI_F(REQUEST)) == 0)
        return 0;
    if ((event->fields & VPCI_F(REQUEST)) == 0)
        return 1;
    return event->request == codec->begun % VPCI_REQUESTS_MAX
               ? 0
               : (uint8_t)(event->request % VPCI_REQUESTS_MAX + 2);
}

static void draft_parameters(const struct vpci_codec *codec, const struct vpci_step *step,
                             enum vpci_record what, struct draft *draft)
{
    const struct vpci_event *event = &step->event;
    uint32_t block = event->block, length = event->length;
    if (what == RECORD_IOCTL_READ || what == RECORD_IOCTL_WRITE ||
        (what == RECORD_INPUT_CHANGE && event->data_length >= 8)) {
        block = vpci_load_u32(event->data);
        length = vpci_load_u32(event->data + 4);
    } else if (what == RECORD_IOCTL_OTHER) {
        length = event->input_length;
    } else if (what == RECORD_LATE_READ) {
        length = event->data_length;
    } else if (what == RECORD_QUERY) {
        length = event->size;
    }
    uint8_t *record = draft->record;
    record[RECORD_BLOCK] = block == codec->block ? 0 : byte_for(VALUE_BLOCK, block, 0);
    record[RECORD_LENGTH] = byte_for(VALUE_LENGTH, length, 0);
    if (record[RECORD_BLOCK] == 0 && block != codec->block)
        set(draft, VPCI_FIELD_BLOCK, block);
    if (vpci_value(VALUE_LENGTH, record[RECORD_LENGTH], 0) != length)
        set(draft, VPCI_FIELD_LENGTH, length);
    if (what == RECORD_IOCTL_OTHER)
        record[RECORD_BLOCK] = byte_for(VALUE_CODE, event->code, 0);
    if (what == RECORD_QUERY) {
        record[RECORD_BLOCK] = byte_for(VALUE_FOUND_STATUS, event->status, 0);
        record[RECORD_LENGTH] = event->size == VPCI_INTERFACE_BYTES ? 0 : record[RECORD_LENGTH];
        record[RECORD_Y] = event->version == VPCI_INTERFACE_VERSION ? 0 : (uint8_t)(event->version + 1);
    }
}

static void draft_event(const struct vpci_codec *codec, const struct vpci_step *step, struct draft *draft)
{
    const struct vpci_event *event = &step->event;
    const enum vpci_record what = record_of_event(event);
    uint8_t *record = draft->record;
    record[RECORD_WHAT] = (uint8_t)what;
    if ((event->fields & VPCI_F(VF)) != 0)
        record[RECORD_VF] = nibble_for(codec, event->vf, true);
    if ((event->fields & VPCI_F(CONTEXT_VF)) != 0)
        record[RECORD_VF] |= (uint8_t)(nibble_for(codec, event->context_vf, false) << 4);
    record[RECORD_WHICH] = which_of(codec, step, what);
    draft_parameters(codec, step, what, draft);
    record[RECORD_FLAGS] =
        (uint8_t)((step->settle ? 0 : RECORD_GOES_ON) | (step->data_source % VPCI_DATA_GIVEN) << 3);
    if ((event->fields & VPCI_F(USER_EVENT)) != 0 && !event->user_event)
        record[RECORD_FLAGS] |= RECORD_NO_EVENT;
    if ((event->fields & VPCI_F(IRQL)) != 0 && event->irql == VPCI_IRQL_DISPATCH)
        record[RECORD_FLAGS] |= RECORD_RAISED;
    if ((event->fields & VPCI_F(MAJOR)) != 0 && event->major == VPCI_MAJOR_DEVICE_CONTROL)
        record[RECORD_FLAGS] |= RECORD_PLAIN_MAJOR;
    if (what == RECORD_LATE_READ || what == RECORD_LATE_WRITE) {
        record[RECORD_WHICH] = event->call < 128 ? (uint8_t)event->call : 0;
        record[RECORD_X] = byte_for(VALUE_STATUS, event->status, 0);
        if ((event->fields & VPCI_F(LENGTH)) != 0 && event->length < 255)
            record[RECORD_Y] = (uint8_t)(event->length + 1);
    }
    if (what == RECORD_NOTIFY && event->vf == UINT16_MAX)
        record[RECORD_VF] = 1 << 4;
    if (step->has_inside)
        set(draft, SETTING_INSIDE, step->inside);
}

static void draft_answer(const struct vpci_step *step, struct draft *draft)
{
    const struct vpci_pf_answer *answer = &step->answer;
    uint8_t *record = draft->record;
    record[RECORD_WHAT] = RECORD_ANSWER;
    record[RECORD_WHICH] = step->which == VPCI_ANSWER_NEWEST ? 1
                           : step->which == VPCI_ANSWER_ALL  ? 2
                           : step->nth == 0                  ? 0
                                                             : (uint8_t)(step->nth + 2);
    record[RECORD_FLAGS] =
        (uint8_t)((step->settle ? 0 : RECORD_GOES_ON) | (answer->data % VPCI_DATA_GIVEN) << 3);
    record[RECORD_X] = byte_for(VALUE_STATUS, answer->status, 0);
    record[RECORD_Y] = answer->count < 255 ? (uint8_t)(answer->count + 1) : 0;
    if (step->which == VPCI_ANSWER_NTH && step->nth > 252)
        set(draft, SETTING_NTH, step->nth);
    if (vpci_value(VALUE_STATUS, record[RECORD_X], 0) != answer->status)
        set(draft, SETTING_STATUS, answer->status);
    if (answer->count != UINT32_MAX && answer->count >= 255)
        set(draft, SETTING_COUNT, answer->count);
    if (answer->data == VPCI_DATA_GIVEN) {
        draft->prepared.has_bytes = true;
        draft->prepared.byte_count = answer->given_length;
        memcpy(draft->prepared.bytes, answer->given, answer->given_length);
    }
}

/* ---- writing it down ---- */

static bool put(struct encoder *encoder, const uint8_t record[VPCI_RECORD_BYTES])
{
    if (encoder->capacity - encoder->used < VPCI_RECORD_BYTES)
        return false;
    memcpy(encoder->bytes + encoder->used, record, VPCI_RECORD_BYTES);
    encoder->used += VPCI_RECORD_BYTES;
    return encoder->used == VPCI_RECORD_BYTES || vpci_codec_record(&encoder->codec, record);
}

static bool put_setting(struct encoder *encoder, uint8_t target, uint64_t value)
{
    uint8_t record[VPCI_RECORD_BYTES] = { RECORD_SET, target };
    for (uint32_t i = 0; i < VPCI_RECORD_SET_BYTES; i++)
        record[2 + i] = (uint8_t)(value >> 8 * i);
    return put(encoder, record);
}

static bool put_prepared(struct encoder *encoder, const struct vpci_prepared *prepared)
{
    bool fits = true;
    for (uint32_t i = 0; i < prepared->setting_count && fits; i++)
        fits = put_setting(encoder, prepared->settings[i].target, prepared->settings[i].value);
    for (uint32_t at = 0; fits && prepared->has_bytes && (at < prepared->byte_count || at == 0);
         at += VPCI_RECORD_SET_BYTES) {
        const uint32_t left = prepared->byte_count - at;
        const uint32_t count = left < VPCI_RECORD_SET_BYTES ? left : VPCI_RECORD_SET_BYTES;
        uint8_t record[VPCI_RECORD_BYTES] = { RECORD_BYTES, (uint8_t)count };
        memcpy(record + 2, prepared->bytes + at, count);
        fits = put(encoder, record);
    }
    return fits;
}

/* ---- mending it ---- */

static void mend_fields(const struct vpci_event *wanted, const struct vpci_event *got, struct draft *draft)
{
    for (uint32_t field = 0; field < VPCI_FIELD_COUNT; field++) {
        const uint32_t bit = 1u << field;
        if ((wanted->fields & bit) == 0 && (got->fields & bit) != 0)
            set(draft, SETTING_WITHOUT, field);
        if ((wanted->fields & bit) == 0 || (bit & (VPCI_F(DATA) | VPCI_F(GUID))) != 0)
            continue;
        const uint64_t value = vpci_field_load(wanted, (enum vpci_field)field);
        if ((got->fields & bit) == 0 || vpci_field_load(got, (enum vpci_field)field) != value) {
            set(draft, (uint8_t)field, value & 0xFFFFFFFFFFFFu);
            if (field == VPCI_FIELD_MASK)
                set(draft, SETTING_MASK_HIGH, value >> 48);
        }
    }
}

static void mend_bytes(const struct vpci_step *wanted, struct draft *draft)
{
    struct vpci_prepared *prepared = &draft->prepared;
    const struct vpci_event *event = &wanted->event;
    prepared->has_bytes = true;
    if (event->kind == VPCI_EVENT_QUERY_INTERFACE) {
        prepared->byte_count = sizeof event->guid.bytes;
        memcpy(prepared->bytes, event->guid.bytes, sizeof event->guid.bytes);
        return;
    }
    prepared->byte_count = event->data_length;
    if (event->data_length != 0)
        memcpy(prepared->bytes, event->data, event->data_length);
    set(draft, SETTING_SOURCE, (uint64_t)wanted->data_source);
    set(draft, SETTING_DATA_FROM, wanted->data_from);
}

static bool same_step(const struct vpci_step *wanted, const struct vpci_step *got)
{
    const struct vpci_case one = { .steps = (struct vpci_step *)wanted, .step_count = 1 };
    const struct vpci_case other = { .steps = (struct vpci_step *)got, .step_count = 1 };
    return vpci_case_equal(&one, &other);
}

static bool put_step(struct encoder *encoder, const struct vpci_step *step)
{
    const struct vpci_codec before = encoder->codec;
    const struct vpci_script script = encoder->script;
    const size_t used = encoder->used;
    struct draft draft = { 0 };
    if (step->kind == VPCI_STEP_EVENT && record_of_event(&step->event) == RECORD_COUNT)
        return false;
    if (step->kind == VPCI_STEP_ANSWER)
        draft_answer(step, &draft);
    else
        draft_event(&before, step, &draft);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        encoder->codec = before;
        encoder->script = script;
        encoder->used = used;
        if (!put_prepared(encoder, &draft.prepared) || !put(encoder, draft.record))
            return false;
        const struct vpci_step *got = &encoder->script.steps[encoder->script.test.step_count - 1];
        if (same_step(step, got))
            return true;
        mend_fields(&step->event, &got->event, &draft);
        if (attempt != 0)
            mend_bytes(step, &draft);
    }
    return false;
}

static bool put_device(struct encoder *encoder, const struct vpci_case *test)
{
    uint8_t record[VPCI_RECORD_BYTES] = { 0 };
    record[DEVICE_VFS] = (uint8_t)(test->vf_count - 1);
    record[DEVICE_FLAGS] = (uint8_t)((test->pf_holds ? DEVICE_HOLDS : 0) |
                                     (test->start_automatically ? 0 : DEVICE_STARTED_BY_HAND));
    record[DEVICE_STATUS] = byte_for(VALUE_STATUS, test->pf.status, 0);
    record[DEVICE_COUNT] = test->pf.count < 255 ? (uint8_t)(test->pf.count + 1) : 0;
    record[DEVICE_SOURCE] = (uint8_t)(test->pf.data % VPCI_DATA_GIVEN);
    if (!put(encoder, record))
        return false;
    vpci_codec_device(&encoder->codec, record);
    if (test->pf.status != encoder->script.test.pf.status &&
        !put_setting(encoder, SETTING_DEVICE_STATUS, test->pf.status))
        return false;
    return test->pf.count == encoder->script.test.pf.count ||
           put_setting(encoder, SETTING_DEVICE_COUNT, test->pf.count);
}

size_t vpci_encode(const struct vpci_case *test, uint8_t *bytes, size_t capacity)
{
    struct encoder encoder = { .bytes = bytes, .capacity = capacity };
    vpci_script_create(&encoder.script);
    vpci_codec_start(&encoder.codec, &encoder.script);
    bool fits = put_device(&encoder, test);
    for (uint32_t i = 0; i < test->step_count && fits; i++) {
        if (test->steps[i].kind == VPCI_STEP_EVENT || test->steps[i].kind == VPCI_STEP_ANSWER)
            fits = put_step(&encoder, &test->steps[i]);
    }
    vpci_script_destroy(&encoder.script);
    return fits ? encoder.used : 0;
}
