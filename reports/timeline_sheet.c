/* SPDX-License-Identifier: MIT */
/* reports/timeline_sheet.c - what many runs, oldest first, say to people. */
#include <stdio.h>

#include "harness/options.h"
#include "reports/sheet.h"
#include "reports/summary.h"

static const char *label_of(const struct vpci_timeline *timeline, uint32_t run)
{
    return run == VPCI_NO_RUN ? "never" : timeline->runs[run]->label;
}

static void add_runs(struct vpci_sheet *sheet, const struct vpci_timeline *timeline)
{
    static const struct vpci_sheet_column columns[] = { { "run", VPCI_SHEET_CODE },
                                                        { "verdict", VPCI_SHEET_WORDS },
                                                        { "failed", VPCI_SHEET_NUMBER },
                                                        { "cases", VPCI_SHEET_NUMBER },
                                                        { "changed since the run before", VPCI_SHEET_WORDS },
                                                        { NULL, VPCI_SHEET_WORDS } };
    struct vpci_text words = { 0 };
    vpci_sheet_table(sheet, "runs", "Runs", columns);
    for (uint32_t i = timeline->count; i-- > 0;) { /* the newest first: long lists lose their end */
        const struct vpci_kept_run *run = timeline->runs[i];
        vpci_sheet_cell_of(sheet, run->label);
        vpci_text_addf(&words, "%s%s", vpci_verdict_title(run->footer.verdict), run->sealed ? "" : ", torn");
        vpci_sheet_cell(sheet, &words);
        vpci_text_add_u64(&words, run->footer.cases[VPCI_CASE_FAIL]);
        vpci_sheet_cell(sheet, &words);
        vpci_text_addf(&words, "%u of %u", run->case_count, run->header.case_count);
        vpci_sheet_cell(sheet, &words);
        const uint32_t set = i == 0 ? 0 : vpci_conditions_differing(timeline->runs[i - 1], run);
        vpci_text_add(&words, "");
        for (int k = 0; k < VPCI_CONDITION_COUNT; k++) {
            if ((set >> k & 1u) != 0)
                vpci_text_addf(&words, "%s%s", words.length > 0 ? ", " : "", vpci_condition_info[k].words);
        }
        vpci_sheet_cell(sheet, &words);
    }
    vpci_sheet_end_table(sheet);
    vpci_text_free(&words);
}

/* "model ab12 -> cd34; suite ..." */
static void describe_conditions(struct vpci_text *words, const struct vpci_timeline *timeline, uint32_t set,
                                uint32_t before, uint32_t after)
{
    for (int i = 0; i < VPCI_CONDITION_COUNT; i++) {
        if ((set >> i & 1u) == 0)
            continue;
        vpci_text_addf(words, "%s%s ", words->length > 0 ? "; " : "", vpci_condition_info[i].words);
        vpci_condition_show(words, timeline->runs[before], (enum vpci_condition)i);
        vpci_text_add(words, " -> ");
        vpci_condition_show(words, timeline->runs[after], (enum vpci_condition)i);
    }
}

static void add_courses(struct vpci_sheet *sheet, const struct vpci_timeline *timeline, const char *id,
                        const char *heading, const struct vpci_courses *courses, bool fails)
{
    const struct vpci_sheet_column columns[] = { { "what", VPCI_SHEET_CODE },
                                                 { fails ? "last good" : "last bad", VPCI_SHEET_CODE },
                                                 { fails ? "first bad" : "first good", VPCI_SHEET_CODE },
                                                 { "changed in between", VPCI_SHEET_WORDS },
                                                 { "why", VPCI_SHEET_WORDS },
                                                 { NULL, VPCI_SHEET_WORDS } };
    struct vpci_text words = { 0 };
    vpci_sheet_table(sheet, id, heading, columns);
    for (uint32_t i = 0; i < courses->count; i++) {
        const struct vpci_course *course = &courses->courses[i];
        if (course->fails != fails)
            continue;
        const uint32_t before = fails ? course->last_good : course->last_bad;
        const uint32_t after = fails ? course->first_bad : course->first_good;
        vpci_sheet_cell_of(sheet, course->name);
        vpci_sheet_cell_of(sheet, label_of(timeline, before));
        vpci_sheet_cell_of(sheet, label_of(timeline, after));
        if (before != VPCI_NO_RUN)
            describe_conditions(&words, timeline, course->conditions, before, after);
        if (words.length == 0)
            vpci_text_add(&words, before == VPCI_NO_RUN ? "" : "nothing");
        vpci_sheet_cell(sheet, &words);
        if (fails && course->example != NULL)
            vpci_text_addf(&words, "%s %s",
                           course->example->requirement != VPCI_REQUIREMENT_NONE
                               ? vpci_requirement_info[course->example->requirement].id
                               : course->example->cause,
                           course->example->reason);
        else
            vpci_text_add(&words, "");
        vpci_sheet_cell(sheet, &words);
    }
    vpci_sheet_end_table(sheet);
    vpci_text_free(&words);
}

