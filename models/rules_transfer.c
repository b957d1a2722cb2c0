/* SPDX-License-Identifier: MIT */
/* models/rules_transfer.c - direct calls (DC, RD, WR) and the requests that move data by IOCTL (IR, IW): what
 * may come of a request when it is sent, and whether what came of it is explained by what the PF answered.
 * What all IOCTLs share (WD) is in rules_ioctl.c. */
#include "models/model_state.h"

#include <string.h>

static void forbid(struct vpci_request *request, enum vpci_prospect prospect, enum vpci_requirement breach)
{
    request->prospect = (uint8_t)prospect;
    request->breach = (uint16_t)breach;
}

void vpci_transfer_loosen(struct vpci_request *request)
{
    if (request->prospect == VPCI_PROSPECT_SERVED || request->prospect == VPCI_PROSPECT_EITHER)
        forbid(request, VPCI_PROSPECT_EITHER, VPCI_REQUIREMENT_NONE); /* A-07 asks for no code any more */
    else if (request->prospect == VPCI_PROSPECT_TOO_SMALL)
        request->prospect = VPCI_PROSPECT_REFUSED;
}

/* What the state of the VF adds to what the request's own parameters say. */
void vpci_transfer_consider_vf(struct vpci_model *model, struct vpci_request *request)
{
    const struct vpci_vf *vf = &model->vfs[request->vf];
    if (vf->state == VPCI_VF_REMOVED || vf->state == VPCI_VF_ABSENT)
        forbid(request, VPCI_PROSPECT_REFUSED, VPCI_WD_22);
    else if (vf->state == VPCI_VF_NOT_STARTED)
        vpci_transfer_loosen(request);        /* no source says what a VF does before it is started */
    else if (vf->state == VPCI_VF_REMOVING) { /* beside the removal: before it or after it */
        request->excuses |= VPCI_EXCUSE_REMOVED;
        request->beside_removal = true;
    }
    if (vf->resets != 0)
        request->excuses |= VPCI_EXCUSE_RESET;
    if (vf->starving != 0) {
        request->starved = true;
        request->excuses |= VPCI_EXCUSE_RESOURCES;
    }
    if (request->vf != request->from_vf)
        request->excuses |= VPCI_EXCUSE_CONTEXT;
    request->after_notice =
        request->block < VPCI_FLAGGABLE_BLOCKS && (vf->noticed >> request->block & 1u) != 0;
    model->vfs_with_traffic |= (uint16_t)(1u << request->vf);
}

static void take_data(struct vpci_request *request, const uint8_t *data, uint32_t available)
{
    const uint32_t length = request->length < VPCI_BLOCK_BYTES_MAX ? request->length : VPCI_BLOCK_BYTES_MAX;
    const uint32_t given = data == NULL ? 0 : available < length ? available : length;
    if (given != 0)
        memcpy(request->data, data, given);
}

/* A number in the input of an IOCTL. What the event does not give of the input is zero. */
static uint32_t input_number(const struct vpci_event *event, uint32_t offset)
{
    uint8_t bytes[4] = { 0 };
    for (uint32_t i = 0; i < sizeof bytes && offset + i < event->data_length; i++)
        bytes[i] = event->data[offset + i];
    return vpci_load_u32(bytes);
}

void vpci_rule_direct(struct vpci_model *model, const struct vpci_event *event)
{
    const bool named = (event->fields & VPCI_F(CONTEXT_VF)) != 0;
    const bool known = event->context_vf < model->options.vf_count;
    const uint16_t vf = named && known ? event->context_vf : event->vf;
    const bool is_write = event->kind == VPCI_EVENT_WRITE;
    struct vpci_request *request =
        vpci_request_open(model, event, is_write ? VPCI_KIND_WRITE : VPCI_KIND_READ, vf);
    if (request == NULL)
        return;
    request->block = event->block;
    request->length = event->length;
    request->output_length = is_write ? 0 : event->length;
    if (named && !known)
        request->excuses |= VPCI_EXCUSE_CONTEXT; /* nobody's Context */
    if (is_write)
        take_data(request, event->data, event->data_length);
    if (event->length > VPCI_BLOCK_BYTES_MAX)
        forbid(request, VPCI_PROSPECT_REFUSED, VPCI_DC_02);
    else if (event->length == 0)
        request->prospect = VPCI_PROSPECT_EMPTY;
    if (event->irql > VPCI_IRQL_APC)
        vpci_transfer_loosen(request); /* nothing says what a call above APC_LEVEL is worth */
    vpci_transfer_consider_vf(model, request);
    vpci_blocks_issued(model, request);
}

