/* SPDX-License-Identifier: MIT */
/* models/rules_pf.c - the PF edge: which request a callback belongs to, and which answer explains a
 * completion. Two open requests alike in VF, direction, block and length cannot be told apart at the PF, so a
 * call is only taken to be one request's until a completion shows otherwise; every assignment of answers is
 * accepted. */
#include "models/model_state.h"

#include <string.h>

static bool same_bytes(const struct vpci_request *request, const uint8_t *data, uint32_t length)
{
    return request->length == 0 || (data != NULL && length >= request->length &&
                                    vpci_same_bytes(request->data, data, request->length));
}

/* Whether block and length of a request may be other ones by now: they lie in the input of an IOCTL; those of
 * a direct call are arguments, and only its bytes can change. */
static bool has_free_head(const struct vpci_request *request)
{
    return request->contents_free && !vpci_is_direct(request);
}

/* Whether a call with these parameters is what this request makes the provider ask. */
static bool is_asked_by(const struct vpci_request *request, const struct vpci_event *event)
{
    const bool is_write = event->kind == VPCI_EVENT_PF_WRITE;
    if (!vpci_is_transfer(request) || vpci_is_write(request) != is_write ||
        request->prospect == VPCI_PROSPECT_REFUSED || request->prospect == VPCI_PROSPECT_TOO_SMALL)
        return false;
    if (has_free_head(request)) /* block, length and bytes: old or new, not judged; but never more than was
                                   checked */
        return event->length <=
               (is_write ? request->input_length - VPCI_WRITE_INPUT_DATA : request->output_length);
    return request->block == event->block && request->length == event->length &&
           (!is_write || request->contents_free || same_bytes(request, event->data, event->data_length));
}

bool vpci_pf_is_alike(const struct vpci_request *request, const struct vpci_call *call)
{
    if (request->vf != call->vf || !vpci_is_transfer(request) || vpci_is_write(request) != call->is_write)
        return false;
    return has_free_head(request) || (request->block == call->block && request->length == call->length &&
                                      (!call->is_write || request->contents_free ||
                                       vpci_same_bytes(request->data, call->data, call->length)));
}

/* Whether an orphan may be this request's call after all: one that was under way when the call was made may
 * be who it was made for; one that has a call of its own, and lived beside the one that ended, may have
 * changed with it. */
static bool may_inherit(const struct vpci_request *request, const struct vpci_call *orphan)
{
    return vpci_pf_is_alike(request, orphan) &&
           request->issued < (request->has_call ? orphan->orphaned : orphan->made);
}

static bool may_be_of(const struct vpci_call *call, const struct vpci_request *request)
{
    return call->orphan ? may_inherit(request, call) : vpci_pf_is_alike(request, call);
}

struct suspicion {
    enum vpci_requirement requirement;
    const char *reason;
};

