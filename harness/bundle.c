/* SPDX-License-Identifier: MIT */
/* harness/bundle.c - see bundle.h. A bundle is put together from records that have a form of their own: the
 * header and the case of the results, and the transcript. */
#include "harness/bundle.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/allocate.h"
#include "harness/file.h"
#include "harness/json.h"
#include "harness/result_record.h"

enum { DIGEST_DIGITS = 32 };

void vpci_states_note(void *context, uint32_t steps, const struct vpci_model *model)
{
    struct vpci_states *states = context;
    (void)steps;
    if (states->count == states->capacity) {
        states->capacity = 2 * states->capacity + 64;
        states->digests =
            vpci_need_memory(realloc(states->digests, states->capacity * sizeof *states->digests));
    }
    states->digests[states->count++] = vpci_model_digest(model);
}

void vpci_states_free(struct vpci_states *states)
{
    free(states->digests);
    *states = (struct vpci_states){ 0 };
}

/* Plays the transcript, for the states that the model goes through. */
static void find_states(struct vpci_states *states, const struct vpci_bundle *bundle,
                        const struct vpci_case *test)
{
    const struct vpci_conductor_options options = { .role = bundle->header.role,
                                                    .profile = vpci_profile_from_name(bundle->header.profile),
                                                    .seed = bundle->header.seed };
    struct vpci_conductor *conductor = vpci_conductor_create(&options);
    struct vpci_seam *seam =
        vpci_playback_create(&bundle->transcript, &bundle->header.pics, bundle->header.role);
    struct vpci_case_result unused;
    vpci_conductor_at_rest(conductor, vpci_states_note, states);
    if (seam->ops->connect(seam))
        vpci_conductor_play(conductor, seam, test, &unused);
    seam->ops->destroy(seam, NULL);
    vpci_conductor_destroy(conductor);
}

static void print_states(struct vpci_text *text, const struct vpci_states *states)
{
    vpci_text_add(text, "[");
    for (uint32_t i = 0; i < states->count; i++)
        vpci_text_addf(text, "%s\n\"%016" PRIx64 "%016" PRIx64 "\"", i == 0 ? "" : ",",
                       states->digests[i].high, states->digests[i].low);
    vpci_text_add(text, "]");
}

void vpci_bundle_print(struct vpci_text *text, const struct vpci_bundle *bundle, const struct vpci_case *test)
{
    struct vpci_states states = { 0 };
    vpci_text_addf(text, "{\"bundle\":%d,\n\"header\":", VPCI_BUNDLE_FORMAT);
    vpci_print_header(text, &bundle->header);
    vpci_text_add(text, ",\"scenario\":{\"name\":");
    vpci_text_add_json(text, bundle->scenario);
    vpci_text_add(text, ",\"text\":");
    vpci_text_add_json(text, bundle->text);
    vpci_text_add(text, "},\n\"case\":");
    vpci_print_case(text, &bundle->then);
    vpci_text_add(text, ",\"transcript\":");
    const size_t before = text->length;
    if (bundle->transcript.name != NULL)
        vpci_transcript_print(text, &bundle->transcript);
    if (text->length != before)
        find_states(&states, bundle, test);
    else
        vpci_text_add(text, "null\n");
    vpci_text_add(text, ",\"states\":");
    print_states(text, &states);
    vpci_text_add(text, "}\n");
    vpci_states_free(&states);
}

/* ---- reading ---- */

typedef struct vpci_record_error record_error;

static bool is_object(const cJSON *object, const char *name, record_error *error)
{
    return cJSON_IsObject(object) || vpci_record_fail(error, "an object is wanted for \"%s\", not %s", name,
                                                      vpci_json_type_name(object));
}

static bool read_scenario(struct vpci_bundle *bundle, const cJSON *object, record_error *error)
{
    static const char *const members[] = { "name", "text", NULL };
    return is_object(object, "scenario", error) && vpci_members_only(object, members, error) &&
           vpci_member_keep(object, "name", &bundle->memory, &bundle->scenario, error) &&
           vpci_member_keep(object, "text", &bundle->memory, &bundle->text, error);
}

static bool read_state(const char *digits, struct vpci_state_digest *digest_out)
{
    return strlen(digits) == DIGEST_DIGITS && strspn(digits, "0123456789abcdef") == DIGEST_DIGITS &&
           sscanf(digits, "%16" SCNx64 "%16" SCNx64, &digest_out->high, &digest_out->low) == 2;
}

