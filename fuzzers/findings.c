/* SPDX-License-Identifier: MIT */
/* fuzzers/findings.c - see findings.h. */
#include "fuzzers/findings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzzers/decoder.h"
#include "harness/allocate.h"

enum { RAW_BYTES_MAX = 1 << 20, NAME_DIGITS = 12 /* of the fingerprint, in a scenario's name */ };

static const char *const sources[] = { "raw", "crashes" };

/* ---- what is known ---- */

static bool add_known(struct vpci_findings *findings, const char *folder, char error[VPCI_ERROR_BYTES])
{
    struct vpci_file_list more;
    if (access(folder, F_OK) != 0)
        return true;
    if (!vpci_file_list_below(&more, folder, ".json", error, VPCI_ERROR_BYTES))
        return false;
    struct vpci_file_list *known = &findings->known;
    known->paths =
        vpci_need_memory(realloc(known->paths, (known->count + more.count + 1) * sizeof *known->paths));
    for (size_t i = 0; i < more.count; i++)
        known->paths[known->count++] = vpci_need_memory(strdup(more.paths[i]));
    vpci_file_list_free(&more);
    return true;
}

/* Scenarios are named by the fault that they show. */
static bool is_known(const struct vpci_findings *findings, const char *fingerprint)
{
    for (size_t i = 0; i < findings->known.count; i++) {
        const char *dot = strrchr(findings->known.paths[i], '.');
        if (dot - findings->known.paths[i] >= NAME_DIGITS &&
            strncmp(dot - NAME_DIGITS, fingerprint, NAME_DIGITS) == 0)
            return true;
    }
    return false;
}

bool vpci_findings_open(struct vpci_findings *findings, const struct vpci_plan *plan, const char *folder,
                        const char *known, char error[VPCI_ERROR_BYTES])
{
    char path[VPCI_PATH_BYTES];
    findings->plan = plan;
    snprintf(findings->folder, sizeof findings->folder, "%s", folder);
    vpci_script_create(&findings->script);
    snprintf(path, sizeof path, "%.4000s/findings", folder);
    return add_known(findings, path, error) && (known == NULL || add_known(findings, known, error));
}

void vpci_findings_close(struct vpci_findings *findings)
{
    for (size_t i = 0; i < findings->known.count; i++)
        free(findings->known.paths[i]);
    free(findings->known.paths);
    vpci_script_destroy(&findings->script);
    vpci_found_free(&findings->found);
}

uint32_t vpci_findings_new(const struct vpci_findings *findings)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < findings->fault_count; i++)
        count += !findings->faults[i].known;
    return count;
}

/* ---- one finding ---- */

static struct vpci_fault *fault_of(struct vpci_findings *findings, const char *fingerprint)
{
    for (uint32_t i = 0; i < findings->fault_count; i++) {
        if (strcmp(findings->faults[i].fingerprint, fingerprint) == 0)
            return &findings->faults[i];
    }
    return NULL;
}

/* A fault that this hunt has not met yet. 1 when nobody has. */
static int add_fault(struct vpci_findings *findings, char error[VPCI_ERROR_BYTES])
{
    const struct vpci_found *found = &findings->found;
    char folder[VPCI_PATH_BYTES];
    if (findings->fault_count == VPCI_FINDINGS_MAX) {
        snprintf(error, VPCI_ERROR_BYTES, "more than %d faults in one hunt", VPCI_FINDINGS_MAX);
        return -1;
    }
    struct vpci_fault *fault = &findings->faults[findings->fault_count];
    *fault = (struct vpci_fault){ .requirement = found->requirement,
                                  .cause = found->cause,
                                  .golden = found->golden,
                                  .steps = found->steps_after,
                                  .known = is_known(findings, found->fingerprint),
                                  .times = 1 };
    snprintf(fault->fingerprint, sizeof fault->fingerprint, "%s", found->fingerprint);
    snprintf(fault->reason, sizeof fault->reason, "%s", found->reason);
    snprintf(folder, sizeof folder, "%.4000s/findings", findings->folder);
    if (!fault->known && !vpci_found_write(found, folder, fault->file, error))
        return -1;
    findings->fault_count++;
    return !fault->known;
}

static int take_case(struct vpci_findings *findings, const struct vpci_case *test,
                     enum vpci_found_end *end_out, char error[VPCI_ERROR_BYTES])
{
    const struct vpci_found_options options = vpci_found_options_of(findings->plan);
    *end_out = vpci_found_shrink(&options, test, &findings->found);
    if (*end_out != VPCI_FOUND_FINDING)
        return 0;
    struct vpci_fault *fault = fault_of(findings, findings->found.fingerprint);
    if (fault == NULL)
        return add_fault(findings, error);
    fault->times++;
    return 0;
}

int vpci_findings_take_case(struct vpci_findings *findings, const struct vpci_case *test,
                            char error[VPCI_ERROR_BYTES])
{
    enum vpci_found_end end;
    const int result = take_case(findings, test, &end, error);
    findings->unsure += end != VPCI_FOUND_FINDING;
    return result;
}

/* An input that fails under the engine, but not here: with an engine's sanitizer, or now and then. */
static void keep_unsure(struct vpci_findings *findings, const char *path)
{
    char to[VPCI_PATH_BYTES];
    snprintf(to, sizeof to, "%.3000s/unsure", findings->folder);
    (void)mkdir(to, 0755);
    snprintf(to, sizeof to, "%.3000s/unsure/%.200s", findings->folder, strrchr(path, '/') + 1);
    (void)rename(path, to);
    findings->unsure++;
}

static int take_input(struct vpci_findings *findings, const char *path, char error[VPCI_ERROR_BYTES])
{
    char *bytes = NULL;
    size_t length = 0;
    enum vpci_found_end end;
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return 0; /* somebody took it away */
    if (!vpci_file_read(path, RAW_BYTES_MAX, &bytes, &length, error, VPCI_ERROR_BYTES))
        return -1;
    vpci_decode((const uint8_t *)bytes, length, &findings->script);
    free(bytes);
    vpci_script_fit(&findings->script, findings->plan->role, findings->plan->pics.capabilities);
    const int result = take_case(findings, &findings->script.test, &end, error);
    findings->inputs++;
    if (result >= 0 && end != VPCI_FOUND_FINDING)
        keep_unsure(findings, path);
    else if (result >= 0)
        (void)unlink(path);
    return result;
}

int vpci_findings_take(struct vpci_findings *findings, uint32_t limit, char error[VPCI_ERROR_BYTES])
{
    int new_faults = 0;
    for (size_t source = 0; source < sizeof sources / sizeof sources[0]; source++) {
        char folder[VPCI_PATH_BYTES], path[2 * VPCI_PATH_BYTES];
        struct vpci_file_list list;
        snprintf(folder, sizeof folder, "%.4000s/%s", findings->folder, sources[source]);
        if (!vpci_file_list_below(&list, folder, "", error, VPCI_ERROR_BYTES))
            return -1;
        int result = 0;
        for (size_t i = 0; i < list.count && limit != 0 && result >= 0; i++, limit--) {
            snprintf(path, sizeof path, "%s/%s", folder, list.paths[i]);
            result = take_input(findings, path, error);
            new_faults += result > 0;
        }
        vpci_file_list_free(&list);
        if (result < 0)
            return -1;
    }
    return new_faults;
}
