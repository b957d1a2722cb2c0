/* SPDX-License-Identifier: MIT */
/* reports/junit.c - JUnit XML that fits both the schema of Ant's task and that of Jenkins, which build
 * servers check against. One testsuite for each surface; results have no clock in them, so times are 0. */
#include <string.h>

#include "harness/tally.h"
#include "reports/layout.h"
#include "reports/report.h"
#include "reports/summary.h"
#include "reports/xml.h"

static void add_property(struct vpci_text *text, const char *name, const char *value)
{
    vpci_text_add(text, "      <property");
    vpci_xml_add_attribute(text, "name", name);
    vpci_xml_add_attribute(text, "value", value);
    vpci_text_add(text, "/>\n");
}

static const char *or_dash(const char *string)
{
    return string != NULL && *string != '\0' ? string : "-";
}

/* How a build server takes a case; the elements that the schemas know. */
static const char *element_of(const struct vpci_case_result *result)
{
    static const char *const elements[VPCI_OUTCOME_COUNT] = {
        [VPCI_OUTCOME_PASS] = NULL,
        [VPCI_OUTCOME_FAIL] = "failure",
        [VPCI_OUTCOME_UNEXPECTED_PASS] = "failure",
        [VPCI_OUTCOME_NO_VERDICT] = "error",
        [VPCI_OUTCOME_EXPECTED] = "skipped",
        [VPCI_OUTCOME_DISPUTED] = "skipped",
        [VPCI_OUTCOME_NOT_RUN] = "skipped",
    };
    return elements[vpci_outcome_of(result)];
}

/* What stands in the element: detail, trace and command of what did not pass, a remark of the others. */
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
    if (vpci_outcome_of(result) != VPCI_OUTCOME_NOT_RUN) {
        vpci_text_add(&body, "repeat:\n");
        vpci_summary_command(&body, summary, result, 2, VPCI_REPORT_COLUMNS);
    }
    vpci_xml_add(text, body.bytes);
    vpci_text_free(&body);
}

/* "RD-02: the buffer does not hold the bytes of the PF" or the cause and its detail, behind what --expect or
 * a dispute says of the case. */
static void add_message(struct vpci_text *text, const struct vpci_summary *summary,
                        const struct vpci_case_result *result)
{
    struct vpci_text message = { 0 };
    const bool marked = vpci_summary_add_mark(&message, summary, result);
    if (!marked || result->verdict != VPCI_CASE_PASS) {
        vpci_text_add(&message, marked ? "; " : "");
        vpci_text_add(&message, result->requirement != VPCI_REQUIREMENT_NONE
                                    ? vpci_requirement_info[result->requirement].id
                                    : or_dash(result->cause));
        const char *reason = result->has_finding ? result->finding.reason : result->detail;
        if (reason != NULL)
            vpci_text_addf(&message, ": %s", reason);
    }
    vpci_xml_add_attribute(text, "message", message.bytes);
    vpci_text_free(&message);
}

/* The word that a server groups by: the requirement broken, or what became of the case. */
static const char *type_of(const struct vpci_case_result *result)
{
    switch (vpci_outcome_of(result)) {
    case VPCI_OUTCOME_UNEXPECTED_PASS:
        return vpci_expected_name[VPCI_EXPECTED_UNEXPECTED_PASS];
    case VPCI_OUTCOME_EXPECTED:
        return vpci_expected_name[VPCI_EXPECTED_AS_EXPECTED];
    case VPCI_OUTCOME_DISPUTED:
        return vpci_dispute_name[result->dispute];
    case VPCI_OUTCOME_FAIL:
        return result->requirement != VPCI_REQUIREMENT_NONE ? vpci_requirement_info[result->requirement].id
                                                            : or_dash(result->cause);
    default:
        return vpci_case_verdict_name[result->verdict];
    }
}

static void add_case(struct vpci_text *text, const struct vpci_summary *summary,
                     const struct vpci_case_result *result)
{
    const char *element = element_of(result);
    vpci_text_add(text, "    <testcase");
    vpci_xml_add_attribute(text, "name", or_dash(result->name));
    vpci_xml_add_attribute(text, "classname", or_dash(result->scenario));
    vpci_text_add(text, " time=\"0\"");
    if (element == NULL) {
        vpci_text_add(text, "/>\n");
        return;
    }
    vpci_text_addf(text, ">\n      <%s", element);
    vpci_xml_add_attribute(text, "type", type_of(result));
    add_message(text, summary, result);
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

/* How many cases have each element. */
struct counts {
    uint32_t tests, failures, errors, skipped;
};

static void count_case(struct counts *counts, const struct vpci_case_result *result)
{
    const char *element = element_of(result);
    counts->tests++;
    counts->failures += element != NULL && *element == 'f';
    counts->errors += element != NULL && *element == 'e';
    counts->skipped += element != NULL && *element == 's';
}

static void open_suite(struct vpci_text *text, const char *name, uint32_t id, const struct counts *counts)
{
    vpci_text_addf(text, "  <testsuite id=\"%u\" package=\"vpci-conform\"", id);
    vpci_xml_add_attribute(text, "name", or_dash(name));
    vpci_text_addf(text,
                   " timestamp=\"1970-01-01T00:00:00\" hostname=\"localhost\" tests=\"%u\" failures=\"%u\" "
                   "errors=\"%u\" skipped=\"%u\" time=\"0\">\n    <properties>\n",
                   counts->tests, counts->failures, counts->errors, counts->skipped);
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
    if (header->selection[0] != '\0')
        add_property(text, "only", header->selection);
    vpci_text_free(&seed);
}

static void add_suite(struct vpci_text *text, const struct vpci_summary *summary, const struct suite *suite)
{
    static const struct vpci_applicability nothing = { 0 };
    const struct vpci_results *results = summary->results;
    struct vpci_results_footer footer = { 0 };
    struct counts counts = { 0 };
    struct vpci_text name = { 0 };
    for (uint32_t i = 0; i < suite->count; i++) {
        vpci_results_tally(&footer, &results->cases[suite->first + i]);
        count_case(&counts, &results->cases[suite->first + i]);
    }
    vpci_results_conclude(&footer, &results->header, &nothing);
    vpci_text_add_bytes(&name, suite->name, suite->name_length);
    open_suite(text, name.bytes, suite->id, &counts);
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
    static const struct counts one_error = { .tests = 1, .errors = 1 };
    const char *problem = vpci_summary_problem(summary);
    if (problem == NULL)
        return;
    open_suite(text, "run", id, &one_error);
    add_header_properties(text, &summary->results->header);
    vpci_text_addf(
        text,
        "    </properties>\n    <testcase name=\"the run has a verdict\" classname=\"run\" time=\"0\">\n"
        "      <error type=\"inconclusive\" message=\"%s\"></error>\n    </testcase>\n"
        "    <system-out/>\n    <system-err/>\n  </testsuite>\n",
        problem);
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
