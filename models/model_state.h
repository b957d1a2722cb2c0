/* SPDX-License-Identifier: MIT */
/* models/model_state.h - what the model remembers, and the small tools with which its rules are written.
 * Private to models/; everybody else sees models/model.h. */
#ifndef VPCI_MODEL_STATE_H
#define VPCI_MODEL_STATE_H

#include "models/model.h"

enum vpci_vf_state {
    VPCI_VF_ABSENT, /* index not on this device */
    VPCI_VF_NOT_STARTED,
    VPCI_VF_STARTED,
    VPCI_VF_REMOVING, /* surprise_remove sent, its return not seen */
    VPCI_VF_REMOVED,
    VPCI_VF_STATE_COUNT
};

enum vpci_request_state {
    VPCI_REQUEST_UNUSED,
    VPCI_REQUEST_DISPATCHED,  /* sent; neither returned nor completed */
    VPCI_REQUEST_PENDING,     /* the dispatch routine returned PENDING */
    VPCI_REQUEST_COMPLETED,   /* completed before the dispatch routine returned */
    VPCI_REQUEST_SIGNAL_OWED, /* returned PENDING and completed; the caller's event is not signalled yet */
    VPCI_REQUEST_OVER,
    VPCI_REQUEST_STATE_COUNT
};

enum vpci_call_state { VPCI_CALL_FREE, VPCI_CALL_OPEN, VPCI_CALL_ANSWERED, VPCI_CALL_STATE_COUNT };

enum vpci_request_kind {
    VPCI_KIND_QUERY,
    VPCI_KIND_READ,
    VPCI_KIND_WRITE,
    VPCI_KIND_IOCTL_READ,
    VPCI_KIND_IOCTL_WRITE,
    VPCI_KIND_IOCTL_INVALIDATE,
    VPCI_KIND_IOCTL_OTHER,
    VPCI_KIND_COUNT
};

/* What may come of a request, as far as its own parameters say. */
enum vpci_prospect {
    VPCI_PROSPECT_SERVED,    /* legal: it must be served */
    VPCI_PROSPECT_EITHER,    /* the register accepts serving and refusing */
    VPCI_PROSPECT_EMPTY,     /* length 0: refusing, or success with nothing moved */
    VPCI_PROSPECT_TOO_SMALL, /* must be refused with BUFFER_TOO_SMALL */
    VPCI_PROSPECT_REFUSED,   /* must be refused with some error */
};

/* Why a request may fail although nothing is wrong with it. A set. */
enum {
    VPCI_EXCUSE_CANCELLED = 1,
    VPCI_EXCUSE_REMOVED = 2,
    VPCI_EXCUSE_RESET = 4,
    VPCI_EXCUSE_RESOURCES = 8,
    VPCI_EXCUSE_CONTEXT = 16,   /* another VF's Context: may be refused (DC-13) */
    VPCI_EXCUSE_CONTENDED = 32, /* another INVALIDATE is held: may be refused */
};

struct vpci_request {
    uint8_t state; /* enum vpci_request_state */
    uint8_t kind;  /* enum vpci_request_kind */
    uint8_t prospect;
    uint8_t excuses;
    uint16_t vf;      /* whose Context it carries: the VF it acts on */
    uint16_t from_vf; /* whose driver sent it */
    uint16_t breach;  /* requirement that says why it must be refused */
    uint8_t irql;
    bool user_event;
    bool concurrent;       /* another request was open at some time of its life */
    bool crossed_reset;    /* another VF was reset meanwhile */
    bool crossed_removal;  /* another VF was removed meanwhile */
    bool starved;          /* allocations were failing when it was sent */
    bool beside_removal;   /* sent while its VF was being removed */
    bool contents_free;    /* its input changed while pending: which value wins is not judged */
    bool after_notice;     /* sent after a notification that named its block */
    bool sent_inside;      /* from inside another request's completion */
    bool changed_to_empty; /* the input was changed to a transfer of length 0 */
    bool may_deliver_zero; /* INVALIDATE: mask 0 was raised while it was held */
    bool older_zero;       /* of it: likewise for an event before the latest, like older_news */
    bool may_be_asked;     /* departed: the PF may be asked for it yet */
    bool signalled;
    bool marked;       /* as reported by its completion */
    bool has_call;     /* the PF has been asked for it */
    bool unfollowed;   /* the model had no room for a call that may be its own: nothing is concluded */
    uint8_t call_slot; /* the call taken to be its own; VPCI_NO_CALL: none that is still of use */
    uint32_t block, length;
    uint32_t input_length, output_length;
    uint64_t issued;      /* by the model's count of requests and calls */
    uint64_t ended;       /* departed: likewise; else VPCI_STILL_OPEN */
    uint64_t may_deliver; /* INVALIDATE: bits raised while it was held */
    uint64_t older_news;  /* of these: told to another since the last rest, and raised again after that */
    vpci_ntstatus status; /* final, once completed. query: the status found in the IRP */
    uint64_t information;
    uint64_t result_hash; /* of what the caller's buffer held at completion */
    struct vpci_guid guid;
    uint16_t size, version;
    uint8_t data[VPCI_BLOCK_BYTES_MAX]; /* write: what to write */
};

