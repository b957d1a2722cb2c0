/* SPDX-License-Identifier: MIT */
/* reports/sarif.c - SARIF 2.1.0 for services that show the findings of tools beside code. A result for each
 * fault, which is a violated requirement or the cause of a failure that blames none; the requirement is its
 * rule, the trace its code flow, the scenario file its place. */
#include <stdlib.h>
#include <string.h>

#include "harness/allocate.h"
#include "harness/file.h"
#include "harness/options.h"
#include "reports/layout.h"
#include "reports/report.h"
#include "reports/sarif.h"
#include "reports/summary.h"

/* ours: services read the first thousand steps of a flow */
enum { STEPS_FIRST = 100, STEPS_LAST = 800, STEPS_AFTER = 20 };

static const char schema_uri[] =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/* Where the corpus lies, told by whoever reads the file: a base that is not known here. */
static const char source_base[] = "%SRCROOT%";

void vpci_sarif_string(struct vpci_text *text, const char *name, const char *value)
{
    struct vpci_text plain = { 0 };
    vpci_text_add(&plain, "");
    vpci_text_add_plain(&plain, value);
    vpci_text_addf(text, "\"%s\":", name);
    vpci_text_add_json(text, plain.bytes);
    vpci_text_free(&plain);
}

void vpci_sarif_message(struct vpci_text *text, const char *name, const char *words)
{
    struct vpci_text escaped = { 0 };
    vpci_text_add(&escaped, "");
    for (const char *at = words; *at != '\0'; at++) {
        if (strchr("\\[]", *at) != NULL)
            vpci_text_addf(&escaped, "\\%c", *at);
        else if (*at == '{' || *at == '}')
            vpci_text_addf(&escaped, "%c%c", *at, *at);
        else
            vpci_text_add_bytes(&escaped, at, 1);
    }
    vpci_text_addf(text, "\"%s\":{", name);
    vpci_sarif_string(text, "text", escaped.bytes);
    vpci_text_add(text, "}");
    vpci_text_free(&escaped);
}

/* A fault, counted or suppressed, or a warning. */
struct item {
    const struct vpci_case_result *result;
    const struct vpci_remark *remark; /* may be NULL */
    enum vpci_requirement requirement;
    uint32_t cases, rule;
    const char *level;
    bool suppressed;
};

struct page {
    struct vpci_text *text;
    const struct vpci_summary *summary;
    struct item *items;
    uint32_t count;
};

static void add_item(struct page *page, const struct vpci_case_result *result, uint32_t cases,
                     bool suppressed)
{
    page->items[page->count++] = (struct item){
        .result = result,
        .remark = result->has_finding ? &result->finding : NULL,
        .requirement = result->requirement,
        .cases = cases,
        .level = "error",
        .suppressed = suppressed,
    };
}

static void collect(struct page *page)
{
    const struct vpci_summary *summary = page->summary;
    const size_t most = (size_t)summary->violation_count + VPCI_REQUIREMENT_COUNT + summary->expected_count +
                        summary->disputed_count;
    page->items = vpci_need_memory(calloc(most, sizeof *page->items));
    for (uint32_t i = 0; i < summary->violation_count; i++)
        add_item(page, summary->violations[i].shortest, summary->violations[i].cases, false);
    for (int i = 0; i < VPCI_REQUIREMENT_COUNT; i++) {
        const struct vpci_warned *warned = &summary->warned[i];
        if (warned->cases > 0)
            page->items[page->count++] = (struct item){ .result = warned->example,
                                                        .remark = warned->remark,
                                                        .requirement = (enum vpci_requirement)i,
                                                        .cases = warned->cases,
                                                        .level = "warning" };
    }
    for (uint32_t i = 0; i < summary->expected_count; i++) {
        const struct vpci_expected_cases *group = &summary->expected[i];
        if (group->expected == VPCI_EXPECTED_AS_EXPECTED && group->shortest->verdict == VPCI_CASE_FAIL)
            add_item(page, group->shortest, group->cases, true);
    }
    for (uint32_t i = 0; i < summary->disputed_count; i++) {
        if (summary->disputed[i].shortest->verdict == VPCI_CASE_FAIL)
            add_item(page, summary->disputed[i].shortest, summary->disputed[i].cases, true);
    }
}

