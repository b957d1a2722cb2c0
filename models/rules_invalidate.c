/* SPDX-License-Identifier: MIT */
/* models/rules_invalidate.c - notifications (IV): which bits a completion may carry and which are owed at
 * rest. Bits are independent of each other. Per VF: owed (raised and not delivered since) and deliverable
 * (may be carried by a request sent later). Per held request: the bits raised while it was held, each of
 * which it may carry once. */
#include "models/model_state.h"

void vpci_invalidate_issued(struct vpci_model *model, struct vpci_request *request)
{
    VPCI_FOR_EACH_BIT(number, model->vfs[request->vf].open)
    {
        struct vpci_request *held = &model->requests[number];
        if (held == request || held->kind != VPCI_KIND_IOCTL_INVALIDATE)
            continue;
        request->excuses |= VPCI_EXCUSE_CONTENDED;
        if (held->state == VPCI_REQUEST_DISPATCHED) /* both on their way in: either may be the second */
            held->excuses |= VPCI_EXCUSE_CONTENDED;
    }
}

static void raise_at(struct vpci_model *model, uint16_t index, uint64_t mask, bool for_all)
{
    struct vpci_vf *vf = &model->vfs[index];
    if (vf->state == VPCI_VF_REMOVED)
        return;
    if (mask == 0)
        vf->zeros++;
    const uint64_t waiting = vf->owed & ~mask;
    if (waiting != 0)
        vf->merged |= waiting | mask;
    /* Before the start, and beside a removal or a reset, whatever is raised may come to nothing. */
    if (vf->state == VPCI_VF_STARTED && vf->resets == 0)
        vf->owed |= mask;
    /* Observations may cross stimuli: what was raised before may have been delivered before this. */
    if (!model->options.exact_order)
        vf->in_flight |= mask & vf->deliverable;
    vf->deliverable |= mask;
    vf->for_all = for_all ? vf->for_all | mask : vf->for_all & ~mask;
    vf->crossed_reset &= ~mask;
    vf->crossed_removal &= ~mask;
    vf->raised += mask != 0;
    vf->raised_since_rest = vf->raised_since_rest || mask != 0;
    vf->raced = vf->raced || (mask != 0 && vf->cancelled_since_rest);
    VPCI_FOR_EACH_BIT(number, vf->open)
    {
        struct vpci_request *request = &model->requests[number];
        if (request->kind == VPCI_KIND_IOCTL_INVALIDATE) {
            request->older_news |= request->may_deliver & vf->told & mask;
            request->older_zero =
                request->older_zero || (mask == 0 && request->may_deliver_zero && vf->told_zero);
            request->may_deliver |= mask;
            request->may_deliver_zero = request->may_deliver_zero || mask == 0;
        }
    }
    for (int i = 0; i < model->sighting_count; i++) {
        struct vpci_sighting *seen = &model->sightings[i];
        if (seen->vf == index && seen->block < VPCI_FLAGGABLE_BLOCKS && (mask >> seen->block & 1u) != 0)
            seen->notified_since = true;
    }
}

void vpci_rule_pf_invalidate(struct vpci_model *model, const struct vpci_event *event)
{
    for (uint16_t vf = 0; vf < model->options.vf_count; vf++) {
        if (event->vf == vf || event->vf == VPCI_VF_ALL) {
            raise_at(model, vf, event->mask, event->vf == VPCI_VF_ALL);
            model->vfs_touched |= (uint16_t)(1u << vf);
        }
    }
    model->vfs_with_traffic |= event->vf < VPCI_VFS_MAX ? (uint16_t)(1u << event->vf) : 0;
}

