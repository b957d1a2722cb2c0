/* SPDX-License-Identifier: MIT */
/* harness/result.c - printing results.jsonl, one record a line. Cases are printed by the ten thousand a
 * second, so the members are put together by hand and not by way of a JSON tree. Reading is in result_read.c.
 */
#include "harness/result.h"

#include <string.h>

#include "harness/event_json.h"
#include "harness/result_record.h"

const char *const vpci_case_verdict_name[VPCI_CASE_VERDICT_COUNT] = {
#define X(name, json) [VPCI_CASE_##name] = json,
    VPCI_CASE_VERDICTS(X)
#undef X
};

const char *const vpci_run_verdict_name[VPCI_RUN_VERDICT_COUNT] = {
#define X(name, json) [VPCI_RUN_##name] = json,
    VPCI_RUN_VERDICTS(X)
#undef X
};

const char *const vpci_expected_name[VPCI_EXPECTED_COUNT] = {
#define X(name, json) [VPCI_EXPECTED_##name] = json,
    VPCI_EXPECTEDS(X)
#undef X
};

const char *const vpci_dispute_name[VPCI_DISPUTE_COUNT] = { "", "contested", "withdrawn" };

const char *const vpci_requirement_verdict_name[VPCI_REQUIREMENT_VERDICT_COUNT] = {
#define X(name, json) [VPCI_REQUIREMENT_##name##_VERDICT] = json,
    VPCI_REQUIREMENT_VERDICTS(X)
#undef X
};

const char *const vpci_remark_verdict_name[VPCI_REMARK_VERDICTS] = { "warning", "violation" };

/* before holds the comma, the quoted name and the colon: ,"name": */
static void add_string_member(struct vpci_text *text, const char *before, const char *value)
{
    vpci_text_add(text, before);
    vpci_text_add_json(text, value);
}

static void add_number_member(struct vpci_text *text, const char *before, uint64_t value)
{
    vpci_text_add(text, before);
    vpci_text_add_u64(text, value);
}

/* For names out of the kit's own tables, which need no escapes. */
static void add_name_member(struct vpci_text *text, const char *before, const char *name)
{
    vpci_text_add(text, before);
    vpci_text_add_bytes(text, "\"", 1);
    vpci_text_add(text, name);
    vpci_text_add_bytes(text, "\"", 1);
}

/* Appends a name to a list in brackets; first says whether a comma is due. */
static void add_list_name(struct vpci_text *text, bool *first, const char *name)
{
    add_name_member(text, *first ? "" : ",", name);
    *first = false;
}

static void add_errata(struct vpci_text *text, const struct vpci_results_header *header)
{
    add_string_member(text, ",\"errata\":{\"digest\":", header->disputes_digest);
    vpci_text_add(text, ",\"entries\":[");
    for (uint32_t i = 0; i < header->dispute_count; i++) {
        const struct vpci_disputed *entry = &header->disputes[i];
        add_string_member(text, i == 0 ? "{\"scenario\":" : ",{\"scenario\":", entry->scenario);
        add_name_member(text, ",\"state\":", vpci_dispute_name[entry->dispute]);
        add_string_member(text, ",\"text\":", entry->text);
        add_string_member(text, ",\"date\":", entry->date);
        vpci_text_add_bytes(text, "}", 1);
    }
    vpci_text_add(text, "]}");
}

static void add_expectations(struct vpci_text *text, const struct vpci_results_header *header)
{
    if (header->expect_digest[0] == '\0') {
        vpci_text_add(text, ",\"expect\":null");
        return;
    }
    add_string_member(text, ",\"expect\":{\"digest\":", header->expect_digest);
    add_string_member(text, ",\"date\":", header->expect_date);
    vpci_text_add(text, ",\"entries\":[");
    for (uint32_t i = 0; i < header->expectation_count; i++) {
        const struct vpci_expectation *entry = &header->expectations[i];
        add_string_member(text, i == 0 ? "{\"cases\":" : ",{\"cases\":", entry->cases);
        add_string_member(text, ",\"reason\":", entry->reason);
        add_string_member(text, ",\"owner\":", entry->owner);
        add_string_member(text, ",\"issue\":", entry->issue);
        add_string_member(text, ",\"expires\":", entry->expires);
        add_name_member(text, ",\"verdict\":", vpci_case_verdict_name[entry->verdict]);
        if (entry->requirement != VPCI_REQUIREMENT_NONE)
            add_name_member(text, ",\"requirement\":", vpci_requirement_info[entry->requirement].id);
        if (entry->cause[0] != '\0')
            add_string_member(text, ",\"cause\":", entry->cause);
        vpci_text_add_bytes(text, "}", 1);
    }
    vpci_text_add(text, "]}");
}