struct vpci_call {
    uint8_t state; /* enum vpci_call_state */
    bool is_write;
    bool lacks_bytes; /* write: the PF got fewer than its length */
    bool unjudged;    /* answered with a status that is neither SUCCESS nor an error: nothing is concluded */
    uint8_t
        owner; /* place in requests of the one that it is taken to be for; a departed one's is an orphan */
    uint16_t vf;
    uint32_t number; /* the implementation's */
    uint32_t block, length;
    uint64_t made; /* by the model's count of requests and calls */
    vpci_ntstatus status;
    uint32_t moved; /* bytes, once answered */
    uint8_t data[VPCI_BLOCK_BYTES_MAX];
};

/* Contents that crossed the PF edge lately: only to name the right requirement when wrong bytes turn up. */
struct vpci_sighting {
    uint64_t tag;   /* hash of the first bytes */
    uint64_t whole; /* hash of all of them */
    uint32_t block;
    uint16_t vf;
    bool written_since;  /* the block was written after it */
    bool notified_since; /* a notification named the block after it */
};
enum { VPCI_SIGHTINGS = 16, VPCI_SIGHTING_BYTES = 8 };

struct vpci_vf {
    uint8_t state;   /* enum vpci_vf_state */
    bool changing;   /* started, reset or removed since the last rest, or still being so */
    uint16_t resets; /* sent, whose return was not seen */
    bool raised_since_rest, cancelled_since_rest;
    bool raced; /* a notification and a cancel met without a fence between them */
    bool has_serial, has_references;
    bool references_unjudged; /* the client dropped more references than it had */
    bool has_unknown_blocks;  /* an IOCTL's input changed: which block was written is not known */
    bool has_refused_block;   /* the PF has refused a transfer of refused_block */
    uint32_t refused_block;
    uint32_t serial;
    uint32_t references;                /* as last reported */
    int32_t reference_change;           /* owed since then */
    int32_t fewest_change, most_change; /* of it, that the implementation may have heard of */
    uint32_t client_references;         /* taken by the kit and not dropped */
    uint32_t starving;                  /* allocations that were told to fail */
    uint64_t owed;                      /* raised and not delivered: due to a held request at rest */
    uint64_t deliverable;               /* may be delivered to a request sent later; owed is part of it */
    uint64_t noticed;                   /* bits that a completion has carried */
    uint64_t told;                      /* of these: since the last rest */
    bool told_zero;                     /* a completion has carried mask 0 since the last rest */
    uint64_t merged;                    /* bits raised while other, different bits waited already */
    uint64_t for_all;                   /* bits raised for all VFs at once */
    uint64_t crossed_reset;             /* bits that were owed while another VF was reset */
    uint64_t crossed_removal;           /* likewise, removed */
    uint64_t in_flight;         /* raised once more since the last rest, where observations may cross */
    uint32_t raised, delivered; /* notifications by the PF, completions that brought news */
    uint32_t zeros;             /* mask 0 raised by the PF and not delivered */
    uint64_t open;              /* bit r: request r acts on this VF and is not over */
};

enum { VPCI_BLAME_NOTHING_SENT = VPCI_EVENT_COUNT, VPCI_NO_CALL = 0xFF, VPCI_DEPARTED_MAX = 64 };
#define VPCI_STILL_OPEN UINT64_MAX

