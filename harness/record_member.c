/* SPDX-License-Identifier: MIT */
/* harness/record_member.c - see record_member.h. */
#include "harness/record_member.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "harness/event_json.h"
#include "harness/json.h"

typedef struct vpci_record_error record_error;

bool vpci_record_fail(record_error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->reason, sizeof error->reason, format, arguments);
    va_end(arguments);
    return false;
}

/* Every member of object is one of names, a NULL-terminated list. */
bool vpci_members_only(const cJSON *object, const char *const *names, record_error *error)
{
    for (const cJSON *member = object->child; member != NULL; member = member->next) {
        size_t i = 0;
        while (names[i] != NULL && strcmp(names[i], member->string) != 0)
            i++;
        char excerpt[VPCI_EXCERPT_BYTES];
        if (names[i] == NULL)
            return vpci_record_fail(error, "\"%s\" is not a member of this record",
                                    vpci_excerpt(excerpt, member->string));
    }
    return true;
}

const cJSON *vpci_member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

bool vpci_member_string(const cJSON *object, const char *name, const char **string_out, record_error *error)
{
    const cJSON *member = vpci_member(object, name);
    if (!cJSON_IsString(member))
        return vpci_record_fail(error, "%s: a string is wanted, not %s", name, vpci_json_type_name(member));
    *string_out = member->valuestring;
    return true;
}

bool vpci_member_text(const cJSON *object, const char *name, char *to, size_t bytes, record_error *error)
{
    const char *string = NULL;
    if (!vpci_member_string(object, name, &string, error))
        return false;
    const size_t length = strlen(string);
    if (length >= bytes)
        return vpci_record_fail(error, "%s: %zu bytes, more than %zu", name, length, bytes - 1);
    memcpy(to, string, length + 1);
    return true;
}

bool vpci_is_digest(const char *string)
{
    const size_t length = strlen(string);
    return length == VPCI_DIGEST_TEXT_BYTES - 1 && strspn(string, "0123456789abcdef") == length;
}

bool vpci_member_digest(const cJSON *object, const char *name, bool may_be_empty,
                        char to[VPCI_DIGEST_TEXT_BYTES], record_error *error)
{
    if (!vpci_member_text(object, name, to, VPCI_DIGEST_TEXT_BYTES, error))
        return false;
    if (may_be_empty && to[0] == '\0')
        return true;
    if (!vpci_is_digest(to))
        return vpci_record_fail(error, "%s: not a SHA-256 of 64 lower-case hexadecimal digits", name);
    return true;
}

bool vpci_member_integer(const cJSON *object, const char *name, uint64_t maximum, uint64_t *to,
                         record_error *error)
{
    char reason[VPCI_DETAIL_BYTES / 2];
    if (vpci_json_integer(vpci_member(object, name), maximum, to, reason, sizeof reason))
        return true;
    return vpci_record_fail(error, "%s: %s", name, reason);
}

bool vpci_member_count(const cJSON *object, const char *name, uint32_t *to, record_error *error)
{
    uint64_t number = 0;
    if (!vpci_member_integer(object, name, UINT32_MAX, &number, error))
        return false;
    *to = (uint32_t)number;
    return true;
}

/* The place of string in names, or -1. */
static int place_of(const char *string, const char *const *names, int count)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], string) == 0)
            return i;
    }
    return -1;
}

/* Reads a member that is one of names. */
bool vpci_member_name(const cJSON *object, const char *name, const char *const *names, int count,
                      int *place_out, record_error *error)
{
    const char *string = NULL;
    if (!vpci_member_string(object, name, &string, error))
        return false;
    *place_out = place_of(string, names, count);
    char excerpt[VPCI_EXCERPT_BYTES];
    return *place_out >= 0 || vpci_record_fail(error, "%s: \"%s\" is none of the names it may be", name,
                                               vpci_excerpt(excerpt, string));
}

