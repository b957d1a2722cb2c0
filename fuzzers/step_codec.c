/* SPDX-License-Identifier: MIT */
/* fuzzers/step_codec.c - see step_codec.h. */
#include "fuzzers/step_codec.h"

#include <string.h>

#include "harness/event_field.h"
#include "harness/step_ioctl.h"

/* ---- references ---- */

static uint16_t vf_of(const struct vpci_codec *codec, unsigned nibble)
{
    return nibble == 0 ? codec->vf : (uint16_t)((nibble - 1u) % codec->script->test.vf_count);
}

/* The n-th latest IOCTL's number; from 128 on a number itself. */
static uint32_t request_of(const struct vpci_codec *codec, uint8_t byte)
{
    if (byte >= 128 || codec->ioctl_count == 0)
        return byte % VPCI_REQUESTS_MAX;
    const uint32_t known = codec->ioctl_count < VPCI_REQUESTS_MAX ? codec->ioctl_count : VPCI_REQUESTS_MAX;
    return codec->ioctls[(codec->ioctl_count - 1u - byte % known) % VPCI_REQUESTS_MAX];
}

/* A request's own number: 0 the next one, 1 left to the conductor, from 2 on the number itself. */
static void number_request(struct vpci_codec *codec, struct vpci_event *event, uint8_t byte)
{
    if (byte == 1)
        return;
    vpci_field_store(event, VPCI_FIELD_REQUEST,
                     byte == 0 ? codec->begun++ % VPCI_REQUESTS_MAX : (byte - 2u) % VPCI_REQUESTS_MAX);
}

static uint64_t mask_of(const struct vpci_codec *codec, uint8_t byte)
{
    const uint64_t bit = (uint64_t)1 << codec->block % 64;
    switch (byte % 6) {
    case 1:
        return bit | bit << 1;
    case 2:
        return bit | 1;
    case 3:
        return 0;
    case 4:
        return UINT64_MAX;
    case 5:
        return bit | bit << 32 | bit >> 32;
    default:
        return bit;
    }
}

/* ---- an event ---- */

/* A step in the making. */
struct making {
    struct vpci_codec *codec;
    const uint8_t *record;
    enum vpci_record what;
    struct vpci_step *step;
    uint8_t data[VPCI_EVENT_DATA_BYTES_MAX];
};

static const enum vpci_event_kind kinds[RECORD_COUNT] = {
    [RECORD_READ] = VPCI_EVENT_READ,
    [RECORD_WRITE] = VPCI_EVENT_WRITE,
    [RECORD_IOCTL_READ] = VPCI_EVENT_IOCTL,
    [RECORD_IOCTL_WRITE] = VPCI_EVENT_IOCTL,
    [RECORD_INVALIDATE] = VPCI_EVENT_IOCTL,
    [RECORD_IOCTL_OTHER] = VPCI_EVENT_IOCTL,
    [RECORD_NOTIFY] = VPCI_EVENT_PF_INVALIDATE,
    [RECORD_CANCEL] = VPCI_EVENT_CANCEL,
    [RECORD_RESET] = VPCI_EVENT_RESET,
    [RECORD_REMOVE] = VPCI_EVENT_REMOVE,
    [RECORD_START] = VPCI_EVENT_START,
    [RECORD_QUERY] = VPCI_EVENT_QUERY_INTERFACE,
    [RECORD_REFERENCE] = VPCI_EVENT_REFERENCE,
    [RECORD_DEREFERENCE] = VPCI_EVENT_DEREFERENCE,
    [RECORD_LOW_RESOURCES] = VPCI_EVENT_LOW_RESOURCES,
    [RECORD_INPUT_CHANGE] = VPCI_EVENT_INPUT_CHANGE,
    [RECORD_LATE_READ] = VPCI_EVENT_PF_READ_RETURN,
    [RECORD_LATE_WRITE] = VPCI_EVENT_PF_WRITE_RETURN,
};

static bool is_ioctl(enum vpci_record what)
{
    return kinds[what] == VPCI_EVENT_IOCTL;
}

static uint32_t least(uint64_t left, uint32_t right)
{
    return left < right ? (uint32_t)left : right;
}

