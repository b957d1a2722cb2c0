/* SPDX-License-Identifier: MIT */
/* tests/unit/history.h - histories for the judge, written as one line each, and what it should say of them.
 *
 * "read; pf_read; answer d=A8; read_return d=A8; rest" is five events. Whatever is not said has a default:
 * VF 0, request 1, call 1, block 7, length 8, SUCCESS, Information 0. Two VFs are started before the first
 * event. Each history is judged twice, the second time with all numbers of VFs, requests and calls exchanged:
 * nothing may depend on them. */
#ifndef VPCI_TEST_HISTORY_H
#define VPCI_TEST_HISTORY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "models/model.h"

/* Members that a row leaves out are zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

struct history {
    const char *name;
    const char *events;
    /* NULL: nothing is held against it. "RD-02": the last event is that violation. "~IR-05": the last event
     * is that warning. Before the last event nothing is held against anybody. */
    const char *breach;
    const char *profile; /* NULL: the default one */
    vpci_capability_set
        not_claimed;             /* all capabilities are claimed but these, BLOCKING and REGISTER_BLOCKS */
    vpci_capability_set claimed; /* these as well */
    enum vpci_role role;
    uint16_t vfs;                          /* 0: two */
    bool not_started;                      /* the VFs are not started for it */
    bool inexact_order;                    /* stimuli and observations may cross */
    bool unjudged;                         /* contents were to be judged, and could not */
    const char *exercised, *not_exercised; /* "RD-01 RD-02": what the history shows, and does not */
};

struct history_names {
    const char *shorthand, *name;
};

static const struct history_names history_kinds[] = {
    { "complete", "ioctl_complete" },
    { "return", "ioctl_return" },
    { "signal", "user_event_signal" },
    { "answer", "pf_read_return" },
    { "took", "pf_write_return" },
    { "raise", "pf_invalidate" },
    { "remove", "surprise_remove" },
    { "remove_return", "surprise_remove_return" },
    { "query", "query_interface" },
    { "query_return", "query_interface_return" },
    { "ir", "ioctl" },
    { "iw", "ioctl" },
    { "iv", "ioctl" },
    { NULL, NULL },
};

static const struct history_names history_fields[] = {
    { "r", "request" }, { "c", "call" },        { "b", "block" }, { "n", "length" },
    { "s", "status" },  { "i", "information" }, { "m", "mask" },  { NULL, NULL },
};

enum { HISTORY_DATA_BYTES = 1024, HISTORY_EVENTS_MAX = 1024 };

/* One event under construction. */
struct history_event {
    struct vpci_event event;
    uint8_t data[HISTORY_DATA_BYTES];
    uint32_t data_length;
    bool has_data;
    uint8_t payload[HISTORY_DATA_BYTES];
    uint32_t payload_length;
    bool has_payload;
};

static const char *history_full_name(const struct history_names *names, const char *name)
{
    for (; names->shorthand != NULL; names++) {
        if (strcmp(names->shorthand, name) == 0)
            return names->name;
    }
    return name;
}

/* "A8": 41 42 ...; "B8": 61 62 ...; "Z8": zeros; "F8": fill bytes; "x0102": those; "A3+Z5": both. */
static uint32_t history_bytes(const char *text, uint8_t *bytes)
{
    uint32_t count = 0;
    while (*text != '\0') {
        const char kind = *text++;
        char *end = NULL;
        if (kind == 'x') {
            for (; *text != '\0' && *text != '+'; text += 2) {
                const char pair[3] = { text[0], text[1], '\0' };
                bytes[count++] = (uint8_t)strtoul(pair, NULL, 16);
            }
        } else {
            const unsigned long length = strtoul(text, &end, 10);
            assert_true(end != text && count + length <= HISTORY_DATA_BYTES);
            for (unsigned long i = 0; i < length; i++)
                bytes[count++] = (uint8_t)(kind == 'A'   ? 0x41 + i
                                           : kind == 'B' ? 0x61 + i
                                           : kind == 'F' ? VPCI_FILL_BYTE
                                                         : 0);
            text = end;
        }
        if (*text == '+')
            text++;
    }
    return count;
}

/* A VPCI_INTERFACE_STANDARD as it should be. */
static void history_interface(struct history_event *made, uint32_t serial)
{
    made->has_data = true;
    made->data_length = VPCI_INTERFACE_BYTES;
    memset(made->data, 0, sizeof made->data);
    made->data[0] = VPCI_INTERFACE_BYTES;
    made->data[2] = VPCI_INTERFACE_VERSION;
    for (uint32_t i = 0; i < 5; i++)
        made->data[8 + 8 * i] = (uint8_t)(0x10 + i);
    vpci_store_u32(made->data + offsetof(struct vpci_interface_standard, serial_number), serial);
}

