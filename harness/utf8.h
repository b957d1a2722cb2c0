/* SPDX-License-Identifier: MIT */
/* harness/utf8.h - how long the UTF-8 sequence at a place is. Apart because the escaper and the strict JSON
 * reader must agree on what is UTF-8 and what is not. */
#ifndef VPCI_UTF8_H
#define VPCI_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The bytes (1...4) of the well-formed UTF-8 character at the start of the length bytes given, or 0 when
 * there is none: a stray or missing continuation byte, an overlong form, a surrogate, or a value above
 * U+10FFFF. */
static inline size_t vpci_utf8_sequence(const uint8_t *bytes, size_t length)
{
    static const struct {
        uint8_t first_from, first_to, second_from, second_to, length;
    } forms[] = {
        { 0xC2, 0xDF, 0x80, 0xBF, 2 }, { 0xE0, 0xE0, 0xA0, 0xBF, 3 }, { 0xE1, 0xEC, 0x80, 0xBF, 3 },
        { 0xED, 0xED, 0x80, 0x9F, 3 }, { 0xEE, 0xEF, 0x80, 0xBF, 3 }, { 0xF0, 0xF0, 0x90, 0xBF, 4 },
        { 0xF1, 0xF3, 0x80, 0xBF, 4 }, { 0xF4, 0xF4, 0x80, 0x8F, 4 },
    };
    if (length == 0)
        return 0;
    if (bytes[0] < 0x80)
        return 1;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (bytes[0] < forms[i].first_from || bytes[0] > forms[i].first_to)
            continue;
        if (length < forms[i].length || bytes[1] < forms[i].second_from || bytes[1] > forms[i].second_to)
            return 0;
        for (size_t k = 2; k < forms[i].length; k++) {
            if ((bytes[k] & 0xC0) != 0x80)
                return 0;
        }
        return forms[i].length;
    }
    return 0;
}

#endif
