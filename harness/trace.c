/* SPDX-License-Identifier: MIT */
/* harness/trace.c - reads and begins the files of harness/trace.h. Lines are taken one at a time, so that
 * only events are kept, however long the file is. */
#include "harness/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/allocate.h"
#include "harness/event_json.h"
#include "harness/file.h"
#include "harness/json.h"

enum { READ_BYTES = 64 * 1024, REASON_BYTES = 256 };

struct reader {
    struct vpci_trace *trace;
    uint32_t event_capacity;
    uint64_t line; /* from 1 */
    char reason[REASON_BYTES];
};

void vpci_trace_print_header(struct vpci_text *text, const struct vpci_trace_header *header)
{
    vpci_text_addf(text, "{\"trace\":%d,\"role\":\"%s\",\"vfs\":%u,\"capabilities\":[", VPCI_TRACE_FORMAT,
                   vpci_role_info[header->role].name, header->vf_count);
    const char *comma = "";
    for (int capability = 0; capability < VPCI_CAPABILITY_COUNT; capability++) {
        if (header->capabilities >> capability & 1u) {
            vpci_text_addf(text, "%s\"%s\"", comma, vpci_capability_info[capability].name);
            comma = ",";
        }
    }
    vpci_text_add(text, "],\"profile\":");
    vpci_text_add_json(text, header->profile);
    vpci_text_add(text, "}\n");
}

__attribute__((format(printf, 2, 3))) static bool refuse(struct reader *reader, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reader->reason, sizeof reader->reason, format, arguments);
    va_end(arguments);
    return false;
}

static bool read_number(struct reader *reader, const cJSON *value, const char *name, uint64_t minimum,
                        uint64_t maximum, uint64_t *number_out)
{
    char reason[REASON_BYTES / 2];
    if (!vpci_json_integer(value, maximum, number_out, reason, sizeof reason))
        return refuse(reader, "%s: %s", name, reason);
    return *number_out >= minimum ||
           refuse(reader, "%s: %" PRIu64 " is below %" PRIu64, name, *number_out, minimum);
}

static bool read_format(struct reader *reader, const cJSON *value)
{
    uint64_t format;
    return read_number(reader, value, "trace", VPCI_TRACE_FORMAT, VPCI_TRACE_FORMAT, &format);
}

static bool read_role(struct reader *reader, const cJSON *value)
{
    for (int role = 0; cJSON_IsString(value) && role < VPCI_ROLE_COUNT; role++) {
        if (strcmp(vpci_role_info[role].name, value->valuestring) == 0) {
            reader->trace->header.role = (enum vpci_role)role;
            return true;
        }
    }
    return refuse(reader, "role: the name of a role is wanted");
}

static bool read_vfs(struct reader *reader, const cJSON *value)
{
    uint64_t count;
    if (!read_number(reader, value, "vfs", 1, VPCI_VFS_MAX, &count))
        return false;
    reader->trace->header.vf_count = (uint16_t)count;
    return true;
}

static bool read_capability(struct reader *reader, const cJSON *value)
{
    char excerpt[VPCI_EXCERPT_BYTES];
    for (int capability = 0; cJSON_IsString(value) && capability < VPCI_CAPABILITY_COUNT; capability++) {
        if (strcmp(vpci_capability_info[capability].name, value->valuestring) == 0) {
            reader->trace->header.capabilities |= (vpci_capability_set)1 << capability;
            return true;
        }
    }
    if (!cJSON_IsString(value))
        return refuse(reader, "capabilities: a name is wanted, not %s", vpci_json_type_name(value));
    return refuse(reader, "capabilities: there is no capability \"%s\"",
                  vpci_excerpt(excerpt, value->valuestring));
}

static bool read_capabilities(struct reader *reader, const cJSON *value)
{
    if (!cJSON_IsArray(value))
        return refuse(reader, "capabilities: a list is wanted, not %s", vpci_json_type_name(value));
    for (const cJSON *name = value->child; name != NULL; name = name->next) {
        if (!read_capability(reader, name))
            return false;
    }
    return true;
}

static bool read_profile(struct reader *reader, const cJSON *value)
{
    if (!cJSON_IsString(value) || value->valuestring[0] == '\0' ||
        strlen(value->valuestring) >= VPCI_TRACE_PROFILE_BYTES)
        return refuse(reader, "profile: a name of 1 to %d bytes is wanted", VPCI_TRACE_PROFILE_BYTES - 1);
    strcpy(reader->trace->header.profile, value->valuestring);
    return true;
}

static const struct {
    const char *name;
    bool (*read)(struct reader *reader, const cJSON *value);
} header_members[] = { { "trace", read_format },
                       { "role", read_role },
                       { "vfs", read_vfs },
                       { "capabilities", read_capabilities },
                       { "profile", read_profile } };
enum { HEADER_MEMBER_COUNT = sizeof header_members / sizeof header_members[0] };

static bool read_header(struct reader *reader, const cJSON *object)
{
    char excerpt[VPCI_EXCERPT_BYTES];
    if (!cJSON_IsObject(object) || cJSON_GetObjectItemCaseSensitive(object, "trace") == NULL)
        return refuse(reader, "the header of a trace is missing");
    for (size_t i = 0; i < HEADER_MEMBER_COUNT; i++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, header_members[i].name);
        if (value == NULL)
            return refuse(reader, "%s: missing", header_members[i].name);
        if (!header_members[i].read(reader, value))
            return false;
    }
    for (const cJSON *member = object->child; member != NULL; member = member->next) {
        size_t i = 0;
        while (i < HEADER_MEMBER_COUNT && strcmp(header_members[i].name, member->string) != 0)
            i++;
        if (i == HEADER_MEMBER_COUNT)
            return refuse(reader, "%s: there is no such member", vpci_excerpt(excerpt, member->string));
    }
    return true;
}