static bool history_set_special(struct history_event *made, const char *name, const char *value)
{
    const uint32_t number = (uint32_t)strtoul(value, NULL, 0);
    if (strcmp(name, "d") == 0) {
        made->data_length = history_bytes(value, made->data);
        made->has_data = true;
    } else if (strcmp(name, "p") == 0) {
        made->payload_length = history_bytes(value, made->payload);
        made->has_payload = true;
    } else if (strcmp(name, "iface") == 0) {
        history_interface(made, number);
    } else if (strcmp(name, "put") == 0) { /* offset:byte in the data so far */
        made->data[number] = (uint8_t)strtoul(strchr(value, ':') + 1, NULL, 0);
    } else if (strcmp(name, "cut") == 0) { /* or lengthen: bytes of data */
        made->data_length = number;
    } else if (strcmp(name, "guid") == 0) {
        memset(made->event.guid.bytes, (int)number, sizeof made->event.guid.bytes);
    } else {
        return false;
    }
    return true;
}

static void history_set(struct history_event *made, const char *short_name, const char *value)
{
    if (history_set_special(made, short_name, value))
        return;
    const char *name = history_full_name(history_fields, short_name);
    for (int field = 0; field < VPCI_FIELD_COUNT; field++) {
        const struct vpci_field_info *info = &vpci_field_info[field];
        if (strcmp(info->name, name) != 0)
            continue;
        vpci_ntstatus status = 0;
        const bool named = info->type == VPCI_TYPE_STATUS && vpci_ntstatus_from_name(value, &status);
        const uint64_t number = named ? status : strtoull(value, NULL, 0);
        uint8_t *member = (uint8_t *)&made->event + info->offset;
        static const size_t bytes[] = {
            [VPCI_TYPE_U8] = 1,    [VPCI_TYPE_U16] = 2,   [VPCI_TYPE_U32] = 4,    [VPCI_TYPE_U64] = 8,
            [VPCI_TYPE_HEX32] = 4, [VPCI_TYPE_HEX64] = 8, [VPCI_TYPE_STATUS] = 4, [VPCI_TYPE_BOOL] = 1
        };
        memcpy(member, &number, bytes[info->type]); /* little-endian, like all that this runs on */
        made->event.fields |= 1u << field;
        return;
    }
    fail_msg("no field is called %s", short_name);
}

/* An IOCTL by its shorthand: the input is laid out from block, length and payload. */
static void history_lay_out(struct history_event *made, const char *shorthand)
{
    struct vpci_event *event = &made->event;
    const bool is_read = shorthand[1] == 'r', is_write = shorthand[1] == 'w';
    const uint32_t claimed = event->length;
    const uint32_t length = claimed < 256 ? claimed : 256;
    if (!made->has_payload) {
        char pattern[16];
        (void)snprintf(pattern, sizeof pattern, "A%u", (unsigned)length);
        made->payload_length = history_bytes(pattern, made->payload);
    }
    event->code = is_read    ? VPCI_IOCTL_READ_BLOCK
                  : is_write ? VPCI_IOCTL_WRITE_BLOCK
                             : VPCI_IOCTL_INVALIDATE_BLOCK;
    const uint32_t needed = is_write ? (8 + claimed > 12 ? 8 + claimed : 12) : 8;
    if ((event->fields & VPCI_F(INPUT_LENGTH)) == 0)
        event->input_length = needed;
    if ((event->fields & VPCI_F(OUTPUT_LENGTH)) == 0)
        event->output_length = is_read ? claimed : 0;
    if (made->has_data)
        return;
    made->has_data = true;
    memset(made->data, 0, sizeof made->data);
    vpci_store_u32(made->data, is_read || is_write ? event->block : 0);
    vpci_store_u32(made->data + 4, is_read || is_write ? claimed : 0);
    memcpy(made->data + 8, made->payload, is_write ? made->payload_length : 0);
    made->data_length = event->input_length < HISTORY_DATA_BYTES ? event->input_length : HISTORY_DATA_BYTES;
}

