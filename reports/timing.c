/* SPDX-License-Identifier: MIT */
/* reports/timing.c - see reports/timing.h. */
#include "reports/timing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/file.h"
#include "harness/record_member.h"
#include "harness/json.h"

enum { TIMING_BYTES_MAX = 1 << 28, PATH_SHOWN_BYTES = 100, REASON_SHOWN_BYTES = 100 };

struct times {
    uint64_t *elapsed_us;
    uint32_t case_count, planned;
};

static bool read_line(const struct times *times, const char *line, size_t length,
                      struct vpci_record_error *error)
{
    static const char *const members[] = { "index", "elapsed_us", NULL };
    uint64_t index = 0, elapsed = 0;
    cJSON *object = vpci_json_parse(line, length, error->reason, sizeof error->reason);
    if (object == NULL)
        return false;
    bool fine = cJSON_IsObject(object)
                    ? vpci_members_only(object, members, error) &&
                          vpci_member_integer(object, "index", UINT32_MAX, &index, error) &&
                          vpci_member_integer(object, "elapsed_us", VPCI_JSON_INTEGER_MAX, &elapsed, error)
                    : vpci_record_fail(error, "not a JSON object");
    cJSON_Delete(object);
    if (fine && index >= times->planned)
        fine = vpci_record_fail(error, "index: %llu, but the results have %u cases",
                                (unsigned long long)index, times->planned);
    if (fine && index < times->case_count)
        times->elapsed_us[index] = elapsed;
    return fine;
}

/* The end of a long path says more than its start. */
static const char *shown_path(const char *path)
{
    const size_t length = strlen(path);
    return length > PATH_SHOWN_BYTES ? path + length - PATH_SHOWN_BYTES : path;
}

bool vpci_timing_read(uint64_t *elapsed_us, uint32_t case_count, uint32_t planned, const char *path,
                      bool *timed_out, char error[VPCI_DETAIL_BYTES])
{
    const struct times times = { elapsed_us, case_count, planned };
    char *bytes = NULL;
    size_t length = 0;
    for (uint32_t i = 0; i < case_count; i++)
        elapsed_us[i] = VPCI_NOT_TIMED;
    *timed_out = path != NULL && access(path, F_OK) == 0;
    if (!*timed_out)
        return true;
    if (!vpci_file_read(path, TIMING_BYTES_MAX, &bytes, &length, error, VPCI_DETAIL_BYTES))
        return false;
    bool fine = true;
    unsigned long line_number = 0;
    const char *at = bytes, *end = bytes;
    /* A last line that is not ended was cut with the run. */
    for (; fine && (end = memchr(at, '\n', length - (size_t)(at - bytes))) != NULL; at = end + 1) {
        struct vpci_record_error reason = { "" };
        line_number++;
        fine = read_line(&times, at, (size_t)(end - at), &reason);
        if (!fine)
            snprintf(error, VPCI_DETAIL_BYTES, "%s:%lu: %.*s", shown_path(path), line_number,
                     REASON_SHOWN_BYTES, reason.reason);
    }
    free(bytes);
    return fine;
}
