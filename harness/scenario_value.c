/* SPDX-License-Identifier: MIT */
/* harness/scenario_value.c - values of a scenario's text: literals of every form, and "$name.member+8", which
 * is read once for each value of the parameter so that a case needs no reading. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "harness/event_field.h"
#include "harness/event_json.h"
#include "harness/json.h"
#include "harness/scenario_internal.h"
#include "harness/text.h"

/* A name as it stands in a JSON pointer: printable, cut when long, "~" and "/" escaped. */
static void add_token(struct vpci_text *text, const char *name)
{
    char excerpt[VPCI_EXCERPT_BYTES];
    vpci_text_add(text, "/");
    for (const char *at = vpci_excerpt(excerpt, name); *at != '\0'; at++) {
        if (*at == '~' || *at == '/')
            vpci_text_add(text, *at == '~' ? "~0" : "~1");
        else
            vpci_text_add_bytes(text, at, 1);
    }
}

static void refuse_with(struct scenario_loader *loader, const char *member, const char *format,
                        va_list arguments)
{
    enum { PATH_SHOWN_BYTES = 500 }; /* the end of a long path, so that there is room for the reason */
    char reason[SCENARIO_REASON_BYTES];
    vsnprintf(reason, sizeof reason, format, arguments);
    const size_t length = strlen(loader->file);
    struct vpci_text text = { 0 };
    vpci_text_add_plain(&text, loader->file + (length > PATH_SHOWN_BYTES ? length - PATH_SHOWN_BYTES : 0));
    vpci_text_add(&text, ": ");
    const size_t without_pointer = text.length;
    vpci_text_add(&text, loader->pointer);
    if (member != NULL)
        add_token(&text, member);
    vpci_text_addf(&text, "%s%s", text.length == without_pointer ? "" : ": ", reason);
    snprintf(loader->error, VPCI_ERROR_BYTES, "%s", text.bytes);
    vpci_text_free(&text);
}

bool scenario_refuse(struct scenario_loader *loader, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    refuse_with(loader, NULL, format, arguments);
    va_end(arguments);
    return false;
}

bool scenario_refuse_at(struct scenario_loader *loader, const char *member, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    refuse_with(loader, member, format, arguments);
    va_end(arguments);
    return false;
}

size_t scenario_enter(struct scenario_loader *loader, const char *member)
{
    const size_t length = strlen(loader->pointer);
    struct vpci_text token = { 0 };
    add_token(&token, member);
    snprintf(loader->pointer + length, sizeof loader->pointer - length, "%s", token.bytes);
    vpci_text_free(&token);
    return length;
}

size_t scenario_enter_index(struct scenario_loader *loader, uint32_t index)
{
    const size_t length = strlen(loader->pointer);
    snprintf(loader->pointer + length, sizeof loader->pointer - length, "/%" PRIu32, index);
    return length;
}

void scenario_leave(struct scenario_loader *loader, size_t length)
{
    loader->pointer[length] = '\0';
}

static bool find_word(const struct scenario_word *words, const cJSON *json, uint64_t *number_out)
{
    for (; words != NULL && cJSON_IsString(json) && words->name != NULL; words++) {
        if (strcmp(words->name, json->valuestring) == 0) {
            *number_out = words->number;
            return true;
        }
    }
    return false;
}

static bool read_word(const struct scenario_form *form, const cJSON *json, struct scenario_value *value,
                      char *reason)
{
    if (find_word(form->words, json, &value->number))
        return true;
    int length = snprintf(reason, SCENARIO_REASON_BYTES, "must be");
    for (const struct scenario_word *word = form->words; word->name != NULL; word++)
        length += snprintf(reason + length, SCENARIO_REASON_BYTES - (size_t)length, "%s \"%s\"",
                           word == form->words ? "" : " or", word->name);
    return false;
}

static bool read_number(const struct scenario_form *form, const cJSON *json, struct scenario_value *value,
                        char *reason)
{
    if (find_word(form->words, json, &value->number))
        return true;
    if (!vpci_json_integer(json, form->maximum, &value->number, reason, SCENARIO_REASON_BYTES))
        return false;
    if (value->number < form->minimum) {
        snprintf(reason, SCENARIO_REASON_BYTES, "%" PRIu64 " is below %" PRIu64, value->number,
                 form->minimum);
        return false;
    }
    return true;
}

