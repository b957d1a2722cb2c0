/* SPDX-License-Identifier: MIT */
/* models/rules_lifecycle.c - start, removal, reset, cancellation (WD-20, WD-22, RS, RM), what the kit itself
 * sees (memory touched wrongly, a crash, a hang), and silence: what is owed when the implementation is at
 * rest. */
#include "models/model_state.h"

#include <string.h>

void vpci_rule_nothing(struct vpci_model *model, const struct vpci_event *event)
{
    (void)model;
    (void)event;
}

void vpci_rule_start(struct vpci_model *model, const struct vpci_event *event)
{
    struct vpci_vf *vf = &model->vfs[event->vf];
    vf->changing = true;
    model->vfs_touched |= (uint16_t)(1u << event->vf);
    if (vf->state == VPCI_VF_NOT_STARTED)
        vf->state = VPCI_VF_STARTED;
}

void vpci_rule_start_return(struct vpci_model *model, const struct vpci_event *event)
{
    struct vpci_vf *vf = &model->vfs[event->vf];
    if (event->status == VPCI_STATUS_SUCCESS)
        return;
    vpci_note(model, VPCI_UNSPECIFIED, VPCI_REQUIREMENT_NONE, "the start of a VF fails");
    if (vf->changing && vf->state == VPCI_VF_STARTED)
        vf->state = VPCI_VF_NOT_STARTED;
}

/* Gives every open request an excuse; those of other VFs are marked as having lived through it. */
static void touch_requests(struct vpci_model *model, uint16_t vf, uint8_t excuse)
{
    const bool is_reset = excuse == VPCI_EXCUSE_RESET;
    for (uint16_t other = 0; other < model->options.vf_count; other++) {
        struct vpci_vf *peer = &model->vfs[other];
        if (other != vf && is_reset)
            peer->crossed_reset |= peer->owed;
        else if (other != vf)
            peer->crossed_removal |= peer->owed;
    }
    *(is_reset ? &model->vfs_reset : &model->vfs_removed) |= (uint16_t)(1u << vf);
    VPCI_FOR_EACH_BIT(number, model->open)
    {
        struct vpci_request *request = &model->requests[number];
        if (request->vf == vf || request->from_vf == vf)
            request->excuses |= excuse;
        else if (is_reset)
            request->crossed_reset = true;
        else
            request->crossed_removal = true;
    }
}

void vpci_rule_remove(struct vpci_model *model, const struct vpci_event *event)
{
    struct vpci_vf *vf = &model->vfs[event->vf];
    if (vf->state != VPCI_VF_REMOVED)
        vf->state = VPCI_VF_REMOVING;
    vf->changing = true;
    vf->owed = 0; /* what was raised before may still be delivered, but need not */
    model->vfs_touched |= (uint16_t)(1u << event->vf);
    touch_requests(model, event->vf, VPCI_EXCUSE_REMOVED);
}

/* WD-22: pended requests are failed before the plug-and-play request finishes. A call that still runs inside
 * the implementation, waiting for the PF, cannot be; one that came after the removal had begun is a new
 * request, whose refusal may pend for a while like any other. */
void vpci_rule_remove_return(struct vpci_model *model, const struct vpci_event *event)
{
    struct vpci_vf *vf = &model->vfs[event->vf];
    if (vf->state == VPCI_VF_REMOVED) /* removed once more: what came since is new */
        return;
    vf->state = VPCI_VF_REMOVED;
    VPCI_FOR_EACH_BIT(number, vf->open)
    {
        const struct vpci_request *request = &model->requests[number];
        if (!vpci_hold(model, VPCI_WD_22, request->state != VPCI_REQUEST_PENDING || request->beside_removal,
                       "the removal is finished while a request is still pending",
                       "an error completion first"))
            return;
    }
}

void vpci_rule_reset(struct vpci_model *model, const struct vpci_event *event)
{
    struct vpci_vf *vf = &model->vfs[event->vf];
    vf->changing = true;
    vf->resets++;
    vf->owed = 0; /* whether a mask survives a reset is free */
    model->vfs_touched |= (uint16_t)(1u << event->vf);
    touch_requests(model, event->vf, VPCI_EXCUSE_RESET);
}

