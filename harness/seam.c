/* SPDX-License-Identifier: MIT */
/* harness/seam.c - the table of failures and the one place that records one. Apart from the seams because the
 * conductor, the results and both seams name failures. */
#include "harness/seam.h"

#include <stdarg.h>
#include <stdio.h>

#include "harness/text.h"

const struct vpci_failure_info vpci_failure_info[VPCI_FAILURE_COUNT] = {
#define X(name, json, of_implementation) [VPCI_FAILURE_##name] = { json, of_implementation },
    VPCI_FAILURES(X)
#undef X
};

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
    vpci_text_copy_plain(seam->detail, sizeof seam->detail, raw);
    return false;
}