static void history_finish(struct history_event *made, const char *kind_name)
{
    struct vpci_event *event = &made->event;
    const bool ioctl = event->kind == VPCI_EVENT_IOCTL && strcmp(kind_name, "ioctl") != 0;
    const bool writes = event->kind == VPCI_EVENT_WRITE || event->kind == VPCI_EVENT_PF_WRITE;
    if (ioctl)
        history_lay_out(made, kind_name);
    if (writes && !made->has_data) {
        char pattern[16];
        (void)snprintf(pattern, sizeof pattern, "A%u", (unsigned)(event->length < 256 ? event->length : 256));
        made->data_length = history_bytes(pattern, made->data);
        made->has_data = true;
    }
    event->fields |= vpci_event_info[event->kind].required & ~VPCI_F(DATA);
    if (ioctl)
        event->fields &= ~(VPCI_F(BLOCK) | VPCI_F(LENGTH));
    if (made->has_data) {
        event->fields |= VPCI_F(DATA);
        uint8_t *data = malloc(made->data_length); /* exactly as long, so that a sanitizer sees more */
        if (made->data_length != 0)
            memcpy(data, made->data, made->data_length);
        event->data = data;
        event->data_length = made->data_length;
    }
}

/* Reads "kind name=value name=value". */
static struct vpci_event history_parse_event(char *text)
{
    static const struct vpci_guid standard = VPCI_GUID_INTERFACE_STANDARD;
    struct history_event made = { .event = { .request = 1,
                                             .call = 1,
                                             .block = 7,
                                             .length = 8,
                                             .guid = standard,
                                             .size = VPCI_INTERFACE_BYTES,
                                             .version = VPCI_INTERFACE_VERSION,
                                             .context_vf = 0xFFFF, /* what is absent is never looked at */
                                             .output_length = 8,
                                             .input_length = 8 } };
    char *rest = NULL;
    const char *kind = strtok_r(text, " \n", &rest);
    assert_non_null(kind);
    if (!vpci_event_kind_from_name(history_full_name(history_kinds, kind), &made.event.kind))
        fail_msg("no event is called %s", kind);
    for (char *word = strtok_r(NULL, " \n", &rest); word != NULL; word = strtok_r(NULL, " \n", &rest)) {
        char *value = strchr(word, '=');
        if (value == NULL)
            fail_msg("%s has no value", word);
        *value = '\0';
        history_set(&made, word, value + 1);
    }
    history_finish(&made, kind);
    return made.event;
}

static inline uint32_t history_parse(const char *text, struct vpci_event *events)
{
    char *copy = strdup(text);
    uint32_t count = 0;
    char *rest = NULL;
    for (char *one = strtok_r(copy, ";", &rest); one != NULL; one = strtok_r(NULL, ";", &rest)) {
        if (one[strspn(one, " ")] == '\0')
            continue;
        assert_true(count < HISTORY_EVENTS_MAX);
        events[count++] = history_parse_event(one);
    }
    free(copy);
    return count;
}

static struct vpci_model *history_model(const struct history *history, void *interval_memory, size_t bytes)
{
    const vpci_capability_set rare = VPCI_CAPABILITY_BIT(BLOCKING) | VPCI_CAPABILITY_BIT(REGISTER_BLOCKS);
    const vpci_capability_set all = ((vpci_capability_set)1 << VPCI_CAPABILITY_COUNT) - 1;
    const struct vpci_model_options options = {
        .role = history->role,
        .vf_count = history->vfs == 0 ? 2 : history->vfs,
        .capabilities = (all & ~rare & ~history->not_claimed) | history->claimed,
        .exact_order = !history->inexact_order,
        .profile = history->profile == NULL ? NULL : vpci_profile_from_name(history->profile),
        .interval_memory = interval_memory,
        .interval_memory_bytes = bytes,
    };
    assert_true(history->profile == NULL || options.profile != NULL);
    struct vpci_model *model = aligned_alloc(64, (vpci_model_bytes() + 63) / 64 * 64);
    assert_non_null(model);
    memset(model, 0xEE, vpci_model_bytes()); /* nothing may be taken from memory as it was found */
    vpci_model_init(model, &options);
    return model;
}

static void history_exchange_numbers(struct vpci_event *event, uint16_t vfs)
{
    if (event->vf < vfs)
        event->vf = (uint16_t)(vfs - 1 - event->vf);
    if (event->context_vf < vfs)
        event->context_vf = (uint16_t)(vfs - 1 - event->context_vf);
    if (event->request < VPCI_REQUESTS_MAX)
        event->request = VPCI_REQUESTS_MAX - 1 - event->request;
    event->call *= 0x9E3779B1u;
}

