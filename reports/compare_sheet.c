/* SPDX-License-Identifier: MIT */
/* reports/compare_sheet.c - what a comparison of two runs says to people. */
#include <inttypes.h>
#include <string.h>

#include "harness/options.h"
#include "reports/sheet.h"
#include "reports/summary.h"

static const char *plural(uint32_t count, const char *one, const char *many)
{
    return count == 1 ? one : many;
}

/* What a class says of its cases, as the predicate of a sentence. */
static const struct {
    enum vpci_class class;
    const char *one, *many;
} said_of_class[] = {
    { VPCI_CLASS_NEWLY_FAILING, "case newly fails", "cases newly fail" },
    { VPCI_CLASS_FAILING_OTHERWISE, "case fails otherwise", "cases fail otherwise" },
    { VPCI_CLASS_FLICKERING, "case flickers", "cases flicker" },
    { VPCI_CLASS_WITHOUT_VERDICT, "case lost its verdict", "cases lost their verdicts" },
    { VPCI_CLASS_REMOVED, "case is not there any more", "cases are not there any more" },
    { VPCI_CLASS_CHANGED, "case has another scenario than before",
      "cases have another scenario than before" },
    { VPCI_CLASS_ADDED, "case is new", "cases are new" },
    { VPCI_CLASS_FIXED, "case is fixed", "cases are fixed" },
    { VPCI_CLASS_NEWLY_PASSING, "case newly passes", "cases newly pass" },
};

static void add_part(struct vpci_text *text, bool *any, uint32_t count, const char *one, const char *many)
{
    if (count == 0)
        return;
    vpci_text_addf(text, "%s%u %s", *any ? ", " : "", count, plural(count, one, many));
    *any = true;
}

static void make_headline(struct vpci_text *text, const struct vpci_comparison *comparison)
{
    bool any = false;
    for (size_t i = 0; i < sizeof said_of_class / sizeof said_of_class[0]; i++)
        add_part(text, &any, comparison->classes[said_of_class[i].class], said_of_class[i].one,
                 said_of_class[i].many);
    add_part(text, &any, comparison->changes[VPCI_CHANGE_NEWLY_FAILING], "requirement newly fails",
             "requirements newly fail");
    add_part(text, &any, comparison->changes[VPCI_CHANGE_NEWLY_NOT_EXERCISED],
             "requirement is newly not exercised", "requirements are newly not exercised");
    add_part(text, &any, comparison->changes[VPCI_CHANGE_NEWLY_WARNED], "requirement is newly warned about",
             "requirements are newly warned about");
    if (!any)
        vpci_text_add(text, comparison->exit == VPCI_EXIT_CONFORMS
                                ? "every case has the verdict that it had"
                                : "the cases that are there have the verdicts that they had");
}

static void add_notes(struct vpci_sheet *sheet, const struct vpci_comparison *comparison)
{
    static const char *const names[VPCI_SIDES] = { "BASE", "NEW" };
    struct vpci_text words = { 0 };
    for (int i = 0; i < VPCI_SIDES; i++) {
        if (comparison->torn[i] == 0)
            continue;
        vpci_text_addf(&words, "%s is torn: the run did not end, or its end was lost", names[i]);
        if (comparison->sides[i].count > 1)
            vpci_text_addf(&words, " (%u of %u repeats)", comparison->torn[i], comparison->sides[i].count);
        vpci_text_add(&words, ". What is missing may be worse.");
        vpci_sheet_note(sheet, &words);
    }
    const uint32_t question = vpci_conditions_of_kind(comparison->conditions, VPCI_CONDITION_QUESTION);
    for (int i = 0; i < VPCI_CONDITION_COUNT; i++) {
        if ((question >> i & 1u) == 0)
            continue;
        vpci_text_addf(&words, "Another %s: ", vpci_condition_info[i].words);
        vpci_condition_show(&words, &comparison->sides[VPCI_BASE].runs[0], (enum vpci_condition)i);
        vpci_text_add(&words, " before, now ");
        vpci_condition_show(&words, &comparison->sides[VPCI_NEW].runs[0], (enum vpci_condition)i);
        vpci_text_add(&words, ". These runs answer different questions and cannot really be compared.");
        vpci_sheet_note(sheet, &words);
    }
    const uint32_t judge = vpci_conditions_of_kind(comparison->conditions, VPCI_CONDITION_JUDGE);
    if (judge != 0) {
        bool any = false;
        vpci_text_add(&words, "Not only the implementation may have changed: there is another ");
        for (int i = 0; i < VPCI_CONDITION_COUNT; i++) {
            if ((judge >> i & 1u) != 0)
                vpci_text_addf(&words, "%s%s", any ? ", " : "", vpci_condition_info[i].words);
            any = any || (judge >> i & 1u) != 0;
        }
        vpci_text_add(&words, ".");
        vpci_sheet_note(sheet, &words);
    }
    vpci_text_free(&words);
}