/* How near a request comes to an inexplicable call: the reason to blame, or NONE. */
static struct suspicion suspect(const struct vpci_request *request, const struct vpci_event *event)
{
    const bool is_write = event->kind == VPCI_EVENT_PF_WRITE;
    const bool block = request->block == event->block;
    const bool length = request->length == event->length;
    if (!vpci_is_transfer(request) || vpci_is_write(request) != is_write)
        return (struct suspicion){ VPCI_REQUIREMENT_NONE, NULL };
    if (request->state == VPCI_REQUEST_OVER || request->state == VPCI_REQUEST_SIGNAL_OWED) {
        if (request->vf != event->vf || !block || !length)
            return (struct suspicion){ VPCI_REQUIREMENT_NONE, NULL };
        if (vpci_is_direct(request) && !request->has_call)
            return (struct suspicion){ VPCI_DC_05, "the PF is asked for a direct call that has returned" };
        return (struct suspicion){ vpci_blame(request, VPCI_FAULT_NOT_ASKED),
                                   "the PF is asked again for one request" };
    }
    if (request->prospect == VPCI_PROSPECT_REFUSED || request->prospect == VPCI_PROSPECT_TOO_SMALL) {
        if (request->vf != event->vf ||
            (!block && request->breach != VPCI_IR_04 && request->breach != VPCI_IW_08))
            return (struct suspicion){ VPCI_REQUIREMENT_NONE, NULL };
        return (struct suspicion){ (enum vpci_requirement)request->breach,
                                   "the PF is asked for a request that must be refused" };
    }
    if (has_free_head(request) && request->vf == event->vf)
        return (struct suspicion){ VPCI_WD_18, "a length that was changed after the check is used" };
    if (request->from_vf != request->vf && request->from_vf == event->vf && block && length)
        return (struct suspicion){
            VPCI_DC_13, "the call acts on the caller's VF, not on that of the Context it carries"
        };
    if (request->vf != event->vf)
        return block && length && !request->has_call
                   ? (struct suspicion){ VPCI_PF_03, "VfIndex does not name the VF that sent the request" }
                   : (struct suspicion){ VPCI_REQUIREMENT_NONE, NULL };
    if (request->has_call && block && length)
        return (struct suspicion){ vpci_blame(request, VPCI_FAULT_NOT_ASKED),
                                   "the PF is asked twice for one request" };
    if (block && length)
        return (struct suspicion){ vpci_blame(request, VPCI_FAULT_BYTES),
                                   "other bytes reach the PF than were written" };
    if (block)
        return (struct suspicion){ event->length > VPCI_BLOCK_BYTES_MAX
                                       ? VPCI_PF_04
                                       : vpci_blame(request, VPCI_FAULT_LENGTH),
                                   "the PF is asked for another length" };
    if (length && !request->has_call)
        return (struct suspicion){ VPCI_DC_08, "another BlockId reaches the PF than was sent" };
    return (struct suspicion){ VPCI_REQUIREMENT_NONE, NULL };
}

static void blame_call(struct vpci_model *model, const struct vpci_event *event)
{
    struct suspicion best = { VPCI_REQUIREMENT_NONE, NULL };
    const uint64_t own = model->vfs[event->vf].open;
    const uint64_t candidates[] = { own, model->open & ~own,
                                    model->used & ~model->open }; /* likeliest first */
    for (int pass = 0; pass < 3 && best.requirement == VPCI_REQUIREMENT_NONE; pass++) {
        VPCI_FOR_EACH_BIT(number, candidates[pass])
        {
            if (best.requirement == VPCI_REQUIREMENT_NONE)
                best = suspect(&model->requests[number], event);
        }
    }
    if (best.requirement == VPCI_REQUIREMENT_NONE) {
        const bool gone = model->vfs[event->vf].state == VPCI_VF_REMOVED;
        best = gone ? (struct suspicion){ VPCI_WD_22, "the PF is asked for a VF that was removed" }
                    : (struct suspicion){ event->kind == VPCI_EVENT_PF_WRITE ? VPCI_WR_01 : VPCI_RD_01,
                                          "the PF is asked although no request needs it" };
    }
    (void)vpci_hold(model, best.requirement, false, best.reason,
                    "exactly one callback for each accepted request");
}

/* The oldest request that the call may be for. changed: of those whose input was changed, which may make the
 * provider ask for nearly anything; the others may not. */
static struct vpci_request *find_asker(struct vpci_model *model, const struct vpci_event *event, bool changed)
{
    struct vpci_request *oldest = NULL;
    VPCI_FOR_EACH_BIT(number, model->vfs[event->vf].open)
    {
        struct vpci_request *request = &model->requests[number];
        if (!request->has_call && request->contents_free == changed &&
            (oldest == NULL || request->issued < oldest->issued) && is_asked_by(request, event))
            oldest = request;
    }
    return oldest;
}

/* An IOCTL that a cancel or a reset ended before the PF was asked for it: whoever carries it out may have it
 * in hand already, and the PF may or may not see it. */
