/* SPDX-License-Identifier: MIT */
/* harness/result_read.c - a results file line by line: order, torn tail, seal. A file that was cut anywhere
 * is known to be cut and tells where its whole lines end; anything else that is wrong with it is an error
 * with file and line. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/file.h"
#include "harness/json.h"
#include "harness/marks.h"
#include "harness/result_record.h"
#include "harness/tally.h"

enum { READ_BYTES = 256 * 1024, PATH_SHOWN_BYTES = 100 };

static _Noreturn void out_of_memory(void)
{
    fputs("vpci-conform: out of memory\n", stderr);
    _Exit(3);
}

struct reader {
    struct vpci_results *results;
    const char *path;
    char *error;
    unsigned long line; /* from 1 */
    int file;           /* -1: all there is to read is buffered */
    char *buffer;       /* bytes read and not yet taken: from...to */
    size_t from, to, capacity;
    struct vpci_digest *digest; /* over all lines taken */
    struct vpci_results_footer counted;
    size_t case_capacity;
    uint32_t scenario; /* of the header's, the one that the latest case is of */
};

static bool fail(struct reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool fail(struct reader *reader, const char *format, ...)
{
    /* The end of a long path says more than its start, and the reason must fit behind it. */
    const size_t length = strlen(reader->path);
    const bool cut = length > PATH_SHOWN_BYTES;
    int used = snprintf(reader->error, VPCI_DETAIL_BYTES, "%s%s:", cut ? "..." : "",
                        cut ? reader->path + length - PATH_SHOWN_BYTES : reader->path);
    if (reader->line > 0)
        used += snprintf(reader->error + used, VPCI_DETAIL_BYTES - (size_t)used, "%lu:", reader->line);
    used += snprintf(reader->error + used, VPCI_DETAIL_BYTES - (size_t)used, " ");
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reader->error + used, VPCI_DETAIL_BYTES - (size_t)used, format, arguments);
    va_end(arguments);
    return false;
}

/* Reads more of the file behind what is buffered. False at its end or on an error; *failed_out tells which.
 */
static bool fill(struct reader *reader, bool *failed_out)
{
    if (reader->file < 0)
        return false;
    if (reader->from > 0) {
        memmove(reader->buffer, reader->buffer + reader->from, reader->to - reader->from);
        reader->to -= reader->from;
        reader->from = 0;
    }
    if (reader->capacity - reader->to < READ_BYTES) {
        reader->capacity = 2 * reader->capacity + READ_BYTES;
        reader->buffer = realloc(reader->buffer, reader->capacity);
        if (reader->buffer == NULL)
            out_of_memory();
    }
    ssize_t count;
    do {
        count = read(reader->file, reader->buffer + reader->to, READ_BYTES);
    } while (count < 0 && errno == EINTR);
    if (count < 0) {
        *failed_out = true;
        return fail(reader, "cannot be read: %s", strerror(errno));
    }
    reader->to += (size_t)count;
    return count > 0;
}

/* Finds the next line. length_out counts its newline; a torn tail has none. At the end of the file length is
 * 0. */
static bool next_line(struct reader *reader, size_t *length_out, bool *torn_out)
{
    size_t searched = 0;
    bool failed = false;
    for (;;) {
        const char *start = reader->buffer + reader->from;
        const size_t buffered = reader->to - reader->from;
        const char *newline =
            buffered > searched ? memchr(start + searched, '\n', buffered - searched) : NULL;
        const size_t length = newline != NULL ? (size_t)(newline - start) + 1 : buffered;
        if (length > VPCI_RESULTS_LINE_BYTES_MAX)
            return fail(reader, "the line is longer than %d bytes", VPCI_RESULTS_LINE_BYTES_MAX);
        searched = buffered;
        if (newline != NULL || !fill(reader, &failed)) {
            *length_out = length;
            *torn_out = newline == NULL && length > 0;
            return !failed;
        }
    }
}

/* The cases of a scenario stand together, in the order of the header's list. */
static bool is_of_listed_scenario(struct reader *reader, const struct vpci_case_result *result)
{
    const struct vpci_results_header *header = &reader->results->header;
    while (reader->scenario < header->scenario_count &&
           strcmp(header->scenarios[reader->scenario].scenario, result->scenario) != 0)
        reader->scenario++;
    return reader->scenario < header->scenario_count ||
           fail(reader, "scenario: not among the header's, or not in their order");
}