/* "VIOLATION, torn", or of repeats "2 VIOLATION, 3 CONFORMS". */
static void describe_verdicts(struct vpci_text *words, const struct vpci_repeats *repeats)
{
    bool any = false;
    for (int verdict = VPCI_RUN_VERDICT_COUNT - 1; verdict >= 0; verdict--) {
        uint32_t count = 0;
        for (uint32_t i = 0; i < repeats->count; i++)
            count += repeats->runs[i].footer.verdict == (enum vpci_run_verdict)verdict;
        if (count == 0)
            continue;
        vpci_text_add(words, any ? ", " : "");
        if (repeats->count > 1)
            vpci_text_addf(words, "%u ", count);
        vpci_text_add(words, vpci_verdict_title((enum vpci_run_verdict)verdict));
        any = true;
    }
    if (repeats->count == 1 && !repeats->runs[0].sealed)
        vpci_text_add(words, ", torn");
}

static void add_sides(struct vpci_sheet *sheet, const struct vpci_comparison *comparison)
{
    static const struct vpci_sheet_column columns[] = {
        { "side", VPCI_SHEET_WORDS }, { "run", VPCI_SHEET_CODE },      { "implementation", VPCI_SHEET_CODE },
        { "role", VPCI_SHEET_WORDS }, { "verdict", VPCI_SHEET_WORDS }, { "cases", VPCI_SHEET_NUMBER },
        { NULL, VPCI_SHEET_WORDS }
    };
    struct vpci_text words = { 0 };
    vpci_sheet_table(sheet, "sides", "Runs", columns)->whole = true;
    for (int i = 0; i < VPCI_SIDES; i++) {
        const struct vpci_repeats *repeats = &comparison->sides[i];
        const struct vpci_kept_run *run = &repeats->runs[0];
        vpci_sheet_cell_of(sheet, vpci_side_name[i]);
        vpci_text_add(&words, run->label);
        if (repeats->count > 1)
            vpci_text_addf(&words, " and %u repeats of it", repeats->count - 1);
        vpci_sheet_cell(sheet, &words);
        vpci_text_addf(&words, "%s %s", run->header.pics.name, run->header.pics.version);
        vpci_sheet_cell(sheet, &words);
        vpci_sheet_cell_of(sheet, vpci_role_info[run->header.role].name);
        describe_verdicts(&words, repeats);
        vpci_sheet_cell(sheet, &words);
        vpci_text_addf(&words, "%u of %u", run->case_count, run->header.case_count);
        vpci_sheet_cell(sheet, &words);
    }
    vpci_sheet_end_table(sheet);
    vpci_text_free(&words);
}

static void add_conditions(struct vpci_sheet *sheet, const struct vpci_comparison *comparison)
{
    static const struct vpci_sheet_column columns[] = { { "differs", VPCI_SHEET_WORDS },
                                                        { "base", VPCI_SHEET_CODE },
                                                        { "new", VPCI_SHEET_CODE },
                                                        { NULL, VPCI_SHEET_WORDS } };
    struct vpci_text words = { 0 };
    vpci_sheet_table(sheet, "conditions", "Conditions", columns)->whole = true;
    for (int i = 0; i < VPCI_CONDITION_COUNT; i++) {
        if ((comparison->conditions >> i & 1u) == 0)
            continue;
        vpci_sheet_cell_of(sheet, vpci_condition_info[i].words);
        for (int side = 0; side < VPCI_SIDES; side++) {
            vpci_condition_show(&words, &comparison->sides[side].runs[0], (enum vpci_condition)i);
            vpci_sheet_cell(sheet, &words);
        }
    }
    vpci_sheet_end_table(sheet);
    vpci_text_free(&words);
}

