/* SPDX-License-Identifier: MIT */
/* harness/results_file.c - see results_file.h. */
#include "harness/results_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/version.h"

static void make_header(struct vpci_results_header *header, const struct vpci_plan *plan)
{
    char error[VPCI_DETAIL_BYTES];
    memset(header, 0, sizeof *header);
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
}

static bool add_bytes(struct vpci_results_file *file, const char *bytes, size_t length)
{
    vpci_digest_add(file->digest, bytes, length);
    return fwrite(bytes, 1, length, file->results) == length;
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

static bool open_timing(struct vpci_results_file *file, const char *path, const char *mode)
{
    file->timing = path == NULL ? NULL : fopen(path, mode);
    return path == NULL || file->timing != NULL;
}

static bool create(struct vpci_results_file *file, const struct vpci_plan *plan,
                   const struct vpci_run_options *options)
{
    struct vpci_results_header header;
    struct vpci_text text = { 0 };
    file->results = open_alone(options->results_path);
    if (file->results == NULL || ftruncate(fileno(file->results), 0) != 0 ||
        !open_timing(file, options->timing_path, "we"))
        return false;
    make_header(&header, plan);
    vpci_print_header(&text, &header);
    const bool written = add_bytes(file, text.bytes, text.length) && fflush(file->results) == 0;
    vpci_text_free(&text);
    return written;
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
        vpci_results_tally(&file->footer, &torn->cases[i]);
    file->case_count = kept;
    vpci_digest_add(file->digest, bytes, at);
    return ftruncate(fileno(file->results), (off_t)at) == 0 && fseek(file->results, (long)at, SEEK_SET) == 0;
}

static bool is_same_run(const struct vpci_results_header *torn, const struct vpci_plan *plan)
{
    struct vpci_results_header mine;
    struct vpci_text left = { 0 };
    struct vpci_text right = { 0 };
    make_header(&mine, plan);
    vpci_print_header(&left, &mine);
    vpci_print_header(&right, torn);
    const bool same = left.length == right.length && memcmp(left.bytes, right.bytes, left.length) == 0;
    vpci_text_free(&left);
    vpci_text_free(&right);
    return same;
}

static bool resume(struct vpci_results_file *file, const struct vpci_plan *plan,
                   const struct vpci_run_options *options, char error[VPCI_ERROR_BYTES])
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
    else if (!is_same_run(&torn.header, plan))
        snprintf(
            error, VPCI_ERROR_BYTES,
            "%s: cannot resume, the file is of another run (adapter, suite, seed, role or profile differ)",
            options->results_path);
    else if (!vpci_file_read(options->results_path, SIZE_MAX / 2, &bytes, &length, reason, sizeof reason))
        snprintf(error, VPCI_ERROR_BYTES, "cannot resume: %s", reason);
    else {
        file->results = open_alone(options->results_path);
        const uint32_t whole_chunks = torn.case_count / VPCI_CHUNK_CASES * VPCI_CHUNK_CASES;
        kept = file->results != NULL && open_timing(file, options->timing_path, "ae") &&
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
    if (options->resume) {
        if (resume(file, plan, options, error))
            return true;
        vpci_results_file_abandon(file);
        return false;
    }
    if (create(file, plan, options))
        return true;
    snprintf(error, VPCI_ERROR_BYTES, "%s: %s", options->results_path, reason_of(errno));
    vpci_results_file_abandon(file);
    return false;
}

bool vpci_results_file_add(struct vpci_results_file *file, const struct vpci_case_result *result,
                           const char *line, size_t line_bytes, uint64_t elapsed_ns)
{
    vpci_results_tally(&file->footer, result);
    file->case_count++;
    if (file->timing != NULL)
        fprintf(file->timing, "{\"index\":%u,\"elapsed_us\":%llu}\n", result->index,
                (unsigned long long)(elapsed_ns / 1000));
    return add_bytes(file, line, line_bytes);
}

bool vpci_results_file_flush_times(struct vpci_results_file *file)
{
    return file->timing == NULL || (fflush(file->timing) == 0 && ferror(file->timing) == 0);
}

bool vpci_results_file_seal(struct vpci_results_file *file, const struct vpci_applicability *applicability)
{
    struct vpci_text text = { 0 };
    vpci_results_conclude(&file->footer, applicability);
    vpci_digest_read(file->digest, file->footer.sha256);
    vpci_print_footer(&text, &file->footer);
    bool written = fwrite(text.bytes, 1, text.length, file->results) == text.length;
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
    if (file->timing != NULL)
        fclose(file->timing);
    vpci_digest_free(file->digest);
    memset(file, 0, sizeof *file);
}