bool vpci_pf_is_abandoned(const struct vpci_model *model, const struct vpci_request *request)
{
    const uint8_t abandoned = VPCI_EXCUSE_CANCELLED | VPCI_EXCUSE_RESET;
    return (request->excuses & abandoned) != 0 && !request->has_call && vpci_is_transfer(request) &&
           !vpci_is_direct(request) && request->status != VPCI_STATUS_SUCCESS &&
           model->vfs[request->vf].state != VPCI_VF_REMOVED;
}

static struct vpci_request *find_abandoned(struct vpci_model *model, const struct vpci_event *event,
                                           bool changed)
{
    VPCI_FOR_EACH_BIT(number, model->used & ~model->open)
    {
        struct vpci_request *request = &model->requests[number];
        if (request->vf == event->vf && request->contents_free == changed &&
            vpci_pf_is_abandoned(model, request) && is_asked_by(request, event))
            return request;
    }
    return NULL;
}

static void assign(struct vpci_model *model, struct vpci_call *call, struct vpci_request *request);

/* A request whose input was changed, and whose call may just as well be that of another one, which waits
 * without a call: that one gets it, and the request is free for the new call. */
static struct vpci_request *find_exchange(struct vpci_model *model, const struct vpci_event *event)
{
    const uint64_t open = model->vfs[event->vf].open;
    VPCI_FOR_EACH_BIT(number, open)
    {
        struct vpci_request *request = &model->requests[number];
        if (!request->contents_free || request->call_slot == VPCI_NO_CALL || !is_asked_by(request, event))
            continue;
        struct vpci_call *call = &model->calls[request->call_slot];
        VPCI_FOR_EACH_BIT(waiting, open)
        {
            struct vpci_request *other = &model->requests[waiting];
            if (other->has_call || other->issued >= call->made || !vpci_pf_is_alike(other, call))
                continue;
            other->has_call = true;
            assign(model, call, other);
            return request;
        }
    }
    return NULL;
}

/* Whom the call is for. What is known for certain goes before what may be: the calls of requests whose input
 * was changed are those that nobody else can have made. */
static struct vpci_request *find_origin(struct vpci_model *model, const struct vpci_event *event)
{
    struct vpci_request *request = find_asker(model, event, false);
    if (request == NULL)
        request = find_abandoned(model, event, false);
    if (request == NULL)
        request = find_asker(model, event, true);
    if (request == NULL)
        request = find_exchange(model, event);
    return request != NULL ? request : find_abandoned(model, event, true);
}

static struct vpci_call *new_call(struct vpci_model *model, const struct vpci_event *event)
{
    if (~model->calls_used == 0)
        return NULL;
    const unsigned slot = vpci_lowest_bit(~model->calls_used);
    struct vpci_call *call = &model->calls[slot];
    model->calls_used |= (uint64_t)1 << slot;
    model->calls_open |= (uint64_t)1 << slot;
    call->made = ++model->count;
    call->state = VPCI_CALL_OPEN;
    call->is_write = event->kind == VPCI_EVENT_PF_WRITE;
    call->orphan = false;
    call->unjudged = false;
    call->vf = event->vf;
    call->number = event->call;
    call->block = event->block;
    call->length = event->length;
    if (call->is_write && event->data != NULL)
        memcpy(call->data, event->data,
               event->data_length < event->length ? event->data_length : event->length);
    return call;
}

static unsigned slot_of(const struct vpci_model *model, const struct vpci_call *call)
{
    return (unsigned)(call - model->calls);
}

static void assign(struct vpci_model *model, struct vpci_call *call, struct vpci_request *request)
{
    call->request = (uint8_t)(request - model->requests);
    request->call_slot = (uint8_t)slot_of(model, call);
}

static void make_orphan(struct vpci_model *model, struct vpci_call *call)
{
    model->requests[call->request].call_slot = VPCI_NO_CALL;
    call->orphan = true;
    call->orphaned = model->count;
    model->calls_orphaned |= (uint64_t)1 << slot_of(model, call);
}

