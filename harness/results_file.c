/* SPDX-License-Identifier: MIT */
/* harness/results_file.c - see results_file.h. */
#include "harness/results_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/allocate.h"
#include "harness/version.h"

void vpci_profile_digest(const struct vpci_profile *profile, char digest[VPCI_DIGEST_TEXT_BYTES])
{
    struct vpci_text text = { 0 };
    for (int i = 0; i < VPCI_CHOICE_COUNT; i++)
        vpci_text_addf(&text, "%s=%s\n", vpci_choice_info[i].name,
                       vpci_choice_info[i].values[profile->choices[i]]);
    vpci_digest_of_bytes(text.bytes, text.length, digest);
    vpci_text_free(&text);
}

/* Lists the scenarios of which the plan has cases. They lie together in it. */
static void list_scenarios(struct vpci_results_file *file, const struct vpci_suite *suite)
{
    struct vpci_results_header *header = &file->header;
    const struct vpci_scenario *latest = NULL;
    file->scenarios = vpci_need_memory(calloc(vpci_suite_scenario_count(suite) + 1, sizeof *file->scenarios));
    header->scenarios = file->scenarios;
    for (uint32_t i = 0; i < header->case_count; i++) {
        const struct vpci_scenario *scenario = vpci_suite_case_scenario(suite, i);
        if (scenario == latest)
            continue;
        struct vpci_played *played = &file->scenarios[header->scenario_count++];
        played->scenario = vpci_scenario_name(scenario);
        snprintf(played->digest, sizeof played->digest, "%s", vpci_scenario_digest(scenario));
        latest = scenario;
    }
}

static void make_header(struct vpci_results_file *file, const struct vpci_plan *plan)
{
    struct vpci_results_header *header = &file->header;
    char error[VPCI_DETAIL_BYTES];
    snprintf(header->kit_version, sizeof header->kit_version, "%s", VPCI_KIT_VERSION);
    snprintf(header->adapter, sizeof header->adapter, "%s", plan->adapter_name);
    header->pics = plan->pics;
    header->role = plan->role;
    snprintf(header->profile, sizeof header->profile, "%s", plan->profile->name);
    header->seed = plan->seed;
    header->case_count = vpci_suite_case_count(plan->suite);
    snprintf(header->suite_digest, sizeof header->suite_digest, "%s", vpci_suite_digest(plan->suite));
    snprintf(header->requirements_digest, sizeof header->requirements_digest, "%s",
             vpci_catalogue_digest(plan->catalogue));
    if (plan->adapter.file[0] == '\0' ||
        !vpci_digest_of_file(plan->adapter.file, header->adapter_digest, error, sizeof error))
        header->adapter_digest[0] = '\0';
    snprintf(header->selection, sizeof header->selection, "%s", plan->selection);
    snprintf(header->model_digest, sizeof header->model_digest, "%s", vpci_model_sources_digest);
    snprintf(header->runner_digest, sizeof header->runner_digest, "%s", vpci_runner_sources_digest);
    vpci_profile_digest(plan->profile, header->profile_digest);
    list_scenarios(file, plan->suite);
    if (plan->disputes != NULL) {
        header->disputes = plan->disputes->entries;
        header->dispute_count = plan->disputes->count;
        memcpy(header->disputes_digest, plan->disputes->digest, sizeof header->disputes_digest);
    } else {
        vpci_digest_of_bytes("", 0, header->disputes_digest);
    }
    if (plan->expectations != NULL) {
        header->expectations = plan->expectations->entries;
        header->expectation_count = plan->expectations->count;
        memcpy(header->expect_digest, plan->expectations->digest, sizeof header->expect_digest);
        memcpy(header->expect_date, plan->expectations->date, sizeof header->expect_date);
    }
}

/* Counts a case, and notes what it shows of the capability that it probes. */
static void count_case(struct vpci_results_file *file, const struct vpci_case_result *result)
{
    vpci_results_tally(&file->footer, result);
    if (!result->probe || result->dispute != VPCI_DISPUTE_NONE)
        return;
    const vpci_capability_set refuses =
        vpci_scenario_refuses(vpci_suite_case_scenario(file->suite, result->index));
    if (result->verdict == VPCI_CASE_PASS)
        file->refused |= refuses;
    else
        file->not_refused |= refuses;
}

static bool add_bytes(FILE *to, struct vpci_digest *digest, const char *bytes, size_t length)
{
    vpci_digest_add(digest, bytes, length);
    return fwrite(bytes, 1, length, to) == length;
}

/* Opens the file for this run alone: two runs into one folder would tear each other's results. A record lock,
 * because the workers must not inherit it. NULL with errno set; EAGAIN or EACCES when another run holds it.
 */
