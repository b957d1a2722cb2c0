/* SPDX-License-Identifier: MIT */
/* harness/channel_rule.c - the table of harness/channel_rule.h. */
#include "harness/channel_rule.h"

#include <stdarg.h>
#include <stdio.h>

const struct vpci_channel_rule_info vpci_channel_rule_info[VPCI_CHANNEL_RULE_COUNT] = {
#define X(name, id, failure, text) [VPCI_CHANNEL_RULE_##name] = { id, VPCI_FAILURE_##failure, text },
    VPCI_CHANNEL_RULES(X)
#undef X
};

bool vpci_channel_break(struct vpci_channel_fault *fault, enum vpci_channel_rule rule, const char *format,
                        ...)
{
    fault->rule = rule;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault->reason, sizeof fault->reason, format, arguments);
    va_end(arguments);
    return false;
}