/* What a line says to be expected and disputed follows from the header, so a line cannot excuse itself. */
static bool marks_match(struct reader *reader, const struct vpci_case_result *result)
{
    const struct vpci_results_header *header = &reader->results->header;
    if (result->dispute != vpci_dispute_of(header->disputes, header->dispute_count, result->scenario))
        return fail(reader, "dispute: not what the header says of the scenario");
    if (result->expected == VPCI_EXPECTED_NOT)
        return true;
    if (result->dispute != VPCI_DISPUTE_NONE)
        return fail(reader, "expected: a case in dispute is held to nothing");
    if (result->expectation >= header->expectation_count)
        return fail(reader, "expected/entry: the header has %u", header->expectation_count);
    const struct vpci_expectation *entry = &header->expectations[result->expectation];
    if (!vpci_expectation_names(entry, result))
        return fail(reader, "expected/entry: entry %u does not name the case", result->expectation);
    return result->expected == vpci_expectation_state(entry, header->expect_date, result) ||
           fail(reader, "expected/state: not what entry %u says of the case", result->expectation);
}

static bool take_case(struct reader *reader, const cJSON *object)
{
    struct vpci_results *results = reader->results;
    if (results->case_count == reader->case_capacity) {
        reader->case_capacity = 2 * reader->case_capacity + 64;
        results->cases = realloc(results->cases, reader->case_capacity * sizeof *results->cases);
        if (results->cases == NULL)
            out_of_memory();
    }
    struct vpci_case_result *result = &results->cases[results->case_count];
    *result = (struct vpci_case_result){ 0 };
    struct vpci_record_error error;
    if (!vpci_record_case(result, object, results->memory, &error))
        return fail(reader, "%s", error.reason);
    if (result->index != results->case_count)
        return fail(reader, "index: %u is wanted here, not %u", results->case_count, result->index);
    if (result->index >= results->header.case_count)
        return fail(reader, "index: the header announces only %u cases", results->header.case_count);
    if (!marks_match(reader, result) || !is_of_listed_scenario(reader, result))
        return false;
    results->case_count++;
    vpci_results_tally(&reader->counted, result);
    return true;
}

static bool is_counted_verdict(enum vpci_requirement_verdict verdict)
{
    return verdict == VPCI_REQUIREMENT_PASS_VERDICT || verdict == VPCI_REQUIREMENT_FAIL_VERDICT ||
           verdict == VPCI_REQUIREMENT_WARNING_VERDICT || verdict == VPCI_REQUIREMENT_INCONCLUSIVE_VERDICT;
}

/* Holds the footer's rows to what the cases say. Which of the three "not" verdicts fits an unexercised
 * requirement depends on the suite, which is not at hand here. */
static bool rows_match(struct reader *reader, const struct vpci_results_footer *footer)
{
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
        const char *id = vpci_requirement_info[i].id;
        if (footer->requirements[i].exercised != reader->counted.requirements[i].exercised ||
            footer->requirements[i].failed != reader->counted.requirements[i].failed ||
            footer->requirements[i].warned != reader->counted.requirements[i].warned)
            return fail(reader, "requirements/%s: the counts are not those of the cases above", id);
        const enum vpci_requirement_verdict counted = reader->counted.requirements[i].verdict;
        const enum vpci_requirement_verdict stated = footer->requirements[i].verdict;
        if (is_counted_verdict(counted) ? stated != counted : is_counted_verdict(stated))
            return fail(reader, "requirements/%s: \"%s\" is not what the cases above say", id,
                        vpci_requirement_verdict_name[stated]);
    }
    return true;
}

static bool take_footer(struct reader *reader, const cJSON *object)
{
    static const struct vpci_applicability unknown = { 0 };
    struct vpci_results_footer *footer = &reader->results->footer;
    struct vpci_record_error error;
    char digest[VPCI_DIGEST_TEXT_BYTES];
    if (!vpci_record_footer(footer, object, &error))
        return fail(reader, "%s", error.reason);
    vpci_digest_read(reader->digest, digest);
    if (strcmp(digest, footer->sha256) != 0)
        return fail(reader,
                    "sha256: the bytes above have another digest: the file was changed after it was sealed");
    if (reader->results->case_count != reader->results->header.case_count)
        return fail(reader, "the header announces %u cases, %u are here", reader->results->header.case_count,
                    reader->results->case_count);
    vpci_results_conclude(&reader->counted, &reader->results->header, &unknown);
    for (int i = 0; i < VPCI_CASE_VERDICT_COUNT; i++) {
        if (footer->cases[i] != reader->counted.cases[i])
            return fail(reader, "cases/%s: %u is stated, %u are above", vpci_case_verdict_name[i],
                        footer->cases[i], reader->counted.cases[i]);
    }
    for (int i = VPCI_EXPECTED_NOT + 1; i < VPCI_EXPECTED_COUNT; i++) {
        if (footer->expected[i] != reader->counted.expected[i])
            return fail(reader, "expected/%s: %u is stated, %u are above", vpci_expected_name[i],
                        footer->expected[i], reader->counted.expected[i]);
    }
    if (footer->stale != reader->counted.stale)
        return fail(reader, "expected/stale: %u is stated, %u are", footer->stale, reader->counted.stale);
    if (footer->disputed != reader->counted.disputed)
        return fail(reader, "disputed: %u is stated, %u are above", footer->disputed,
                    reader->counted.disputed);
    if (footer->cases_with_warnings != reader->counted.cases_with_warnings)
        return fail(reader, "cases_with_warnings: %u is stated, %u are above", footer->cases_with_warnings,
                    reader->counted.cases_with_warnings);
    if (!rows_match(reader, footer))
        return false;
    if (footer->verdict != reader->counted.verdict)
        return fail(reader, "verdict: \"%s\" is not what the cases above say",
                    vpci_run_verdict_name[footer->verdict]);
    reader->results->sealed = true;
    return true;
}