/* "RD-02", or "case-crash" where no requirement is blamed. A slash would have a meaning. */
static void add_rule_id(struct vpci_text *text, const struct item *item)
{
    if (item->requirement != VPCI_REQUIREMENT_NONE) {
        vpci_text_add(text, vpci_requirement_info[item->requirement].id);
        return;
    }
    vpci_text_add(text, "case-");
    for (const char *at = item->result->cause != NULL ? item->result->cause : "failed"; *at != '\0'; at++)
        vpci_text_add_bytes(text, *at == '/' ? "-" : at, 1);
}

static bool has_same_rule(const struct item *left, const struct item *right)
{
    struct vpci_text left_id = { 0 }, right_id = { 0 };
    add_rule_id(&left_id, left);
    add_rule_id(&right_id, right);
    const bool same = strcmp(left_id.bytes, right_id.bytes) == 0;
    vpci_text_free(&left_id);
    vpci_text_free(&right_id);
    return same;
}

static void add_rule_of_requirement(struct page *page, enum vpci_requirement requirement)
{
    const struct vpci_requirement_info *info = &vpci_requirement_info[requirement];
    const struct vpci_catalogue_entry *entry = vpci_catalogue_entry(page->summary->catalogue, requirement);
    struct vpci_text words = { 0 };
    vpci_text_add(page->text, ",");
    vpci_sarif_message(page->text, "shortDescription", entry->statement);
    vpci_text_addf(&words, "%s Level %s, binds the %s. Source: %s.", entry->statement,
                   vpci_level_name[info->level], vpci_binds_name[info->binds], entry->source);
    vpci_text_add(page->text, ",");
    vpci_sarif_message(page->text, "fullDescription", words.bytes);
    vpci_text_clear(&words);
    vpci_text_addf(&words, "What the kit sees of it: %s Source: %s.",
                   entry->observed != NULL ? entry->observed : entry->not_observable, entry->source);
    vpci_text_add(page->text, ",");
    vpci_sarif_message(page->text, "help", words.bytes);
    vpci_text_addf(
        page->text,
        ",\"defaultConfiguration\":{\"level\":\"%s\"},\"properties\":{\"level\":\"%s\",\"binds\":\"%s\","
        "\"precision\":\"very-high\",\"problem.severity\":\"%s\",\"tags\":[\"conformance\"],",
        info->breach == VPCI_VIOLATION ? "error" : "warning", vpci_level_name[info->level],
        vpci_binds_name[info->binds], info->breach == VPCI_VIOLATION ? "error" : "warning");
    vpci_sarif_string(page->text, "source", entry->source);
    vpci_text_add(page->text, "}");
    vpci_text_free(&words);
}

static void add_rule_of_cause(struct page *page)
{
    static const char statement[] =
        "An implementation neither crashes, hangs nor ends while a case runs, and does nothing else that "
        "keeps a case from its end.";
    vpci_text_add(page->text, ",");
    vpci_sarif_message(page->text, "shortDescription", statement);
    vpci_text_add(page->text, ",");
    vpci_sarif_message(page->text, "fullDescription", statement);
    vpci_text_add(page->text, ",");
    vpci_sarif_message(page->text, "help", "The command in the message repeats the case.");
    vpci_text_add(
        page->text,
        ",\"defaultConfiguration\":{\"level\":\"error\"},\"properties\":{\"precision\":\"very-high\","
        "\"problem.severity\":\"error\",\"tags\":[\"conformance\"]}");
}

