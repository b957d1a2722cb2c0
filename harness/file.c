/* SPDX-License-Identifier: MIT */
/* harness/file.c - see harness/file.h. Only regular files are opened for good: a pipe or device would hang or
 * never end. */
#include "harness/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/allocate.h"
#include "harness/text.h"

enum { READ_BYTES = 64 * 1024 };

/* Writes "path: reason"; a long path is shown by its end, which is where files differ. Returns false. */
__attribute__((format(printf, 4, 5))) static bool refuse(char *error, size_t error_bytes, const char *path,
                                                         const char *format, ...)
{
    enum { PATH_SHOWN_BYTES = 256 };
    struct vpci_text text = { 0 };
    const size_t length = strlen(path);
    if (length > PATH_SHOWN_BYTES)
        vpci_text_add(&text, "...");
    vpci_text_add_plain(&text, length > PATH_SHOWN_BYTES ? path + length - PATH_SHOWN_BYTES : path);
    vpci_text_add(&text, ": ");
    char reason[128];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    vpci_text_add(&text, reason);
    snprintf(error, error_bytes, "%s", text.bytes);
    vpci_text_free(&text);
    return false;
}

int vpci_file_open(const char *path, char *error, size_t error_bytes)
{
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat status;
    if (descriptor < 0) {
        refuse(error, error_bytes, path, "%s", strerror(errno));
        return -1;
    }
    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        refuse(error, error_bytes, path, "not a regular file");
        close(descriptor);
        return -1;
    }
    return descriptor;
}

/* read() that goes on after a signal. */
static ssize_t read_some(int descriptor, void *bytes, size_t length)
{
    ssize_t got;
    do {
        got = read(descriptor, bytes, length);
    } while (got < 0 && errno == EINTR);
    return got;
}

bool vpci_file_read(const char *path, size_t limit_bytes, char **bytes_out, size_t *length_out, char *error,
                    size_t error_bytes)
{
    const int descriptor = vpci_file_open(path, error, error_bytes);
    if (descriptor < 0)
        return false;
    struct stat status;
    if (fstat(descriptor, &status) == 0 && (uint64_t)status.st_size > limit_bytes) {
        close(descriptor);
        return refuse(error, error_bytes, path, "larger than %zu bytes", limit_bytes);
    }
    struct vpci_text text = { 0 };
    char *buffer = vpci_need_memory(malloc(READ_BYTES));
    ssize_t got;
    while ((got = read_some(descriptor, buffer, READ_BYTES)) > 0 && text.length <= limit_bytes)
        vpci_text_add_bytes(&text, buffer, (size_t)got);
    const int reason = errno;
    free(buffer);
    close(descriptor);
    if (got < 0 || text.length > limit_bytes) { /* it may have grown since fstat */
        vpci_text_free(&text);
        return got < 0 ? refuse(error, error_bytes, path, "%s", strerror(reason))
                       : refuse(error, error_bytes, path, "larger than %zu bytes", limit_bytes);
    }
    vpci_text_add(&text, ""); /* so that an empty file gives memory too */
    *bytes_out = text.bytes;
    *length_out = text.length;
    return true;
}

struct walk {
    struct vpci_file_list *list;
    size_t capacity;
    const char *suffix;
    char *error;
    size_t error_bytes;
};

static char *joined(const char *folder, const char *name)
{
    char *path = NULL;
    if (asprintf(&path, "%s%s%s", folder, folder[0] == '\0' ? "" : "/", name) < 0)
        vpci_give_up("out of memory");
    return path;
}

static bool ends_with(const char *string, const char *suffix)
{
    const size_t length = strlen(string), suffix_length = strlen(suffix);
    return length >= suffix_length && strcmp(string + length - suffix_length, suffix) == 0;
}

static bool walk_folder(struct walk *walk, const char *root, const char *relative, unsigned depth);

/* Takes one entry: goes below a folder, lists a file. path is the way to it, relative the name it gets. */
static bool walk_entry(struct walk *walk, const char *root, const char *path, const char *relative,
                       unsigned depth)
{
    struct stat status;
    if (lstat(path, &status) != 0)
        return refuse(walk->error, walk->error_bytes, path, "%s", strerror(errno));
    if (S_ISDIR(status.st_mode))
        return walk_folder(walk, root, relative, depth + 1);
    if (!ends_with(relative, walk->suffix))
        return true;
    if (S_ISLNK(status.st_mode) && stat(path, &status) != 0)
        return refuse(walk->error, walk->error_bytes, path, "%s", strerror(errno));
    if (S_ISDIR(status.st_mode)) /* a link: may lead anywhere, also back to here */
        return true;
    if (!S_ISREG(status.st_mode))
        return refuse(walk->error, walk->error_bytes, path, "not a regular file");
    if (walk->list->count == VPCI_LISTED_FILES_MAX)
        return refuse(walk->error, walk->error_bytes, path, "more than %d files", VPCI_LISTED_FILES_MAX);
    if (walk->list->count == walk->capacity) {
        walk->capacity = walk->capacity == 0 ? 64 : 2 * walk->capacity;
        walk->list->paths =
            vpci_need_memory(realloc(walk->list->paths, walk->capacity * sizeof *walk->list->paths));
    }
    walk->list->paths[walk->list->count++] = vpci_need_memory(strdup(relative));
    return true;
}