static bool take_record(struct reader *reader, const cJSON *object)
{
    const cJSON *record = cJSON_GetObjectItemCaseSensitive(object, "record");
    const char *name = cJSON_IsString(record) ? record->valuestring : "";
    if (reader->line == 1) {
        struct vpci_record_error error;
        if (strcmp(name, "header") != 0)
            return fail(reader, "not a results file: the first line is no header");
        return vpci_record_header(&reader->results->header, object, reader->results->memory, &error) ||
               fail(reader, "%s", error.reason);
    }
    if (reader->results->sealed)
        return fail(reader, "a line behind the footer");
    if (strcmp(name, "case") == 0)
        return take_case(reader, object);
    if (strcmp(name, "footer") == 0)
        return take_footer(reader, object);
    return fail(reader, "record: \"case\" or \"footer\" is wanted");
}

static bool take_line(struct reader *reader, const char *line, size_t length)
{
    char reason[VPCI_DETAIL_BYTES / 2];
    cJSON *object = vpci_json_parse(line, length - 1, reason, sizeof reason);
    if (object == NULL)
        return fail(reader, "%s", reason);
    const bool fine =
        cJSON_IsObject(object) ? take_record(reader, object) : fail(reader, "not a JSON object");
    cJSON_Delete(object);
    return fine;
}

/* A torn first line must at least begin like a results file, or any text without a newline would pass for a
 * torn one. */
static bool may_be_torn_header(const char *line, size_t length)
{
    static const char start[] = "{\"record\":\"header\",\"format\":";
    return memcmp(line, start, length < sizeof start - 1 ? length : sizeof start - 1) == 0;
}

static bool read_lines(struct reader *reader)
{
    for (;;) {
        size_t length = 0;
        bool torn = false;
        reader->line++;
        if (!next_line(reader, &length, &torn))
            return false;
        if (length == 0)
            return true;
        const char *line = reader->buffer + reader->from;
        if (torn && reader->results->sealed)
            return fail(reader, "a line behind the footer");
        if (torn)
            return reader->line > 1 || may_be_torn_header(line, length) || fail(reader, "not a results file");
        if (!take_line(reader, line, length))
            return false;
        vpci_digest_add(reader->digest, line, length);
        reader->from += length;
        reader->results->whole_bytes += length;
    }
}

/* Regular files only: a pipe or a device could keep the kit waiting for ever. */
static bool open_file(struct reader *reader)
{
    struct stat status;
    reader->file = open(reader->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (reader->file < 0)
        return fail(reader, "cannot be opened: %s", strerror(errno));
    if (fstat(reader->file, &status) != 0 || !S_ISREG(status.st_mode))
        return fail(reader, "not a regular file");
    return true;
}

/* A reader with nothing in its buffer, which has room for capacity bytes. */
static void start(struct reader *reader, struct vpci_results *results, const char *path, size_t capacity,
                  char error[VPCI_DETAIL_BYTES])
{
    *results = (struct vpci_results){ .memory = calloc(1, sizeof(struct vpci_arena)) };
    *reader =
        (struct reader){ .results = results, .path = path, .error = error, .file = -1, .capacity = capacity };
    reader->digest = vpci_digest_start();
    reader->buffer = malloc(capacity);
    if (results->memory == NULL || reader->buffer == NULL)
        out_of_memory();
}

static bool finish(struct reader *reader, bool fine)
{
    if (reader->file >= 0)
        close(reader->file);
    vpci_digest_free(reader->digest);
    free(reader->buffer);
    if (!fine)
        vpci_results_free(reader->results);
    return fine;
}

bool vpci_results_read(struct vpci_results *results, const char *path, char error[VPCI_DETAIL_BYTES])
{
    struct reader reader;
    start(&reader, results, path, READ_BYTES, error);
    return finish(&reader, open_file(&reader) && read_lines(&reader));
}

bool vpci_results_read_bytes(struct vpci_results *results, const char *name, const char *bytes, size_t length,
                             char error[VPCI_DETAIL_BYTES])
{
    struct reader reader;
    start(&reader, results, name, length + 1, error);
    if (length > 0)
        memcpy(reader.buffer, bytes, length);
    reader.to = length;
    return finish(&reader, read_lines(&reader));
}

void vpci_results_free(struct vpci_results *results)
{
    free(results->cases);
    if (results->memory != NULL)
        vpci_arena_free(results->memory);
    free(results->memory);
    *results = (struct vpci_results){ 0 };
}
