/* SPDX-License-Identifier: MIT */
/* fuzzers/inputs_thin.c - thins the corpus out: libFuzzer merges it into a new folder, which takes the old
 * one's place only when it reaches as many features, and in one step, so that no kill at any moment leaves
 * less than there was. */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzzers/inputs.h"
#include "harness/file.h"

enum { OPEN_FILES = 16 };

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    return remove(path);
}

void vpci_inputs_remove_folder(const char *path)
{
    (void)nftw(path, remove_one, OPEN_FILES, FTW_DEPTH | FTW_PHYS);
}

static size_t count_files(const char *folder)
{
    struct vpci_file_list list;
    char error[VPCI_ERROR_BYTES];
    if (!vpci_file_list_below(&list, folder, "", error, sizeof error))
        return 0;
    const size_t count = list.count;
    vpci_file_list_free(&list);
    return count;
}

/* Scenarios that were being written when the hunt was killed; their inputs are still there. */
static void remove_parts(const char *folder)
{
    char findings[VPCI_PATH_BYTES], path[2 * VPCI_PATH_BYTES], error[VPCI_ERROR_BYTES];
    struct vpci_file_list list;
    snprintf(findings, sizeof findings, "%.4000s/findings", folder);
    if (access(findings, F_OK) != 0 || !vpci_file_list_below(&list, findings, ".part", error, sizeof error))
        return;
    for (size_t i = 0; i < list.count; i++) {
        snprintf(path, sizeof path, "%s/%s", findings, list.paths[i]);
        (void)unlink(path);
    }
    vpci_file_list_free(&list);
}

bool vpci_inputs_recover(const char *folder, char error[VPCI_ERROR_BYTES])
{
    static const char *const left[] = { "afl", "own", "seeds", "corpus.new" };
    char path[VPCI_PATH_BYTES];
    snprintf(path, sizeof path, "%.4000s/corpus", folder);
    if (access(path, F_OK) == 0 && !vpci_inputs_share(folder, error))
        return false;
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++) {
        snprintf(path, sizeof path, "%.4000s/%s", folder, left[i]);
        vpci_inputs_remove_folder(path);
    }
    remove_parts(folder);
    return true;
}

struct vpci_thinning vpci_inputs_thin(const struct vpci_engine_setup *setup, uint64_t time_ms)
{
    char corpus[VPCI_PATH_BYTES], thin[VPCI_PATH_BYTES];
    snprintf(corpus, sizeof corpus, "%.4000s/corpus", setup->folder);
    snprintf(thin, sizeof thin, "%.4000s/corpus.new", setup->folder);
    struct vpci_thinning thinning = { .inputs_before = count_files(corpus) };
    vpci_inputs_remove_folder(thin);
    thinning.features_before = vpci_engine_features(setup, "corpus", time_ms);
    const char *const merge[] = { "-merge=1", thin, corpus, NULL };
    if (thinning.features_before != 0 && mkdir(thin, 0755) == 0 &&
        vpci_engine_once(setup, "merge", merge, time_ms)) {
        thinning.features_after = vpci_engine_features(setup, "corpus.new", time_ms);
        thinning.inputs_after = count_files(thin);
        thinning.replaced = thinning.features_after >= thinning.features_before &&
                            renameat2(AT_FDCWD, corpus, AT_FDCWD, thin, RENAME_EXCHANGE) == 0;
    }
    vpci_inputs_remove_folder(thin);
    return thinning;
}
