/* SPDX-License-Identifier: MIT */
/* harness/seam.c - the table of failures and the one place that records one. Apart from the seams because the
 * conductor, the results and both seams name failures. */
#include "harness/seam.h"

#include <stdarg.h>
#include <stdio.h>

#include "harness/text.h"
#include "harness/utf8.h"

const struct vpci_failure_info vpci_failure_info[VPCI_FAILURE_COUNT] = {
#define X(name, json, of_implementation) [VPCI_FAILURE_##name] = { json, of_implementation },
    VPCI_FAILURES(X)
#undef X
};

/* Cuts a text to fewer than size bytes, never inside a UTF-8 sequence. */
static void copy_whole_characters(char *to, size_t size, const struct vpci_text *from)
{
    size_t length = 0;
    while (length < from->length) {
        const size_t sequence =
            vpci_utf8_sequence((const uint8_t *)from->bytes + length, from->length - length);
        if (length + sequence >= size)
            break;
        for (size_t i = 0; i < sequence; i++)
            to[length + i] = from->bytes[length + i];
        length += sequence;
    }
    to[length] = '\0';
}

bool vpci_seam_fail(struct vpci_seam *seam, enum vpci_failure failure, const char *format, ...)
{
    if (seam->failure != VPCI_FAILURE_NONE)
        return false;
    seam->failure = failure;
    char raw[4 * VPCI_DETAIL_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(raw, sizeof raw, format, arguments);
    va_end(arguments);
    struct vpci_text plain = { 0 };
    vpci_text_add_plain(&plain, raw);
    copy_whole_characters(seam->detail, sizeof seam->detail, &plain);
    vpci_text_free(&plain);
    return false;
}