struct vpci_model {
    struct vpci_model_options options;
    struct vpci_judgement judgement; /* of the event being judged: the worst so far */
    struct vpci_requirement_set exercised;
    uint64_t open;           /* bit r: request r is not over */
    uint64_t owing;          /* bit r: over but for its signal */
    uint64_t calls_used;     /* bit c: call slot c is not free */
    uint64_t calls_open;     /* bit c: not answered */
    uint64_t calls_orphaned; /* bit c: its owner has departed */
    uint64_t departed;       /* bit d: requests[VPCI_REQUESTS_MAX + d] is one that has departed (owners.c) */
    uint64_t calls_unjudged; /* bit c: answered with a status that is neither SUCCESS nor an error */
    uint64_t count;          /* of requests and calls so far: what came before what */
    uint16_t vfs_with_traffic; /* bit v */
    uint16_t vfs_touched, vfs_reset, vfs_removed;
    bool pf_outside;        /* the PF edge is visible */
    bool after_completion;  /* the last event was a completion */
    bool inside_completion; /* the kit's last stimulus came right after one: from inside it */
    bool calls_lost;        /* there were more calls than the model has room for */
    bool stray_answer;      /* the PF gave an answer that nobody waits for, since the last rest */
    bool over_touched;      /* some request ended since the last rest */
    uint8_t next_sighting, sighting_count;
    uint8_t last_request;               /* of the kit's last stimulus, for blame */
    uint32_t last_stimulus;             /* enum vpci_event_kind, or VPCI_BLAME_NOTHING_SENT */
    uint64_t used;                      /* bit r: request r was used at all */
    struct vpci_partitions *partitions; /* rules_blocks.c; NULL where contents are not judged */
    struct vpci_vf vfs[VPCI_VFS_MAX];
    struct vpci_request
        requests[VPCI_REQUESTS_MAX + VPCI_DEPARTED_MAX]; /* by number, then the departed ones */
    struct vpci_call calls[VPCI_CALLS_MAX];
    struct vpci_sighting sightings[VPCI_SIGHTINGS];
};

/* ---- the tools of the rules ---- */

/* Holds a requirement to a fact: counts it as exercised; when the fact is false, records the breach with the
 * requirement's strength. Returns false only on a violation, when the rule has nothing more to say. */
bool vpci_hold(struct vpci_model *model, enum vpci_requirement requirement, bool fact, const char *reason,
               const char *allowed);

/* The same with a strength chosen by the profile (VPCI_TOLERANCE_x). */
bool vpci_tolerate(struct vpci_model *model, enum vpci_choice choice, enum vpci_requirement requirement,
                   bool fact, const char *reason, const char *allowed);

/* Records a remark that is never held against anybody. */
void vpci_note(struct vpci_model *model, enum vpci_verdict verdict, enum vpci_requirement requirement,
               const char *reason);

static inline void vpci_exercise(struct vpci_model *model, enum vpci_requirement requirement)
{
    vpci_requirement_add(&model->exercised, requirement);
}

static inline bool vpci_claims(const struct vpci_model *model, vpci_capability_set capability)
{
    return (model->options.capabilities & capability) == capability;
}

static inline uint8_t vpci_choice(const struct vpci_model *model, enum vpci_choice choice)
{
    return model->options.profile->choices[choice];
}

/* The lowest set bit's number; bits must not be 0. */
static inline unsigned vpci_lowest_bit(uint64_t bits)
{
    return (unsigned)__builtin_ctzll(bits);
}

