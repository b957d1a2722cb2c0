/* SPDX-License-Identifier: MIT */
/* harness/shrink_order.c - which of two cases is smaller, and the hash by which a case is known again. */
#include <string.h>

#include "harness/event_field.h"
#include "harness/shrink_internal.h"
#include "harness/step_ioctl.h"

/* How large a case is, most important first; then kinds and values of the steps decide, from the first on. */
enum {
    SHRINK_STEPS,
    SHRINK_CONCURRENCY, /* steps that do not wait for rest, or are sent from inside a completion */
    SHRINK_VFS,
    SHRINK_BLOCKS,      /* distinct ones */
    SHRINK_REORDERINGS, /* callbacks held, answers other than the oldest's */
    SHRINK_BYTES,
    SHRINK_ODDITIES,
    SHRINK_MEASURES
};
struct shrink_measure {
    uint64_t of[SHRINK_MEASURES];
};

uint32_t shrink_kind_rank(const struct vpci_step *step)
{
    enum { READ, WRITE, READ_BLOCK, WRITE_BLOCK, INVALIDATE, CANCEL, RESET, REMOVE, OTHERS };
    if (step->kind != VPCI_STEP_EVENT)
        return OTHERS + VPCI_EVENT_COUNT + (uint32_t)step->kind;
    if (step->event.kind == VPCI_EVENT_READ)
        return READ;
    if (step->event.kind == VPCI_EVENT_WRITE)
        return WRITE;
    if (step->event.kind == VPCI_EVENT_CANCEL || step->event.kind == VPCI_EVENT_RESET)
        return step->event.kind == VPCI_EVENT_CANCEL ? CANCEL : RESET;
    if (step->event.kind != VPCI_EVENT_IOCTL)
        return step->event.kind == VPCI_EVENT_REMOVE ? REMOVE : OTHERS + (uint32_t)step->event.kind;
    return step->event.code == VPCI_IOCTL_READ_BLOCK         ? READ_BLOCK
           : step->event.code == VPCI_IOCTL_WRITE_BLOCK      ? WRITE_BLOCK
           : step->event.code == VPCI_IOCTL_INVALIDATE_BLOCK ? INVALIDATE
                                                             : OTHERS + VPCI_EVENT_IOCTL;
}

bool shrink_get_transfer(const struct vpci_step *step, uint32_t *block_out, uint32_t *length_out)
{
    struct vpci_ioctl_layout layout;
    if (step->kind != VPCI_STEP_EVENT)
        return false;
    layout.block = step->event.block;
    layout.length = step->event.length;
    if (step->event.kind == VPCI_EVENT_IOCTL && !vpci_ioctl_has_layout(step, &layout))
        return false;
    *block_out = layout.block;
    *length_out = layout.length;
    return step->event.kind == VPCI_EVENT_READ || step->event.kind == VPCI_EVENT_WRITE ||
           step->event.kind == VPCI_EVENT_IOCTL;
}

static uint64_t kind_of(const struct vpci_step *step)
{
    return shrink_kind_rank(step);
}

/* Small values are small. */
static uint64_t cost_of_status(vpci_ntstatus status)
{
    return status == VPCI_STATUS_SUCCESS ? 0 : status == VPCI_STATUS_UNSUCCESSFUL ? 1 : 2;
}

static uint64_t cost_of_count(uint32_t count)
{
    return count == UINT32_MAX ? 0 : 1 + (uint64_t)count;
}

static uint64_t cost_of_which(const struct vpci_step *step)
{
    return step->which == VPCI_ANSWER_NEWEST ? 1 : step->which == VPCI_ANSWER_ALL ? 2 : step->nth * 3;
}

/* Few bits, then low ones. */
static uint64_t cost_of_mask(uint64_t mask)
{
    uint64_t sum = mask == 0 ? UINT64_C(64) << 12 : (uint64_t)__builtin_popcountll(mask) << 12;
    for (uint64_t left = mask; left != 0; left &= left - 1)
        sum += (uint64_t)__builtin_ctzll(left);
    return sum;
}