void vpci_rule_reset_return(struct vpci_model *model, const struct vpci_event *event)
{
    struct vpci_vf *vf = &model->vfs[event->vf];
    if (vf->resets != 0)
        vf->resets--;
    if (event->status != VPCI_STATUS_SUCCESS)
        vpci_note(model, VPCI_UNSPECIFIED, VPCI_REQUIREMENT_NONE, "the reset of a VF fails");
}

void vpci_rule_low_resources(struct vpci_model *model, const struct vpci_event *event)
{
    struct vpci_vf *vf = &model->vfs[event->vf];
    vf->starving = event->length;
    VPCI_FOR_EACH_BIT(number, event->length == 0 ? 0 : vf->open)
    {
        model->requests[number].starved = true;
        model->requests[number].excuses |= VPCI_EXCUSE_RESOURCES;
    }
}

void vpci_rule_cancel(struct vpci_model *model, const struct vpci_event *event)
{
    struct vpci_request *request = &model->requests[event->request];
    if ((model->open >> event->request & 1u) == 0 || vpci_is_direct(request))
        return; /* too late, or not an IRP: nothing may come of it */
    request->excuses |= VPCI_EXCUSE_CANCELLED;
    if (request->kind != VPCI_KIND_IOCTL_INVALIDATE)
        return;
    struct vpci_vf *vf = &model->vfs[request->vf];
    vf->cancelled_since_rest = true;
    vf->raced = vf->raced || vf->raised_since_rest;
}

/* What was refused because of its block, length or bytes may be legal by now, and the other way round; a
 * claimed length of a buffer does not change. */
static void free_prospect(struct vpci_request *request)
{
    const bool refused =
        request->prospect == VPCI_PROSPECT_REFUSED || request->prospect == VPCI_PROSPECT_TOO_SMALL;
    const uint32_t head =
        request->kind == VPCI_KIND_IOCTL_READ ? sizeof(struct vpci_read_block_input) : VPCI_WRITE_INPUT_DATA;
    if (request->input_length < head || (refused && request->breach == VPCI_WD_22))
        return;
    request->changed_to_empty = request->changed_to_empty || request->prospect == VPCI_PROSPECT_EMPTY;
    request->prospect = VPCI_PROSPECT_EITHER;
    request->breach = VPCI_REQUIREMENT_NONE;
}

/* A-12 and ruling 6: which of two values wins is never judged. */
void vpci_rule_input_change(struct vpci_model *model, const struct vpci_event *event)
{
    struct vpci_request *request = &model->requests[event->request];
    if ((model->open >> event->request & 1u) == 0 || !vpci_is_transfer(request) ||
        request->kind == VPCI_KIND_READ)
        return;
    request->contents_free = true;
    vpci_blocks_input_changed(model, request);
    if (vpci_is_direct(request))
        return;
    free_prospect(request);
    const bool whole = event->data_length >= sizeof(struct vpci_read_block_input);
    request->changed_to_empty = request->changed_to_empty || (event->data_length > 4 && !whole) ||
                                (whole && vpci_load_u32(event->data + 4) == 0);
}

void vpci_rule_memory(struct vpci_model *model, const struct vpci_event *event)
{
    static const struct {
        enum vpci_fault fault;
        const char *reason;
    } faults[VPCI_EVENT_COUNT] = {
        [VPCI_EVENT_OVERRUN] = { VPCI_FAULT_OVERRUN, "memory outside of the caller's buffer is touched" },
        [VPCI_EVENT_INPUT_MODIFIED] = { VPCI_FAULT_OVERRUN, "the caller's input buffer is modified" },
        [VPCI_EVENT_LATE_WRITE] = { VPCI_FAULT_LATE_TOUCH,
                                    "the caller's memory is written after the request is over" },
    };
    const struct vpci_request *request = &model->requests[event->request];
    const bool refused =
        request->prospect == VPCI_PROSPECT_REFUSED || request->prospect == VPCI_PROSPECT_TOO_SMALL;
    enum vpci_requirement blamed = vpci_blame(request, faults[event->kind].fault);
    if (event->kind == VPCI_EVENT_INPUT_MODIFIED)
        blamed = VPCI_WR_02;
    else if (event->kind == VPCI_EVENT_OVERRUN && refused && request->breach != VPCI_WD_22)
        blamed = (enum vpci_requirement)request->breach;
    else if (event->kind == VPCI_EVENT_OVERRUN && request->contents_free)
        blamed = VPCI_WD_18;
    (void)vpci_hold(model, blamed, false, faults[event->kind].reason,
                    "exactly the memory that the request names, until it ends");
}

