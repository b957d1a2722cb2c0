/* SPDX-License-Identifier: MIT */
/* harness/shrink_device.c - the passes over what does not belong to one step: the device's settings, and the
 * names by which steps speak of VFs and requests. */
#include "harness/shrink_internal.h"

/* ---- settings ---- */

static void mark_answers(struct shrinker *shrinker)
{
    for (uint32_t i = 0; i < shrinker->best.test.step_count; i++)
        shrinker->drop[i] = shrinker->best.test.steps[i].kind == VPCI_STEP_ANSWER;
}

static void mark_starts(struct shrinker *shrinker)
{
    for (uint32_t i = 0; i < shrinker->best.test.step_count; i++) {
        const struct vpci_step *step = &shrinker->best.test.steps[i];
        shrinker->drop[i] = step->kind == VPCI_STEP_EVENT && step->event.kind == VPCI_EVENT_START;
    }
}

/* Without the marked steps a setting means less, so both go at once. */
static bool try_setting(struct shrinker *shrinker, void (*mark)(struct shrinker *), bool holds,
                        bool starts_automatically)
{
    for (int with_steps = 0; with_steps < 2; with_steps++) {
        struct vpci_case *test = &shrink_next(shrinker)->test;
        uint32_t kept = 0;
        mark(shrinker);
        for (uint32_t i = 0; i < test->step_count; i++) {
            if (!shrinker->drop[i] || with_steps == 1)
                test->steps[kept++] = test->steps[i];
            shrinker->drop[i] = false;
        }
        test->step_count = kept;
        test->pf_holds = holds;
        test->start_automatically = starts_automatically;
        if (shrink_try(shrinker))
            return true;
    }
    return false;
}

static bool simplify_pf(struct shrinker *shrinker)
{
    static const vpci_ntstatus statuses[] = { VPCI_STATUS_SUCCESS, VPCI_STATUS_UNSUCCESSFUL };
    bool smaller = false;
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        if (shrinker->best.test.pf.status == statuses[i])
            break;
        shrink_next(shrinker)->test.pf.status = statuses[i];
        smaller = shrink_try(shrinker) || smaller;
    }
    if (shrinker->best.test.pf.count != UINT32_MAX) {
        shrink_next(shrinker)->test.pf.count = UINT32_MAX;
        smaller = shrink_try(shrinker) || smaller;
    }
    if (shrinker->best.test.pf.data != VPCI_DATA_UNIQUE) {
        struct vpci_pf_answer *pf = &shrink_next(shrinker)->test.pf;
        pf->data = VPCI_DATA_UNIQUE;
        pf->given = NULL;
        pf->given_length = 0;
        smaller = shrink_try(shrinker) || smaller;
    }
    return smaller;
}

/* One more than the highest VF that a step names. */
static uint16_t count_named_vfs(const struct vpci_case *test)
{
    uint16_t count = 1;
    for (uint32_t i = 0; i < test->step_count; i++) {
        const struct vpci_event *event = &test->steps[i].event;
        if (test->steps[i].kind != VPCI_STEP_EVENT)
            continue;
        if ((event->fields & VPCI_F(VF)) != 0 && event->vf < VPCI_VFS_MAX && event->vf >= count)
            count = (uint16_t)(event->vf + 1);
        if ((event->fields & VPCI_F(CONTEXT_VF)) != 0 && event->context_vf >= count)
            count = (uint16_t)(event->context_vf + 1);
    }
    return count;
}

static bool take_vfs_away(struct shrinker *shrinker)
{
    const uint16_t named = count_named_vfs(&shrinker->best.test);
    bool smaller = false;
    for (uint16_t count = named; count < shrinker->best.test.vf_count && !smaller; count++) {
        shrink_next(shrinker)->test.vf_count = count;
        smaller = shrink_try(shrinker);
    }
    return smaller;
}

bool shrink_device(struct shrinker *shrinker)
{
    bool smaller = false;
    if (shrinker->best.test.pf_holds)
        smaller = try_setting(shrinker, mark_answers, false, shrinker->best.test.start_automatically);
    if (!shrinker->best.test.start_automatically)
        smaller = try_setting(shrinker, mark_starts, shrinker->best.test.pf_holds, true) || smaller;
    smaller = simplify_pf(shrinker) || smaller;
    return take_vfs_away(shrinker) || smaller;
}

/* ---- names of VFs ---- */

static uint16_t rename_vf(uint16_t vf, uint16_t names[VPCI_VFS_MAX], uint16_t *count)
{
    if (vf >= VPCI_VFS_MAX)
        return vf;
    if (names[vf] == VPCI_VFS_MAX)
        names[vf] = (*count)++;
    return names[vf];
}

/* VFs by the order in which steps name them first. */
static bool rename_vfs(struct shrinker *shrinker)
{
    struct vpci_case *test = &shrink_next(shrinker)->test;
    uint16_t names[VPCI_VFS_MAX], count = 0;
    for (int vf = 0; vf < VPCI_VFS_MAX; vf++)
        names[vf] = VPCI_VFS_MAX;
    for (uint32_t i = 0; i < test->step_count; i++) {
        struct vpci_event *event = &test->steps[i].event;
        if (test->steps[i].kind == VPCI_STEP_EVENT && (event->fields & VPCI_F(VF)) != 0)
            event->vf = rename_vf(event->vf, names, &count);
        if (test->steps[i].kind == VPCI_STEP_EVENT)
            event->context_vf = rename_vf(event->context_vf, names, &count);
    }
    if (count != 0 && count <= test->vf_count)
        test->vf_count = count;
    return shrink_try(shrinker);
}

/* ---- numbers of requests ---- */

void shrink_pin_requests(struct vpci_case *test, const struct vpci_step_link *links)
{
    bool some_refer = false;
    for (uint32_t i = 0; i < test->step_count; i++)
        some_refer = some_refer || vpci_step_refers(&test->steps[i]);
    for (uint32_t i = 0; i < test->step_count && some_refer; i++) {
        struct vpci_event *event = &test->steps[i].event;
        if (links[i].number == VPCI_NO_STEP || (event->fields & VPCI_F(REQUEST)) != 0)
            continue;
        event->request = links[i].number;
        event->fields |= VPCI_F(REQUEST);
    }
}

/* Takes the explicit numbers of the steps from...to away and lets references follow. */
static bool number_automatically(struct shrinker *shrinker, uint32_t from, uint32_t to)
{
    struct vpci_case *test = &shrink_next(shrinker)->test;
    bool changed = false;
    for (uint32_t i = 0; i < test->step_count; i++) {
        shrinker->place[i] = i;
        if (i < from || i >= to || !vpci_step_begins(&test->steps[i]) ||
            (test->steps[i].event.fields & VPCI_F(REQUEST)) == 0)
            continue;
        test->steps[i].event.fields &= ~VPCI_F(REQUEST);
        changed = true;
    }
    if (!changed)
        return false;
    shrink_follow_references(shrinker);
    return shrink_try(shrinker);
}

bool shrink_rename(struct shrinker *shrinker)
{
    bool smaller = rename_vfs(shrinker);
    if (number_automatically(shrinker, 0, shrinker->best.test.step_count))
        return true;
    for (uint32_t i = 0; i < shrinker->best.test.step_count; i++)
        smaller = number_automatically(shrinker, i, i + 1) || smaller;
    return smaller;
}