#define VPCI_FOR_EACH_BIT(index, bits)                                                            \
    for (uint64_t remaining_##index = (bits); remaining_##index != 0;                             \
         remaining_##index &= remaining_##index - 1)                                              \
        for (unsigned index = vpci_lowest_bit(remaining_##index), once_##index = 1; once_##index; \
             once_##index = 0)

/* Word by word, because every byte that is read or written comes through here. Two contents of one length
 * that differ in one word never have the same hash. Depends on the machine's order of bytes: for comparing
 * only. */
uint64_t vpci_hash(const uint8_t *bytes, size_t length);

static inline bool vpci_is_direct(const struct vpci_request *request)
{
    return request->kind == VPCI_KIND_READ || request->kind == VPCI_KIND_WRITE;
}

static inline bool vpci_is_write(const struct vpci_request *request)
{
    return request->kind == VPCI_KIND_WRITE || request->kind == VPCI_KIND_IOCTL_WRITE;
}

static inline bool vpci_is_transfer(const struct vpci_request *request)
{
    return request->kind >= VPCI_KIND_READ && request->kind <= VPCI_KIND_IOCTL_WRITE;
}

/* The requirement that a fault of this request breaks: one row a kind of request, one column a kind of fault.
 */
enum vpci_fault {
    VPCI_FAULT_NOT_ASKED,    /* the PF was never asked, or asked twice */
    VPCI_FAULT_LENGTH,       /* the PF was asked for another length */
    VPCI_FAULT_BYTES,        /* the bytes are not the PF's, or not the caller's */
    VPCI_FAULT_EARLY,        /* success before the PF accepted */
    VPCI_FAULT_MASKED_ERROR, /* success although the PF failed */
    VPCI_FAULT_UNEXCUSED,    /* an error although the PF succeeded */
    VPCI_FAULT_INFORMATION_ON_ERROR,
    VPCI_FAULT_OVERRUN,
    VPCI_FAULT_NEVER_ENDS, /* no completion although everything for it is there */
    VPCI_FAULT_STARVED,    /* no completion when allocations fail */
    VPCI_FAULT_LATE_TOUCH, /* the caller's memory was written after the end */
    VPCI_FAULT_COUNT
};
extern const uint16_t vpci_blame_table[VPCI_KIND_COUNT][VPCI_FAULT_COUNT];

/* Looks the table up; a request during which another VF was reset or removed blames that isolation instead.
 */
enum vpci_requirement vpci_blame(const struct vpci_request *request, enum vpci_fault fault);

/* ---- rules, by file: each judges one event into model->judgement ---- */

typedef void vpci_rule_fn(struct vpci_model *model, const struct vpci_event *event);

/* rules_transfer.c: direct calls, and what may come of requests that move data */
vpci_rule_fn vpci_rule_direct, vpci_rule_direct_return;
/* The request may also be refused, with any error: something about it is doubtful. */
void vpci_transfer_loosen(struct vpci_request *request);
void vpci_transfer_consider_vf(struct vpci_model *model, struct vpci_request *request);
void vpci_transfer_read_prospect(struct vpci_request *request, const struct vpci_event *event);
void vpci_transfer_write_prospect(const struct vpci_model *model, struct vpci_request *request,
                                  const struct vpci_event *event);
bool vpci_transfer_hold_extent(struct vpci_model *model, const struct vpci_request *request,
                               const struct vpci_event *event);
bool vpci_transfer_ended(struct vpci_model *model, struct vpci_request *request,
                         const struct vpci_event *event);
/* rules_ioctl.c: what all IOCTLs share */
vpci_rule_fn vpci_rule_ioctl, vpci_rule_ioctl_return, vpci_rule_ioctl_complete, vpci_rule_signal;
/* rules_pf.c */
vpci_rule_fn vpci_rule_pf_call, vpci_rule_pf_return, vpci_rule_pf_stray, vpci_rule_pf_reset;
/* rules_invalidate.c */
vpci_rule_fn vpci_rule_pf_invalidate;
void vpci_invalidate_issued(struct vpci_model *model, struct vpci_request *request);
void vpci_invalidate_completed(struct vpci_model *model, struct vpci_request *request,
                               const struct vpci_event *event);
void vpci_invalidate_at_rest(struct vpci_model *model, uint16_t vf);
/* rules_interface.c */
vpci_rule_fn vpci_rule_query, vpci_rule_query_return, vpci_rule_reference, vpci_rule_references;
void vpci_interface_at_rest(struct vpci_model *model);
/* rules_lifecycle.c */
vpci_rule_fn vpci_rule_start, vpci_rule_start_return, vpci_rule_remove, vpci_rule_remove_return,
    vpci_rule_reset, vpci_rule_reset_return, vpci_rule_low_resources, vpci_rule_cancel,
    vpci_rule_input_change, vpci_rule_memory, vpci_rule_end_of_process, vpci_rule_rest, vpci_rule_nothing;

/* rules_request.c: a request's beginning and end, whatever its kind.
 * Opens a request in state DISPATCHED. NULL when the number is out of range or in use (the kit's own
 * mistake). */
struct vpci_request *vpci_request_open(struct vpci_model *model, const struct vpci_event *event,
                                       enum vpci_request_kind kind, uint16_t vf);
/* Ends it: nothing more may come of it but the signal of its event, if owed. */
void vpci_request_close(struct vpci_model *model, struct vpci_request *request,
                        enum vpci_request_state state);

/* What its end shows about the circumstances it lived through. */
void vpci_request_exercise_end(struct vpci_model *model, const struct vpci_request *request);

/* rules_pf.c, for the completion of a transfer. The answered call that explains a success with these bytes
 * (write: data NULL), or an error; NULL when there is none. */
struct vpci_call *vpci_pf_find_answer(struct vpci_model *model, const struct vpci_request *request,
                                      bool success, const struct vpci_event *event);
/* True when some call that might be this request's waits for the PF. */
bool vpci_pf_is_waiting(const struct vpci_model *model, const struct vpci_request *request);
/* True when an answer that might be the request's has a status of which nothing is concluded. */
bool vpci_pf_is_unjudged(const struct vpci_model *model, const struct vpci_request *request);
/* At rest: true when the request waits for the PF, or for its turn with a busy PF (a provider may have a
 * single call outstanding, A-18). */
bool vpci_pf_may_wait(struct vpci_model *model, struct vpci_request *request);

/* owners.c: which request a call is for.
 * True when the PF cannot tell the request from the one that the call was made for, the VF included. */
bool vpci_owner_is_alike(const struct vpci_request *request, const struct vpci_call *call);
/* True when the call may have been made for the request, open or departed. */
bool vpci_owner_may_be(const struct vpci_model *model, const struct vpci_request *request,
                       const struct vpci_call *call);
/* True when the answer to the call may be taken for the open request's own. */
bool vpci_owner_may_take(const struct vpci_model *model, const struct vpci_request *request,
                         const struct vpci_call *call);
bool vpci_owner_has_departed(const struct vpci_call *call);
/* Finds out who a new call is for, and makes it theirs. NULL when no explanation of all calls has anybody. */
struct vpci_request *vpci_owner_find(struct vpci_model *model, struct vpci_call *call);
/* True when all calls are explained without one for this request, which has none from then on. */
bool vpci_owner_may_do_without(struct vpci_model *model, struct vpci_request *request);
/* At rest, when whoever has its answer has ended: true when all calls are explained with no answer for this
 * request, which has none from then on. */
bool vpci_owner_may_lack_answer(struct vpci_model *model, struct vpci_request *request);
/* The request ends with this answer, whoever it was taken to be for. */
void vpci_owner_use_up(struct vpci_model *model, struct vpci_request *request, struct vpci_call *call);
/* A request ends: when no answer was used up for it, it is remembered for as long as calls may be its own. */
void vpci_owner_departs(struct vpci_model *model, struct vpci_request *request);
/* Forgets answers of departed requests that no open request can take. */
void vpci_owner_sweep(struct vpci_model *model);
/* Whoever an answer was for has ended by now, and when the PF is idle nobody has a request in hand. */
void vpci_owner_at_rest(struct vpci_model *model);

/* fit.c: how well an answer explains an end. event: of the completion; of a failure it may be NULL. */
enum vpci_fit { VPCI_FIT_NONE, VPCI_FIT_UNJUDGED, VPCI_FIT_LOOSE, VPCI_FIT_EXACT };
enum vpci_fit vpci_fit_of(const struct vpci_call *call, const struct vpci_request *request, bool success,
                          const struct vpci_event *event);

/* sighting.c: remembers contents; finds who had them: NULL, a sighting of all these bytes, or else of the
 * first of them; tells the one from the other; says that a block was written since. */
void vpci_sighting_add(struct vpci_model *model, uint16_t vf, uint32_t block, const uint8_t *data,
                       uint32_t length);
const struct vpci_sighting *vpci_sighting_find(const struct vpci_model *model, const uint8_t *data,
                                               uint32_t length);
bool vpci_sighting_is_whole(const struct vpci_sighting *seen, const uint8_t *data, uint32_t length);
void vpci_sighting_age(struct vpci_model *model, uint16_t vf, uint32_t block);

/* rules_blocks.c: contents of blocks where the PF is inside the implementation. */
void vpci_blocks_init(struct vpci_model *model);
void vpci_blocks_issued(struct vpci_model *model, const struct vpci_request *request);
void vpci_blocks_ended(struct vpci_model *model, const struct vpci_request *request, vpci_ntstatus status,
                       const struct vpci_event *event);
void vpci_blocks_input_changed(struct vpci_model *model, const struct vpci_request *request);
void vpci_blocks_at_rest(struct vpci_model *model);

#endif