/* A rule for each requirement or cause among the items, in their order; tells each item its rule. */
static void add_rules(struct page *page)
{
    uint32_t rules = 0;
    vpci_text_add(page->text, "\"rules\":[");
    for (uint32_t i = 0; i < page->count; i++) {
        struct item *item = &page->items[i];
        struct vpci_text id = { 0 };
        uint32_t earlier = 0;
        while (earlier < i && !has_same_rule(&page->items[earlier], item))
            earlier++;
        item->rule = earlier < i ? page->items[earlier].rule : rules++;
        if (earlier < i)
            continue;
        add_rule_id(&id, item);
        vpci_text_add(page->text, item->rule == 0 ? "\n{" : ",\n{");
        vpci_sarif_string(page->text, "id", id.bytes);
        vpci_text_free(&id);
        if (item->requirement != VPCI_REQUIREMENT_NONE)
            add_rule_of_requirement(page, item->requirement);
        else
            add_rule_of_cause(page);
        vpci_text_add(page->text, "}");
    }
    vpci_text_add(page->text, "]");
}

/* Whether the name of a scenario leads to a file below the corpus, and nowhere else. */
static bool is_below(const char *scenario)
{
    for (const char *part = scenario;; part += strcspn(part, "/") + 1) {
        const size_t length = strcspn(part, "/");
        if (length == 0 || (length <= 2 && strspn(part, ".") >= length))
            return false;
        if (part[length] == '\0')
            return true;
    }
}

static void add_location(struct page *page, const struct vpci_case_result *result, const char *words)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
    struct vpci_text *text = page->text;
    vpci_text_add(text, "{");
    if (is_below(result->scenario)) {
        vpci_text_add(text, "\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"corpus/scenarios/");
        for (const char *at = result->scenario; *at != '\0'; at++) {
            if (strchr(plain, *at) != NULL)
                vpci_text_add_bytes(text, at, 1);
            else
                vpci_text_addf(text, "%%%02X", (unsigned)(unsigned char)*at);
        }
        vpci_text_addf(text, ".json\",\"uriBaseId\":\"%s\"},\"region\":{\"startLine\":1}},", source_base);
    }
    vpci_text_add(text, "\"logicalLocations\":[{");
    vpci_sarif_string(text, "name", result->name);
    vpci_text_add(text, ",");
    vpci_sarif_string(text, "fullyQualifiedName", result->name);
    vpci_text_add(text, ",\"kind\":\"case\"}]");
    if (words != NULL) {
        vpci_text_add(text, ",");
        vpci_sarif_message(text, "message", words);
    }
    vpci_text_add(text, "}");
}

static void add_remark_words(struct vpci_text *words, const struct vpci_remark *remark)
{
    vpci_text_addf(words, "%s%s", remark->reason != NULL ? remark->reason : "violated",
                   remark->allowed != NULL ? "; allowed: " : "");
    vpci_text_add(words, remark->allowed != NULL ? remark->allowed : "");
}

static void add_step(struct page *page, const struct item *item, uint32_t event, bool first)
{
    const struct vpci_case_result *result = item->result;
    const bool offends = item->remark != NULL && item->remark->event == event;
    struct vpci_text words = { 0 };
    if (event < result->trace_count)
        vpci_layout_event(&words, &result->trace[event], page->summary->results->header.role);
    else
        vpci_text_add(&words, "the trace ends here");
    if (offends) {
        vpci_text_add(&words, "  <-- ");
        add_remark_words(&words, item->remark);
    }
    vpci_text_add(page->text, first ? "\n  {\"location\":" : ",\n  {\"location\":");
    add_location(page, result, words.bytes);
    vpci_text_addf(page->text, ",\"executionOrder\":%u,\"importance\":\"%s\"}", event + 1,
                   offends ? "essential" : "important");
    vpci_text_free(&words);
}

