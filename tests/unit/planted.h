/* SPDX-License-Identifier: MIT */
/* tests/unit/planted.h - an implementation that exists on paper only: it follows the steps of a case, knows
 * which requests are open, and has one fault planted. What it costs to find a fault again in a smaller case
 * can so be counted, and the smallest case be found by trying all. */
#ifndef VPCI_PLANTED_H
#define VPCI_PLANTED_H

#include <string.h>

#include "harness/player.h"
#include "harness/script.h"
#include "harness/step_ioctl.h"

enum paper_kind { PAPER_READ, PAPER_WRITE, PAPER_INVALIDATE };

struct paper_request {
    enum paper_kind kind;
    uint16_t vf;
    uint32_t block, length, age;
};

/* What the faults look at, at the moment at which one thing happens. */
enum paper_moment {
    PAPER_BEGINS,   /* request */
    PAPER_ENDS,     /* request; count: bytes that the PF moved; passed_over: older ones that still wait */
    PAPER_CANCELS,  /* request, held */
    PAPER_NOTIFIES, /* vf, mask; request: the held one that is told, or NULL */
    PAPER_RESETS,   /* vf */
};

struct paper {
    struct paper_request requests[VPCI_REQUESTS_MAX];
    uint64_t open;
    uint32_t age;
    uint64_t news[VPCI_VFS_MAX];
    /* of the moment */
    enum paper_moment moment;
    const struct paper_request *request;
    uint16_t vf;
    uint64_t mask;
    uint32_t count, passed_over;
    bool at_once; /* the step before did not wait for rest */
    /* what happened so far */
    uint32_t writes, cancels, reads_since_reset[VPCI_VFS_MAX], transfers[VPCI_VFS_MAX];
    bool news_then_reset[VPCI_VFS_MAX];
    uint16_t last_vf_notified;
    bool notified_before; /* by the step before, which did not wait for rest */
    bool broken;
};

typedef bool paper_fault(const struct paper *paper);

/* The context of a play. */
struct planted {
    paper_fault *fault;
    uint32_t plays;
    uint32_t flicker; /* only every so many plays can fail; 0 and 1: every one */
};

static void paper_look(struct paper *paper, paper_fault *fault)
{
    paper->broken = paper->broken || fault(paper);
}

static bool paper_waits(const struct paper_request *request)
{
    return request->kind != PAPER_INVALIDATE;
}

/* The n-th oldest open request of a sort; NULL when there is none. vf < 0: of any. */
static struct paper_request *paper_find(struct paper *paper, bool waits, int vf, uint32_t nth)
{
    uint32_t after = 0;
    for (;; nth--) {
        struct paper_request *found = NULL;
        for (uint32_t i = 0; i < VPCI_REQUESTS_MAX; i++) {
            struct paper_request *request = &paper->requests[i];
            if ((paper->open >> i & 1u) == 0 || paper_waits(request) != waits ||
                (vf >= 0 && request->vf != vf) || request->age <= after)
                continue;
            if (found == NULL || request->age < found->age)
                found = request;
        }
        if (found == NULL || nth == 0)
            return found;
        after = found->age;
    }
}

static void paper_end(struct paper *paper, paper_fault *fault, struct paper_request *request, uint32_t count,
                      uint32_t passed_over)
{
    paper->open &= ~((uint64_t)1 << (request - paper->requests));
    paper->moment = PAPER_ENDS;
    paper->request = request;
    paper->count = count < request->length ? count : request->length;
    paper->passed_over = passed_over;
    paper->writes += request->kind == PAPER_WRITE;
    paper->transfers[request->vf]++;
    paper_look(paper, fault);
}

static void paper_settle(struct paper *paper, paper_fault *fault, uint32_t count)
{
    struct paper_request *request;
    while ((request = paper_find(paper, true, -1, 0)) != NULL)
        paper_end(paper, fault, request, count, 0);
}

static void paper_begin(struct paper *paper, paper_fault *fault, const struct vpci_step *step)
{
    const struct vpci_event *event = &step->event;
    struct vpci_ioctl_layout layout = { .block = event->block, .length = event->length };
    enum paper_kind kind = event->kind == VPCI_EVENT_READ ? PAPER_READ : PAPER_WRITE;
    uint32_t number = event->request;
    if (event->kind == VPCI_EVENT_IOCTL) {
        kind = event->code == VPCI_IOCTL_READ_BLOCK    ? PAPER_READ
               : event->code == VPCI_IOCTL_WRITE_BLOCK ? PAPER_WRITE
                                                       : PAPER_INVALIDATE;
        if (kind != PAPER_INVALIDATE && !vpci_ioctl_has_layout(step, &layout))
            return;
    }
    if ((event->fields & VPCI_F(REQUEST)) == 0) {
        if (~paper->open == 0)
            return;
        number = (uint32_t)__builtin_ctzll(~paper->open);
    }
    if ((paper->open >> number & 1u) != 0)
        return;
    paper->requests[number] =
        (struct paper_request){ kind, event->vf, layout.block, layout.length, ++paper->age };
    paper->request = &paper->requests[number];
    paper->moment = PAPER_BEGINS;
    paper->vf = event->vf;
    paper_look(paper, fault);
    if (kind == PAPER_INVALIDATE && paper->news[event->vf] != 0)
        paper->news[event->vf] = 0; /* told at once */
    else
        paper->open |= (uint64_t)1 << number;
}

