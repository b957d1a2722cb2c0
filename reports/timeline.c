/* SPDX-License-Identifier: MIT */
/* reports/timeline.c - see reports/timeline.h. */
#include "reports/timeline.h"

#include <stdlib.h>

#include "harness/allocate.h"
#include "harness/options.h"

/* What a run says of a case or requirement. */
enum said { NOTHING, GOOD, BAD };

/* Runs that differ in no condition but those of chance ought to agree: they are alike, and get the number of
 * the first one of them. The caller frees. */
static uint32_t *find_alike(const struct vpci_timeline *timeline)
{
    uint32_t *alike = vpci_need_memory(calloc(timeline->count, sizeof *alike));
    for (uint32_t run = 0; run < timeline->count; run++) {
        for (alike[run] = 0; alike[run] < run; alike[run]++) {
            const uint32_t set = vpci_conditions_differing(timeline->runs[alike[run]], timeline->runs[run]);
            if (vpci_conditions_of_kind(set, VPCI_CONDITION_CHANCE) == set)
                break;
        }
    }
    return alike;
}

/* Walks through what the runs say, one after the other. */
static struct vpci_course follow(const struct vpci_timeline *timeline, const uint32_t *alike,
                                 const unsigned char *said)
{
    struct vpci_course course = {
        .last_good = VPCI_NO_RUN, .first_bad = VPCI_NO_RUN, .last_bad = VPCI_NO_RUN, .first_good = VPCI_NO_RUN
    };
    uint32_t latest = VPCI_NO_RUN;
    for (uint32_t run = 0; run < timeline->count; run++) {
        if (said[run] == NOTHING)
            continue;
        const bool bad = said[run] == BAD;
        const bool turned = latest == VPCI_NO_RUN || bad != course.fails;
        if (turned && latest != VPCI_NO_RUN)
            course.flickers += alike[latest] == alike[run];
        if (turned && bad) {
            course.last_good = latest;
            course.first_bad = run;
        } else if (turned) {
            course.last_bad = latest;
            course.first_good = run;
        }
        course.fails = bad;
        latest = run;
    }
    const uint32_t before = course.fails ? course.last_good : course.last_bad;
    const uint32_t after = course.fails ? course.first_bad : course.first_good;
    if (before != VPCI_NO_RUN)
        course.conditions = vpci_conditions_differing(timeline->runs[before], timeline->runs[after]);
    return course;
}

/* What never failed has no course worth telling. */
static void add_course(struct vpci_courses *courses, struct vpci_course course, const char *name,
                       const struct vpci_kept_case *example)
{
    if (course.first_bad == VPCI_NO_RUN)
        return;
    course.name = name;
    course.example = example;
    courses->courses =
        vpci_need_memory(realloc(courses->courses, (courses->count + 1) * sizeof *courses->courses));
    courses->courses[courses->count++] = course;
}

static enum said said_of_case(const struct vpci_kept_case *kept)
{
    if (kept->dispute != VPCI_DISPUTE_NONE)
        return NOTHING;
    return kept->verdict == VPCI_CASE_FAIL ? BAD : kept->verdict == VPCI_CASE_PASS ? GOOD : NOTHING;
}

static void follow_cases(struct vpci_timeline *timeline, const uint32_t *alike,
                         const struct vpci_names *names)
{
    const size_t runs = timeline->count;
    unsigned char *said = vpci_need_memory(calloc(names->count * runs + 1, sizeof *said));
    const struct vpci_kept_case **newest = vpci_need_memory(calloc(names->count + 1, sizeof *newest));
    for (uint32_t run = 0; run < timeline->count; run++) {
        for (uint32_t i = 0; i < timeline->runs[run]->case_count; i++) {
            const struct vpci_kept_case *kept = &timeline->runs[run]->cases[i];
            said[kept->name * runs + run] = (unsigned char)said_of_case(kept);
            newest[kept->name] = kept;
        }
    }
    for (uint32_t name = 0; name < names->count; name++)
        add_course(&timeline->cases, follow(timeline, alike, said + name * runs), names->names[name],
                   newest[name]);
    free(newest);
    free(said);
}

static enum said said_of_requirement(enum vpci_requirement_verdict verdict)
{
    return verdict == VPCI_REQUIREMENT_FAIL_VERDICT ? BAD
           : verdict == VPCI_REQUIREMENT_PASS_VERDICT || verdict == VPCI_REQUIREMENT_WARNING_VERDICT
               ? GOOD
               : NOTHING;
}

static void follow_requirements(struct vpci_timeline *timeline, const uint32_t *alike)
{
    unsigned char *said = vpci_need_memory(calloc(timeline->count, sizeof *said));
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
        for (uint32_t run = 0; run < timeline->count; run++)
            said[run] =
                (unsigned char)said_of_requirement(timeline->runs[run]->footer.requirements[i].verdict);
        add_course(&timeline->requirements, follow(timeline, alike, said), vpci_requirement_info[i].id, NULL);
    }
    free(said);
}

void vpci_timeline_make(struct vpci_timeline *timeline, const struct vpci_runs *runs,
                        const struct vpci_names *names)
{
    const struct vpci_kept_run *newest = &runs->runs[runs->count - 1];
    *timeline = (struct vpci_timeline){ .exit = VPCI_EXIT_INCONCLUSIVE };
    timeline->runs = vpci_need_memory(calloc(runs->count, sizeof *timeline->runs));
    for (uint32_t i = 0; i < runs->count; i++) {
        const uint32_t set = vpci_conditions_differing(&runs->runs[i], newest);
        if (vpci_conditions_of_kind(set, VPCI_CONDITION_QUESTION) == 0)
            timeline->runs[timeline->count++] = &runs->runs[i];
    }
    timeline->left_out = runs->count - timeline->count;
    uint32_t *alike = find_alike(timeline);
    follow_cases(timeline, alike, names);
    follow_requirements(timeline, alike);
    free(alike);
    if (timeline->count < 2)
        return;
    vpci_compare(&timeline->latest, names, (struct vpci_repeats){ timeline->runs[timeline->count - 2], 1 },
                 (struct vpci_repeats){ timeline->runs[timeline->count - 1], 1 });
    timeline->exit = timeline->latest.exit;
}

void vpci_timeline_free(struct vpci_timeline *timeline)
{
    if (timeline->count >= 2)
        vpci_comparison_free(&timeline->latest);
    free(timeline->runs);
    free(timeline->cases.courses);
    free(timeline->requirements.courses);
    *timeline = (struct vpci_timeline){ 0 };
}
