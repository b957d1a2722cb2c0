/* SPDX-License-Identifier: MIT */
/* harness/json.c - a scan that holds the bytes to RFC 8259 and tells line and column, then cJSON for the
 * tree, then a look for members given twice. */
#include "harness/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/text.h"
#include "harness/utf8.h"

struct scan {
    const uint8_t *start, *at, *end;
    const char *reason; /* of the first mistake, which is at `at` */
};

static bool scan_value(struct scan *scan, unsigned depth);

int vpci_hex_value(int digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

static bool refuse(struct scan *scan, const char *reason)
{
    if (scan->reason == NULL)
        scan->reason = reason;
    return false;
}

/* The byte at the cursor, or -1 at the end. */
static int peek(const struct scan *scan)
{
    return scan->at < scan->end ? *scan->at : -1;
}

static bool take(struct scan *scan, char expected)
{
    if (peek(scan) != expected)
        return false;
    scan->at++;
    return true;
}

static void skip_space(struct scan *scan)
{
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\t' || *scan->at == '\r'))
        scan->at++;
}

/* Four hexadecimal digits; -1 when they are not there. */
static int scan_four_digits(struct scan *scan)
{
    int value = 0;
    for (int i = 0; i < 4; i++) {
        const int digit = vpci_hex_value(peek(scan));
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
        scan->at++;
    }
    return value;
}

static bool scan_unicode_escape(struct scan *scan)
{
    const int first = scan_four_digits(scan);
    if (first < 0)
        return refuse(scan, "\\u needs four hexadecimal digits");
    if (first == 0)
        return refuse(scan, "\\u0000 in a string");
    if (first >= 0xDC00 && first <= 0xDFFF)
        return refuse(scan, "half of a surrogate pair");
    if (first >= 0xD800 && first <= 0xDBFF) {
        const bool escaped = take(scan, '\\') && take(scan, 'u');
        const int second = escaped ? scan_four_digits(scan) : -1;
        if (second < 0xDC00 || second > 0xDFFF)
            return refuse(scan, "half of a surrogate pair");
    }
    return true;
}

/* The cursor is behind the opening quote. */
static bool scan_string(struct scan *scan)
{
    for (;;) {
        const int byte = peek(scan);
        if (byte < 0)
            return refuse(scan, "the text ends inside a string");
        if (byte == '"') {
            scan->at++;
            return true;
        }
        if (byte < 0x20)
            return refuse(scan, "a control character inside a string");
        if (byte == '\\') {
            scan->at++;
            if (take(scan, 'u')) {
                if (!scan_unicode_escape(scan))
                    return false;
            } else if (peek(scan) <= 0 || strchr("\"\\/bfnrt", peek(scan)) == NULL) {
                return refuse(scan, "an unknown escape in a string");
            } else {
                scan->at++;
            }
            continue;
        }
        const size_t sequence =
            byte < 0x80 ? 1 : vpci_utf8_sequence(scan->at, (size_t)(scan->end - scan->at));
        if (sequence == 0)
            return refuse(scan, "bytes that are not UTF-8");
        scan->at += sequence;
    }
}

static bool scan_digits(struct scan *scan)
{
    const uint8_t *from = scan->at;
    while (peek(scan) >= '0' && peek(scan) <= '9')
        scan->at++;
    return scan->at != from ? true : refuse(scan, "a digit is missing in a number");
}

static bool scan_number(struct scan *scan)
{
    take(scan, '-');
    if (take(scan, '0')) {
        if (peek(scan) >= '0' && peek(scan) <= '9')
            return refuse(scan, "a number starts with 0");
    } else if (!scan_digits(scan)) {
        return false;
    }
    if (take(scan, '.') && !scan_digits(scan))
        return false;
    if (take(scan, 'e') || take(scan, 'E')) {
        if (!take(scan, '+'))
            take(scan, '-');
        return scan_digits(scan);
    }
    return true;
}

static bool scan_member_name(struct scan *scan)
{
    skip_space(scan);
    if (!take(scan, '"'))
        return refuse(scan, "the name of a member is missing");
    if (!scan_string(scan))
        return false;
    skip_space(scan);
    return take(scan, ':') ? true : refuse(scan, "a ':' is missing");
}

/* The cursor is behind the opening bracket or brace. */
static bool scan_container(struct scan *scan, char close, unsigned depth)
{
    if (depth > VPCI_JSON_DEPTH_MAX)
        return refuse(scan, "nested too deep");
    skip_space(scan);
    if (take(scan, close))
        return true;
    do {
        if (close == '}' && !scan_member_name(scan))
            return false;
        if (!scan_value(scan, depth))
            return false;
        skip_space(scan);
    } while (take(scan, ','));
    if (take(scan, close))
        return true;
    return refuse(scan, peek(scan) < 0 ? "the text ends too early"
                        : close == '}' ? "',' or '}' is missing"
                                       : "',' or ']' is missing");
}

static bool scan_word(struct scan *scan, const char *word)
{
    const size_t length = strlen(word);
    if ((size_t)(scan->end - scan->at) < length || memcmp(scan->at, word, length) != 0)
        return refuse(scan, "a value is missing");
    scan->at += length;
    return true;
}

static bool scan_value(struct scan *scan, unsigned depth)
{
    skip_space(scan);
    switch (peek(scan)) {
    case -1:
        return refuse(scan, "the text ends too early");
    case '"':
        scan->at++;
        return scan_string(scan);
    case '{':
        scan->at++;
        return scan_container(scan, '}', depth + 1);
    case '[':
        scan->at++;
        return scan_container(scan, ']', depth + 1);
    case 't':
        return scan_word(scan, "true");
    case 'f':
        return scan_word(scan, "false");
    case 'n':
        return scan_word(scan, "null");
    default:
        if (peek(scan) == '-' || (peek(scan) >= '0' && peek(scan) <= '9'))
            return scan_number(scan);
        return refuse(scan, "a value is missing");
    }
}

static void explain_place(const struct scan *scan, char *error, size_t error_bytes)
{
    size_t line = 1, column = 1;
    for (const uint8_t *at = scan->start; at < scan->at; at++) {
        column++;
        if (*at == '\n') {
            line++;
            column = 1;
        }
    }
    snprintf(error, error_bytes, "line %zu, column %zu: %s", line, column, scan->reason);
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static const char *twice_among_few(const cJSON *object)
{
    for (const cJSON *member = object->child; member != NULL; member = member->next) {
        for (const cJSON *other = member->next; other != NULL; other = other->next) {
            if (strcmp(member->string, other->string) == 0)
                return member->string;
        }
    }
    return NULL;
}

/* Sorted, so that a hostile object of many members costs n log n. */
static const char *twice_among_many(const cJSON *object, size_t count)
{
    const char **names = malloc(count * sizeof *names);
    if (names == NULL)
        return "(out of memory)";
    size_t filled = 0;
    for (const cJSON *member = object->child; member != NULL; member = member->next)
        names[filled++] = member->string;
    qsort(names, filled, sizeof *names, compare_names);
    const char *twice = NULL;
    for (size_t i = 1; i < filled && twice == NULL; i++) {
        if (strcmp(names[i - 1], names[i]) == 0)
            twice = names[i];
    }
    free(names);
    return twice;
}

/* A name that the object has twice, or NULL. */
static const char *name_given_twice(const cJSON *object)
{
    enum { FEW = 16 };
    size_t count = 0;
    for (const cJSON *member = object->child; member != NULL; member = member->next)
        count++;
    return count <= FEW ? twice_among_few(object) : twice_among_many(object, count);
}

/* Looks below value for a name given twice; the JSON pointer of the object that has it is written behind
 * length. */
static const char *find_twice(const cJSON *value, char *pointer, size_t pointer_bytes, size_t length)
{
    if (cJSON_IsObject(value)) {
        const char *name = name_given_twice(value);
        if (name != NULL)
            return name;
    }
    size_t index = 0;
    for (const cJSON *child = value->child; child != NULL; child = child->next, index++) {
        if (child->child == NULL)
            continue;
        char excerpt[VPCI_EXCERPT_BYTES];
        const int added = cJSON_IsObject(value)
                              ? snprintf(pointer + length, pointer_bytes - length, "/%s",
                                         vpci_excerpt(excerpt, child->string))
                              : snprintf(pointer + length, pointer_bytes - length, "/%zu", index);
        const size_t longer = length + (size_t)added;
        const char *name =
            find_twice(child, pointer, pointer_bytes, longer < pointer_bytes ? longer : length);
        if (name != NULL)
            return name;
        pointer[length] = '\0';
    }
    return NULL;
}

cJSON *vpci_json_parse(const char *bytes, size_t length, char *error, size_t error_bytes)
{
    struct scan scan = { .start = (const uint8_t *)bytes, .at = (const uint8_t *)bytes };
    scan.end = scan.at + length;
    bool fine = scan_value(&scan, 0);
    if (fine) {
        skip_space(&scan);
        fine = scan.at == scan.end || refuse(&scan, "something follows the JSON value");
    }
    if (!fine) {
        explain_place(&scan, error, error_bytes);
        return NULL;
    }
    const char *behind = NULL;
    cJSON *value = cJSON_ParseWithLengthOpts(bytes, length, &behind, false);
    if (value == NULL) {
        snprintf(error, error_bytes, "line 1, column 1: not readable as JSON");
        return NULL;
    }
    char pointer[256] = "";
    const char *twice = find_twice(value, pointer, sizeof pointer, 0);
    if (twice != NULL) {
        char excerpt[VPCI_EXCERPT_BYTES];
        snprintf(error, error_bytes, "%s%sthe member \"%s\" is given twice", pointer,
                 pointer[0] == '\0' ? "" : ": ", vpci_excerpt(excerpt, twice));
        cJSON_Delete(value);
        return NULL;
    }
    return value;
}

static bool hex_integer(const char *string, uint64_t *number_out)
{
    if (strncmp(string, "0x", 2) != 0 || string[2] == '\0')
        return false;
    uint64_t number = 0;
    for (const char *at = string + 2; *at != '\0'; at++) {
        const int digit = vpci_hex_value((unsigned char)*at);
        if (digit < 0 || number >> 60 != 0)
            return false;
        number = number << 4 | (uint64_t)digit;
    }
    *number_out = number;
    return true;
}

static bool integer_of_string(const char *string, uint64_t maximum, uint64_t *number_out, char *error,
                              size_t error_bytes)
{
    char excerpt[VPCI_EXCERPT_BYTES];
    if (!hex_integer(string, number_out)) {
        snprintf(error, error_bytes, "\"%s\" is not a \"0x\" number of at most 64 bits",
                 vpci_excerpt(excerpt, string));
        return false;
    }
    if (*number_out > maximum) {
        snprintf(error, error_bytes, "%s is above 0x%" PRIx64, vpci_excerpt(excerpt, string), maximum);
        return false;
    }
    return true;
}

bool vpci_json_integer(const cJSON *value, uint64_t maximum, uint64_t *number_out, char *error,
                       size_t error_bytes)
{
    uint64_t number = 0;
    if (cJSON_IsString(value))
        return integer_of_string(value->valuestring, maximum, number_out, error, error_bytes);
    if (!cJSON_IsNumber(value)) {
        snprintf(error, error_bytes, "an integer or a \"0x\" string is wanted, not %s",
                 vpci_json_type_name(value));
        return false;
    }
    const double real = value->valuedouble;
    if (!(real >= 0)) {
        snprintf(error, error_bytes, "%.17g is below 0", real);
        return false;
    }
    if (real > (double)VPCI_JSON_INTEGER_MAX) {
        snprintf(error, error_bytes, "%.17g is above %" PRIu64 "%s", real,
                 maximum < VPCI_JSON_INTEGER_MAX ? maximum : VPCI_JSON_INTEGER_MAX,
                 maximum < VPCI_JSON_INTEGER_MAX ? "" : "; write larger values as \"0x\" strings");
        return false;
    }
    number = (uint64_t)real;
    if ((double)number < real) {
        snprintf(error, error_bytes, "%.17g is not an integer", real);
        return false;
    }
    if (number > maximum) {
        snprintf(error, error_bytes, "%" PRIu64 " is above %" PRIu64, number, maximum);
        return false;
    }
    *number_out = number;
    return true;
}

const char *vpci_json_type_name(const cJSON *value)
{
    static const struct {
        int type;
        const char *name;
    } types[] = { { cJSON_False, "false" },     { cJSON_True, "true" },       { cJSON_NULL, "null" },
                  { cJSON_Number, "a number" }, { cJSON_String, "a string" }, { cJSON_Array, "an array" },
                  { cJSON_Object, "an object" } };
    for (size_t i = 0; value != NULL && i < sizeof types / sizeof types[0]; i++) {
        if ((value->type & 0xFF) == types[i].type)
            return types[i].name;
    }
    return "nothing";
}

const char *vpci_excerpt(char buffer[VPCI_EXCERPT_BYTES], const char *string)
{
    enum { SHOWN_BYTES = VPCI_EXCERPT_BYTES - 4 };
    const size_t length = strlen(string);
    size_t from = 0, to = 0;
    while (from < length) {
        const uint8_t *bytes = (const uint8_t *)string + from;
        const size_t sequence = vpci_utf8_sequence(bytes, length - from);
        const bool shown =
            sequence > 1 ? !(bytes[0] == 0xC2 && bytes[1] < 0xA0) : *bytes >= 0x20 && *bytes < 0x7F;
        const size_t taken = sequence == 0 ? 1 : sequence, put = shown ? taken : 1;
        if (to + put > SHOWN_BYTES) {
            memcpy(buffer + to, "...", 3);
            to += 3;
            break;
        }
        memcpy(buffer + to, shown ? (const void *)bytes : "?", put);
        from += taken;
        to += put;
    }
    buffer[to] = '\0';
    return buffer;
}