/* IOCTL_VPCI_READ_BLOCK: IR-04, IR-10, A-02, A-33. */
void vpci_transfer_read_prospect(struct vpci_request *request, const struct vpci_event *event)
{
    if (event->input_length < sizeof(struct vpci_read_block_input)) {
        forbid(request, VPCI_PROSPECT_TOO_SMALL, VPCI_IR_04);
        return;
    }
    request->block = input_number(event, 0);
    request->length = input_number(event, 4);
    if (request->length > VPCI_BLOCK_BYTES_MAX)
        forbid(request, VPCI_PROSPECT_REFUSED, VPCI_IR_10);
    else if (request->length == 0)
        request->prospect = VPCI_PROSPECT_EMPTY;
    else if (event->output_length < request->length)
        forbid(request, VPCI_PROSPECT_TOO_SMALL, VPCI_IR_04);
    if (event->output_length > request->length || event->input_length > sizeof(struct vpci_read_block_input))
        vpci_transfer_loosen(request); /* two mistakes: the error of either */
}

/* IOCTL_VPCI_WRITE_BLOCK: IW-08, IW-09, IW-10, A-02, A-07, A-33. */
void vpci_transfer_write_prospect(const struct vpci_model *model, struct vpci_request *request,
                                  const struct vpci_event *event)
{
    if (event->input_length < VPCI_WRITE_INPUT_DATA) {
        forbid(request, VPCI_PROSPECT_TOO_SMALL, VPCI_IW_08);
        return;
    }
    request->block = input_number(event, 0);
    request->length = input_number(event, 4);
    const uint32_t present = event->input_length - VPCI_WRITE_INPUT_DATA;
    const bool short_structure = event->input_length < sizeof(struct vpci_write_block_input);
    const bool has_bytes = event->data_length > VPCI_WRITE_INPUT_DATA;
    take_data(request, has_bytes ? event->data + VPCI_WRITE_INPUT_DATA : NULL,
              has_bytes ? event->data_length - VPCI_WRITE_INPUT_DATA : 0);
    if (request->length > VPCI_BLOCK_BYTES_MAX) {
        forbid(request, VPCI_PROSPECT_REFUSED, request->length > present ? VPCI_IW_09 : VPCI_IW_10);
    } else if (request->length > present) {
        forbid(request, VPCI_PROSPECT_REFUSED, VPCI_IW_09);
    } else if (request->length == 0) {
        request->prospect = VPCI_PROSPECT_EMPTY;
    } else if (short_structure) {
        static const uint8_t by_choice[] = { VPCI_PROSPECT_EITHER, VPCI_PROSPECT_SERVED,
                                             VPCI_PROSPECT_TOO_SMALL };
        forbid(request, by_choice[vpci_choice(model, VPCI_CHOICE_SHORT_WRITE_INPUT)], VPCI_IW_08);
        if (event->output_length != 0)
            vpci_transfer_loosen(request);
    } else {
        const uint32_t smallest = sizeof(struct vpci_write_block_input);
        const uint32_t needed = request->length + VPCI_WRITE_INPUT_DATA;
        if (event->input_length > (needed > smallest ? needed : smallest) || event->output_length != 0)
            request->prospect = VPCI_PROSPECT_EITHER;
    }
}

/* ---- how transfers end ---- */

static bool is_filled(const uint8_t *data, uint32_t from, uint32_t to, uint8_t value)
{
    for (uint32_t i = from; i < to; i++) {
        if (data[i] != value)
            return false;
    }
    return true;
}

/* Wrong bytes: another VF's, another request's, or nobody's. */
static enum vpci_requirement blame_bytes(const struct vpci_request *request, const struct vpci_sighting *seen)
{
    if (seen != NULL && seen->vf != request->vf)
        return VPCI_DC_10;
    if (seen != NULL && request->concurrent)
        return VPCI_DC_11;
    return vpci_blame(request, VPCI_FAULT_BYTES);
}

