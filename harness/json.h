/* SPDX-License-Identifier: MIT */
/* harness/json.h - the strict way into cJSON. cJSON by itself takes duplicate members, raw control
 * characters, bytes that are not UTF-8, numbers like 01 and rounds big integers; everything that comes from
 * outside goes through here. */
#ifndef VPCI_JSON_H
#define VPCI_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    VPCI_JSON_DEPTH_MAX = 32, /* arrays and objects inside each other */
    VPCI_EXCERPT_BYTES = 64,
};

/* The largest integer that a JSON number may be: 2^53 - 1. Above, a double has neighbours it cannot tell
 * apart, so larger values are written as "0x" strings. */
#define VPCI_JSON_INTEGER_MAX ((uint64_t)9007199254740991u)

/* Reads exactly one JSON value from length bytes (no NUL needed after them). Refused besides bad syntax:
 * anything after the value, bytes that are not UTF-8, NUL and \u0000, nesting below VPCI_JSON_DEPTH_MAX, a
 * member given twice. Returns the value, for cJSON_Delete, or NULL with one printable line in error: "line 3,
 * column 7: reason", or
 * a JSON pointer and reason, "/steps/0: reason", for a member given twice. */
cJSON *vpci_json_parse(const char *bytes, size_t length, char *error, size_t error_bytes);

/* Reads a non-negative integer: a JSON number up to VPCI_JSON_INTEGER_MAX or a "0x" string. On false, error
 * tells why, without the name of the value: "4294967296 is above 4294967295". */
bool vpci_json_integer(const cJSON *value, uint64_t maximum, uint64_t *number_out, char *error,
                       size_t error_bytes);

/* 0...15 for a hexadecimal digit of either case, else -1. */
int vpci_hex_value(int digit);

/* "a string", "an object", ...: what a value is, for errors. */
const char *vpci_json_type_name(const cJSON *value);

/* The start of a hostile string, printable and cut to fit; returns buffer. */
const char *vpci_excerpt(char buffer[VPCI_EXCERPT_BYTES], const char *string);

#endif