static void add_counts(struct vpci_sheet *sheet, const struct vpci_comparison *comparison)
{
    static const struct vpci_sheet_column of_cases[] = { { "cases", VPCI_SHEET_NUMBER },
                                                         { "class", VPCI_SHEET_WORDS },
                                                         { NULL, VPCI_SHEET_WORDS } };
    static const struct vpci_sheet_column of_requirements[] = { { "requirements", VPCI_SHEET_NUMBER },
                                                                { "change", VPCI_SHEET_WORDS },
                                                                { NULL, VPCI_SHEET_WORDS } };
    struct vpci_text words = { 0 };
    vpci_sheet_table(sheet, "classes", "Cases", of_cases)->whole = true;
    for (int i = 0; i < VPCI_CLASS_COUNT; i++) {
        if (comparison->classes[i] == 0)
            continue;
        vpci_text_add_u64(&words, comparison->classes[i]);
        vpci_sheet_cell(sheet, &words);
        vpci_sheet_cell_of(sheet, vpci_class_info[i].words);
    }
    vpci_sheet_end_table(sheet);
    vpci_sheet_table(sheet, "changes", "Requirements", of_requirements)->whole = true;
    for (int i = 0; i < VPCI_CHANGE_COUNT; i++) {
        if (comparison->changes[i] == 0)
            continue;
        vpci_text_add_u64(&words, comparison->changes[i]);
        vpci_sheet_cell(sheet, &words);
        vpci_sheet_cell_of(sheet, vpci_change_words[i]);
    }
    vpci_sheet_end_table(sheet);
    vpci_text_free(&words);
}

static void add_share(struct vpci_text *words, const struct vpci_standing *standing)
{
    vpci_text_addf(words, " (%u of %u, %.1f %% to %.1f %%)", standing->bad, standing->present,
                   100 * standing->low, 100 * standing->high);
}

/* "failed", "failed as expected", or for repeats that do not agree "2 failed, 3 passed (2 of 5, …)". */
static void describe_standing(struct vpci_text *words, const struct vpci_compared_case *compared, int side)
{
    static const char *const states[VPCI_EXPECTED_COUNT] = {
        [VPCI_EXPECTED_AS_EXPECTED] = ", as expected",
        [VPCI_EXPECTED_FAILS_OTHERWISE] = ", otherwise than expected",
        [VPCI_EXPECTED_UNEXPECTED_PASS] = ", which was not expected",
        [VPCI_EXPECTED_EXPIRED] = ", as was expected for a time that is over",
    };
    const struct vpci_standing *standing = &compared->sides[side];
    if (standing->present == 0) {
        vpci_text_add(words, compared->torn ? "missing, torn" : "not there");
        return;
    }
    bool any = false;
    for (int i = VPCI_CASE_VERDICT_COUNT - 1; i >= 0; i--) {
        if (standing->verdicts[i] == 0)
            continue;
        if (standing->verdicts[i] != standing->present)
            vpci_text_addf(words, "%s%u ", any ? ", " : "", standing->verdicts[i]);
        vpci_text_add(words, vpci_case_verdict_words((enum vpci_case_verdict)i));
        any = true;
    }
    if (compared->sides[VPCI_BASE].present > 1 || compared->sides[VPCI_NEW].present > 1)
        add_share(words, standing);
    else if (states[standing->example->expected] != NULL)
        vpci_text_add(words, states[standing->example->expected]);
}

/* Why a side did not pass: "RD-02: the buffer …", "crash: …". */
static void describe_reason(struct vpci_text *words, const struct vpci_kept_case *kept)
{
    if (kept == NULL || kept->verdict == VPCI_CASE_PASS)
        return;
    vpci_text_add(words, kept->requirement != VPCI_REQUIREMENT_NONE
                             ? vpci_requirement_info[kept->requirement].id
                             : kept->cause);
    if (kept->reason[0] != '\0')
        vpci_text_addf(words, ": %s", kept->reason);
}

static void describe_why(struct vpci_text *words, const struct vpci_compared_case *compared)
{
    const struct vpci_kept_case *base = compared->sides[VPCI_BASE].example;
    const struct vpci_kept_case *new = compared->sides[VPCI_NEW].example;
    describe_reason(words, new != NULL &&new->verdict != VPCI_CASE_PASS ? new : base);
    if (compared->class == VPCI_CLASS_FAILING_OTHERWISE) {
        vpci_text_add(words, " (before: ");
        describe_reason(words, base);
        vpci_text_add(words, ")");
    }
    if (compared->before != NULL)
        vpci_text_addf(words, "%scalled %s before", words->length > 0 ? "; " : "", compared->before);
    if (compared->class != compared->otherwise)
        vpci_text_addf(words, "%sbesides: %s", words->length > 0 ? "; " : "",
                       vpci_class_info[compared->otherwise].words);
}

