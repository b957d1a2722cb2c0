/* SPDX-License-Identifier: MIT */
/* fuzzers/step_codec.h - one record at a time: what decoder and encoder share. The encoder decodes what it
 * writes, so the two cannot drift apart. Private to fuzzers/. */
#ifndef VPCI_STEP_CODEC_H
#define VPCI_STEP_CODEC_H

#include "fuzzers/record.h"
#include "harness/script.h"

enum { CODEC_SETTINGS_MAX = 24 };

/* What SET and BYTES records have prepared for the next event. */
struct vpci_prepared {
    struct {
        uint8_t target; /* enum vpci_field or enum vpci_setting */
        uint64_t value;
    } settings[CODEC_SETTINGS_MAX];
    uint32_t setting_count;
    uint8_t bytes[VPCI_EVENT_DATA_BYTES_MAX];
    uint32_t byte_count;
    bool has_bytes;
};

/* Where the decoding stands. */
struct vpci_codec {
    struct vpci_script *script;
    uint16_t vf;                        /* of the latest event: what 0 means */
    uint32_t block;                     /* likewise */
    uint32_t begun;                     /* requests with a number of ours so far */
    uint32_t ioctls[VPCI_REQUESTS_MAX]; /* numbers of the latest IOCTLs, a ring */
    uint32_t ioctl_count;
    struct vpci_prepared prepared;
};

void vpci_codec_start(struct vpci_codec *codec, struct vpci_script *script);

/* Reads the first record. */
void vpci_codec_device(struct vpci_codec *codec, const uint8_t record[VPCI_RECORD_BYTES]);

/* Reads any further record. False when the script is full. */
bool vpci_codec_record(struct vpci_codec *codec, const uint8_t record[VPCI_RECORD_BYTES]);

/* The tables of boundary values, by what a byte means there. */
enum vpci_value_table {
    VALUE_BLOCK,
    VALUE_LENGTH,
    VALUE_STATUS,
    VALUE_FOUND_STATUS,
    VALUE_INPUT,
    VALUE_OUTPUT,
    VALUE_CODE
};

/* The number that a byte stands for. VALUE_BLOCK: not for 0, which means the latest block. INPUT and OUTPUT:
 * natural is the length that the request needs. */
uint32_t vpci_value(enum vpci_value_table table, uint8_t byte, uint32_t natural);

/* What byte 0 stands for. */
enum vpci_record vpci_record_of(uint8_t byte);

#endif
