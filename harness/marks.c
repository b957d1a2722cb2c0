/* SPDX-License-Identifier: MIT */
/* harness/marks.c - see marks.h. Both files are read strictly: an expectation that was misread would excuse
 * what nobody excused. */
#include "harness/marks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/file.h"
#include "harness/json.h"
#include "harness/record_member.h"

enum { MARKS_FORMAT = 1, MARKS_BYTES_MAX = 1024 * 1024 };

typedef struct vpci_record_error record_error;

/* ---- what both files are: {"format": 1, LIST: [entries]} ---- */

struct marks_file {
    const char *path, *list; /* name of the member that holds the entries */
    uint32_t most;
    const char *const *members; /* of an entry, ends in NULL */
    char *error;                /* VPCI_ERROR_BYTES */
    uint32_t count;             /* of entries, once it is open */
    char digest[VPCI_DIGEST_TEXT_BYTES];
};

/* Reads one entry into the array that its caller has made for all. */
typedef bool read_entry_fn(void *context, uint32_t index, const cJSON *item, record_error *error);

static bool refuse(const struct marks_file *file, const char *reason)
{
    snprintf(file->error, VPCI_ERROR_BYTES, "%s: %s", file->path, reason);
    return false;
}

static bool refuse_entry(const struct marks_file *file, uint32_t index, const char *before,
                         const char *reason)
{
    snprintf(file->error, VPCI_ERROR_BYTES, "%s: /%s/%u%s%s", file->path, file->list, index, before, reason);
    return false;
}

static bool check_top(struct marks_file *file, const cJSON *json)
{
    const char *const members[] = { "format", file->list, NULL };
    record_error error;
    uint64_t format = 0;
    if (!cJSON_IsObject(json))
        return refuse(file, "not a JSON object");
    if (!vpci_members_only(json, members, &error))
        return refuse(file, error.reason);
    if (!vpci_member_integer(json, "format", UINT32_MAX, &format, &error))
        return refuse(file, error.reason);
    if (format != MARKS_FORMAT)
        return refuse(file, "format: 1 is wanted");
    const cJSON *entries = vpci_member(json, file->list);
    if (!cJSON_IsArray(entries))
        return vpci_record_fail(&error, "%s: an array is wanted, not %s", file->list,
                                vpci_json_type_name(entries)) ||
               refuse(file, error.reason);
    if ((uint32_t)cJSON_GetArraySize(entries) > file->most)
        return vpci_record_fail(&error, "%s: more than %u", file->list, file->most) ||
               refuse(file, error.reason);
    file->count = (uint32_t)cJSON_GetArraySize(entries);
    return true;
}

/* The file as JSON, for cJSON_Delete, with count and digest set; NULL after saying why. */
static cJSON *open_marks(struct marks_file *file)
{
    char reason[VPCI_DETAIL_BYTES];
    char *bytes = NULL;
    size_t length = 0;
    if (!vpci_file_read(file->path, MARKS_BYTES_MAX, &bytes, &length, file->error, VPCI_ERROR_BYTES))
        return NULL;
    cJSON *json = vpci_json_parse(bytes, length, reason, sizeof reason);
    bool fine = json != NULL ? check_top(file, json) : refuse(file, reason);
    if (fine)
        vpci_digest_of_bytes(bytes, length, file->digest);
    free(bytes);
    if (fine)
        return json;
    cJSON_Delete(json);
    return NULL;
}

/* Reads every entry and lets go of the JSON. */
static bool read_entries(const struct marks_file *file, cJSON *json, read_entry_fn *read, void *context)
{
    uint32_t index = 0;
    bool fine = true;
    const cJSON *item = vpci_member(json, file->list)->child;
    for (; fine && item != NULL; item = item->next, index++) {
        record_error error;
        if (!cJSON_IsObject(item))
            fine = refuse_entry(file, index, ": ", "not a JSON object");
        else if (!vpci_members_only(item, file->members, &error))
            fine = refuse_entry(file, index, ": ", error.reason);
        else if (!read(context, index, item, &error))
            fine = refuse_entry(file, index, "/", error.reason);
    }
    cJSON_Delete(json);
    return fine;
}

/* A string with something in it. */
static bool read_words(const cJSON *item, const char *name, struct vpci_arena *arena, const char **to,
                       record_error *error)
{
    if (!vpci_member_keep(item, name, arena, to, error))
        return false;
    return (*to)[strspn(*to, " \t\r\n")] != '\0' || vpci_record_fail(error, "%s: empty", name);
}

/* ---- expectations ---- */

/* Causes beside the failures of a seam, and the verdict that each comes with. */
static const struct {
    const char *cause;
    enum vpci_case_verdict verdict;
} plain_causes[] = { { "violation", VPCI_CASE_FAIL },
                     { "not_refused", VPCI_CASE_FAIL },
                     { "purpose_not_reached", VPCI_CASE_INCONCLUSIVE },
                     { "contents_not_judged", VPCI_CASE_INCONCLUSIVE } };