static FILE *open_alone(const char *path)
{
    const int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    if (descriptor < 0)
        return NULL;
    FILE *file = fcntl(descriptor, F_SETLK, &lock) == 0 ? fdopen(descriptor, "r+") : NULL;
    if (file == NULL) {
        const int reason = errno;
        close(descriptor);
        errno = reason;
    }
    return file;
}

static const char *reason_of(int number)
{
    return number == EAGAIN || number == EACCES ? "another run is writing to it, or access is denied"
                                                : strerror(number);
}

/* Opens one of the files beside the results, if it is wanted. */
static bool open_beside(FILE **to, const char *path, const char *mode)
{
    *to = path == NULL ? NULL : fopen(path, mode);
    return path == NULL || *to != NULL;
}

static bool create(struct vpci_results_file *file, const struct vpci_run_options *options)
{
    struct vpci_text text = { 0 };
    file->results = open_alone(options->results_path);
    if (file->results == NULL || ftruncate(fileno(file->results), 0) != 0 ||
        !open_beside(&file->transcripts, options->transcripts_path, "we") ||
        !open_beside(&file->timing, options->timing_path, "we"))
        return false;
    vpci_print_header(&text, &file->header);
    const bool written = add_bytes(file->results, file->digest, text.bytes, text.length) &&
                         (file->transcripts == NULL ||
                          add_bytes(file->transcripts, file->transcripts_digest, text.bytes, text.length)) &&
                         (file->transcripts == NULL || fflush(file->transcripts) == 0) &&
                         fflush(file->results) == 0;
    vpci_text_free(&text);
    return written;
}

/* Length of the transcripts of the first cases, header included: lines are in order of the cases, but not
 * every case has one. 0 when there is no whole header. */
static size_t transcripts_before(const char *bytes, size_t length, uint32_t kept)
{
    static const char start[] = "{\"index\":";
    size_t at = 0;
    for (bool header = true;; header = false) {
        const char *line = bytes + at;
        const char *end = memchr(line, '\n', length - at);
        if (end == NULL)
            return at;
        if (!header && (strncmp(line, start, sizeof start - 1) != 0 ||
                        strtoul(line + sizeof start - 1, NULL, 10) >= kept))
            return at;
        at = (size_t)(end - bytes) + 1;
    }
}

/* Takes up the transcripts of the kept cases. */
static bool keep_transcripts(struct vpci_results_file *file, const char *path, uint32_t kept)
{
    char reason[VPCI_DETAIL_BYTES];
    char *bytes = NULL;
    size_t length = 0;
    if (path == NULL)
        return true;
    if (!vpci_file_read(path, VPCI_TRANSCRIPTS_FILE_BYTES_MAX, &bytes, &length, reason, sizeof reason) ||
        !open_beside(&file->transcripts, path, "r+e")) {
        free(bytes);
        return false;
    }
    const size_t whole = transcripts_before(bytes, length, kept);
    vpci_digest_add(file->transcripts_digest, bytes, whole);
    free(bytes);
    return whole != 0 && ftruncate(fileno(file->transcripts), (off_t)whole) == 0 &&
           fseek(file->transcripts, (long)whole, SEEK_SET) == 0;
}

/* Takes up the first bytes of the torn file: header and kept cases. */
static bool keep_prefix(struct vpci_results_file *file, const struct vpci_results *torn, uint32_t kept,
                        char *bytes, size_t length)
{
    size_t at = 0;
    for (uint32_t lines = 0; lines < kept + 1; lines++) {
        const char *end = memchr(bytes + at, '\n', length - at);
        if (end == NULL)
            return false;
        at = (size_t)(end - bytes) + 1;
    }
    for (uint32_t i = 0; i < kept; i++)
        count_case(file, &torn->cases[i]);
    file->case_count = kept;
    vpci_digest_add(file->digest, bytes, at);
    return ftruncate(fileno(file->results), (off_t)at) == 0 && fseek(file->results, (long)at, SEEK_SET) == 0;
}

static bool is_same_run(const struct vpci_results_header *mine, const struct vpci_results_header *torn)
{
    struct vpci_text left = { 0 };
    struct vpci_text right = { 0 };
    vpci_print_header(&left, mine);
    vpci_print_header(&right, torn);
    const bool same = left.length == right.length && memcmp(left.bytes, right.bytes, left.length) == 0;
    vpci_text_free(&left);
    vpci_text_free(&right);
    return same;
}