/* Of a record that means one IOCTL. */
static const uint32_t known_codes[RECORD_COUNT] = { [RECORD_IOCTL_READ] = VPCI_IOCTL_READ_BLOCK,
                                                    [RECORD_IOCTL_WRITE] = VPCI_IOCTL_WRITE_BLOCK,
                                                    [RECORD_INVALIDATE] = VPCI_IOCTL_INVALIDATE_BLOCK };

/* Fills in what the record's bytes say; lengths of buffers follow once everything is set. */
static void read_parameters(struct making *making)
{
    struct vpci_codec *codec = making->codec;
    const uint8_t *record = making->record;
    struct vpci_event *event = &making->step->event;
    const uint32_t has = vpci_event_info[event->kind].required | vpci_event_info[event->kind].optional;
    event->major = VPCI_MAJOR_INTERNAL;
    event->user_event = true;
    if ((has & VPCI_F(VF)) != 0)
        vpci_field_store(event, VPCI_FIELD_VF, vf_of(codec, record[RECORD_VF] & 15u));
    if ((has & VPCI_F(CONTEXT_VF)) != 0 && record[RECORD_VF] >> 4 != 0)
        vpci_field_store(event, VPCI_FIELD_CONTEXT_VF, vf_of(codec, record[RECORD_VF] >> 4));
    event->block =
        record[RECORD_BLOCK] == 0 ? codec->block : vpci_value(VALUE_BLOCK, record[RECORD_BLOCK], 0);
    event->length = vpci_value(VALUE_LENGTH, record[RECORD_LENGTH], 0);
    if (is_ioctl(making->what))
        vpci_field_store(event, VPCI_FIELD_CODE,
                         making->what == RECORD_IOCTL_OTHER ? vpci_value(VALUE_CODE, record[RECORD_BLOCK], 0)
                                                            : known_codes[making->what]);
    if ((has & VPCI_F(USER_EVENT)) != 0 && (record[RECORD_FLAGS] & RECORD_NO_EVENT) != 0)
        vpci_field_store(event, VPCI_FIELD_USER_EVENT, false);
    if ((has & VPCI_F(IRQL)) != 0 && (record[RECORD_FLAGS] & RECORD_RAISED) != 0)
        vpci_field_store(event, VPCI_FIELD_IRQL, VPCI_IRQL_DISPATCH);
    if ((has & VPCI_F(MAJOR)) != 0 && (record[RECORD_FLAGS] & RECORD_PLAIN_MAJOR) != 0)
        vpci_field_store(event, VPCI_FIELD_MAJOR, VPCI_MAJOR_DEVICE_CONTROL);
    making->step->settle = (record[RECORD_FLAGS] & RECORD_GOES_ON) == 0;
    making->step->data_source = (enum vpci_pf_data)((record[RECORD_FLAGS] & RECORD_SOURCE) >> 3);
}

static void read_query(struct making *making)
{
    static const struct vpci_guid standard = VPCI_GUID_INTERFACE_STANDARD;
    struct vpci_event *event = &making->step->event;
    const uint8_t *record = making->record;
    event->guid = standard;
    if (record[RECORD_X] != 0)
        event->guid.bytes[record[RECORD_X] % sizeof event->guid.bytes] ^= record[RECORD_X];
    event->fields |= VPCI_F(GUID);
    vpci_field_store(event, VPCI_FIELD_SIZE,
                     record[RECORD_LENGTH] == 0 ? VPCI_INTERFACE_BYTES : (uint16_t)event->length);
    vpci_field_store(event, VPCI_FIELD_VERSION,
                     record[RECORD_Y] == 0 ? VPCI_INTERFACE_VERSION : record[RECORD_Y] - 1u);
    event->status =
        vpci_value(VALUE_FOUND_STATUS, record[RECORD_BLOCK], 0); /* counts although its field is optional */
}

