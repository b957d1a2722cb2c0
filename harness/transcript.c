/* SPDX-License-Identifier: MIT */
/* harness/transcript.c - transcripts in and out of their file: see transcript.h. */
#include "harness/transcript.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/event_json.h"
#include "harness/file.h"
#include "harness/json.h"
#include "harness/result_record.h"

void vpci_transcript_print(struct vpci_text *text, const struct vpci_transcript *transcript)
{
    const size_t start = text->length;
    vpci_text_addf(text, "{\"index\":%u,\"name\":", transcript->index);
    vpci_text_add_json(text, transcript->name);
    vpci_text_addf(text, ",\"exact_order\":%s", transcript->exact_order ? "true" : "false");
    if (transcript->failure != VPCI_FAILURE_NONE) {
        vpci_text_addf(text, ",\"failure\":\"%s\",\"detail\":", vpci_failure_info[transcript->failure].name);
        vpci_text_add_json(text, transcript->detail);
    }
    vpci_text_add(text, ",\"fences\":[");
    for (uint32_t i = 0; i < transcript->fence_count; i++) {
        vpci_text_add(text, i == 0 ? "" : ",");
        vpci_text_add_u64(text, transcript->fences[i]);
    }
    vpci_text_add(text, "],\"events\":[");
    for (uint32_t i = 0; i < transcript->event_count; i++) {
        vpci_text_add(text, i == 0 ? "" : ",");
        vpci_event_print(text, &transcript->events[i]);
        if (text->length - start > VPCI_TRANSCRIPT_BYTES_MAX) {
            text->length = start;
            return;
        }
    }
    vpci_text_add(text, "]}\n");
}

static bool read_fences(struct vpci_transcript *transcript, const cJSON *array, struct vpci_arena *arena,
                        struct vpci_record_error *error)
{
    if (!cJSON_IsArray(array))
        return vpci_record_fail(error, "fences: an array is wanted, not %s", vpci_json_type_name(array));
    transcript->fence_count = (uint32_t)cJSON_GetArraySize(array);
    uint32_t *fences = vpci_arena_take(arena, transcript->fence_count, sizeof *fences);
    const cJSON *item = array->child;
    uint64_t before = 0;
    for (uint32_t i = 0; i < transcript->fence_count; i++, item = item->next) {
        char reason[VPCI_DETAIL_BYTES / 2];
        uint64_t place = 0;
        if (!vpci_json_integer(item, transcript->event_count, &place, reason, sizeof reason))
            return vpci_record_fail(error, "fences/%u: %s", i, reason);
        if (place < before)
            return vpci_record_fail(error, "fences/%u: before the fence before it", i);
        fences[i] = (uint32_t)place;
        before = place;
    }
    transcript->fences = fences;
    return true;
}

static bool read_failure(struct vpci_transcript *transcript, const cJSON *object, struct vpci_arena *arena,
                         struct vpci_record_error *error)
{
    const char *names[VPCI_FAILURE_COUNT];
    int failure = 0;
    transcript->detail = "";
    for (int i = 0; i < VPCI_FAILURE_COUNT; i++)
        names[i] = vpci_failure_info[i].name;
    if (vpci_member(object, "failure") == NULL)
        return vpci_member(object, "detail") == NULL ||
               vpci_record_fail(error, "detail: there is no failure");
    if (!vpci_member_name(object, "failure", names, VPCI_FAILURE_COUNT, &failure, error) ||
        !vpci_member_keep(object, "detail", arena, &transcript->detail, error))
        return false;
    transcript->failure = (enum vpci_failure)failure;
    return failure != VPCI_FAILURE_NONE || vpci_record_fail(error, "failure: \"none\" is left out");
}