static void add_scenarios(struct vpci_text *text, const struct vpci_results_header *header)
{
    vpci_text_add(text, ",\"scenarios\":{");
    for (uint32_t i = 0; i < header->scenario_count; i++) {
        add_string_member(text, i == 0 ? "" : ",", header->scenarios[i].scenario);
        add_name_member(text, ":", header->scenarios[i].digest);
    }
    vpci_text_add_bytes(text, "}", 1);
}

void vpci_print_header(struct vpci_text *text, const struct vpci_results_header *header)
{
    vpci_text_add(text, "{\"record\":\"header\",\"format\":");
    vpci_text_add_u64(text, VPCI_RESULTS_FORMAT);
    add_string_member(text, ",\"kit\":", header->kit_version);
    add_string_member(text, ",\"adapter\":", header->adapter);
    add_string_member(text, ",\"name\":", header->pics.name);
    add_string_member(text, ",\"version\":", header->pics.version);
    bool first = true;
    vpci_text_add(text, ",\"roles\":[");
    for (int role = 0; role < VPCI_ROLE_COUNT; role++) {
        if ((header->pics.roles >> role & 1u) != 0)
            add_list_name(text, &first, vpci_role_info[role].name);
    }
    first = true;
    vpci_text_add(text, "],\"capabilities\":[");
    for (int capability = 0; capability < VPCI_CAPABILITY_COUNT; capability++) {
        if ((header->pics.capabilities >> capability & 1u) != 0)
            add_list_name(text, &first, vpci_capability_info[capability].name);
    }
    add_name_member(text, "],\"role\":", vpci_role_info[header->role].name);
    add_string_member(text, ",\"profile\":", header->profile);
    vpci_text_add(text, ",\"seed\":\"");
    vpci_text_add_hex(text, header->seed);
    add_number_member(text, "\",\"cases\":", header->case_count);
    add_string_member(text, ",\"suite_digest\":", header->suite_digest);
    add_string_member(text, ",\"requirements_digest\":", header->requirements_digest);
    add_string_member(text, ",\"adapter_digest\":", header->adapter_digest);
    add_string_member(text, ",\"selection\":", header->selection);
    add_string_member(text, ",\"model_digest\":", header->model_digest);
    add_string_member(text, ",\"runner_digest\":", header->runner_digest);
    add_string_member(text, ",\"profile_digest\":", header->profile_digest);
    add_errata(text, header);
    add_expectations(text, header);
    add_scenarios(text, header);
    vpci_text_add(text, "}\n");
}

static void add_remark(struct vpci_text *text, const struct vpci_remark *remark)
{
    add_name_member(text, "{\"verdict\":", vpci_remark_verdict_name[remark->verdict == VPCI_VIOLATION]);
    if (remark->requirement != VPCI_REQUIREMENT_NONE)
        add_name_member(text, ",\"requirement\":", vpci_requirement_info[remark->requirement].id);
    if (remark->reason != NULL)
        add_string_member(text, ",\"reason\":", remark->reason);
    if (remark->allowed != NULL)
        add_string_member(text, ",\"allowed\":", remark->allowed);
    add_number_member(text, ",\"event\":", remark->event);
    vpci_text_add_bytes(text, "}", 1);
}

/* Collected in a buffer of its own: a case exercises dozens of requirements, and one append is cheaper than
 * dozens. */
static void add_exercised(struct vpci_text *text, const struct vpci_requirement_set *set)
{
    char list[VPCI_REQUIREMENT_COUNT * 16]; /* an id is far shorter than 13 characters */
    size_t length = 0;
    for (size_t word = 0; word < sizeof set->words / sizeof set->words[0]; word++) {
        for (uint64_t bits = set->words[word]; bits != 0; bits &= bits - 1) {
            const size_t requirement = word * 64 + (size_t)__builtin_ctzll(bits);
            if (requirement == VPCI_REQUIREMENT_NONE || requirement >= VPCI_REQUIREMENT_COUNT)
                continue;
            const char *id = vpci_requirement_info[requirement].id;
            const size_t id_length = strlen(id);
            list[length++] = '"';
            memcpy(list + length, id, id_length);
            length += id_length;
            list[length++] = '"';
            list[length++] = ',';
        }
    }
    vpci_text_add(text, ",\"exercised\":[");
    vpci_text_add_bytes(text, list, length == 0 ? 0 : length - 1);
    vpci_text_add_bytes(text, "]", 1);
}

