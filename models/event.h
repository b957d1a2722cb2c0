/* SPDX-License-Identifier: MIT */
/* models/event.h - the one vocabulary of the project.
 *
 * An event is one crossing of one interface in one direction. A scenario step, a line on an adapter's
 * channel, a line of a trace and a row of a report are all a struct vpci_event; there is no second form.
 * Kinds and fields are two tables; enums, JSON names and the codec come from them. */
#ifndef VPCI_EVENT_H
#define VPCI_EVENT_H

#include "models/capability.h"
#include "models/protocol.h"

/* Who stands in the row, from the guest's driver to the host's. KIT is the tester itself, which also
 * observes. */
enum vpci_party {
    VPCI_PARTY_CLIENT, /* VF driver and the guest's plug-and-play manager */
    VPCI_PARTY_VSC,    /* VPCI bus, guest half */
    VPCI_PARTY_VSP,    /* VPCI bus, host half */
    VPCI_PARTY_PF,     /* PF driver */
    VPCI_PARTY_KIT,
};
#define VPCI_PARTY_BIT(name) (1u << VPCI_PARTY_##name)

enum vpci_interface { VPCI_INTERFACE_DDI, VPCI_INTERFACE_WIRE, VPCI_INTERFACE_PF, VPCI_INTERFACE_NONE };

/* Fields: name, JSON name, C type of the codec, member. Types: U8 U16 U32 U64 HEX32 HEX64 STATUS BOOL BYTES
 * GUID. */
#define VPCI_FIELDS(X)                                    \
    X(VF, "vf", U16, vf)                                  \
    X(REQUEST, "request", U32, request)                   \
    X(CALL, "call", U32, call)                            \
    X(CONTEXT_VF, "context_vf", U16, context_vf)          \
    X(BLOCK, "block", U32, block)                         \
    X(LENGTH, "length", U32, length)                      \
    X(CODE, "code", HEX32, code)                          \
    X(MAJOR, "major", U8, major)                          \
    X(INPUT_LENGTH, "input_length", U32, input_length)    \
    X(OUTPUT_LENGTH, "output_length", U32, output_length) \
    X(USER_EVENT, "user_event", BOOL, user_event)         \
    X(MARKED, "marked", BOOL, marked)                     \
    X(IRQL, "irql", U8, irql)                             \
    X(GUID, "guid", GUID, guid)                           \
    X(SIZE, "size", U16, size)                            \
    X(VERSION, "version", U16, version)                   \
    X(REFERENCES, "references", U32, references)          \
    X(STATUS, "status", STATUS, status)                   \
    X(INFORMATION, "information", U64, information)       \
    X(MASK, "mask", HEX64, mask)                          \
    X(OFFSET, "offset", U32, offset)                      \
    X(SIGNAL, "signal", U32, signal)                      \
    X(DATA, "data", BYTES, data)

enum vpci_field {
#define X(name, json, type, member) VPCI_FIELD_##name,
    VPCI_FIELDS(X)
#undef X
        VPCI_FIELD_COUNT
};
#define VPCI_F(name) (1u << VPCI_FIELD_##name)

/* Kinds: name, JSON name, sender, interface, capability it needs (or NONE), required fields, optional fields.
 * The sender of what the bus says at the ddi is its guest half, at the pf its host half. */