/* A success that no answer of the PF explains: find out which promise was broken. */
static void unexplained_success(struct vpci_model *model, const struct vpci_request *request,
                                const struct vpci_event *event)
{
    const struct vpci_call *other = vpci_pf_find_answer(model, request, false, NULL);
    const bool answered_badly = other != NULL && vpci_nt_error(other->status);
    const struct vpci_sighting *seen =
        vpci_is_write(request) ? NULL : vpci_sighting_find(model, event->data, event->data_length);
    enum vpci_requirement blamed;
    const char *reason;
    if (answered_badly) {
        blamed = vpci_blame(request, VPCI_FAULT_MASKED_ERROR);
        reason = "success although the PF answered with an error";
    } else if (vpci_pf_is_waiting(model, request)) {
        blamed = vpci_blame(request, VPCI_FAULT_EARLY);
        reason = "success before the PF answered";
    } else if (request->has_call) {
        blamed = blame_bytes(request, seen);
        reason = "the caller's buffer does not hold the bytes that the PF answered";
    } else if (seen != NULL && seen->vf == request->vf && seen->block == request->block) {
        blamed = seen->written_since ? VPCI_WR_06 : seen->notified_since ? VPCI_IV_17 : VPCI_PF_10;
        reason = "earlier bytes of the block were handed out again without asking the PF";
    } else {
        blamed = vpci_blame(request, VPCI_FAULT_NOT_ASKED);
        reason = "success although the PF was never asked";
    }
    (void)vpci_hold(model, blamed, false, reason, "the PF's answer, passed on");
}

/* RD-04: what a short read leaves behind the PF's bytes is zero or untouched, never somebody else's. */
static bool hold_tail(struct vpci_model *model, const struct vpci_request *request,
                      const struct vpci_event *event, uint32_t moved)
{
    if (moved >= request->length || event->data_length < request->length)
        return true;
    bool clean = true;
    for (uint32_t i = moved; i < request->length; i++)
        clean = clean && (event->data[i] == 0 || event->data[i] == VPCI_FILL_BYTE);
    return vpci_hold(model, VPCI_RD_04, clean, "bytes behind a short read are neither zero nor untouched",
                     "zero bytes, or the buffer as it was");
}

/* IR-05, IW-11 and ruling 1: how many bytes a successful IOCTL says it moved. */
static bool hold_count(struct vpci_model *model, const struct vpci_request *request,
                       const struct vpci_event *event, uint32_t moved)
{
    if (vpci_is_direct(request))
        return true;
    vpci_exercise(model, VPCI_WD_24);
    if (vpci_is_write(request)) {
        const bool fits =
            event->information == moved || (moved < request->length && event->information <= moved);
        return vpci_hold(model, VPCI_IW_11, fits, "Information is not the number of bytes written",
                         "the number of bytes that the PF took");
    }
    const uint32_t rounded = (20 + moved + 7) / 8 * 8 - 20;
    const uint32_t most = rounded < request->length ? rounded : request->length;
    const bool zero_tail = event->information <= event->data_length && event->data_length != 0 &&
                           is_filled(event->data, moved < event->data_length ? moved : event->data_length,
                                     (uint32_t)event->information, 0);
    if (moved < request->length && event->information > moved && event->information <= most && zero_tail)
        return vpci_tolerate(model, VPCI_CHOICE_ROUNDED_COUNT, VPCI_IR_05, false,
                             "the count of a short read is rounded up",
                             "the number of bytes that the PF answered");
    return vpci_hold(model, VPCI_IR_05, event->information == moved,
                     "Information is not the number of bytes read",
                     "the number of bytes that the PF answered");
}

/* What a success shows besides being explained. */
static void exercise_success(struct vpci_model *model, const struct vpci_request *request)
{
    struct vpci_vf *vf = &model->vfs[request->vf];
    if (vf->has_refused_block && vf->refused_block == request->block) {
        vpci_exercise(model, VPCI_IW_18);
        vf->has_refused_block = false;
    }
    const uint16_t others = (uint16_t)(model->vfs_with_traffic & ~(1u << request->vf));
    if (others != 0)
        vpci_exercise(model, VPCI_DC_10);
    if (request->concurrent)
        vpci_exercise(model, VPCI_DC_11);
    if (request->after_notice && !vpci_is_write(request))
        vpci_exercise(model, VPCI_IV_17);
    if (request->length == VPCI_BLOCK_BYTES_MAX && vpci_is_direct(request))
        vpci_exercise(model, VPCI_DC_03);
    VPCI_FOR_EACH_BIT(held, model->vfs[request->vf].open)
    {
        if (model->requests[held].kind == VPCI_KIND_IOCTL_INVALIDATE)
            vpci_exercise(model, VPCI_IV_15);
    }
}

