/* SPDX-License-Identifier: MIT */
/* fuzzers/inputs.c - see inputs.h. Inputs are named by a digest of their bytes, so that the same one is never
 * kept twice and copying is idempotent. */
#include "fuzzers/inputs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzzers/decoder.h"
#include "fuzzers/record.h"
#include "harness/file.h"

enum { NAME_BYTES = 40, SHARED_BYTES_MAX = 1 << 20, SEED_BYTES_MAX = 64 * 1024, ROOM_BYTES = 256 * 1024 };

bool vpci_inputs_prepare(const char *folder, char error[VPCI_ERROR_BYTES])
{
    static const char *const names[] = { "/corpus", "/raw", "/crashes", "/findings",      "/log",
                                         "/seeds",  "/afl", "/afl/kit", "/afl/kit/queue", "/afl/kit/offered",
                                         "/own" };
    if (!vpci_folder_make(folder, error, VPCI_ERROR_BYTES))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[VPCI_PATH_BYTES];
        snprintf(path, sizeof path, "%.4000s%s", folder, names[i]);
        if (mkdir(path, 0755) != 0 && errno != EEXIST) {
            snprintf(error, VPCI_ERROR_BYTES, "%.700s: %s", path, strerror(errno));
            return false;
        }
    }
    /* What is no file there would hold up whoever reads it: better said now than passed over. */
    char corpus[VPCI_PATH_BYTES];
    struct vpci_file_list list;
    snprintf(corpus, sizeof corpus, "%.4000s/corpus", folder);
    if (!vpci_file_list_below(&list, corpus, "", error, VPCI_ERROR_BYTES))
        return false;
    vpci_file_list_free(&list);
    return true;
}

/* Writes the bytes to FOLDER/PREFIX+digest, unless that is there. 0: it was; 1: it is new; -1: it cannot be
 * written. */
static int keep(const char *folder, const char *prefix, const void *bytes, size_t length)
{
    char digest[VPCI_SHA256_TEXT_BYTES], path[VPCI_PATH_BYTES], temporary[VPCI_PATH_BYTES];
    vpci_digest_of_bytes(bytes, length, digest);
    snprintf(path, sizeof path, "%.3900s/%s%.*s", folder, prefix, NAME_BYTES, digest);
    if (access(path, F_OK) == 0)
        return 0;
    snprintf(temporary, sizeof temporary, "%.3900s/.%.*s", folder, NAME_BYTES, digest);
    FILE *file = fopen(temporary, "we");
    const bool written = file != NULL && fwrite(bytes, 1, length, file) == length;
    if ((file != NULL && fclose(file) != 0) || !written || rename(temporary, path) != 0) {
        (void)unlink(temporary);
        return -1;
    }
    return 1;
}

bool vpci_inputs_keep(const char *folder, const char *prefix, const void *bytes, size_t length)
{
    return keep(folder, prefix, bytes, length) >= 0;
}

static bool is_input(const char *path, const void *bytes, size_t length)
{
    char error[VPCI_ERROR_BYTES];
    char *there = NULL;
    size_t there_length = 0;
    struct stat status;
    if (stat(path, &status) != 0 || (uint64_t)status.st_size != length ||
        !vpci_file_read(path, SHARED_BYTES_MAX, &there, &there_length, error, sizeof error))
        return false;
    const bool same = there_length == length && memcmp(there, bytes, length) == 0;
    free(there);
    return same;
}

void vpci_inputs_remove(const char *folder, const void *bytes, size_t length)
{
    char error[VPCI_ERROR_BYTES], path[2 * VPCI_PATH_BYTES];
    struct vpci_file_list list;
    if (!vpci_file_list_below(&list, folder, "", error, sizeof error))
        return;
    for (size_t i = 0; i < list.count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, list.paths[i]);
        if (is_input(path, bytes, length))
            (void)unlink(path);
    }
    vpci_file_list_free(&list);
}

bool vpci_inputs_have_room(const char *folder, char error[VPCI_ERROR_BYTES])
{
    static const uint8_t bytes[ROOM_BYTES];
    char path[VPCI_PATH_BYTES];
    snprintf(path, sizeof path, "%.4000s/.room", folder);
    const bool room = vpci_file_write(path, bytes, sizeof bytes, error, VPCI_ERROR_BYTES);
    (void)unlink(path);
    return room;
}

/* ---- seeds ---- */

int vpci_inputs_seed(const char *folder, const struct vpci_plan *plan, char error[VPCI_ERROR_BYTES])
{
    char path[VPCI_PATH_BYTES];
    struct vpci_script script;
    struct vpci_case_scratch scratch = { 0 };
    static uint8_t bytes[SEED_BYTES_MAX];
    const struct vpci_scenario *latest = NULL;
    int count = 0;
    snprintf(path, sizeof path, "%.4000s/corpus", folder);
    vpci_script_create(&script);
    for (uint32_t i = 0; i < vpci_suite_case_count(plan->suite) && count >= 0; i++) {
        struct vpci_case test;
        vpci_suite_case(plan->suite, i, &scratch, &test);
        if (test.scenario == latest)
            continue;
        latest = test.scenario;
        if (!vpci_script_copy(&script, &test))
            continue;
        vpci_script_fit(&script, plan->role, plan->pics.capabilities);
        const size_t length = vpci_encode(&script.test, bytes, sizeof bytes);
        if (length == 0 || length > VPCI_INPUT_BYTES_MAX)
            continue; /* too long for the engines */
        if (keep(path, "", bytes, length) < 0) {
            snprintf(error, VPCI_ERROR_BYTES, "%.700s: cannot be written to", path);
            count = -2;
        }
        count++;
    }
    vpci_case_scratch_free(&scratch);
    vpci_script_destroy(&script);
    return count;
}

