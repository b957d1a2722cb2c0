/* SPDX-License-Identifier: MIT */
/* harness/adapter_new.c - see harness/adapter_new.h. */
#include "harness/adapter_new.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXIT_WRITTEN = 0, EXIT_FAULT = 3, PATH_BYTES = 4096, FOLDER_MODE = 0777, FILE_MODE = 0666 };

static int complain(FILE *to, const char *what, const char *reason)
{
    fprintf(to, "%s: %s\n", what, reason);
    return EXIT_FAULT;
}

/* Makes the folders that a path names before its last slash. False with errno when one cannot be made. */
static bool make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        const bool fine = mkdir(path, FOLDER_MODE) == 0 || errno == EEXIST;
        *slash = '/';
        if (!fine)
            return false;
    }
    return true;
}

static bool write_all(int fd, const unsigned char *bytes, unsigned long length)
{
    while (length > 0) {
        const ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno != EINTR)
            return false;
        bytes += written > 0 ? written : 0;
        length -= written > 0 ? (unsigned long)written : 0;
    }
    return true;
}

static int write_file(const struct vpci_template_file *file, const char *folder, FILE *to)
{
    char path[PATH_BYTES];
    const int length = snprintf(path, sizeof path, "%s/%s", folder, file->path);
    if (length < 0 || (size_t)length >= sizeof path)
        return complain(to, folder, "the path is too long");
    if (!make_folders(path))
        return complain(to, path, strerror(errno));
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    if (fd < 0)
        return complain(to, path, strerror(errno));
    const bool fine = write_all(fd, file->bytes, file->length);
    const int reason = errno;
    if (close(fd) != 0 || !fine)
        return complain(to, path, strerror(fine ? errno : reason));
    fprintf(to, "wrote %s\n", path);
    return EXIT_WRITTEN;
}

/* Looked for before anything is written, so that a refusal leaves the folder as it was. */
static bool is_in_the_way(const char *language, const char *folder, FILE *to)
{
    for (const struct vpci_template_file *file = vpci_template_files; file->language != NULL; file++) {
        char path[PATH_BYTES];
        struct stat found;
        snprintf(path, sizeof path, "%s/%s", folder, file->path);
        if (strcmp(file->language, language) == 0 && lstat(path, &found) == 0) {
            complain(to, path, "is there already, and is not overwritten");
            return true;
        }
    }
    return false;
}

int vpci_adapter_new(const char *language, const char *folder, FILE *to)
{
    bool known = false;
    if (folder[0] == '\0')
        return complain(to, "adapter new", "the folder has no name");
    if (is_in_the_way(language, folder, to))
        return EXIT_FAULT;
    for (const struct vpci_template_file *file = vpci_template_files; file->language != NULL; file++) {
        if (strcmp(file->language, language) != 0)
            continue;
        known = true;
        if (write_file(file, folder, to) != EXIT_WRITTEN)
            return EXIT_FAULT;
    }
    if (!known)
        return complain(to, language, "no template in this language; there are c and python");
    fprintf(to, "next: cd %s, then as README.md says\n", folder);
    return EXIT_WRITTEN;
}
