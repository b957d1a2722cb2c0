/* SPDX-License-Identifier: MIT */
/* tests/unit/test_event_json.c - the codec of events and the strict JSON reader below it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "harness/event_field.h"
#include "harness/event_json.h"
#include "harness/json.h"

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 16 ^ *state << 40;
}

/* A value that is often at an edge, of as many bits as the field's type has. */
static uint64_t random_number(uint64_t *state, enum vpci_field_type type)
{
    static const uint64_t edges[] = { 0,          1,          127,        128,
                                      0x7FFFFFFF, 0xFFFFFFFF, 1ull << 53, (1ull << 53) - 1,
                                      UINT64_MAX };
    const uint64_t pick = next_random(state);
    const uint64_t number = pick % 2 == 0 ? edges[pick / 2 % 9] : next_random(state);
    switch (type) {
    case VPCI_TYPE_U8:
        return (uint8_t)number;
    case VPCI_TYPE_U16:
        return (uint16_t)number;
    case VPCI_TYPE_BOOL:
        return number & 1;
    case VPCI_TYPE_STATUS:
        return number % 3 == 0 ? VPCI_STATUS_CANCELLED : (uint32_t)number;
    case VPCI_TYPE_U32:
    case VPCI_TYPE_HEX32:
        return (uint32_t)number;
    default:
        return number;
    }
}

static void make_random_event(uint64_t *state, enum vpci_event_kind kind, struct vpci_event *event,
                              uint8_t *data)
{
    *event = (struct vpci_event){ .kind = kind };
    const uint32_t optional = vpci_event_info[kind].optional & (uint32_t)next_random(state);
    for (uint32_t left = vpci_event_info[kind].required | optional; left != 0; left &= left - 1) {
        const enum vpci_field field = (enum vpci_field)__builtin_ctz(left);
        vpci_field_store(event, field, random_number(state, vpci_field_info[field].type));
    }
    for (size_t i = 0; i < sizeof event->guid.bytes; i++)
        event->guid.bytes[i] = (uint8_t)next_random(state);
    if (event->fields & VPCI_F(DATA)) {
        event->data = data;
        event->data_length = (uint32_t)(next_random(state) % (VPCI_EVENT_DATA_BYTES_MAX + 1));
        for (uint32_t i = 0; i < event->data_length; i++)
            data[i] = (uint8_t)next_random(state);
    }
}

static void assert_same_event(const struct vpci_event *left, const struct vpci_event *right)
{
    assert_int_equal(left->kind, right->kind);
    assert_int_equal(left->fields, right->fields);
    for (uint32_t bits = left->fields; bits != 0; bits &= bits - 1) {
        const enum vpci_field field = (enum vpci_field)__builtin_ctz(bits);
        assert_true(vpci_field_load(left, field) == vpci_field_load(right, field));
    }
    if (left->fields & VPCI_F(GUID))
        assert_memory_equal(&left->guid, &right->guid, sizeof left->guid);
    if (left->fields & VPCI_F(DATA)) {
        assert_int_equal(left->data_length, right->data_length);
        assert_memory_equal(left->data, right->data, left->data_length);
    }
}

static void what_is_printed_is_read_back(void **state)
{
    (void)state;
    uint64_t random = 7;
    struct vpci_text text = { 0 };
    for (int round = 0; round < 200 * VPCI_EVENT_COUNT; round++) {
        struct vpci_event event, read;
        uint8_t data[VPCI_EVENT_DATA_BYTES_MAX], read_data[VPCI_EVENT_DATA_BYTES_MAX];
        char error[256] = "";
        make_random_event(&random, (enum vpci_event_kind)(round % VPCI_EVENT_COUNT), &event, data);
        vpci_text_clear(&text);
        vpci_event_print(&text, &event);
        cJSON *json = vpci_json_parse(text.bytes, text.length, error, sizeof error);
        assert_non_null(json);
        assert_true(vpci_event_parse(&read, json, NULL, read_data, error, sizeof error));
        assert_same_event(&event, &read);
        cJSON_Delete(json);
        vpci_text_clear(&text);
        vpci_event_describe(&text, &event);
        assert_true(text.length > 0 && strchr(text.bytes, '\n') == NULL);
    }
    vpci_text_free(&text);
}

