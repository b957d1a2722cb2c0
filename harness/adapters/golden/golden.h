/* SPDX-License-Identifier: MIT */
/* harness/adapters/golden/golden.h - a correct VPCI bus, event-driven, written from the protocol and apart
 * from the judge.
 *
 * It bends in two ways, so that a variant or a liar is one small file: options use a freedom that the
 * ambiguity register grants (zero is golden's own choice everywhere), hooks replace one decision (NULL is
 * golden's own). */
#ifndef VPCI_GOLDEN_H
#define VPCI_GOLDEN_H

#include "harness/plugin.h"

enum {
    GOLDEN_CAPTURE_BYTES =
        256, /* room for a write's data; more than the protocol needs, because liars accept more */
    GOLDEN_SCRATCH_WORDS = 40,
};

enum golden_kind { GOLDEN_UNKNOWN, GOLDEN_READ, GOLDEN_WRITE, GOLDEN_INVALIDATE };

/* Where an open request stands. Each place but ANSWERED has a list that names the request. */
enum golden_place {
    GOLDEN_ANSWERED, /* in the hands of the code that runs */
    GOLDEN_WAITING,  /* for a free PF call */
    GOLDEN_AT_PF,
    GOLDEN_HELD,   /* an INVALIDATE without news */
    GOLDEN_ENDING, /* decided, completed by the next run() */
};

/* A call, or an IRP as far as the protocol names its parts. */
struct golden_request {
    enum golden_kind kind;
    enum golden_place place; /* meaningful while the request is open */
    bool direct;             /* a call, not an IOCTL */
    bool marked;             /* pending */
    bool user_event;
    bool low; /* taken up while extra allocations failed */
    uint8_t number;
    uint8_t irql;
    uint16_t vf;
    uint8_t call_slot; /* AT_PF: index into calls */
    uint32_t block, length;
    uint32_t input_length, output_length; /* bytes, as the caller claims */
    uint64_t birth;                       /* tells users of one number apart */
    vpci_ntstatus
        *dispatch_status; /* where the final status goes too, when completed in dispatch; else NULL */
    vpci_ntstatus status; /* ENDING: how */
    uint64_t information;
    struct vpci_memory memory;
    uint8_t data[GOLDEN_CAPTURE_BYTES]; /* a write's, captured before PENDING is returned */
};

/* Request numbers, oldest first. */
struct golden_queue {
    uint8_t count;
    uint8_t numbers[VPCI_REQUESTS_MAX];
};

struct golden_vf {
    bool present, started;
    uint32_t references;
    uint32_t failing_allocations;
    uint32_t notifications; /* raised since the mask was last empty */
    uint64_t mask;          /* accumulated, not yet delivered */
    struct golden_queue held;
};

/* A PF callback in progress. It outlives its request when that is cancelled. */
struct golden_call {
    uint32_t number;
    uint8_t request;
    bool abandoned;
    bool writes;
};

/* Contents of the PF driver inside a stack; see pf_driver.c. */
struct golden_block {
    bool used;
    uint16_t vf;
    uint32_t id;
    uint8_t bytes[VPCI_BLOCK_BYTES_MAX];
};

struct golden_blocks {
    struct golden_block *slots; /* NULL until the first write */
    uint32_t slot_count, used_count;
};

struct golden {
    struct vpci_event_host host;
    enum vpci_role role;
    uint16_t vf_count;
    const struct golden_options *options;
    const struct golden_codes *codes;
    const struct golden_hooks *hooks; /* all members set */
    uint64_t open;                    /* bit n: request n */
    uint64_t calls_busy;              /* bit n: calls[n] */
    uint32_t call_serial;
    uint64_t births;   /* requests opened so far */
    uint64_t arrivals; /* events of the kit so far */
    struct golden_queue waiting, ending;
    struct golden_vf vfs[VPCI_VFS_MAX];
    struct golden_call calls[VPCI_CALLS_MAX];
    struct golden_blocks blocks;
    uint64_t scratch[GOLDEN_SCRATCH_WORDS]; /* zero at first, for hooks */
    struct golden_request requests[VPCI_REQUESTS_MAX];
};

/* The error codes that the sources leave to the implementation. */
struct golden_codes {
    vpci_ntstatus length;        /* 0, or more than 128 */
    vpci_ntstatus write_overrun; /* DataLength beyond the input */
    vpci_ntstatus short_mask;    /* INVALIDATE with less than 8 bytes */
    vpci_ntstatus busy;          /* a second INVALIDATE, where only one is held */
    vpci_ntstatus not_ready;     /* before start */
    vpci_ntstatus no_device;     /* after removal */
    vpci_ntstatus removed;       /* outstanding at removal */
    vpci_ntstatus reset;         /* outstanding at a reset */
    vpci_ntstatus unknown_code;  /* IoControlCode, or major function */
    vpci_ntstatus low_resources;
    vpci_ntstatus interface_size; /* of query-interface */
    vpci_ntstatus version;
    vpci_ntstatus pf_failure; /* SUCCESS: the PF's own code is passed on */
};

enum golden_zero_length { GOLDEN_ZERO_REFUSED, GOLDEN_ZERO_SUCCEEDS, GOLDEN_ZERO_REACHES_PF };