/* What only some kinds have. */
static void read_particulars(struct making *making)
{
    struct vpci_codec *codec = making->codec;
    struct vpci_event *event = &making->step->event;
    const uint8_t *record = making->record;
    switch ((int)making->what) {
    case RECORD_READ:
    case RECORD_WRITE:
        event->fields |= VPCI_F(BLOCK) | VPCI_F(LENGTH);
        break;
    case RECORD_LOW_RESOURCES:
        event->fields |= VPCI_F(LENGTH);
        break;
    case RECORD_NOTIFY:
        if (record[RECORD_VF] >> 4 != 0)
            event->vf = UINT16_MAX;
        codec->block = event->block;
        vpci_field_store(event, VPCI_FIELD_MASK, mask_of(codec, record[RECORD_X]));
        break;
    case RECORD_CANCEL:
    case RECORD_INPUT_CHANGE:
        vpci_field_store(event, VPCI_FIELD_REQUEST, request_of(codec, record[RECORD_WHICH]));
        break;
    case RECORD_LATE_READ:
    case RECORD_LATE_WRITE:
        vpci_field_store(event, VPCI_FIELD_CALL,
                         record[RECORD_WHICH] < 128 ? record[RECORD_WHICH]
                                                    : vpci_value(VALUE_BLOCK, record[RECORD_WHICH], 0));
        vpci_field_store(event, VPCI_FIELD_STATUS, vpci_value(VALUE_STATUS, record[RECORD_X], 0));
        if (making->what == RECORD_LATE_WRITE && record[RECORD_Y] != 0)
            vpci_field_store(event, VPCI_FIELD_LENGTH, record[RECORD_Y] - 1u);
        break;
    case RECORD_QUERY:
        read_query(making);
        break;
    default:
        break;
    }
    const bool begins = (unsigned)making->what <= RECORD_INVALIDATE || making->what == RECORD_IOCTL_OTHER ||
                        making->what == RECORD_QUERY;
    if (begins)
        number_request(codec, event, record[RECORD_WHICH]);
    if ((record[RECORD_FLAGS] & RECORD_INSIDE) != 0) {
        making->step->has_inside = true;
        making->step->inside = request_of(codec, record[RECORD_X]);
    }
}

static void apply_setting(struct vpci_step *step, uint8_t target, uint64_t value)
{
    switch (target) {
    case SETTING_MASK_HIGH:
        step->event.mask = (step->event.mask & ~((uint64_t)0xFFFF << 48)) | value << 48;
        break;
    case SETTING_INSIDE:
        step->has_inside = true;
        step->inside = (uint32_t)value;
        break;
    case SETTING_NTH:
        step->nth = (uint32_t)value;
        break;
    case SETTING_COUNT:
        step->answer.count = (uint32_t)value;
        break;
    case SETTING_STATUS:
        step->answer.status = (vpci_ntstatus)value;
        break;
    case SETTING_SOURCE:
        step->data_source = (enum vpci_pf_data)(value % (VPCI_DATA_GIVEN + 1));
        break;
    case SETTING_DATA_FROM:
        step->data_from = (uint32_t)value;
        break;
    case SETTING_WITHOUT:
        step->event.fields &= ~(1u << value % VPCI_FIELD_COUNT);
        break;
    default:
        if (target < VPCI_FIELD_COUNT && target != VPCI_FIELD_DATA && target != VPCI_FIELD_GUID)
            vpci_field_store(&step->event, (enum vpci_field)target, value);
        break;
    }
}

static void apply_settings(const struct vpci_prepared *prepared, struct vpci_step *step)
{
    for (uint32_t i = 0; i < prepared->setting_count; i++)
        apply_setting(step, prepared->settings[i].target, prepared->settings[i].value);
}

static bool is_set(const struct vpci_prepared *prepared, uint8_t target)
{
    for (uint32_t i = 0; i < prepared->setting_count; i++) {
        if (prepared->settings[i].target == target)
            return true;
    }
    return false;
}

/* ---- buffers ---- */

static void fill(struct making *making, uint32_t from, uint32_t length)
{
    static const uint8_t values[] = { [VPCI_DATA_UNIQUE] = 0,
                                      [VPCI_DATA_ZEROS] = 0,
                                      [VPCI_DATA_ONES] = 0xFF,
                                      [VPCI_DATA_FILL] = VPCI_FILL_BYTE,
                                      [VPCI_DATA_GIVEN] = 0 };
    memset(making->data + from, values[making->step->data_source], length);
}

static bool carry(struct making *making, uint32_t length)
{
    struct vpci_event *event = &making->step->event;
    event->fields |= VPCI_F(DATA);
    event->data_length = length;
    event->data = vpci_script_keep(making->codec->script, making->data, length);
    return event->data != NULL;
}

static void claim(struct making *making, enum vpci_field field, uint32_t number)
{
    if (!is_set(&making->codec->prepared, (uint8_t)field))
        vpci_field_store(&making->step->event, field, number);
}

