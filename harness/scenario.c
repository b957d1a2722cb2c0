/* SPDX-License-Identifier: MIT */
/* harness/scenario.c - the suite: which files, in which order, under which names, and which of their cases
 * are selected. Loading one text is scenario_load.c; making one case is scenario_case.c. */
#include "harness/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/allocate.h"
#include "harness/scenario_internal.h"

static const char suffix[] = ".json";

struct planned_case {
    const struct vpci_scenario *scenario;
    uint32_t index; /* in the scenario */
};

struct vpci_suite {
    struct vpci_arena arena;
    struct vpci_scenario **scenarios; /* by name */
    uint32_t scenario_count;
    struct planned_case *plan; /* all cases */
    uint32_t plan_count;
    uint32_t *selected; /* indices into plan, ascending */
    uint32_t selected_count;
    char digest[VPCI_SHA256_TEXT_BYTES];
};

const char *vpci_scenario_name(const struct vpci_scenario *scenario)
{
    return scenario->name;
}

const char *vpci_scenario_purpose(const struct vpci_scenario *scenario)
{
    return scenario->purpose;
}

uint32_t vpci_scenario_roles(const struct vpci_scenario *scenario)
{
    return scenario->roles;
}

const struct vpci_requirement_set *vpci_scenario_requirements(const struct vpci_scenario *scenario)
{
    return &scenario->requirements;
}

vpci_capability_set vpci_scenario_refuses(const struct vpci_scenario *scenario)
{
    return scenario->refuses;
}

const struct vpci_finding *vpci_scenario_finding(const struct vpci_scenario *scenario)
{
    return scenario->finding;
}

uint32_t vpci_scenario_case_count(const struct vpci_scenario *scenario)
{
    return scenario->plan.row_count;
}

const char *vpci_scenario_text(const struct vpci_scenario *scenario)
{
    return scenario->text;
}

const char *vpci_scenario_digest(const struct vpci_scenario *scenario)
{
    return scenario->digest;
}

/* One file to load. */
struct entry {
    char *path, *name;
};

static bool name_is_fit(const char *name)
{
    return name[0] != '\0' &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./")] == '\0';
}

static char *without_suffix(const char *path)
{
    const size_t length = strlen(path), shorter = length - (sizeof suffix - 1);
    const bool has_suffix = length >= sizeof suffix && strcmp(path + shorter, suffix) == 0;
    return vpci_need_memory(strndup(path, has_suffix ? shorter : length));
}

static int compare_entries(const void *left, const void *right)
{
    return strcmp(((const struct entry *)left)->name, ((const struct entry *)right)->name);
}

static void free_entries(struct entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(entries[i].path);
        free(entries[i].name);
    }
    free(entries);
}

/* The name of a single file: below the nearest folder called "scenarios", or else just the file's own. */
static char *name_of_file(const char *path)
{
    static const char folder[] = "/scenarios/";
    char *whole = realpath(path, NULL);
    const char *shown = whole == NULL ? path : whole, *found = NULL;
    for (const char *at = strstr(shown, folder); at != NULL; at = strstr(at + 1, folder))
        found = at;
    const char *base = strrchr(shown, '/');
    char *name = without_suffix(found != NULL ? found + sizeof folder - 1 : base != NULL ? base + 1 : shown);
    free(whole);
    return name;
}

/* Lists what is to be loaded, sorted by name. NULL on error. */
static struct entry *list_entries(const char *path, size_t *count_out, char error[VPCI_ERROR_BYTES])
{
    struct stat status;
    if (stat(path, &status) == 0 && !S_ISDIR(status.st_mode)) {
        struct entry *entry = vpci_need_memory(calloc(1, sizeof *entry));
        entry->path = vpci_need_memory(strdup(path));
        entry->name = name_of_file(path);
        *count_out = 1;
        return entry;
    }
    struct vpci_file_list list;
    if (!vpci_file_list_below(&list, path, suffix, error, VPCI_ERROR_BYTES))
        return NULL;
    if (list.count == 0) {
        snprintf(error, VPCI_ERROR_BYTES, "no scenario found below %.400s", path);
        return NULL;
    }
    struct entry *entries = vpci_need_memory(calloc(list.count, sizeof *entries));
    for (size_t i = 0; i < list.count; i++) {
        if (asprintf(&entries[i].path, "%s/%s", path, list.paths[i]) < 0)
            vpci_give_up("out of memory");
        entries[i].name = without_suffix(list.paths[i]);
    }
    *count_out = list.count;
    vpci_file_list_free(&list);
    qsort(entries, *count_out, sizeof *entries, compare_entries);
    return entries;
}

static bool load_bytes(struct vpci_suite *suite, const char *path, const char *name, const char *bytes,
                       size_t length, struct vpci_digest *digest, char error[VPCI_ERROR_BYTES])
{
    struct vpci_scenario *scenario = NULL;
    if (name_is_fit(name)) {
        scenario = scenario_load(&suite->arena, path, name, bytes, length, error);
    } else {
        struct scenario_loader loader = { .file = path, .error = error };
        scenario_refuse(&loader, "the file's name may have letters, digits and - _ . only");
    }
    if (scenario != NULL) {
        suite->scenarios[suite->scenario_count++] = scenario;
        suite->plan_count += scenario->plan.row_count;
        vpci_digest_add(digest, name, strlen(name) + 1);
        vpci_digest_add(digest, bytes, length);
        vpci_digest_add(digest, "", 1);
    }
    return scenario != NULL;
}