/* There is no room to follow the call: outstanding ones and answers that somebody may yet inherit fill it.
 * Whoever it may be for is judged no more. */
static void lose_call(struct vpci_model *model, const struct vpci_event *event)
{
    VPCI_FOR_EACH_BIT(number, model->vfs[event->vf].open)
    {
        if (is_asked_by(&model->requests[number], event))
            model->requests[number].unfollowed = true;
    }
    model->calls_lost = true;
    vpci_note(model, VPCI_UNSPECIFIED, VPCI_REQUIREMENT_NONE,
              "more PF calls at once than the model can follow");
}

static void exercise_call(struct vpci_model *model, const struct vpci_request *request)
{
    vpci_exercise(model, (enum vpci_requirement)vpci_blame_table[request->kind][VPCI_FAULT_NOT_ASKED]);
    vpci_exercise(model, (enum vpci_requirement)vpci_blame_table[request->kind][VPCI_FAULT_LENGTH]);
    vpci_exercise(model, VPCI_DC_08);
    vpci_exercise(model, VPCI_PF_03);
    vpci_exercise(model, VPCI_PF_04);
    if (vpci_is_write(request))
        return;
    for (int i = 0; i < model->sighting_count; i++) {
        const struct vpci_sighting *seen = &model->sightings[i];
        if (seen->vf == request->vf && seen->block == request->block)
            vpci_exercise(model, seen->written_since ? VPCI_WR_06 : VPCI_PF_10);
    }
}

void vpci_rule_pf_call(struct vpci_model *model, const struct vpci_event *event)
{
    if (!vpci_hold(model, VPCI_PF_03, event->vf < model->options.vf_count,
                   "VfIndex names no VF of this device",
                   "the zero-based index of the VF that sent the request"))
        return;
    if ((event->fields & VPCI_F(IRQL)) && vpci_claims(model, VPCI_CAPABILITY_BIT(IRQL)) &&
        !vpci_hold(model, VPCI_PF_02, event->irql == VPCI_IRQL_PASSIVE,
                   "the PF is called above PASSIVE_LEVEL", "PASSIVE_LEVEL"))
        return;
    struct vpci_request *request = find_origin(model, event);
    if (request == NULL || event->length > VPCI_BLOCK_BYTES_MAX) {
        blame_call(model, event);
        return;
    }
    struct vpci_call *call = new_call(model, event);
    request->has_call = true;
    if (call == NULL) {
        lose_call(model, event);
        return;
    }
    assign(model, call, request);
    if ((model->open >> call->request & 1u) == 0)
        make_orphan(model, call);
    exercise_call(model, request);
}

/* Numbers are unique among the calls that wait; an answered one's may be in use again. */
static struct vpci_call *find_call(struct vpci_model *model, uint32_t number)
{
    VPCI_FOR_EACH_BIT(slot, model->calls_open)
    {
        if (model->calls[slot].number == number)
            return &model->calls[slot];
    }
    return NULL;
}

static void free_call(struct vpci_model *model, const struct vpci_call *call)
{
    const uint64_t bit = (uint64_t)1 << slot_of(model, call);
    model->calls_used &= ~bit;
    model->calls_open &= ~bit;
    model->calls_orphaned &= ~bit;
    model->calls_unjudged &= ~bit;
}

void vpci_pf_sweep(struct vpci_model *model)
{
    VPCI_FOR_EACH_BIT(slot, model->calls_orphaned & ~model->calls_open)
    {
        const struct vpci_call *orphan = &model->calls[slot];
        bool inherited = false;
        VPCI_FOR_EACH_BIT(number, model->vfs[orphan->vf].open)
        {
            inherited = inherited || may_inherit(&model->requests[number], orphan);
        }
        if (!inherited)
            free_call(model, orphan);
    }
}

void vpci_pf_at_rest(struct vpci_model *model)
{
    VPCI_FOR_EACH_BIT(slot, model->calls_orphaned & ~model->calls_open)
    {
        free_call(model, &model->calls[slot]);
    }
}