struct golden_options {
    vpci_capability_set unclaimed;    /* taken out of the PICS */
    const struct golden_codes *codes; /* NULL: golden's own */
    enum golden_zero_length zero_length;
    uint32_t pf_calls_max;       /* outstanding at once over all VFs; 0: VPCI_CALLS_MAX */
    uint32_t block_bytes;        /* size of a block of the PF inside a stack; 0: 128 */
    bool pend_rejections;        /* a malformed IOCTL is marked pending before it fails */
    bool complete_from_run;      /* nothing but an inline rejection ends before run() */
    bool work_from_run;          /* PF calls and notifications start in run() */
    bool newest_first;           /* completes the newest first, of what may complete */
    bool complete_inline;        /* completes in dispatch whatever can be */
    bool notify_all_held;        /* every held INVALIDATE gets the mask (A-23 b) */
    bool hold_one;               /* a second INVALIDATE is refused (A-23 c) */
    bool split_notifications;    /* one bit a completion while there were more events than completions */
    bool zero_rest;              /* of the buffer, after a short read */
    bool transfers_finish;       /* READ and WRITE are not cancellable */
    bool write_input_whole;      /* WRITE needs sizeof(VPCI_WRITE_BLOCK_INPUT), not 8 bytes */
    bool exact_lengths;          /* longer buffers than needed are refused */
    bool refuse_device_control;  /* only the internal major function */
    bool refuse_small_interface; /* instead of a truncated fill */
    bool refuse_foreign_context; /* a Context of another VF (DC-13) */
    bool refuse_when_low;        /* on resources */
    bool reset_drops_mask;       /* */
    bool reset_fails_held;       /* */
    bool reset_spares_transfers; /* they end when the PF answers */
};

/* Decisions, each replaceable. golden's own are the functions golden_NAME below, for a hook to fall back on.
 */
struct golden_hooks {
    /* Takes an event of the kit; golden_incoming() is the whole of golden. */
    void (*incoming)(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory);
    /* Takes an event on its way to the kit; golden_outgoing() sends it. The event may be changed. */
    void (*outgoing)(struct golden *golden, struct vpci_event *event);
    /* SUCCESS when a transfer may be as long as it wants to be. */
    vpci_ntstatus (*check_length)(struct golden *golden, struct golden_request *request);
    /* True when an IOCTL's buffers, as claimed, hold what it asks for. block and length are parsed already.
     */
    bool (*fits)(const struct golden *golden, const struct golden_request *request);
    /* Copies the caller's bytes into request->data. */
    void (*capture)(const struct golden *golden, struct golden_request *request, const uint8_t *bytes);
    /* Copies count (at most request->length) bytes of the PF into the caller's buffer. */
    void (*deliver)(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count);
    /* What the caller is told when the PF said status. */
    vpci_ntstatus (*pf_status)(const struct golden *golden, const struct golden_request *request,
                               vpci_ntstatus status);
    /* Information of an IOCTL that moved count bytes successfully. */
    uint64_t (*information)(const struct golden *golden, const struct golden_request *request,
                            uint32_t count);
    /* Calls the PF for a transfer whose turn it is. */
    void (*ask_pf)(struct golden *golden, struct golden_request *request);
    /* What has accumulated once raised is added. */
    uint64_t (*merge_mask)(const struct golden *golden, uint64_t accumulated, uint64_t raised);
    /* The mask for the next completion, taken out of what accumulated; not 0 unless that is. */
    uint64_t (*take_mask)(const struct golden *golden, struct golden_vf *vf);
    /* Stores a mask in the structure of an INVALIDATE. */
    void (*store_mask)(const struct golden *golden, struct golden_request *request, uint64_t mask);
    /* Fills in the interface of a VF for a caller that asked for version. */
    void (*describe)(struct golden *golden, uint16_t vf, uint16_t version,
                     struct vpci_interface_standard *interface);
};

void golden_incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory);
void golden_outgoing(struct golden *golden, struct vpci_event *event);
vpci_ntstatus golden_check_length(struct golden *golden, struct golden_request *request);
bool golden_fits(const struct golden *golden, const struct golden_request *request);
void golden_capture(const struct golden *golden, struct golden_request *request, const uint8_t *bytes);
void golden_deliver(struct golden *golden, struct golden_request *request, const uint8_t *bytes,
                    uint32_t count);
vpci_ntstatus golden_pf_status(const struct golden *golden, const struct golden_request *request,
                               vpci_ntstatus status);
uint64_t golden_information(const struct golden *golden, const struct golden_request *request,
                            uint32_t count);
void golden_ask_pf(struct golden *golden, struct golden_request *request);
uint64_t golden_merge_mask(const struct golden *golden, uint64_t accumulated, uint64_t raised);
uint64_t golden_take_mask(const struct golden *golden, struct golden_vf *vf);
void golden_store_mask(const struct golden *golden, struct golden_request *request, uint64_t mask);
void golden_describe(struct golden *golden, uint16_t vf, uint16_t version,
                     struct vpci_interface_standard *interface);

/* The plug-in's table for these options and hooks; either may be NULL. One per shared object. */
const struct vpci_plugin *golden_entry(const char *name, const struct golden_options *options,
                                       const struct golden_hooks *hooks);

/* All that a variant or a liar says after its tables. */
#define GOLDEN_ENTRY(name, options, hooks)            \
    const struct vpci_plugin *vpci_plugin_entry(void) \
    {                                                 \
        return golden_entry(name, options, hooks);    \
    }

/* The request of that number, as it is or was last. number: 0...VPCI_REQUESTS_MAX-1. */
struct golden_request *golden_request_of(struct golden *golden, uint32_t number);
bool golden_is_open(const struct golden *golden, uint32_t number);
/* Takes an open request out of all books without ending it. */
void golden_forget(struct golden *golden, struct golden_request *request);

#endif