static void add_code_flow(struct page *page, const struct item *item)
{
    const struct vpci_case_result *result = item->result;
    if (result->trace == NULL || result->trace_count == 0)
        return;
    const uint32_t count = result->trace_count;
    const uint32_t offending = item->remark != NULL ? item->remark->event : count;
    const uint32_t end =
        offending < count && count - offending > STEPS_AFTER ? offending + STEPS_AFTER : count;
    const uint32_t resume = end > STEPS_FIRST + STEPS_LAST ? end - STEPS_LAST : STEPS_FIRST;
    struct vpci_text words = { 0 };
    vpci_text_addf(&words, "%u events", count);
    if (resume > STEPS_FIRST)
        vpci_text_addf(&words, ", of which %u are left out behind the first %u", resume - STEPS_FIRST,
                       (unsigned)STEPS_FIRST);
    if (end < count)
        vpci_text_addf(&words, ", the last %u of them left out", count - end);
    vpci_text_add(page->text, ",\"codeFlows\":[{");
    vpci_sarif_message(page->text, "message", words.bytes);
    vpci_text_free(&words);
    vpci_text_add(page->text, ",\"threadFlows\":[{\"locations\":[");
    for (uint32_t i = 0; i < end; i++) {
        if (i == STEPS_FIRST && resume > i)
            i = resume;
        add_step(page, item, i, i == 0);
    }
    if (item->remark != NULL && offending >= count)
        add_step(page, item, count, false);
    vpci_text_add(page->text, "]}]}]");
}

/* Names that stay the same from run to run: of the rule, which is what services tell results apart by, and of
 * the fault as it shows itself. A suppressed result has a name of its own, since both kinds may be there. */
static void add_fingerprints(struct page *page, const struct item *item)
{
    char rule[VPCI_SHA256_TEXT_BYTES], fault[VPCI_SHA256_TEXT_BYTES];
    const struct vpci_case_result *result = item->result;
    const struct vpci_results_header *header = &page->summary->results->header;
    struct vpci_text words = { 0 };
    add_rule_id(&words, item);
    vpci_text_addf(&words, "\n%s\n", item->level);
    if (result->dispute != VPCI_DISPUTE_NONE)
        vpci_text_addf(&words, "disputed %s\n", result->scenario);
    else if (item->suppressed)
        vpci_text_addf(&words, "expected %s\n", header->expectations[result->expectation].cases);
    vpci_digest_of_bytes(words.bytes, words.length, rule);
    vpci_text_addf(&words, "%s\n", result->cause != NULL ? result->cause : "");
    if (item->remark != NULL)
        vpci_text_addf(&words, "%s\n%s\n",
                       result->trace != NULL && item->remark->event < result->trace_count
                           ? vpci_event_info[result->trace[item->remark->event].kind].name
                           : "end",
                       item->remark->reason != NULL ? item->remark->reason : "");
    vpci_digest_of_bytes(words.bytes, words.length, fault);
    vpci_text_addf(page->text,
                   ",\"partialFingerprints\":{\"vpciRule/v1\":\"%s\",\"vpciFault/v1\":\"%s\","
                   "\"primaryLocationLineHash\":\"%.16s:1\"}",
                   rule, fault, rule);
    vpci_text_free(&words);
}

static void add_suppression(struct page *page, const struct item *item)
{
    const struct vpci_results_header *header = &page->summary->results->header;
    const struct vpci_case_result *result = item->result;
    struct vpci_text words = { 0 };
    vpci_summary_add_mark(&words, page->summary, result);
    vpci_text_add(page->text, ",\"suppressions\":[{\"kind\":\"external\",\"status\":\"accepted\",");
    vpci_sarif_string(page->text, "justification", words.bytes);
    if (result->dispute != VPCI_DISPUTE_NONE) {
        vpci_text_addf(page->text, ",\"properties\":{\"dispute\":\"%s\"}",
                       vpci_dispute_name[result->dispute]);
    } else {
        const struct vpci_expectation *entry = &header->expectations[result->expectation];
        vpci_text_add(page->text, ",\"properties\":{");
        vpci_sarif_string(page->text, "cases", entry->cases);
        vpci_text_add(page->text, ",");
        vpci_sarif_string(page->text, "reason", entry->reason);
        vpci_text_add(page->text, ",");
        vpci_sarif_string(page->text, "owner", entry->owner);
        vpci_text_add(page->text, ",");
        vpci_sarif_string(page->text, "issue", entry->issue);
        vpci_text_addf(page->text, ",\"expires\":\"%s\"}", entry->expires);
    }
    vpci_text_add(page->text, "}]");
    vpci_text_free(&words);
}