static bool is_cause_of(const char *cause, enum vpci_case_verdict verdict)
{
    for (size_t i = 0; i < sizeof plain_causes / sizeof plain_causes[0]; i++) {
        if (plain_causes[i].verdict == verdict && strcmp(plain_causes[i].cause, cause) == 0)
            return true;
    }
    for (int i = VPCI_FAILURE_NONE + 1; i < VPCI_FAILURE_COUNT; i++) {
        if (vpci_failure_info[i].of_implementation == (verdict == VPCI_CASE_FAIL) &&
            verdict != VPCI_CASE_INCONCLUSIVE && strcmp(vpci_failure_info[i].name, cause) == 0)
            return true;
    }
    return false;
}

/* How the case is expected to fail. A cause or a requirement that never comes with the verdict would make an
 * entry that nothing can bear out. */
static bool read_failure(struct vpci_expectation *entry, const cJSON *item, struct vpci_arena *arena,
                         record_error *error)
{
    const cJSON *requirement = vpci_member(item, "requirement");
    int verdict = 0;
    if (!vpci_member_name(item, "verdict", vpci_case_verdict_name, VPCI_CASE_VERDICT_COUNT, &verdict, error))
        return false;
    entry->verdict = (enum vpci_case_verdict)verdict;
    if (entry->verdict != VPCI_CASE_FAIL && entry->verdict != VPCI_CASE_INCONCLUSIVE &&
        entry->verdict != VPCI_CASE_ERROR)
        return vpci_record_fail(error, "verdict: \"fail\", \"inconclusive\" or \"error\" is wanted");
    if (requirement != NULL &&
        !vpci_record_requirement(requirement, "requirement", &entry->requirement, error))
        return false;
    if (requirement != NULL && entry->verdict != VPCI_CASE_FAIL)
        return vpci_record_fail(error, "requirement: only a case that fails blames one");
    entry->cause = "";
    if (vpci_member(item, "cause") == NULL)
        return true;
    char excerpt[VPCI_EXCERPT_BYTES];
    return vpci_member_keep(item, "cause", arena, &entry->cause, error) &&
           (is_cause_of(entry->cause, entry->verdict) ||
            vpci_record_fail(error, "cause: \"%s\" is not one of a case that ends in %s",
                             vpci_excerpt(excerpt, entry->cause), vpci_case_verdict_name[entry->verdict]));
}

struct expectation_reader {
    struct vpci_expectation *entries;
    struct vpci_arena *arena;
};

static bool read_expectation(void *context, uint32_t index, const cJSON *item, record_error *error)
{
    struct expectation_reader *reader = context;
    struct vpci_expectation *entry = &reader->entries[index];
    if (!read_words(item, "cases", reader->arena, &entry->cases, error))
        return false;
    if (strlen(entry->cases) > VPCI_PATTERN_BYTES_MAX)
        return vpci_record_fail(error, "cases: longer than %d bytes", VPCI_PATTERN_BYTES_MAX);
    return read_failure(entry, item, reader->arena, error) &&
           read_words(item, "reason", reader->arena, &entry->reason, error) &&
           read_words(item, "owner", reader->arena, &entry->owner, error) &&
           read_words(item, "issue", reader->arena, &entry->issue, error) &&
           vpci_member_date(item, "expires", entry->expires, error);
}

bool vpci_expectations_load(struct vpci_expectations *expectations, const char *path, const char *date,
                            char error[VPCI_ERROR_BYTES])
{
    static const char *const members[] = { "cases", "verdict", "requirement", "cause", "reason",
                                           "owner", "issue",   "expires",     NULL };
    struct marks_file file = { .path = path,
                               .list = "expectations",
                               .most = VPCI_EXPECTATIONS_MAX,
                               .members = members,
                               .error = error };
    *expectations = (struct vpci_expectations){ 0 };
    cJSON *json = open_marks(&file);
    if (json == NULL)
        return false;
    struct expectation_reader reader = {
        vpci_arena_take(&expectations->arena, file.count, sizeof *reader.entries), &expectations->arena
    };
    expectations->entries = reader.entries;
    expectations->count = file.count;
    memcpy(expectations->digest, file.digest, sizeof file.digest);
    snprintf(expectations->date, sizeof expectations->date, "%s", date);
    if (read_entries(&file, json, read_expectation, &reader))
        return true;
    vpci_expectations_free(expectations);
    return false;
}

void vpci_expectations_free(struct vpci_expectations *expectations)
{
    vpci_arena_free(&expectations->arena);
    *expectations = (struct vpci_expectations){ 0 };
}

bool vpci_expectation_names(const struct vpci_expectation *entry, const struct vpci_case_result *result)
{
    if (vpci_is_glob(entry->cases))
        return vpci_glob_matches(entry->cases, result->name) ||
               vpci_glob_matches(entry->cases, result->scenario);
    return strcmp(entry->cases, result->name) == 0 || strcmp(entry->cases, result->scenario) == 0;
}