void vpci_rule_pf_return(struct vpci_model *model, const struct vpci_event *event)
{
    struct vpci_call *call = find_call(model, event->call);
    const uint64_t bit = (uint64_t)1 << slot_of(model, call);
    model->calls_open &= ~bit;
    call->state = VPCI_CALL_ANSWERED;
    call->status = event->status;
    call->unjudged = event->status != VPCI_STATUS_SUCCESS && !vpci_nt_error(event->status);
    if (call->unjudged)
        model->calls_unjudged |= bit;
    if (call->is_write) {
        call->moved = call->length;
        if ((event->fields & VPCI_F(LENGTH)) && event->length < call->length)
            call->moved = event->length;
        if (event->status == VPCI_STATUS_SUCCESS)
            vpci_sighting_age(model, call->vf, call->block);
    } else {
        const uint32_t given = event->data == NULL ? 0 : event->data_length;
        call->moved = given < call->length ? given : call->length;
        if (call->moved != 0)
            memcpy(call->data, event->data, call->moved);
        if (event->status == VPCI_STATUS_SUCCESS)
            vpci_sighting_add(model, call->vf, call->block, call->data, call->moved);
    }
    if (call->orphan) {
        model->stray_answer = true;
        vpci_pf_sweep(model);
    }
}

/* An answer that no call waits for: late, a second one, or to a call that never was (WD-25). */
void vpci_rule_pf_stray(struct vpci_model *model, const struct vpci_event *event)
{
    (void)event;
    model->stray_answer = true;
}

void vpci_rule_pf_reset(struct vpci_model *model, const struct vpci_event *event)
{
    if (vpci_hold(model, VPCI_PF_03, event->vf < model->options.vf_count,
                  "VfIndex names no VF of this device", "the index of the VF that was reset"))
        (void)vpci_hold(model, VPCI_RS_01, model->vfs[event->vf].changing,
                        "the PF is told to reset a VF that nobody resets",
                        "the VF that is reset, and no other");
}

/* ---- for completions ---- */

/* Of two answers that explain an end equally well: the one with more bytes, because whatever it explains the
 * shorter one explains as well, and may have to; then the older one, which fewer others can inherit. */
static bool goes_before(const struct vpci_call *call, const struct vpci_call *other)
{
    return call->moved != other->moved ? call->moved > other->moved : call->made < other->made;
}

struct vpci_call *vpci_pf_find_answer(struct vpci_model *model, const struct vpci_request *request,
                                      bool success, const struct vpci_event *event)
{
    const uint64_t answered = model->calls_used & ~model->calls_open;
    struct vpci_call *best = NULL;
    enum vpci_fit best_fit = VPCI_FIT_NONE;
    if (request->call_slot != VPCI_NO_CALL && (answered >> request->call_slot & 1u) != 0) {
        best = &model->calls[request->call_slot];
        best_fit = vpci_fit_of(best, request, success, event);
        if (best_fit == VPCI_FIT_EXACT && model->calls_orphaned == 0 &&
            (!success || best->moved == best->length))
            return best;
    }
    VPCI_FOR_EACH_BIT(slot, answered)
    {
        struct vpci_call *call = &model->calls[slot];
        if (slot == request->call_slot || !may_be_of(call, request))
            continue;
        const enum vpci_fit fit = vpci_fit_of(call, request, success, event);
        if (fit > best_fit || (fit != VPCI_FIT_NONE && fit == best_fit && goes_before(call, best))) {
            best = call;
            best_fit = fit;
        }
    }
    return best_fit == VPCI_FIT_NONE ? NULL : best;
}

