/* SPDX-License-Identifier: MIT */
/* models/rules_ioctl.c - what all IOCTLs share (WD): dispatch, pending, completion exactly once, the caller's
 * status block and event. What a completion says about moved data is in rules_transfer.c, about masks in
 * rules_invalidate.c. */
#include "models/model_state.h"

static enum vpci_request_kind kind_of_code(uint32_t code)
{
    switch (code) {
    case VPCI_IOCTL_READ_BLOCK:
        return VPCI_KIND_IOCTL_READ;
    case VPCI_IOCTL_WRITE_BLOCK:
        return VPCI_KIND_IOCTL_WRITE;
    case VPCI_IOCTL_INVALIDATE_BLOCK:
        return VPCI_KIND_IOCTL_INVALIDATE;
    default:
        return VPCI_KIND_IOCTL_OTHER;
    }
}

/* IOCTL_VPCI_INVALIDATE_BLOCK: IV-14, A-06, A-33. */
static void invalidate_prospect(struct vpci_request *request, const struct vpci_event *event)
{
    const bool customary = event->output_length == 0 || event->output_length == 8;
    if (event->input_length < sizeof(struct vpci_invalidate_block_output)) {
        request->prospect = VPCI_PROSPECT_REFUSED;
        request->breach = VPCI_IV_14;
    } else if (event->input_length > sizeof(struct vpci_invalidate_block_output) || !customary) {
        request->prospect = VPCI_PROSPECT_EITHER;
    }
}

void vpci_rule_ioctl(struct vpci_model *model, const struct vpci_event *event)
{
    const enum vpci_request_kind kind = kind_of_code(event->code);
    struct vpci_request *request = vpci_request_open(model, event, kind, event->vf);
    if (request == NULL)
        return;
    request->input_length = event->input_length;
    request->output_length = event->output_length;
    if (kind == VPCI_KIND_IOCTL_READ) {
        vpci_transfer_read_prospect(request, event);
    } else if (kind == VPCI_KIND_IOCTL_WRITE) {
        vpci_transfer_write_prospect(model, request, event);
    } else if (kind == VPCI_KIND_IOCTL_INVALIDATE) {
        invalidate_prospect(request, event);
    } else {
        request->prospect = VPCI_PROSPECT_REFUSED;
        request->breach = VPCI_WD_09;
    }
    const bool internal = (event->fields & VPCI_F(MAJOR)) == 0 || event->major == VPCI_MAJOR_INTERNAL;
    if (!internal)
        vpci_transfer_loosen(request); /* */
    vpci_transfer_consider_vf(model, request);
    if (kind == VPCI_KIND_IOCTL_INVALIDATE)
        vpci_invalidate_issued(model, request);
    else
        vpci_blocks_issued(model, request);
}

/* WD-01, WD-02, WD-03: the mark, the return value and the completion agree. */
static bool hold_mark_at_return(struct vpci_model *model, const struct vpci_request *request,
                                const struct vpci_event *event)
{
    if ((event->fields & VPCI_F(MARKED)) == 0 || !vpci_claims(model, VPCI_CAPABILITY_BIT(PENDING_MARK)))
        return true;
    const bool pending = event->status == VPCI_STATUS_PENDING;
    const bool completed = request->state == VPCI_REQUEST_COMPLETED;
    if (completed && (pending || event->marked) &&
        !vpci_hold(model, VPCI_WD_02, request->marked,
                   "the request was completed before it was marked pending",
                   "mark first, then let others complete it"))
        return false;
    if (completed && event->marked)
        return vpci_hold(model, VPCI_WD_03, pending,
                         "marked pending and completed, but another status is returned", "PENDING");
    return vpci_hold(model, VPCI_WD_01, event->marked == pending,
                     "the return value and the pending mark do not agree", "PENDING if and only if marked");
}

void vpci_rule_ioctl_return(struct vpci_model *model, const struct vpci_event *event)
{
    struct vpci_request *request = &model->requests[event->request];
    const bool completed = request->state == VPCI_REQUEST_COMPLETED;
    if (!vpci_hold(model, VPCI_WD_04, request->kind >= VPCI_KIND_IOCTL_READ, "the request is not an IOCTL",
                   NULL) ||
        !hold_mark_at_return(model, request, event))
        return;
    if (event->status == VPCI_STATUS_PENDING) {
        const bool owes_signal = completed && request->user_event && !request->signalled &&
                                 vpci_claims(model, VPCI_CAPABILITY_BIT(STATUS_BLOCK));
        if (!completed)
            request->state = VPCI_REQUEST_PENDING;
        else
            vpci_request_close(model, request, owes_signal ? VPCI_REQUEST_SIGNAL_OWED : VPCI_REQUEST_OVER);
        return;
    }
    if (!vpci_hold(model, VPCI_WD_04, completed,
                   "a final status is returned for a request that was not completed",
                   "PENDING, or complete it first"))
        return;
    (void)vpci_hold(model, VPCI_WD_06, event->status == request->status,
                    "the status returned is not the status it was completed with", "the same status");
    vpci_request_close(model, request, VPCI_REQUEST_OVER);
}

