/* SPDX-License-Identifier: MIT */
/* models/owners.c - whom the PF was asked for. Requests that the PF cannot tell apart may each have
 * been the reason of a callback made while they were open, also one that has ended since without using an
 * answer: such a request has departed, and is remembered for as long as it may explain a callback. A request
 * explains at most one. What is kept is one explanation of all callbacks; when it does not fit what comes
 * next, others are looked for, and only when there is none is the implementation at fault. */
#include "models/model_state.h"

/* Whether block and length of a request may be other ones by now: they lie in the input of an IOCTL; those of
 * a direct call are arguments, and only its bytes can change. */
static bool has_free_head(const struct vpci_request *request)
{
    return request->contents_free && !vpci_is_direct(request);
}

bool vpci_owner_is_alike(const struct vpci_request *request, const struct vpci_call *call)
{
    if (request->vf != call->vf || !vpci_is_transfer(request) || vpci_is_write(request) != call->is_write)
        return false;
    return has_free_head(request) ||
           (request->block == call->block && request->length == call->length &&
            (!call->is_write || request->contents_free ||
             (!call->lacks_bytes && vpci_same_bytes(request->data, call->data, call->length))));
}

static bool is_refused(const struct vpci_request *request)
{
    return request->prospect == VPCI_PROSPECT_REFUSED || request->prospect == VPCI_PROSPECT_TOO_SMALL;
}

/* Where the input changed, block, length and bytes may be old or new ones, which is not judged; but never
 * more than was checked. */
static bool has_room_for(const struct vpci_request *request, const struct vpci_call *call)
{
    const uint32_t room =
        call->is_write ? request->input_length - VPCI_WRITE_INPUT_DATA : request->output_length;
    return !has_free_head(request) || call->length <= room;
}

bool vpci_owner_may_be(const struct vpci_model *model, const struct vpci_request *request,
                       const struct vpci_call *call)
{
    const bool in_time = call->made <= request->ended ||
                         (request->may_be_asked && model->vfs[request->vf].state != VPCI_VF_REMOVED);
    return in_time && request->issued < call->made && vpci_owner_is_alike(request, call) &&
           !is_refused(request) && has_room_for(request, call);
}

bool vpci_owner_has_departed(const struct vpci_call *call)
{
    return call->owner >= VPCI_REQUESTS_MAX;
}

static unsigned slot_of(const struct vpci_model *model, const struct vpci_call *call)
{
    return (unsigned)(call - model->calls);
}

static void give(struct vpci_model *model, struct vpci_call *call, struct vpci_request *owner)
{
    const uint64_t bit = (uint64_t)1 << slot_of(model, call);
    call->owner = (uint8_t)(owner - model->requests);
    owner->call_slot = (uint8_t)slot_of(model, call);
    owner->has_call = true;
    model->calls_orphaned &= ~bit;
    if (vpci_owner_has_departed(call))
        model->calls_orphaned |= bit;
}

static void take_away(struct vpci_request *owner)
{
    owner->call_slot = VPCI_NO_CALL;
    owner->has_call = false;
}

/* A search for another explanation. seen: owners that were asked already, open and departed ones. */
struct search {
    struct vpci_model *model;
    uint64_t seen[2];
    bool at_rest; /* whoever has its answer has ended */
};

static uint64_t candidates(const struct search *search, const struct vpci_call *call, unsigned departed)
{
    if (departed != 0)
        return search->model->departed & ~search->seen[1];
    if (search->at_rest && call->state == VPCI_CALL_ANSWERED)
        return 0;
    return search->model->vfs[call->vf].open & ~search->seen[0];
}

/* Whether one is the likelier reason of a callback than the other: one whose input did not change, which
 * nobody else's callback can be, then one that is open, then the older one. */
static bool is_likelier(const struct vpci_request *one, const struct vpci_request *other)
{
    if (one->contents_free != other->contents_free)
        return !one->contents_free;
    const bool departed = one->ended != VPCI_STILL_OPEN;
    if (departed != (other->ended != VPCI_STILL_OPEN))
        return !departed;
    return one->issued < other->issued;
}

