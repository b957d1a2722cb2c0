/* SPDX-License-Identifier: MIT */
/* reports/layout.c - see reports/layout.h. Width is counted in characters, so that UTF-8 does not break lines
 * early. */
#include "reports/layout.h"

#include <string.h>

#include "harness/event_json.h"

enum {
    STEPS_SHOWN_FIRST = 12, /* of a long trace: how the scenario began */
    STEPS_SHOWN_LAST = 36,  /* and what led to the finding */
    STEP_PREFIX_COLUMNS = 32,
};

/* Bytes of the first count characters of well-formed UTF-8. */
static size_t bytes_of(const char *string, size_t length, unsigned count)
{
    size_t bytes = 0;
    while (bytes < length && count-- > 0) {
        bytes++;
        while (bytes < length && ((unsigned char)string[bytes] & 0xC0) == 0x80)
            bytes++;
    }
    return bytes;
}

static unsigned width_of(const char *string, size_t length)
{
    unsigned width = 0;
    for (size_t i = 0; i < length; i++)
        width += ((unsigned char)string[i] & 0xC0) != 0x80;
    return width;
}

static void add_spaces(struct vpci_text *text, size_t count)
{
    while (count-- > 0)
        vpci_text_add_bytes(text, " ", 1);
}

static void new_line(struct vpci_text *text, unsigned indent, unsigned *column)
{
    while (text->length > 0 && text->bytes[text->length - 1] == ' ')
        text->length--;
    vpci_text_add(text, "\n");
    add_spaces(text, indent);
    *column = indent;
}

static bool is_at_line_start(const struct vpci_text *text)
{
    size_t length = text->length;
    while (length > 0 && text->bytes[length - 1] == ' ')
        length--;
    return length == 0 || text->bytes[length - 1] == '\n';
}

void vpci_layout_words(struct vpci_text *text, unsigned indent, unsigned column, const char *words)
{
    struct vpci_text plain = { 0 };
    vpci_text_add(&plain, "");
    vpci_text_add_plain(&plain, words);
    for (const char *at = plain.bytes; *at != '\0';) {
        const size_t spaces = strspn(at, " "), length = strcspn(at + spaces, " ");
        const unsigned width = width_of(at + spaces, length);
        if (column > indent && column + spaces + width > VPCI_REPORT_COLUMNS) {
            new_line(text, indent, &column);
        } else {
            add_spaces(text, spaces);
            column += (unsigned)spaces;
        }
        at += spaces;
        for (size_t left = length; left > 0;) {
            if (column >= VPCI_REPORT_COLUMNS)
                new_line(text, indent, &column);
            /* build services take a line that begins with :: for a command */
            const bool commands = left >= 2 && strncmp(at, "::", 2) == 0 && is_at_line_start(text);
            const size_t bytes = commands ? 1 : bytes_of(at, left, VPCI_REPORT_COLUMNS - column);
            vpci_text_add_bytes(text, commands ? "?" : at, bytes);
            column += width_of(at, bytes);
            at += bytes;
            left -= bytes;
        }
    }
    vpci_text_add(text, "\n");
    vpci_text_free(&plain);
}

/* The party as this run knows it: parts of the implementation go by the name of its role. */
static const char *party_name(enum vpci_party party, enum vpci_role role)
{
    static const char *const names[] = {
        [VPCI_PARTY_CLIENT] = "client", [VPCI_PARTY_VSC] = "vsc", [VPCI_PARTY_VSP] = "vsp",
        [VPCI_PARTY_PF] = "pf",         [VPCI_PARTY_KIT] = "kit",
    };
    return (vpci_role_info[role].parties >> party & 1u) != 0 ? vpci_role_info[role].name : names[party];
}

enum vpci_party vpci_layout_receiver(const struct vpci_event_info *info)
{
    if (info->interface == VPCI_INTERFACE_DDI)
        return info->sender == VPCI_PARTY_CLIENT ? VPCI_PARTY_VSC : VPCI_PARTY_CLIENT;
    if (info->interface == VPCI_INTERFACE_WIRE)
        return info->sender == VPCI_PARTY_VSC ? VPCI_PARTY_VSP : VPCI_PARTY_VSC;
    return info->sender == VPCI_PARTY_PF ? VPCI_PARTY_VSP : VPCI_PARTY_PF;
}