enum vpci_expected vpci_expectation_state(const struct vpci_expectation *entry, const char *date,
                                          const struct vpci_case_result *result)
{
    if (result->verdict == VPCI_CASE_NOT_APPLICABLE || result->verdict == VPCI_CASE_SKIPPED)
        return VPCI_EXPECTED_NOT;
    if (result->verdict == VPCI_CASE_PASS)
        return VPCI_EXPECTED_UNEXPECTED_PASS;
    if (result->verdict != entry->verdict ||
        (entry->requirement != VPCI_REQUIREMENT_NONE && entry->requirement != result->requirement) ||
        (entry->cause[0] != '\0' && (result->cause == NULL || strcmp(entry->cause, result->cause) != 0)))
        return VPCI_EXPECTED_FAILS_OTHERWISE;
    return strcmp(date, entry->expires) > 0 ? VPCI_EXPECTED_EXPIRED : VPCI_EXPECTED_AS_EXPECTED;
}

/* ---- disputes ---- */

struct dispute_reader {
    struct vpci_disputed *entries;
    struct vpci_arena *arena;
    const struct vpci_suite *suite;
};

static bool has_scenario(const struct vpci_suite *suite, const char *name)
{
    for (uint32_t i = 0; i < vpci_suite_scenario_count(suite); i++) {
        if (strcmp(vpci_scenario_name(vpci_suite_scenario(suite, i)), name) == 0)
            return true;
    }
    return false;
}

static bool read_dispute(void *context, uint32_t index, const cJSON *item, record_error *error)
{
    struct dispute_reader *reader = context;
    struct vpci_disputed *entry = &reader->entries[index];
    char excerpt[VPCI_EXCERPT_BYTES];
    int state = 0;
    if (!read_words(item, "scenario", reader->arena, &entry->scenario, error) ||
        !vpci_member_name(item, "state", vpci_dispute_name, VPCI_DISPUTE_COUNT, &state, error) ||
        !read_words(item, "text", reader->arena, &entry->text, error) ||
        !vpci_member_date(item, "date", entry->date, error))
        return false;
    entry->dispute = (enum vpci_dispute)state;
    if (entry->dispute == VPCI_DISPUTE_NONE)
        return vpci_record_fail(error, "state: \"contested\" or \"withdrawn\" is wanted");
    if (!has_scenario(reader->suite, entry->scenario))
        return vpci_record_fail(error, "scenario: the suite has no \"%s\"",
                                vpci_excerpt(excerpt, entry->scenario));
    if (index > 0 && strcmp(entry->date, entry[-1].date) < 0)
        return vpci_record_fail(error, "date: before that of the entry above; entries are only added");
    if (vpci_dispute_of(reader->entries, index, entry->scenario) == VPCI_DISPUTE_WITHDRAWN)
        return vpci_record_fail(error, "scenario: it is withdrawn already");
    return true;
}

bool vpci_disputes_load(struct vpci_disputes *disputes, const char *path, const struct vpci_suite *suite,
                        char error[VPCI_ERROR_BYTES])
{
    static const char *const members[] = { "scenario", "state", "text", "date", NULL };
    struct marks_file file = {
        .path = path, .list = "disputes", .most = VPCI_DISPUTES_MAX, .members = members, .error = error
    };
    *disputes = (struct vpci_disputes){ 0 };
    cJSON *json = open_marks(&file);
    if (json == NULL)
        return false;
    struct dispute_reader reader = { vpci_arena_take(&disputes->arena, file.count, sizeof *reader.entries),
                                     &disputes->arena, suite };
    disputes->entries = reader.entries;
    disputes->count = file.count;
    memcpy(disputes->digest, file.digest, sizeof file.digest);
    if (read_entries(&file, json, read_dispute, &reader))
        return true;
    vpci_disputes_free(disputes);
    return false;
}

void vpci_disputes_free(struct vpci_disputes *disputes)
{
    vpci_arena_free(&disputes->arena);
    *disputes = (struct vpci_disputes){ 0 };
}

enum vpci_dispute vpci_dispute_of(const struct vpci_disputed *entries, uint32_t count, const char *scenario)
{
    while (count > 0 && strcmp(entries[count - 1].scenario, scenario) != 0)
        count--;
    return count == 0 ? VPCI_DISPUTE_NONE : entries[count - 1].dispute;
}

void vpci_mark_case(struct vpci_case_result *result, const struct vpci_expectations *expectations,
                    const struct vpci_disputes *disputes)
{
    result->dispute = disputes == NULL
                          ? VPCI_DISPUTE_NONE
                          : vpci_dispute_of(disputes->entries, disputes->count, result->scenario);
    result->expected = VPCI_EXPECTED_NOT;
    result->expectation = 0;
    if (expectations == NULL || result->dispute != VPCI_DISPUTE_NONE)
        return;
    for (uint32_t i = 0; i < expectations->count; i++) {
        if (!vpci_expectation_names(&expectations->entries[i], result))
            continue;
        result->expected = vpci_expectation_state(&expectations->entries[i], expectations->date, result);
        result->expectation = result->expected == VPCI_EXPECTED_NOT ? 0 : i;
        return;
    }
}
