/* SPDX-License-Identifier: MIT */
/* harness/date.h - days of the calendar, written "2027-01-31". Two of them compare as their texts do. */
#ifndef VPCI_DATE_H
#define VPCI_DATE_H

#include <stdbool.h>

enum { VPCI_DATE_BYTES = 11 }; /* with its NUL */

/* Whether text is a day that there is, from 0001-01-01 to 9999-12-31. */
bool vpci_date_is_real(const char *text);

#endif