static void add_flickers(struct vpci_sheet *sheet, const struct vpci_timeline *timeline)
{
    static const struct vpci_sheet_column columns[] = { { "case", VPCI_SHEET_CODE },
                                                        { "changes without a reason", VPCI_SHEET_NUMBER },
                                                        { "now", VPCI_SHEET_WORDS },
                                                        { NULL, VPCI_SHEET_WORDS } };
    struct vpci_text words = { 0 };
    vpci_sheet_table(sheet, "flickering", "Flickering", columns);
    for (uint32_t i = 0; i < timeline->cases.count; i++) {
        const struct vpci_course *course = &timeline->cases.courses[i];
        if (course->flickers == 0)
            continue;
        vpci_sheet_cell_of(sheet, course->name);
        vpci_text_add_u64(&words, course->flickers);
        vpci_sheet_cell(sheet, &words);
        vpci_sheet_cell_of(sheet, course->fails ? "failed" : "passed");
    }
    vpci_sheet_end_table(sheet);
    vpci_text_free(&words);
}

static uint32_t count_failing(const struct vpci_courses *courses)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < courses->count; i++)
        count += courses->courses[i].fails;
    return count;
}

static void add_notes(struct vpci_sheet *sheet, const struct vpci_timeline *timeline)
{
    struct vpci_text words = { 0 };
    const struct vpci_kept_run *newest = timeline->runs[timeline->count - 1];
    if (timeline->left_out > 0) {
        vpci_text_addf(&words, "Left out, because of another role or profile than the newest run: %u runs.",
                       timeline->left_out);
        vpci_sheet_note(sheet, &words);
    }
    if (!newest->sealed) {
        vpci_text_add(&words, "The newest run is torn: it did not end, or its end was lost.");
        vpci_sheet_note(sheet, &words);
    }
    if (timeline->count < 2) {
        vpci_text_add(&words, "There is one run only, and nothing to compare it with.");
        vpci_sheet_note(sheet, &words);
    }
    vpci_text_free(&words);
}

void vpci_sheet_of_timeline(struct vpci_sheet *sheet, const struct vpci_timeline *timeline)
{
    struct vpci_text words = { 0 };
    const uint32_t cases = count_failing(&timeline->cases);
    const uint32_t requirements = count_failing(&timeline->requirements);
    *sheet = (struct vpci_sheet){ .title = "History of runs", .exit = timeline->exit };
    sheet->verdict = vpci_comparison_title(timeline->exit);
    vpci_text_addf(
        &words, "%u runs; failing now: %u %s, %u %s; the verdict is about the newest run and the one before",
        timeline->count, requirements, requirements == 1 ? "requirement" : "requirements", cases,
        cases == 1 ? "case" : "cases");
    sheet->headline = vpci_arena_copy(&sheet->arena, words.bytes, words.length);
    vpci_text_free(&words);
    add_notes(sheet, timeline);
    add_courses(sheet, timeline, "requirements_broken", "Requirements that fail", &timeline->requirements,
                true);
    add_courses(sheet, timeline, "cases_broken", "Cases that fail", &timeline->cases, true);
    add_courses(sheet, timeline, "requirements_mended", "Requirements that were mended",
                &timeline->requirements, false);
    add_courses(sheet, timeline, "cases_mended", "Cases that were mended", &timeline->cases, false);
    add_flickers(sheet, timeline);
    add_runs(sheet, timeline);
}