void vpci_pf_take_answer(struct vpci_model *model, struct vpci_request *request, struct vpci_call *call)
{
    const unsigned taken = slot_of(model, call);
    if (request->call_slot != taken) {
        struct vpci_call *own = request->call_slot == VPCI_NO_CALL ? NULL : &model->calls[request->call_slot];
        struct vpci_request *other = call->orphan ? NULL : &model->requests[call->request];
        if (other != NULL)
            other->call_slot = VPCI_NO_CALL;
        if (own != NULL && other != NULL)
            assign(model, own, other);
        else if (own != NULL)
            make_orphan(model, own);
        else if (other != NULL)
            other->has_call = false;
    }
    request->has_call = true;
    request->call_slot = VPCI_NO_CALL;
    free_call(model, call);
}

/* Any call that a request whose input was changed may have caused may have been its own: whoever is taken to
 * have it may inherit it, or be asked for yet. */
static void disown(struct vpci_model *model, const struct vpci_request *request)
{
    VPCI_FOR_EACH_BIT(slot, model->calls_used & ~model->calls_orphaned)
    {
        struct vpci_call *call = &model->calls[slot];
        struct vpci_request *other = &model->requests[call->request];
        if (other == request || call->made < request->issued || !vpci_pf_is_alike(request, call))
            continue;
        make_orphan(model, call);
        other->has_call = false;
    }
}

void vpci_pf_release(struct vpci_model *model, struct vpci_request *request)
{
    if (request->call_slot != VPCI_NO_CALL)
        make_orphan(model, &model->calls[request->call_slot]);
    if (request->contents_free)
        disown(model, request);
}

/* Two requests that want the same, so that each call of one may be the other's. One whose input was changed
 * is like no other: which calls may be its own is all that is known of it, and that these excuse others as
 * well delays a judgement until the PF has answered them. */
static bool are_alike(const struct vpci_request *left, const struct vpci_request *right)
{
    if (!vpci_is_transfer(right) || vpci_is_write(left) != vpci_is_write(right) || left->contents_free ||
        right->contents_free)
        return false;
    const uint32_t bytes = left->length < VPCI_BLOCK_BYTES_MAX ? left->length : VPCI_BLOCK_BYTES_MAX;
    return left->block == right->block && left->length == right->length &&
           (!vpci_is_write(left) || vpci_same_bytes(left->data, right->data, bytes));
}

bool vpci_pf_may_wait(const struct vpci_model *model, const struct vpci_request *request)
{
    unsigned waiting_requests = 0;
    unsigned excuses = 0;
    const bool pf_is_busy = model->calls_open != 0 || model->calls_lost;
    if (request->unfollowed)
        return true;
    VPCI_FOR_EACH_BIT(slot, model->calls_open)
    {
        if (may_be_of(&model->calls[slot], request))
            excuses++;
    }
    VPCI_FOR_EACH_BIT(number, model->vfs[request->vf].open)
    {
        const struct vpci_request *other = &model->requests[number];
        if (other != request && (other->unfollowed || !are_alike(request, other)))
            continue;
        waiting_requests++;
        if (!other->has_call && pf_is_busy)
            excuses++;
    }
    return waiting_requests <= excuses;
}

bool vpci_pf_is_waiting(const struct vpci_model *model, const struct vpci_request *request)
{
    VPCI_FOR_EACH_BIT(slot, model->calls_open)
    {
        if (may_be_of(&model->calls[slot], request))
            return true;
    }
    return false;
}

bool vpci_pf_may_be_of_another(const struct vpci_model *model, const struct vpci_request *request)
{
    if (request->call_slot == VPCI_NO_CALL)
        return false;
    const struct vpci_call *call = &model->calls[request->call_slot];
    VPCI_FOR_EACH_BIT(number, model->vfs[request->vf].open)
    {
        const struct vpci_request *other = &model->requests[number];
        if (other != request && !other->has_call && other->issued < call->made &&
            vpci_pf_is_alike(other, call))
            return true;
    }
    return false;
}

bool vpci_pf_is_unjudged(const struct vpci_model *model, const struct vpci_request *request)
{
    if (request->unfollowed)
        return true;
    VPCI_FOR_EACH_BIT(slot, model->calls_unjudged)
    {
        if (may_be_of(&model->calls[slot], request))
            return true;
    }
    return false;
}