/* Which promise a crash, an exit or a hang breaks: by what the kit did last. */
enum vpci_requirement vpci_model_culprit(const struct vpci_model *model, enum vpci_event_kind end)
{
    static const uint16_t by_stimulus[VPCI_EVENT_COUNT + 1] = {
        [VPCI_EVENT_START] = VPCI_QI_16,          [VPCI_EVENT_REMOVE] = VPCI_WD_22,
        [VPCI_EVENT_RESET] = VPCI_RS_02,          [VPCI_EVENT_LOW_RESOURCES] = VPCI_IR_09,
        [VPCI_EVENT_REFERENCE] = VPCI_QI_12,      [VPCI_EVENT_DEREFERENCE] = VPCI_QI_12,
        [VPCI_EVENT_CANCEL] = VPCI_WD_20,         [VPCI_EVENT_INPUT_CHANGE] = VPCI_WD_18,
        [VPCI_EVENT_PF_READ_RETURN] = VPCI_DC_12, [VPCI_EVENT_PF_WRITE_RETURN] = VPCI_DC_12,
        [VPCI_EVENT_PF_INVALIDATE] = VPCI_IV_01,  [VPCI_BLAME_NOTHING_SENT] = VPCI_QI_16,
    };
    if (model->stray_answer)
        return VPCI_WD_25;
    const uint16_t known = by_stimulus[model->last_stimulus];
    if (known != VPCI_REQUIREMENT_NONE)
        return (enum vpci_requirement)known;
    if ((model->used >> model->last_request & 1u) == 0)
        return VPCI_DC_11;
    const struct vpci_request *request = &model->requests[model->last_request];
    const enum vpci_vf_state state = (enum vpci_vf_state)model->vfs[request->vf].state;
    if (request->kind == VPCI_KIND_QUERY)
        return state == VPCI_VF_NOT_STARTED ? VPCI_QI_16 : VPCI_QI_01;
    if (vpci_is_direct(request) && (state == VPCI_VF_REMOVED || state == VPCI_VF_REMOVING))
        return VPCI_QI_12;
    if (request->prospect == VPCI_PROSPECT_REFUSED || request->prospect == VPCI_PROSPECT_TOO_SMALL)
        return (enum vpci_requirement)request->breach;
    if (model->inside_completion)
        return VPCI_WD_08;
    return vpci_blame(request, end == VPCI_EVENT_HANG ? VPCI_FAULT_NEVER_ENDS : VPCI_FAULT_OVERRUN);
}

void vpci_rule_end_of_process(struct vpci_model *model, const struct vpci_event *event)
{
    const char *reason = event->kind == VPCI_EVENT_CRASH ? "the implementation crashes"
                         : event->kind == VPCI_EVENT_EXIT
                             ? "the implementation ends in the middle of the scenario"
                             : "the implementation does not come back";
    (void)vpci_hold(model, vpci_model_culprit(model, event->kind), false, reason,
                    "it goes on, whatever the outcome");
}

/* ---- silence ---- */

static bool holds_invalidate(const struct vpci_model *model, uint16_t vf)
{
    VPCI_FOR_EACH_BIT(number, model->vfs[vf].open)
    {
        if (model->requests[number].kind == VPCI_KIND_IOCTL_INVALIDATE)
            return true;
    }
    return false;
}

static bool hold_transfer_at_rest(struct vpci_model *model, struct vpci_request *request)
{
    if (model->pf_outside && vpci_pf_may_wait(model, request))
        return true;
    const bool refused =
        request->prospect == VPCI_PROSPECT_REFUSED || request->prospect == VPCI_PROSPECT_TOO_SMALL;
    enum vpci_requirement blamed = vpci_blame(request, VPCI_FAULT_NEVER_ENDS);
    const char *reason = "everything for its end is there, and the request does not end";
    if (refused) {
        blamed = (enum vpci_requirement)request->breach;
        reason = "a request that must be refused is neither refused nor ended";
    } else if (request->excuses & VPCI_EXCUSE_RESET) {
        blamed = VPCI_RS_02;
    } else if (request->excuses & VPCI_EXCUSE_REMOVED) {
        blamed = VPCI_WD_22;
    } else if (!request->has_call && model->pf_outside && !request->starved &&
               request->prospect != VPCI_PROSPECT_EMPTY && blamed != VPCI_RS_01 && blamed != VPCI_RM_01) {
        blamed =
            holds_invalidate(model, request->vf) ? VPCI_IV_15 : vpci_blame(request, VPCI_FAULT_NOT_ASKED);
        reason = "the PF is not asked, and the request does not end";
    } else if (!vpci_is_direct(request) && !request->user_event) {
        blamed = VPCI_IR_11;
    }
    return vpci_hold(model, blamed, false, reason, "the PF's answer is passed on, or an error");
}