/* Somebody without a callback whose this one may be, or NULL. */
static struct vpci_request *find_free(const struct search *search, const struct vpci_call *call)
{
    struct vpci_request *best = NULL;
    for (unsigned departed = 0; departed < 2; departed++) {
        VPCI_FOR_EACH_BIT(number, candidates(search, call, departed))
        {
            struct vpci_request *request = &search->model->requests[number + departed * VPCI_REQUESTS_MAX];
            if (!request->has_call && (best == NULL || is_likelier(request, best)) &&
                vpci_owner_may_be(search->model, request, call))
                best = request;
        }
    }
    return best;
}

/* Finds an owner for a callback, at worst by finding another callback for the owner's own. */
static bool place(struct search *search, struct vpci_call *call)
{
    struct vpci_model *model = search->model;
    struct vpci_request *owner = find_free(search, call);
    if (owner != NULL) {
        give(model, call, owner);
        return true;
    }
    for (unsigned departed = 0; departed < 2; departed++) {
        VPCI_FOR_EACH_BIT(number, candidates(search, call, departed))
        {
            owner = &model->requests[number + departed * VPCI_REQUESTS_MAX];
            if (owner->call_slot == VPCI_NO_CALL || (search->seen[departed] >> number & 1u) != 0 ||
                !vpci_owner_may_be(model, owner, call))
                continue;
            search->seen[departed] |= (uint64_t)1 << number;
            if (place(search, &model->calls[owner->call_slot])) {
                give(model, call, owner);
                return true;
            }
        }
    }
    return false;
}

struct vpci_request *vpci_owner_find(struct vpci_model *model, struct vpci_call *call)
{
    struct search search = { .model = model };
    return place(&search, call) ? &model->requests[call->owner] : NULL;
}

static bool do_without(struct vpci_model *model, struct vpci_request *request, struct search *search)
{
    if (request->call_slot == VPCI_NO_CALL)
        return !request->has_call;
    struct vpci_call *call = &model->calls[request->call_slot];
    take_away(request);
    if (place(search, call))
        return true;
    give(model, call, request);
    return false;
}

bool vpci_owner_may_do_without(struct vpci_model *model, struct vpci_request *request)
{
    struct search search = { .model = model, .seen = { (uint64_t)1 << (request - model->requests) } };
    return do_without(model, request, &search);
}

bool vpci_owner_may_lack_answer(struct vpci_model *model, struct vpci_request *request)
{
    struct search search = { .model = model, .at_rest = true };
    const bool answered =
        request->call_slot != VPCI_NO_CALL && model->calls[request->call_slot].state == VPCI_CALL_ANSWERED;
    return !answered || do_without(model, request, &search);
}

static void free_slot(struct vpci_model *model, const struct vpci_call *call)
{
    const uint64_t bit = (uint64_t)1 << slot_of(model, call);
    model->calls_used &= ~bit;
    model->calls_open &= ~bit;
    model->calls_orphaned &= ~bit;
    model->calls_unjudged &= ~bit;
}

void vpci_owner_use_up(struct vpci_model *model, struct vpci_request *request, struct vpci_call *call)
{
    struct vpci_request *other = &model->requests[call->owner];
    struct vpci_call *own =
        request->call_slot == VPCI_NO_CALL || other == request ? NULL : &model->calls[request->call_slot];
    free_slot(model, call);
    take_away(other);
    if (own != NULL) {
        struct search search = { .model = model, .seen = { (uint64_t)1 << (request - model->requests) } };
        if (!place(&search, own))
            give(model, own, other); /* ruling 14: any assignment of answers is accepted */
    }
    request->has_call = true;
    request->call_slot = VPCI_NO_CALL;
}

/* ---- requests that have departed ---- */

static uint64_t departed_bit(const struct vpci_model *model, const struct vpci_request *request)
{
    return (uint64_t)1 << (request - model->requests - VPCI_REQUESTS_MAX);
}

static bool may_own_any(const struct vpci_model *model, const struct vpci_request *request)
{
    VPCI_FOR_EACH_BIT(slot, model->calls_used)
    {
        if (vpci_owner_may_be(model, request, &model->calls[slot]))
            return true;
    }
    return false;
}

static void forget_the_useless(struct vpci_model *model, bool idle)
{
    VPCI_FOR_EACH_BIT(number, model->departed)
    {
        struct vpci_request *request = &model->requests[VPCI_REQUESTS_MAX + number];
        if (!request->has_call && !(request->may_be_asked && !idle) && !may_own_any(model, request))
            model->departed &= ~departed_bit(model, request);
    }
}

