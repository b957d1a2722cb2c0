/* SPDX-License-Identifier: MIT */
/* models/protocol.h - the numbers of the protocol: limits, control codes, NTSTATUS, structure layouts.
 * Apart from the model because adapters need the numbers and must not see the judge.
 * Includes nothing but the standard headers; every layout is asserted against the published x64 one. */
#ifndef VPCI_PROTOCOL_H
#define VPCI_PROTOCOL_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    VPCI_BLOCK_BYTES_MAX = 128,     /* VPCI_MAX_READ_WRITE_BLOCK_SIZE, pcivirt.h */
    VPCI_FLAGGABLE_BLOCKS = 64,     /* bit i of a mask names block i, so blocks 0...63 */
    VPCI_VF_ALL = 0xFFFF,           /* SRIOV_INVALIDATE_BLOCK_ALL_VFS */
    VPCI_WRITE_INPUT_DATA = 8,      /* FIELD_OFFSET(VPCI_WRITE_BLOCK_INPUT, Data) */
    VPCI_MAJOR_DEVICE_CONTROL = 14, /* IRP_MJ_DEVICE_CONTROL */
    VPCI_MAJOR_INTERNAL = 15,       /* IRP_MJ_INTERNAL_DEVICE_CONTROL */
    VPCI_IRQL_PASSIVE = 0,
    VPCI_IRQL_APC = 1,
    VPCI_IRQL_DISPATCH = 2,
    VPCI_INTERFACE_VERSION = 1,       /* what NDIS asks for; no document gives the number */
    VPCI_INTERFACE_BYTES = 56,        /* sizeof(VPCI_INTERFACE_STANDARD), x64 */
    VPCI_INTERFACE_BYTES_HEADER = 32, /* Size, Version, Context, both reference routines, x64 */
};

/* Device type 0x2A, access read|write, METHOD_NEITHER: (type << 16) | (access << 14) | (function << 2) |
 * method. */
#define VPCI_CONTROL_CODE(function) \
    ((uint32_t)((0x2Au << 16) | (3u << 14) | ((uint32_t)(function) << 2) | 3u))
#define VPCI_IOCTL_INVALIDATE_BLOCK VPCI_CONTROL_CODE(1)
#define VPCI_IOCTL_READ_BLOCK       VPCI_CONTROL_CODE(2)
#define VPCI_IOCTL_WRITE_BLOCK      VPCI_CONTROL_CODE(3)
static_assert(VPCI_IOCTL_INVALIDATE_BLOCK == 0x002AC007u, "vpci.h");
static_assert(VPCI_IOCTL_READ_BLOCK == 0x002AC00Bu, "vpci.h");
static_assert(VPCI_IOCTL_WRITE_BLOCK == 0x002AC00Fu, "vpci.h");

typedef uint32_t vpci_ntstatus;

#define VPCI_NTSTATUS_LIST(X)              \
    X(SUCCESS, 0x00000000u)                \
    X(PENDING, 0x00000103u)                \
    X(BUFFER_OVERFLOW, 0x80000005u)        \
    X(DATATYPE_MISALIGNMENT, 0x80000002u)  \
    X(UNSUCCESSFUL, 0xC0000001u)           \
    X(INFO_LENGTH_MISMATCH, 0xC0000004u)   \
    X(ACCESS_VIOLATION, 0xC0000005u)       \
    X(INVALID_PARAMETER, 0xC000000Du)      \
    X(NO_SUCH_DEVICE, 0xC000000Eu)         \
    X(INVALID_DEVICE_REQUEST, 0xC0000010u) \
    X(BUFFER_TOO_SMALL, 0xC0000023u)       \
    X(DELETE_PENDING, 0xC0000056u)         \
    X(REVISION_MISMATCH, 0xC0000059u)      \
    X(INSUFFICIENT_RESOURCES, 0xC000009Au) \
    X(DEVICE_DATA_ERROR, 0xC000009Cu)      \
    X(DEVICE_NOT_READY, 0xC00000A3u)       \
    X(IO_TIMEOUT, 0xC00000B5u)             \
    X(NOT_SUPPORTED, 0xC00000BBu)          \
    X(DEVICE_DOES_NOT_EXIST, 0xC00000C0u)  \
    X(CANCELLED, 0xC0000120u)              \
    X(INVALID_DEVICE_STATE, 0xC0000184u)   \
    X(INVALID_BUFFER_SIZE, 0xC0000206u)    \
    X(NOT_FOUND, 0xC0000225u)              \
    X(DEVICE_REMOVED, 0xC00002B6u)         \
    X(BAD_DATA, 0xC000090Bu)

#define X(name, value) static const vpci_ntstatus VPCI_STATUS_##name = value;
VPCI_NTSTATUS_LIST(X)
#undef X

/* Severity is the top two bits: 0 success, 1 informational, 2 warning, 3 error (NT_ERROR). */
static inline bool vpci_nt_error(vpci_ntstatus status)
{
    return status >> 30 == 3;
}

