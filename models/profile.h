/* SPDX-License-Identifier: MIT */
/* models/profile.h - choices where the sources are ambiguous. Each names its entry in the ambiguity register
 * (A-nn). The default of a choice accepts all that the register accepts; a profile narrows some of them. */
#ifndef VPCI_PROFILE_H
#define VPCI_PROFILE_H

#include "models/requirement.h"

#define VPCI_CHOICES(X)                                                                       \
    /* choice, JSON name, register entry, values: the first is the default */                 \
    X(ZERO_LENGTH, "zero_length", "A-02", "either", "succeeds", "refused")                    \
    X(SHORT_WRITE_INPUT, "write_input_8_to_11", "A-07", "either", "succeeds", "too_small")    \
    X(STATUS_PASS_THROUGH, "pf_status_passed_through", "A-14", "free", "warning", "required") \
    X(NOTIFY_NOBODY, "notification_with_nobody_waiting", "A-22", "kept", "may_be_lost", NULL) \
    X(ROUNDED_COUNT, "rounded_short_count", "A-37", "warning", "free", "violation")           \
    X(INVALIDATE_INFORMATION, "invalidate_information_8", "A-06", "warning", "free", "violation")

enum vpci_choice {
#define X(name, json, entry, first, second, third) VPCI_CHOICE_##name,
    VPCI_CHOICES(X)
#undef X
        VPCI_CHOICE_COUNT
};

/* The values above, by position. */
enum { VPCI_ZERO_LENGTH_EITHER, VPCI_ZERO_LENGTH_SUCCEEDS, VPCI_ZERO_LENGTH_REFUSED };
enum { VPCI_SHORT_INPUT_EITHER, VPCI_SHORT_INPUT_SUCCEEDS, VPCI_SHORT_INPUT_TOO_SMALL };
enum { VPCI_PASS_THROUGH_FREE, VPCI_PASS_THROUGH_WARNS, VPCI_PASS_THROUGH_REQUIRED };
enum { VPCI_NOTIFY_KEPT, VPCI_NOTIFY_MAY_BE_LOST };
enum { VPCI_TOLERANCE_WARNING, VPCI_TOLERANCE_FREE, VPCI_TOLERANCE_VIOLATION };

struct vpci_choice_info {
    const char *name;
    const char *register_entry;
    const char *values[3]; /* NULL where there are fewer */
};
extern const struct vpci_choice_info vpci_choice_info[VPCI_CHOICE_COUNT];

struct vpci_profile {
    const char *name;
    const char *text;
    uint8_t choices[VPCI_CHOICE_COUNT]; /* index into values */
};

/* The bundled profiles, the default first; the list ends at a NULL name. */
extern const struct vpci_profile vpci_profiles[];

/* NULL when there is none of that name. */
const struct vpci_profile *vpci_profile_from_name(const char *name);

#endif
