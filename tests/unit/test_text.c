/* SPDX-License-Identifier: MIT */
/* tests/unit/test_text.c - the growing text: numbers, JSON strings from hostile bytes, what a terminal may
 * see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "harness/json.h"
#include "harness/text.h"

static void an_empty_text_has_a_terminator_once_something_was_added(void **state)
{
    (void)state;
    struct vpci_text text = { 0 };
    vpci_text_add(&text, "");
    assert_string_equal(text.bytes, "");
    assert_int_equal(text.length, 0);
    vpci_text_addf(&text, "%s", "");
    vpci_text_add_bytes(&text, NULL, 0);
    assert_string_equal(text.bytes, "");
    vpci_text_free(&text);
    assert_null(text.bytes);
    vpci_text_clear(&text);
}

static void a_text_grows_and_keeps_what_it_has(void **state)
{
    (void)state;
    struct vpci_text text = { 0 };
    for (int i = 0; i < 10000; i++)
        vpci_text_addf(&text, "%04d,", i);
    assert_int_equal(text.length, 50000);
    assert_memory_equal(text.bytes + 5 * 1234, "1234,", 5);
    assert_int_equal(text.bytes[text.length], '\0');
    const size_t capacity = text.capacity;
    vpci_text_clear(&text);
    assert_string_equal(text.bytes, "");
    assert_int_equal(text.capacity, capacity);
    vpci_text_free(&text);
}

static void a_text_may_fill_its_memory_to_the_last_byte(void **state)
{
    (void)state;
    struct vpci_text text = { 0 };
    for (int i = 0; i < 1024; i++) {
        vpci_text_add_bytes(&text, "x", 1);
        assert_true(text.length < text.capacity);
        assert_int_equal(text.bytes[text.length], '\0');
    }
    vpci_text_free(&text);
}

static void numbers_are_printed_whole(void **state)
{
    (void)state;
    struct vpci_text text = { 0 };
    vpci_text_add_u64(&text, 0);
    vpci_text_add(&text, " ");
    vpci_text_add_u64(&text, UINT64_MAX);
    vpci_text_add(&text, " ");
    vpci_text_add_hex(&text, 0);
    vpci_text_add(&text, " ");
    vpci_text_add_hex(&text, 0x2AC00B);
    vpci_text_add(&text, " ");
    vpci_text_add_hex(&text, UINT64_MAX);
    vpci_text_add(&text, " ");
    vpci_text_add_hex_bytes(&text, (const uint8_t[]){ 0x00, 0x7F, 0xFF }, 3);
    assert_string_equal(text.bytes, "0 18446744073709551615 0x0 0x2ac00b 0xffffffffffffffff 007fff");
    vpci_text_free(&text);
}

static const struct {
    const char *bytes, *json, *plain;
} strings[] = {
    { "", "\"\"", "" },
    { "plain", "\"plain\"", "plain" },
    { "\"\\/", "\"\\\"\\\\/\"", "\"\\/" },
    { "a\nb\r\t\b\f", "\"a\\nb\\r\\t\\b\\f\"", "a?b????" },
    { "\x01\x1b[31m\x7f", "\"\\u0001\\u001b[31m\\u007f\"", "??[31m?" },
    { "gr\xC3\xBC\xC3\x9F", "\"gr\xC3\xBC\xC3\x9F\"", "gr\xC3\xBC\xC3\x9F" },
    { "\xF0\x9F\x98\x80", "\"\xF0\x9F\x98\x80\"", "\xF0\x9F\x98\x80" },
    { "a\xFFz", "\"a\xEF\xBF\xBDz\"", "a?z" },
    { "\xC3", "\"\xEF\xBF\xBD\"", "?" },
    { "\xC0\xAF", "\"\xEF\xBF\xBD\xEF\xBF\xBD\"", "??" }, /* overlong '/' */
    { "\xE0\x80\xAF", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"", "???" },
    { "\xED\xA0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"", "???" }, /* a surrogate */
    { "\xF4\x90\x80\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"", "????" },
    { "\xE2\x82", "\"\xEF\xBF\xBD\xEF\xBF\xBD\"", "??" },
    { "\xC2\x9B", "\"\xC2\x9B\"", "?" },                  /* a C1 control, which terminals obey */
    { "a\xE2\x80\xAE z", "\"a\xE2\x80\xAE z\"", "a? z" }, /* U+202E turns what follows around */
    { "\xE2\x81\xA6\xE2\x80\x8F\xD8\x9C", "\"\xE2\x81\xA6\xE2\x80\x8F\xD8\x9C\"", "???" },
    { "\xE2\x80\xA8\xE2\x80\xA9", "\"\xE2\x80\xA8\xE2\x80\xA9\"", "??" }, /* ends of lines to some */
    { "\xEF\xBF\xBE\xEF\xBF\xBF", "\"\xEF\xBF\xBE\xEF\xBF\xBF\"", "??" }, /* no characters */
    { "\xE2\x80\xA7\xE2\x80\xAF\xE2\x81\xAA\xEF\xBF\xBD\xD8\x9B",
      "\"\xE2\x80\xA7\xE2\x80\xAF\xE2\x81\xAA\xEF\xBF\xBD\xD8\x9B\"",
      "\xE2\x80\xA7\xE2\x80\xAF\xE2\x81\xAA\xEF\xBF\xBD\xD8\x9B" }, /* their neighbours */
    { "##vso[a]##[b] ## #[", "\"##vso[a]##[b] ## #[\"", "?#vso[a]?#[b] ## #[" },
};

static void hostile_strings_become_harmless(void **state)
{
    (void)state;
    struct vpci_text text = { 0 };
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++) {
        vpci_text_clear(&text);
        vpci_text_add_json(&text, strings[i].bytes);
        assert_string_equal(text.bytes, strings[i].json);
        vpci_text_clear(&text);
        vpci_text_add(&text, "");
        vpci_text_add_plain(&text, strings[i].bytes);
        assert_string_equal(text.bytes, strings[i].plain);
    }
    vpci_text_free(&text);
}

/* Whatever the bytes, the JSON string is one that the strict reader takes. */
static void every_byte_string_becomes_json(void **state)
{
    (void)state;
    uint64_t random = 42;
    struct vpci_text text = { 0 };
    for (int round = 0; round < 20000; round++) {
        char bytes[9] = { 0 }, error[128];
        for (size_t i = 0; i < sizeof bytes - 1; i++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            bytes[i] = (char)(random >> 56);
        }
        vpci_text_clear(&text);
        vpci_text_add_json(&text, bytes);
        cJSON *json = vpci_json_parse(text.bytes, text.length, error, sizeof error);
        assert_non_null(json);
        cJSON_Delete(json);
    }
    vpci_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_text_has_a_terminator_once_something_was_added),
        cmocka_unit_test(a_text_grows_and_keeps_what_it_has),
        cmocka_unit_test(a_text_may_fill_its_memory_to_the_last_byte),
        cmocka_unit_test(numbers_are_printed_whole),
        cmocka_unit_test(hostile_strings_become_harmless),
        cmocka_unit_test(every_byte_string_becomes_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
