/* SPDX-License-Identifier: MIT */
/* reports/compare_json.c - comparisons and histories for programs: corpus/schemas/compare.schema.json. */
#include <inttypes.h>

#include "harness/options.h"
#include "reports/sheet.h"

enum { COMPARE_FORMAT = 1 };

static const char *const result_names[] = {
    [VPCI_EXIT_CONFORMS] = "not_worse", [VPCI_EXIT_VIOLATION] = "worse", [VPCI_EXIT_INCONCLUSIVE] = "unclear"
};

/* What stands before a member or item: a comma, but for the first one. */
static void add_comma(struct vpci_text *text, bool *first)
{
    vpci_text_add(text, *first ? "" : ",");
    *first = false;
}

static void add_condition(struct vpci_text *text, const struct vpci_kept_run *run, int condition)
{
    struct vpci_text value = { 0 };
    vpci_text_add(&value, "");
    vpci_condition_print(&value, run, (enum vpci_condition)condition);
    vpci_text_add_json(text, value.bytes);
    vpci_text_free(&value);
}

static void add_conditions(struct vpci_text *text, const struct vpci_kept_run *base,
                           const struct vpci_kept_run *new, uint32_t set)
{
    bool first = true;
    vpci_text_add(text, "{");
    for (int i = 0; i < VPCI_CONDITION_COUNT; i++) {
        if ((set >> i & 1u) == 0)
            continue;
        add_comma(text, &first);
        vpci_text_addf(text, "\"%s\":{\"base\":", vpci_condition_info[i].json);
        add_condition(text, base, i);
        vpci_text_add(text, ",\"new\":");
        add_condition(text, new, i);
        vpci_text_add(text, "}");
    }
    vpci_text_add(text, "}");
}

static void add_run(struct vpci_text *text, const struct vpci_kept_run *run)
{
    vpci_text_add(text, "{\"label\":");
    vpci_text_add_json(text, run->label);
    vpci_text_addf(text, ",\"verdict\":\"%s\",\"sealed\":%s,\"timed\":%s,\"cases\":%u,\"planned\":%u",
                   vpci_run_verdict_name[run->footer.verdict], run->sealed ? "true" : "false",
                   run->timed ? "true" : "false", run->case_count, run->header.case_count);
    for (int i = 0; i < VPCI_CONDITION_COUNT; i++) {
        vpci_text_addf(text, ",\"%s\":", vpci_condition_info[i].json);
        add_condition(text, run, i);
    }
    vpci_text_add(text, "}");
}

static void add_example(struct vpci_text *text, const struct vpci_kept_case *kept)
{
    if (kept->cause[0] != '\0') {
        vpci_text_add(text, ",\"cause\":");
        vpci_text_add_json(text, kept->cause);
    }
    if (kept->requirement != VPCI_REQUIREMENT_NONE)
        vpci_text_addf(text, ",\"requirement\":\"%s\"", vpci_requirement_info[kept->requirement].id);
    if (kept->reason[0] != '\0') {
        vpci_text_add(text, ",\"reason\":");
        vpci_text_add_json(text, kept->reason);
    }
    if (kept->expected != VPCI_EXPECTED_NOT)
        vpci_text_addf(text, ",\"expected\":\"%s\"", vpci_expected_name[kept->expected]);
    if (kept->dispute != VPCI_DISPUTE_NONE)
        vpci_text_addf(text, ",\"dispute\":\"%s\"", vpci_dispute_name[kept->dispute]);
    vpci_text_addf(text, ",\"scenario_digest\":\"%s\"", kept->digest);
}

static void add_standing(struct vpci_text *text, const struct vpci_standing *standing)
{
    if (standing->present == 0) {
        vpci_text_add(text, "null");
        return;
    }
    bool first = true;
    vpci_text_addf(text, "{\"repeats\":%u,\"verdicts\":{", standing->present);
    for (int i = 0; i < VPCI_CASE_VERDICT_COUNT; i++) {
        if (standing->verdicts[i] == 0)
            continue;
        add_comma(text, &first);
        vpci_text_addf(text, "\"%s\":%u", vpci_case_verdict_name[i], standing->verdicts[i]);
    }
    vpci_text_addf(text, "},\"bad\":%u,\"interval\":[%.4f,%.4f]", standing->bad, standing->low,
                   standing->high);
    add_example(text, standing->example);
    if (standing->median_us != VPCI_NOT_TIMED)
        vpci_text_addf(text, ",\"median_us\":%" PRIu64, standing->median_us);
    vpci_text_add(text, "}");
}

static void add_case(struct vpci_text *text, const struct vpci_compared_case *compared)
{
    vpci_text_add(text, "\n{\"name\":");
    vpci_text_add_json(text, compared->name);
    if (compared->before != NULL) {
        vpci_text_add(text, ",\"before\":");
        vpci_text_add_json(text, compared->before);
    }
    vpci_text_addf(text, ",\"class\":\"%s\"", vpci_class_info[compared->class].json);
    if (compared->otherwise != compared->class)
        vpci_text_addf(text, ",\"besides\":\"%s\"", vpci_class_info[compared->otherwise].json);
    if (compared->torn)
        vpci_text_add(text, ",\"torn\":true");
    vpci_text_add(text, ",\"base\":");
    add_standing(text, &compared->sides[VPCI_BASE]);
    vpci_text_add(text, ",\"new\":");
    add_standing(text, &compared->sides[VPCI_NEW]);
    vpci_text_add(text, "}");
}