static bool read_event(struct reader *reader, const cJSON *object)
{
    struct vpci_trace *trace = reader->trace;
    if (trace->event_count == VPCI_TRACE_EVENTS_MAX)
        return refuse(reader, "more than %d events", VPCI_TRACE_EVENTS_MAX);
    if (trace->event_count == reader->event_capacity) {
        reader->event_capacity = reader->event_capacity == 0 ? 64 : 2 * reader->event_capacity;
        trace->events =
            vpci_need_memory(realloc(trace->events, reader->event_capacity * sizeof *trace->events));
    }
    struct vpci_event *event = &trace->events[trace->event_count];
    uint8_t data[VPCI_EVENT_DATA_BYTES_MAX];
    if (!vpci_event_parse(event, object, NULL, data, reader->reason, sizeof reader->reason))
        return false;
    if (event->data != NULL)
        event->data = (const uint8_t *)vpci_arena_copy(&trace->arena, data, event->data_length);
    trace->event_count++;
    return true;
}

static bool read_line(struct reader *reader, const char *bytes, size_t length)
{
    static const char place[] = "line 1, ";
    reader->line++;
    if (length > VPCI_TRACE_LINE_BYTES_MAX)
        return refuse(reader, "longer than %d bytes", VPCI_TRACE_LINE_BYTES_MAX);
    if (length == 0)
        return refuse(reader, "an empty line");
    char reason[REASON_BYTES];
    cJSON *object = vpci_json_parse(bytes, length, reason, sizeof reason);
    if (object == NULL)
        return refuse(reader, "%s",
                      strncmp(reason, place, sizeof place - 1) == 0 ? reason + sizeof place - 1 : reason);
    const bool fine = reader->line == 1 ? read_header(reader, object) : read_event(reader, object);
    cJSON_Delete(object);
    return fine;
}

/* Takes the whole lines at the front of the text away; with `all`, what is left is a line too. */
static bool take_lines(struct reader *reader, struct vpci_text *text, bool all)
{
    size_t from = 0;
    while (from < text->length) {
        const char *newline = memchr(text->bytes + from, '\n', text->length - from);
        if (newline == NULL && !all && text->length - from <= VPCI_TRACE_LINE_BYTES_MAX)
            break;
        const size_t end = newline == NULL ? text->length : (size_t)(newline - text->bytes);
        if (!read_line(reader, text->bytes + from, end - from))
            return false;
        from = newline == NULL ? end : end + 1;
    }
    if (text->length > 0)
        memmove(text->bytes, text->bytes + from, text->length - from);
    text->length -= from;
    return true;
}

static bool read_all(struct reader *reader, int descriptor)
{
    struct vpci_text text = { 0 };
    char *buffer = vpci_need_memory(malloc(READ_BYTES));
    bool fine = true;
    ssize_t got = 1;
    while (fine && got != 0) {
        got = read(descriptor, buffer, READ_BYTES);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            fine = refuse(reader, "%s", strerror(errno));
        else
            vpci_text_add_bytes(&text, buffer, (size_t)got);
        fine = fine && take_lines(reader, &text, got == 0);
    }
    free(buffer);
    vpci_text_free(&text);
    return fine;
}

/* What was read is the result, unless a line was refused; then the error is, and the trace is empty. */
static bool conclude(struct reader *reader, bool fine, const char *path, char error[VPCI_TRACE_ERROR_BYTES])
{
    if (fine && reader->line > 0)
        return true;
    if (fine) {
        reader->line = 1;
        refuse(reader, "the header of a trace is missing");
    }
    enum { PATH_SHOWN_BYTES = 200 };
    const size_t length = strlen(path);
    struct vpci_text text = { 0 };
    vpci_text_add_plain(&text, path + (length > PATH_SHOWN_BYTES ? length - PATH_SHOWN_BYTES : 0));
    snprintf(error, VPCI_TRACE_ERROR_BYTES, "%s:%" PRIu64 ": %s", text.bytes, reader->line, reader->reason);
    vpci_text_free(&text);
    vpci_trace_free(reader->trace);
    return false;
}

bool vpci_trace_read(struct vpci_trace *trace, const char *path, char error[VPCI_TRACE_ERROR_BYTES])
{
    *trace = (struct vpci_trace){ 0 };
    struct reader reader = { .trace = trace };
    const int descriptor = vpci_file_open(path, error, VPCI_TRACE_ERROR_BYTES);
    if (descriptor < 0)
        return false;
    const bool fine = read_all(&reader, descriptor);
    close(descriptor);
    return conclude(&reader, fine, path, error);
}

bool vpci_trace_read_bytes(struct vpci_trace *trace, const char *name, const char *bytes, size_t length,
                           char error[VPCI_TRACE_ERROR_BYTES])
{
    *trace = (struct vpci_trace){ 0 };
    struct reader reader = { .trace = trace };
    struct vpci_text text = { 0 };
    vpci_text_add_bytes(&text, bytes, length);
    const bool fine = take_lines(&reader, &text, true);
    vpci_text_free(&text);
    return conclude(&reader, fine, name, error);
}

void vpci_trace_free(struct vpci_trace *trace)
{
    free(trace->events);
    vpci_arena_free(&trace->arena);
    *trace = (struct vpci_trace){ 0 };
}