bool vpci_transcript_parse(struct vpci_transcript *transcript, const cJSON *object, struct vpci_arena *arena,
                           struct vpci_record_error *error)
{
    static const char *const members[] = { "index",  "name",   "exact_order", "failure",
                                           "detail", "fences", "events",      NULL };
    const cJSON *exact_order = vpci_member(object, "exact_order");
    struct vpci_event *events = NULL;
    *transcript = (struct vpci_transcript){ 0 };
    if (!vpci_members_only(object, members, error) ||
        !vpci_member_count(object, "index", &transcript->index, error) ||
        !vpci_member_keep(object, "name", arena, &transcript->name, error) ||
        !vpci_member_events(object, "events", arena, &events, &transcript->event_count, error))
        return false;
    transcript->events = events;
    transcript->exact_order = cJSON_IsTrue(exact_order);
    if (!cJSON_IsBool(exact_order))
        return vpci_record_fail(error, "exact_order: a boolean is wanted, not %s",
                                vpci_json_type_name(exact_order));
    return read_failure(transcript, object, arena, error) &&
           read_fences(transcript, vpci_member(object, "fences"), arena, error);
}

/* ---- a file of them ---- */

/* Parses the next line. At the end *object_out is NULL. */
static bool next_object(struct vpci_transcripts *transcripts, cJSON **object_out,
                        struct vpci_record_error *error)
{
    *object_out = NULL;
    if (transcripts->from == transcripts->length)
        return true;
    const char *line = transcripts->bytes + transcripts->from;
    const char *end = memchr(line, '\n', transcripts->length - transcripts->from);
    transcripts->line++;
    if (end == NULL)
        return vpci_record_fail(error, "the line is cut");
    transcripts->from += (size_t)(end - line) + 1;
    *object_out = vpci_json_parse(line, (size_t)(end - line), error->reason, sizeof error->reason);
    if (*object_out == NULL)
        return false;
    if (cJSON_IsObject(*object_out))
        return true;
    cJSON_Delete(*object_out);
    *object_out = NULL;
    return vpci_record_fail(error, "not a JSON object");
}

static bool tell(const struct vpci_transcripts *transcripts, const struct vpci_record_error *reason,
                 char error[VPCI_ERROR_BYTES])
{
    snprintf(error, VPCI_ERROR_BYTES, "%s:%lu: %s", transcripts->path, transcripts->line, reason->reason);
    return false;
}

bool vpci_transcripts_open(struct vpci_transcripts *transcripts, const char *path,
                           char error[VPCI_ERROR_BYTES])
{
    struct vpci_record_error reason = { "" };
    cJSON *object = NULL;
    *transcripts = (struct vpci_transcripts){ .path = path };
    if (!vpci_file_read(path, VPCI_TRANSCRIPTS_FILE_BYTES_MAX, &transcripts->bytes, &transcripts->length,
                        error, VPCI_ERROR_BYTES))
        return false;
    bool fine = next_object(transcripts, &object, &reason);
    if (fine && object == NULL)
        fine = vpci_record_fail(&reason, "the file is empty");
    const cJSON *record = object == NULL ? NULL : vpci_member(object, "record");
    if (fine && (!cJSON_IsString(record) || strcmp(record->valuestring, "header") != 0))
        fine = vpci_record_fail(&reason, "not a file of transcripts: the first line is no header");
    fine = fine && vpci_record_header(&transcripts->header, object, &transcripts->of_header, &reason);
    cJSON_Delete(object);
    if (fine)
        return true;
    (void)tell(transcripts, &reason, error);
    vpci_transcripts_close(transcripts);
    return false;
}

bool vpci_transcripts_next(struct vpci_transcripts *transcripts, struct vpci_transcript *transcript_out,
                           char error[VPCI_ERROR_BYTES])
{
    struct vpci_record_error reason = { "" };
    cJSON *object = NULL;
    *transcript_out = (struct vpci_transcript){ 0 };
    vpci_arena_free(&transcripts->of_line);
    bool fine = next_object(transcripts, &object, &reason);
    if (fine && object != NULL)
        fine = vpci_transcript_parse(transcript_out, object, &transcripts->of_line, &reason);
    cJSON_Delete(object);
    return fine || tell(transcripts, &reason, error);
}

void vpci_transcripts_close(struct vpci_transcripts *transcripts)
{
    free(transcripts->bytes);
    vpci_arena_free(&transcripts->of_header);
    vpci_arena_free(&transcripts->of_line);
    *transcripts = (struct vpci_transcripts){ 0 };
}
