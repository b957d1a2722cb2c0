/* SPDX-License-Identifier: MIT */
/* reports/certificate.c - prints the statement of a certificate, its members in a fixed order. */
#include "reports/certificate.h"

#include <gnu/libc-version.h>
#include <openssl/crypto.h>
#include <string.h>
#include <sys/utsname.h>

#include "reports/dsse.h"
#include "reports/summary.h"

enum { LEVEL_COUNT = VPCI_LEVEL_IMPL + 1 };

void vpci_certificate_facts_free(struct vpci_certificate_facts *facts)
{
    vpci_text_free(&facts->environment);
    *facts = (struct vpci_certificate_facts){ 0 };
}

/* Appends before, which ends with the member's name and a colon, and the string. */
static void add_string(struct vpci_text *text, const char *before, const char *string)
{
    vpci_text_add(text, before);
    vpci_text_add_json(text, string);
}

static void add_string_or_null(struct vpci_text *text, const char *before, const char *string)
{
    vpci_text_add(text, before);
    if (string[0] != '\0')
        vpci_text_add_json(text, string);
    else
        vpci_text_add(text, "null");
}

static void add_count(struct vpci_text *text, const char *before, uint64_t count)
{
    vpci_text_add(text, before);
    vpci_text_add_u64(text, count);
}

void vpci_certificate_environment(struct vpci_text *text)
{
#ifdef __clang__
    static const char compiler[] = "clang " __clang_version__;
#else
    static const char compiler[] = "gcc " __VERSION__;
#endif
    struct utsname name;
    if (uname(&name) != 0)
        memset(&name, 0, sizeof name);
    add_string(text, "{\"system\":", name.sysname);
    add_string(text, ",\"release\":", name.release);
    add_string(text, ",\"machine\":", name.machine);
    vpci_text_addf(text, ",\"libc\":\"glibc %s\"", gnu_get_libc_version());
    add_string(text, ",\"compiler\":", compiler);
    add_string(text, ",\"libcrypto\":", OpenSSL_version(OPENSSL_VERSION_STRING));
    add_string(text, ",\"cjson\":", cJSON_Version());
    vpci_text_add(text, "}");
}

/* The PICS, in bytes that have a digest of their own. */
static void add_pics(struct vpci_text *text, const struct vpci_pics *pics)
{
    add_string(text, "{\"name\":", pics->name);
    add_string(text, ",\"version\":", pics->version);
    const char *comma = "";
    vpci_text_add(text, ",\"roles\":[");
    for (int i = 0; i < VPCI_ROLE_COUNT; i++) {
        if ((pics->roles >> i & 1u) == 0)
            continue;
        add_string(text, comma, vpci_role_info[i].name);
        comma = ",";
    }
    comma = "";
    vpci_text_add(text, "],\"capabilities\":[");
    for (int i = 0; i < VPCI_CAPABILITY_COUNT; i++) {
        if ((pics->capabilities >> i & 1u) == 0)
            continue;
        add_string(text, comma, vpci_capability_info[i].name);
        comma = ",";
    }
    vpci_text_add(text, "]}");
}

/* A resource descriptor by its digest alone. */
static void add_resource(struct vpci_text *text, const char *before, const char *name, const char *digest)
{
    vpci_text_add(text, before);
    add_string(text, "{\"name\":", name);
    vpci_text_addf(text, ",\"digest\":{\"sha256\":\"%s\"}}", digest);
}

/* One that brings its JSON along. */
static void add_content(struct vpci_text *text, const char *before, const char *name,
                        const struct vpci_text *content)
{
    char digest[VPCI_SHA256_TEXT_BYTES];
    vpci_digest_of_bytes(content->bytes, content->length, digest);
    vpci_text_add(text, before);
    add_string(text, "{\"name\":", name);
    vpci_text_addf(text, ",\"digest\":{\"sha256\":\"%s\"},\"content\":\"", digest);
    vpci_base64_add(text, content->bytes, content->length);
    vpci_text_add(text, "\",\"mediaType\":\"application/json\"}");
}

static void add_configuration(struct vpci_text *text, const struct vpci_results_header *header,
                              const struct vpci_certificate_facts *facts)
{
    struct vpci_text pics = { 0 };
    add_pics(&pics, &header->pics);
    add_resource(text, ",\"configuration\":[", "results.jsonl", facts->results_digest);
    add_resource(text, ",", "transcripts.jsonl", facts->transcripts_digest);
    add_resource(text, ",", "suite", header->suite_digest);
    add_resource(text, ",", "requirements", header->requirements_digest);
    add_resource(text, ",", "disputes", header->disputes_digest);
    add_resource(text, ",", "profile", header->profile_digest);
    add_resource(text, ",", "model", header->model_digest);
    add_resource(text, ",", "runner", header->runner_digest);
    if (header->expect_digest[0] != '\0')
        add_resource(text, ",", "expectations", header->expect_digest);
    if (facts->has_file && header->adapter_digest[0] != '\0')
        add_resource(text, ",", "adapter", header->adapter_digest);
    add_content(text, ",", "PICS", &pics);
    add_content(text, ",", "environment", &facts->environment);
    vpci_text_add(text, "]");
    vpci_text_free(&pics);
}