static void served(struct vpci_model *model, struct vpci_request *request, const struct vpci_event *event)
{
    static const enum vpci_fault absent[] = { VPCI_FAULT_NOT_ASKED, VPCI_FAULT_BYTES, VPCI_FAULT_EARLY };
    struct vpci_call *call = vpci_pf_find_answer(model, request, true, event);
    if (call == NULL && request->changed_to_empty && !request->has_call)
        return; /* the new length won, and nothing was to be moved */
    if (call == NULL) {
        unexplained_success(model, request, event);
        return;
    }
    if (request->contents_free)
        return; /* any answer may have been another's, so none is used up */
    if (call->unjudged) {
        vpci_owner_use_up(model, request, call);
        return;
    }
    const uint32_t moved = call->moved;
    vpci_owner_use_up(model, request, call);
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++)
        vpci_exercise(model, (enum vpci_requirement)vpci_blame_table[request->kind][absent[i]]);
    if (!hold_count(model, request, event, moved))
        return;
    if (!vpci_is_write(request) && !hold_tail(model, request, event, moved))
        return;
    exercise_success(model, request);
}

/* Whether an error needs no answer of the PF to explain it. */
static bool is_excused(const struct vpci_request *request, const struct vpci_event *event)
{
    const uint8_t excuses = request->excuses;
    if (excuses & (VPCI_EXCUSE_REMOVED | VPCI_EXCUSE_RESET | VPCI_EXCUSE_RESOURCES | VPCI_EXCUSE_CONTEXT))
        return true;
    if ((excuses & VPCI_EXCUSE_CANCELLED) && event->status == VPCI_STATUS_CANCELLED)
        return true;
    if (request->contents_free && !vpci_is_direct(request))
        return true; /* the new values won, and cannot be served (ruling 6); bytes alone always can */
    if (request->prospect == VPCI_PROSPECT_EITHER && request->breach == VPCI_IW_08)
        return event->status == VPCI_STATUS_BUFFER_TOO_SMALL; /* */
    return request->prospect == VPCI_PROSPECT_EITHER || request->prospect == VPCI_PROSPECT_EMPTY;
}

static void hold_pass_through(struct vpci_model *model, const struct vpci_request *request,
                              const struct vpci_event *event, const struct vpci_call *call)
{
    const uint8_t choice = vpci_choice(model, VPCI_CHOICE_STATUS_PASS_THROUGH);
    if (choice == VPCI_PASS_THROUGH_FREE || event->status == call->status || request->excuses != 0)
        return;
    const enum vpci_requirement blamed = vpci_blame(request, VPCI_FAULT_MASKED_ERROR);
    if (choice == VPCI_PASS_THROUGH_REQUIRED)
        (void)vpci_hold(model, blamed, false, "the PF's status was replaced by another error",
                        "the PF's own status");
    else
        vpci_note(model, VPCI_WARNING, blamed, "the PF's status was replaced by another error");
}

/* An error that nothing explains: find out which promise was broken. */
static void unexplained_error(struct vpci_model *model, const struct vpci_request *request)
{
    enum vpci_requirement blamed = vpci_blame(request, VPCI_FAULT_UNEXCUSED);
    const char *reason = "an error although the PF accepted";
    const uint16_t others = (uint16_t) ~(1u << request->vf);
    if (request->crossed_reset || request->crossed_removal) {
        reason = "an error for one VF although only another VF was reset or removed";
    } else if (!request->has_call && ((model->vfs_reset | model->vfs_removed) & others) != 0) {
        blamed = (model->vfs_removed & others) != 0 ? VPCI_RM_01 : VPCI_RS_01;
        reason = "a request is refused although only another VF was reset or removed";
    } else if (request->breach == VPCI_IW_08) {
        blamed = VPCI_IW_08;
        reason = "an input of 8 to 11 bytes is refused with another status than BUFFER_TOO_SMALL";
    } else if (request->excuses & VPCI_EXCUSE_CANCELLED) {
        blamed = VPCI_WD_20;
        reason = "a cancelled request ends with an error that is not CANCELLED";
    } else if (!request->has_call && model->vfs[request->vf].has_refused_block &&
               model->vfs[request->vf].refused_block == request->block) {
        blamed = VPCI_IW_18;
        reason = "a block that the PF refused once is refused without asking again";
    } else if (!request->has_call) {
        if (vpci_is_direct(request))
            blamed = request->length == VPCI_BLOCK_BYTES_MAX ? VPCI_DC_03
                                                             : vpci_blame(request, VPCI_FAULT_NOT_ASKED);
        else
            blamed = vpci_blame(request, VPCI_FAULT_NOT_ASKED);
        reason = "a legal request is refused without asking the PF";
    }
    (void)vpci_hold(model, blamed, false, reason, "the PF is asked, and its answer passed on");
}

