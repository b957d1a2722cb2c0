/* SPDX-License-Identifier: MIT */
/* fuzzers/step_values.c - what a byte of a record stands for: the boundary values, as tables. */
#include "fuzzers/step_codec.h"

static const uint32_t blocks[] = { 64,    127,        128,        255,        256,        65535,
                                   65536, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFFFE, 0xFFFFFFFF };
static const uint32_t lengths[] = {
    0, 255, 256, 257, 511, 512, 513, 65535, 65536, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF7, 0xFFFFFFF8, 0xFFFFFFFF
};
static const uint32_t statuses[] = {
    0,          /* SUCCESS */
    0xC0000001, /* UNSUCCESSFUL */
#define X(name, value) value,
    VPCI_NTSTATUS_LIST(X)
#undef X
        0x40000000,
    0x80000005,
    0xFFFFFFFF,
};
static const uint32_t codes[] = { 0,
                                  VPCI_IOCTL_READ_BLOCK + 4,
                                  VPCI_IOCTL_READ_BLOCK & ~3u,
                                  VPCI_IOCTL_WRITE_BLOCK & ~3u,
                                  VPCI_IOCTL_INVALIDATE_BLOCK & ~3u,
                                  VPCI_IOCTL_READ_BLOCK ^ 0x00010000u,
                                  VPCI_IOCTL_INVALIDATE_BLOCK,
                                  VPCI_IOCTL_READ_BLOCK,
                                  VPCI_IOCTL_WRITE_BLOCK,
                                  0xFFFFFFFF };

enum { NATURAL = 0, PLUS = 1, FIXED = 2 };
static const struct {
    uint8_t how;
    uint32_t value;
} claims[] = { { NATURAL, 0 },
               { PLUS, UINT32_MAX },
               { PLUS, 1 },
               { FIXED, 0 },
               { FIXED, 1 },
               { FIXED, 4 },
               { FIXED, 7 },
               { FIXED, 8 },
               { FIXED, 9 },
               { FIXED, 11 },
               { FIXED, 12 },
               { FIXED, 13 },
               { FIXED, 16 },
               { FIXED, 128 },
               { FIXED, 136 },
               { PLUS, 2 },
               { PLUS, 4 },
               { PLUS, 8 },
               { PLUS, UINT32_MAX - 1 },
               { FIXED, 512 },
               { FIXED, 65535 },
               { FIXED, 0x80000000u },
               { FIXED, UINT32_MAX } };

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
enum { PLAIN_BLOCKS = 64, PLAIN_LENGTHS = 200, SIMPLE_LENGTH = 8 };

static uint32_t length_of(uint8_t byte)
{
    if (byte == 0)
        return SIMPLE_LENGTH;
    return byte <= PLAIN_LENGTHS ? byte : lengths[(byte - PLAIN_LENGTHS - 1u) % COUNT(lengths)];
}

static uint32_t block_of(uint8_t byte)
{
    return byte <= PLAIN_BLOCKS                   ? byte - 1u
           : byte <= PLAIN_BLOCKS + COUNT(blocks) ? blocks[byte - PLAIN_BLOCKS - 1u]
                                                  : byte % 4u;
}

static uint32_t claim_of(uint8_t byte, uint32_t natural)
{
    const size_t index = byte % COUNT(claims);
    return claims[index].how == FIXED ? claims[index].value : natural + claims[index].value;
}

uint32_t vpci_value(enum vpci_value_table table, uint8_t byte, uint32_t natural)
{
    switch (table) {
    case VALUE_BLOCK:
        return block_of(byte);
    case VALUE_LENGTH:
        return length_of(byte);
    case VALUE_STATUS:
        return statuses[byte % COUNT(statuses)];
    case VALUE_FOUND_STATUS:
        return byte == 0 ? VPCI_STATUS_NOT_SUPPORTED : statuses[(byte - 1u) % COUNT(statuses)];
    case VALUE_INPUT:
    case VALUE_OUTPUT:
        return claim_of(byte, natural);
    case VALUE_CODE:
        return codes[byte % COUNT(codes)];
    }
    return 0;
}

enum vpci_record vpci_record_of(uint8_t byte)
{
    static const uint8_t more[] = {
#define X(name, count) count,
        VPCI_RECORDS(X)
#undef X
    };
    if (byte < RECORD_COUNT)
        return (enum vpci_record)byte;
    uint32_t rest = 0;
    for (size_t i = 0; i < COUNT(more); i++)
        rest += more[i];
    uint32_t at = (byte - (uint32_t)RECORD_COUNT) % rest;
    size_t record = 0;
    while (at >= more[record])
        at -= more[record++];
    return (enum vpci_record)record;
}