/* "BUFFER_TOO_SMALL", or NULL for a value without a name here. */
const char *vpci_ntstatus_name(vpci_ntstatus status);

/* Finds the value for a name of the list above. False when there is none; *status_out is then untouched. */
bool vpci_ntstatus_from_name(const char *name, vpci_ntstatus *status_out);

struct vpci_read_block_input {
    uint32_t block_id;
    uint32_t bytes_requested;
};
static_assert(sizeof(struct vpci_read_block_input) == 8, "VPCI_READ_BLOCK_INPUT");

struct vpci_write_block_input {
    uint32_t block_id;
    uint32_t data_length;
    uint8_t data[1]; /* ANYSIZE_ARRAY: sizeof admits 1...4 bytes, legal inputs are longer */
};
static_assert(sizeof(struct vpci_write_block_input) == 12, "VPCI_WRITE_BLOCK_INPUT is tail-padded");
static_assert(offsetof(struct vpci_write_block_input, data) == VPCI_WRITE_INPUT_DATA, "FIELD_OFFSET(Data)");

struct vpci_invalidate_block_output {
    uint64_t block_mask; /* bit i set: the data of block i changed (IV-06) */
};
static_assert(sizeof(struct vpci_invalidate_block_output) == 8, "VPCI_INVALIDATE_BLOCK_OUTPUT");

struct vpci_io_status_block {
    vpci_ntstatus status;
    uint32_t reserved; /* upper half of the union with a pointer, x64 */
    uint64_t information;
};
static_assert(sizeof(struct vpci_io_status_block) == 16, "IO_STATUS_BLOCK, x64");
static_assert(offsetof(struct vpci_io_status_block, information) == 8, "IO_STATUS_BLOCK, x64");

/* VPCI_INTERFACE_STANDARD as an x64 caller sees it. Trap: Write precedes Read here; in the PF's own
 * SRIOV_DEVICE_INTERFACE_STANDARD Read precedes Write. Pointers are opaque 64-bit words to the kit. */
struct vpci_interface_standard {
    uint16_t size;
    uint16_t version;
    uint32_t reserved;
    uint64_t context;
    uint64_t interface_reference;
    uint64_t interface_dereference;
    uint64_t write_vf_config_block;
    uint64_t read_vf_config_block;
    uint32_t serial_number;
    uint32_t reserved_tail;
};
static_assert(sizeof(struct vpci_interface_standard) == VPCI_INTERFACE_BYTES, "VPCI_INTERFACE_STANDARD, x64");
static_assert(offsetof(struct vpci_interface_standard, context) == 8, "VPCI_INTERFACE_STANDARD, x64");
static_assert(offsetof(struct vpci_interface_standard, write_vf_config_block) == 32, "Write precedes Read");
static_assert(offsetof(struct vpci_interface_standard, read_vf_config_block) == 40, "Write precedes Read");
static_assert(offsetof(struct vpci_interface_standard, serial_number) == 48, "VPCI_INTERFACE_STANDARD, x64");

struct vpci_guid {
    uint8_t bytes[16]; /* in the order the text form prints them */
};

/* GUID_VPCI_INTERFACE_STANDARD, 12E65E71-B651-4067-831A-1383203CB0CB. */
#define VPCI_GUID_INTERFACE_STANDARD                                                                       \
    {                                                                                                      \
        {                                                                                                  \
            0x12, 0xE6, 0x5E, 0x71, 0xB6, 0x51, 0x40, 0x67, 0x83, 0x1A, 0x13, 0x83, 0x20, 0x3C, 0xB0, 0xCB \
        }                                                                                                  \
    }

/* Little-endian loads and stores, for structures whose alignment the other side chose. */
static inline uint32_t vpci_load_u32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static inline uint64_t vpci_load_u64(const uint8_t *bytes)
{
    return (uint64_t)vpci_load_u32(bytes) | (uint64_t)vpci_load_u32(bytes + 4) << 32;
}

/* Whether length bytes are the same, eight at a time. Not memcmp: fuzzing engines watch every call of that,
 * which costs more than everything else the model does. */
static inline bool vpci_same_bytes(const uint8_t *one, const uint8_t *other, size_t length)
{
    uint64_t difference = 0;
    size_t at = 0;
    for (; length - at >= 8; at += 8)
        difference |= vpci_load_u64(one + at) ^ vpci_load_u64(other + at);
    for (; at < length; at++)
        difference |= (uint64_t)(one[at] ^ other[at]);
    return difference == 0;
}

static inline void vpci_store_u32(uint8_t *bytes, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
}

static inline void vpci_store_u64(uint8_t *bytes, uint64_t value)
{
    vpci_store_u32(bytes, (uint32_t)value);
    vpci_store_u32(bytes + 4, (uint32_t)(value >> 32));
}

#endif
