/* SPDX-License-Identifier: MIT */
/* fuzzers/glue/divergence.c - see divergence.h. */
#include "fuzzers/glue/divergence.h"

#include <stdio.h>
#include <stdlib.h>

/* The name makes each of them different, so that no linker folds two into one. */
static void give_up(const char *name)
{
    fprintf(stderr, "divergence: %s\n", name);
    abort();
}

#define CLASS(name)                                                         \
    __attribute__((noinline)) static _Noreturn void divergence_##name(void) \
    {                                                                       \
        give_up(#name);                                                     \
        __builtin_unreachable();                                            \
    }
#define X(section, number, level, bound, breach) \
    CLASS(section##_##number##_violation)        \
    CLASS(section##_##number##_crash)            \
    CLASS(section##_##number##_hang)
VPCI_REQUIREMENTS(X)
#undef X
CLASS(unblamed)
CLASS(adapter_error)

static void (*const classes[VPCI_REQUIREMENT_COUNT][3])(void) = {
#define X(section, number, level, bound, breach)                                 \
    [VPCI_##section##_##number] = { divergence_##section##_##number##_violation, \
                                    divergence_##section##_##number##_crash,     \
                                    divergence_##section##_##number##_hang },
    VPCI_REQUIREMENTS(X)
#undef X
};

static unsigned column_of(enum vpci_failure failure)
{
    if (failure == VPCI_FAILURE_NONE)
        return 0;
    return failure == VPCI_FAILURE_HANG || failure == VPCI_FAILURE_HANG_AT_CLOSE ? 2 : 1;
}

_Noreturn void vpci_diverge(const struct vpci_case_result *result, enum vpci_failure failure)
{
    const char *id =
        result->requirement == VPCI_REQUIREMENT_NONE ? "" : vpci_requirement_info[result->requirement].id;
    const char *said = result->has_finding ? result->finding.reason : result->detail;
    fprintf(stderr, "%s (%s) %s: %s\n", vpci_case_verdict_name[result->verdict], result->cause, id,
            said == NULL ? "" : said);
    if (result->verdict != VPCI_CASE_FAIL)
        divergence_adapter_error();
    if (classes[result->requirement][0] != NULL)
        classes[result->requirement][column_of(failure)]();
    divergence_unblamed();
}