/* An IOCTL that a cancel or a reset ended: whoever carries it out may have it in hand already, and the PF may
 * or may not see it. */
static bool is_in_hand(const struct vpci_request *request)
{
    const uint8_t abandoned = VPCI_EXCUSE_CANCELLED | VPCI_EXCUSE_RESET;
    return (request->excuses & abandoned) != 0 && !vpci_is_direct(request) &&
           request->status != VPCI_STATUS_SUCCESS;
}

/* There is no room to remember the request: what it explains is judged no more. */
static void lose(struct vpci_model *model, const struct vpci_request *request)
{
    if (request->call_slot != VPCI_NO_CALL)
        free_slot(model, &model->calls[request->call_slot]);
    model->calls_lost = true;
}

void vpci_owner_departs(struct vpci_model *model, struct vpci_request *request)
{
    const bool used_up = request->has_call && request->call_slot == VPCI_NO_CALL;
    if (!model->pf_outside || !vpci_is_transfer(request) || is_refused(request) || used_up)
        return;
    request->ended = model->count;
    request->may_be_asked = is_in_hand(request);
    if (!request->has_call && !request->may_be_asked && !may_own_any(model, request))
        return;
    if (~model->departed == 0)
        forget_the_useless(model, false);
    if (~model->departed == 0) {
        lose(model, request);
        return;
    }
    const unsigned number = vpci_lowest_bit(~model->departed);
    struct vpci_request *departed = &model->requests[VPCI_REQUESTS_MAX + number];
    *departed = *request;
    model->departed |= (uint64_t)1 << number;
    if (request->call_slot != VPCI_NO_CALL)
        give(model, &model->calls[request->call_slot], departed);
    request->call_slot = VPCI_NO_CALL;
}

/* The moment from which on a departed request explains no callback any more. */
static uint64_t limit_of(const struct vpci_request *departed)
{
    return departed->may_be_asked ? UINT64_MAX : departed->ended;
}

/* Whose an answer was that nobody can take any more: of those it may have been made for the one that can
 * explain least of what is still to come. It has its explanation and is forgotten with it. */
static void forget_answer(struct vpci_model *model, const struct vpci_call *call)
{
    struct vpci_request *const owner = &model->requests[call->owner];
    struct vpci_request *forgotten = owner;
    VPCI_FOR_EACH_BIT(number, model->departed)
    {
        struct vpci_request *other = &model->requests[VPCI_REQUESTS_MAX + number];
        if (!other->has_call && limit_of(other) < limit_of(forgotten) &&
            vpci_owner_may_be(model, other, call))
            forgotten = other;
    }
    free_slot(model, call);
    take_away(owner);
    model->departed &= ~departed_bit(model, forgotten);
}

/* Whether an answer that was taken to be that of a departed request may be this one's after all: one that was
 * open when the callback was made may be who it was made for; one that has a callback of its own, and lived
 * beside the one that ended, may have changed with it. */
static bool may_inherit(const struct vpci_model *model, const struct vpci_request *request,
                        const struct vpci_call *orphan)
{
    const uint64_t departure = model->requests[orphan->owner].ended;
    const bool changed = request->has_call && departure > orphan->made;
    return vpci_owner_is_alike(request, orphan) && request->issued < (changed ? departure : orphan->made);
}

bool vpci_owner_may_take(const struct vpci_model *model, const struct vpci_request *request,
                         const struct vpci_call *call)
{
    return vpci_owner_has_departed(call) ? may_inherit(model, request, call)
                                         : vpci_owner_is_alike(request, call);
}

void vpci_owner_sweep(struct vpci_model *model)
{
    VPCI_FOR_EACH_BIT(slot, model->calls_orphaned & ~model->calls_open)
    {
        const struct vpci_call *orphan = &model->calls[slot];
        bool inherited = false;
        VPCI_FOR_EACH_BIT(number, model->vfs[orphan->vf].open)
        {
            inherited = inherited || may_inherit(model, &model->requests[number], orphan);
        }
        if (!inherited)
            forget_answer(model, orphan);
    }
}

void vpci_owner_at_rest(struct vpci_model *model)
{
    VPCI_FOR_EACH_BIT(slot, model->calls_orphaned & ~model->calls_open)
    {
        forget_answer(model, &model->calls[slot]);
    }
    if (model->departed != 0)
        forget_the_useless(model, model->calls_open == 0);
}
