/* SPDX-License-Identifier: MIT */
/* fuzzers/glue/keep.c - see keep.h. */
#include "fuzzers/glue/keep.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzzers/notes.h"
#include "harness/adapter.h"
#include "harness/allocate.h"

enum { KEPT_OF_CLASS = 16, KEPT_OF_COSTLY_CLASS = 2 };

static struct {
    const char *folder;
    struct vpci_notes *notes;
} kept;

static _Noreturn void give_up(const char *path)
{
    char reason[VPCI_PATH_BYTES + 64];
    snprintf(reason, sizeof reason, "%s: cannot be written: %s", path, strerror(errno));
    if (kept.notes != NULL)
        kept.notes->under_way = 0; /* not the input's doing */
    vpci_give_up(reason);
}

void vpci_keep_start(const char *folder, const char *notes)
{
    int file = -1, flags = MAP_SHARED | MAP_ANONYMOUS;
    kept.folder = folder != NULL && folder[0] != '\0' ? folder : NULL;
    if (notes != NULL && notes[0] != '\0') {
        flags = MAP_SHARED;
        file = open(notes, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        /* All of it: a page for which there is no room would end the process when it is written. */
        const int error = file < 0 ? errno : posix_fallocate(file, 0, sizeof *kept.notes);
        errno = error;
        if (error != 0)
            give_up(notes);
    }
    void *mapped = mmap(NULL, sizeof *kept.notes, PROT_READ | PROT_WRITE, flags, file, 0);
    if (mapped == MAP_FAILED)
        give_up(notes == NULL ? "notes" : notes);
    kept.notes = mapped;
    if (file >= 0)
        (void)close(file);
}

/* How often the class was met, this time included. A full table counts classes together. */
static uint32_t count_of(uint32_t class_hash)
{
    struct vpci_notes *notes = kept.notes;
    uint32_t at = class_hash % VPCI_NOTES_CLASSES;
    for (int tries = 0;
         tries < 8 && notes->classes[at].count != 0 && notes->classes[at].class_hash != class_hash; tries++)
        at = (at + 1) % VPCI_NOTES_CLASSES;
    notes->classes[at].class_hash = class_hash;
    return ++notes->classes[at].count;
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

static void write_input(const char *id, uint32_t class_hash, const uint8_t *bytes, size_t length)
{
    char path[VPCI_PATH_BYTES], temporary[VPCI_PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s-%08x-%08x", kept.folder, id, class_hash, hash_of(bytes, length));
    snprintf(temporary, sizeof temporary, "%s/.%ld-%08x", kept.folder, (long)getpid(), class_hash);
    if (!write_whole(temporary, bytes, length) || rename(temporary, path) != 0) {
        const int error = errno;
        (void)unlink(temporary);
        errno = error;
        give_up(path);
    }
}

void vpci_keep_input(const char *id, uint32_t class_hash, bool costly, const uint8_t *bytes, size_t length)
{
    const uint32_t enough = costly ? KEPT_OF_COSTLY_CLASS : KEPT_OF_CLASS;
    const uint32_t count = count_of(class_hash);
    if (kept.folder != NULL && (count <= enough || (count & (count - 1)) == 0))
        write_input(id, class_hash, bytes, length);
}

void vpci_keep_begin(const uint8_t *bytes, size_t length)
{
    struct vpci_notes *notes = kept.notes;
    if (notes->under_way != 0 && notes->input_length != 0)
        vpci_keep_input("ended", 0, true, notes->input, notes->input_length);
    notes->executions++;
    notes->input_length = length > VPCI_NOTES_INPUT_BYTES ? 0 : (uint32_t)length;
    if (notes->input_length != 0)
        memcpy(notes->input, bytes, length);
    notes->under_way = 1;
}

void vpci_keep_end(void)
{
    kept.notes->under_way = 0;
}
