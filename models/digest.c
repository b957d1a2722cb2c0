/* SPDX-License-Identifier: MIT */
/* models/digest.c - see digest.h. Order numbers become places in a list, request numbers and the
 * implementation's call numbers disappear, contents, counters and whatever only chooses whom to blame are
 * left out. */
#include "models/digest.h"

#include <string.h>

#include "models/model_state.h"

enum { NOBODY = 0xFF };

/* The requests that are not over, oldest first. */
struct order {
    uint32_t count;
    uint8_t numbers[VPCI_REQUESTS_MAX];
};

static struct order order_of(const struct vpci_model *model)
{
    struct order order = { .count = 0 };
    VPCI_FOR_EACH_BIT(number, model->open | model->owing)
    {
        uint32_t at = order.count++;
        for (; at > 0 && model->requests[order.numbers[at - 1]].issued > model->requests[number].issued; at--)
            order.numbers[at] = order.numbers[at - 1];
        order.numbers[at] = (uint8_t)number;
    }
    return order;
}

static uint64_t both(uint32_t low, uint32_t high)
{
    return (uint64_t)high << 32 | low;
}

static uint64_t *add_vf(uint64_t *to, const struct vpci_vf *vf)
{
    *to++ = (uint64_t)vf->state | (uint64_t)vf->changing << 8 | (uint64_t)vf->resets << 16 |
            (uint64_t)vf->has_unknown_blocks << 10 | (uint64_t)vf->has_serial << 11 |
            (uint64_t)vf->has_references << 12 | (uint64_t)vf->references_unjudged << 13 |
            (uint64_t)vf->told_zero << 14;
    *to++ = both(vf->starving, vf->zeros);
    *to++ = both(vf->serial, vf->references);
    *to++ = both((uint32_t)vf->reference_change, vf->client_references);
    *to++ = vf->owed;
    *to++ = vf->deliverable;
    *to++ = vf->in_flight;
    *to++ = vf->told;
    return to;
}

static uint64_t flags_of(const struct vpci_request *request)
{
    const bool flags[] = { request->user_event,       request->starved,         request->contents_free,
                           request->changed_to_empty, request->signalled,       request->marked,
                           request->has_call,         request->may_deliver_zero };
    uint64_t bits = 0;
    for (unsigned i = 0; i < sizeof flags / sizeof flags[0]; i++)
        bits |= (uint64_t)flags[i] << i;
    return bits;
}

static uint64_t *add_request(uint64_t *to, const struct vpci_request *request)
{
    const bool has_result =
        request->state == VPCI_REQUEST_COMPLETED || request->state == VPCI_REQUEST_SIGNAL_OWED;
    const bool has_status = has_result || request->kind == VPCI_KIND_QUERY;
    *to++ = (uint64_t)request->state | (uint64_t)request->kind << 4 | (uint64_t)request->prospect << 8 |
            (uint64_t)request->excuses << 12 | flags_of(request) << 20 | (uint64_t)request->vf << 28 |
            (uint64_t)request->from_vf << 36 | (uint64_t)request->breach << 44 |
            (uint64_t)request->unfollowed << 60 | (uint64_t)request->beside_removal << 61 |
            (uint64_t)request->older_zero << 62;
    *to++ = both(request->block, request->length);
    *to++ = both(request->input_length, request->output_length);
    *to++ = request->may_deliver;
    *to++ = request->older_news;
    *to++ = both(has_status ? request->status : 0, (uint32_t)request->size << 16 | request->version);
    *to++ = has_result ? request->information : 0;
    return to;
}

/* Which requests are like the call at the PF and older than a moment: of the order numbers, this is all that
 * a rule ever asks. */
static uint64_t alike_before(const struct vpci_model *model, const struct order *order,
                             const struct vpci_call *call, uint64_t moment)
{
    uint64_t alike = 0;
    for (uint32_t i = 0; i < order->count; i++) {
        const struct vpci_request *request = &model->requests[order->numbers[i]];
        if (request->issued < moment && vpci_owner_is_alike(request, call))
            alike |= (uint64_t)1 << i;
    }
    return alike;
}

