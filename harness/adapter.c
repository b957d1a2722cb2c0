/* SPDX-License-Identifier: MIT */
/* harness/adapter.c - see adapter.h. */
#include "harness/adapter.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/channel.h"
#include "harness/file.h"
#include "harness/inprocess.h"

static const struct {
    const char *prefix; /* of the bundled name */
    const char *folder; /* below adapters/ */
} bundles[] = {
    { "liar:", "liars/" }, { "fuzz-liar:", "fuzz-liars/" }, { "variant:", "variants/" }, { "", "" }
};

/* Where the kit's own files are, seen from the folder of the program. */
static const struct {
    const char *built, *installed;
} parts[VPCI_PART_COUNT] = {
    [VPCI_PART_CORPUS] = { "corpus", "../share/vpci-conform/corpus" },
    [VPCI_PART_ADAPTERS] = { "adapters", "../lib/vpci-conform/adapters" },
    [VPCI_PART_FUZZERS] = { "fuzzers", "../lib/vpci-conform/fuzzers" },
};

void vpci_program_folder(char folder[VPCI_PATH_BYTES])
{
    const ssize_t length = readlink("/proc/self/exe", folder, VPCI_PATH_BYTES - 1);
    folder[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash != NULL)
        *slash = '\0';
}

bool vpci_program_is_installed(void)
{
    char folder[VPCI_PATH_BYTES], mark[VPCI_PATH_BYTES + 32];
    vpci_program_folder(folder);
    snprintf(mark, sizeof mark, "%s/CMakeCache.txt", folder);
    return access(mark, F_OK) != 0;
}

bool vpci_program_part(enum vpci_part part, char folder[VPCI_PATH_BYTES])
{
    char beside[VPCI_PATH_BYTES], path[VPCI_PATH_BYTES + 64];
    vpci_program_folder(beside);
    snprintf(path, sizeof path, "%s/%s", beside,
             vpci_program_is_installed() ? parts[part].installed : parts[part].built);
    if (realpath(path, folder) != NULL)
        return true;
    folder[0] = '\0';
    return false;
}

static bool is_plain_name(const char *name)
{
    return name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL;
}

static bool resolve_bundled(struct vpci_adapter *adapter, const char *name)
{
    char folder[VPCI_PATH_BYTES];
    if (!vpci_program_part(VPCI_PART_ADAPTERS, folder))
        return false;
    for (size_t i = 0; i < sizeof bundles / sizeof bundles[0]; i++) {
        const size_t prefix = strlen(bundles[i].prefix);
        if (strncmp(name, bundles[i].prefix, prefix) != 0 || !is_plain_name(name + prefix))
            continue;
        const int length = snprintf(adapter->spec, sizeof adapter->spec, "%s/%s%s.so", folder,
                                    bundles[i].folder, name + prefix);
        if (length > 0 && (size_t)length < sizeof adapter->spec && access(adapter->spec, R_OK) == 0)
            return true;
    }
    return false;
}

/* The program or script that an exec: command runs: what a certificate would have to name. */
static void find_executable(struct vpci_adapter *adapter)
{
    char command[VPCI_PATH_BYTES];
    snprintf(command, sizeof command, "%s", adapter->spec + strlen("exec:"));
    char *rest = NULL;
    for (char *word = strtok_r(command, " \t", &rest); word != NULL; word = strtok_r(NULL, " \t", &rest)) {
        if (strchr(word, '/') != NULL && access(word, R_OK) == 0)
            snprintf(adapter->file, sizeof adapter->file, "%s", word); /* the last one: python3 ADAPTER.py */
    }
}

bool vpci_adapter_resolve(struct vpci_adapter *adapter, const char *name, char error[VPCI_DETAIL_BYTES])
{
    memset(adapter, 0, sizeof *adapter);
    if (strlen(name) >= sizeof adapter->spec) {
        snprintf(error, VPCI_DETAIL_BYTES, "adapter: the name is too long");
        return false;
    }
    snprintf(adapter->spec, sizeof adapter->spec, "%s", name);
    if (vpci_channel_is_spec(name)) {
        const char *rest = strchr(name, ':') + 1;
        if (rest[strspn(rest, " \t")] == '\0') {
            snprintf(error, VPCI_DETAIL_BYTES, "adapter '%.100s': nothing stands behind the colon", name);
            return false;
        }
        if (strncmp(name, "exec:", 5) == 0)
            find_executable(adapter);
        return true;
    }
    adapter->in_process = true;
    if (strchr(name, '/') == NULL && resolve_bundled(adapter, name)) {
        snprintf(adapter->file, sizeof adapter->file, "%s", adapter->spec);
        return true;
    }
    if (access(name, R_OK) == 0) {
        /* dlopen looks up names without a slash elsewhere */
        if (realpath(name, adapter->spec) == NULL)
            snprintf(adapter->spec, sizeof adapter->spec, "%s", name);
        snprintf(adapter->file, sizeof adapter->file, "%s", adapter->spec);
        return true;
    }
    snprintf(error, VPCI_DETAIL_BYTES,
             "adapter '%.100s': no such file, and no bundled adapter of that name (see: vpci-conform list "
             "adapters)",
             name);
    return false;
}

struct vpci_seam *vpci_adapter_open(const struct vpci_adapter *adapter, const struct vpci_limits *limits)
{
    struct vpci_seam *seam = adapter->in_process ? vpci_inprocess_create(adapter->spec, limits)
                                                 : vpci_channel_create(adapter->spec, limits);
    if (seam == NULL)
        abort();
    return seam;
}

void vpci_adapter_list(struct vpci_text *text)
{
    char folder[VPCI_PATH_BYTES];
    char error[VPCI_DETAIL_BYTES];
    struct vpci_file_list list;
    if (!vpci_program_part(VPCI_PART_ADAPTERS, folder) ||
        !vpci_file_list_below(&list, folder, ".so", error, sizeof error))
        return;
    for (size_t i = 0; i < list.count; i++) {
        const char *path = list.paths[i];
        for (size_t j = 0; j < sizeof bundles / sizeof bundles[0]; j++) {
            const size_t length = strlen(bundles[j].folder);
            if (strncmp(path, bundles[j].folder, length) != 0)
                continue;
            vpci_text_addf(text, "%s%.*s\n", bundles[j].prefix, (int)(strlen(path + length) - 3),
                           path + length);
            break;
        }
    }
    vpci_file_list_free(&list);
}
