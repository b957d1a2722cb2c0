/* SPDX-License-Identifier: MIT */
/* tests/unit/test_certificate.c - what speaks against a certificate, reason by reason, and reading a
 * statement that is none. The rest is seen from outside, in tests/e2e/test_certificate.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "harness/json.h"
#include "reports/certificate.h"
#include "sample_results.h"

static struct vpci_text reasons;
static uint32_t reason_count;

static void note(void *context, const char *reason)
{
    (void)context;
    vpci_text_add(&reasons, reason);
    vpci_text_add(&reasons, "\n");
    reason_count++;
}

/* Results of a run that deserves a certificate. */
static struct vpci_results good_results(void)
{
    struct vpci_results results = { .header = sample_header(), .sealed = true };
    vpci_digest_of_bytes("adapter", 7, results.header.adapter_digest);
    vpci_digest_of_bytes("transcripts", 11, results.footer.transcripts_sha256);
    results.footer.verdict = VPCI_RUN_CONFORMS;
    return results;
}

static void look(const struct vpci_results *results, bool has_file)
{
    vpci_text_clear(&reasons);
    vpci_text_add(&reasons, "");
    reason_count = 0;
    vpci_certificate_refusals(results, has_file, note, NULL);
}

static void expect_one(const struct vpci_results *results, bool has_file, const char *words)
{
    look(results, has_file);
    assert_int_equal(reason_count, 1);
    if (strstr(reasons.bytes, words) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", reasons.bytes, words);
}

static void a_good_run_is_not_refused(void **state)
{
    (void)state;
    struct vpci_results results = good_results();
    look(&results, false);
    assert_int_equal(reason_count, 0);
}

static void each_thing_that_is_wrong_is_one_reason(void **state)
{
    (void)state;
    struct vpci_results results = good_results();
    results.sealed = false;
    expect_one(&results, false, "torn");
    for (int verdict = VPCI_RUN_CONFORMS + 1; verdict < VPCI_RUN_VERDICT_COUNT; verdict++) {
        results = good_results();
        results.footer.verdict = (enum vpci_run_verdict)verdict;
        expect_one(&results, false, "CONFORMS is wanted");
    }
    results = good_results();
    snprintf(results.header.selection, sizeof results.header.selection, "direct/*");
    expect_one(&results, false, "direct/*");
    results = good_results();
    results.footer.transcripts_sha256[0] = '\0';
    expect_one(&results, false, "transcripts");
    results = good_results();
    results.header.adapter_digest[0] = '\0';
    expect_one(&results, false, "--iut");
    look(&results, true);
    assert_int_equal(reason_count, 0);
}

/* Method: every requirement with every verdict that says nothing; refused is the MUST alone. */
static void only_a_must_has_to_be_exercised(void **state)
{
    (void)state;
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
        const struct vpci_requirement_info *info = &vpci_requirement_info[i];
        struct vpci_results results = good_results();
        for (int verdict = 0; verdict < VPCI_REQUIREMENT_VERDICT_COUNT; verdict++) {
            const bool says_nothing = verdict == VPCI_REQUIREMENT_NOT_EXERCISED_VERDICT ||
                                      verdict == VPCI_REQUIREMENT_INCONCLUSIVE_VERDICT;
            results.footer.requirements[i].verdict = (enum vpci_requirement_verdict)verdict;
            look(&results, false);
            assert_int_equal(reason_count, says_nothing && info->level == VPCI_LEVEL_MUST);
            assert_true(reason_count == 0 || strstr(reasons.bytes, info->id) == reasons.bytes);
        }
    }
}

static void a_dispute_is_named_as_the_reason(void **state)
{
    (void)state;
    struct vpci_results results = good_results();
    struct vpci_case_result cases[SAMPLE_CASES];
    sample_cases(cases);
    results.cases = cases;
    results.case_count = SAMPLE_CASES;
    results.footer.requirements[VPCI_RD_01].verdict = VPCI_REQUIREMENT_NOT_EXERCISED_VERDICT;
    expect_one(&results, false, "RD-01 is a MUST that applies and was not exercised\n");
    cases[0].dispute = VPCI_DISPUTE_CONTESTED;
    expect_one(&results, false, "RD-01 is a MUST that applies and was not exercised: all cases");
}

/* ---- reading ---- */