static void an_event_looks_as_documented(void **state)
{
    (void)state;
    struct vpci_event event = { .kind = VPCI_EVENT_READ,
                                .fields = vpci_event_info[VPCI_EVENT_READ].required };
    event.request = 3;
    event.block = 7;
    event.length = 16;
    struct vpci_text text = { 0 };
    vpci_event_print(&text, &event);
    assert_string_equal(text.bytes, "{\"event\":\"read\",\"vf\":0,\"request\":3,\"block\":7,\"length\":16}");
    vpci_text_clear(&text);
    vpci_event_describe(&text, &event);
    assert_string_equal(text.bytes, "VF 0  read  request 3  block 7  length 16");
    vpci_text_free(&text);
}

/* Texts that are refused, and why. The reason of a field starts with the member's name. */
static const struct {
    const char *text, *error;
} refused[] = {
    { "[]", "an object is wanted, not an array" },
    { "{}", "event: missing" },
    { "{\"event\":7}", "event: a name is wanted, not a number" },
    { "{\"event\":\"reed\"}", "event: \"reed\" is not an event" },
    { "{\"Event\":\"rest\"}", "event: missing" },
    { "{\"event\":\"reset\"}", "vf: missing" },
    { "{\"event\":\"reset\",\"vf\":null}", "vf: an integer or a \"0x\" string is wanted, not null" },
    { "{\"event\":\"reset\",\"vf\":65536}", "vf: 65536 is above 65535" },
    { "{\"event\":\"reset\",\"vf\":-1}", "vf: -1 is below 0" },
    { "{\"event\":\"reset\",\"vf\":0.5}", "vf: 0.5 is not an integer" },
    { "{\"event\":\"reset\",\"vf\":1e300}", "vf: 1.0000000000000001e+300 is above 65535" },
    { "{\"event\":\"reset\",\"vf\":\"1\"}", "vf: \"1\" is neither a \"0x\" number nor a name known here" },
    { "{\"event\":\"reset\",\"vf\":\"0x\"}", "vf: \"0x\" is not a \"0x\" number of at most 64 bits" },
    { "{\"event\":\"reset\",\"vf\":\"0x10000\"}", "vf: 0x10000 is above 0xffff" },
    { "{\"event\":\"reset\",\"vf\":\"0x10000000000000000\"}",
      "vf: \"0x10000000000000000\" is not a \"0x\" number of at most 64 bits" },
    { "{\"event\":\"reset\",\"vf\":0,\"block\":1}", "block: not a member of reset" },
    { "{\"event\":\"reset\",\"vf\":0,\"\\u001b\":1}", "?: not a member of reset" },
    { "{\"event\":\"read_return\",\"request\":0,\"status\":\"FINE\"}",
      "status: \"FINE\" is neither a \"0x\" number nor a name known here" },
    { "{\"event\":\"read\",\"vf\":0,\"request\":0,\"block\":0,\"length\":4294967296}",
      "length: 4294967296 is above 4294967295" },
    { "{\"event\":\"pf_invalidate\",\"vf\":0,\"mask\":9007199254740993}",
      "mask: 9007199254740992 is above 9007199254740991; write larger values as \"0x\" strings" },
    { "{\"event\":\"input_change\",\"request\":0,\"data\":\"abc\"}",
      "data: an odd number of hexadecimal digits" },
    { "{\"event\":\"input_change\",\"request\":0,\"data\":\"ag\"}",
      "data: character 2 is not a hexadecimal digit" },
    { "{\"event\":\"input_change\",\"request\":0,\"data\":1}",
      "data: a string of hexadecimal digits is wanted, not a number" },
    { "{\"event\":\"ioctl_return\",\"request\":0,\"status\":0,\"marked\":1}",
      "marked: true or false is wanted, not a number" },
    { "{\"event\":\"query_interface\",\"vf\":0,\"request\":0,\"guid\":\"x\",\"size\":1,\"version\":1}",
      "guid: a GUID in text form or \"interface_standard\" is wanted" },
};

static void wrong_events_are_refused_with_the_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct vpci_event event;
        uint8_t data[VPCI_EVENT_DATA_BYTES_MAX];
        char error[256] = "";
        cJSON *json = vpci_json_parse(refused[i].text, strlen(refused[i].text), error, sizeof error);
        assert_non_null(json);
        assert_false(vpci_event_parse(&event, json, NULL, data, error, sizeof error));
        assert_string_equal(error, refused[i].error);
        cJSON_Delete(json);
    }
}

