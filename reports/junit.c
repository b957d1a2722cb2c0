/* SPDX-License-Identifier: MIT */
/* reports/junit.c - JUnit XML that fits both the schema of Ant's task and that of Jenkins, which build
 * servers check against. One testsuite for each surface; results have no clock in them, so times are 0. */
#include <string.h>

#include "harness/tally.h"
#include "harness/utf8.h"
#include "reports/layout.h"
#include "reports/report.h"
#include "reports/summary.h"

/* True for what XML 1.0 may hold at all, without the control characters that nobody can read. */
static bool is_xml_character(const uint8_t *bytes, size_t sequence)
{
    if (sequence == 1)
        return *bytes == '\n' || *bytes == '\t' || (*bytes >= 0x20 && *bytes < 0x7F);
    if (sequence == 2)
        return !(bytes[0] == 0xC2 && bytes[1] < 0xA0); /* U+0080...U+009F */
    if (sequence == 3)
        return !(bytes[0] == 0xEF && bytes[1] == 0xBF && bytes[2] >= 0xBE); /* U+FFFE, U+FFFF */
    return sequence == 4;
}

/* Appends hostile text as character data or inside of a quoted attribute. */
static void add_escaped(struct vpci_text *text, const char *string, bool in_attribute)
{
    const uint8_t *bytes = (const uint8_t *)string;
    for (size_t left = strlen(string); left > 0;) {
        const size_t sequence = vpci_utf8_sequence(bytes, left), taken = sequence == 0 ? 1 : sequence;
        if (sequence == 0)
            vpci_text_add(text, "\xEF\xBF\xBD"); /* U+FFFD */
        else if (*bytes == '&')
            vpci_text_add(text, "&amp;");
        else if (*bytes == '<')
            vpci_text_add(text, "&lt;");
        else if (*bytes == '>') /* also keeps ]]> out of character data */
            vpci_text_add(text, "&gt;");
        else if (*bytes == '"')
            vpci_text_add(text, "&quot;");
        else if (in_attribute && (*bytes == '\n' || *bytes == '\t'))
            vpci_text_addf(text, "&#%u;", *bytes);
        else if (is_xml_character(bytes, sequence))
            vpci_text_add_bytes(text, bytes, sequence);
        bytes += taken;
        left -= taken;
    }
}

/* before holds the space, the name, the = and the quote. */
static void add_attribute(struct vpci_text *text, const char *before, const char *value)
{
    vpci_text_add(text, before);
    add_escaped(text, value, true);
    vpci_text_add(text, "\"");
}

static void add_property(struct vpci_text *text, const char *name, const char *value)
{
    add_attribute(text, "      <property name=\"", name);
    add_attribute(text, " value=\"", value);
    vpci_text_add(text, "/>\n");
}

static const char *or_dash(const char *string)
{
    return string != NULL && *string != '\0' ? string : "-";
}

/* What stands in the element of a case that did not pass: trace and command of a failure, detail of the
 * others. */
static void add_body(struct vpci_text *text, const struct vpci_summary *summary,
                     const struct vpci_case_result *result)
{
    struct vpci_text body = { 0 };
    vpci_text_add(&body, "");
    if (result->detail != NULL) {
        vpci_text_add_plain(&body, result->detail);
        vpci_text_add(&body, "\n");
    }
    if (result->verdict == VPCI_CASE_FAIL)
        vpci_layout_trace(&body, result, summary->results->header.role, 0);
    if (result->verdict != VPCI_CASE_NOT_APPLICABLE && result->verdict != VPCI_CASE_SKIPPED) {
        vpci_text_add(&body, "repeat:\n");
        vpci_summary_command(&body, summary, result, 2, VPCI_REPORT_COLUMNS);
    }
    add_escaped(text, body.bytes, false);
    vpci_text_free(&body);
}

/* "RD-02: the buffer does not hold the bytes of the PF" or the cause and its detail. */
static void add_message(struct vpci_text *text, const struct vpci_case_result *result)
{
    struct vpci_text message = { 0 };
    vpci_text_add(&message, result->requirement != VPCI_REQUIREMENT_NONE
                                ? vpci_requirement_info[result->requirement].id
                                : or_dash(result->cause));
    const char *reason = result->has_finding ? result->finding.reason : result->detail;
    if (reason != NULL)
        vpci_text_addf(&message, ": %s", reason);
    add_attribute(text, " message=\"", message.bytes);
    vpci_text_free(&message);
}

static void add_case(struct vpci_text *text, const struct vpci_summary *summary,
                     const struct vpci_case_result *result)
{
    static const char *const elements[VPCI_CASE_VERDICT_COUNT] = {
        [VPCI_CASE_PASS] = NULL,
        [VPCI_CASE_FAIL] = "failure",
        [VPCI_CASE_INCONCLUSIVE] = "error",
        [VPCI_CASE_ERROR] = "error",
        [VPCI_CASE_NOT_APPLICABLE] = "skipped",
        [VPCI_CASE_SKIPPED] = "skipped",
    };
    const char *element = elements[result->verdict];
    add_attribute(text, "    <testcase name=\"", result->name);
    add_attribute(text, " classname=\"", result->scenario);
    vpci_text_add(text, " time=\"0\"");
    if (element == NULL) {
        vpci_text_add(text, "/>\n");
        return;
    }
    vpci_text_addf(text, ">\n      <%s", element);
    const char *type = result->verdict == VPCI_CASE_FAIL && result->requirement != VPCI_REQUIREMENT_NONE
                           ? vpci_requirement_info[result->requirement].id
                       : result->verdict == VPCI_CASE_FAIL ? or_dash(result->cause)
                                                           : vpci_case_verdict_name[result->verdict];
    add_attribute(text, " type=\"", type);
    add_message(text, result);
    vpci_text_add(text, ">");
    add_body(text, summary, result);
    vpci_text_addf(text, "</%s>\n    </testcase>\n", element);
}