static uint32_t owner_of(const struct order *order, const struct vpci_call *call)
{
    for (uint32_t i = 0; i < order->count; i++) {
        if (order->numbers[i] == call->owner)
            return i;
    }
    return NOBODY;
}

/* Callbacks that wait, in the order in which they were made: the PF may answer any of them. */
static struct order open_calls_of(const struct vpci_model *model)
{
    struct order calls = { .count = 0 };
    VPCI_FOR_EACH_BIT(slot, model->calls_open)
    {
        uint32_t at = calls.count++;
        for (; at > 0 && model->calls[calls.numbers[at - 1]].made > model->calls[slot].made; at--)
            calls.numbers[at] = calls.numbers[at - 1];
        calls.numbers[at] = (uint8_t)slot;
    }
    return calls;
}

/* Which of the callbacks that wait, and are taken to be those of open requests, may be a departed one's. */
static uint64_t claims_of(const struct vpci_model *model, const struct vpci_request *departed)
{
    const struct order calls = open_calls_of(model);
    uint64_t claims = 0;
    for (uint32_t i = 0; i < calls.count; i++) {
        const struct vpci_call *call = &model->calls[calls.numbers[i]];
        if (!vpci_owner_has_departed(call) && vpci_owner_may_be(model, departed, call))
            claims |= (uint64_t)1 << i;
    }
    return claims;
}

/* Whether somebody without a callback may take this one, so that its own request may be asked for yet. */
static bool may_be_asked_again(const struct vpci_model *model, const struct vpci_call *call)
{
    VPCI_FOR_EACH_BIT(number, model->vfs[call->vf].open)
    {
        if (!model->requests[number].has_call && vpci_owner_is_alike(&model->requests[number], call))
            return model->requests[call->owner].may_be_asked;
    }
    return false;
}

static void describe_call(const struct vpci_model *model, const struct order *order,
                          const struct vpci_call *call, uint64_t words[VPCI_ABSTRACT_CALL_WORDS])
{
    const bool answered = call->state == VPCI_CALL_ANSWERED;
    const bool orphan = vpci_owner_has_departed(call);
    const struct vpci_request *owner = &model->requests[call->owner];
    const uint64_t departure = orphan && owner->ended > call->made ? owner->ended : call->made;
    words[0] = (uint64_t)answered | (uint64_t)call->is_write << 1 | (uint64_t)orphan << 2 |
               (uint64_t)call->unjudged << 3 | (uint64_t)call->lacks_bytes << 4 |
               (uint64_t)(orphan && may_be_asked_again(model, call)) << 5 | (uint64_t)call->vf << 8 |
               (uint64_t)owner_of(order, call) << 24;
    words[1] = both(call->block, call->length);
    words[2] = answered ? both(call->status, call->moved) : 0;
    words[3] = alike_before(model, order, call, call->made);
    words[4] = orphan ? alike_before(model, order, call, departure) : 0;
    words[5] = orphan ? claims_of(model, owner) : 0;
}

static uint64_t *add_open_calls(const struct vpci_model *model, const struct order *order, uint64_t *to)
{
    const struct order calls = open_calls_of(model);
    for (uint32_t i = 0; i < calls.count; i++, to += VPCI_ABSTRACT_CALL_WORDS)
        describe_call(model, order, &model->calls[calls.numbers[i]], to);
    return to;
}

static int compare(const uint64_t *left, const uint64_t *right)
{
    return memcmp(left, right, VPCI_ABSTRACT_CALL_WORDS * sizeof *left);
}

/* Answers that some request may still take. Their order means nothing, and of equal ones no more are kept
 * than there are requests to take them: each takes one. */
static uint64_t *add_answered_calls(const struct vpci_model *model, const struct order *order, uint64_t *to)
{
    uint64_t *const first = to;
    VPCI_FOR_EACH_BIT(slot, model->calls_used & ~model->calls_open)
    {
        uint64_t words[VPCI_ABSTRACT_CALL_WORDS];
        describe_call(model, order, &model->calls[slot], words);
        uint64_t *at = to;
        int equal = 0;
        for (; at > first && compare(at - VPCI_ABSTRACT_CALL_WORDS, words) >= 0;
             at -= VPCI_ABSTRACT_CALL_WORDS)
            equal += compare(at - VPCI_ABSTRACT_CALL_WORDS, words) == 0;
        if (vpci_owner_has_departed(&model->calls[slot]) &&
            equal >= __builtin_popcountll(words[3] | words[4]))
            continue;
        memmove(at + VPCI_ABSTRACT_CALL_WORDS, at, (size_t)(to - at) * sizeof *to);
        memcpy(at, words, sizeof words);
        to += VPCI_ABSTRACT_CALL_WORDS;
    }
    return to;
}