bool vpci_inputs_seed_afl(const char *folder, char error[VPCI_ERROR_BYTES])
{
    static const uint8_t simple[2 * VPCI_RECORD_BYTES]; /* a read */
    char from[VPCI_PATH_BYTES], to[VPCI_PATH_BYTES], path[2 * VPCI_PATH_BYTES];
    struct vpci_file_list list;
    snprintf(from, sizeof from, "%.4000s/corpus", folder);
    snprintf(to, sizeof to, "%.4000s/seeds", folder);
    if (!vpci_file_list_below(&list, from, "", error, VPCI_ERROR_BYTES))
        return false;
    bool kept = keep(to, "", simple, sizeof simple) >= 0;
    for (size_t i = 0; i < list.count && kept; i++) {
        char *bytes = NULL;
        size_t length = 0;
        snprintf(path, sizeof path, "%s/%s", from, list.paths[i]);
        if (!vpci_file_read(path, SHARED_BYTES_MAX, &bytes, &length, error, VPCI_ERROR_BYTES))
            continue; /* the other engine has just removed it */
        kept = length == 0 || keep(to, "", bytes, length) >= 0;
        free(bytes);
    }
    vpci_file_list_free(&list);
    if (!kept)
        snprintf(error, VPCI_ERROR_BYTES, "%.700s: cannot be written to", to);
    return kept;
}

/* ---- sharing ---- */

/* Copies each file below from whose name contains part into to. Files of an engine may come and go meanwhile.
 */
static bool copy_all(const char *from, const char *part, const char *to, const char *prefix)
{
    char error[VPCI_ERROR_BYTES], path[2 * VPCI_PATH_BYTES];
    struct vpci_file_list list;
    bool copied = true;
    if (access(from, R_OK) != 0 || !vpci_file_list_below(&list, from, "", error, sizeof error))
        return true;
    for (size_t i = 0; i < list.count; i++) {
        char *bytes = NULL;
        size_t length = 0;
        if (strstr(list.paths[i], part) == NULL || strstr(list.paths[i], "kit/") != NULL)
            continue;
        snprintf(path, sizeof path, "%s/%s", from, list.paths[i]);
        if (!vpci_file_read(path, SHARED_BYTES_MAX, &bytes, &length, error, sizeof error))
            continue;
        copied = (length == 0 || keep(to, prefix, bytes, length) >= 0) && copied;
        free(bytes);
    }
    vpci_file_list_free(&list);
    return copied;
}

/* afl-fuzz takes from a neighbour's queue what has a higher number than what it took before. What was offered
 * already has a name of its own in offered/. */
static void offer_to_afl(const char *corpus, const char *afl)
{
    char error[VPCI_ERROR_BYTES], from[2 * VPCI_PATH_BYTES], mark[2 * VPCI_PATH_BYTES],
        to[2 * VPCI_PATH_BYTES];
    struct vpci_file_list offered, inputs;
    snprintf(mark, sizeof mark, "%s/kit/offered", afl);
    if (access(mark, R_OK) != 0 || !vpci_file_list_below(&offered, mark, "", error, sizeof error))
        return;
    size_t number = offered.count;
    vpci_file_list_free(&offered);
    if (!vpci_file_list_below(&inputs, corpus, "", error, sizeof error))
        return;
    for (size_t i = 0; i < inputs.count; i++) {
        snprintf(from, sizeof from, "%s/%s", corpus, inputs.paths[i]);
        snprintf(mark, sizeof mark, "%s/kit/offered/%s", afl, inputs.paths[i]);
        snprintf(to, sizeof to, "%s/kit/queue/id:%06zu,%s", afl, number, inputs.paths[i]);
        if (access(mark, F_OK) != 0 && link(from, to) == 0 && link(from, mark) == 0)
            number++;
    }
    vpci_file_list_free(&inputs);
}

bool vpci_inputs_share(const char *folder, char error[VPCI_ERROR_BYTES])
{
    char corpus[VPCI_PATH_BYTES], afl[VPCI_PATH_BYTES], own[VPCI_PATH_BYTES], crashes[VPCI_PATH_BYTES];
    snprintf(corpus, sizeof corpus, "%.4000s/corpus", folder);
    snprintf(afl, sizeof afl, "%.4000s/afl", folder);
    snprintf(own, sizeof own, "%.4000s/own", folder);
    snprintf(crashes, sizeof crashes, "%.4000s/crashes", folder);
    bool shared = copy_all(afl, "/queue/id:", corpus, "");
    shared = copy_all(own, "", corpus, "") && shared;
    shared = copy_all(afl, "/crashes/id:", crashes, "afl-") && shared;
    shared = copy_all(afl, "/hangs/id:", crashes, "afl-") && shared;
    offer_to_afl(corpus, afl);
    if (!shared)
        snprintf(error, VPCI_ERROR_BYTES, "%.700s: inputs cannot be written to it", folder);
    return shared;
}

bool vpci_inputs_give_each(const char *folder, unsigned processes, char error[VPCI_ERROR_BYTES])
{
    char corpus[VPCI_PATH_BYTES], own[VPCI_PATH_BYTES];
    snprintf(corpus, sizeof corpus, "%.4000s/corpus", folder);
    for (unsigned i = 0; i < processes; i++) {
        snprintf(own, sizeof own, "%.4000s/own/%u", folder, i);
        vpci_inputs_remove_folder(own); /* of an earlier hunt */
        if (!vpci_folder_make(own, error, VPCI_ERROR_BYTES))
            return false;
        if (!copy_all(corpus, "", own, "")) {
            snprintf(error, VPCI_ERROR_BYTES, "%.700s: cannot be written to", own);
            return false;
        }
    }
    return true;
}