/* What is out of the ordinary in a step. */
static uint64_t oddities_of(const struct vpci_step *step)
{
    static const struct vpci_guid standard = VPCI_GUID_INTERFACE_STANDARD;
    const struct vpci_event *event = &step->event;
    struct vpci_ioctl_layout layout;
    uint64_t sum = 0;
    if (step->kind == VPCI_STEP_ANSWER)
        return cost_of_status(step->answer.status) + (uint64_t)step->answer.data +
               (step->answer.count != UINT32_MAX);
    if (step->kind != VPCI_STEP_EVENT)
        return 0;
    sum +=
        (uint64_t)__builtin_popcount(event->fields & (VPCI_F(CONTEXT_VF) | VPCI_F(IRQL) | VPCI_F(MAJOR) |
                                                      VPCI_F(USER_EVENT) | VPCI_F(REQUEST) | VPCI_F(STATUS)));
    if ((event->fields & VPCI_F(DATA)) != 0 && event->data_length > step->data_from)
        sum += (uint64_t)step->data_source;
    if ((event->fields & VPCI_F(STATUS)) != 0)
        sum += cost_of_status(event->status);
    if (event->kind == VPCI_EVENT_QUERY_INTERFACE) {
        sum += memcmp(&event->guid, &standard, sizeof standard) != 0 ? 1 : 0;
        sum += event->size != VPCI_INTERFACE_BYTES ? 1 : 0;
        sum += event->version != VPCI_INTERFACE_VERSION ? 1 : 0;
    }
    if (event->kind == VPCI_EVENT_IOCTL && !vpci_ioctl_is_usual(step))
        sum += vpci_ioctl_has_layout(step, &layout) ? 1 : 2;
    return sum;
}

static uint64_t values_of(const struct vpci_step *step)
{
    const struct vpci_event *event = &step->event;
    uint32_t block = 0, length = 0;
    if (step->kind == VPCI_STEP_ANSWER)
        return cost_of_which(step) + cost_of_count(step->answer.count) + step->answer.given_length;
    if (step->kind != VPCI_STEP_EVENT)
        return 0;
    (void)shrink_get_transfer(step, &block, &length);
    uint64_t sum = block;
    sum += (event->fields & VPCI_F(VF)) != 0 ? event->vf : 0;
    sum += (event->fields & VPCI_F(CONTEXT_VF)) != 0 ? event->context_vf : 0;
    sum += (event->fields & VPCI_F(REQUEST)) != 0 ? event->request : 0;
    sum += (event->fields & VPCI_F(CALL)) != 0 ? event->call : 0;
    sum += (event->fields & VPCI_F(MASK)) != 0 ? cost_of_mask(event->mask) : 0;
    if (event->kind == VPCI_EVENT_IOCTL)
        sum += (uint64_t)event->input_length + event->output_length;
    if (event->kind == VPCI_EVENT_QUERY_INTERFACE)
        sum += (uint64_t)event->size + event->version;
    return sum + (step->has_inside ? step->inside : 0);
}

static uint64_t bytes_of(const struct vpci_step *step)
{
    uint32_t block, length;
    if (step->kind != VPCI_STEP_EVENT)
        return 0;
    if (shrink_get_transfer(step, &block, &length)) /* to ask for nothing is odder than to ask for a byte */
        return length == 0 ? 2 : length;
    return (step->event.fields & VPCI_F(DATA)) != 0     ? step->event.data_length
           : (step->event.fields & VPCI_F(LENGTH)) != 0 ? step->event.length
                                                        : 0;
}

static uint64_t count_blocks(const struct vpci_case *test)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < test->step_count; i++) {
        uint32_t block, earlier, length;
        bool is_new = shrink_get_transfer(&test->steps[i], &block, &length);
        /* Only neighbours far enough to see a difference are compared: a long case has other measures. */
        enum { BACK_MAX = 64 };
        for (uint32_t k = i > BACK_MAX ? i - BACK_MAX : 0; is_new && k < i; k++)
            is_new = !(shrink_get_transfer(&test->steps[k], &earlier, &length) && earlier == block);
        count += is_new;
    }
    return count;
}

