/* SPDX-License-Identifier: MIT */
/* harness/step_links.c - see step_links.h. Plays the case in the head: every direct call and transfer is over
 * once the PF answered, an INVALIDATE once there is news or it is cancelled. */
#include "harness/step_links.h"

#include <string.h>

#include "harness/step_ioctl.h"

/* What a request waits for. */
enum waiting { FOR_NOTHING, FOR_THE_PF, FOR_NEWS };

/* The requests as they would be. */
struct requests {
    uint32_t began[VPCI_REQUESTS_MAX]; /* the step that used this number last */
    uint16_t vf[VPCI_REQUESTS_MAX];
    enum waiting waiting[VPCI_REQUESTS_MAX];
    uint64_t open; /* bit r */
    bool has_news[VPCI_VFS_MAX];
};

bool vpci_step_begins(const struct vpci_step *step)
{
    const enum vpci_event_kind kind = step->event.kind;
    return step->kind == VPCI_STEP_EVENT && (kind == VPCI_EVENT_READ || kind == VPCI_EVENT_WRITE ||
                                             kind == VPCI_EVENT_IOCTL || kind == VPCI_EVENT_QUERY_INTERFACE);
}

bool vpci_step_refers(const struct vpci_step *step)
{
    return step->kind == VPCI_STEP_EVENT && (step->has_inside || step->event.kind == VPCI_EVENT_CANCEL ||
                                             step->event.kind == VPCI_EVENT_INPUT_CHANGE);
}

static enum waiting waits_for(const struct vpci_step *step)
{
    const struct vpci_event *event = &step->event;
    struct vpci_ioctl_layout layout;
    uint32_t length = event->length;
    if (event->kind == VPCI_EVENT_QUERY_INTERFACE)
        return FOR_NOTHING;
    if (event->kind == VPCI_EVENT_IOCTL) {
        if (event->code == VPCI_IOCTL_INVALIDATE_BLOCK)
            return FOR_NEWS;
        if (!vpci_ioctl_has_layout(step, &layout))
            return FOR_NOTHING; /* most likely refused */
        length = layout.length;
    }
    return length != 0 && length <= VPCI_BLOCK_BYTES_MAX ? FOR_THE_PF : FOR_NOTHING;
}

static void begin(struct requests *requests, const struct vpci_step *step, uint32_t index,
                  struct vpci_step_link *link)
{
    uint32_t number = step->event.request % VPCI_REQUESTS_MAX;
    if ((step->event.fields & VPCI_F(REQUEST)) == 0) {
        if (~requests->open == 0)
            return;
        number = (uint32_t)__builtin_ctzll(~requests->open);
    } else if ((requests->open >> number & 1u) != 0) {
        return; /* does nothing */
    }
    const uint16_t vf = step->event.vf % VPCI_VFS_MAX;
    link->number = number;
    requests->began[number] = index;
    requests->vf[number] = vf;
    requests->waiting[number] = waits_for(step);
    if (requests->waiting[number] == FOR_NEWS && requests->has_news[vf]) {
        requests->has_news[vf] = false;
        requests->waiting[number] = FOR_NOTHING;
    }
    if (requests->waiting[number] != FOR_NOTHING)
        requests->open |= (uint64_t)1 << number;
}

static bool is_waiting(const struct requests *requests, uint32_t number, enum waiting waiting, int vf)
{
    return (requests->open >> number & 1u) != 0 && requests->waiting[number] == waiting &&
           (vf < 0 || requests->vf[number] == vf);
}

/* The request that has waited longest, passing over nth of them; VPCI_REQUESTS_MAX when there are not so
 * many. vf: only of this one, unless it is negative. */
