/* SPDX-License-Identifier: MIT */
/* harness/event_json.c - the codec of harness/event_json.h. Printing writes straight into the text, from
 * prefixes that the preprocessor made of the tables in models/event.h, because the process channel prints an
 * event per step. */
#include "harness/event_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/event_field.h"
#include "harness/json.h"

struct literal {
    const char *bytes;
    size_t length;
};
#define LITERAL(string)            \
    {                              \
        string, sizeof(string) - 1 \
    }

/* ,"block": */
static const struct literal field_prefix[VPCI_FIELD_COUNT] = {
#define X(name, json, type, member) [VPCI_FIELD_##name] = LITERAL(",\"" json "\":"),
    VPCI_FIELDS(X)
#undef X
};

static const struct literal kind_member[VPCI_EVENT_COUNT] = {
#define X(name, json, sender, interface, needs, required, optional) \
    [VPCI_EVENT_##name] = LITERAL("\"event\":\"" json "\""),
    VPCI_EVENTS(X)
#undef X
};

static const struct {
    const char *name;
    uint32_t code;
} control_codes[] = {
    { "READ_BLOCK", VPCI_IOCTL_READ_BLOCK },
    { "WRITE_BLOCK", VPCI_IOCTL_WRITE_BLOCK },
    { "INVALIDATE_BLOCK", VPCI_IOCTL_INVALIDATE_BLOCK },
};
enum { CONTROL_CODE_COUNT = sizeof control_codes / sizeof control_codes[0] };

static void add_quoted_hex(struct vpci_text *text, uint64_t number)
{
    vpci_text_add_bytes(text, "\"", 1);
    vpci_text_add_hex(text, number);
    vpci_text_add_bytes(text, "\"", 1);
}

static void add_status(struct vpci_text *text, vpci_ntstatus status)
{
    const char *name = vpci_ntstatus_name(status);
    if (name == NULL) {
        add_quoted_hex(text, status);
        return;
    }
    vpci_text_add_bytes(text, "\"", 1);
    vpci_text_add(text, name);
    vpci_text_add_bytes(text, "\"", 1);
}

const char *vpci_control_code_name(uint32_t code)
{
    for (size_t i = 0; i < CONTROL_CODE_COUNT; i++) {
        if (control_codes[i].code == code)
            return control_codes[i].name;
    }
    return NULL;
}

void vpci_field_print(struct vpci_text *text, const struct vpci_event *event, enum vpci_field field)
{
    const enum vpci_field_type type = vpci_field_info[field].type;
    switch (type) {
    case VPCI_TYPE_BOOL:
        vpci_text_add(text, vpci_field_load(event, field) != 0 ? "true" : "false");
        return;
    case VPCI_TYPE_STATUS:
        add_status(text, event->status);
        return;
    case VPCI_TYPE_HEX32:
    case VPCI_TYPE_HEX64:
        add_quoted_hex(text, vpci_field_load(event, field));
        return;
    case VPCI_TYPE_BYTES:
        vpci_text_add_bytes(text, "\"", 1);
        vpci_text_add_hex_bytes(text, event->data, event->data_length);
        vpci_text_add_bytes(text, "\"", 1);
        return;
    case VPCI_TYPE_GUID:
        vpci_text_add_bytes(text, "\"", 1);
        vpci_guid_print(text, &event->guid);
        vpci_text_add_bytes(text, "\"", 1);
        return;
    case VPCI_TYPE_U8:
    case VPCI_TYPE_U16:
    case VPCI_TYPE_U32:
    case VPCI_TYPE_U64:
        break;
    }
    const uint64_t number = vpci_field_load(event, field);
    if (number > VPCI_JSON_INTEGER_MAX)
        add_quoted_hex(text, number); /* readers keep numbers as doubles */
    else
        vpci_text_add_u64(text, number);
}

void vpci_event_print_members(struct vpci_text *text, const struct vpci_event *event)
{
    vpci_text_add_bytes(text, kind_member[event->kind].bytes, kind_member[event->kind].length);
    for (uint32_t left = event->fields; left != 0; left &= left - 1) {
        const enum vpci_field field = (enum vpci_field)__builtin_ctz(left);
        vpci_text_add_bytes(text, field_prefix[field].bytes, field_prefix[field].length);
        vpci_field_print(text, event, field);
    }
}

void vpci_event_print(struct vpci_text *text, const struct vpci_event *event)
{
    vpci_text_add_bytes(text, "{", 1);
    vpci_event_print_members(text, event);
    vpci_text_add_bytes(text, "}", 1);
}

void vpci_guid_print(struct vpci_text *text, const struct vpci_guid *guid)
{
    static const uint8_t group_bytes[] = { 4, 2, 2, 2, 6 };
    size_t at = 0;
    for (size_t group = 0; group < sizeof group_bytes; group++) {
        if (group > 0)
            vpci_text_add_bytes(text, "-", 1);
        vpci_text_add_hex_bytes(text, guid->bytes + at, group_bytes[group]);
        at += group_bytes[group];
    }
}

bool vpci_guid_parse(struct vpci_guid *guid, const char *string)
{
    static const struct vpci_guid standard = VPCI_GUID_INTERFACE_STANDARD;
    if (strcmp(string, "interface_standard") == 0) {
        *guid = standard;
        return true;
    }
    if (strlen(string) != 36)
        return false;
    struct vpci_guid read;
    const char *at = string;
    for (size_t i = 0; i < sizeof read.bytes; i++) {
        if ((i == 4 || i == 6 || i == 8 || i == 10) && *at++ != '-')
            return false;
        const int high = vpci_hex_value(at[0]), low = vpci_hex_value(at[1]);
        if (high < 0 || low < 0)
            return false;
        read.bytes[i] = (uint8_t)(high << 4 | low);
        at += 2;
    }
    *guid = read;
    return true;
}

static bool parse_bytes(struct vpci_event *event, const cJSON *value, uint8_t *data, char *error,
                        size_t error_bytes)
{
    if (!cJSON_IsString(value)) {
        snprintf(error, error_bytes, "a string of hexadecimal digits is wanted, not %s",
                 vpci_json_type_name(value));
        return false;
    }
    const char *digits = value->valuestring;
    const size_t length = strlen(digits);
    if (length > 2 * VPCI_EVENT_DATA_BYTES_MAX) {
        snprintf(error, error_bytes, "%zu bytes are above %d", length / 2, VPCI_EVENT_DATA_BYTES_MAX);
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        const int half = vpci_hex_value(digits[i]);
        if (half < 0) {
            snprintf(error, error_bytes, "character %zu is not a hexadecimal digit", i + 1);
            return false;
        }
        data[i / 2] = (uint8_t)(i % 2 == 0 ? half << 4 : data[i / 2] | half);
    }
    if (length % 2 != 0) {
        snprintf(error, error_bytes, "an odd number of hexadecimal digits");
        return false;
    }
    event->data = data;
    event->data_length = (uint32_t)(length / 2);
    return true;
}

/* Names that stand for a number: of a status, of a control code. */
static bool number_of_name(enum vpci_field field, const char *name, uint64_t *number_out)
{
    vpci_ntstatus status;
    if (vpci_field_info[field].type == VPCI_TYPE_STATUS && vpci_ntstatus_from_name(name, &status)) {
        *number_out = status;
        return true;
    }
    for (size_t i = 0; field == VPCI_FIELD_CODE && i < CONTROL_CODE_COUNT; i++) {
        if (strcmp(control_codes[i].name, name) == 0) {
            *number_out = control_codes[i].code;
            return true;
        }
    }
    return false;
}

static uint64_t maximum_of(enum vpci_field_type type)
{
    switch (type) {
    case VPCI_TYPE_U8:
        return UINT8_MAX;
    case VPCI_TYPE_U16:
        return UINT16_MAX;
    case VPCI_TYPE_U32:
    case VPCI_TYPE_HEX32:
    case VPCI_TYPE_STATUS:
        return UINT32_MAX;
    default:
        return UINT64_MAX;
    }
}

static bool parse_number(struct vpci_event *event, enum vpci_field field, const cJSON *value, char *error,
                         size_t error_bytes)
{
    uint64_t number = 0;
    if (cJSON_IsString(value) && value->valuestring[0] != '0') {
        if (!number_of_name(field, value->valuestring, &number)) {
            char excerpt[VPCI_EXCERPT_BYTES];
            snprintf(error, error_bytes, "\"%s\" is neither a \"0x\" number nor a name known here",
                     vpci_excerpt(excerpt, value->valuestring));
            return false;
        }
    } else if (!vpci_json_integer(value, maximum_of(vpci_field_info[field].type), &number, error,
                                  error_bytes)) {
        return false;
    }
    vpci_field_store(event, field, number);
    return true;
}

/* The reason in error is without the field's name: the scenario loader writes a JSON pointer in its place. */
bool vpci_field_parse(struct vpci_event *event, enum vpci_field field, const cJSON *value, uint8_t *data,
                      char *error, size_t error_bytes)
{
    bool fine;
    switch (vpci_field_info[field].type) {
    case VPCI_TYPE_BYTES:
        fine = parse_bytes(event, value, data, error, error_bytes);
        break;
    case VPCI_TYPE_BOOL:
        fine = cJSON_IsBool(value);
        if (fine)
            vpci_field_store(event, field, cJSON_IsTrue(value) ? 1 : 0);
        else
            snprintf(error, error_bytes, "true or false is wanted, not %s", vpci_json_type_name(value));
        break;
    case VPCI_TYPE_GUID:
        fine = cJSON_IsString(value) && vpci_guid_parse(&event->guid, value->valuestring);
        if (!fine)
            snprintf(error, error_bytes, "a GUID in text form or \"interface_standard\" is wanted");
        break;
    default:
        fine = parse_number(event, field, value, error, error_bytes);
        break;
    }
    if (fine)
        event->fields |= 1u << field;
    return fine;
}

static bool is_listed(const char *const *names, const char *name)
{
    for (; names != NULL && *names != NULL; names++) {
        if (strcmp(*names, name) == 0)
            return true;
    }
    return false;
}

static bool parse_kind(struct vpci_event *event, const cJSON *object, char *error, size_t error_bytes)
{
    const cJSON *value = cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, "event") : NULL;
    char excerpt[VPCI_EXCERPT_BYTES];
    if (!cJSON_IsObject(object))
        snprintf(error, error_bytes, "an object is wanted, not %s", vpci_json_type_name(object));
    else if (value == NULL)
        snprintf(error, error_bytes, "event: missing");
    else if (!cJSON_IsString(value))
        snprintf(error, error_bytes, "event: a name is wanted, not %s", vpci_json_type_name(value));
    else if (!vpci_event_kind_from_name(value->valuestring, &event->kind))
        snprintf(error, error_bytes, "event: \"%s\" is not an event",
                 vpci_excerpt(excerpt, value->valuestring));
    else
        return true;
    return false;
}