/* "IUT -> kit  bus -> client" */
static void add_direction(struct vpci_text *text, const struct vpci_event *event, enum vpci_role role)
{
    const struct vpci_event_info *info = &vpci_event_info[event->kind];
    if (info->interface == VPCI_INTERFACE_NONE)
        vpci_text_add(text, "kit sees");
    else
        vpci_text_addf(text, "%s  %s -> %s",
                       vpci_event_is_from(event->kind, role) ? "IUT -> kit" : "kit -> IUT",
                       party_name(info->sender, role), party_name(vpci_layout_receiver(info), role));
}

void vpci_layout_event(struct vpci_text *text, const struct vpci_event *event, enum vpci_role role)
{
    add_direction(text, event, role);
    vpci_text_add(text, "  ");
    vpci_event_describe(text, event);
}

static void add_step(struct vpci_text *text, const struct vpci_event *event, uint32_t number,
                     enum vpci_role role, unsigned indent)
{
    struct vpci_text prefix = { 0 }, words = { 0 };
    vpci_text_addf(&prefix, "%4u  ", number);
    add_direction(&prefix, event, role);
    add_spaces(text, indent);
    vpci_text_add(text, prefix.bytes);
    if (prefix.length < STEP_PREFIX_COLUMNS)
        add_spaces(text, STEP_PREFIX_COLUMNS - prefix.length);
    vpci_text_add(&words, "  ");
    vpci_event_describe(&words, event);
    const unsigned column =
        indent + (unsigned)(prefix.length > STEP_PREFIX_COLUMNS ? prefix.length : STEP_PREFIX_COLUMNS);
    vpci_layout_words(text, indent + STEP_PREFIX_COLUMNS + 4, column, words.bytes);
    vpci_text_free(&prefix);
    vpci_text_free(&words);
}

static void add_remark(struct vpci_text *text, const struct vpci_remark *remark, unsigned indent)
{
    static const char mark[] = "      <-- ", allowed[] = "          allowed: ";
    const char *id =
        remark->requirement == VPCI_REQUIREMENT_NONE ? "" : vpci_requirement_info[remark->requirement].id;
    struct vpci_text words = { 0 };
    vpci_text_addf(&words, "%s%s%s%s", remark->verdict == VPCI_WARNING ? "warning, " : "", id,
                   *id == '\0' ? "" : ": ", remark->reason != NULL ? remark->reason : "violated");
    add_spaces(text, indent);
    vpci_text_add(text, mark);
    vpci_layout_words(text, indent + (unsigned)sizeof mark - 1, indent + (unsigned)sizeof mark - 1,
                      words.bytes);
    if (remark->allowed != NULL) {
        add_spaces(text, indent);
        vpci_text_add(text, allowed);
        vpci_layout_words(text, indent + (unsigned)sizeof allowed - 1, indent + (unsigned)sizeof allowed - 1,
                          remark->allowed);
    }
    vpci_text_free(&words);
}

static void add_remarks_at(struct vpci_text *text, const struct vpci_case_result *result, uint32_t event,
                           unsigned indent)
{
    for (uint32_t i = 0; i < result->warning_count && i < VPCI_WARNINGS_MAX; i++) {
        if (result->warnings[i].event == event)
            add_remark(text, &result->warnings[i], indent);
    }
    if (result->has_finding && result->finding.event == event)
        add_remark(text, &result->finding, indent);
}

void vpci_layout_trace(struct vpci_text *text, const struct vpci_case_result *result, enum vpci_role role,
                       unsigned indent)
{
    const uint32_t count = result->trace != NULL ? result->trace_count : 0;
    /* The window of shown steps ends at the finding; only events after a warning can follow it. */
    const uint32_t last =
        result->has_finding && result->finding.event < count ? result->finding.event + 1 : count;
    const uint32_t from =
        last > STEPS_SHOWN_FIRST + STEPS_SHOWN_LAST ? last - STEPS_SHOWN_LAST : STEPS_SHOWN_FIRST;
    for (uint32_t i = 0; i < count; i++) {
        if (i == STEPS_SHOWN_FIRST && from > i) {
            add_spaces(text, indent);
            vpci_text_addf(text, "      ... %u events are left out here\n", from - i);
            i = from;
        }
        if (i == last + STEPS_SHOWN_LAST) {
            add_spaces(text, indent);
            vpci_text_addf(text, "      ... %u events follow\n", count - i);
            break;
        }
        add_step(text, &result->trace[i], i + 1, role, indent);
        add_remarks_at(text, result, i, indent);
    }
    if (result->trace == NULL && result->trace_count > 0) {
        add_spaces(text, indent);
        vpci_text_addf(text, "      the trace of %u events was too long to be kept\n", result->trace_count);
    }
    if (result->has_finding && result->finding.event >= count)
        add_remark(text, &result->finding, indent);
}