static bool read_states(struct vpci_bundle *bundle, const cJSON *array, record_error *error)
{
    struct vpci_states *states = &bundle->states;
    if (!cJSON_IsArray(array))
        return vpci_record_fail(error, "an array is wanted for \"states\", not %s",
                                vpci_json_type_name(array));
    states->capacity = (uint32_t)cJSON_GetArraySize(array);
    states->digests = vpci_need_memory(calloc(states->capacity + 1, sizeof *states->digests));
    for (const cJSON *item = array->child; item != NULL; item = item->next, states->count++) {
        if (!cJSON_IsString(item) || !read_state(item->valuestring, &states->digests[states->count]))
            return vpci_record_fail(error, "/states/%u: %d lower-case hexadecimal digits are wanted",
                                    states->count, DIGEST_DIGITS);
    }
    return true;
}

static bool read_transcript(struct vpci_bundle *bundle, const cJSON *object, record_error *error)
{
    if (cJSON_IsNull(object))
        return true;
    if (!is_object(object, "transcript", error) ||
        !vpci_transcript_parse(&bundle->transcript, object, &bundle->memory, error))
        return false;
    return (bundle->transcript.index == bundle->then.index &&
            strcmp(bundle->transcript.name, bundle->then.name) == 0) ||
           vpci_record_fail(error, "the transcript is of another case");
}

/* The members other than "record" are checked by whoever reads the record. */
static const cJSON *record_of(const cJSON *root, const char *member, const char *record, record_error *error)
{
    const cJSON *object = vpci_member(root, member);
    const cJSON *name = cJSON_IsObject(object) ? vpci_member(object, "record") : NULL;
    if (cJSON_IsString(name) && strcmp(name->valuestring, record) == 0)
        return object;
    (void)vpci_record_fail(error, "\"%s\" is no record of a %s", member, record);
    return NULL;
}

static bool read_root(struct vpci_bundle *bundle, const cJSON *root, record_error *error)
{
    static const char *const members[] = { "bundle",     "header", "scenario", "case",
                                           "transcript", "states", NULL };
    uint64_t format = 0;
    if (!is_object(root, "the bundle", error) ||
        !vpci_member_integer(root, "bundle", UINT32_MAX, &format, error))
        return false;
    if (format != VPCI_BUNDLE_FORMAT)
        return vpci_record_fail(error, "bundle: %d is wanted, this file has %" PRIu64, VPCI_BUNDLE_FORMAT,
                                format);
    const cJSON *header = record_of(root, "header", "header", error);
    const cJSON *test = header == NULL ? NULL : record_of(root, "case", "case", error);
    return test != NULL && vpci_members_only(root, members, error) &&
           vpci_record_header(&bundle->header, header, &bundle->memory, error) &&
           vpci_record_case(&bundle->then, test, &bundle->memory, error) &&
           read_scenario(bundle, vpci_member(root, "scenario"), error) &&
           read_transcript(bundle, vpci_member(root, "transcript"), error) &&
           read_states(bundle, vpci_member(root, "states"), error);
}

bool vpci_bundle_read(struct vpci_bundle *bundle, const char *path, char error[VPCI_ERROR_BYTES])
{
    char *bytes = NULL;
    size_t length = 0;
    record_error reason = { "" };
    *bundle = (struct vpci_bundle){ 0 };
    if (!vpci_file_read(path, VPCI_BUNDLE_BYTES_MAX, &bytes, &length, error, VPCI_ERROR_BYTES))
        return false;
    cJSON *root = vpci_json_parse(bytes, length, reason.reason, sizeof reason.reason);
    const bool fine = root != NULL && read_root(bundle, root, &reason);
    cJSON_Delete(root);
    free(bytes);
    if (fine)
        return true;
    snprintf(error, VPCI_ERROR_BYTES, "%s: %s", path, reason.reason);
    vpci_bundle_free(bundle);
    return false;
}

void vpci_bundle_free(struct vpci_bundle *bundle)
{
    vpci_states_free(&bundle->states);
    vpci_arena_free(&bundle->memory);
    *bundle = (struct vpci_bundle){ 0 };
}