/* Type3InputBuffer as the kit lays it out: the head of a request, then what is to be written. */
static uint32_t lay_out_head(struct making *making)
{
    struct vpci_event *event = &making->step->event;
    if (making->what != RECORD_IOCTL_READ && making->what != RECORD_IOCTL_WRITE)
        return 0;
    vpci_store_u32(making->data, event->block);
    vpci_store_u32(making->data + 4, event->length);
    if (!is_set(&making->codec->prepared, SETTING_DATA_FROM))
        making->step->data_from = VPCI_WRITE_INPUT_DATA;
    if (making->what == RECORD_IOCTL_READ) {
        making->step->data_source = VPCI_DATA_GIVEN;
        return VPCI_WRITE_INPUT_DATA;
    }
    const uint32_t payload = least(event->length, VPCI_EVENT_DATA_BYTES_MAX - VPCI_WRITE_INPUT_DATA);
    fill(making, VPCI_WRITE_INPUT_DATA, payload);
    return VPCI_WRITE_INPUT_DATA + payload;
}

static bool finish_ioctl(struct making *making)
{
    struct vpci_step *step = making->step;
    struct vpci_event *event = &step->event;
    const uint8_t *record = making->record;
    uint32_t laid_out = lay_out_head(making);
    const uint32_t code = known_codes[making->what]; /* a SET may have changed the event's */
    const uint64_t natural = making->what == RECORD_IOCTL_OTHER
                                 ? event->length
                                 : vpci_ioctl_usual_input_length(code, event->length);
    const bool inside = (record[RECORD_FLAGS] & RECORD_INSIDE) != 0;
    claim(making, VPCI_FIELD_INPUT_LENGTH,
          vpci_value(VALUE_INPUT, inside ? 0 : record[RECORD_X], least(natural, UINT32_MAX)));
    claim(making, VPCI_FIELD_OUTPUT_LENGTH,
          vpci_value(VALUE_OUTPUT, record[RECORD_Y], vpci_ioctl_usual_output_length(code, event->length)));
    event->block = event->length = 0;
    event->fields &= ~(VPCI_F(BLOCK) | VPCI_F(LENGTH));
    const uint32_t length = least(event->input_length, VPCI_EVENT_DATA_BYTES_MAX);
    if (length > laid_out)
        memset(making->data + laid_out, making->what == RECORD_INVALIDATE ? VPCI_FILL_BYTE : 0,
               length - laid_out);
    if (making->what != RECORD_IOCTL_WRITE)
        step->data_source = VPCI_DATA_GIVEN;
    if (step->data_source == VPCI_DATA_UNIQUE && step->data_from >= length) {
        step->data_from = length;
        step->data_source = VPCI_DATA_GIVEN;
    }
    return carry(making, length);
}

/* Bytes that BYTES records gave stand for all of it. */
static bool finish_given(struct making *making)
{
    struct vpci_step *step = making->step;
    const struct vpci_prepared *prepared = &making->codec->prepared;
    if (making->what == RECORD_QUERY) {
        memcpy(step->event.guid.bytes, prepared->bytes,
               least(prepared->byte_count, sizeof step->event.guid.bytes));
        return true;
    }
    if ((vpci_event_info[step->event.kind].required | vpci_event_info[step->event.kind].optional) &
        VPCI_F(DATA)) {
        memcpy(making->data, prepared->bytes, prepared->byte_count);
        step->data_source = VPCI_DATA_GIVEN;
        apply_settings(prepared, step); /* a source that was set wins */
        return carry(making, prepared->byte_count);
    }
    return true;
}

static bool finish_data(struct making *making)
{
    struct vpci_event *event = &making->step->event;
    bool kept = true;
    switch ((int)making->what) {
    case RECORD_WRITE:
        fill(making, 0, least(event->length, VPCI_EVENT_DATA_BYTES_MAX));
        kept = carry(making, least(event->length, VPCI_EVENT_DATA_BYTES_MAX));
        break;
    case RECORD_LATE_READ:
        fill(making, 0, least(event->length, VPCI_BLOCK_BYTES_MAX));
        kept =
            event->status != VPCI_STATUS_SUCCESS || carry(making, least(event->length, VPCI_BLOCK_BYTES_MAX));
        break;
    case RECORD_INPUT_CHANGE: /* the head of a request for other bytes */
        vpci_store_u32(making->data, event->block);
        vpci_store_u32(making->data + 4, event->length);
        making->step->data_source = VPCI_DATA_GIVEN;
        kept = carry(making, VPCI_WRITE_INPUT_DATA);
        break;
    case RECORD_IOCTL_READ:
    case RECORD_IOCTL_WRITE:
    case RECORD_INVALIDATE:
    case RECORD_IOCTL_OTHER:
        kept = finish_ioctl(making);
        break;
    default:
        making->step->data_source = VPCI_DATA_GIVEN;
        break;
    }
    return making->codec->prepared.has_bytes ? finish_given(making) : kept;
}

