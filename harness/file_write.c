/* SPDX-License-Identifier: MIT */
/* harness/file_write.c - the writing half of harness/file.h. */
#include "harness/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/text.h"

/* Writes "path: reason". Returns false. */
static bool refuse(char *error, size_t error_bytes, const char *path, int reason)
{
    enum { PATH_SHOWN_BYTES = 256 };
    struct vpci_text plain = { 0 };
    vpci_text_add_plain(&plain, path);
    snprintf(error, error_bytes, "%.*s: %s", PATH_SHOWN_BYTES, plain.bytes == NULL ? "" : plain.bytes,
             strerror(reason));
    vpci_text_free(&plain);
    return false;
}

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool vpci_folder_make(const char *folder, char *error, size_t error_bytes)
{
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof path, "%s", folder) >= sizeof path)
        return refuse(error, error_bytes, folder, ENAMETOOLONG);
    for (char *at = path;; at++) {
        if ((*at != '/' && *at != '\0') || at == path)
            continue;
        const char end = *at;
        *at = '\0';
        if (!is_folder(path) && mkdir(path, 0777) != 0 && !is_folder(path))
            return refuse(error, error_bytes, path, errno);
        *at = end;
        if (end == '\0')
            return true;
    }
}

static bool write_all(int descriptor, const char *bytes, size_t length)
{
    while (length > 0) {
        const ssize_t written = write(descriptor, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return fsync(descriptor) == 0;
}

bool vpci_file_write(const char *path, const void *bytes, size_t length, char *error, size_t error_bytes)
{
    char beside[PATH_MAX];
    if ((size_t)snprintf(beside, sizeof beside, "%s.%ld.part", path, (long)getpid()) >= sizeof beside)
        return refuse(error, error_bytes, path, ENAMETOOLONG);
    const int descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return refuse(error, error_bytes, path, errno);
    bool fine = write_all(descriptor, bytes, length);
    int reason = errno;
    fine = close(descriptor) == 0 && fine;
    if (fine && rename(beside, path) == 0)
        return true;
    reason = fine ? errno : reason;
    (void)unlink(beside);
    return refuse(error, error_bytes, path, reason);
}
