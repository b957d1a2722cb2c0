/* SPDX-License-Identifier: MIT */
/* fuzzers/targets/property.h - what the targets of the kit's own readers hold them to. A broken property ends
 * the process in a function named after it: fleets sort crashes by stack, and one abort() for all would make
 * one bug of them. */
#ifndef VPCI_FUZZERS_PROPERTY_H
#define VPCI_FUZZERS_PROPERTY_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/text.h"
#include "harness/utf8.h"

#define VPCI_PROPERTY(name, text)                                                      \
    __attribute__((noinline, noreturn)) static void name##_is_broken(const char *seen) \
    {                                                                                  \
        fprintf(stderr, "property broken: %s\n%s\n", text, seen);                      \
        abort();                                                                       \
    }
#define VPCI_HOLD(name, condition, seen) ((condition) ? (void)0 : name##_is_broken(seen))

VPCI_PROPERTY(error_is_a_line, "a refusal says why, in one printable line that ends inside its buffer")
VPCI_PROPERTY(error_has_a_place, "a refusal names the place")

/* Engines call this by name. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Whether the text is one line that a terminal may show: UTF-8, without control characters, not empty. */
static inline bool vpci_is_printable_line(const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        const uint8_t *bytes = (const uint8_t *)text + at;
        const size_t sequence = vpci_utf8_sequence(bytes, length - at);
        if (sequence == 0 || *bytes < 0x20 || *bytes == 0x7F || (*bytes == 0xC2 && bytes[1] < 0xA0))
            return false;
        at += sequence;
    }
    return length > 0;
}

static inline void vpci_hold_error(const char *error, size_t error_bytes)
{
    const size_t length = strnlen(error, error_bytes);
    VPCI_HOLD(error_is_a_line, length < error_bytes && vpci_is_printable_line(error, length), error);
}

/* The same, of a reader whose errors start with the name it was given for the file. */
static inline void vpci_hold_error_of(const char *name, const char *error, size_t error_bytes)
{
    vpci_hold_error(error, error_bytes);
    VPCI_HOLD(error_has_a_place, strncmp(error, name, strlen(name)) == 0 && error[strlen(name)] == ':',
              error);
}

static inline bool vpci_same_text(const struct vpci_text *one, const struct vpci_text *other)
{
    return one->length == other->length &&
           (one->length == 0 || memcmp(one->bytes, other->bytes, one->length) == 0);
}

#endif