/* What pends when the removal is over came beside it, and is refused without waiting for anybody. */
static bool is_left_behind(const struct vpci_model *model, const struct vpci_request *request)
{
    return model->vfs[request->vf].state == VPCI_VF_REMOVED && request->beside_removal &&
           request->state == VPCI_REQUEST_PENDING;
}

static bool hold_request_at_rest(struct vpci_model *model, struct vpci_request *request)
{
    if (is_left_behind(model, request))
        return vpci_hold(model, VPCI_WD_22, false, "a request is still pending although the VF was removed",
                         "an error completion");
    if (vpci_is_transfer(request))
        return hold_transfer_at_rest(model, request);
    if (request->kind == VPCI_KIND_QUERY)
        return vpci_hold(model, VPCI_QI_04, false, "a query is queued", "answered at once");
    if (request->kind == VPCI_KIND_IOCTL_OTHER)
        return vpci_hold(model, VPCI_WD_04, false, "an unknown control code is never completed",
                         "an error status");
    if (request->prospect == VPCI_PROSPECT_REFUSED)
        return vpci_hold(model, (enum vpci_requirement)request->breach, false,
                         "a request that must be refused is held", "an error status");
    if (request->state == VPCI_REQUEST_DISPATCHED)
        return vpci_hold(model, VPCI_WD_04, false, "the dispatch routine does not return", "PENDING");
    return true;
}

static void exercise_rest(struct vpci_model *model)
{
    if (model->stray_answer)
        vpci_exercise(model, VPCI_WD_25);
    if (model->over_touched && vpci_claims(model, VPCI_CAPABILITY_BIT(SHARED_MEMORY)))
        vpci_exercise(model, VPCI_WD_07);
}

/* Threads of a blocking implementation may wait for a lock that a call to the PF holds: then silence says
 * nothing until the PF has answered. */
static bool may_be_blocked(const struct vpci_model *model)
{
    return model->calls_open != 0 && vpci_claims(model, VPCI_CAPABILITY_BIT(BLOCKING));
}

/* A removal (WD-22) or a reset (RS-02) comes to its end; it may have to wait for the PF. */
static bool hold_change_at_rest(struct vpci_model *model, uint16_t index)
{
    struct vpci_vf *vf = &model->vfs[index];
    if (model->calls_open != 0)
        return true;
    vf->changing = false;
    if (vf->state == VPCI_VF_REMOVING)
        return vpci_hold(model, VPCI_WD_22, false, "the removal is never finished", "its return");
    return vf->resets == 0 ||
           vpci_hold(model, VPCI_RS_02, false, "the reset is never finished", "its return");
}

void vpci_rule_rest(struct vpci_model *model, const struct vpci_event *event)
{
    (void)event;
    if (may_be_blocked(model))
        return;
    VPCI_FOR_EACH_BIT(number, model->open)
    {
        if (!hold_request_at_rest(model, &model->requests[number]))
            return;
    }
    VPCI_FOR_EACH_BIT(number, model->owing)
    {
        const struct vpci_request *request = &model->requests[number];
        const bool returned = request->state == VPCI_REQUEST_SIGNAL_OWED;
        if (!vpci_hold(model, returned ? VPCI_IW_17 : VPCI_WD_04, false,
                       returned ? "the caller's event is never signalled"
                                : "the dispatch routine does not return",
                       returned ? "a signal after the completion" : "a status"))
            return;
    }
    VPCI_FOR_EACH_BIT(vf, model->vfs_touched)
    {
        vpci_invalidate_at_rest(model, (uint16_t)vf);
        if (model->judgement.verdict == VPCI_VIOLATION || !hold_change_at_rest(model, (uint16_t)vf))
            return;
    }
    vpci_interface_at_rest(model);
    if (!model->pf_outside)
        vpci_blocks_at_rest(model);
    vpci_owner_at_rest(model);
    exercise_rest(model);
    model->stray_answer = false;
    model->over_touched = false;
}
