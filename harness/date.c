/* SPDX-License-Identifier: MIT */
/* harness/date.c - see date.h. */
#include "harness/date.h"

#include <stddef.h>

static int number_at(const char *text, int digits)
{
    int number = 0;
    for (int i = 0; i < digits; i++)
        number = 10 * number + (text[i] - '0');
    return number;
}

bool vpci_date_is_real(const char *text)
{
    static const char form[] = "dddd-dd-dd";
    static const int days_of[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    for (size_t i = 0; i < sizeof form; i++) { /* the NUL included */
        if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
            return false;
    }
    const int year = number_at(text, 4), month = number_at(text + 5, 2), day = number_at(text + 8, 2);
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
           day <= days_of[month - 1] + (month == 2 && leap ? 1 : 0);
}