static void add_trace(struct vpci_text *text, const struct vpci_case_result *result, size_t line_start)
{
    const size_t trace_start = text->length;
    vpci_text_add(text, ",\"trace\":[");
    for (uint32_t i = 0; i < result->trace_count; i++) {
        if (i > 0)
            vpci_text_add_bytes(text, ",", 1);
        vpci_event_print(text, &result->trace[i]);
        if (text->length - line_start > VPCI_RESULTS_TRACE_BYTES_MAX) {
            /* A line must stay readable, and half a trace would mislead: say how long it was instead. */
            text->length = trace_start;
            add_number_member(text, ",\"trace_omitted\":", result->trace_count);
            return;
        }
    }
    vpci_text_add_bytes(text, "]", 1);
}

void vpci_print_case(struct vpci_text *text, const struct vpci_case_result *result)
{
    const size_t line_start = text->length;
    add_number_member(text, "{\"record\":\"case\",\"index\":", result->index);
    add_string_member(text, ",\"name\":", result->name);
    add_string_member(text, ",\"scenario\":", result->scenario);
    add_name_member(text, ",\"verdict\":", vpci_case_verdict_name[result->verdict]);
    if (result->cause != NULL)
        add_string_member(text, ",\"cause\":", result->cause);
    if (result->detail != NULL)
        add_string_member(text, ",\"detail\":", result->detail);
    if (result->requirement != VPCI_REQUIREMENT_NONE)
        add_name_member(text, ",\"requirement\":", vpci_requirement_info[result->requirement].id);
    if (result->has_finding) {
        vpci_text_add(text, ",\"finding\":");
        add_remark(text, &result->finding);
    }
    for (uint32_t i = 0; i < result->warning_count && i < VPCI_WARNINGS_MAX; i++) {
        vpci_text_add(text, i == 0 ? ",\"warnings\":[" : ",");
        add_remark(text, &result->warnings[i]);
    }
    if (result->warning_count > 0)
        vpci_text_add_bytes(text, "]", 1);
    if (result->expected != VPCI_EXPECTED_NOT) {
        add_name_member(text, ",\"expected\":{\"state\":", vpci_expected_name[result->expected]);
        add_number_member(text, ",\"entry\":", result->expectation);
        vpci_text_add_bytes(text, "}", 1);
    }
    if (result->dispute != VPCI_DISPUTE_NONE)
        add_name_member(text, ",\"dispute\":", vpci_dispute_name[result->dispute]);
    if (result->probe)
        vpci_text_add(text, ",\"probe\":true");
    add_exercised(text, &result->exercised);
    if (result->trace == NULL && result->trace_count > 0)
        add_number_member(text, ",\"trace_omitted\":", result->trace_count);
    else if (result->trace_count > 0)
        add_trace(text, result, line_start);
    vpci_text_add_bytes(text, "}\n", 2);
}

void vpci_print_footer(struct vpci_text *text, const struct vpci_results_footer *footer)
{
    add_name_member(text, "{\"record\":\"footer\",\"verdict\":", vpci_run_verdict_name[footer->verdict]);
    for (int verdict = 0; verdict < VPCI_CASE_VERDICT_COUNT; verdict++) {
        add_name_member(text, verdict == 0 ? ",\"cases\":{" : ",", vpci_case_verdict_name[verdict]);
        add_number_member(text, ":", footer->cases[verdict]);
    }
    add_number_member(text, "},\"disputed\":", footer->disputed);
    add_number_member(text, ",\"cases_with_warnings\":", footer->cases_with_warnings);
    for (int expected = VPCI_EXPECTED_NOT + 1; expected < VPCI_EXPECTED_COUNT; expected++) {
        add_name_member(text, expected == VPCI_EXPECTED_NOT + 1 ? ",\"expected\":{" : ",",
                        vpci_expected_name[expected]);
        add_number_member(text, ":", footer->expected[expected]);
    }
    add_number_member(text, ",\"stale\":", footer->stale);
    vpci_text_add_bytes(text, "}", 1);
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
        add_name_member(text, i == VPCI_REQUIREMENT_NONE + 1 ? ",\"requirements\":{" : ",",
                        vpci_requirement_info[i].id);
        add_name_member(text,
                        ":{\"verdict\":", vpci_requirement_verdict_name[footer->requirements[i].verdict]);
        add_number_member(text, ",\"exercised\":", footer->requirements[i].exercised);
        add_number_member(text, ",\"failed\":", footer->requirements[i].failed);
        add_number_member(text, ",\"warned\":", footer->requirements[i].warned);
        if (footer->requirements[i].probed)
            vpci_text_add(text, ",\"probed\":true");
        vpci_text_add_bytes(text, "}", 1);
    }
    add_string_member(text, "},\"transcripts_sha256\":", footer->transcripts_sha256);
    add_string_member(text, ",\"sha256\":", footer->sha256);
    vpci_text_add(text, "}\n");
}
