/* SPDX-License-Identifier: MIT */
/* fuzzers/record.h - the language of the fuzzers' inputs. An input is a row of records of eight bytes: the
 * first describes the device, each further one is an event, or prepares the next one. Every byte string is a
 * legal input, a shorter one ends in zeros; smaller bytes mean simpler events, and a record of zeros is a
 * read of eight bytes.
 *
 *   byte 0      1            2        3         4                 5        6         7
 *        what   VF, context  block    length    request or which  flags    detail    more detail
 *
 * Values are indices into tables of boundary values; what the tables lack is set by a SET record in front. */
#ifndef VPCI_RECORD_H
#define VPCI_RECORD_H

#include "models/event.h"

enum {
    VPCI_RECORD_BYTES = 8,
    VPCI_RECORD_SET_BYTES = 6,     /* that one SET or BYTES record carries */
    VPCI_REPEATED_STEPS_MAX = 320, /* ours: REPEAT adds none beyond; costly inputs starve the cheap ones */
    VPCI_REPEAT_SPAN_MAX = 8,      /* steps that one REPEAT repeats */
};

enum vpci_record_byte {
    RECORD_WHAT,
    RECORD_VF,
    RECORD_BLOCK,
    RECORD_LENGTH,
    RECORD_WHICH,
    RECORD_FLAGS,
    RECORD_X,
    RECORD_Y
};

/* What a record is, simplest first; and how many of the values of byte 0 that are left over it gets besides
 * its own. */
#define VPCI_RECORDS(X) \
    X(READ, 1)          \
    X(WRITE, 1)         \
    X(IOCTL_READ, 1)    \
    X(IOCTL_WRITE, 1)   \
    X(INVALIDATE, 1)    \
    X(ANSWER, 3)        \
    X(NOTIFY, 1)        \
    X(CANCEL, 1)        \
    X(RESET, 0)         \
    X(REMOVE, 0)        \
    X(START, 0)         \
    X(QUERY, 0)         \
    X(REFERENCE, 0)     \
    X(DEREFERENCE, 0)   \
    X(LOW_RESOURCES, 0) \
    X(INPUT_CHANGE, 0)  \
    X(IOCTL_OTHER, 0)   \
    X(LATE_READ, 0)     \
    X(LATE_WRITE, 0)    \
    X(REPEAT, 0)        \
    X(SET, 0)           \
    X(BYTES, 0)

enum vpci_record {
#define X(name, more) RECORD_##name,
    VPCI_RECORDS(X)
#undef X
        RECORD_COUNT
};

/* Flags of byte 5. */
enum {
    RECORD_GOES_ON = 1,      /* does not wait for rest */
    RECORD_NO_EVENT = 2,     /* the caller supplies no event */
    RECORD_INSIDE = 4,       /* sent from inside the completion of the request that detail refers to */
    RECORD_SOURCE = 24,      /* of data: unique, zeros, ones, fill */
    RECORD_RAISED = 32,      /* at DISPATCH_LEVEL */
    RECORD_PLAIN_MAJOR = 64, /* the other major function */
};

/* The first record: the device. */
enum vpci_device_byte { DEVICE_VFS, DEVICE_FLAGS, DEVICE_STATUS, DEVICE_COUNT, DEVICE_SOURCE };
enum { DEVICE_HOLDS = 1, DEVICE_STARTED_BY_HAND = 2 };

/* What a SET record sets besides a field of the event. */
enum vpci_setting {
    SETTING_MASK_HIGH = 64, /* bits 48...63 of the mask */
    SETTING_INSIDE,         /* request number */
    SETTING_NTH,
    SETTING_COUNT,
    SETTING_STATUS, /* of an answer */
    SETTING_SOURCE,
    SETTING_DATA_FROM,
    SETTING_WITHOUT, /* a field that the event shall not have */
    SETTING_DEVICE_STATUS,
    SETTING_DEVICE_COUNT,
};

#endif