static struct vpci_event read_event(const char *text, const char *const *other_members, uint8_t *data)
{
    struct vpci_event event;
    char error[256] = "";
    cJSON *json = vpci_json_parse(text, strlen(text), error, sizeof error);
    assert_non_null(json);
    if (!vpci_event_parse(&event, json, other_members, data, error, sizeof error))
        fail_msg("%s", error);
    cJSON_Delete(json);
    return event;
}

static void values_have_several_forms(void **state)
{
    (void)state;
    uint8_t data[VPCI_EVENT_DATA_BYTES_MAX];
    static const char *const others[] = { "id", NULL };
    struct vpci_event event =
        read_event("{\"id\":[1],\"event\":\"ioctl\",\"vf\":\"0xF\",\"request\":1e0,\"code\":\"WRITE_BLOCK\","
                   "\"input_length\":\"0x80000000\",\"output_length\":-0,\"data\":\"0aFf\"}",
                   others, data);
    assert_int_equal(event.vf, 15);
    assert_int_equal(event.context_vf, 15);
    assert_int_equal(event.request, 1);
    assert_int_equal(event.code, VPCI_IOCTL_WRITE_BLOCK);
    assert_int_equal(event.input_length, 0x80000000u);
    assert_int_equal(event.data_length, 2);
    assert_memory_equal(event.data, "\x0a\xff", 2);
    assert_int_equal(event.major, VPCI_MAJOR_INTERNAL);
    assert_true(event.user_event);
    assert_false(event.fields & (VPCI_F(MAJOR) | VPCI_F(USER_EVENT)));
    event = read_event(
        "{\"event\":\"query_interface\",\"vf\":0,\"request\":0,\"guid\":\"interface_standard\",\"size\":56,"
        "\"version\":1}",
        NULL, data);
    assert_int_equal(event.status, VPCI_STATUS_NOT_SUPPORTED);
    assert_int_equal(event.guid.bytes[0], 0x12);
    event = read_event("{\"event\":\"exit\",\"status\":3221225760}", NULL, data);
    assert_int_equal(event.status, VPCI_STATUS_CANCELLED);
}

static void data_has_a_largest_length(void **state)
{
    (void)state;
    char text[2 * VPCI_EVENT_DATA_BYTES_MAX + 80], error[256];
    uint8_t data[VPCI_EVENT_DATA_BYTES_MAX];
    for (int more = 0; more < 2; more++) {
        strcpy(text, "{\"event\":\"input_change\",\"request\":0,\"data\":\"");
        const size_t length = strlen(text);
        memset(text + length, 'a', 2 * (VPCI_EVENT_DATA_BYTES_MAX + (size_t)more));
        strcpy(text + length + 2 * (VPCI_EVENT_DATA_BYTES_MAX + (size_t)more), "\"}");
        struct vpci_event event;
        cJSON *json = vpci_json_parse(text, strlen(text), error, sizeof error);
        assert_int_equal(vpci_event_parse(&event, json, NULL, data, error, sizeof error), more == 0);
        cJSON_Delete(json);
    }
    assert_string_equal(error, "data: 513 bytes are above 512");
}

static void guids_are_text(void **state)
{
    (void)state;
    static const char standard[] = "12e65e71-b651-4067-831a-1383203cb0cb";
    struct vpci_guid guid;
    struct vpci_text text = { 0 };
    assert_true(vpci_guid_parse(&guid, "interface_standard"));
    vpci_guid_print(&text, &guid);
    assert_string_equal(text.bytes, standard);
    assert_true(vpci_guid_parse(&guid, "12E65E71-B651-4067-831A-1383203CB0CB"));
    assert_false(vpci_guid_parse(&guid, "12e65e71-b651-4067-831a-1383203cb0c"));
    assert_false(vpci_guid_parse(&guid, "12e65e71-b651-4067-831a-1383203cb0cg"));
    assert_false(vpci_guid_parse(&guid, "12e65e71b-651-4067-831a-1383203cb0cb"));
    assert_false(vpci_guid_parse(&guid, ""));
    vpci_text_free(&text);
}