static bool read_bytes(struct vpci_arena *arena, const cJSON *json, struct scenario_value *value,
                       char *reason)
{
    static const struct scenario_word keywords[] = { { "unique", VPCI_DATA_UNIQUE },
                                                     { "zeros", VPCI_DATA_ZEROS },
                                                     { "ones", VPCI_DATA_ONES },
                                                     { "fill", VPCI_DATA_FILL },
                                                     { NULL, 0 } };
    uint64_t keyword;
    if (find_word(keywords, json, &keyword)) {
        value->data = (enum vpci_pf_data)keyword;
        return true;
    }
    struct vpci_event event = { 0 };
    uint8_t data[VPCI_EVENT_DATA_BYTES_MAX];
    if (!vpci_field_parse(&event, VPCI_FIELD_DATA, json, data, reason, SCENARIO_REASON_BYTES)) {
        strncat(reason, " (or unique, zeros, ones, fill)", SCENARIO_REASON_BYTES - strlen(reason) - 1);
        return false;
    }
    value->data = VPCI_DATA_GIVEN;
    value->byte_count = event.data_length;
    value->bytes = (const uint8_t *)vpci_arena_copy(arena, data, event.data_length);
    return true;
}

static bool read_field(struct vpci_arena *arena, enum vpci_field field, const cJSON *json,
                       struct scenario_value *value, char *reason)
{
    struct vpci_event event = { 0 };
    uint8_t data[VPCI_EVENT_DATA_BYTES_MAX];
    if (!vpci_field_parse(&event, field, json, data, reason, SCENARIO_REASON_BYTES))
        return false;
    if (field == VPCI_FIELD_REQUEST && event.request >= VPCI_REQUESTS_MAX) {
        snprintf(reason, SCENARIO_REASON_BYTES, "%" PRIu32 " is above %d", event.request,
                 VPCI_REQUESTS_MAX - 1);
        return false;
    }
    value->number = vpci_field_load(&event, field);
    if (vpci_field_info[field].type == VPCI_TYPE_GUID)
        value->bytes = (const uint8_t *)vpci_arena_copy(arena, event.guid.bytes, sizeof event.guid.bytes);
    return true;
}

static bool read_value(struct vpci_arena *arena, const struct scenario_form *form, const cJSON *json,
                       struct scenario_value *value, char *reason)
{
    switch (form->kind) {
    case SCENARIO_FORM_FIELD:
        return read_field(arena, form->field, json, value, reason);
    case SCENARIO_FORM_BYTES:
        return read_bytes(arena, json, value, reason);
    case SCENARIO_FORM_NUMBER:
        return read_number(form, json, value, reason);
    case SCENARIO_FORM_WORD:
        return read_word(form, json, value, reason);
    case SCENARIO_FORM_BOOL:
        break;
    }
    value->number = cJSON_IsTrue(json) ? 1 : 0;
    if (!cJSON_IsBool(json))
        snprintf(reason, SCENARIO_REASON_BYTES, "true or false is wanted, not %s", vpci_json_type_name(json));
    return cJSON_IsBool(json);
}

/* "$name", "$name.member", either with +N or -N behind it. */
struct reference {
    struct scenario_parameter *parameter;
    uint32_t index;
    char member[VPCI_EXCERPT_BYTES]; /* "" for the value itself */
    bool minus;
    uint64_t offset;
    bool has_offset;
};

static bool is_name_character(char character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || character == '_';
}

static size_t name_length(const char *at)
{
    size_t length = 0;
    while (is_name_character(at[length]))
        length++;
    return length;
}

static bool read_offset(const char *at, struct reference *reference)
{
    reference->minus = *at++ == '-';
    reference->has_offset = true;
    if (*at == '\0')
        return false;
    for (; *at != '\0'; at++) {
        if (*at < '0' || *at > '9' || reference->offset > UINT32_MAX)
            return false;
        reference->offset = reference->offset * 10 + (uint64_t)(*at - '0');
    }
    return true;
}

