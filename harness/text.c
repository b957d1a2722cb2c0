/* SPDX-License-Identifier: MIT */
/* harness/text.c - the growing buffer of harness/text.h. Numbers are formatted by hand because events are
 * printed by the million and printf would cost more than everything else about them. */
#include "harness/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/allocate.h"
#include "harness/utf8.h"

enum { FIRST_CAPACITY = 256 };

static const char hex_digits[] = "0123456789abcdef";

/* Makes room for length more bytes and a NUL; returns where they go. */
static char *reserve(struct vpci_text *text, size_t length)
{
    if (length >= text->capacity - text->length) {
        size_t capacity = text->capacity == 0 ? FIRST_CAPACITY : text->capacity;
        if (length > SIZE_MAX / 4 || text->length > SIZE_MAX / 4)
            vpci_give_up("out of memory");
        while (capacity - text->length <= length)
            capacity *= 2;
        text->bytes = vpci_need_memory(realloc(text->bytes, capacity));
        text->capacity = capacity;
    }
    return text->bytes + text->length;
}

static void advance(struct vpci_text *text, size_t length)
{
    text->length += length;
    text->bytes[text->length] = '\0';
}

void vpci_text_free(struct vpci_text *text)
{
    free(text->bytes);
    *text = (struct vpci_text){ 0 };
}

void vpci_text_clear(struct vpci_text *text)
{
    text->length = 0;
    if (text->bytes != NULL)
        text->bytes[0] = '\0';
}

void vpci_text_add(struct vpci_text *text, const char *string)
{
    vpci_text_add_bytes(text, string, strlen(string));
}

void vpci_text_add_bytes(struct vpci_text *text, const void *bytes, size_t length)
{
    char *to = reserve(text, length);
    if (length > 0)
        memcpy(to, bytes, length);
    advance(text, length);
}

void vpci_text_addf(struct vpci_text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length > 0) {
        vsnprintf(reserve(text, (size_t)length), (size_t)length + 1, format, again);
        advance(text, (size_t)length);
    }
    va_end(again);
}

void vpci_text_add_u64(struct vpci_text *text, uint64_t value)
{
    char digits[20]; /* of 2^64 - 1 */
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    vpci_text_add_bytes(text, digits + at, sizeof digits - at);
}

void vpci_text_add_hex(struct vpci_text *text, uint64_t value)
{
    char digits[18];
    size_t at = sizeof digits;
    do {
        digits[--at] = hex_digits[value & 15];
        value >>= 4;
    } while (value != 0);
    digits[--at] = 'x';
    digits[--at] = '0';
    vpci_text_add_bytes(text, digits + at, sizeof digits - at);
}

void vpci_text_add_hex_bytes(struct vpci_text *text, const uint8_t *bytes, size_t length)
{
    char *to = reserve(text, 2 * length);
    for (size_t i = 0; i < length; i++) {
        to[2 * i] = hex_digits[bytes[i] >> 4];
        to[2 * i + 1] = hex_digits[bytes[i] & 15];
    }
    advance(text, 2 * length);
}

static bool is_plain_ascii(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x7F;
}

static void add_json_escape(struct vpci_text *text, uint8_t byte)
{
    static const char short_forms[][2] = { { '"', '"' },  { '\\', '\\' }, { '\n', 'n' }, { '\r', 'r' },
                                           { '\t', 't' }, { '\b', 'b' },  { '\f', 'f' } };
    for (size_t i = 0; i < sizeof short_forms / sizeof short_forms[0]; i++) {
        if ((uint8_t)short_forms[i][0] == byte) {
            vpci_text_add_bytes(text, (char[]){ '\\', short_forms[i][1] }, 2);
            return;
        }
    }
    vpci_text_add(text, "\\u00");
    vpci_text_add_hex_bytes(text, &byte, 1);
}

void vpci_text_add_json(struct vpci_text *text, const char *string)
{
    const uint8_t *bytes = (const uint8_t *)string;
    size_t left = strlen(string);
    vpci_text_add_bytes(text, "\"", 1);
    while (left > 0) {
        size_t run = 0;
        while (run < left && is_plain_ascii(bytes[run]) && bytes[run] != '"' && bytes[run] != '\\')
            run++;
        vpci_text_add_bytes(text, bytes, run);
        bytes += run;
        left -= run;
        if (left == 0)
            break;
        const size_t sequence = vpci_utf8_sequence(bytes, left);
        if (sequence == 1)
            add_json_escape(text, *bytes);
        else if (sequence == 0)
            vpci_text_add(text, "\xEF\xBF\xBD"); /* U+FFFD */
        else
            vpci_text_add_bytes(text, bytes, sequence);
        bytes += sequence == 0 ? 1 : sequence;
        left -= sequence == 0 ? 1 : sequence;
    }
    vpci_text_add_bytes(text, "\"", 1);
}

/* Characters above ASCII that change what stands beside them or are none: C1 controls, what turns the
 * direction of writing, separators of lines, and U+FFFE and U+FFFF. */
static bool is_disguise(const uint8_t *bytes, size_t sequence)
{
    if (sequence == 2)
        return (bytes[0] == 0xC2 && bytes[1] < 0xA0) || (bytes[0] == 0xD8 && bytes[1] == 0x9C);
    if (sequence != 3)
        return false;
    const unsigned character = (bytes[0] & 0x0Fu) << 12 | (bytes[1] & 0x3Fu) << 6 | (bytes[2] & 0x3Fu);
    return character == 0x200E || character == 0x200F || (character >= 0x2028 && character <= 0x202E) ||
           (character >= 0x2066 && character <= 0x2069) || character >= 0xFFFE;
}

/* "##[" and "##vso[" in a line of a build log are commands to the service that runs the build. */
static bool is_log_command(const uint8_t *bytes)
{
    return strncmp((const char *)bytes, "##[", 3) == 0 || strncmp((const char *)bytes, "##vso[", 6) == 0;
}

void vpci_text_add_plain(struct vpci_text *text, const char *string)
{
    const uint8_t *bytes = (const uint8_t *)string;
    size_t left = strlen(string);
    while (left > 0) {
        const size_t sequence = vpci_utf8_sequence(bytes, left);
        const bool shown = sequence == 1 ? is_plain_ascii(*bytes) && !is_log_command(bytes)
                                         : sequence > 1 && !is_disguise(bytes, sequence);
        vpci_text_add_bytes(text, shown ? (const void *)bytes : "?", shown ? sequence : 1);
        bytes += sequence == 0 ? 1 : sequence;
        left -= sequence == 0 ? 1 : sequence;
    }
}

void vpci_text_copy_plain(char *to, size_t size, const char *string)
{
    struct vpci_text plain = { 0 };
    vpci_text_add_plain(&plain, string);
    size_t length = 0;
    while (length < plain.length) {
        const size_t sequence =
            vpci_utf8_sequence((const uint8_t *)plain.bytes + length, plain.length - length);
        if (length + sequence >= size)
            break;
        memcpy(to + length, plain.bytes + length, sequence);
        length += sequence;
    }
    to[length] = '\0';
    vpci_text_free(&plain);
}