static void remember(struct vpci_codec *codec, const struct making *making, uint32_t block)
{
    const struct vpci_event *event = &making->step->event;
    if ((event->fields & VPCI_F(VF)) != 0 && event->vf < codec->script->test.vf_count)
        codec->vf = event->vf;
    codec->block = block;
    if (is_ioctl(making->what) && (event->fields & VPCI_F(REQUEST)) != 0)
        codec->ioctls[codec->ioctl_count++ % VPCI_REQUESTS_MAX] = event->request;
}

/* Events are about VFs of the device and numbers that requests can have; only a notification may name another
 * VF, or all. */
static void keep_to_device(const struct vpci_codec *codec, struct vpci_event *event)
{
    const uint16_t count = codec->script->test.vf_count;
    event->request %= VPCI_REQUESTS_MAX;
    if (event->kind != VPCI_EVENT_PF_INVALIDATE)
        event->vf = (uint16_t)(event->vf % count);
    if ((event->fields & VPCI_F(CONTEXT_VF)) != 0)
        event->context_vf = (uint16_t)(event->context_vf % count);
}

static bool add_event(struct vpci_codec *codec, const uint8_t *record, enum vpci_record what)
{
    struct making making = {
        .codec = codec, .record = record, .what = what, .step = vpci_script_add(codec->script)
    };
    if (making.step == NULL)
        return false;
    struct vpci_event *event = &making.step->event;
    event->kind = kinds[what];
    read_parameters(&making);
    read_particulars(&making);
    apply_settings(&codec->prepared, making.step);
    keep_to_device(codec, event);
    const uint32_t block = event->block;
    const bool kept = finish_data(&making);
    keep_to_device(codec, event); /* settings may have been applied once more */
    const struct vpci_event_info *info = &vpci_event_info[event->kind];
    event->fields &= info->required | info->optional;
    if ((event->fields & VPCI_F(CONTEXT_VF)) == 0)
        event->context_vf = event->vf;
    remember(codec, &making, what == RECORD_IOCTL_OTHER || what == RECORD_QUERY ? codec->block : block);
    if (!kept)
        codec->script->test.step_count--; /* no room for its bytes */
    return kept;
}

/* ---- what is not an event ---- */

static void read_count(struct vpci_pf_answer *answer, uint8_t byte)
{
    answer->count = byte == 0 ? UINT32_MAX : byte - 1u;
}

static bool add_answer(struct vpci_codec *codec, const uint8_t *record)
{
    struct vpci_step *step = vpci_script_add(codec->script);
    if (step == NULL)
        return false;
    const uint8_t which = record[RECORD_WHICH];
    step->kind = VPCI_STEP_ANSWER;
    step->which = which == 1 ? VPCI_ANSWER_NEWEST : which == 2 ? VPCI_ANSWER_ALL : VPCI_ANSWER_NTH;
    step->nth = which < 3 ? 0 : which - 2u;
    step->settle = (record[RECORD_FLAGS] & RECORD_GOES_ON) == 0;
    step->answer.status = vpci_value(VALUE_STATUS, record[RECORD_X], 0);
    step->answer.data = (enum vpci_pf_data)((record[RECORD_FLAGS] & RECORD_SOURCE) >> 3);
    read_count(&step->answer, record[RECORD_Y]);
    apply_settings(&codec->prepared, step);
    if (codec->prepared.has_bytes) {
        step->answer.data = VPCI_DATA_GIVEN;
        step->answer.given_length = codec->prepared.byte_count;
        step->answer.given =
            vpci_script_keep(codec->script, codec->prepared.bytes, codec->prepared.byte_count);
        if (step->answer.given == NULL)
            codec->script->test.step_count--;
        return step->answer.given != NULL;
    }
    return true;
}