static void measure(const struct vpci_case *test, struct shrink_measure *measure_out)
{
    struct shrink_measure sum = { { 0 } };
    sum.of[SHRINK_STEPS] = test->step_count;
    sum.of[SHRINK_VFS] = test->vf_count;
    sum.of[SHRINK_BLOCKS] = count_blocks(test);
    sum.of[SHRINK_REORDERINGS] = test->pf_holds;
    sum.of[SHRINK_ODDITIES] = cost_of_status(test->pf.status) + (uint64_t)test->pf.data;
    sum.of[SHRINK_ODDITIES] += test->start_automatically ? 0 : 1;
    sum.of[SHRINK_ODDITIES] += cost_of_count(test->pf.count);
    for (uint32_t i = 0; i < test->step_count; i++) {
        const struct vpci_step *step = &test->steps[i];
        const bool acts = step->kind == VPCI_STEP_EVENT || step->kind == VPCI_STEP_ANSWER;
        sum.of[SHRINK_CONCURRENCY] += acts && !step->settle ? 1 : 0;
        sum.of[SHRINK_CONCURRENCY] += acts && step->has_inside ? 1 : 0;
        sum.of[SHRINK_REORDERINGS] += step->kind == VPCI_STEP_ANSWER && cost_of_which(step) != 0;
        sum.of[SHRINK_BYTES] += bytes_of(step);
        sum.of[SHRINK_ODDITIES] += oddities_of(step);
    }
    *measure_out = sum;
}

/* Which is the first to have something smaller: -1, 1, or 0 for neither. */
static int compare_steps(const struct vpci_case *one, const struct vpci_case *other,
                         uint64_t (*cost)(const struct vpci_step *step))
{
    for (uint32_t i = 0; i < one->step_count; i++) {
        const uint64_t first = cost(&one->steps[i]), second = cost(&other->steps[i]);
        if (first != second)
            return first < second ? -1 : 1;
    }
    return 0;
}

bool shrink_is_smaller(const struct vpci_case *one, const struct vpci_case *other)
{
    struct shrink_measure first, second;
    if (one->step_count != other->step_count)
        return one->step_count < other->step_count;
    measure(one, &first);
    measure(other, &second);
    for (int i = 0; i < SHRINK_MEASURES; i++) {
        if (first.of[i] != second.of[i])
            return first.of[i] < second.of[i];
    }
    const int kinds = compare_steps(one, other, kind_of);
    return kinds != 0 ? kinds < 0 : compare_steps(one, other, values_of) < 0;
}

/* ---- hash ---- */

static uint64_t add(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 29;
}

static uint64_t add_bytes(uint64_t hash, const uint8_t *bytes, uint32_t length)
{
    hash = add(hash, length);
    for (uint32_t i = 0; i < length; i++)
        hash = (hash ^ bytes[i]) * 0x100000001B3u;
    return hash;
}

static uint64_t add_answer(uint64_t hash, const struct vpci_pf_answer *answer)
{
    hash = add(add(add(hash, answer->status), answer->count), (uint64_t)answer->data);
    return add_bytes(hash, answer->given, answer->given_length);
}

static uint64_t add_event(uint64_t hash, const struct vpci_step *step)
{
    const struct vpci_event *event = &step->event;
    hash = add(add(hash, (uint64_t)event->kind), event->fields);
    for (uint32_t left = event->fields & ~(VPCI_F(DATA) | VPCI_F(GUID)); left != 0; left &= left - 1)
        hash = add(hash, vpci_field_load(event, (enum vpci_field)__builtin_ctz(left)));
    if ((event->fields & VPCI_F(GUID)) != 0)
        hash = add_bytes(hash, event->guid.bytes, sizeof event->guid.bytes);
    if ((event->fields & VPCI_F(DATA)) == 0)
        return hash;
    const bool unique = step->data_source == VPCI_DATA_UNIQUE && step->data_from < event->data_length;
    hash = add(add(hash, event->data_length), unique);
    return add_bytes(hash, event->data, unique ? step->data_from : event->data_length);
}

uint64_t shrink_hash(const struct vpci_case *test)
{
    uint64_t hash = add(test->vf_count, (uint64_t)test->start_automatically << 1 | test->pf_holds);
    hash = add_answer(hash, &test->pf);
    for (uint32_t i = 0; i < test->step_count; i++) {
        const struct vpci_step *step = &test->steps[i];
        hash = add(hash, (uint64_t)step->kind << 2 | (uint64_t)step->settle << 1 | step->has_inside);
        if (step->has_inside)
            hash = add(hash, step->inside);
        if (step->kind == VPCI_STEP_ANSWER)
            hash = add_answer(add(add(hash, (uint64_t)step->which), step->nth), &step->answer);
        else if (step->kind == VPCI_STEP_EVENT)
            hash = add_event(hash, step);
        for (uint32_t k = 0; k < step->value_count; k++)
            hash = add(add(hash, (uint64_t)step->values[k].field), step->values[k].number);
        hash = add(hash, (uint64_t)step->event.kind << 8 | (uint64_t)step->requirement);
    }
    return hash == 0 ? 1 : hash;
}
