/* SPDX-License-Identifier: MIT */
/* harness/shrink_roads.c - other roads to the same end: a request is kept open by a PF that holds its answers
 * or by a step that does not wait; it is ended by a cancel, a reset or a removal; it waits for the PF or for
 * news. The same fault is met on several of them, and each is a minimum from which no smaller step leads on.
 */
#include <string.h>

#include "harness/shrink_internal.h"

static bool fits(const struct shrinker *shrinker, const struct vpci_step *step)
{
    return vpci_step_fits(step, shrinker->options.role, shrinker->options.capabilities);
}

/* A PF that holds instead of steps that do not wait. */
static bool hold(struct shrinker *shrinker)
{
    const struct vpci_case *best = &shrinker->best.test;
    bool smaller = false;
    if (best->pf_holds || !vpci_event_is_visible(VPCI_EVENT_PF_READ, shrinker->options.role))
        return false;
    struct vpci_case *test = &shrink_next(shrinker)->test;
    test->pf_holds = true;
    for (uint32_t i = 0; i < test->step_count; i++)
        test->steps[i].settle = true;
    if (shrink_try(shrinker))
        return true;
    for (uint32_t i = 0; i < best->step_count && !smaller; i++) {
        if (shrinker->best.test.steps[i].settle)
            continue;
        test = &shrink_next(shrinker)->test;
        test->pf_holds = true;
        test->steps[i].settle = true;
        smaller = shrink_try(shrinker);
    }
    return smaller;
}

/* One answer to all of the callbacks instead of several answers. */
static bool answer_all(struct shrinker *shrinker)
{
    uint32_t first = VPCI_NO_STEP, answers = 0;
    for (uint32_t i = 0; i < shrinker->best.test.step_count; i++) {
        if (shrinker->best.test.steps[i].kind != VPCI_STEP_ANSWER)
            continue;
        first = answers++ == 0 ? i : first;
        shrinker->drop[i] = answers > 1;
    }
    if (answers < 2) {
        memset(shrinker->drop, 0, shrinker->best.test.step_count * sizeof *shrinker->drop);
        return false;
    }
    shrink_leave_out(shrinker);
    shrinker->next.steps[first].which = VPCI_ANSWER_ALL;
    shrinker->next.steps[first].nth = 0;
    return shrink_try(shrinker);
}

static bool try_step(struct shrinker *shrinker, uint32_t index, const struct vpci_step *step)
{
    shrink_next(shrinker)->steps[index] = *step;
    return fits(shrinker, step) && shrink_try(shrinker);
}

/* The latest IOCTL before the step that belongs to its VF. */
static uint32_t find_ioctl(const struct shrinker *shrinker, uint32_t before)
{
    const struct vpci_step *steps = shrinker->best.test.steps;
    for (uint32_t i = before; i-- > 0;) {
        if (steps[i].kind == VPCI_STEP_EVENT && steps[i].event.kind == VPCI_EVENT_IOCTL &&
            steps[i].event.vf == steps[before].event.vf && shrinker->links[i].number != VPCI_NO_STEP)
            return i;
    }
    return VPCI_NO_STEP;
}

/* A removal as a reset, and that as a cancel. */
static bool end_otherwise(struct shrinker *shrinker, uint32_t index)
{
    struct vpci_step step = shrinker->best.test.steps[index];
    bool smaller = false;
    if (step.kind != VPCI_STEP_EVENT ||
        (step.event.kind != VPCI_EVENT_REMOVE && step.event.kind != VPCI_EVENT_RESET))
        return false;
    if (step.event.kind == VPCI_EVENT_REMOVE) {
        step.event.kind = VPCI_EVENT_RESET;
        smaller = try_step(shrinker, index, &step);
        if (index >= shrinker->best.test.step_count)
            return smaller;
    }
    shrink_find_links(shrinker);
    const uint32_t ended = find_ioctl(shrinker, index);
    if (ended == VPCI_NO_STEP)
        return smaller;
    step.event.kind = VPCI_EVENT_CANCEL;
    step.event.fields = VPCI_F(REQUEST);
    step.event.request = shrinker->links[ended].number;
    return try_step(shrinker, index, &step) || smaller;
}

static struct vpci_step as_invalidate(const struct vpci_step *step)
{
    static const uint8_t fill[] = { VPCI_FILL_BYTE, VPCI_FILL_BYTE, VPCI_FILL_BYTE, VPCI_FILL_BYTE,
                                    VPCI_FILL_BYTE, VPCI_FILL_BYTE, VPCI_FILL_BYTE, VPCI_FILL_BYTE };
    struct vpci_step made = *step;
    made.event.code = VPCI_IOCTL_INVALIDATE_BLOCK;
    made.event.input_length = made.event.data_length = sizeof fill;
    made.event.output_length = 0;
    made.event.data = fill;
    made.data_source = VPCI_DATA_GIVEN;
    made.data_from = 0;
    return made;
}

static struct vpci_step as_read(const struct vpci_step *step)
{
    static const uint8_t head[VPCI_WRITE_INPUT_DATA] = { 0, 0, 0, 0, 1, 0, 0, 0 }; /* one byte of block 0 */
    struct vpci_step made = *step;
    made.event.code = VPCI_IOCTL_READ_BLOCK;
    made.event.input_length = made.event.data_length = sizeof head;
    made.event.output_length = 1;
    made.event.data = head;
    made.data_source = VPCI_DATA_GIVEN;
    made.data_from = sizeof head;
    return made;
}