/* In which list a requirement stands: its verdict, and of those not applicable how that is known. */
enum standing { NOT_APPLICABLE_PROBED = VPCI_REQUIREMENT_VERDICT_COUNT, STANDING_COUNT };

static int standing_of(const struct vpci_results_footer *footer, int requirement)
{
    const enum vpci_requirement_verdict verdict = footer->requirements[requirement].verdict;
    return verdict == VPCI_REQUIREMENT_NOT_APPLICABLE_VERDICT && footer->requirements[requirement].probed
               ? (int)NOT_APPLICABLE_PROBED
               : (int)verdict;
}

/* Appends the list of the ids that stand there. */
static void add_standing(struct vpci_text *text, const char *before, const struct vpci_results_footer *footer,
                         int standing)
{
    const char *comma = "";
    vpci_text_addf(text, "%s[", before);
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
        if (standing_of(footer, i) != standing)
            continue;
        vpci_text_addf(text, "%s\"%s\"", comma, vpci_requirement_info[i].id);
        comma = ",";
    }
    vpci_text_add(text, "]");
}

static void add_levels(struct vpci_text *text, const struct vpci_results_footer *footer)
{
    static const struct {
        int standing;
        const char *name;
    } columns[] = {
        { VPCI_REQUIREMENT_PASS_VERDICT, "pass" },
        { VPCI_REQUIREMENT_WARNING_VERDICT, "warning" },
        { VPCI_REQUIREMENT_FAIL_VERDICT, "fail" },
        { VPCI_REQUIREMENT_INCONCLUSIVE_VERDICT, "inconclusive" },
        { VPCI_REQUIREMENT_NOT_EXERCISED_VERDICT, "not_exercised" },
        { NOT_APPLICABLE_PROBED, "not_applicable_probed" },
        { VPCI_REQUIREMENT_NOT_APPLICABLE_VERDICT, "not_applicable_declared" },
        { VPCI_REQUIREMENT_NOT_OBSERVABLE_VERDICT, "not_observable" },
    };
    uint32_t counts[LEVEL_COUNT][STANDING_COUNT] = { { 0 } };
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++)
        counts[vpci_requirement_info[i].level][standing_of(footer, i)]++;
    for (int level = 0; level < LEVEL_COUNT; level++) {
        vpci_text_addf(text, "%s\"%s\":{", level == 0 ? ",\"levels\":{" : ",", vpci_level_name[level]);
        for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
            vpci_text_addf(text, "%s\"%s\":%u", i == 0 ? "" : ",", columns[i].name,
                           counts[level][columns[i].standing]);
        vpci_text_add(text, "}");
    }
    vpci_text_add(text, "}");
}

static void add_cases(struct vpci_text *text, const struct vpci_results_footer *footer)
{
    for (int i = 0; i < VPCI_CASE_VERDICT_COUNT; i++)
        vpci_text_addf(text, "%s\"%s\":%u", i == 0 ? ",\"cases\":{" : ",", vpci_case_verdict_name[i],
                       footer->cases[i]);
    add_count(text, ",\"disputed\":", footer->disputed);
    add_count(text, ",\"with_warnings\":", footer->cases_with_warnings);
    vpci_text_add(text, "}");
}

/* What was said of cases beforehand. */
static void add_marks(struct vpci_text *text, const struct vpci_results_header *header)
{
    add_count(text, ",\"errata\":{\"level\":", header->dispute_count);
    vpci_text_add(text, ",\"scenarios\":[");
    for (uint32_t i = 0; i < header->dispute_count; i++) {
        add_string(text, i == 0 ? "{\"scenario\":" : ",{\"scenario\":", header->disputes[i].scenario);
        add_string(text, ",\"state\":", vpci_dispute_name[header->disputes[i].dispute]);
        vpci_text_add(text, "}");
    }
    vpci_text_add(text, "]}");
    if (header->expect_digest[0] == '\0') {
        vpci_text_add(text, ",\"expectations\":null");
        return;
    }
    add_count(text, ",\"expectations\":{\"entries\":", header->expectation_count);
    add_string(text, ",\"date\":", header->expect_date);
    vpci_text_add(text, "}");
}