static void add_class(struct vpci_sheet *sheet, const struct vpci_comparison *comparison,
                      enum vpci_class class)
{
    static const struct vpci_sheet_column columns[] = { { "case", VPCI_SHEET_CODE },
                                                        { "base", VPCI_SHEET_WORDS },
                                                        { "new", VPCI_SHEET_WORDS },
                                                        { "why", VPCI_SHEET_WORDS },
                                                        { NULL, VPCI_SHEET_WORDS } };
    struct vpci_text words = { 0 };
    vpci_text_addf(&words, "Cases %s", vpci_class_info[class].words);
    vpci_sheet_table(sheet, vpci_class_info[class].json,
                     vpci_arena_copy(&sheet->arena, words.bytes, words.length), columns);
    vpci_text_clear(&words);
    for (uint32_t i = 0; i < comparison->case_count; i++) {
        const struct vpci_compared_case *compared = &comparison->cases[i];
        if (compared->class != class)
            continue;
        vpci_sheet_cell_of(sheet, compared->name);
        for (int side = 0; side < VPCI_SIDES; side++) {
            describe_standing(&words, compared, side);
            vpci_sheet_cell(sheet, &words);
        }
        describe_why(&words, compared);
        vpci_sheet_cell(sheet, &words);
    }
    vpci_sheet_end_table(sheet);
    vpci_text_free(&words);
}

static void add_milliseconds(struct vpci_text *words, uint64_t elapsed_us)
{
    vpci_text_addf(words, "%" PRIu64 ".%03" PRIu64 " ms", elapsed_us / 1000, elapsed_us % 1000);
}

static void add_times(struct vpci_sheet *sheet, const struct vpci_comparison *comparison)
{
    static const struct vpci_sheet_column columns[] = { { "case", VPCI_SHEET_CODE },
                                                        { "base", VPCI_SHEET_NUMBER },
                                                        { "new", VPCI_SHEET_NUMBER },
                                                        { NULL, VPCI_SHEET_WORDS } };
    struct vpci_text words = { 0 };
    vpci_sheet_table(sheet, vpci_class_info[VPCI_CLASS_TIMING_SHIFT].json, "Cases slower or faster", columns);
    for (uint32_t i = 0; i < comparison->case_count; i++) {
        const struct vpci_compared_case *compared = &comparison->cases[i];
        if (compared->class != VPCI_CLASS_TIMING_SHIFT)
            continue;
        vpci_sheet_cell_of(sheet, compared->name);
        for (int side = 0; side < VPCI_SIDES; side++) {
            add_milliseconds(&words, compared->sides[side].median_us);
            vpci_sheet_cell(sheet, &words);
        }
    }
    vpci_sheet_end_table(sheet);
    vpci_text_free(&words);
}

static void add_change(struct vpci_sheet *sheet, const struct vpci_comparison *comparison,
                       enum vpci_change change)
{
    static const struct vpci_sheet_column columns[] = { { "requirement", VPCI_SHEET_CODE },
                                                        { "base", VPCI_SHEET_WORDS },
                                                        { "new", VPCI_SHEET_WORDS },
                                                        { NULL, VPCI_SHEET_WORDS } };
    struct vpci_text words = { 0 };
    vpci_text_addf(&words, "Requirements %s", vpci_change_words[change]);
    const char *heading = vpci_arena_copy(&sheet->arena, words.bytes, words.length);
    vpci_text_clear(&words);
    vpci_text_addf(&words, "requirements_%s", vpci_change_json[change]);
    const char *id = vpci_arena_copy(&sheet->arena, words.bytes, words.length);
    vpci_sheet_table(sheet, id, heading, columns);
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
        const struct vpci_compared_requirement *compared = &comparison->requirements[i];
        if (compared->change != change)
            continue;
        vpci_sheet_cell_of(sheet, vpci_requirement_info[i].id);
        for (int side = 0; side < VPCI_SIDES; side++)
            vpci_sheet_cell_of(sheet, vpci_requirement_verdict_words(compared->verdicts[side]));
    }
    vpci_sheet_end_table(sheet);
    vpci_text_free(&words);
}

void vpci_sheet_of_comparison(struct vpci_sheet *sheet, const struct vpci_comparison *comparison)
{
    struct vpci_text words = { 0 };
    *sheet = (struct vpci_sheet){ .title = "Comparison of runs", .exit = comparison->exit };
    sheet->verdict = vpci_comparison_title(comparison->exit);
    make_headline(&words, comparison);
    sheet->headline = vpci_arena_copy(&sheet->arena, words.bytes, words.length);
    vpci_text_free(&words);
    add_notes(sheet, comparison);
    add_sides(sheet, comparison);
    add_counts(sheet, comparison);
    add_conditions(sheet, comparison);
    for (int i = 0; i < VPCI_CHANGE_NONE; i++)
        add_change(sheet, comparison, (enum vpci_change)i);
    for (int i = 0; i < VPCI_CLASS_STILL_WITHOUT; i++) {
        if (i == VPCI_CLASS_TIMING_SHIFT)
            add_times(sheet, comparison);
        else
            add_class(sheet, comparison, (enum vpci_class)i);
    }
}
