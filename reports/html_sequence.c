/* SPDX-License-Identifier: MIT */
/* reports/html_sequence.c - the traces of cases as data for the sequence diagrams of report.html. A diagram
 * has a lane for each party; the parties inside of the implementation share one, and the last is the kit's.
 */
#include <string.h>

#include "harness/allocate.h"
#include "harness/event_json.h"
#include "reports/html_page.h"
#include "reports/html_parts.h"
#include "reports/layout.h"

enum {
    EVENTS_SHOWN_FIRST = 40,  /* of a long trace: how the scenario began */
    EVENTS_SHOWN_LAST = 160,  /* what led to the finding */
    EVENTS_SHOWN_AFTER = 20,  /* and what still came */
    DESCRIBED_BYTES_MAX = 16, /* more than these are cut off by vpci_event_describe */
    PAGE_BYTES_MAX = 48 << 20 /* ours: beyond, browsers grow slow, and traces are left out */
};

static const char *const party_names[] = {
    [VPCI_PARTY_CLIENT] = "client", [VPCI_PARTY_VSC] = "vsc", [VPCI_PARTY_VSP] = "vsp",
    [VPCI_PARTY_PF] = "pf",         [VPCI_PARTY_KIT] = "kit",
};

struct lanes {
    const char *names[VPCI_PARTY_KIT + 1];
    unsigned count, of_party[VPCI_PARTY_KIT + 1], inside;
};

static struct lanes lanes_of(enum vpci_role role)
{
    struct lanes lanes = { 0 };
    bool was_inside = false;
    for (unsigned party = VPCI_PARTY_CLIENT; party <= VPCI_PARTY_KIT; party++) {
        const bool is_inside = (vpci_role_info[role].parties >> party & 1u) != 0;
        if (is_inside && !was_inside)
            lanes.inside = lanes.count;
        if (!is_inside || !was_inside)
            lanes.names[lanes.count++] = is_inside ? vpci_role_info[role].name : party_names[party];
        lanes.of_party[party] = lanes.count - 1;
        was_inside = is_inside;
    }
    return lanes;
}

static void add_event(struct vpci_text *text, const struct vpci_event *event, uint32_t number,
                      const struct lanes *lanes)
{
    const struct vpci_event_info *info = &vpci_event_info[event->kind];
    const unsigned kit = lanes->count - 1;
    unsigned from = lanes->inside, to = kit; /* what the kit sees, it sees of the implementation */
    if (info->interface != VPCI_INTERFACE_NONE) {
        from = lanes->of_party[info->sender];
        to = lanes->of_party[vpci_layout_receiver(info)];
    }
    if (from == to) /* the kit asks a party inside to do it */
        from = kit;
    struct vpci_text words = { 0 };
    vpci_event_describe(&words, event);
    vpci_text_addf(text, "[%u,%u,%u,\"%s\",", number, from, to, info->name);
    vpci_html_json(text, words.bytes);
    vpci_text_add(text, ",\"");
    if ((event->fields & VPCI_F(DATA)) != 0 && event->data_length > DESCRIBED_BYTES_MAX)
        vpci_text_add_hex_bytes(text, event->data, event->data_length);
    vpci_text_add(text, "\"]");
    vpci_text_free(&words);
}

static void add_events(struct vpci_text *text, const struct vpci_case_result *result,
                       const struct lanes *lanes)
{
    const uint32_t count = result->trace != NULL ? result->trace_count : 0;
    const uint32_t last =
        result->has_finding && result->finding.event < count ? result->finding.event + 1 : count;
    const char *separator = "";
    for (uint32_t i = 0; i < count && i < last + EVENTS_SHOWN_AFTER; i++) {
        if (i >= EVENTS_SHOWN_FIRST && i + EVENTS_SHOWN_LAST < last)
            continue;
        vpci_text_add(text, separator);
        add_event(text, &result->trace[i], i, lanes);
        separator = ",";
    }
}