/* Whose mistake a wrong mask is. */
static void blame_mask(struct vpci_model *model, const struct vpci_request *request, uint64_t wrong)
{
    enum vpci_requirement blamed = VPCI_IV_01;
    const char *reason = "a held request completes although the PF raised nothing";
    for (uint16_t other = 0; other < model->options.vf_count; other++) {
        if (other != request->vf && ((model->vfs[other].owed | model->vfs[other].noticed) & wrong) != 0) {
            blamed = VPCI_IV_11;
            reason = "the mask carries bits that the PF raised for another VF";
        }
    }
    if ((model->vfs[request->vf].noticed & wrong) != 0) {
        blamed = VPCI_IV_05;
        reason = "bits are delivered again although the PF did not raise them again";
    } else if (blamed == VPCI_IV_01 && model->vfs[request->vf].raised != 0) {
        const bool misnamed =
            __builtin_popcountll(wrong) == __builtin_popcountll(model->vfs[request->vf].owed);
        blamed = misnamed ? VPCI_IV_06 : VPCI_IV_02;
        reason = misnamed ? "the mask names other blocks than those that the PF raised"
                          : "the mask carries bits that the PF never raised";
    }
    (void)vpci_hold(model, blamed, false, reason,
                    "a non-empty part of the bits that the PF raised and nobody was told");
}

static void exercise_delivery(struct vpci_model *model, const struct vpci_vf *vf, uint64_t mask)
{
    vpci_exercise(model, VPCI_IV_01);
    vpci_exercise(model, VPCI_IV_02);
    vpci_exercise(model, VPCI_IV_05);
    vpci_exercise(model, VPCI_IV_06);
    if ((vf->merged & mask) != 0)
        vpci_exercise(model, VPCI_IV_04);
}

/* Requests that are held beside the one that completes may carry the same news once. */
static void share(struct vpci_model *model, const struct vpci_request *request, uint64_t news)
{
    VPCI_FOR_EACH_BIT(number, model->vfs[request->vf].open)
    {
        struct vpci_request *held = &model->requests[number];
        if (held != request && held->kind == VPCI_KIND_IOCTL_INVALIDATE)
            held->may_deliver |= news;
    }
}

static void delivered_nothing(struct vpci_model *model, const struct vpci_request *request)
{
    struct vpci_vf *vf = &model->vfs[request->vf];
    if (vpci_hold(model, VPCI_IV_01, vf->zeros != 0 || request->may_deliver_zero,
                  "a held request completes with an empty mask", "held until the PF raises something") &&
        vf->zeros != 0 && !request->older_zero)
        vf->zeros--;
    vf->told_zero = true;
}

static void delivered(struct vpci_model *model, struct vpci_request *request, const struct vpci_event *event)
{
    struct vpci_vf *vf = &model->vfs[request->vf];
    const uint64_t mask = event->mask;
    if (!model->pf_outside && !vpci_claims(model, VPCI_CAPABILITY_BIT(PF_CONTROL)))
        return; /* the PF driver inside raises what it likes */
    if (mask == 0) {
        delivered_nothing(model, request);
        return;
    }
    const uint64_t allowed = request->may_deliver | vf->deliverable;
    if ((mask & ~allowed) != 0) {
        blame_mask(model, request, mask & ~allowed);
        return;
    }
    exercise_delivery(model, vf, mask);
    vf->delivered += (mask & vf->owed) != 0;
    share(model, request, mask & vf->deliverable);
    vf->owed &= ~mask;
    /* What may have been told for the event before the latest may have to be told for the latest yet. */
    vf->deliverable &= ~(mask & ~vf->in_flight & ~request->older_news);
    vf->merged &= ~mask;
    vf->noticed |= mask;
    vf->told |= mask;
    if (vf->delivered > vf->raised)
        vpci_note(model, VPCI_WARNING, VPCI_IV_04, "more completions than notifications: a mask was split");
}

/* IV-03 and A-06: SUCCESS, Information 0; 8 is tolerated. */
static bool hold_information(struct vpci_model *model, const struct vpci_event *event)
{
    if (event->information == sizeof(struct vpci_invalidate_block_output))
        return vpci_tolerate(model, VPCI_CHOICE_INVALIDATE_INFORMATION, VPCI_IV_03, false,
                             "Information is the size of the mask", "0");
    return vpci_hold(model, VPCI_IV_03, event->information == 0, "Information of a notification is not 0",
                     "0");
}