static void what_is_no_statement_is_refused_without_harm(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "null",
        "[]",
        "7",
        "{}",
        "{\"_type\":7}",
        "{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\":[]}",
#define HEAD                                          \
    "{\"_type\":\"https://in-toto.io/Statement/v1\"," \
    "\"predicateType\":\"https://in-toto.io/attestation/test-result/v0.1\","
        HEAD "\"subject\":7}",
        HEAD "\"subject\":[]}",
        HEAD "\"subject\":[7]}",
        HEAD "\"subject\":[{}]}",
        HEAD "\"subject\":[{\"name\":\"x\"}]}",
        HEAD "\"subject\":[{\"name\":\"x\",\"digest\":[]}]}",
        HEAD "\"subject\":[{\"name\":\"x\",\"digest\":{\"sha256\":\"00\"}}]}",
#define SUBJECT                                                 \
    HEAD "\"subject\":[{\"name\":\"x\",\"digest\":{\"sha256\":" \
         "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}}],"
        SUBJECT "\"predicate\":null}",
        SUBJECT "\"predicate\":[{}]}",
        SUBJECT "\"predicate\":{\"vpci_conform\":7}}",
        SUBJECT "\"predicate\":{\"vpci_conform\":{}}}",
        SUBJECT "\"predicate\":{\"vpci_conform\":{\"format\":1.5}}}",
        SUBJECT "\"predicate\":{\"vpci_conform\":{\"format\":1,\"date\":\"2026-02-30\"}}}",
#define EXTENSION \
    "\"vpci_conform\":{\"format\":1,\"date\":\"2026-02-28\",\"by\":null,\"subject\":\"adapter\"}"
        SUBJECT "\"predicate\":{" EXTENSION "}}",
        SUBJECT "\"predicate\":{" EXTENSION ",\"configuration\":7}}",
        SUBJECT "\"predicate\":{" EXTENSION ",\"configuration\":[7,{},{\"name\":7},{\"name\":\"suite\"}]}}",
        SUBJECT "\"predicate\":{" EXTENSION
                ",\"configuration\":[{\"name\":\"results.jsonl\",\"digest\":\"x\"}]}}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct vpci_certificate_facts facts;
        char reason[VPCI_DETAIL_BYTES];
        cJSON *statement = vpci_json_parse(texts[i], strlen(texts[i]), reason, sizeof reason);
        if (statement == NULL)
            fail_msg("%s: %s", texts[i], reason);
        if (vpci_certificate_read(&facts, statement, reason))
            fail_msg("taken: %s", texts[i]);
        assert_int_equal(reason[0], '/');
        (void)vpci_certificate_digest(statement, "results.jsonl");
        assert_null(vpci_certificate_caveats(statement));
        cJSON_Delete(statement);
    }
}

static void the_first_difference_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *one, *other, *pointer; /* NULL: there is none */
    } pairs[] = {
        { "{\"a\":[1,{\"b\":\"x\"}],\"c\":null}", "{\"a\":[1,{\"b\":\"x\"}],\"c\":null}", NULL },
        { "{\"a\":[1,{\"b\":\"x\"}]}", "{\"a\":[1,{\"b\":\"y\"}]}", "/a/1/b" },
        { "{\"a\":1}", "{\"a\":2}", "/a" },
        { "{\"a\":1}", "{\"a\":\"1\"}", "/a" },
        { "{\"a\":true}", "{\"a\":false}", "/a" },
        { "{\"a\":1}", "{\"a\":1,\"b\":2}", "/b" },
        { "{\"a\":1,\"b\":2}", "{\"a\":1}", "/b" },
        { "{\"b\":2}", "{\"a\":1,\"b\":2}", "/a" },
        { "{\"a\":1,\"b\":2}", "{\"b\":2}", "/a" },
        { "{\"a\":[1]}", "{\"a\":[1,2]}", "/a/1" },
        { "{\"a\":[]}", "{\"a\":{}}", "/a" },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char error[VPCI_DETAIL_BYTES];
        struct vpci_text pointer = { 0 };
        cJSON *one = vpci_json_parse(pairs[i].one, strlen(pairs[i].one), error, sizeof error);
        cJSON *other = vpci_json_parse(pairs[i].other, strlen(pairs[i].other), error, sizeof error);
        assert_int_equal(vpci_certificate_difference(&pointer, one, other), pairs[i].pointer != NULL);
        if (pairs[i].pointer != NULL)
            assert_string_equal(pointer.bytes, pairs[i].pointer);
        vpci_text_free(&pointer);
        cJSON_Delete(one);
        cJSON_Delete(other);
    }
}

static int free_reasons(void **state)
{
    (void)state;
    vpci_text_free(&reasons);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_run_is_not_refused),
        cmocka_unit_test(each_thing_that_is_wrong_is_one_reason),
        cmocka_unit_test(only_a_must_has_to_be_exercised),
        cmocka_unit_test(a_dispute_is_named_as_the_reason),
        cmocka_unit_test(what_is_no_statement_is_refused_without_harm),
        cmocka_unit_test(the_first_difference_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, free_reasons);
}