/* False, and said why, when the judgement is not the wanted one. */
static bool history_hold(const struct history *history, const struct vpci_event *event, uint32_t index,
                         bool is_last, struct vpci_judgement judgement)
{
    const bool warns = history->breach != NULL && history->breach[0] == '~';
    const char *wanted_id = !is_last || history->breach == NULL ? NULL : history->breach + (warns ? 1 : 0);
    const char *id =
        judgement.verdict >= VPCI_WARNING ? vpci_requirement_info[judgement.requirement].id : NULL;
    const enum vpci_verdict wanted = wanted_id == NULL ? VPCI_ALLOWED : warns ? VPCI_WARNING : VPCI_VIOLATION;
    const bool as_wanted = wanted_id == NULL
                               ? id == NULL
                               : id != NULL && strcmp(id, wanted_id) == 0 && judgement.verdict == wanted;
    if (as_wanted && judgement.verdict != VPCI_RULE_MISSING)
        return true;
    print_error("\"%s\", event %u (%s): wanted %s, judged %s %s: %s\n", history->name, (unsigned)index + 1,
                vpci_event_info[event->kind].name, wanted_id == NULL ? "nothing" : wanted_id,
                judgement.verdict == VPCI_VIOLATION ? "violation"
                : judgement.verdict == VPCI_WARNING ? "warning"
                                                    : "nothing",
                id == NULL ? "" : id, judgement.reason == NULL ? "" : judgement.reason);
    return false;
}

static bool history_lists(const struct history *history, const char *ids,
                          const struct vpci_requirement_set *set, bool wanted)
{
    char copy[1024], *rest = NULL;
    (void)snprintf(copy, sizeof copy, "%s", ids == NULL ? "" : ids);
    for (char *id = strtok_r(copy, " ", &rest); id != NULL; id = strtok_r(NULL, " ", &rest)) {
        const enum vpci_requirement requirement = vpci_requirement_from_id(id);
        assert_true(requirement != VPCI_REQUIREMENT_NONE);
        if (vpci_requirement_has(set, requirement) == wanted)
            continue;
        print_error("\"%s\": %s is %s\n", history->name, id, wanted ? "not exercised" : "exercised");
        return false;
    }
    return true;
}

static bool history_shows(const struct history *history, const struct vpci_requirement_set *exercised)
{
    return history_lists(history, history->exercised, exercised, true) &&
           history_lists(history, history->not_exercised, exercised, false);
}

static inline bool history_judge(const struct history *history, const struct vpci_event *events,
                                 uint32_t count, bool exchanged)
{
    const size_t bytes = 4 * 1024 * 1024;
    void *memory =
        (history->claimed & VPCI_CAPABILITY_BIT(REGISTER_BLOCKS)) ? aligned_alloc(64, bytes) : NULL;
    struct vpci_model *model = history_model(history, memory, memory == NULL ? 0 : bytes);
    const uint16_t vfs = history->vfs == 0 ? 2 : history->vfs;
    for (uint16_t vf = 0; vf < vfs && !history->not_started; vf++) {
        const struct vpci_event start = { .kind = VPCI_EVENT_START, .fields = VPCI_F(VF), .vf = vf };
        struct vpci_event returned = { .kind = VPCI_EVENT_START_RETURN,
                                       .fields = VPCI_F(VF) | VPCI_F(STATUS) };
        returned.vf = vf;
        (void)vpci_model_judge(model, &start);
        (void)vpci_model_judge(model, &returned);
    }
    bool as_wanted = true;
    for (uint32_t i = 0; i < count && as_wanted; i++) {
        struct vpci_event event = events[i];
        if (exchanged)
            history_exchange_numbers(&event, vfs);
        as_wanted = history_hold(history, &event, i, i + 1 == count, vpci_model_judge(model, &event));
    }
    as_wanted = as_wanted && history_shows(history, vpci_model_exercised(model));
    if (vpci_model_contents_unjudged(model) != history->unjudged) {
        print_error("\"%s\": contents are%s judged\n", history->name, history->unjudged ? "" : " not");
        as_wanted = false;
    }
    free(model);
    free(memory);
    return as_wanted;
}

/* Judges the histories of a table that ends with a NULL name. */
static inline void judge_all(const struct history *histories)
{
    static struct vpci_event events[HISTORY_EVENTS_MAX];
    unsigned misjudged = 0;
    for (const struct history *history = histories; history->name != NULL; history++) {
        const uint32_t count = history_parse(history->events, events);
        const bool as_wanted =
            history_judge(history, events, count, false) && history_judge(history, events, count, true);
        misjudged += !as_wanted;
        for (uint32_t i = 0; i < count; i++)
            free((void *)(uintptr_t)events[i].data);
    }
    assert_int_equal(misjudged, 0);
}

#endif