static void failed(struct vpci_model *model, struct vpci_request *request, const struct vpci_event *event)
{
    struct vpci_call *call = vpci_pf_find_answer(model, request, false, event);
    const bool excused = is_excused(request, event);
    if (call != NULL) {
        if (!call->unjudged && vpci_nt_error(call->status)) {
            vpci_exercise(model,
                          (enum vpci_requirement)vpci_blame_table[request->kind][VPCI_FAULT_MASKED_ERROR]);
            vpci_exercise(model,
                          (enum vpci_requirement)vpci_blame_table[request->kind][VPCI_FAULT_NOT_ASKED]);
            model->vfs[request->vf].has_refused_block = true;
            model->vfs[request->vf].refused_block = request->block;
            hold_pass_through(model, request, event, call);
        }
        if (!excused) /* else nothing says that this answer was used up, and another may need it */
            vpci_owner_use_up(model, request, call);
        return;
    }
    if (excused)
        return;
    const bool gave_up = event->status == VPCI_STATUS_IO_TIMEOUT && model->calls_open != 0;
    if (vpci_pf_is_waiting(model, request) || (gave_up && vpci_owner_may_do_without(model, request))) {
        /* A provider may give up on a slow PF; what comes late must then be harmless. */
        vpci_note(model, VPCI_NOTE, VPCI_REQUIREMENT_NONE, "ended with an error before the PF answered");
        return;
    }
    unexplained_error(model, request);
}

static bool hold_refusal(struct vpci_model *model, const struct vpci_request *request,
                         const struct vpci_event *event)
{
    const enum vpci_requirement breach = (enum vpci_requirement)request->breach;
    if (!vpci_hold(model, breach, vpci_nt_error(event->status), "a request that must be refused succeeded",
                   "an error status"))
        return false;
    if (request->prospect == VPCI_PROSPECT_TOO_SMALL && request->excuses == 0)
        return vpci_hold(model, breach, event->status == VPCI_STATUS_BUFFER_TOO_SMALL,
                         "a buffer that is too small is refused with another status", "BUFFER_TOO_SMALL");
    return true;
}

static bool is_customary(vpci_ntstatus status)
{
    static const vpci_ntstatus *const customary[] = {
        &VPCI_STATUS_BUFFER_TOO_SMALL,     &VPCI_STATUS_INVALID_PARAMETER, &VPCI_STATUS_INVALID_BUFFER_SIZE,
        &VPCI_STATUS_INFO_LENGTH_MISMATCH, &VPCI_STATUS_NOT_SUPPORTED,     &VPCI_STATUS_INVALID_DEVICE_REQUEST
    };
    for (size_t i = 0; i < sizeof customary / sizeof customary[0]; i++) {
        if (*customary[i] == status)
            return true;
    }
    return false;
}

/* Whether a success of length 0 fits what the PF was asked and answered. It need not have been asked. */
static bool fits_empty_success(struct vpci_model *model, struct vpci_request *request,
                               const struct vpci_event *event)
{
    return !request->has_call || vpci_pf_find_answer(model, request, true, event) != NULL ||
           vpci_owner_may_do_without(model, request);
}

/* Judges the end of a transfer by its status and the caller's buffer. True unless a violation was found. */
bool vpci_transfer_ended(struct vpci_model *model, struct vpci_request *request,
                         const struct vpci_event *event)
{
    const bool success = event->status == VPCI_STATUS_SUCCESS;
    if (request->from_vf != request->vf)
        vpci_exercise(model, VPCI_DC_13);
    if (model->vfs[request->vf].state == VPCI_VF_REMOVED && vpci_is_direct(request) &&
        model->vfs[request->vf].client_references != 0)
        vpci_exercise(model, VPCI_QI_12);
    if (request->prospect == VPCI_PROSPECT_REFUSED || request->prospect == VPCI_PROSPECT_TOO_SMALL) {
        if (hold_refusal(model, request, event) && request->breach != VPCI_WD_22) {
            vpci_exercise(model, VPCI_WD_10);
            if (!is_customary(event->status))
                vpci_note(model, VPCI_NOTE, VPCI_WD_10, "an unusual code for a malformed length");
        }
        return model->judgement.verdict != VPCI_VIOLATION;
    }
    if (request->unfollowed)
        return true;
    const bool empty = request->prospect == VPCI_PROSPECT_EMPTY;
    if (empty && success && !fits_empty_success(model, request, event)) {
        unexplained_success(model, request, event);
    } else if (empty && vpci_choice(model, VPCI_CHOICE_ZERO_LENGTH) != VPCI_ZERO_LENGTH_EITHER) {
        const bool wanted = vpci_choice(model, VPCI_CHOICE_ZERO_LENGTH) == VPCI_ZERO_LENGTH_SUCCEEDS;
        (void)vpci_hold(model, vpci_blame(request, VPCI_FAULT_LENGTH),
                        success == wanted || request->excuses != 0,
                        "length 0 is not treated as the profile wants", "what the profile chooses for A-02");
    } else if (empty && success && !vpci_is_direct(request)) {
        (void)vpci_hold(model, vpci_is_write(request) ? VPCI_IW_11 : VPCI_IR_05, event->information == 0,
                        "Information is not 0 although nothing was moved", "0");
    } else if (!model->pf_outside) {
        vpci_blocks_ended(model, request, event->status, event);
    } else if (!empty && success) {
        served(model, request, event);
    } else if (!empty) {
        failed(model, request, event);
    }
    return model->judgement.verdict != VPCI_VIOLATION;
}

