/* SPDX-License-Identifier: MIT */
/* harness/requirements.c - loads the catalogue of harness/requirements.h and holds it to the ids of the
 * model. */
#include "harness/requirements.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/arena.h"
#include "harness/file.h"
#include "harness/json.h"

enum { CATALOGUE_FORMAT = 1, CATALOGUE_BYTES_MAX = 4 * 1024 * 1024 };

struct vpci_catalogue {
    struct vpci_arena arena;
    struct vpci_catalogue_entry entries[VPCI_REQUIREMENT_COUNT];
    struct vpci_requirement_set seen, not_observable;
    char digest[VPCI_SHA256_TEXT_BYTES];
};

struct loader {
    struct vpci_catalogue *catalogue;
    const char *path;
    int row; /* in the array, or -1 */
    char *error;
    size_t error_bytes;
};

/* place is a member of the row, or of the file when there is no row; it may be "". */
static bool fail(struct loader *loader, const char *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool fail(struct loader *loader, const char *place, const char *format, ...)
{
    char row[32] = "", reason[256];
    if (loader->row >= 0)
        snprintf(row, sizeof row, "/requirements/%d", loader->row);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    snprintf(loader->error, loader->error_bytes, "%s: %s%s%s%s%s", loader->path, row,
             *place == '\0' ? "" : "/", place, *row == '\0' && *place == '\0' ? "" : ": ", reason);
    return false;
}

/* Every member of object is one of names, a NULL-terminated list. */
static bool only_members(struct loader *loader, const cJSON *object, const char *const *names)
{
    char excerpt[VPCI_EXCERPT_BYTES];
    for (const cJSON *member = object->child; member != NULL; member = member->next) {
        size_t i = 0;
        while (names[i] != NULL && strcmp(names[i], member->string) != 0)
            i++;
        if (names[i] == NULL)
            return fail(loader, vpci_excerpt(excerpt, member->string), "not a member of the catalogue");
    }
    return true;
}

/* Reads a text; NULL when it is absent and may be. */
static bool read_text(struct loader *loader, const cJSON *row, const char *name, bool may_be_absent,
                      const char **to)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(row, name);
    if (member == NULL && may_be_absent)
        return true;
    if (!cJSON_IsString(member))
        return fail(loader, name, "a string is wanted, not %s", vpci_json_type_name(member));
    if (member->valuestring[0] == '\0')
        return fail(loader, name, "empty");
    *to = vpci_arena_copy(&loader->catalogue->arena, member->valuestring, strlen(member->valuestring));
    return true;
}

/* Reads a text that the model knows already. */
static bool read_known(struct loader *loader, const cJSON *row, const char *name, const char *known)
{
    const char *text = NULL;
    char excerpt[VPCI_EXCERPT_BYTES];
    return read_text(loader, row, name, false, &text) &&
           (strcmp(text, known) == 0 ||
            fail(loader, name, "\"%s\", but the model says \"%s\"", vpci_excerpt(excerpt, text), known));
}

static bool load_row(struct loader *loader, const cJSON *row)
{
    static const char *const members[] = { "id",     "level",    "binds",          "statement",
                                           "source", "observed", "not_observable", NULL };
    const char *id = NULL;
    char excerpt[VPCI_EXCERPT_BYTES];
    if (!cJSON_IsObject(row))
        return fail(loader, "", "an object is wanted, not %s", vpci_json_type_name(row));
    if (!only_members(loader, row, members) || !read_text(loader, row, "id", false, &id))
        return false;
    const enum vpci_requirement requirement = vpci_requirement_from_id(id);
    if (requirement == VPCI_REQUIREMENT_NONE)
        return fail(loader, "id", "the model has no requirement \"%s\"", vpci_excerpt(excerpt, id));
    if (vpci_requirement_has(&loader->catalogue->seen, requirement))
        return fail(loader, "id", "%s is there twice", id);
    vpci_requirement_add(&loader->catalogue->seen, requirement);

    const struct vpci_requirement_info *info = &vpci_requirement_info[requirement];
    struct vpci_catalogue_entry *entry = &loader->catalogue->entries[requirement];
    if (!read_known(loader, row, "level", vpci_level_name[info->level]) ||
        !read_known(loader, row, "binds", vpci_binds_name[info->binds]) ||
        !read_text(loader, row, "statement", false, &entry->statement) ||
        !read_text(loader, row, "source", false, &entry->source) ||
        !read_text(loader, row, "observed", true, &entry->observed) ||
        !read_text(loader, row, "not_observable", true, &entry->not_observable))
        return false;
    if ((entry->observed == NULL) == (entry->not_observable == NULL))
        return fail(loader, "", "%s needs either observed or not_observable", id);
    if (entry->not_observable != NULL)
        vpci_requirement_add(&loader->catalogue->not_observable, requirement);
    return true;
}