void vpci_invalidate_completed(struct vpci_model *model, struct vpci_request *request,
                               const struct vpci_event *event)
{
    if (event->status == VPCI_STATUS_SUCCESS) {
        if (hold_information(model, event))
            delivered(model, request, event);
        return;
    }
    const uint8_t always =
        VPCI_EXCUSE_REMOVED | VPCI_EXCUSE_RESET | VPCI_EXCUSE_RESOURCES | VPCI_EXCUSE_CONTENDED;
    if ((request->excuses & always) != 0 || request->prospect == VPCI_PROSPECT_EITHER)
        return;
    if (request->excuses & VPCI_EXCUSE_CANCELLED) {
        (void)vpci_hold(model, VPCI_IV_12, event->status == VPCI_STATUS_CANCELLED,
                        "a cancelled request ends with another error", "CANCELLED, Information 0");
        return;
    }
    (void)vpci_hold(model, vpci_blame(request, VPCI_FAULT_UNEXCUSED), false,
                    "a held request is failed for no reason", "held until the PF raises something");
}

/* Which promise a lost notification breaks, the most telling circumstance first. */
static enum vpci_requirement blame_loss(const struct vpci_vf *vf, const struct vpci_request *request)
{
    const bool held_then = (request->may_deliver & vf->owed) != 0;
    const struct {
        bool circumstance;
        enum vpci_requirement requirement;
    } causes[] = {
        { (vf->owed & vf->crossed_reset) != 0, VPCI_RS_01 },
        { (vf->owed & vf->crossed_removal) != 0, VPCI_RM_01 },
        { request->starved, VPCI_IV_16 },
        { vf->raced, VPCI_IV_13 },
        { (vf->owed & vf->for_all) != 0, VPCI_IV_11 },
        { request->crossed_reset, VPCI_RS_01 },
        { request->crossed_removal, VPCI_RM_01 },
        { held_then && vf->delivered == 0, VPCI_IV_01 },
        { held_then, VPCI_IV_05 },
        { true, VPCI_IV_04 },
    };
    size_t i = 0;
    while (!causes[i].circumstance)
        i++;
    return causes[i].requirement;
}

/* Whoever is told of an event that others were told of has been told by now. */
static void forget_what_was_told(struct vpci_model *model, struct vpci_vf *vf)
{
    vf->told = 0;
    vf->told_zero = false;
    VPCI_FOR_EACH_BIT(number, vf->open)
    {
        model->requests[number].older_news = 0;
        model->requests[number].older_zero = false;
    }
}

void vpci_invalidate_at_rest(struct vpci_model *model, uint16_t index)
{
    struct vpci_vf *vf = &model->vfs[index];
    const bool may_be_lost = vpci_choice(model, VPCI_CHOICE_NOTIFY_NOBODY) == VPCI_NOTIFY_MAY_BE_LOST;
    bool others_raised = false;
    for (uint16_t other = 0; other < model->options.vf_count; other++)
        others_raised = others_raised || (other != index && model->vfs[other].raised != 0);
    VPCI_FOR_EACH_BIT(number, vf->open)
    {
        const struct vpci_request *request = &model->requests[number];
        if (request->kind != VPCI_KIND_IOCTL_INVALIDATE)
            continue;
        if (!vpci_hold(model, VPCI_IV_12, (request->excuses & VPCI_EXCUSE_CANCELLED) == 0,
                       "a cancelled request is still held at rest", "CANCELLED, or a notification"))
            return;
        vpci_exercise(model, VPCI_IV_01);
        if (others_raised)
            vpci_exercise(model, VPCI_IV_11);
        if (vf->owed == 0 || (may_be_lost && (vf->owed & request->may_deliver) == 0))
            continue;
        if (!vpci_hold(model, blame_loss(vf, request), false,
                       "a notification was raised, a request is held, and it is not delivered",
                       "a completion that carries the bits"))
            return;
    }
    if (vf->raced)
        vpci_exercise(model, VPCI_IV_13);
    forget_what_was_told(model, vf);
    vf->in_flight = 0;
    vf->raised_since_rest = false;
    vf->cancelled_since_rest = false;
    if (vf->owed == 0)
        vf->raced = false;
}