/* One that waits for news as a transfer, which needs none of the other steps that bring it to its end. */
static bool read_instead(struct shrinker *shrinker, uint32_t index)
{
    for (uint32_t other = 0; other < shrinker->best.test.step_count; other++) {
        const struct vpci_step made = as_read(&shrinker->best.test.steps[index]);
        if (other == index || !fits(shrinker, &made))
            continue;
        shrinker->drop[other] = true;
        shrink_leave_out(shrinker);
        shrinker->next.steps[index - (other < index)] = made;
        if (shrink_try(shrinker))
            return true;
    }
    return false;
}

/* A transfer that is kept open as one that waits for news by itself, and the other way round. */
static bool wait_otherwise(struct shrinker *shrinker, uint32_t index)
{
    const struct vpci_step *step = &shrinker->best.test.steps[index];
    if (step->kind != VPCI_STEP_EVENT || step->event.kind != VPCI_EVENT_IOCTL)
        return false;
    if (step->event.code == VPCI_IOCTL_INVALIDATE_BLOCK) {
        const struct vpci_step made = as_read(step);
        return try_step(shrinker, index, &made) || read_instead(shrinker, index);
    }
    const struct vpci_step made = as_invalidate(step);
    struct vpci_case *test = &shrink_next(shrinker)->test;
    test->steps[index] = made;
    test->steps[index].settle = true;
    test->pf_holds = false;
    return fits(shrinker, &made) && shrink_try(shrinker);
}

/* An IOCTL that is cancelled as a direct call whose VF is reset. */
static bool call_directly(struct shrinker *shrinker, uint32_t index)
{
    shrink_find_links(shrinker);
    const uint32_t about = shrinker->links[index].about;
    struct vpci_step *steps = shrink_next(shrinker)->steps;
    uint32_t block, length;
    if (steps[index].event.kind != VPCI_EVENT_CANCEL || about == VPCI_NO_STEP ||
        !shrink_get_transfer(&steps[about], &block, &length))
        return false;
    const struct vpci_event was = steps[about].event;
    steps[about].event = (struct vpci_event){ .kind = VPCI_EVENT_READ,
                                              .fields = VPCI_F(VF) | VPCI_F(BLOCK) | VPCI_F(LENGTH) |
                                                        (was.fields & VPCI_F(REQUEST)),
                                              .vf = was.vf,
                                              .context_vf = was.vf,
                                              .request = was.request,
                                              .block = block,
                                              .length = length };
    steps[about].data_source = VPCI_DATA_GIVEN;
    steps[index].event.kind = VPCI_EVENT_RESET;
    steps[index].event.fields = VPCI_F(VF);
    steps[index].event.vf = steps[index].event.context_vf = was.vf;
    return fits(shrinker, &steps[about]) && fits(shrinker, &steps[index]) && shrink_try(shrinker);
}

/* One answer less, where the PF answers by itself what is not answered at once. */
static bool answer_less(struct shrinker *shrinker)
{
    bool smaller = false;
    for (uint32_t i = 0; i < shrinker->best.test.step_count && shrinker->best.test.pf_holds; i++) {
        if (shrinker->best.test.steps[i].kind != VPCI_STEP_ANSWER)
            continue;
        shrinker->drop[i] = true;
        shrink_leave_out(shrinker);
        struct vpci_case *test = &shrinker->next.test;
        test->pf_holds = false;
        for (uint32_t k = 1; k < test->step_count; k++) {
            if (test->steps[k].kind == VPCI_STEP_ANSWER)
                test->steps[k - 1].settle = false;
        }
        smaller = shrink_try(shrinker) || smaller;
    }
    return smaller;
}

/* Tries the step without the request from inside whose completion it is sent, at each later place. */
static bool send_later(struct shrinker *shrinker, uint32_t index, uint32_t around)
{
    const uint32_t from = index - (around < index), count = shrinker->best.test.step_count - 1;
    for (uint32_t to = from; to < count; to++) {
        shrinker->drop[around] = true;
        shrink_leave_out(shrinker);
        struct vpci_step *steps = shrinker->next.steps, moved = steps[from];
        moved.has_inside = false;
        moved.settle = true;
        memmove(steps + from, steps + from + 1, (to - from) * sizeof *steps);
        steps[to] = moved;
        if (shrink_try(shrinker))
            return true;
    }
    return false;
}

/* A step that is sent from inside a completion as one of its own. Whose completion that is may only be seen
 * behind it: then any later IOCTL may be the one. */
static bool send_from_outside(struct shrinker *shrinker, uint32_t index)
{
    shrink_find_links(shrinker);
    const struct vpci_step *steps = shrinker->best.test.steps;
    if (!steps[index].has_inside)
        return false;
    if (shrinker->links[index].inside != VPCI_NO_STEP)
        return send_later(shrinker, index, shrinker->links[index].inside);
    for (uint32_t around = index + 1; around < shrinker->best.test.step_count; around++) {
        if (steps[around].kind == VPCI_STEP_EVENT && steps[around].event.kind == VPCI_EVENT_IOCTL &&
            send_later(shrinker, index, around))
            return true;
    }
    return false;
}

bool shrink_roads(struct shrinker *shrinker)
{
    bool smaller = hold(shrinker);
    smaller = answer_all(shrinker) || smaller;
    smaller = answer_less(shrinker) || smaller;
    for (uint32_t i = 0; i < shrinker->best.test.step_count; i++)
        smaller = end_otherwise(shrinker, i) || smaller;
    for (uint32_t i = 0; i < shrinker->best.test.step_count; i++)
        smaller = send_from_outside(shrinker, i) || smaller;
    for (uint32_t i = 0; i < shrinker->best.test.step_count; i++)
        smaller = call_directly(shrinker, i) || smaller;
    for (uint32_t i = 0; i < shrinker->best.test.step_count; i++)
        smaller = wait_otherwise(shrinker, i) || smaller;
    return smaller;
}