/* Departed requests without a callback: the PF may be asked for them yet, or was already. */
static uint64_t *add_departed(const struct vpci_model *model, uint64_t *to)
{
    struct order departed = { .count = 0 };
    VPCI_FOR_EACH_BIT(number, model->departed)
    {
        const struct vpci_request *request = &model->requests[VPCI_REQUESTS_MAX + number];
        uint32_t at = departed.count;
        if (request->has_call)
            continue;
        for (; at > 0 && model->requests[departed.numbers[at - 1]].issued > request->issued; at--)
            departed.numbers[at] = departed.numbers[at - 1];
        departed.numbers[at] = (uint8_t)(VPCI_REQUESTS_MAX + number);
        departed.count++;
    }
    for (uint32_t i = 0; i < departed.count; i++) {
        const struct vpci_request *request = &model->requests[departed.numbers[i]];
        to = add_request(to, request);
        *to++ = claims_of(model, request) << 1 | request->may_be_asked;
    }
    return to;
}

uint32_t vpci_model_abstract(const struct vpci_model *model, uint64_t words[VPCI_ABSTRACT_WORDS_MAX])
{
    const struct order order = order_of(model);
    uint64_t *to = words;
    *to++ = (uint64_t)order.count | (uint64_t)__builtin_popcountll(model->calls_open) << 8 |
            (uint64_t)model->vfs_touched << 16 | (uint64_t)model->calls_lost << 32;
    for (uint16_t vf = 0; vf < model->options.vf_count; vf++)
        to = add_vf(to, &model->vfs[vf]);
    for (uint32_t i = 0; i < order.count; i++)
        to = add_request(to, &model->requests[order.numbers[i]]);
    to = add_open_calls(model, &order, to);
    to = add_answered_calls(model, &order, to);
    to = add_departed(model, to);
    return (uint32_t)(to - words);
}

static uint64_t mix(uint64_t hash, uint64_t word, uint64_t factor)
{
    hash = (hash ^ word) * factor;
    return hash ^ hash >> 29;
}

struct vpci_state_digest vpci_state_digest_of(const uint64_t *words, uint32_t count)
{
    struct vpci_state_digest digest = { count, ~(uint64_t)count };
    for (uint32_t i = 0; i < count; i++) {
        digest.low = mix(digest.low, words[i], 0x9E3779B97F4A7C15u);
        digest.high = mix(digest.high, words[i] + i, 0xC2B2AE3D27D4EB4Fu);
    }
    return digest;
}

struct vpci_state_digest vpci_model_digest(const struct vpci_model *model)
{
    uint64_t words[VPCI_ABSTRACT_WORDS_MAX];
    return vpci_state_digest_of(words, vpci_model_abstract(model, words));
}

struct vpci_situation vpci_model_situation(const struct vpci_model *model)
{
    const struct order order = order_of(model);
    struct vpci_situation situation = { .request_count = order.count,
                                        .calls_open = (uint32_t)__builtin_popcountll(model->calls_open) };
    memcpy(situation.requests, order.numbers, order.count);
    for (uint32_t i = 0; i < order.count; i++) {
        if (model->requests[order.numbers[i]].kind >= VPCI_KIND_IOCTL_READ)
            situation.cancellable |= (uint64_t)1 << i;
    }
    for (uint16_t vf = 0; vf < model->options.vf_count; vf++) {
        const uint8_t state = model->vfs[vf].state;
        if (state == VPCI_VF_NOT_STARTED)
            situation.not_started |= (uint16_t)(1u << vf);
        if (state == VPCI_VF_REMOVED || state == VPCI_VF_REMOVING)
            situation.gone |= (uint16_t)(1u << vf);
    }
    return situation;
}
