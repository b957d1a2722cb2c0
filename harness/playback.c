/* SPDX-License-Identifier: MIT */
/* harness/playback.c - the seam over a transcript (transcript.h). What the implementation said stands in the
 * transcript between what the kit sent; it is said again at the same fence, so that the kit is in the same
 * state when it hears it. */
#include <stdlib.h>
#include <string.h>

#include "harness/allocate.h"
#include "harness/event_json.h"
#include "harness/transcript.h"

struct playback {
    struct vpci_seam seam;
    const struct vpci_transcript *transcript;
    struct vpci_pics pics;
    enum vpci_role role;
    uint32_t next;   /* event */
    uint32_t fences; /* passed */
};

static struct playback *of(struct vpci_seam *seam)
{
    return (struct playback *)(void *)seam;
}

/* Events that the conductor makes by itself, out of how a call of the seam ended. */
static bool is_ending(enum vpci_event_kind kind)
{
    return kind == VPCI_EVENT_CRASH || kind == VPCI_EVENT_EXIT || kind == VPCI_EVENT_HANG;
}

/* The seams observe what the implementation sends, and what it does to the memory of its callers. A PF driver
 * inside the implementation is told by the kit when to raise a notification. */
static bool is_observation(const struct playback *playback, enum vpci_event_kind kind)
{
    if (vpci_event_info[kind].sender == VPCI_PARTY_KIT)
        return kind != VPCI_EVENT_REST && !is_ending(kind);
    return kind != VPCI_EVENT_PF_INVALIDATE && vpci_event_is_from(kind, playback->role);
}

static const struct vpci_event *next_event(const struct playback *playback)
{
    const struct vpci_transcript *transcript = playback->transcript;
    return playback->next < transcript->event_count ? &transcript->events[playback->next] : NULL;
}

static bool is_same(const struct vpci_event *one, const struct vpci_event *other)
{
    struct vpci_text left = { 0 }, right = { 0 };
    if (one->kind != other->kind)
        return false;
    vpci_event_print(&left, one);
    vpci_event_print(&right, other);
    const bool same = left.length == right.length && memcmp(left.bytes, right.bytes, left.length) == 0;
    vpci_text_free(&left);
    vpci_text_free(&right);
    return same;
}

/* doing: what the kit does instead of what was recorded; sent: what it sends, or NULL. */
static bool diverge(struct playback *playback, const struct vpci_event *sent, const char *doing)
{
    const struct vpci_event *recorded = next_event(playback);
    struct vpci_text words = { 0 };
    if (recorded == NULL)
        vpci_text_add(&words, "the recording ends");
    else
        vpci_event_describe(&words, recorded);
    vpci_text_addf(&words, ", and now %s", doing);
    if (sent != NULL)
        vpci_event_describe(&words, sent);
    (void)vpci_seam_fail(&playback->seam, VPCI_FAILURE_DIVERGED, "at event %u of the recording: %s",
                         playback->next + 1, words.bytes);
    vpci_text_free(&words);
    return false;
}

/* Passes over what the conductor made of the fences before. before: the fence that it is at now. */
static void pass_over_rest(struct playback *playback, uint32_t before)
{
    while (playback->next < before && next_event(playback) != NULL &&
           next_event(playback)->kind == VPCI_EVENT_REST)
        playback->next++;
}

/* Fails as the seam did, once all that happened before was told. */
static bool hold_or_fail(struct playback *playback)
{
    const struct vpci_transcript *transcript = playback->transcript;
    const struct vpci_event *event = next_event(playback);
    if (transcript->failure == VPCI_FAILURE_NONE || (event != NULL && !is_ending(event->kind)))
        return true;
    return vpci_seam_fail(&playback->seam, transcript->failure, "%s", transcript->detail);
}

/* Says what the implementation said before the next fence. */
static bool tell(struct playback *playback)
{
    const struct vpci_transcript *transcript = playback->transcript;
    for (;;) {
        const struct vpci_event *event = next_event(playback);
        const bool fenced = playback->fences < transcript->fence_count &&
                            playback->next >= transcript->fences[playback->fences];
        if (event == NULL || fenced || !is_observation(playback, event->kind))
            break;
        playback->next++;
        vpci_seam_observe(&playback->seam, event);
        if (playback->seam.failure != VPCI_FAILURE_NONE)
            return false;
    }
    return hold_or_fail(playback);
}

static bool playback_connect(struct vpci_seam *seam)
{
    seam->pics = of(seam)->pics;
    seam->exact_order = of(seam)->transcript->exact_order;
    return true;
}

static bool playback_begin(struct vpci_seam *seam, const struct vpci_device *device)
{
    (void)device;
    of(seam)->next = of(seam)->fences = 0;
    return tell(of(seam));
}

static bool playback_submit(struct vpci_seam *seam, const struct vpci_event *event)
{
    struct playback *playback = of(seam);
    pass_over_rest(playback, UINT32_MAX);
    if (next_event(playback) == NULL || !is_same(next_event(playback), event))
        return diverge(playback, event, "the kit sends ");
    playback->next++;
    return tell(playback);
}

static bool playback_settle(struct vpci_seam *seam)
{
    struct playback *playback = of(seam);
    const struct vpci_transcript *transcript = playback->transcript;
    if (playback->fences == transcript->fence_count)
        return diverge(playback, NULL, "the kit waits for rest");
    pass_over_rest(playback, transcript->fences[playback->fences++]);
    /* Behind every fence came rest at least, unless a violation ended the recording there. */
    return tell(playback) &&
           (next_event(playback) != NULL || diverge(playback, NULL, "the kit waits for rest"));
}

static bool playback_end(struct vpci_seam *seam)
{
    struct playback *playback = of(seam);
    pass_over_rest(playback, UINT32_MAX);
    if (!tell(playback))
        return false;
    return next_event(playback) == NULL || diverge(playback, NULL, "the case is over");
}

static void playback_destroy(struct vpci_seam *seam, enum vpci_failure *failure_out)
{
    if (failure_out != NULL)
        *failure_out = VPCI_FAILURE_NONE;
    free(of(seam));
}

struct vpci_seam *vpci_playback_create(const struct vpci_transcript *transcript, const struct vpci_pics *pics,
                                       enum vpci_role role)
{
    static const struct vpci_seam_ops ops = { .connect = playback_connect,
                                              .begin = playback_begin,
                                              .submit = playback_submit,
                                              .settle = playback_settle,
                                              .end = playback_end,
                                              .destroy = playback_destroy };
    struct playback *playback = vpci_need_memory(malloc(sizeof *playback));
    *playback = (struct playback){ .transcript = transcript, .pics = *pics, .role = role };
    playback->seam.ops = &ops;
    return &playback->seam;
}