#define TEXT(string) string, sizeof(string) - 1
static const struct {
    const char *bytes;
    size_t length;
    const char *error;
} not_json[] = {
    { TEXT(""), "line 1, column 1: the text ends too early" },
    { TEXT("{"), "line 1, column 2: the name of a member is missing" },
    { TEXT("{\"a\":1} x"), "line 1, column 9: something follows the JSON value" },
    { TEXT("{\"a\":1}\0"), "line 1, column 8: something follows the JSON value" },
    { TEXT("[1,]"), "line 1, column 4: a value is missing" },
    { TEXT("[\n1 2]"), "line 2, column 3: ',' or ']' is missing" },
    { TEXT("{\"a\" 1}"), "line 1, column 6: a ':' is missing" },
    { TEXT("{\"a\":1,}"), "line 1, column 8: the name of a member is missing" },
    { TEXT("01"), "line 1, column 2: a number starts with 0" },
    { TEXT("1."), "line 1, column 3: a digit is missing in a number" },
    { TEXT("-"), "line 1, column 2: a digit is missing in a number" },
    { TEXT("1e+"), "line 1, column 4: a digit is missing in a number" },
    { TEXT("+1"), "line 1, column 1: a value is missing" },
    { TEXT("NaN"), "line 1, column 1: a value is missing" },
    { TEXT("tru"), "line 1, column 1: a value is missing" },
    { TEXT("\"a"), "line 1, column 3: the text ends inside a string" },
    { TEXT("\"a\nb\""), "line 1, column 3: a control character inside a string" },
    { TEXT("\"a\0b\""), "line 1, column 3: a control character inside a string" },
    { TEXT("\"\\x\""), "line 1, column 3: an unknown escape in a string" },
    { TEXT("\"\\u12g4\""), "line 1, column 6: \\u needs four hexadecimal digits" },
    { TEXT("\"\\u0000\""), "line 1, column 8: \\u0000 in a string" },
    { TEXT("\"\\ud800\""), "line 1, column 8: half of a surrogate pair" },
    { TEXT("\"\\udc00\""), "line 1, column 8: half of a surrogate pair" },
    { TEXT("\"\xFF\""), "line 1, column 2: bytes that are not UTF-8" },
    { TEXT("\"\xC3\""), "line 1, column 2: bytes that are not UTF-8" },
    { TEXT("\xEF\xBB\xBF{}"), "line 1, column 1: a value is missing" },
    { TEXT("{\"a\":1,\"a\":2}"), "the member \"a\" is given twice" },
    { TEXT("{\"s\":[0,{\"a\":1,\"b\":2,\"\\u0061\":3}]}"), "/s/1: the member \"a\" is given twice" },
};

static void what_is_not_strict_json_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof not_json / sizeof not_json[0]; i++) {
        char error[256] = "";
        assert_null(vpci_json_parse(not_json[i].bytes, not_json[i].length, error, sizeof error));
        assert_string_equal(error, not_json[i].error);
    }
}

static void nesting_ends_somewhere(void **state)
{
    (void)state;
    char text[2 * VPCI_JSON_DEPTH_MAX + 2], error[256];
    for (size_t depth = VPCI_JSON_DEPTH_MAX; depth <= VPCI_JSON_DEPTH_MAX + 1; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        cJSON *json = vpci_json_parse(text, 2 * depth, error, sizeof error);
        assert_int_equal(json != NULL, depth == VPCI_JSON_DEPTH_MAX);
        cJSON_Delete(json);
    }
    assert_string_equal(error, "line 1, column 34: nested too deep");
    char *deep = malloc(1000000);
    memset(deep, '[', 1000000);
    assert_null(vpci_json_parse(deep, 1000000, error, sizeof error));
    free(deep);
}

static void many_members_are_compared_in_time(void **state)
{
    (void)state;
    struct vpci_text text = { 0 };
    char error[256];
    for (int twice = 0; twice < 2; twice++) {
        vpci_text_clear(&text);
        vpci_text_add(&text, "{");
        for (int i = 0; i < 100000; i++)
            vpci_text_addf(&text, "\"m%d\":0,", i);
        vpci_text_add(&text, twice ? "\"m777\":1}" : "\"last\":1}");
        cJSON *json = vpci_json_parse(text.bytes, text.length, error, sizeof error);
        assert_int_equal(json != NULL, twice == 0);
        cJSON_Delete(json);
    }
    assert_string_equal(error, "the member \"m777\" is given twice");
    vpci_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_printed_is_read_back),
        cmocka_unit_test(an_event_looks_as_documented),
        cmocka_unit_test(wrong_events_are_refused_with_the_reason),
        cmocka_unit_test(values_have_several_forms),
        cmocka_unit_test(data_has_a_largest_length),
        cmocka_unit_test(guids_are_text),
        cmocka_unit_test(what_is_not_strict_json_is_refused),
        cmocka_unit_test(nesting_ends_somewhere),
        cmocka_unit_test(many_members_are_compared_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