static bool resume(struct vpci_results_file *file, const struct vpci_run_options *options,
                   char error[VPCI_ERROR_BYTES])
{
    struct vpci_results torn;
    char reason[VPCI_DETAIL_BYTES];
    char *bytes = NULL;
    size_t length = 0;
    if (!vpci_results_read(&torn, options->results_path, reason)) {
        snprintf(error, VPCI_ERROR_BYTES, "cannot resume: %s", reason);
        return false;
    }
    bool kept = false;
    if (torn.sealed)
        snprintf(error, VPCI_ERROR_BYTES, "%s: nothing to resume, the file is whole", options->results_path);
    else if (!is_same_run(&file->header, &torn.header))
        snprintf(
            error, VPCI_ERROR_BYTES,
            "%s: cannot resume, the file is of another run (adapter, suite, seed, role or profile differ)",
            options->results_path);
    else if (!vpci_file_read(options->results_path, SIZE_MAX / 2, &bytes, &length, reason, sizeof reason))
        snprintf(error, VPCI_ERROR_BYTES, "cannot resume: %s", reason);
    else {
        file->results = open_alone(options->results_path);
        const uint32_t whole_chunks = torn.case_count / VPCI_CHUNK_CASES * VPCI_CHUNK_CASES;
        kept = file->results != NULL && open_beside(&file->timing, options->timing_path, "ae") &&
               keep_transcripts(file, options->transcripts_path, whole_chunks) &&
               keep_prefix(file, &torn, whole_chunks, bytes, length);
        if (!kept)
            snprintf(error, VPCI_ERROR_BYTES, "%s: cannot resume: %s", options->results_path,
                     reason_of(errno));
    }
    free(bytes);
    vpci_results_free(&torn);
    return kept;
}

bool vpci_results_file_open(struct vpci_results_file *file, const struct vpci_plan *plan,
                            const struct vpci_run_options *options, char error[VPCI_ERROR_BYTES])
{
    memset(file, 0, sizeof *file);
    file->digest = vpci_digest_start();
    file->transcripts_digest = vpci_digest_start();
    file->suite = plan->suite;
    make_header(file, plan);
    if (options->resume) {
        if (resume(file, options, error))
            return true;
        vpci_results_file_abandon(file);
        return false;
    }
    if (create(file, options))
        return true;
    snprintf(error, VPCI_ERROR_BYTES, "%s: %s", options->results_path, reason_of(errno));
    vpci_results_file_abandon(file);
    return false;
}

static bool add_transcripts(struct vpci_results_file *file, const struct vpci_chunk *chunk)
{
    bool written = true;
    for (uint32_t index = chunk->from; file->transcripts != NULL && index < chunk->to && written; index++) {
        const struct vpci_chunk_case *test = vpci_chunk_at(chunk, index);
        written = add_bytes(file->transcripts, file->transcripts_digest, test->line + test->line_bytes,
                            test->transcript_bytes);
    }
    return written && (file->transcripts == NULL || fflush(file->transcripts) == 0);
}

static bool add_case(struct vpci_results_file *file, const struct vpci_chunk_case *test)
{
    count_case(file, &test->result);
    file->case_count++;
    if (file->timing != NULL)
        fprintf(file->timing, "{\"index\":%u,\"elapsed_us\":%llu}\n", test->result.index,
                (unsigned long long)(test->elapsed_ns / 1000));
    return add_bytes(file->results, file->digest, test->line, test->line_bytes);
}

bool vpci_results_file_add(struct vpci_results_file *file, const struct vpci_chunk *chunk)
{
    bool written = add_transcripts(file, chunk);
    for (uint32_t index = chunk->from; index < chunk->to && written; index++)
        written = add_case(file, vpci_chunk_at(chunk, index));
    return written && fflush(file->results) == 0;
}

bool vpci_results_file_flush_times(struct vpci_results_file *file)
{
    return file->timing == NULL || (fflush(file->timing) == 0 && ferror(file->timing) == 0);
}

bool vpci_results_file_seal(struct vpci_results_file *file, const struct vpci_applicability *applicability)
{
    struct vpci_text text = { 0 };
    vpci_results_conclude(&file->footer, &file->header, applicability);
    if (file->transcripts != NULL)
        vpci_digest_read(file->transcripts_digest, file->footer.transcripts_sha256);
    vpci_digest_read(file->digest, file->footer.sha256);
    vpci_print_footer(&text, &file->footer);
    bool written = fwrite(text.bytes, 1, text.length, file->results) == text.length;
    if (file->transcripts != NULL)
        written = fflush(file->transcripts) == 0 && fsync(fileno(file->transcripts)) == 0 && written;
    written = fflush(file->results) == 0 && fsync(fileno(file->results)) == 0 && written;
    vpci_text_free(&text);
    const struct vpci_results_footer footer = file->footer;
    vpci_results_file_abandon(file);
    file->footer = footer;
    return written;
}

void vpci_results_file_abandon(struct vpci_results_file *file)
{
    if (file->results != NULL)
        fclose(file->results);
    if (file->transcripts != NULL)
        fclose(file->transcripts);
    if (file->timing != NULL)
        fclose(file->timing);
    vpci_digest_free(file->digest);
    vpci_digest_free(file->transcripts_digest);
    free(file->scenarios);
    memset(file, 0, sizeof *file);
}
