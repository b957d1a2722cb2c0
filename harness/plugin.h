/* SPDX-License-Identifier: MIT */
/* harness/plugin.h - the in-process seam: what a shared object exports to be tested by vpci-conform.
 *
 * This header and models/{protocol,event,capability}.h are all that an adapter includes. An adapter exports
 * one function, vpci_plugin_entry, which returns a static table. Two styles:
 *
 *   event-driven  everything happens inside submit() and run(): the implementation reports what it does by
 * calling host->observe(), from inside those two calls and never later. blocking      the kit calls the
 * implementation's own entry points, each on a thread of the kit; direct calls return when they are done and
 * PF callbacks are calls of the host table on the same stack.
 *
 * Memory. Buffers of callers belong to the kit and end at a guard page. Output buffers hold VPCI_FILL_BYTE
 * before the request. What the implementation may touch is exactly what the protocol lets a driver touch,
 * until it completes the request. The kit reads results out of those buffers: an adapter puts no data into a
 * read_return. */
#ifndef VPCI_PLUGIN_H
#define VPCI_PLUGIN_H

#include "models/event.h"

enum { VPCI_PLUGIN_ABI = 1 }; /* changes whenever a table below or struct vpci_event does */

/* The caller's memory of one request. Valid from submit() until the request is over. */
struct vpci_memory {
    /* write: Buffer, length bytes, read-only by contract. ioctl: Type3InputBuffer, input_length bytes (never
     * more than VPCI_EVENT_DATA_BYTES_MAX are mapped, whatever input_length says); for INVALIDATE it is the
     * output structure. */
    uint8_t *input;
    /* read: Buffer. ioctl: UserBuffer. query_interface: the structure to fill, size bytes. May be NULL. */
    uint8_t *output;
    /* ioctl: UserIosb and UserEvent. Used by an implementation that claims status_block, which writes output,
     * then *status_block, then reports user_event_signal. event is NULL when the caller supplied none. */
    struct vpci_io_status_block *status_block;
};

/* One scenario's device. */
struct vpci_device {
    enum vpci_role role;
    uint16_t vf_count; /* VFs 0...vf_count-1, exposed; VfIndex at the PF is the same number */
    const char
        *scenario; /* its name, borrowed for the duration of open(); expected outcomes are never told */
    uint64_t seed; /* for implementations that make random choices: the only source of randomness */
};

/* What the kit gives an event-driven implementation. */
struct vpci_event_host {
    void *kit; /* first argument of observe */
    /* Reports an event of the implementation. The kit copies what it needs before returning. For a request
     * whose memory is the kit's, data and mask are left out. The kit may call submit() again from inside (a
     * completion routine that sends the next request) only if the implementation claims "reentrant". */
    void (*observe)(void *kit, const struct vpci_event *event);
};

struct vpci_event_driven {
    /* Makes a device for one scenario. Returns NULL when it cannot (the case is then an error, not a
     * verdict). */
    void *(*open)(const struct vpci_event_host *host, const struct vpci_device *device);
    /* Delivers one event of a party that the kit plays. memory is NULL for events without caller buffers.
     * Event and event->data are borrowed during the call. */
    void (*submit)(void *iut, const struct vpci_event *event, const struct vpci_memory *memory);
    /* Does all deferred work until nothing is left to do without a further event. May be NULL. */
    void (*run)(void *iut);
    /* Ends the device and frees everything. Outstanding requests are dropped silently. */
    void (*close)(void *iut);
};

/* An IOCTL as the blocking style sees it: the parts of IRP and IO_STACK_LOCATION that the protocol names.
 * Owned by the kit, valid until completed. */
struct vpci_irp {
    uint32_t request;
    uint16_t vf;
    uint8_t major;
    bool user_event; /* UserEvent is not NULL */
    uint32_t code;
    uint32_t input_length, output_length; /* bytes */
    uint8_t *type3_input_buffer;
    uint8_t *user_buffer;
    struct vpci_io_status_block
        io_status;        /* the implementation stores the final values here, then calls complete */
    bool marked;          /* IoMarkIrpPending */
    void *implementation; /* free for the implementation's own use */
};

/* What the kit gives a blocking implementation. All callable from any thread that the kit entered with. */
struct vpci_blocking_host {
    void *kit;
    /* PF callbacks. They block until the PF answers. *moved_out (may be NULL) is the bytes moved, at most
     * length. */
    vpci_ntstatus (*pf_read)(void *kit, uint16_t vf, uint32_t block, void *buffer, uint32_t length,
                             uint32_t *moved_out);
    vpci_ntstatus (*pf_write)(void *kit, uint16_t vf, uint32_t block, const void *buffer, uint32_t length,
                              uint32_t *moved_out);
    void (*pf_reset)(void *kit, uint16_t vf);
    /* IoCompleteRequest: after this call the IRP and its buffers must not be touched. */
    void (*complete)(void *kit, struct vpci_irp *irp);
};

struct vpci_blocking {
    void *(*open)(const struct vpci_blocking_host *host, const struct vpci_device *device);
    vpci_ntstatus (*start)(void *iut, uint16_t vf);
    vpci_ntstatus (*query_interface)(void *iut, uint16_t vf, const struct vpci_guid *guid, uint16_t size,
                                     uint16_t version, vpci_ntstatus status_found,
                                     struct vpci_interface_standard *to, uint64_t *information_out);
    void (*reference)(void *iut, uint16_t vf);
    void (*dereference)(void *iut, uint16_t vf);
    /* context_vf is the VF whose Context the caller passed. */
    vpci_ntstatus (*read_block)(void *iut, uint16_t context_vf, uint32_t block, void *buffer,
                                uint32_t length);
    vpci_ntstatus (*write_block)(void *iut, uint16_t context_vf, uint32_t block, const void *buffer,
                                 uint32_t length);
    /* Dispatch routine. Returns PENDING, or the status it completed the IRP with. */
    vpci_ntstatus (*device_control)(void *iut, struct vpci_irp *irp);
    void (*cancel)(void *iut, struct vpci_irp *irp);
    vpci_ntstatus (*surprise_remove)(void *iut, uint16_t vf);
    vpci_ntstatus (*reset)(void *iut, uint16_t vf);
    /* The PF completed its IOCTL_SRIOV_INVALIDATE_BLOCK with this VfIndex and BlockMask. */
    void (*pf_invalidate)(void *iut, uint16_t vf, uint64_t mask);
    void (*close)(void *iut);
};

struct vpci_plugin {
    uint32_t abi;         /* VPCI_PLUGIN_ABI */
    uint32_t table_bytes; /* sizeof(struct vpci_plugin) */
    const char *name;     /* of the implementation, for reports */
    const char *version;
    uint32_t roles;                   /* bit VPCI_ROLE_x */
    vpci_capability_set capabilities; /* the PICS; SHARED_MEMORY and SETTLE are implied and need not be set */
    const struct vpci_event_driven *event_driven; /* exactly one of the two is not NULL */
    const struct vpci_blocking *blocking;
};

/* The one symbol an adapter exports. */
#define VPCI_PLUGIN_ENTRY "vpci_plugin_entry"
#if defined(__GNUC__)
#define VPCI_EXPORT __attribute__((visibility("default")))
#else
#define VPCI_EXPORT
#endif
VPCI_EXPORT const struct vpci_plugin *vpci_plugin_entry(void);

#endif