struct suite {
    const char *name;
    size_t name_length;
    uint32_t first, count; /* cases */
    uint32_t id;
};

static size_t surface_length(const struct vpci_case_result *result)
{
    return strcspn(result->scenario, "/");
}

/* The run of cases from first on that share a surface: cases are in order of their scenarios' names. */
static struct suite suite_from(const struct vpci_results *results, uint32_t first, uint32_t id)
{
    const struct vpci_case_result *result = &results->cases[first];
    struct suite suite = { result->scenario, surface_length(result), first, 1, id };
    while (first + suite.count < results->case_count) {
        result = &results->cases[first + suite.count];
        if (surface_length(result) != suite.name_length ||
            strncmp(result->scenario, suite.name, suite.name_length) != 0)
            break;
        suite.count++;
    }
    return suite;
}

static void open_suite(struct vpci_text *text, const char *name, uint32_t id,
                       const uint32_t counts[VPCI_CASE_VERDICT_COUNT], uint32_t tests)
{
    vpci_text_addf(text, "  <testsuite id=\"%u\"", id);
    add_attribute(text, " package=\"vpci-conform\" name=\"", *name != '\0' ? name : "-");
    vpci_text_addf(text,
                   " timestamp=\"1970-01-01T00:00:00\" hostname=\"localhost\" tests=\"%u\" failures=\"%u\" "
                   "errors=\"%u\" "
                   "skipped=\"%u\" time=\"0\">\n    <properties>\n",
                   tests, counts[VPCI_CASE_FAIL], counts[VPCI_CASE_ERROR] + counts[VPCI_CASE_INCONCLUSIVE],
                   counts[VPCI_CASE_SKIPPED] + counts[VPCI_CASE_NOT_APPLICABLE]);
}

static void add_header_properties(struct vpci_text *text, const struct vpci_results_header *header)
{
    struct vpci_text seed = { 0 };
    vpci_text_add_hex(&seed, header->seed);
    add_property(text, "adapter", header->adapter);
    add_property(text, "implementation", header->pics.name);
    add_property(text, "version", header->pics.version);
    add_property(text, "role", vpci_role_info[header->role].name);
    add_property(text, "profile", header->profile);
    add_property(text, "seed", seed.bytes);
    vpci_text_free(&seed);
}

static void add_suite(struct vpci_text *text, const struct vpci_summary *summary, const struct suite *suite)
{
    static const struct vpci_applicability nothing = { 0 };
    const struct vpci_results *results = summary->results;
    struct vpci_results_footer footer = { 0 };
    struct vpci_text name = { 0 };
    for (uint32_t i = 0; i < suite->count; i++)
        vpci_results_tally(&footer, &results->cases[suite->first + i]);
    vpci_results_conclude(&footer, &results->header, &nothing);
    vpci_text_add_bytes(&name, suite->name, suite->name_length);
    open_suite(text, name.bytes, suite->id, footer.cases, suite->count);
    vpci_text_free(&name);
    add_header_properties(text, &results->header);
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
        if (footer.requirements[i].verdict != VPCI_REQUIREMENT_NOT_EXERCISED_VERDICT)
            add_property(text, vpci_requirement_info[i].id,
                         vpci_requirement_verdict_name[footer.requirements[i].verdict]);
    }
    vpci_text_add(text, "    </properties>\n");
    for (uint32_t i = 0; i < suite->count; i++)
        add_case(text, summary, &results->cases[suite->first + i]);
    vpci_text_add(text, "    <system-out/>\n    <system-err/>\n  </testsuite>\n");
}

/* Servers call a file without failure and error a success. Where the run is not one, although no single case
 * is at fault (torn results, nothing that applies, time over), an error of the run itself says so. */
static void add_run_suite(struct vpci_text *text, const struct vpci_summary *summary, uint32_t id)
{
    const uint32_t *cases = summary->footer.cases;
    if (summary->results->sealed && (summary->footer.verdict != VPCI_RUN_INCONCLUSIVE ||
                                     cases[VPCI_CASE_ERROR] + cases[VPCI_CASE_INCONCLUSIVE] > 0))
        return;
    static const uint32_t counts[VPCI_CASE_VERDICT_COUNT] = { [VPCI_CASE_ERROR] = 1 };
    open_suite(text, "run", id, counts, 1);
    add_header_properties(text, &summary->results->header);
    vpci_text_addf(
        text,
        "    </properties>\n    <testcase name=\"the run has a verdict\" classname=\"run\" time=\"0\">\n"
        "      <error type=\"inconclusive\" message=\"%s\"></error>\n    </testcase>\n"
        "    <system-out/>\n    <system-err/>\n  </testsuite>\n",
        !summary->results->sealed      ? "the results file is torn"
        : cases[VPCI_CASE_SKIPPED] > 0 ? "cases were skipped because the time was over"
                                       : "no case passed");
}

void vpci_junit_render(struct vpci_text *text, const struct vpci_results *results,
                       const struct vpci_catalogue *catalogue)
{
    struct vpci_summary summary;
    uint32_t id = 0;
    vpci_summary_make(&summary, results, catalogue);
    vpci_text_add(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for (uint32_t first = 0; first < results->case_count;) {
        const struct suite suite = suite_from(results, first, id++);
        add_suite(text, &summary, &suite);
        first += suite.count;
    }
    add_run_suite(text, &summary, id);
    vpci_text_add(text, "</testsuites>\n");
    vpci_summary_free(&summary);
}