/* What an absent optional field means, as models/event.h says. */
static void fill_absent(struct vpci_event *event)
{
    if (!(event->fields & VPCI_F(CONTEXT_VF)))
        event->context_vf = event->vf;
    if (!(event->fields & VPCI_F(MAJOR)))
        event->major = VPCI_MAJOR_INTERNAL;
    if (!(event->fields & VPCI_F(USER_EVENT)))
        event->user_event = true;
    if (event->kind == VPCI_EVENT_QUERY_INTERFACE && !(event->fields & VPCI_F(STATUS)))
        event->status = VPCI_STATUS_NOT_SUPPORTED;
}

/* Reads one member that the kind has, and puts its name in front of the reason when it is wrong. */
static bool parse_member(struct vpci_event *event, enum vpci_field field, const cJSON *member, uint8_t *data,
                         char *error, size_t error_bytes)
{
    char reason[192];
    if (event->fields >> field & 1u)
        snprintf(reason, sizeof reason, "given twice");
    else if (vpci_field_parse(event, field, member, data, reason, sizeof reason))
        return true;
    snprintf(error, error_bytes, "%s: %s", vpci_field_info[field].name, reason);
    return false;
}

bool vpci_event_parse(struct vpci_event *event, const cJSON *object, const char *const *other_members,
                      uint8_t *data, char *error, size_t error_bytes)
{
    *event = (struct vpci_event){ 0 };
    if (!parse_kind(event, object, error, error_bytes))
        return false;
    const struct vpci_event_info *info = &vpci_event_info[event->kind];
    for (const cJSON *member = object->child; member != NULL; member = member->next) {
        const enum vpci_field field = vpci_field_from_name(info->required | info->optional, member->string);
        if (field != VPCI_FIELD_COUNT) {
            if (!parse_member(event, field, member, data, error, error_bytes))
                return false;
        } else if (strcmp(member->string, "event") != 0 && !is_listed(other_members, member->string)) {
            char excerpt[VPCI_EXCERPT_BYTES];
            snprintf(error, error_bytes, "%s: not a member of %s", vpci_excerpt(excerpt, member->string),
                     info->name);
            return false;
        }
    }
    const uint32_t missing = info->required & ~event->fields;
    if (missing != 0) {
        snprintf(error, error_bytes, "%s: missing", vpci_field_info[__builtin_ctz(missing)].name);
        return false;
    }
    fill_absent(event);
    return true;
}