static bool load_entry(struct vpci_suite *suite, const struct entry *entry, struct vpci_digest *digest,
                       char error[VPCI_ERROR_BYTES])
{
    char *bytes;
    size_t length;
    if (!vpci_file_read(entry->path, SCENARIO_FILE_BYTES_MAX, &bytes, &length, error, VPCI_ERROR_BYTES))
        return false;
    const bool fine = load_bytes(suite, entry->path, entry->name, bytes, length, digest, error);
    free(bytes);
    return fine;
}

static void make_plan(struct vpci_suite *suite)
{
    suite->plan = vpci_need_memory(calloc(suite->plan_count, sizeof *suite->plan));
    suite->selected = vpci_need_memory(calloc(suite->plan_count, sizeof *suite->selected));
    struct planned_case *to = suite->plan;
    for (uint32_t i = 0; i < suite->scenario_count; i++) {
        for (uint32_t k = 0; k < suite->scenarios[i]->plan.row_count; k++)
            *to++ = (struct planned_case){ suite->scenarios[i], k };
    }
    vpci_suite_select(suite, "");
}

static struct vpci_suite *new_suite(size_t count)
{
    struct vpci_suite *suite = vpci_need_memory(calloc(1, sizeof *suite));
    suite->scenarios = vpci_need_memory(calloc(count, sizeof *suite->scenarios));
    return suite;
}

/* The suite with its plan; without it, and NULL, when a scenario was refused. */
static struct vpci_suite *finish(struct vpci_suite *suite, bool fine, struct vpci_digest *digest)
{
    if (fine) {
        vpci_digest_read(digest, suite->digest);
        make_plan(suite);
    }
    vpci_digest_free(digest);
    if (fine)
        return suite;
    vpci_suite_free(suite);
    return NULL;
}

struct vpci_suite *vpci_suite_load(const char *path, char error[VPCI_ERROR_BYTES])
{
    size_t count = 0;
    struct entry *entries = list_entries(path, &count, error);
    if (entries == NULL)
        return NULL;
    struct vpci_suite *suite = new_suite(count);
    struct vpci_digest *digest = vpci_digest_start();
    bool fine = true;
    for (size_t i = 0; fine && i < count; i++)
        fine = load_entry(suite, &entries[i], digest, error);
    free_entries(entries, count);
    return finish(suite, fine, digest);
}

struct vpci_suite *vpci_suite_load_bytes(const char *name, const char *bytes, size_t length,
                                         char error[VPCI_ERROR_BYTES])
{
    struct vpci_suite *suite = new_suite(1);
    struct vpci_digest *digest = vpci_digest_start();
    return finish(suite, load_bytes(suite, name, name, bytes, length, digest, error), digest);
}

void vpci_suite_free(struct vpci_suite *suite)
{
    if (suite == NULL)
        return;
    for (uint32_t i = 0; i < suite->scenario_count; i++)
        scenario_free(suite->scenarios[i]);
    free(suite->scenarios);
    free(suite->plan);
    free(suite->selected);
    vpci_arena_free(&suite->arena);
    free(suite);
}

uint32_t vpci_suite_scenario_count(const struct vpci_suite *suite)
{
    return suite->scenario_count;
}

const struct vpci_scenario *vpci_suite_scenario(const struct vpci_suite *suite, uint32_t index)
{
    return suite->scenarios[index];
}

/* Goes back only to the last *, so the time is at most the product of the two lengths. */
bool vpci_glob_matches(const char *pattern, const char *name)
{
    const char *star = NULL, *resume = NULL;
    while (*name != '\0') {
        if (*pattern == '*') {
            star = pattern++;
            resume = name;
        } else if (*pattern == '?' || *pattern == *name) {
            pattern++;
            name++;
        } else if (star != NULL) {
            pattern = star + 1;
            name = ++resume;
        } else {
            return false;
        }
    }
    return pattern[strspn(pattern, "*")] == '\0';
}

bool vpci_is_glob(const char *pattern)
{
    return strpbrk(pattern, "*?") != NULL;
}

/* Each call chooses among all cases of the suite again, whatever an earlier call left. */
uint32_t vpci_suite_select(struct vpci_suite *suite, const char *pattern)
{
    const bool glob = vpci_is_glob(pattern);
    suite->selected_count = 0;
    for (uint32_t i = 0; i < suite->plan_count; i++) {
        const char *name = suite->plan[i].scenario->case_names[suite->plan[i].index];
        if (glob ? vpci_glob_matches(pattern, name) : strstr(name, pattern) != NULL)
            suite->selected[suite->selected_count++] = i;
    }
    return suite->selected_count;
}

uint32_t vpci_suite_case_count(const struct vpci_suite *suite)
{
    return suite->selected_count;
}

const char *vpci_suite_digest(const struct vpci_suite *suite)
{
    return suite->digest;
}

void vpci_suite_case(const struct vpci_suite *suite, uint32_t index, struct vpci_case_scratch *scratch,
                     struct vpci_case *case_out)
{
    const struct planned_case *planned = &suite->plan[suite->selected[index]];
    struct scenario_complaint complaint;
    if (!scenario_make_case(planned->scenario, planned->index, scratch, case_out, &complaint))
        vpci_give_up("a case that was checked cannot be made"); /* would be a fault of the loader */
}

const struct vpci_scenario *vpci_suite_case_scenario(const struct vpci_suite *suite, uint32_t index)
{
    return suite->plan[suite->selected[index]].scenario;
}

const char *vpci_suite_case_name(const struct vpci_suite *suite, uint32_t index)
{
    const struct planned_case *planned = &suite->plan[suite->selected[index]];
    return planned->scenario->case_names[planned->index];
}

void vpci_case_scratch_free(struct vpci_case_scratch *scratch)
{
    free(scratch->memory);
    *scratch = (struct vpci_case_scratch){ 0 };
}
