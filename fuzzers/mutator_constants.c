/* SPDX-License-Identifier: MIT */
/* fuzzers/mutator_constants.c - see mutator_constants.h. Code is looked through byte by byte and not
 * disassembled: what looks like a comparison and is none costs a few useless values. Uses nothing of the kit,
 * as it is linked into what afl-fuzz loads. */
#include "fuzzers/mutator_constants.h"

#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_BYTES_MAX = 64 * 1024 * 1024, IMMEDIATE_BYTES = 4, TABLES_HAVE_BELOW = 256 };

static void add(struct vpci_constants *constants, uint32_t value)
{
    /* Addresses of the stack and small negative numbers are no identifiers. */
    if (value < TABLES_HAVE_BELOW || value >= UINT32_MAX - TABLES_HAVE_BELOW)
        return;
    for (uint32_t i = 0; i < constants->count; i++) {
        if (constants->values[i] == value)
            return;
    }
    if (constants->count < VPCI_CONSTANTS_MAX)
        constants->values[constants->count++] = value;
}

static void add_length(struct vpci_constants *constants, uint8_t value)
{
    enum { LENGTH_MAX = 128 };
    if (value == 0 || value > LENGTH_MAX || constants->length_count == VPCI_CONSTANTS_MAX ||
        memchr(constants->lengths, value, constants->length_count) != NULL)
        return;
    constants->lengths[constants->length_count++] = value;
}

/* Bytes between the ModRM byte and the immediate. */
static size_t displacement(uint8_t modrm)
{
    const uint8_t mode = modrm >> 6, register_or_memory = modrm & 7;
    const size_t scale = mode != 3 && register_or_memory == 4;
    if (mode == 0)
        return scale + (register_or_memory == 5 ? 4u : 0u);
    return mode == 1 ? scale + 1 : mode == 2 ? scale + 4 : 0;
}

enum { CMP_EAX = 0x3D, GROUP_1 = 0x81, GROUP_1_BYTE = 0x83, CMP_OF_GROUP = 7 };

/* Where the immediate of a comparison with this operation code begins, counted from code; 0 when it is none.
 */
static size_t immediate_at(const uint8_t *code, size_t length, uint8_t operation)
{
    if (length > 2 && code[0] == operation && (code[1] >> 3 & 7) == CMP_OF_GROUP)
        return 2 + displacement(code[1]);
    return length > 1 && operation == GROUP_1 && code[0] == CMP_EAX ? 1 : 0;
}

static void look_through(struct vpci_constants *constants, const uint8_t *code, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const size_t at = immediate_at(code + i, length - i, GROUP_1);
        const size_t byte_at = immediate_at(code + i, length - i, GROUP_1_BYTE);
        uint32_t value;
        if (byte_at != 0 && byte_at < length - i)
            add_length(constants, code[i + byte_at]);
        if (at == 0 || length - i < at + IMMEDIATE_BYTES)
            continue;
        memcpy(&value, code + i + at, sizeof value);
        add(constants, value);
    }
}

/* Whether the range lies in the file. */
static bool is_inside(uint64_t offset, uint64_t bytes, size_t length)
{
    return offset <= length && bytes <= length - offset;
}

static void read_object(struct vpci_constants *constants, const uint8_t *file, size_t length)
{
    Elf64_Ehdr header;
    if (length < sizeof header)
        return;
    memcpy(&header, file, sizeof header);
    if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
        header.e_machine != EM_X86_64 || header.e_phentsize != sizeof(Elf64_Phdr) ||
        !is_inside(header.e_phoff, (uint64_t)header.e_phnum * sizeof(Elf64_Phdr), length))
        return;
    for (size_t i = 0; i < header.e_phnum; i++) {
        Elf64_Phdr part;
        memcpy(&part, file + header.e_phoff + i * sizeof part, sizeof part);
        if (part.p_type == PT_LOAD && (part.p_flags & PF_X) != 0 &&
            is_inside(part.p_offset, part.p_filesz, length))
            look_through(constants, file + part.p_offset, part.p_filesz);
    }
}

void vpci_constants_find(struct vpci_constants *constants, const char *path)
{
    struct stat status;
    memset(constants, 0, sizeof *constants);
    const int file = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 &&
        status.st_size <= FILE_BYTES_MAX) {
        const size_t length = (size_t)status.st_size;
        const uint8_t *bytes = mmap(NULL, length, PROT_READ, MAP_PRIVATE, file, 0);
        if (bytes != MAP_FAILED) {
            read_object(constants, bytes, length);
            munmap((void *)(uintptr_t)bytes, length);
        }
    }
    close(file);
}