/* A status that may end an IRP (WD-05, IW-14), and Information on error (IR-06, IW-12, WD-24). */
static bool hold_status(struct vpci_model *model, struct vpci_request *request,
                        const struct vpci_event *event)
{
    if (vpci_pf_is_unjudged(model, request))
        return true;
    if (!vpci_hold(model, VPCI_WD_05, event->status != VPCI_STATUS_PENDING,
                   "completed with the status PENDING", "a final status"))
        return false;
    const bool error = vpci_nt_error(event->status);
    const enum vpci_requirement final = request->kind == VPCI_KIND_IOCTL_WRITE ? VPCI_IW_14 : VPCI_WD_05;
    if (!vpci_hold(model, final, error || event->status == VPCI_STATUS_SUCCESS,
                   "completed with a status that is neither SUCCESS nor an error", "SUCCESS or an error"))
        return false;
    if (!error)
        return true;
    vpci_exercise(model, VPCI_WD_24);
    return vpci_hold(model,
                     (enum vpci_requirement)vpci_blame_table[request->kind][VPCI_FAULT_INFORMATION_ON_ERROR],
                     event->information == 0, "Information is not 0 although the request failed", "0");
}

void vpci_rule_ioctl_complete(struct vpci_model *model, const struct vpci_event *event)
{
    struct vpci_request *request = &model->requests[event->request];
    if (!vpci_hold(model, VPCI_WD_04, request->kind >= VPCI_KIND_IOCTL_READ, "the request is not an IOCTL",
                   NULL))
        return;
    if (!hold_status(model, request, event) || !vpci_transfer_hold_extent(model, request, event))
        return;
    if (request->kind == VPCI_KIND_IOCTL_INVALIDATE && request->prospect != VPCI_PROSPECT_REFUSED)
        vpci_invalidate_completed(model, request, event);
    else
        (void)vpci_transfer_ended(model, request, event);
    if (model->judgement.verdict == VPCI_VIOLATION)
        return;
    vpci_exercise(model, VPCI_WD_04);
    vpci_request_exercise_end(model, request);
    const bool has_mark =
        (event->fields & VPCI_F(MARKED)) != 0 && vpci_claims(model, VPCI_CAPABILITY_BIT(PENDING_MARK));
    if (has_mark && request->state == VPCI_REQUEST_PENDING &&
        !vpci_hold(model, VPCI_WD_02, event->marked, "a pending request is completed without the mark",
                   "marked from before anybody could complete it"))
        return;
    request->marked = !has_mark || event->marked;
    request->status = event->status;
    request->information = event->information;
    request->result_hash = vpci_hash(event->data, event->data == NULL ? 0 : event->data_length) ^ event->mask;
    if (request->state == VPCI_REQUEST_PENDING) {
        const bool owes_signal = request->user_event && vpci_claims(model, VPCI_CAPABILITY_BIT(STATUS_BLOCK));
        vpci_request_close(model, request, owes_signal ? VPCI_REQUEST_SIGNAL_OWED : VPCI_REQUEST_OVER);
    } else {
        vpci_request_close(model, request, VPCI_REQUEST_COMPLETED);
    }
}

/* IW-15, IW-17, WD-23: by the time the waiter runs, status block and data are final. */
void vpci_rule_signal(struct vpci_model *model, const struct vpci_event *event)
{
    struct vpci_request *request = &model->requests[event->request];
    const uint64_t hash = vpci_hash(event->data, event->data == NULL ? 0 : event->data_length) ^ event->mask;
    if (!vpci_hold(model, VPCI_IW_17, request->user_event && !request->signalled,
                   request->signalled ? "the event is signalled twice"
                                      : "an event is signalled that nobody supplied",
                   "one signal, where an event was supplied"))
        return;
    if (!vpci_hold(model, VPCI_IW_15,
                   event->status == request->status && event->information == request->information,
                   "the caller's status block does not hold the final status",
                   "the status and Information of completion"))
        return;
    const bool carries_result =
        request->kind == VPCI_KIND_IOCTL_READ || request->kind == VPCI_KIND_IOCTL_INVALIDATE;
    if (carries_result && request->status == VPCI_STATUS_SUCCESS &&
        !vpci_hold(model, VPCI_WD_23, hash == request->result_hash,
                   "the event is signalled before the output is in the caller's buffer",
                   "output, status block, event"))
        return;
    vpci_exercise(model, VPCI_WD_23);
    request->signalled = true;
    if (request->state == VPCI_REQUEST_SIGNAL_OWED)
        vpci_request_close(model, request, VPCI_REQUEST_OVER);
}