static bool read_reference(struct scenario_loader *loader, const char *string, struct reference *reference)
{
    char excerpt[VPCI_EXCERPT_BYTES];
    vpci_excerpt(excerpt, string);
    const char *name = string + 1;
    const size_t length = name_length(name);
    for (uint32_t i = 0; i < loader->parameter_count; i++) {
        struct scenario_parameter *parameter = &loader->parameters[i];
        if (strlen(parameter->name) == length && strncmp(parameter->name, name, length) == 0) {
            reference->parameter = parameter;
            reference->index = i;
        }
    }
    if (reference->parameter == NULL)
        return scenario_refuse(loader, "\"%s\" names no parameter of vary", excerpt);
    const char *at = name + length;
    if (*at == '.') {
        const size_t member_length = name_length(++at);
        if (member_length == 0 || member_length >= sizeof reference->member)
            return scenario_refuse(loader, "\"%s\" has no name of a member behind the dot", excerpt);
        memcpy(reference->member, at, member_length);
        at += member_length;
    }
    if (*at == '\0' || ((*at == '+' || *at == '-') && read_offset(at, reference)))
        return true;
    return scenario_refuse(loader, "\"%s\" is not of the form $name, $name.member, $name+8 or $name-1",
                           excerpt);
}

/* Makes a JSON number, or a "0x" string where a number would not be exact. */
static const cJSON *number_to_json(uint64_t number, cJSON *scratch, char digits[32])
{
    *scratch = (cJSON){ .type = cJSON_Number, .valuedouble = (double)number };
    if (number > VPCI_JSON_INTEGER_MAX) {
        snprintf(digits, 32, "0x%" PRIx64, number);
        scratch->type = cJSON_String;
        scratch->valuestring = digits;
    }
    return scratch;
}

const cJSON *scenario_parameter_value(const struct scenario_parameter *parameter, uint32_t index,
                                      cJSON *scratch, char digits[32])
{
    if (parameter->values != NULL)
        return parameter->values[index];
    return number_to_json(parameter->from + index * parameter->step, scratch, digits);
}

/* The JSON value that the reference stands for with value number index of its parameter; NULL with the
 * reason. */
static const cJSON *resolve(const struct reference *reference, uint32_t index, cJSON *scratch,
                            char digits[32], char *reason)
{
    const cJSON *json = scenario_parameter_value(reference->parameter, index, scratch, digits);
    if (reference->member[0] != '\0') {
        json = cJSON_IsObject(json) ? cJSON_GetObjectItemCaseSensitive(json, reference->member) : NULL;
        if (json == NULL) {
            snprintf(reason, SCENARIO_REASON_BYTES, "the value has no member \"%s\"", reference->member);
            return NULL;
        }
    }
    if (!reference->has_offset)
        return json;
    uint64_t number = 0;
    if (!vpci_json_integer(json, UINT64_MAX, &number, reason, SCENARIO_REASON_BYTES))
        return NULL;
    if (reference->minus ? number < reference->offset : number > UINT64_MAX - reference->offset) {
        snprintf(reason, SCENARIO_REASON_BYTES, "%" PRIu64 " %c %" PRIu64 " is no 64-bit number", number,
                 reference->minus ? '-' : '+', reference->offset);
        return NULL;
    }
    return number_to_json(reference->minus ? number - reference->offset : number + reference->offset, scratch,
                          digits);
}

static bool read_table(struct scenario_loader *loader, const struct scenario_form *form,
                       const struct reference *reference, struct scenario_value *values)
{
    for (uint32_t i = 0; i < reference->parameter->count; i++) {
        cJSON scratch;
        char digits[32], reason[SCENARIO_REASON_BYTES];
        const cJSON *json = resolve(reference, i, &scratch, digits, reason);
        if (json == NULL || !read_value(loader->arena, form, json, &values[i], reason))
            return scenario_refuse(loader, "with value %" PRIu32 " of $%s: %s", i, reference->parameter->name,
                                   reason);
    }
    return true;
}

bool scenario_read_source(struct scenario_loader *loader, const struct scenario_form *form, const cJSON *json,
                          struct scenario_source *source)
{
    struct reference reference = { 0 };
    const bool refers = cJSON_IsString(json) && json->valuestring[0] == '$';
    if (refers && !read_reference(loader, json->valuestring, &reference))
        return false;
    const uint32_t count = refers ? reference.parameter->count : 1;
    loader->value_count += count;
    if (loader->value_count > SCENARIO_VALUES_MAX)
        return scenario_refuse(loader, "more than %d values of parameters", SCENARIO_VALUES_MAX);
    struct scenario_value *values = vpci_arena_take(loader->arena, count, sizeof *values);
    *source = (struct scenario_source){ .values = values, .parameter = SCENARIO_LITERAL };
    if (refers) {
        reference.parameter->used = true;
        source->parameter = reference.index;
        return read_table(loader, form, &reference, values);
    }
    char reason[SCENARIO_REASON_BYTES];
    return read_value(loader->arena, form, json, values, reason) || scenario_refuse(loader, "%s", reason);
}