#define VPCI_EVENTS(X)                                                                                      \
    /* ddi: a VF's life */                                                                                  \
    X(START, "start", CLIENT, DDI, NONE, VPCI_F(VF), 0)                                                     \
    X(START_RETURN, "start_return", VSC, DDI, NONE, VPCI_F(VF) | VPCI_F(STATUS), 0)                         \
    X(REMOVE, "surprise_remove", CLIENT, DDI, REMOVE, VPCI_F(VF), 0)                                        \
    X(REMOVE_RETURN, "surprise_remove_return", VSC, DDI, NONE, VPCI_F(VF) | VPCI_F(STATUS), 0)              \
    X(RESET, "reset", CLIENT, DDI, RESET, VPCI_F(VF), 0)                                                    \
    X(RESET_RETURN, "reset_return", VSC, DDI, NONE, VPCI_F(VF) | VPCI_F(STATUS), 0)                         \
    X(LOW_RESOURCES, "low_resources", CLIENT, DDI, LOW_RESOURCES, VPCI_F(VF) | VPCI_F(LENGTH), 0)           \
    /* ddi: the interface */                                                                                \
    X(QUERY_INTERFACE, "query_interface", CLIENT, DDI, QUERY_INTERFACE,                                     \
      VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(GUID) | VPCI_F(SIZE) | VPCI_F(VERSION), VPCI_F(STATUS))         \
    X(QUERY_INTERFACE_RETURN, "query_interface_return", VSC, DDI, NONE,                                     \
      VPCI_F(REQUEST) | VPCI_F(STATUS) | VPCI_F(INFORMATION), VPCI_F(DATA) | VPCI_F(REFERENCES))            \
    X(REFERENCE, "reference", CLIENT, DDI, QUERY_INTERFACE, VPCI_F(VF), 0)                                  \
    X(DEREFERENCE, "dereference", CLIENT, DDI, QUERY_INTERFACE, VPCI_F(VF), 0)                              \
    X(REFERENCES, "references", VSC, DDI, NONE, VPCI_F(VF) | VPCI_F(REFERENCES), 0)                         \
    /* ddi: direct calls */                                                                                 \
    X(READ, "read", CLIENT, DDI, DIRECT, VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(BLOCK) | VPCI_F(LENGTH),     \
      VPCI_F(CONTEXT_VF) | VPCI_F(IRQL))                                                                    \
    X(READ_RETURN, "read_return", VSC, DDI, NONE, VPCI_F(REQUEST) | VPCI_F(STATUS),                         \
      VPCI_F(DATA) | VPCI_F(IRQL))                                                                          \
    X(WRITE, "write", CLIENT, DDI, DIRECT,                                                                  \
      VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(BLOCK) | VPCI_F(LENGTH) | VPCI_F(DATA),                         \
      VPCI_F(CONTEXT_VF) | VPCI_F(IRQL))                                                                    \
    X(WRITE_RETURN, "write_return", VSC, DDI, NONE, VPCI_F(REQUEST) | VPCI_F(STATUS), VPCI_F(IRQL))         \
    /* ddi: IOCTLs */                                                                                       \
    X(IOCTL, "ioctl", CLIENT, DDI, NONE,                                                                    \
      VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(CODE) | VPCI_F(INPUT_LENGTH) | VPCI_F(OUTPUT_LENGTH) |          \
          VPCI_F(DATA),                                                                                     \
      VPCI_F(MAJOR) | VPCI_F(USER_EVENT) | VPCI_F(IRQL))                                                    \
    X(IOCTL_RETURN, "ioctl_return", VSC, DDI, NONE, VPCI_F(REQUEST) | VPCI_F(STATUS),                       \
      VPCI_F(MARKED) | VPCI_F(IRQL))                                                                        \
    X(IOCTL_COMPLETE, "ioctl_complete", VSC, DDI, NONE,                                                     \
      VPCI_F(REQUEST) | VPCI_F(STATUS) | VPCI_F(INFORMATION), VPCI_F(DATA) | VPCI_F(MASK) | VPCI_F(MARKED)) \
    X(USER_EVENT_SIGNAL, "user_event_signal", VSC, DDI, NONE,                                               \
      VPCI_F(REQUEST) | VPCI_F(STATUS) | VPCI_F(INFORMATION), VPCI_F(DATA) | VPCI_F(MASK))                  \
    X(CANCEL, "cancel", CLIENT, DDI, CANCEL, VPCI_F(REQUEST), 0)                                            \
    X(INPUT_CHANGE, "input_change", CLIENT, DDI, INPUT_CHANGE, VPCI_F(REQUEST) | VPCI_F(DATA), 0)           \
    /* pf */                                                                                                \
    X(PF_READ, "pf_read", VSP, PF, NONE, VPCI_F(CALL) | VPCI_F(VF) | VPCI_F(BLOCK) | VPCI_F(LENGTH),        \
      VPCI_F(IRQL))                                                                                         \
    X(PF_READ_RETURN, "pf_read_return", PF, PF, NONE, VPCI_F(CALL) | VPCI_F(STATUS), VPCI_F(DATA))          \
    X(PF_WRITE, "pf_write", VSP, PF, NONE,                                                                  \
      VPCI_F(CALL) | VPCI_F(VF) | VPCI_F(BLOCK) | VPCI_F(LENGTH) | VPCI_F(DATA), VPCI_F(IRQL))              \
    X(PF_WRITE_RETURN, "pf_write_return", PF, PF, NONE, VPCI_F(CALL) | VPCI_F(STATUS), VPCI_F(LENGTH))      \
    X(PF_RESET, "pf_reset", VSP, PF, NONE, VPCI_F(VF), 0)                                                   \
    X(PF_INVALIDATE, "pf_invalidate", PF, PF, NONE, VPCI_F(VF) | VPCI_F(MASK), 0)                           \
    /* what the kit itself sees */                                                                          \
    X(REST, "rest", KIT, NONE, NONE, 0, 0)                                                                  \
    X(OVERRUN, "overrun", KIT, NONE, NONE, VPCI_F(REQUEST) | VPCI_F(OFFSET), 0)                             \
    X(INPUT_MODIFIED, "input_modified", KIT, NONE, NONE, VPCI_F(REQUEST) | VPCI_F(OFFSET), 0)               \
    X(LATE_WRITE, "late_write", KIT, NONE, NONE, VPCI_F(REQUEST) | VPCI_F(OFFSET), 0)                       \
    X(CRASH, "crash", KIT, NONE, NONE, 0, VPCI_F(SIGNAL))                                                   \
    X(EXIT, "exit", KIT, NONE, NONE, 0, VPCI_F(STATUS))                                                     \
    X(HANG, "hang", KIT, NONE, NONE, 0, 0)

