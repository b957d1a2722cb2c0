/* SPDX-License-Identifier: MIT */
/* harness/file.h - files as the kit needs them: read whole with a cap, listed below a folder in a fixed
 * order, digested. Paths come from users and folders from anywhere, so every function bounds what it takes
 * and says why it refuses. */
#ifndef VPCI_FILE_H
#define VPCI_FILE_H

#include <stdbool.h>
#include <stddef.h>

enum {
    VPCI_SHA256_TEXT_BYTES = 65, /* 64 hexadecimal digits and a NUL */
    VPCI_FOLDER_DEPTH_MAX = 32,  /* folders inside each other */
    VPCI_LISTED_FILES_MAX = 100000,
};

/* Reads all of a regular file of at most limit bytes. A NUL that is not counted follows the bytes, which the
 * caller frees. On false, error holds "path: reason" and nothing is to be freed. */
bool vpci_file_read(const char *path, size_t limit_bytes, char **bytes_out, size_t *length_out, char *error,
                    size_t error_bytes);

/* Opens a regular file for reading. Returns a descriptor to close, or -1 with "path: reason" in error. */
int vpci_file_open(const char *path, char *error, size_t error_bytes);

/* Makes the folder and those above it where they are missing. On false, error holds "path: reason". */
bool vpci_folder_make(const char *folder, char *error, size_t error_bytes);

/* Writes a file whole or not at all: under another name beside it, which takes the file's place once all of
 * it is on the disk. On false, error holds "path: reason" and what was there is still there. */
bool vpci_file_write(const char *path, const void *bytes, size_t length, char *error, size_t error_bytes);

/* Paths relative to a folder, "/" between folders. */
struct vpci_file_list {
    char **paths;
    size_t count;
};

/* Lists the regular files below folder whose names end in suffix, sorted by bytes. Names that start with a
 * dot are passed over; links to files are taken, links to folders are not followed. On false, error holds
 * "path: reason". */
bool vpci_file_list_below(struct vpci_file_list *list, const char *folder, const char *suffix, char *error,
                          size_t error_bytes);
void vpci_file_list_free(struct vpci_file_list *list);

/* A SHA-256 in the making. */
struct vpci_digest;
struct vpci_digest *vpci_digest_start(void);
void vpci_digest_add(struct vpci_digest *digest, const void *bytes, size_t length);
/* Writes the lower-case hexadecimal digest of everything added so far; more may be added afterwards. */
void vpci_digest_read(const struct vpci_digest *digest, char text[VPCI_SHA256_TEXT_BYTES]);
void vpci_digest_free(struct vpci_digest *digest);

/* The digest of bytes at once, and of a file of any size. */
void vpci_digest_of_bytes(const void *bytes, size_t length, char text[VPCI_SHA256_TEXT_BYTES]);
bool vpci_digest_of_file(const char *path, char text[VPCI_SHA256_TEXT_BYTES], char *error,
                         size_t error_bytes);

#endif
