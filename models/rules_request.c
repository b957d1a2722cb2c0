/* SPDX-License-Identifier: MIT */
/* models/rules_request.c - the beginning and the end of a request, whatever its kind, and the table of blame.
 */
#include "models/model_state.h"

/* Rows: kinds of request. Columns: NOT_ASKED, LENGTH, BYTES, EARLY, MASKED_ERROR, UNEXCUSED,
 * INFORMATION_ON_ERROR, OVERRUN, NEVER_ENDS, STARVED, LATE_TOUCH. */
const uint16_t vpci_blame_table[VPCI_KIND_COUNT][VPCI_FAULT_COUNT] = {
    [VPCI_KIND_QUERY] = { VPCI_QI_01, VPCI_QI_06, VPCI_QI_06, VPCI_QI_06, VPCI_QI_04, VPCI_QI_01, VPCI_QI_04,
                          VPCI_QI_05, VPCI_QI_01, VPCI_QI_01, VPCI_QI_05 },
    [VPCI_KIND_READ] = { VPCI_RD_01, VPCI_RD_05, VPCI_RD_02, VPCI_DC_05, VPCI_RD_07, VPCI_DC_04, VPCI_DC_04,
                         VPCI_RD_03, VPCI_DC_12, VPCI_DC_12, VPCI_DC_05 },
    [VPCI_KIND_WRITE] = { VPCI_WR_01, VPCI_WR_03, VPCI_DC_09, VPCI_WR_04, VPCI_WR_04, VPCI_DC_04, VPCI_DC_04,
                          VPCI_WR_02, VPCI_DC_12, VPCI_DC_12, VPCI_DC_05 },
    [VPCI_KIND_IOCTL_READ] = { VPCI_IR_08, VPCI_IR_08, VPCI_IR_08, VPCI_IR_08, VPCI_IR_08, VPCI_IR_08,
                               VPCI_IR_06, VPCI_IR_07, VPCI_WD_04, VPCI_IR_09, VPCI_WD_07 },
    [VPCI_KIND_IOCTL_WRITE] = { VPCI_IW_13, VPCI_IW_13, VPCI_IW_13, VPCI_IW_13, VPCI_IW_14, VPCI_IW_14,
                                VPCI_IW_12, VPCI_IW_09, VPCI_WD_04, VPCI_IW_19, VPCI_WD_07 },
    [VPCI_KIND_IOCTL_INVALIDATE] = { VPCI_IV_01, VPCI_IV_14, VPCI_IV_02, VPCI_IV_01, VPCI_IV_01, VPCI_IV_01,
                                     VPCI_WD_24, VPCI_IV_14, VPCI_WD_04, VPCI_IV_16, VPCI_WD_07 },
    [VPCI_KIND_IOCTL_OTHER] = { VPCI_WD_09, VPCI_WD_09, VPCI_WD_09, VPCI_WD_09, VPCI_WD_09, VPCI_WD_09,
                                VPCI_WD_24, VPCI_IR_07, VPCI_WD_04, VPCI_WD_04, VPCI_WD_07 },
};

enum vpci_requirement vpci_blame(const struct vpci_request *request, enum vpci_fault fault)
{
    if (request->starved && fault == VPCI_FAULT_NEVER_ENDS)
        fault = VPCI_FAULT_STARVED;
    const bool lost = fault == VPCI_FAULT_NEVER_ENDS || fault == VPCI_FAULT_UNEXCUSED;
    if (lost && request->crossed_reset)
        return VPCI_RS_01;
    if (lost && request->crossed_removal)
        return VPCI_RM_01;
    return (enum vpci_requirement)vpci_blame_table[request->kind][fault];
}

struct vpci_request *vpci_request_open(struct vpci_model *model, const struct vpci_event *event,
                                       enum vpci_request_kind kind, uint16_t vf)
{
    if (event->request >= VPCI_REQUESTS_MAX || ((model->open | model->owing) >> event->request & 1u) != 0) {
        vpci_note(model, VPCI_UNSPECIFIED, VPCI_REQUIREMENT_NONE,
                  "the request number is out of range or in use");
        return NULL;
    }
    struct vpci_request *request = &model->requests[event->request];
    const uint64_t bit = (uint64_t)1 << event->request;
    *request = (struct vpci_request){ 0 };
    request->state = VPCI_REQUEST_DISPATCHED;
    request->kind = (uint8_t)kind;
    request->vf = vf;
    request->from_vf = event->vf;
    request->call_slot = VPCI_NO_CALL;
    request->issued = ++model->count;
    request->ended = VPCI_STILL_OPEN;
    request->irql = event->irql;
    request->user_event = (event->fields & VPCI_F(USER_EVENT)) == 0 || event->user_event;
    request->concurrent = model->open != 0;
    request->sent_inside = model->inside_completion && vpci_claims(model, VPCI_CAPABILITY_BIT(REENTRANT));
    VPCI_FOR_EACH_BIT(other, model->open)
    {
        model->requests[other].concurrent = true;
    }
    model->open |= bit;
    model->used |= bit;
    model->vfs[vf].open |= bit;
    model->vfs_touched |= (uint16_t)(1u << vf);
    return request;
}

void vpci_request_close(struct vpci_model *model, struct vpci_request *request, enum vpci_request_state state)
{
    const uint64_t bit = (uint64_t)1 << (request - model->requests);
    const bool was_open = (model->open & bit) != 0;
    request->state = (uint8_t)state;
    model->open &= ~bit;
    model->vfs[request->vf].open &= ~bit;
    if (was_open)
        vpci_owner_departs(model, request);
    if (state == VPCI_REQUEST_OVER)
        model->owing &= ~bit;
    else
        model->owing |= bit;
    if (model->calls_orphaned != 0)
        vpci_owner_sweep(model);
    model->over_touched = true;
}

void vpci_request_exercise_end(struct vpci_model *model, const struct vpci_request *request)
{
    static const struct {
        uint8_t excuse;
        enum vpci_requirement requirement;
    } excused[] = { { VPCI_EXCUSE_CANCELLED, VPCI_WD_20 },
                    { VPCI_EXCUSE_REMOVED, VPCI_WD_22 },
                    { VPCI_EXCUSE_RESET, VPCI_RS_02 } };
    for (size_t i = 0; i < sizeof excused / sizeof excused[0]; i++) {
        if (request->excuses & excused[i].excuse)
            vpci_exercise(model, excused[i].requirement);
    }
    if (!request->user_event)
        vpci_exercise(model, VPCI_IR_11);
    if (request->starved)
        vpci_exercise(model, (enum vpci_requirement)vpci_blame_table[request->kind][VPCI_FAULT_STARVED]);
    if (request->crossed_reset)
        vpci_exercise(model, VPCI_RS_01);
    if (request->crossed_removal)
        vpci_exercise(model, VPCI_RM_01);
    if (request->sent_inside)
        vpci_exercise(model, VPCI_WD_08);
    if (request->contents_free) {
        vpci_exercise(model, VPCI_WD_17);
        vpci_exercise(model, VPCI_WD_18);
    }
}
