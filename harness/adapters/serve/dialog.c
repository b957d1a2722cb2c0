/* SPDX-License-Identifier: MIT */
/* harness/adapters/serve/dialog.c - the adapter's end of the channel for a plug-in. What the plug-in reports
 * is gathered and leaves in one write when there is no further line to read, which is at a fence. */
#include "harness/adapters/serve/serve.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/event_json.h"
#include "harness/json.h"

enum {
    EXIT_FINE = 0,
    EXIT_BAD_INPUT = 2,
    EXIT_BAD_PLUGIN = 3,
    PROTOCOL = 1,
    LINE_BYTES_MAX = 1024 * 1024,
    PENDING_BYTES_MAX = 1024 * 1024, /* answers are written once this much has gathered */
};

struct dialog {
    const struct vpci_plugin *plugin;
    int in, out;
    struct vpci_text answers;
    bool over; /* bye, or a write failed */
    uint64_t lines;
    void *device; /* of the running case, or NULL */
    uint64_t case_number;
    struct vpci_event_host host;
    struct vpci_device description;
    struct serve_memory memory;
    uint8_t data[VPCI_EVENT_DATA_BYTES_MAX];
    char *bytes; /* of the line being read, and what came behind it */
    size_t capacity, from, to;
};

static bool complain(const struct dialog *dialog, const char *reason)
{
    fprintf(stderr, "vpci-serve: line %" PRIu64 " of the kit: %s\n", dialog->lines, reason);
    return false;
}

static void write_answers(struct dialog *dialog)
{
    size_t written = 0;
    while (written < dialog->answers.length) {
        const ssize_t length =
            write(dialog->out, dialog->answers.bytes + written, dialog->answers.length - written);
        if (length < 0 && errno != EINTR) {
            dialog->over = true;
            break;
        }
        written += length > 0 ? (size_t)length : 0;
    }
    vpci_text_clear(&dialog->answers);
}

static void observe(void *kit, const struct vpci_event *event)
{
    struct dialog *dialog = kit;
    struct vpci_event reported = *event;
    if ((unsigned)event->kind >= VPCI_EVENT_COUNT) {
        fprintf(stderr, "vpci-serve: the plug-in reports an event of kind %u, which does not exist\n",
                (unsigned)event->kind);
        exit(EXIT_BAD_PLUGIN);
    }
    /* A seam in process does not look at fields that the kind lacks, so neither does this one. */
    reported.fields &= vpci_event_info[event->kind].required | vpci_event_info[event->kind].optional;
    serve_memory_report(&dialog->memory, &reported);
    vpci_text_add(&dialog->answers, "{\"case\":");
    vpci_text_add_u64(&dialog->answers, dialog->case_number);
    vpci_text_add(&dialog->answers, ",");
    vpci_event_print_members(&dialog->answers, &reported);
    vpci_text_add(&dialog->answers, "}\n");
    if (dialog->answers.length > PENDING_BYTES_MAX)
        write_answers(dialog);
}

static bool number_of(const cJSON *object, const char *name, uint64_t maximum, uint64_t *number_out)
{
    char reason[128];
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
    return value != NULL && vpci_json_integer(value, maximum, number_out, reason, sizeof reason);
}

/* Starts an answer; the caller adds members and the end. */
static void answer(struct dialog *dialog, const char *request, uint64_t seq)
{
    vpci_text_add(&dialog->answers, "{\"re\":\"");
    vpci_text_add(&dialog->answers, request);
    vpci_text_add(&dialog->answers, "\",\"seq\":");
    vpci_text_add_u64(&dialog->answers, seq);
}

static void end_answer(struct dialog *dialog, uint64_t case_number)
{
    vpci_text_add(&dialog->answers, ",\"case\":");
    vpci_text_add_u64(&dialog->answers, case_number);
    vpci_text_add(&dialog->answers, "}\n");
}

static void add_names(struct vpci_text *text, uint32_t set, int count, const char *(*name_of)(int))
{
    const char *separator = "";
    vpci_text_add(text, "[");
    for (int i = 0; i < count; i++) {
        if (set >> i & 1u) {
            vpci_text_add(text, separator);
            vpci_text_add_json(text, name_of(i));
            separator = ",";
        }
    }
    vpci_text_add(text, "]");
}

static const char *role_name(int role)
{
    return vpci_role_info[role].name;
}

static const char *capability_name(int capability)
{
    return vpci_capability_info[capability].name;
}

