/* SPDX-License-Identifier: MIT */
/* models/rules_pf.c - the PF edge: whether somebody needs a callback (who, owners.c finds out), and which
 * answer explains a completion. Two requests alike in VF, direction, block and length cannot be told apart at
 * the PF, so every assignment of answers to them is accepted. */
#include "models/model_state.h"

#include <string.h>

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
    if (request->contents_free && !vpci_is_direct(request) && request->vf == event->vf)
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

static void describe_call(struct vpci_model *model, const struct vpci_event *event, struct vpci_call *call)
{
    call->made = ++model->count;
    call->state = VPCI_CALL_OPEN;
    call->is_write = event->kind == VPCI_EVENT_PF_WRITE;
    call->unjudged = false;
    call->vf = event->vf;
    call->number = event->call;
    call->block = event->block;
    call->length = event->length;
    call->lacks_bytes =
        call->is_write && event->length != 0 && (event->data == NULL || event->data_length < event->length);
    if (call->is_write && !call->lacks_bytes && event->length != 0)
        memcpy(call->data, event->data, event->length);
}

static bool is_needed(const struct vpci_model *model, const struct vpci_call *call)
{
    VPCI_FOR_EACH_BIT(number, model->vfs[call->vf].open)
    {
        if (vpci_owner_may_be(model, &model->requests[number], call))
            return true;
    }
    return false;
}

/* There is no room to follow the call: outstanding ones and answers that somebody may yet inherit fill it.
 * Whoever it may be for is judged no more. */
static void lose_call(struct vpci_model *model, const struct vpci_call *call)
{
    VPCI_FOR_EACH_BIT(number, model->vfs[call->vf].open)
    {
        if (vpci_owner_may_be(model, &model->requests[number], call))
            model->requests[number].unfollowed = true;
    }
    model->calls_lost = true;
    vpci_note(model, VPCI_UNSPECIFIED, VPCI_REQUIREMENT_NONE,
              "more PF calls at once than the model can follow");
}

/* The call, and who it is taken to be for; NULL when nobody needs it. */
static const struct vpci_request *follow_call(struct vpci_model *model, const struct vpci_event *event)
{
    const unsigned slot = vpci_lowest_bit(~model->calls_used);
    struct vpci_call *call = &model->calls[slot];
    describe_call(model, event, call);
    const struct vpci_request *request = vpci_owner_find(model, call);
    if (request != NULL) {
        model->calls_used |= (uint64_t)1 << slot;
        model->calls_open |= (uint64_t)1 << slot;
    }
    return request;
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
    if (event->length > VPCI_BLOCK_BYTES_MAX) {
        blame_call(model, event);
        return;
    }
    if (~model->calls_used == 0) {
        struct vpci_call call;
        describe_call(model, event, &call);
        if (is_needed(model, &call))
            lose_call(model, &call);
        else
            blame_call(model, event);
        return;
    }
    const struct vpci_request *request = follow_call(model, event);
    if (request == NULL)
        blame_call(model, event);
    else
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

void vpci_rule_pf_return(struct vpci_model *model, const struct vpci_event *event)
{
    struct vpci_call *call = find_call(model, event->call);
    const uint64_t bit = (uint64_t)1 << (call - model->calls);
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
    if (vpci_owner_has_departed(call)) {
        model->stray_answer = true;
        vpci_owner_sweep(model);
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
        if (slot == request->call_slot || !vpci_owner_may_take(model, request, call))
            continue;
        const enum vpci_fit fit = vpci_fit_of(call, request, success, event);
        if (fit > best_fit || (fit != VPCI_FIT_NONE && fit == best_fit && goes_before(call, best))) {
            best = call;
            best_fit = fit;
        }
    }
    return best_fit == VPCI_FIT_NONE ? NULL : best;
}

bool vpci_pf_may_wait(struct vpci_model *model, struct vpci_request *request)
{
    const bool pf_is_busy = model->calls_open != 0 || model->calls_lost;
    return request->unfollowed || (pf_is_busy && vpci_owner_may_lack_answer(model, request));
}

bool vpci_pf_is_waiting(const struct vpci_model *model, const struct vpci_request *request)
{
    VPCI_FOR_EACH_BIT(slot, model->calls_open)
    {
        if (vpci_owner_may_take(model, request, &model->calls[slot]))
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
        if (vpci_owner_may_take(model, request, &model->calls[slot]))
            return true;
    }
    return false;
}