static void add_side(struct vpci_text *text, const struct vpci_comparison *comparison, enum vpci_side side)
{
    vpci_text_addf(text, ",\n\"%s\":{\"torn\":%u,\"runs\":[", vpci_side_name[side], comparison->torn[side]);
    for (uint32_t i = 0; i < comparison->sides[side].count; i++) {
        vpci_text_add(text, i == 0 ? "\n" : ",\n");
        add_run(text, &comparison->sides[side].runs[i]);
    }
    vpci_text_add(text, "]}");
}

static void add_requirements(struct vpci_text *text, const struct vpci_comparison *comparison)
{
    bool first = true;
    vpci_text_add(text, ",\n\"changes\":{");
    for (int i = 0; i < VPCI_CHANGE_COUNT; i++) {
        add_comma(text, &first);
        vpci_text_addf(text, "\"%s\":%u", vpci_change_json[i], comparison->changes[i]);
    }
    vpci_text_add(text, "},\n\"requirements\":{");
    first = true;
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
        const struct vpci_compared_requirement *compared = &comparison->requirements[i];
        add_comma(text, &first);
        vpci_text_addf(text, "\n\"%s\":{\"change\":\"%s\",\"base\":\"%s\",\"new\":\"%s\"}",
                       vpci_requirement_info[i].id, vpci_change_json[compared->change],
                       vpci_requirement_verdict_name[compared->verdicts[VPCI_BASE]],
                       vpci_requirement_verdict_name[compared->verdicts[VPCI_NEW]]);
    }
    vpci_text_add(text, "}");
}

static void add_cases(struct vpci_text *text, const struct vpci_comparison *comparison)
{
    bool first = true;
    vpci_text_add(text, ",\n\"classes\":{");
    for (int i = 0; i < VPCI_CLASS_COUNT; i++) {
        add_comma(text, &first);
        vpci_text_addf(text, "\"%s\":%u", vpci_class_info[i].json, comparison->classes[i]);
    }
    vpci_text_add(text, "},\n\"cases\":[");
    first = true;
    for (uint32_t i = 0; i < comparison->case_count; i++) {
        add_comma(text, &first);
        add_case(text, &comparison->cases[i]);
    }
    vpci_text_add(text, "]");
}

void vpci_comparison_print_json(struct vpci_text *text, const struct vpci_comparison *comparison)
{
    vpci_text_addf(text, "{\"format\":%d,\"comparison\":\"%s\",\"exit\":%d", COMPARE_FORMAT,
                   result_names[comparison->exit], comparison->exit);
    vpci_text_add(text, ",\n\"conditions\":");
    add_conditions(text, &comparison->sides[VPCI_BASE].runs[0], &comparison->sides[VPCI_NEW].runs[0],
                   comparison->conditions);
    add_side(text, comparison, VPCI_BASE);
    add_side(text, comparison, VPCI_NEW);
    vpci_text_addf(text, ",\n\"timing\":{\"cases\":%u,\"base_us\":%" PRIu64 ",\"new_us\":%" PRIu64 "}",
                   comparison->timed_cases, comparison->elapsed_us[VPCI_BASE],
                   comparison->elapsed_us[VPCI_NEW]);
    add_requirements(text, comparison);
    add_cases(text, comparison);
    vpci_text_add(text, "}\n");
}

static void add_label(struct vpci_text *text, const char *member, const struct vpci_timeline *timeline,
                      uint32_t run)
{
    vpci_text_addf(text, ",\"%s\":", member);
    if (run == VPCI_NO_RUN)
        vpci_text_add(text, "null");
    else
        vpci_text_add_json(text, timeline->runs[run]->label);
}

static void add_course(struct vpci_text *text, const struct vpci_timeline *timeline,
                       const struct vpci_course *course)
{
    const uint32_t before = course->fails ? course->last_good : course->last_bad;
    const uint32_t after = course->fails ? course->first_bad : course->first_good;
    vpci_text_add(text, "\n{\"name\":");
    vpci_text_add_json(text, course->name);
    vpci_text_addf(text, ",\"fails\":%s", course->fails ? "true" : "false");
    add_label(text, course->fails ? "last_good" : "last_bad", timeline, before);
    add_label(text, course->fails ? "first_bad" : "first_good", timeline, after);
    vpci_text_add(text, ",\"changed\":");
    if (before == VPCI_NO_RUN)
        vpci_text_add(text, "null");
    else
        add_conditions(text, timeline->runs[before], timeline->runs[after], course->conditions);
    vpci_text_addf(text, ",\"flickers\":%u", course->flickers);
    if (course->example != NULL)
        add_example(text, course->example);
    vpci_text_add(text, "}");
}

static void add_courses(struct vpci_text *text, const struct vpci_timeline *timeline, const char *member,
                        const struct vpci_courses *courses)
{
    bool first = true;
    vpci_text_addf(text, ",\n\"%s\":[", member);
    for (uint32_t i = 0; i < courses->count; i++) {
        add_comma(text, &first);
        add_course(text, timeline, &courses->courses[i]);
    }
    vpci_text_add(text, "]");
}

void vpci_timeline_print_json(struct vpci_text *text, const struct vpci_timeline *timeline)
{
    vpci_text_addf(text, "{\"format\":%d,\"history\":\"%s\",\"exit\":%d,\"left_out\":%u,\n\"runs\":[",
                   COMPARE_FORMAT, result_names[timeline->exit], timeline->exit, timeline->left_out);
    for (uint32_t i = 0; i < timeline->count; i++) {
        vpci_text_add(text, i == 0 ? "\n" : ",\n");
        add_run(text, timeline->runs[i]);
    }
    vpci_text_add(text, "]");
    add_courses(text, timeline, "requirements", &timeline->requirements);
    add_courses(text, timeline, "cases", &timeline->cases);
    vpci_text_add(text, "}\n");
}