struct caveats {
    struct vpci_text *text;
    const char *comma;
};

static void add_caveat(void *context, const char *caveat)
{
    struct caveats *caveats = context;
    add_string(caveats->text, caveats->comma, caveat);
    caveats->comma = ",";
}

static void add_caveats(struct vpci_text *text, const struct vpci_summary *summary, const cJSON *earlier)
{
    struct caveats caveats = { text, "" };
    vpci_text_add(text, ",\"does_not_prove\":[");
    if (earlier == NULL)
        vpci_summary_caveats(summary, add_caveat, &caveats);
    for (const cJSON *item = earlier == NULL ? NULL : earlier->child; item != NULL; item = item->next)
        add_caveat(&caveats, cJSON_IsString(item) ? item->valuestring : "");
    vpci_text_add(text, "]");
}

static const char *result_name(const struct vpci_results_footer *footer)
{
    if (footer->verdict != VPCI_RUN_CONFORMS)
        return "FAILED";
    return footer->cases_with_warnings > 0 ? "WARNED" : "PASSED";
}

/* What the predicate has no members of its own for. */
static void add_extension(struct vpci_text *text, const struct vpci_summary *summary,
                          const struct vpci_certificate_facts *facts)
{
    const struct vpci_results_header *header = &summary->results->header;
    const struct vpci_results_footer *footer = &summary->footer;
    add_count(text, ",\"vpci_conform\":{\"format\":", VPCI_CERTIFICATE_FORMAT);
    add_string(text, ",\"kit\":", header->kit_version);
    add_string(text, ",\"date\":", facts->date);
    add_string_or_null(text, ",\"by\":", facts->by);
    vpci_text_add(text, ",\"independence\":null");
    add_string(text, ",\"subject\":", facts->has_file ? "file" : "adapter");
    add_string(text, ",\"adapter\":", header->adapter);
    add_string(text, ",\"name\":", header->pics.name);
    add_string(text, ",\"version\":", header->pics.version);
    add_string(text, ",\"role\":", vpci_role_info[header->role].name);
    add_string(text, ",\"profile\":", header->profile);
    vpci_text_add(text, ",\"seed\":\"");
    vpci_text_add_hex(text, header->seed);
    add_string(text, "\",\"verdict\":", vpci_run_verdict_name[footer->verdict]);
    add_cases(text, footer);
    add_marks(text, header);
    add_levels(text, footer);
    add_standing(text, ",\"inconclusive\":", footer, VPCI_REQUIREMENT_INCONCLUSIVE_VERDICT);
    add_standing(text, ",\"not_exercised\":", footer, VPCI_REQUIREMENT_NOT_EXERCISED_VERDICT);
    add_standing(text, ",\"not_applicable_probed\":", footer, NOT_APPLICABLE_PROBED);
    add_standing(text, ",\"not_applicable_declared\":", footer, VPCI_REQUIREMENT_NOT_APPLICABLE_VERDICT);
    add_standing(text, ",\"not_observable\":", footer, VPCI_REQUIREMENT_NOT_OBSERVABLE_VERDICT);
    add_caveats(text, summary, facts->caveats);
    vpci_text_add(text, "}");
}

void vpci_certificate_print(struct vpci_text *statement, const struct vpci_results *results,
                            const struct vpci_catalogue *catalogue,
                            const struct vpci_certificate_facts *facts)
{
    struct vpci_summary summary;
    vpci_summary_make(&summary, results, catalogue);
    vpci_text_add(statement, "{\"_type\":\"https://in-toto.io/Statement/v1\"");
    add_resource(statement, ",\"subject\":[", facts->has_file ? facts->subject : results->header.adapter,
                 facts->has_file ? facts->subject_digest : results->header.adapter_digest);
    vpci_text_add(statement, "],\"predicateType\":\"https://in-toto.io/attestation/test-result/v0.1\"");
    vpci_text_addf(statement, ",\"predicate\":{\"result\":\"%s\"", result_name(&summary.footer));
    add_configuration(statement, &results->header, facts);
    add_standing(statement, ",\"passedTests\":", &summary.footer, VPCI_REQUIREMENT_PASS_VERDICT);
    add_standing(statement, ",\"warnedTests\":", &summary.footer, VPCI_REQUIREMENT_WARNING_VERDICT);
    add_standing(statement, ",\"failedTests\":", &summary.footer, VPCI_REQUIREMENT_FAIL_VERDICT);
    add_extension(statement, &summary, facts);
    vpci_text_add(statement, "}}");
    vpci_summary_free(&summary);
}