static void paper_notify(struct paper *paper, paper_fault *fault, const struct vpci_event *event)
{
    if (event->vf >= VPCI_VFS_MAX)
        return;
    struct paper_request *held = paper_find(paper, false, event->vf, 0);
    paper->moment = PAPER_NOTIFIES;
    paper->request = held;
    paper->vf = event->vf;
    paper->mask = event->mask;
    paper_look(paper, fault);
    if (held != NULL)
        paper->open &= ~((uint64_t)1 << (held - paper->requests));
    else
        paper->news[event->vf] |= event->mask;
}

static void paper_cancel(struct paper *paper, paper_fault *fault, uint32_t number)
{
    struct paper_request *request = &paper->requests[number % VPCI_REQUESTS_MAX];
    if ((paper->open >> number % VPCI_REQUESTS_MAX & 1u) == 0 || paper_waits(request))
        return;
    paper->moment = PAPER_CANCELS;
    paper->request = request;
    paper->vf = request->vf;
    paper_look(paper, fault);
    paper->cancels++;
    paper->open &= ~((uint64_t)1 << number % VPCI_REQUESTS_MAX);
}

static void paper_reset(struct paper *paper, paper_fault *fault, uint16_t vf)
{
    paper->moment = PAPER_RESETS;
    paper->request = NULL;
    paper->vf = vf;
    paper_look(paper, fault);
    paper->news_then_reset[vf] = paper->news_then_reset[vf] || paper->news[vf] != 0;
    for (uint32_t i = 0; i < VPCI_REQUESTS_MAX; i++) {
        if (paper->requests[i].vf == vf)
            paper->open &= ~((uint64_t)1 << i);
    }
}

static void paper_answer(struct paper *paper, paper_fault *fault, const struct vpci_step *step)
{
    struct paper_request *request;
    uint32_t nth = step->nth;
    if (step->which == VPCI_ANSWER_ALL) {
        paper_settle(paper, fault, step->answer.count);
        return;
    }
    if (step->which == VPCI_ANSWER_NEWEST) {
        for (nth = 0; paper_find(paper, true, -1, nth + 1) != NULL; nth++)
            continue;
    }
    request = paper_find(paper, true, -1, nth);
    if (request != NULL)
        paper_end(paper, fault, request, step->answer.count, nth);
}

static void paper_step(struct paper *paper, paper_fault *fault, const struct vpci_case *test,
                       const struct vpci_step *step)
{
    if (step->kind == VPCI_STEP_ANSWER)
        paper_answer(paper, fault, step);
    else
        switch ((int)step->event.kind) {
        case VPCI_EVENT_READ:
        case VPCI_EVENT_WRITE:
        case VPCI_EVENT_IOCTL:
            paper_begin(paper, fault, step);
            break;
        case VPCI_EVENT_PF_INVALIDATE:
            paper_notify(paper, fault, &step->event);
            break;
        case VPCI_EVENT_CANCEL:
            paper_cancel(paper, fault, step->event.request);
            break;
        case VPCI_EVENT_RESET:
            paper_reset(paper, fault, step->event.vf);
            break;
        default:
            break;
        }
    paper->notified_before = step->event.kind == VPCI_EVENT_PF_INVALIDATE && !step->settle;
    paper->last_vf_notified = step->event.vf;
    if (step->settle && !test->pf_holds)
        paper_settle(paper, fault, test->pf.count);
}

static void paper_play(void *context, const struct vpci_case *test, struct vpci_outcome *outcome)
{
    struct planted *planted = context;
    struct paper paper = { .open = 0 };
    uint32_t steps = 0;
    planted->plays++;
    while (steps < test->step_count && !paper.broken)
        paper_step(&paper, planted->fault, test, &test->steps[steps++]);
    if (!paper.broken)
        paper_settle(&paper, planted->fault, test->pf.count);
    const bool can = planted->flicker <= 1 || planted->plays % planted->flicker == 0;
    *outcome = (struct vpci_outcome){ .verdict = paper.broken && can ? VPCI_CASE_FAIL : VPCI_CASE_PASS,
                                      .requirement = VPCI_RD_01,
                                      .event = VPCI_EVENT_READ_RETURN,
                                      .reason = "planted",
                                      .steps = steps };
}

#endif