static uint32_t find_waiting(const struct requests *requests, enum waiting waiting, int vf, uint32_t nth)
{
    uint32_t found = VPCI_REQUESTS_MAX;
    for (uint32_t round = 0; round <= nth; round++) {
        uint32_t next = VPCI_REQUESTS_MAX;
        for (uint32_t number = 0; number < VPCI_REQUESTS_MAX; number++) {
            const bool younger =
                found == VPCI_REQUESTS_MAX || requests->began[number] > requests->began[found];
            const bool oldest = next == VPCI_REQUESTS_MAX || requests->began[number] < requests->began[next];
            if (younger && oldest && is_waiting(requests, number, waiting, vf))
                next = number;
        }
        if (next == VPCI_REQUESTS_MAX)
            return VPCI_REQUESTS_MAX;
        found = next;
    }
    return found;
}

static bool end_one(struct requests *requests, enum waiting waiting, int vf, uint32_t nth)
{
    const uint32_t number = find_waiting(requests, waiting, vf, nth);
    if (number != VPCI_REQUESTS_MAX)
        requests->open &= ~((uint64_t)1 << number);
    return number != VPCI_REQUESTS_MAX;
}

static void end_all(struct requests *requests, enum waiting waiting, int vf)
{
    while (end_one(requests, waiting, vf, 0))
        continue;
}

static void notify(struct requests *requests, const struct vpci_event *event, uint16_t vf_count)
{
    for (uint16_t vf = 0; vf < vf_count; vf++) {
        if (event->vf != VPCI_VF_ALL && event->vf != vf)
            continue;
        if (!end_one(requests, FOR_NEWS, vf, 0))
            requests->has_news[vf] = true;
    }
}

static void answer(struct requests *requests, const struct vpci_step *step)
{
    uint32_t nth = step->nth;
    if (step->which == VPCI_ANSWER_ALL) {
        end_all(requests, FOR_THE_PF, -1);
        return;
    }
    if (step->which == VPCI_ANSWER_NEWEST) {
        for (nth = 0; find_waiting(requests, FOR_THE_PF, -1, nth + 1) != VPCI_REQUESTS_MAX; nth++)
            continue;
    }
    (void)end_one(requests, FOR_THE_PF, -1, nth);
}

static void follow(struct requests *requests, const struct vpci_case *test, const struct vpci_step *step)
{
    const struct vpci_event *event = &step->event;
    if (step->kind == VPCI_STEP_ANSWER)
        answer(requests, step);
    if (step->kind != VPCI_STEP_EVENT)
        return;
    if (event->kind == VPCI_EVENT_CANCEL)
        requests->open &= ~((uint64_t)1 << event->request % VPCI_REQUESTS_MAX);
    if (event->kind == VPCI_EVENT_PF_INVALIDATE)
        notify(requests, event, test->vf_count);
    if (event->kind == VPCI_EVENT_REMOVE || event->kind == VPCI_EVENT_RESET) {
        end_all(requests, FOR_THE_PF, event->vf);
        end_all(requests, FOR_NEWS, event->vf);
    }
}

void vpci_step_links(const struct vpci_case *test, struct vpci_step_link *links)
{
    struct requests requests = { .open = 0 };
    memset(requests.began, 0xFF, sizeof requests.began); /* VPCI_NO_STEP */
    for (uint32_t i = 0; i < test->step_count; i++) {
        const struct vpci_step *step = &test->steps[i];
        links[i] = (struct vpci_step_link){ VPCI_NO_STEP, VPCI_NO_STEP, VPCI_NO_STEP };
        if (step->kind == VPCI_STEP_EVENT && step->has_inside)
            links[i].inside = requests.began[step->inside % VPCI_REQUESTS_MAX];
        if (vpci_step_begins(step))
            begin(&requests, step, i, &links[i]);
        else if (vpci_step_refers(step) && (step->event.fields & VPCI_F(REQUEST)) != 0)
            links[i].about = requests.began[step->event.request % VPCI_REQUESTS_MAX];
        follow(&requests, test, step);
        if (step->settle && !test->pf_holds)
            end_all(&requests, FOR_THE_PF, -1);
    }
}
