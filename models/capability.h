/* SPDX-License-Identifier: MIT */
/* models/capability.h - what an implementation may claim to support: the vocabulary of the PICS.
 * One table; the enum, the JSON names and the texts of `list capabilities` come from it.
 * A scenario that needs a capability which is not claimed is "not applicable"; one that is claimed is held to
 * it. */
#ifndef VPCI_CAPABILITY_H
#define VPCI_CAPABILITY_H

#include <stdint.h>

#define VPCI_CAPABILITIES(X)                                                                             \
    /* surfaces */                                                                                       \
    X(QUERY_INTERFACE, "query_interface", "answers IRP_MN_QUERY_INTERFACE and counts references")        \
    X(DIRECT, "direct", "ReadVfConfigBlock and WriteVfConfigBlock")                                      \
    X(IOCTL, "ioctl", "IOCTL_VPCI_READ_BLOCK and IOCTL_VPCI_WRITE_BLOCK")                                \
    X(INVALIDATE, "invalidate", "IOCTL_VPCI_INVALIDATE_BLOCK")                                           \
    /* stimuli that the seam can carry */                                                                \
    X(START, "start", "a VF can be used before it is started")                                           \
    X(CANCEL, "cancel", "IoCancelIrp on an outstanding IOCTL")                                           \
    X(REMOVE, "remove", "surprise removal of a VF")                                                      \
    X(RESET, "reset", "function-level reset of a VF")                                                    \
    X(LOW_RESOURCES, "low_resources", "the next allocations can be made to fail")                        \
    X(INPUT_CHANGE, "input_change", "the caller's input can change while a request is pending")          \
    X(REENTRANT, "reentrant", "a completion routine may send the next request from where it runs")       \
    X(FOREIGN_CONTEXT, "foreign_context", "a direct call can carry the Context of another VF")           \
    /* observations that the seam can make */                                                            \
    X(PF_COUNT, "pf_count", "the PF reports how many bytes it moved, so short reads and writes exist")   \
    X(IRQL, "irql", "events carry the IRQL")                                                             \
    X(PENDING_MARK, "pending_mark", "events say whether the IRP was marked pending")                     \
    X(STATUS_BLOCK, "status_block", "the caller's IO_STATUS_BLOCK and event are modelled")               \
    X(REFERENCE_COUNT, "reference_count", "the reference count of the interface is reported")            \
    X(SHARED_MEMORY, "shared_memory", "caller buffers are the kit's own memory, between guard pages")    \
    /* about the PF driver inside a stack */                                                             \
    X(REGISTER_BLOCKS, "register_blocks",                                                                \
      "the PF keeps 128-byte blocks, first all zero; a read returns what the last write of that length " \
      "left")                                                                                            \
    X(PF_CONTROL, "pf_control",                                                                          \
      "the kit can make the PF driver raise a notification; it raises none itself")                      \
    /* how the seam works */                                                                             \
    X(SETTLE, "settle", "answers a fence once it has nothing more to say")                               \
    X(BLOCKING, "blocking", "direct calls block and PF callbacks are upcalls on the caller's stack")     \
    X(INSTRUMENTED, "instrumented", "built with coverage instrumentation")

enum vpci_capability {
#define X(name, json, text) VPCI_CAPABILITY_##name,
    VPCI_CAPABILITIES(X)
#undef X
        VPCI_CAPABILITY_COUNT
};

/* A set of capabilities: bit VPCI_CAPABILITY_x. */
typedef uint32_t vpci_capability_set;
#define VPCI_CAPABILITY_BIT(name) ((vpci_capability_set)1 << VPCI_CAPABILITY_##name)

struct vpci_capability_info {
    const char *name; /* JSON name */
    const char *text;
};
extern const struct vpci_capability_info vpci_capability_info[VPCI_CAPABILITY_COUNT];

/* The parts of the row that the implementation under test may cover. */
#define VPCI_ROLES(X)                                                                 \
    X(BUS, "bus", VPCI_PARTY_BIT(VSC) | VPCI_PARTY_BIT(VSP))                          \
    X(STACK, "stack", VPCI_PARTY_BIT(VSC) | VPCI_PARTY_BIT(VSP) | VPCI_PARTY_BIT(PF)) \
    X(PF, "pf", VPCI_PARTY_BIT(PF))                                                   \
    X(CLIENT, "client", VPCI_PARTY_BIT(CLIENT))                                       \
    X(VSC, "vsc", VPCI_PARTY_BIT(VSC))                                                \
    X(VSP, "vsp", VPCI_PARTY_BIT(VSP))

enum vpci_role {
#define X(name, json, parties) VPCI_ROLE_##name,
    VPCI_ROLES(X)
#undef X
        VPCI_ROLE_COUNT
};

struct vpci_role_info {
    const char *name;
    uint32_t parties; /* bit VPCI_PARTY_x: who is inside the implementation */
};
extern const struct vpci_role_info vpci_role_info[VPCI_ROLE_COUNT];

#endif
