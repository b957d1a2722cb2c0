/* SPDX-License-Identifier: MIT */
/* harness/adapter.c - see adapter.h. A build tree has program, adapters/ and ../corpus; an installation has
 * bin/, lib/vpci-conform/adapters and share/vpci-conform/corpus: both are looked for beside the program. */
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

void vpci_program_folder(char folder[VPCI_PATH_BYTES])
{
    const ssize_t length = readlink("/proc/self/exe", folder, VPCI_PATH_BYTES - 1);
    folder[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash != NULL)
        *slash = '\0';
}

static bool find_beside_program(char found[VPCI_PATH_BYTES], const char *const *candidates, size_t count)
{
    char folder[VPCI_PATH_BYTES];
    vpci_program_folder(folder);
    for (size_t i = 0; i < count; i++) {
        const int length = snprintf(found, VPCI_PATH_BYTES, "%s/%s", folder, candidates[i]);
        if (length > 0 && length < VPCI_PATH_BYTES && access(found, R_OK) == 0)
            return true;
    }
    found[0] = '\0';
    return false;
}

void vpci_program_corpus(char folder[VPCI_PATH_BYTES])
{
    static const char *const candidates[] = { "../corpus", "../share/vpci-conform/corpus" };
    (void)find_beside_program(folder, candidates, sizeof candidates / sizeof candidates[0]);
}

static bool find_adapters(char folder[VPCI_PATH_BYTES])
{
    static const char *const candidates[] = { "adapters", "../lib/vpci-conform/adapters" };
    return find_beside_program(folder, candidates, sizeof candidates / sizeof candidates[0]);
}

static bool is_plain_name(const char *name)
{
    return name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL;
}

static bool resolve_bundled(struct vpci_adapter *adapter, const char *name)
{
    char folder[VPCI_PATH_BYTES];
    if (!find_adapters(folder))
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
    if (!find_adapters(folder) || !vpci_file_list_below(&list, folder, ".so", error, sizeof error))
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