static bool load_rows(struct loader *loader, const cJSON *file)
{
    static const char *const members[] = { "format", "requirements", NULL };
    char reason[VPCI_EXCERPT_BYTES * 2];
    uint64_t format = 0;
    if (!cJSON_IsObject(file))
        return fail(loader, "", "an object is wanted, not %s", vpci_json_type_name(file));
    if (!only_members(loader, file, members))
        return false;
    if (!vpci_json_integer(cJSON_GetObjectItemCaseSensitive(file, "format"), UINT32_MAX, &format, reason,
                           sizeof reason))
        return fail(loader, "format", "%s", reason);
    if (format != CATALOGUE_FORMAT)
        return fail(loader, "format", "%d is wanted", CATALOGUE_FORMAT);
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(file, "requirements");
    if (!cJSON_IsArray(rows))
        return fail(loader, "requirements", "an array is wanted, not %s", vpci_json_type_name(rows));
    for (const cJSON *row = rows->child; row != NULL; row = row->next) {
        loader->row++;
        if (!load_row(loader, row))
            return false;
    }
    loader->row = -1;
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
        if (!vpci_requirement_has(&loader->catalogue->seen, (enum vpci_requirement)i))
            return fail(loader, "requirements", "%s of the model is missing", vpci_requirement_info[i].id);
    }
    return true;
}

struct vpci_catalogue *vpci_catalogue_load(const char *path, char *error, size_t error_bytes)
{
    char *bytes = NULL, reason[256];
    size_t length = 0;
    if (!vpci_file_read(path, CATALOGUE_BYTES_MAX, &bytes, &length, error, error_bytes))
        return NULL;
    struct vpci_catalogue *catalogue = calloc(1, sizeof *catalogue);
    struct loader loader = { catalogue, path, -1, error, error_bytes };
    cJSON *file = catalogue != NULL ? vpci_json_parse(bytes, length, reason, sizeof reason) : NULL;
    bool fine = false;
    if (catalogue == NULL)
        fail(&loader, "", "out of memory");
    else if (file == NULL)
        fail(&loader, "", "%s", reason);
    else
        fine = load_rows(&loader, file);
    if (fine)
        vpci_digest_of_bytes(bytes, length, catalogue->digest);
    cJSON_Delete(file);
    free(bytes);
    if (fine)
        return catalogue;
    vpci_catalogue_free(catalogue);
    return NULL;
}

void vpci_catalogue_free(struct vpci_catalogue *catalogue)
{
    if (catalogue == NULL)
        return;
    vpci_arena_free(&catalogue->arena);
    free(catalogue);
}

const struct vpci_catalogue_entry *vpci_catalogue_entry(const struct vpci_catalogue *catalogue,
                                                        enum vpci_requirement requirement)
{
    return &catalogue->entries[requirement];
}

const char *vpci_catalogue_digest(const struct vpci_catalogue *catalogue)
{
    return catalogue->digest;
}

const struct vpci_requirement_set *vpci_catalogue_not_observable(const struct vpci_catalogue *catalogue)
{
    return &catalogue->not_observable;
}