bool vpci_record_requirement(const cJSON *value, const char *name, enum vpci_requirement *to,
                             record_error *error)
{
    if (!cJSON_IsString(value))
        return vpci_record_fail(error, "%s: a string is wanted, not %s", name, vpci_json_type_name(value));
    *to = vpci_requirement_from_id(value->valuestring);
    char excerpt[VPCI_EXCERPT_BYTES];
    return *to != VPCI_REQUIREMENT_NONE || vpci_record_fail(error, "%s: there is no requirement \"%s\"", name,
                                                            vpci_excerpt(excerpt, value->valuestring));
}

/* Reads an array of names into a set of bits. */
bool vpci_member_name_set(const cJSON *object, const char *name, const char *const *names, int count,
                          uint32_t *set_out, record_error *error)
{
    const cJSON *array = vpci_member(object, name);
    if (!cJSON_IsArray(array))
        return vpci_record_fail(error, "%s: an array is wanted, not %s", name, vpci_json_type_name(array));
    for (const cJSON *item = array->child; item != NULL; item = item->next) {
        const int place = cJSON_IsString(item) ? place_of(item->valuestring, names, count) : -1;
        if (place < 0)
            return vpci_record_fail(error, "%s: an item is none of the names it may be", name);
        *set_out |= (uint32_t)1 << place;
    }
    return true;
}

const char *vpci_arena_keep(struct vpci_arena *arena, const char *string)
{
    return vpci_arena_copy(arena, string, strlen(string));
}

/* A string that may be absent. */
bool vpci_member_keep_optional(const cJSON *object, const char *name, struct vpci_arena *arena,
                               const char **to, record_error *error)
{
    const char *string = NULL;
    if (vpci_member(object, name) == NULL)
        return true;
    if (!vpci_member_string(object, name, &string, error))
        return false;
    *to = vpci_arena_keep(arena, string);
    return true;
}

/* A day of the calendar, "2027-01-31". */
bool vpci_member_date(const cJSON *object, const char *name, char to[VPCI_DATE_BYTES], record_error *error)
{
    const char *string = NULL;
    char excerpt[VPCI_EXCERPT_BYTES];
    if (!vpci_member_string(object, name, &string, error))
        return false;
    if (!vpci_date_is_real(string))
        return vpci_record_fail(error, "%s: \"%s\" is not a day such as 2027-01-31", name,
                                vpci_excerpt(excerpt, string));
    memcpy(to, string, VPCI_DATE_BYTES);
    return true;
}

/* A string that is kept in the arena. */
bool vpci_member_keep(const cJSON *object, const char *name, struct vpci_arena *arena, const char **to,
                      record_error *error)
{
    const char *string = NULL;
    if (!vpci_member_string(object, name, &string, error))
        return false;
    *to = vpci_arena_keep(arena, string);
    return true;
}

bool vpci_member_events(const cJSON *object, const char *name, struct vpci_arena *arena,
                        struct vpci_event **events_out, uint32_t *count_out, record_error *error)
{
    const cJSON *array = vpci_member(object, name);
    if (!cJSON_IsArray(array))
        return vpci_record_fail(error, "%s: an array is wanted, not %s", name, vpci_json_type_name(array));
    const uint32_t count = (uint32_t)cJSON_GetArraySize(array);
    struct vpci_event *events = vpci_arena_take(arena, count, sizeof *events);
    const cJSON *item = array->child;
    for (uint32_t i = 0; i < count; i++, item = item->next) {
        char reason[VPCI_DETAIL_BYTES / 2];
        uint8_t data[VPCI_EVENT_DATA_BYTES_MAX];
        if (!vpci_event_parse(&events[i], item, NULL, data, reason, sizeof reason))
            return vpci_record_fail(error, "%s/%u: %s", name, i, reason);
        if (events[i].data_length > 0)
            events[i].data = (const uint8_t *)vpci_arena_copy(arena, data, events[i].data_length);
    }
    *events_out = events;
    *count_out = count;
    return true;
}