static bool walk_folder(struct walk *walk, const char *root, const char *relative, unsigned depth)
{
    char *folder = relative[0] == '\0' ? vpci_need_memory(strdup(root)) : joined(root, relative);
    bool fine = depth <= VPCI_FOLDER_DEPTH_MAX || refuse(walk->error, walk->error_bytes, folder,
                                                         "more than %d folders deep", VPCI_FOLDER_DEPTH_MAX);
    DIR *stream = fine ? opendir(folder) : NULL;
    if (fine && stream == NULL)
        fine = refuse(walk->error, walk->error_bytes, folder, "%s", strerror(errno));
    while (fine) {
        errno = 0;
        const struct dirent *entry = readdir(stream);
        if (entry == NULL) {
            fine = errno == 0 || refuse(walk->error, walk->error_bytes, folder, "%s", strerror(errno));
            break;
        }
        if (entry->d_name[0] == '.')
            continue;
        char *path = joined(folder, entry->d_name), *name = joined(relative, entry->d_name);
        fine = walk_entry(walk, root, path, name, depth);
        free(name);
        free(path);
    }
    if (stream != NULL)
        closedir(stream);
    free(folder);
    return fine;
}

static int compare_paths(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

bool vpci_file_list_below(struct vpci_file_list *list, const char *folder, const char *suffix, char *error,
                          size_t error_bytes)
{
    *list = (struct vpci_file_list){ 0 };
    struct walk walk = { .list = list, .suffix = suffix, .error = error, .error_bytes = error_bytes };
    if (!walk_folder(&walk, folder, "", 0)) {
        vpci_file_list_free(list);
        return false;
    }
    if (list->count > 0)
        qsort(list->paths, list->count, sizeof *list->paths, compare_paths);
    return true;
}

void vpci_file_list_free(struct vpci_file_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->paths[i]);
    free(list->paths);
    *list = (struct vpci_file_list){ 0 };
}

struct vpci_digest {
    EVP_MD_CTX *context;
};

struct vpci_digest *vpci_digest_start(void)
{
    struct vpci_digest *digest = vpci_need_memory(malloc(sizeof *digest));
    digest->context = vpci_need_memory(EVP_MD_CTX_new());
    if (EVP_DigestInit_ex(digest->context, EVP_sha256(), NULL) != 1)
        vpci_give_up("libcrypto has no SHA-256");
    return digest;
}

void vpci_digest_add(struct vpci_digest *digest, const void *bytes, size_t length)
{
    if (EVP_DigestUpdate(digest->context, bytes, length) != 1)
        vpci_give_up("SHA-256 failed");
}

void vpci_digest_read(const struct vpci_digest *digest, char text[VPCI_SHA256_TEXT_BYTES])
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    EVP_MD_CTX *copy = vpci_need_memory(EVP_MD_CTX_new());
    if (EVP_MD_CTX_copy_ex(copy, digest->context) != 1 || EVP_DigestFinal_ex(copy, hash, &length) != 1 ||
        length != (VPCI_SHA256_TEXT_BYTES - 1) / 2)
        vpci_give_up("SHA-256 failed");
    EVP_MD_CTX_free(copy);
    struct vpci_text digits = { 0 };
    vpci_text_add_hex_bytes(&digits, hash, length);
    memcpy(text, digits.bytes, VPCI_SHA256_TEXT_BYTES);
    vpci_text_free(&digits);
}

void vpci_digest_free(struct vpci_digest *digest)
{
    if (digest == NULL)
        return;
    EVP_MD_CTX_free(digest->context);
    free(digest);
}

void vpci_digest_of_bytes(const void *bytes, size_t length, char text[VPCI_SHA256_TEXT_BYTES])
{
    struct vpci_digest *digest = vpci_digest_start();
    vpci_digest_add(digest, bytes, length);
    vpci_digest_read(digest, text);
    vpci_digest_free(digest);
}

bool vpci_digest_of_file(const char *path, char text[VPCI_SHA256_TEXT_BYTES], char *error, size_t error_bytes)
{
    const int descriptor = vpci_file_open(path, error, error_bytes);
    if (descriptor < 0)
        return false;
    struct vpci_digest *digest = vpci_digest_start();
    char *buffer = vpci_need_memory(malloc(READ_BYTES));
    ssize_t got;
    while ((got = read_some(descriptor, buffer, READ_BYTES)) > 0)
        vpci_digest_add(digest, buffer, (size_t)got);
    const int reason = errno;
    vpci_digest_read(digest, text);
    vpci_digest_free(digest);
    free(buffer);
    close(descriptor);
    return got == 0 || refuse(error, error_bytes, path, "%s", strerror(reason));
}
