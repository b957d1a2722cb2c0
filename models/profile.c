/* SPDX-License-Identifier: MIT */
/* models/profile.c - the choices and the bundled profiles, as data. */
#include "models/profile.h"

#include <stddef.h>
#include <string.h>

const struct vpci_choice_info vpci_choice_info[VPCI_CHOICE_COUNT] = {
#define X(name, json, entry, first, second, third) \
    [VPCI_CHOICE_##name] = { json, entry, { first, second, third } },
    VPCI_CHOICES(X)
#undef X
};

const struct vpci_profile vpci_profiles[] = {
    { .name = "default", .text = "accepts everything that the ambiguity register accepts" },
    { .name = "strict",
      .text = "where the register tolerates a deviation with a warning, it is a violation",
      .choices = { [VPCI_CHOICE_STATUS_PASS_THROUGH] = VPCI_PASS_THROUGH_WARNS,
                   [VPCI_CHOICE_ROUNDED_COUNT] = VPCI_TOLERANCE_VIOLATION,
                   [VPCI_CHOICE_INVALIDATE_INFORMATION] = VPCI_TOLERANCE_VIOLATION } },
    { .name = "windows",
      .text = "what the pages for Windows say to the letter: a WRITE input below the structure's 12 bytes is "
              "too small",
      .choices = { [VPCI_CHOICE_SHORT_WRITE_INPUT] = VPCI_SHORT_INPUT_TOO_SMALL } },
    { .name = "linux-guest",
      .text = "a guest bus in the manner of pci-hyperv: length 0 is refused locally, a notification with "
              "nobody waiting "
              "may be lost, a short count comes rounded up",
      .choices = { [VPCI_CHOICE_ZERO_LENGTH] = VPCI_ZERO_LENGTH_REFUSED,
                   [VPCI_CHOICE_NOTIFY_NOBODY] = VPCI_NOTIFY_MAY_BE_LOST,
                   [VPCI_CHOICE_ROUNDED_COUNT] = VPCI_TOLERANCE_FREE } },
    { .name = NULL },
};

const struct vpci_profile *vpci_profile_from_name(const char *name)
{
    for (const struct vpci_profile *profile = vpci_profiles; profile->name != NULL; profile++) {
        if (strcmp(profile->name, name) == 0)
            return profile;
    }
    return NULL;
}