static bool repeat(struct vpci_codec *codec, const uint8_t *record)
{
    const uint32_t count = codec->script->test.step_count;
    uint32_t span = record[RECORD_BLOCK] % VPCI_REPEAT_SPAN_MAX + 1u;
    span = span < count ? span : count;
    for (uint32_t left = (record[RECORD_LENGTH] + 1u) * span; left != 0; left--) {
        if (codec->script->test.step_count >= VPCI_REPEATED_STEPS_MAX)
            break;
        struct vpci_step *step = vpci_script_add(codec->script);
        if (step == NULL)
            return false;
        *step = step[-(ptrdiff_t)span];
    }
    return true;
}

static void prepare_setting(struct vpci_prepared *prepared, const uint8_t *record)
{
    if (prepared->setting_count == CODEC_SETTINGS_MAX)
        return;
    uint64_t value = 0;
    for (uint32_t i = 0; i < VPCI_RECORD_SET_BYTES; i++)
        value |= (uint64_t)record[2 + i] << 8 * i;
    prepared->settings[prepared->setting_count].target = record[1];
    prepared->settings[prepared->setting_count++].value = value;
}

static void prepare_bytes(struct vpci_prepared *prepared, const uint8_t *record)
{
    const uint32_t room = VPCI_EVENT_DATA_BYTES_MAX - prepared->byte_count;
    const uint32_t count = least(record[1] % (VPCI_RECORD_SET_BYTES + 1u), room);
    memcpy(prepared->bytes + prepared->byte_count, record + 2, count);
    prepared->byte_count += count;
    prepared->has_bytes = true;
}

static void forget_prepared(struct vpci_prepared *prepared)
{
    prepared->setting_count = 0;
    prepared->byte_count = 0;
    prepared->has_bytes = false;
}

void vpci_codec_start(struct vpci_codec *codec, struct vpci_script *script)
{
    vpci_script_clear(script);
    codec->script = script;
    codec->vf = 0;
    codec->block = 0;
    codec->begun = 0;
    codec->ioctl_count = 0;
    forget_prepared(&codec->prepared);
}

void vpci_codec_device(struct vpci_codec *codec, const uint8_t record[VPCI_RECORD_BYTES])
{
    struct vpci_case *test = &codec->script->test;
    const uint8_t vfs = record[DEVICE_VFS];
    test->vf_count = (uint16_t)(vfs < VPCI_VFS_MAX ? vfs + 1u : vfs % 2u + 1u);
    test->pf_holds = (record[DEVICE_FLAGS] & DEVICE_HOLDS) != 0;
    test->start_automatically = (record[DEVICE_FLAGS] & DEVICE_STARTED_BY_HAND) == 0;
    test->pf.status = vpci_value(VALUE_STATUS, record[DEVICE_STATUS], 0);
    read_count(&test->pf, record[DEVICE_COUNT]);
    test->pf.data = (enum vpci_pf_data)(record[DEVICE_SOURCE] % VPCI_DATA_GIVEN);
}

static void set_device(struct vpci_case *test, const struct vpci_prepared *latest)
{
    const uint64_t value = latest->settings[latest->setting_count - 1].value;
    if (latest->settings[latest->setting_count - 1].target == SETTING_DEVICE_STATUS)
        test->pf.status = (vpci_ntstatus)value;
    else if (latest->settings[latest->setting_count - 1].target == SETTING_DEVICE_COUNT)
        test->pf.count = (uint32_t)value;
}

bool vpci_codec_record(struct vpci_codec *codec, const uint8_t record[VPCI_RECORD_BYTES])
{
    const enum vpci_record what = vpci_record_of(record[RECORD_WHAT]);
    bool going = true;
    if (what == RECORD_SET) {
        prepare_setting(&codec->prepared, record);
        set_device(&codec->script->test, &codec->prepared);
        return true;
    }
    if (what == RECORD_BYTES) {
        prepare_bytes(&codec->prepared, record);
        return true;
    }
    if (what == RECORD_REPEAT)
        going = repeat(codec, record);
    else if (what == RECORD_ANSWER)
        going = add_answer(codec, record);
    else
        going = add_event(codec, record, what);
    forget_prepared(&codec->prepared);
    return going;
}