static void add_result(struct page *page, const struct item *item)
{
    const struct vpci_case_result *result = item->result;
    struct vpci_text words = { 0 }, command = { 0 }, id = { 0 };
    if (item->remark != NULL)
        add_remark_words(&words, item->remark);
    else
        vpci_text_add(&words, result->detail != NULL  ? result->detail
                              : result->cause != NULL ? result->cause
                                                      : "failed");
    vpci_text_addf(&words, ". Case %s", result->name);
    if (item->cases > 1)
        vpci_text_addf(&words, " and %u more", item->cases - 1);
    vpci_text_add(&words, ".");
    add_rule_id(&id, item);
    vpci_text_add(page->text, "{");
    vpci_sarif_string(page->text, "ruleId", id.bytes);
    vpci_text_addf(page->text, ",\"ruleIndex\":%u,\"kind\":\"fail\",\"level\":\"%s\",", item->rule,
                   item->level);
    vpci_sarif_message(page->text, "message", words.bytes);
    vpci_text_add(page->text, ",\"locations\":[");
    add_location(page, result, NULL);
    vpci_text_add(page->text, "]");
    add_fingerprints(page, item);
    vpci_text_addf(page->text, ",\"occurrenceCount\":%u", item->cases);
    if (item->suppressed)
        add_suppression(page, item);
    add_code_flow(page, item);
    vpci_summary_command(&command, page->summary, result, 0, UINT16_MAX);
    command.bytes[--command.length] = '\0'; /* without its newline */
    vpci_text_add(page->text, ",\"properties\":{");
    vpci_sarif_string(page->text, "scenario", result->scenario);
    vpci_text_add(page->text, ",");
    vpci_sarif_string(page->text, "cause", result->cause != NULL ? result->cause : "");
    vpci_text_add(page->text, ",");
    vpci_sarif_string(page->text, "repeat", command.bytes);
    vpci_text_add(page->text, "}}");
    vpci_text_free(&words);
    vpci_text_free(&command);
    vpci_text_free(&id);
}

void vpci_sarif_render(struct vpci_text *text, const struct vpci_results *results,
                       const struct vpci_catalogue *catalogue)
{
    struct vpci_summary summary;
    vpci_summary_make(&summary, results, catalogue);
    struct page page = { .text = text, .summary = &summary };
    collect(&page);
    vpci_text_addf(text,
                   "{\"$schema\":\"%s\",\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{"
                   "\"name\":\"vpci-conform\",",
                   schema_uri);
    vpci_sarif_string(text, "version", results->header.kit_version);
    vpci_text_add(text, ",");
    add_rules(&page);
    vpci_text_addf(text, "}},\n\"originalUriBaseIds\":{\"%s\":{", source_base);
    vpci_sarif_message(text, "description", "The folder of vpci-conform's sources, in which corpus lies.");
    vpci_text_add(text, "}},\n");
    vpci_sarif_run(text, &summary);
    vpci_text_add(text, ",\n\"results\":[");
    for (uint32_t i = 0; i < page.count; i++) {
        vpci_text_add(text, i == 0 ? "\n" : ",\n");
        add_result(&page, &page.items[i]);
    }
    vpci_text_add(text, "]}]}\n");
    free(page.items);
    vpci_summary_free(&summary);
}
