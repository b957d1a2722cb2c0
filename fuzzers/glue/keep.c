/* SPDX-License-Identifier: MIT */
/* fuzzers/glue/keep.c - see keep.h. */
#include "fuzzers/glue/keep.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/adapter.h"
#include "harness/allocate.h"

enum { CLASSES = 1024, KEPT_OF_CLASS = 16 };

static struct {
    uint32_t class_hash;
    uint32_t count;
} classes[CLASSES];

/* How often the class was met, this time included. A full table counts classes together. */
static uint32_t count_of(uint32_t class_hash)
{
    uint32_t at = class_hash % CLASSES;
    for (int tries = 0; tries < 8 && classes[at].count != 0 && classes[at].class_hash != class_hash; tries++)
        at = (at + 1) % CLASSES;
    classes[at].class_hash = class_hash;
    return ++classes[at].count;
}

static uint32_t hash_of(const uint8_t *bytes, size_t length)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ bytes[i]) * 16777619u;
    return hash;
}

static bool write_whole(const char *path, const uint8_t *bytes, size_t length)
{
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0)
        return false;
    size_t done = 0;
    while (done < length) {
        const ssize_t count = write(file, bytes + done, length - done);
        if (count < 0 && errno != EINTR)
            break;
        done += count < 0 ? 0 : (size_t)count;
    }
    return close(file) == 0 && done == length;
}

void vpci_keep_input(const char *folder, const char *id, uint32_t class_hash, const uint8_t *bytes,
                     size_t length)
{
    const uint32_t count = count_of(class_hash);
    if (count > KEPT_OF_CLASS && (count & (count - 1)) != 0)
        return;
    char path[VPCI_PATH_BYTES], temporary[VPCI_PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s-%08x-%08x", folder, id, class_hash, hash_of(bytes, length));
    snprintf(temporary, sizeof temporary, "%s/.%ld-%08x", folder, (long)getpid(), class_hash);
    if (!write_whole(temporary, bytes, length) || rename(temporary, path) != 0) {
        char reason[VPCI_PATH_BYTES + 64];
        snprintf(reason, sizeof reason, "%s: cannot be written: %s", path, strerror(errno));
        vpci_give_up(reason);
    }
}