static void describe_data(struct vpci_text *text, const struct vpci_event *event)
{
    enum { SHOWN_BYTES = 16 };
    const bool whole = event->data_length <= SHOWN_BYTES;
    if (event->data_length == 0)
        vpci_text_add(text, "none");
    vpci_text_add_hex_bytes(text, event->data, whole ? event->data_length : SHOWN_BYTES);
    if (!whole)
        vpci_text_addf(text, "... (%" PRIu32 " bytes)", event->data_length);
}

static void describe_field(struct vpci_text *text, const struct vpci_event *event, enum vpci_field field)
{
    static const struct vpci_guid standard = VPCI_GUID_INTERFACE_STANDARD;
    const enum vpci_field_type type = vpci_field_info[field].type;
    const uint64_t number = vpci_field_load(event, field);
    const char *name = type == VPCI_TYPE_STATUS ? vpci_ntstatus_name(event->status) : NULL;
    if (field == VPCI_FIELD_CODE)
        name = vpci_control_code_name(event->code);
    if (type == VPCI_TYPE_GUID && memcmp(&event->guid, &standard, sizeof standard) == 0)
        name = "interface_standard";
    if (type == VPCI_TYPE_BOOL)
        name = number != 0 ? "yes" : "no";
    vpci_text_addf(text, "  %s ", vpci_field_info[field].name);
    if (name != NULL)
        vpci_text_add(text, name);
    else if (type == VPCI_TYPE_GUID)
        vpci_guid_print(text, &event->guid);
    else if (type == VPCI_TYPE_BYTES)
        describe_data(text, event);
    else if (type == VPCI_TYPE_HEX32 || type == VPCI_TYPE_HEX64 || type == VPCI_TYPE_STATUS)
        vpci_text_add_hex(text, number);
    else
        vpci_text_add_u64(text, number);
}

void vpci_event_describe(struct vpci_text *text, const struct vpci_event *event)
{
    if (event->fields & VPCI_F(VF)) {
        if (event->vf == VPCI_VF_ALL)
            vpci_text_add(text, "all VFs  ");
        else
            vpci_text_addf(text, "VF %u  ", event->vf);
    }
    vpci_text_add(text, vpci_event_info[event->kind].name);
    for (uint32_t left = event->fields & ~VPCI_F(VF); left != 0; left &= left - 1)
        describe_field(text, event, (enum vpci_field)__builtin_ctz(left));
}