/* What the plug-in claims, without what a channel cannot carry, and with the fence that this program adds. */
static vpci_capability_set claims(const struct vpci_plugin *plugin)
{
    const vpci_capability_set lost = VPCI_CAPABILITY_BIT(SHARED_MEMORY) | VPCI_CAPABILITY_BIT(REENTRANT);
    return (plugin->capabilities & ~lost) | VPCI_CAPABILITY_BIT(SETTLE);
}

static bool take_hello(struct dialog *dialog, const cJSON *line, uint64_t seq)
{
    uint64_t protocol = 0;
    if (!number_of(line, "protocol", UINT32_MAX, &protocol) || protocol != PROTOCOL)
        return complain(dialog, "protocol: version 1 is wanted");
    struct vpci_text *text = &dialog->answers;
    answer(dialog, "hello", seq);
    vpci_text_addf(text, ",\"protocol\":%d,\"name\":", PROTOCOL);
    vpci_text_add_json(text, dialog->plugin->name);
    vpci_text_add(text, ",\"version\":");
    vpci_text_add_json(text, dialog->plugin->version);
    vpci_text_add(text, ",\"roles\":");
    add_names(text, dialog->plugin->roles, VPCI_ROLE_COUNT, role_name);
    vpci_text_add(text, ",\"capabilities\":");
    add_names(text, claims(dialog->plugin), VPCI_CAPABILITY_COUNT, capability_name);
    vpci_text_add(text, "}\n");
    return true;
}

static void close_device(struct dialog *dialog)
{
    if (dialog->device != NULL)
        dialog->plugin->event_driven->close(dialog->device);
    dialog->device = NULL;
}

static bool describe_device(struct dialog *dialog, const cJSON *line)
{
    uint64_t vfs = 0;
    const cJSON *role = cJSON_GetObjectItemCaseSensitive(line, "role");
    const cJSON *scenario = cJSON_GetObjectItemCaseSensitive(line, "scenario");
    if (!cJSON_IsString(role) || !cJSON_IsString(scenario) || !number_of(line, "vfs", VPCI_VFS_MAX, &vfs) ||
        !number_of(line, "seed", UINT64_MAX, &dialog->description.seed))
        return complain(dialog, "open: role, scenario, vfs and seed are wanted");
    int index = 0;
    while (index < VPCI_ROLE_COUNT && strcmp(vpci_role_info[index].name, role->valuestring) != 0)
        index++;
    if (index == VPCI_ROLE_COUNT)
        return complain(dialog, "open: role: not known here");
    dialog->description.role = (enum vpci_role)index;
    dialog->description.vf_count = (uint16_t)vfs;
    dialog->description.scenario = scenario->valuestring;
    return true;
}

static bool take_open(struct dialog *dialog, const cJSON *line, uint64_t seq, uint64_t case_number)
{
    close_device(dialog);
    if (!describe_device(dialog, line))
        return false;
    dialog->case_number = case_number;
    for (uint32_t i = 0; i < VPCI_REQUESTS_MAX; i++)
        dialog->memory.requests[i].kind = VPCI_EVENT_COUNT;
    dialog->device = dialog->plugin->event_driven->open(&dialog->host, &dialog->description);
    answer(dialog, dialog->device != NULL ? "open" : "refused", seq);
    if (dialog->device == NULL)
        vpci_text_add(&dialog->answers, ",\"reason\":\"the plug-in opens no such device\"");
    end_answer(dialog, case_number);
    return true;
}

static void settle(struct dialog *dialog, uint64_t seq, uint64_t case_number)
{
    if (dialog->device != NULL && dialog->plugin->event_driven->run != NULL)
        dialog->plugin->event_driven->run(dialog->device);
    answer(dialog, "settle", seq);
    end_answer(dialog, case_number);
}

static bool take_request(struct dialog *dialog, const cJSON *line, const char *request)
{
    uint64_t seq = 0, case_number = 0;
    if (!number_of(line, "seq", VPCI_JSON_INTEGER_MAX, &seq))
        return complain(dialog, "seq: a number is wanted");
    if (strcmp(request, "hello") == 0)
        return take_hello(dialog, line, seq);
    if (strcmp(request, "bye") == 0) {
        dialog->over = true;
        return true;
    }
    if (!number_of(line, "case", VPCI_JSON_INTEGER_MAX, &case_number))
        return complain(dialog, "case: a number is wanted");
    if (strcmp(request, "open") == 0)
        return take_open(dialog, line, seq, case_number);
    if (strcmp(request, "settle") == 0) {
        settle(dialog, seq, case_number);
        return true;
    }
    if (strcmp(request, "close") != 0)
        return complain(dialog, "do: not known here");
    close_device(dialog);
    answer(dialog, "close", seq);
    end_answer(dialog, case_number);
    return true;
}