/* RD-03, IR-07: nothing is stored beyond what the caller asked for. */
bool vpci_transfer_hold_extent(struct vpci_model *model, const struct vpci_request *request,
                               const struct vpci_event *event)
{
    if (vpci_is_write(request) || (event->fields & VPCI_F(DATA)) == 0)
        return true;
    const enum vpci_requirement blamed =
        request->prospect == VPCI_PROSPECT_REFUSED && request->breach == VPCI_DC_02
            ? VPCI_DC_02
            : (enum vpci_requirement)vpci_blame_table[request->kind][VPCI_FAULT_OVERRUN];
    if (!vpci_hold(model, blamed, event->data_length <= request->output_length,
                   "more bytes were stored than the caller's buffer has", "at most the stated length"))
        return false;
    /* Otherwise a failure may leave anything within the buffer, and an INVALIDATE may store its mask
     * at UserBuffer, too. */
    if (request->breach == VPCI_IR_04 && event->status != VPCI_STATUS_SUCCESS)
        return vpci_hold(model, VPCI_IR_04, is_filled(event->data, 0, event->data_length, VPCI_FILL_BYTE),
                         "a refused request touched the caller's buffer", "the buffer as it was");
    if (!vpci_is_transfer(request) || request->prospect == VPCI_PROSPECT_REFUSED)
        return true;
    if (request->contents_free)
        return true;
    if (request->prospect == VPCI_PROSPECT_EMPTY || request->length < event->data_length)
        return vpci_hold(model, blamed,
                         is_filled(event->data, request->length < event->data_length ? request->length : 0,
                                   event->data_length, VPCI_FILL_BYTE),
                         "bytes were stored beyond BytesRequested", "at most BytesRequested bytes");
    return true;
}

void vpci_rule_direct_return(struct vpci_model *model, const struct vpci_event *event)
{
    struct vpci_request *request = &model->requests[event->request];
    const enum vpci_request_kind kind =
        event->kind == VPCI_EVENT_READ_RETURN ? VPCI_KIND_READ : VPCI_KIND_WRITE;
    if (!vpci_hold(model, VPCI_DC_05, request->kind == kind, "the return of another kind of call", NULL))
        return;
    const bool unjudged = vpci_pf_is_unjudged(model, request);
    const bool final = event->status == VPCI_STATUS_SUCCESS || vpci_nt_error(event->status);
    if (!unjudged &&
        !vpci_hold(model, VPCI_DC_04, final, "a direct call returns neither SUCCESS nor an error",
                   "SUCCESS or an NTSTATUS of severity error"))
        return;
    if ((event->fields & VPCI_F(IRQL)) && vpci_claims(model, VPCI_CAPABILITY_BIT(IRQL)) &&
        !vpci_hold(model, VPCI_DC_07, event->irql == request->irql, "the call returns at another IRQL",
                   "the IRQL at which it was called"))
        return;
    if (!vpci_transfer_hold_extent(model, request, event) || !vpci_transfer_ended(model, request, event))
        return;
    vpci_exercise(model, VPCI_DC_12);
    vpci_request_exercise_end(model, request);
    if (vpci_claims(model, VPCI_CAPABILITY_BIT(SHARED_MEMORY)))
        vpci_exercise(model, kind == VPCI_KIND_WRITE ? VPCI_WR_02 : VPCI_RD_03);
    vpci_request_close(model, request, VPCI_REQUEST_OVER);
}
