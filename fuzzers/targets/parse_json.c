/* SPDX-License-Identifier: MIT */
/* fuzzers/targets/parse_json.c - any bytes as JSON. What is taken is printed by cJSON, and that is the same
 * value again; so the strict reader takes nothing that cJSON understands in another way. */
#include <math.h>

#include "fuzzers/targets/property.h"
#include "harness/json.h"

VPCI_PROPERTY(print_is_read, "what was read and printed is read again")
VPCI_PROPERTY(print_is_equal, "what was read, printed and read is the same value")
VPCI_PROPERTY(integer_fits, "an integer is at most its maximum")

/* "line 3, column 7: ...", a JSON pointer, or the sentence about a member of the outermost object. */
static bool has_place(const char *error)
{
    unsigned line = 0, column = 0;
    static const char outermost[] = "the member \"";
    return sscanf(error, "line %u, column %u:", &line, &column) == 2 || error[0] == '/' ||
           strncmp(error, outermost, sizeof outermost - 1) == 0;
}

/* cJSON reads 1e999 as infinity, which it has no way to print. The kit's integers refuse it. */
static bool is_finite(const cJSON *value)
{
    bool finite = !cJSON_IsNumber(value) || isfinite(value->valuedouble);
    for (const cJSON *child = value->child; finite && child != NULL; child = child->next)
        finite = is_finite(child);
    return finite;
}

static void hold_integers(const cJSON *value)
{
    static const uint64_t maxima[] = { 0, 255, 65535, UINT32_MAX, UINT64_MAX };
    char error[128];
    uint64_t number = 0;
    for (size_t i = 0; i < sizeof maxima / sizeof maxima[0]; i++) {
        if (vpci_json_integer(value, maxima[i], &number, error, sizeof error))
            VPCI_HOLD(integer_fits, number <= maxima[i], "");
        else
            vpci_hold_error(error, sizeof error);
    }
    for (const cJSON *child = value->child; child != NULL; child = child->next)
        hold_integers(child);
}

static void hold_round_trip(const cJSON *value)
{
    char error[256] = "";
    char *printed = cJSON_PrintUnformatted(value);
    VPCI_HOLD(print_is_read, printed != NULL, "");
    cJSON *again = vpci_json_parse(printed, strlen(printed), error, sizeof error);
    VPCI_HOLD(print_is_read, again != NULL, error);
    VPCI_HOLD(print_is_equal, cJSON_Compare(value, again, true), printed);
    cJSON_Delete(again);
    cJSON_free(printed);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char error[256];
    cJSON *value = vpci_json_parse((const char *)bytes, length, error, sizeof error);
    if (value == NULL) {
        vpci_hold_error(error, sizeof error);
        VPCI_HOLD(error_has_a_place, has_place(error), error);
        return 0;
    }
    hold_integers(value);
    if (is_finite(value))
        hold_round_trip(value);
    cJSON_Delete(value);
    return 0;
}