enum vpci_event_kind {
#define X(name, json, sender, interface, needs, required, optional) VPCI_EVENT_##name,
    VPCI_EVENTS(X)
#undef X
        VPCI_EVENT_COUNT
};

struct vpci_event_info {
    const char *name; /* JSON name, the value of "event" */
    enum vpci_party sender;
    enum vpci_interface interface;
    vpci_capability_set
        needs; /* claimed by an implementation that is sent this event; more: vpci_event_needs */
    uint32_t required, optional; /* sets of VPCI_F(x) */
};
extern const struct vpci_event_info vpci_event_info[VPCI_EVENT_COUNT];

enum vpci_field_type {
    VPCI_TYPE_U8,
    VPCI_TYPE_U16,
    VPCI_TYPE_U32,
    VPCI_TYPE_U64,
    VPCI_TYPE_HEX32, /* printed in hexadecimal */
    VPCI_TYPE_HEX64,
    VPCI_TYPE_STATUS,
    VPCI_TYPE_BOOL,
    VPCI_TYPE_BYTES,
    VPCI_TYPE_GUID,
};

struct vpci_field_info {
    const char *name;
    enum vpci_field_type type;
    size_t offset; /* of the member in struct vpci_event */
};
extern const struct vpci_field_info vpci_field_info[VPCI_FIELD_COUNT];

enum {
    VPCI_VFS_MAX = 16,      /* ours: VFs of one scenario, indices 0...15 */
    VPCI_REQUESTS_MAX = 64, /* ours: request numbers are 0...63; a number may be used again once it is over */
    VPCI_CALLS_MAX = 64,    /* ours: PF calls outstanding at once */
    VPCI_EVENT_DATA_BYTES_MAX = 512, /* ours: most bytes one event carries */
    VPCI_FILL_BYTE = 0xC5,           /* what every output buffer holds before a request */
};

struct vpci_event {
    enum vpci_event_kind kind;
    uint32_t fields; /* which members below are meant: set of VPCI_F(x) */
    uint16_t vf;
    uint16_t context_vf; /* whose Context a direct call carries; vf when absent */
    uint32_t request;    /* the kit's number for a call, query or IOCTL */
    uint32_t call; /* the implementation's number for a PF callback, unique among the outstanding ones */
    uint32_t block;
    uint32_t length;                      /* bytes: Length of a direct call or PF callback */
    uint32_t code;                        /* IoControlCode */
    uint32_t input_length, output_length; /* bytes, as the stack location states them */
    uint32_t references;
    vpci_ntstatus status;   /* query_interface: the status found in the IRP, NOT_SUPPORTED when absent */
    uint32_t offset;        /* bytes from the start of the buffer concerned */
    uint32_t signal;        /* POSIX signal number */
    uint32_t data_length;   /* bytes at data; at most VPCI_EVENT_DATA_BYTES_MAX */
    uint16_t size, version; /* of the interface asked for */
    uint8_t major;          /* VPCI_MAJOR_INTERNAL when absent */
    uint8_t irql;
    bool user_event; /* an event was supplied; true when absent */
    bool marked;     /* IoMarkIrpPending had been called */
    uint64_t information;
    uint64_t mask;
    struct vpci_guid guid;
    /* Borrowed, valid during the call that carries the event. write: the bytes written. ioctl: what lies at
     * Type3InputBuffer. read_return, ioctl_complete, user_event_signal: what the caller's buffer holds, all
     * of it. query_interface_return: all of the requester's structure. pf_read_return: the PF's bytes. */
    const uint8_t *data;
};

/* The capabilities that an implementation of this role must claim before the kit may send it this event. */
vpci_capability_set vpci_event_needs(const struct vpci_event *event, enum vpci_role role);

/* Finds a kind by JSON name. False when there is none. */
bool vpci_event_kind_from_name(const char *name, enum vpci_event_kind *kind_out);

/* True when an implementation of this role sends the event itself; the kit sends or observes all others. */
bool vpci_event_is_from(enum vpci_event_kind kind, enum vpci_role role);

/* True when the event crosses an edge of (or is observed on) an implementation of this role. */
bool vpci_event_is_visible(enum vpci_event_kind kind, enum vpci_role role);

#endif
