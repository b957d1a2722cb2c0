/* SPDX-License-Identifier: MIT */
/* harness/text.h - a growing text buffer, and the one place that escapes JSON strings and hostile bytes. */
#ifndef VPCI_TEXT_H
#define VPCI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero-initialised is an empty text. bytes is always NUL-terminated once something was added. Out of memory
 * ends the process: the kit has no use for half a text. */
struct vpci_text {
    char *bytes;
    size_t length;   /* without the NUL */
    size_t capacity; /* of bytes */
};

void vpci_text_free(struct vpci_text *text);
/* Makes it empty again, keeping the memory. */
void vpci_text_clear(struct vpci_text *text);
void vpci_text_add(struct vpci_text *text, const char *string);
void vpci_text_add_bytes(struct vpci_text *text, const void *bytes, size_t length);
void vpci_text_addf(struct vpci_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void vpci_text_add_u64(struct vpci_text *text, uint64_t value);
/* "0x2a", without leading zeros. */
void vpci_text_add_hex(struct vpci_text *text, uint64_t value);
/* Lower-case hexadecimal, two digits a byte, no quotes. */
void vpci_text_add_hex_bytes(struct vpci_text *text, const uint8_t *bytes, size_t length);
/* A JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD, control characters are escaped. */
void vpci_text_add_json(struct vpci_text *text, const char *string);
/* The same string as a terminal or log may show it: control characters, those that turn the direction of
 * writing or end a line, and bytes that are not UTF-8 become '?', and so does the first sign of "##[" and
 * "##vso[", which build services obey in a log. */
void vpci_text_add_plain(struct vpci_text *text, const char *string);
/* The same into a buffer of size bytes, cut to fit, never inside a character. */
void vpci_text_copy_plain(char *to, size_t size, const char *string);

#endif
