/* SPDX-License-Identifier: MIT */
/* harness/channel_rule.c - the table of harness/channel_rule.h. */
#include "harness/channel_rule.h"

#include <stdarg.h>
#include <stdio.h>

#include "harness/text.h"

const struct vpci_channel_rule_info vpci_channel_rule_info[VPCI_CHANNEL_RULE_COUNT] = {
#define X(name, id, failure, text) [VPCI_CHANNEL_RULE_##name] = { id, VPCI_FAILURE_##failure, text },
    VPCI_CHANNEL_RULES(X)
#undef X
};

bool vpci_channel_break(struct vpci_channel_fault *fault, enum vpci_channel_rule rule, const char *format,
                        ...)
{
    char raw[2 * VPCI_DETAIL_BYTES];
    fault->rule = rule;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(raw, sizeof raw, format, arguments);
    va_end(arguments);
    vpci_text_copy_plain(fault->reason, sizeof fault->reason, raw);
    return false;
}