static bool take_event(struct dialog *dialog, const cJSON *line)
{
    static const char *const other_members[] = { "case", NULL };
    char reason[256];
    struct vpci_event event;
    if (!vpci_event_parse(&event, line, other_members, dialog->data, reason, sizeof reason))
        return complain(dialog, reason);
    if (dialog->device == NULL)
        return true; /* open was refused */
    if (event.kind == VPCI_EVENT_INPUT_CHANGE)
        serve_memory_change(&dialog->memory, &event);
    dialog->plugin->event_driven->submit(dialog->device, &event, serve_memory_begin(&dialog->memory, &event));
    return true;
}

static bool skip(const char **at, const char *end, const char *literal)
{
    const size_t length = strlen(literal);
    if ((size_t)(end - *at) < length || memcmp(*at, literal, length) != 0)
        return false;
    *at += length;
    return true;
}

/* At most 15 digits, which every JSON reader keeps exactly. */
static bool skip_number(const char **at, const char *end, uint64_t *number_out)
{
    const char *from = *at;
    *number_out = 0;
    while (*at < end && **at >= '0' && **at <= '9' && *at - from < 15)
        *number_out = *number_out * 10 + (uint64_t)(*(*at)++ - '0');
    return *at > from && (*from != '0' || *at - from == 1);
}

/* The most frequent line, in the form that the kit prints; any other form is read as JSON. */
static bool took_plain_settle(struct dialog *dialog, const char *bytes, size_t length)
{
    const char *at = bytes, *const end = bytes + length;
    uint64_t seq, case_number;
    if (!skip(&at, end, "{\"do\":\"settle\",\"seq\":") || !skip_number(&at, end, &seq) ||
        !skip(&at, end, ",\"case\":") || !skip_number(&at, end, &case_number) || !skip(&at, end, "}") ||
        at != end)
        return false;
    settle(dialog, seq, case_number);
    return true;
}

static bool take_line(struct dialog *dialog, const char *bytes, size_t length)
{
    char reason[256];
    dialog->lines++;
    if (took_plain_settle(dialog, bytes, length))
        return true;
    cJSON *line = vpci_json_parse(bytes, length, reason, sizeof reason);
    if (line == NULL)
        return complain(dialog, reason);
    const cJSON *request = cJSON_GetObjectItemCaseSensitive(line, "do");
    const bool fine =
        cJSON_IsString(request) ? take_request(dialog, line, request->valuestring) : take_event(dialog, line);
    cJSON_Delete(line);
    return fine;
}

/* Takes every whole line that has been read. */
static bool take_lines(struct dialog *dialog)
{
    while (!dialog->over) {
        const char *line = dialog->bytes + dialog->from;
        const char *newline = memchr(line, '\n', dialog->to - dialog->from);
        if (newline == NULL)
            return true;
        dialog->from += (size_t)(newline - line) + 1;
        if (!take_line(dialog, line, (size_t)(newline - line)))
            return false;
    }
    return true;
}

/* False at the end of input, and when a line is longer than any kit sends. */
static bool read_more(struct dialog *dialog)
{
    memmove(dialog->bytes, dialog->bytes + dialog->from, dialog->to - dialog->from);
    dialog->to -= dialog->from;
    dialog->from = 0;
    ssize_t length;
    do {
        length = read(dialog->in, dialog->bytes + dialog->to, dialog->capacity - dialog->to);
    } while (length < 0 && errno == EINTR);
    if (length > 0)
        dialog->to += (size_t)length;
    return length > 0;
}

int serve_dialog(const struct vpci_plugin *plugin, int in, int out)
{
    struct dialog *dialog = calloc(1, sizeof *dialog);
    char *bytes = malloc(LINE_BYTES_MAX);
    bool fine = dialog != NULL && bytes != NULL;
    if (fine) {
        dialog->plugin = plugin;
        dialog->in = in;
        dialog->out = out;
        dialog->host = (struct vpci_event_host){ .kit = dialog, .observe = observe };
        dialog->memory.status_blocks = (plugin->capabilities & VPCI_CAPABILITY_BIT(STATUS_BLOCK)) != 0;
        dialog->bytes = bytes;
        dialog->capacity = LINE_BYTES_MAX;
        while (fine && !dialog->over && read_more(dialog)) {
            fine = take_lines(dialog);
            write_answers(dialog);
        }
        close_device(dialog);
        vpci_text_free(&dialog->answers);
    }
    free(bytes);
    free(dialog);
    return fine ? EXIT_FINE : EXIT_BAD_INPUT;
}