static void add_remark(struct vpci_text *text, const struct vpci_remark *remark, const char *separator)
{
    vpci_text_addf(text, "%s{\"event\":%u,\"verdict\":\"%s\",\"requirement\":\"%s\",\"reason\":", separator,
                   remark->event, remark->verdict == VPCI_WARNING ? "warning" : "violation",
                   remark->requirement == VPCI_REQUIREMENT_NONE
                       ? "no requirement"
                       : vpci_requirement_info[remark->requirement].id);
    vpci_html_json(text, remark->reason != NULL ? remark->reason : "violated");
    vpci_text_add(text, ",\"allowed\":");
    vpci_html_json(text, remark->allowed != NULL ? remark->allowed : "");
    vpci_text_add(text, "}");
}

static void add_command(struct vpci_text *text, const struct vpci_summary *summary,
                        const struct vpci_case_result *result)
{
    struct vpci_text command = { 0 };
    vpci_summary_command(&command, summary, result, 0, UINT32_MAX);
    command.bytes[strcspn(command.bytes, "\n")] = '\0';
    vpci_html_json(text, command.bytes);
    vpci_text_free(&command);
}

static void add_sequence(struct vpci_text *text, const struct vpci_summary *summary,
                         const struct vpci_case_result *result, const struct lanes *lanes)
{
    vpci_text_addf(text, "<script type=\"application/json\" id=\"data-%u\">{\"total\":%u,\"events\":[",
                   result->index, result->trace_count);
    if (text->length < PAGE_BYTES_MAX)
        add_events(text, result, lanes);
    vpci_text_add(text, "],\"remarks\":[");
    const char *separator = "";
    for (uint32_t i = 0; i < result->warning_count && i < VPCI_WARNINGS_MAX; i++) {
        add_remark(text, &result->warnings[i], separator);
        separator = ",";
    }
    if (result->has_finding)
        add_remark(text, &result->finding, separator);
    vpci_text_add(text, "],\"command\":");
    add_command(text, summary, result);
    vpci_text_add(text, "}</script>\n");
}

void vpci_html_add_sequences(struct vpci_text *text, const struct vpci_summary *summary)
{
    const struct vpci_results *results = summary->results;
    const struct lanes lanes = lanes_of(results->header.role);
    bool *is_example = vpci_need_memory(calloc((size_t)results->case_count + 1, sizeof *is_example));
    for (uint32_t i = 0; i < summary->cause_count; i++)
        is_example[summary->causes[i].example - results->cases] = true;
    for (int i = 0; i < VPCI_REQUIREMENT_COUNT; i++) {
        if (summary->warned[i].cases > 0)
            is_example[summary->warned[i].example - results->cases] = true;
    }
    vpci_text_add(text, "<script type=\"application/json\" id=\"row-data\">{\"lanes\":[");
    for (unsigned i = 0; i < lanes.count; i++)
        vpci_text_addf(text, "%s\"%s\"", i == 0 ? "" : ",", lanes.names[i]);
    vpci_text_addf(text, "],\"inside\":%u}</script>\n", lanes.inside);
    for (uint32_t i = 0; i < results->case_count; i++) {
        if (is_example[i] || results->cases[i].verdict == VPCI_CASE_FAIL)
            add_sequence(text, summary, &results->cases[i], &lanes);
    }
    free(is_example);
}

void vpci_html_add_place(struct vpci_text *text, const struct vpci_case_result *result, bool with_command)
{
    vpci_text_addf(text, "<div class=\"sequence\" data-case=\"%u\"%s></div>\n", result->index,
                   with_command ? " data-command=\"yes\"" : "");
}

const char *vpci_html_reason(const struct vpci_case_result *result)
{
    if (result->has_finding && result->finding.reason != NULL)
        return result->finding.reason;
    if (result->detail != NULL && result->detail[0] != '\0')
        return result->detail;
    return result->cause != NULL ? result->cause : "no reason given";
}

void vpci_html_add_lines(struct vpci_text *text, const char *class_name, const struct vpci_text *lines)
{
    struct vpci_text line = { 0 };
    vpci_text_addf(text, "<pre class=\"%s\">", class_name);
    for (size_t at = 0; at < lines->length;) {
        const size_t length = strcspn(lines->bytes + at, "\n");
        vpci_text_clear(&line);
        vpci_text_add_bytes(&line, lines->bytes + at, length);
        vpci_html_text(text, line.bytes);
        vpci_text_add(text, at + length + 1 < lines->length ? "\n" : "");
        at += length + 1;
    }
    vpci_text_add(text, "</pre>\n");
    vpci_text_free(&line);
}
