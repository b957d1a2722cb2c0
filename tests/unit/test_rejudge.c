/* SPDX-License-Identifier: MIT */
/* tests/unit/test_rejudge.c - a run of golden is recorded, and judged again out of its transcripts: as it was
 * it comes to the same, and whatever is changed in results or transcripts is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/adapters/golden/golden.h"
#include "harness/file.h"
#include "harness/inprocess.h"
#include "harness/rejudge.h"
#include "harness/transcript.h"

enum { CASES = 4, PATH_BYTES = 64 };

static const char scenario[] =
    "{ \"purpose\": \"a test\", \"requirements\": [\"IR-05\"], \"vary\": { \"length\": [8, 16, 24, 32] },"
    "  \"steps\": [ { \"event\": \"ioctl\", \"code\": \"READ_BLOCK\", \"block\": 3, \"length\": \"$length\" "
    "},"
    "             { \"event\": \"read\", \"block\": 4, \"length\": \"$length\" } ] }";

/* A recorded run: what a test may change before it is judged again. */
struct run {
    struct vpci_results_header header, of_transcripts;
    struct vpci_text results[CASES], transcripts[CASES]; /* a line each */
    bool has_transcript[CASES];
    uint32_t order[CASES]; /* of the transcripts */
};

/* What came of judging it again. */
struct judged {
    bool fine;
    struct vpci_rejudgement rejudgement;
    char error[VPCI_ERROR_BYTES];
    uint32_t told;
    struct vpci_case_result then, now; /* told last */
    char detail[VPCI_DETAIL_BYTES];
};

static uint64_t one_too_many(const struct golden *golden, const struct golden_request *request,
                             uint32_t count)
{
    (void)golden;
    return count + (request->output_length == 24);
}
static const struct golden_hooks faulty = { .information = one_too_many };

static const char scenario_name[] = "a-scenario";

static struct vpci_suite *load(const char *text)
{
    char error[VPCI_ERROR_BYTES];
    struct vpci_suite *suite = vpci_suite_load_bytes(scenario_name, text, strlen(text), error);
    if (suite == NULL)
        fail_msg("%s", error);
    return suite;
}

static void record(struct run *run, const struct golden_hooks *hooks)
{
    struct vpci_suite *suite = load(scenario);
    struct vpci_seam *seam =
        vpci_inprocess_create_linked(golden_entry("golden", NULL, hooks), &(struct vpci_limits){ 0 });
    const struct vpci_conductor_options options = { .role = VPCI_ROLE_BUS, .seed = 1 };
    struct vpci_conductor *conductor = vpci_conductor_create(&options);
    struct vpci_case_scratch scratch = { 0 };
    *run = (struct run){ 0 };
    assert_true(seam->ops->connect(seam));
    run->header = (struct vpci_results_header){ .kit_version = "0",
                                                .adapter = "golden",
                                                .pics = seam->pics,
                                                .role = VPCI_ROLE_BUS,
                                                .profile = "default",
                                                .seed = 1,
                                                .case_count = CASES };
    vpci_digest_of_bytes("", 0, run->header.suite_digest);
    memcpy(run->header.requirements_digest, run->header.suite_digest, VPCI_DIGEST_TEXT_BYTES);
    memcpy(run->header.model_digest, run->header.suite_digest, VPCI_DIGEST_TEXT_BYTES);
    memcpy(run->header.runner_digest, run->header.suite_digest, VPCI_DIGEST_TEXT_BYTES);
    memcpy(run->header.profile_digest, run->header.suite_digest, VPCI_DIGEST_TEXT_BYTES);
    memcpy(run->header.disputes_digest, run->header.suite_digest, VPCI_DIGEST_TEXT_BYTES);
    static struct vpci_played played = { .scenario = scenario_name };
    memcpy(played.digest, run->header.suite_digest, VPCI_DIGEST_TEXT_BYTES);
    run->header.scenarios = &played;
    run->header.scenario_count = 1;
    run->of_transcripts = run->header;
    for (uint32_t i = 0; i < CASES; i++) {
        struct vpci_case test;
        struct vpci_case_result result;
        struct vpci_transcript transcript;
        vpci_suite_case(suite, i, &scratch, &test);
        vpci_conductor_play(conductor, seam, &test, &result);
        result.index = i;
        vpci_print_case(&run->results[i], &result);
        assert_true(vpci_conductor_transcript(conductor, &transcript));
        transcript.index = i;
        vpci_transcript_print(&run->transcripts[i], &transcript);
        run->has_transcript[i] = true;
        run->order[i] = i;
    }
    seam->ops->destroy(seam, NULL);
    vpci_conductor_destroy(conductor);
    vpci_case_scratch_free(&scratch);
    vpci_suite_free(suite);
}

static void forget(struct run *run)
{
    for (uint32_t i = 0; i < CASES; i++) {
        vpci_text_free(&run->results[i]);
        vpci_text_free(&run->transcripts[i]);
    }
}

/* Replaces the first from in the line by to. */
static void change(struct vpci_text *line, const char *from, const char *to)
{
    struct vpci_text changed = { 0 };
    char *at = strstr(line->bytes, from);
    if (at == NULL)
        fail_msg("no %s in %s", from, line->bytes);
    *at = '\0';
    vpci_text_add(&changed, line->bytes);
    vpci_text_add(&changed, to);
    vpci_text_add(&changed, at + strlen(from));
    vpci_text_free(line);
    *line = changed;
}

static void on_changed(void *context, const struct vpci_case_result *then, const struct vpci_case_result *now)
{
    struct judged *judged = context;
    judged->told++;
    judged->then = *then;
    judged->now = *now;
    (void)snprintf(judged->detail, sizeof judged->detail, "%s", now->detail == NULL ? "" : now->detail);
}

/* Writes the run to files and judges it by the scenarios of the suite. tamper may change the results read. */
static void judge_by(const struct run *run, const char *suite_text, void (*tamper)(struct vpci_results *),
                     struct judged *judged)
{
    char folder[] = "/tmp/vpci-test-XXXXXX", path[PATH_BYTES], error[VPCI_ERROR_BYTES];
    struct vpci_text text = { 0 };
    struct vpci_results results;
    struct vpci_suite *suite = load(suite_text);
    *judged = (struct judged){ 0 };
    assert_non_null(mkdtemp(folder));
    vpci_print_header(&text, &run->header);
    for (uint32_t i = 0; i < CASES; i++)
        vpci_text_add(&text, run->results[i].bytes);
    if (!vpci_results_read_bytes(&results, "results", text.bytes, text.length, error))
        fail_msg("%s", error);
    if (tamper != NULL)
        tamper(&results);
    vpci_text_clear(&text);
    vpci_print_header(&text, &run->of_transcripts);
    for (uint32_t i = 0; i < CASES; i++) {
        if (run->has_transcript[run->order[i]])
            vpci_text_add(&text, run->transcripts[run->order[i]].bytes);
    }
    (void)snprintf(path, sizeof path, "%s/transcripts.jsonl", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text.bytes, 1, text.length, file), text.length);
    assert_int_equal(fclose(file), 0);
    judged->fine =
        vpci_rejudge(&results, path, suite, on_changed, judged, &judged->rejudgement, judged->error);
    (void)unlink(path);
    (void)rmdir(folder);
    vpci_results_free(&results);
    vpci_text_free(&text);
    vpci_suite_free(suite);
}

static void judge(const struct run *run, void (*tamper)(struct vpci_results *), struct judged *judged)
{
    judge_by(run, scenario, tamper, judged);
}

static void expect(const struct judged *judged, uint32_t count, uint32_t changed, uint32_t without,
                   enum vpci_run_verdict verdict)
{
    if (!judged->fine)
        fail_msg("%s", judged->error);
    assert_int_equal(judged->rejudgement.judged, count);
    assert_int_equal(judged->rejudgement.changed, changed);
    assert_int_equal(judged->told, changed);
    assert_int_equal(judged->rejudgement.without, without);
    assert_int_equal(judged->rejudgement.verdict, verdict);
}

/* ---- as it was, or not ---- */

static void a_run_is_judged_as_it_was(void **state)
{
    (void)state;
    struct run run;
    struct judged judged;
    record(&run, NULL);
    judge(&run, NULL, &judged);
    expect(&judged, CASES, 0, 0, VPCI_RUN_CONFORMS);
    forget(&run);
    record(&run, &faulty);
    assert_non_null(strstr(run.results[2].bytes,
                           "\"verdict\":\"fail\",\"cause\":\"violation\",\"requirement\":\"IR-05\""));
    judge(&run, NULL, &judged);
    expect(&judged, CASES, 0, 0, VPCI_RUN_VIOLATION);
    forget(&run);
}

static void verdict_was_error(struct vpci_results *results)
{
    results->cases[2].verdict = VPCI_CASE_ERROR;
}
static void cause_was_a_crash(struct vpci_results *results)
{
    results->cases[2].cause = "crash";
}
static void there_was_no_cause(struct vpci_results *results)
{
    results->cases[2].cause = NULL;
}
static void another_was_blamed(struct vpci_results *results)
{
    results->cases[2].requirement = VPCI_RD_01;
}
static void more_was_exercised(struct vpci_results *results)
{
    vpci_requirement_add(&results->cases[2].exercised, VPCI_WD_22);
}
static void there_was_a_warning(struct vpci_results *results)
{
    results->cases[2].warning_count = 1;
    results->cases[2].warnings[0].requirement = VPCI_IR_05;
}

static void each_difference_is_told(void **state)
{
    (void)state;
    void (*const tampers[])(struct vpci_results *) = { verdict_was_error,  cause_was_a_crash,
                                                       there_was_no_cause, another_was_blamed,
                                                       more_was_exercised, there_was_a_warning };
    struct run run;
    struct judged judged;
    record(&run, &faulty);
    for (size_t i = 0; i < sizeof tampers / sizeof tampers[0]; i++) {
        judge(&run, tampers[i], &judged);
        expect(&judged, CASES, 1, 0, VPCI_RUN_VIOLATION);
        assert_int_equal(judged.then.index, 2);
        assert_int_equal(judged.now.index, 2);
        assert_int_equal(judged.now.verdict, VPCI_CASE_FAIL);
        assert_int_equal(judged.now.requirement, VPCI_IR_05);
    }
    forget(&run);
}

static void all_passed(struct vpci_results *results)
{
    for (uint32_t i = 0; i < CASES; i++) {
        results->cases[i].verdict = VPCI_CASE_PASS;
        results->cases[i].cause = NULL;
        results->cases[i].requirement = VPCI_REQUIREMENT_NONE;
    }
}

static void the_verdict_is_that_of_the_new_judgement(void **state)
{
    (void)state;
    struct run run;
    struct judged judged;
    record(&run, &faulty);
    judge(&run, all_passed, &judged);
    expect(&judged, CASES, 1, 0, VPCI_RUN_VIOLATION);
    run.has_transcript[2] = false; /* nothing to judge it by: it counts as it stands */
    judge(&run, all_passed, &judged);
    expect(&judged, CASES - 1, 0, 1, VPCI_RUN_CONFORMS);
    judge(&run, NULL, &judged);
    expect(&judged, CASES - 1, 0, 1, VPCI_RUN_VIOLATION);
    forget(&run);
}

static void two_were_not_played(struct vpci_results *results)
{
    results->cases[1].verdict = VPCI_CASE_NOT_APPLICABLE;
    results->cases[3].verdict = VPCI_CASE_SKIPPED;
}

static void a_case_that_was_not_played_has_no_transcript(void **state)
{
    (void)state;
    struct run run;
    struct judged judged;
    record(&run, NULL);
    run.has_transcript[1] = run.has_transcript[3] = false;
    judge(&run, two_were_not_played, &judged);
    expect(&judged, 2, 0, 0, VPCI_RUN_INCONCLUSIVE);
    judge(&run, NULL, &judged);
    expect(&judged, 2, 0, 2, VPCI_RUN_CONFORMS);
    forget(&run);
}

static void disputed(struct vpci_results *results)
{
    results->cases[2].dispute = VPCI_DISPUTE_CONTESTED;
}
static void excused(struct vpci_results *results)
{
    results->cases[2].expected = VPCI_EXPECTED_AS_EXPECTED;
}
static void excused_for_another_fault(struct vpci_results *results)
{
    excused(results);
    results->cases[2].requirement = VPCI_RD_01;
}

static void marks_stay_with_their_case(void **state)
{
    (void)state;
    struct run run;
    struct judged judged;
    record(&run, &faulty);
    judge(&run, disputed, &judged);
    expect(&judged, CASES, 0, 0, VPCI_RUN_CONFORMS);
    judge(&run, excused, &judged);
    expect(&judged, CASES, 0, 0, VPCI_RUN_AS_EXPECTED);
    judge(&run, excused_for_another_fault, &judged);
    expect(&judged, CASES, 1, 0, VPCI_RUN_VIOLATION);
    forget(&run);
}

/* ---- the suite ---- */

static void a_case_is_found_by_its_name(void **state)
{
    (void)state;
    static const char reversed[] =
        "{ \"purpose\": \"a test\", \"requirements\": [\"IR-05\"], \"vary\": { \"length\": [32, 24, 16] },"
        "  \"steps\": [ { \"event\": \"ioctl\", \"code\": \"READ_BLOCK\", \"block\": 3, \"length\": "
        "\"$length\" }, { \"event\": \"read\", \"block\": 4, \"length\": \"$length\" } ] }";
    struct run run;
    struct judged judged;
    record(&run, NULL);
    judge_by(&run, reversed, NULL, &judged);
    expect(&judged, 3, 0, 1, VPCI_RUN_CONFORMS); /* length 8 is none of it */
    forget(&run);
}

/* ---- files at fault ---- */

static void expect_error(const struct run *run, void (*tamper)(struct vpci_results *), const char *words)
{
    struct judged judged;
    judge(run, tamper, &judged);
    assert_false(judged.fine);
    if (strstr(judged.error, words) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", words, judged.error);
}

static void unknown_profile(struct vpci_results *results)
{
    strcpy(results->header.profile, "none");
}
static void third_was_not_applicable(struct vpci_results *results)
{
    results->cases[2].verdict = VPCI_CASE_NOT_APPLICABLE;
}

static void a_file_of_another_run_is_refused(void **state)
{
    (void)state;
    struct run run;
    record(&run, NULL);
    expect_error(&run, unknown_profile, "no profile");
    expect_error(&run, third_was_not_applicable, ":4: the results say that case 2 was not played");
    run.of_transcripts.seed = 2;
    expect_error(&run, NULL, ":1: the header is not that of the results");
    run.of_transcripts.seed = 1;
    run.of_transcripts.kit_version[0] = '\0';
    expect_error(&run, NULL, "");
    forget(&run);
}

static void transcripts_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    struct run run;
    record(&run, NULL);
    run.order[1] = 2;
    run.order[2] = 1;
    expect_error(&run, NULL, ":4: index: 1 is out of order");
    run.order[2] = 2; /* twice */
    expect_error(&run, NULL, ":4: index: 2 is out of order");
    run.order[1] = 1;
    change(&run.transcripts[2], "length=24", "length=32");
    expect_error(&run, NULL, ":4: name: the results have another case at 2");
    change(&run.transcripts[3], "\"index\":3", "\"index\":4");
    run.has_transcript[2] = false;
    expect_error(&run, NULL, ":4: index: 4 is out of order or of no case");
    change(&run.transcripts[3], "\"events\"", "\"vents\"");
    expect_error(&run, NULL, ":4: ");
    forget(&run);
}

/* ---- the seam over a transcript ---- */

/* Judges the run, of which the third case must now be an error of this detail. */
static void expect_divergence(const struct run *run, const char *detail)
{
    struct judged judged;
    judge(run, NULL, &judged);
    expect(&judged, CASES, 1, 0, VPCI_RUN_INCONCLUSIVE);
    assert_int_equal(judged.then.index, 2);
    assert_int_equal(judged.now.verdict, VPCI_CASE_ERROR);
    assert_string_equal(judged.now.cause, "diverged");
    if (strstr(judged.detail, detail) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", detail, judged.detail);
}

static void the_kit_must_send_what_it_sent_then(void **state)
{
    (void)state;
    struct run run;
    record(&run, NULL);
    change(&run.transcripts[2], "\"event\":\"read\",\"vf\":0,\"request\":0,\"block\":4",
           "\"event\":\"read\",\"vf\":0,\"request\":0,\"block\":5"); /* another value */
    expect_divergence(&run, "block 5");
    forget(&run);
    record(&run, NULL);
    change(&run.transcripts[2], "{\"event\":\"read\",\"vf\":0", "{\"event\":\"write\",\"vf\":0");
    change(&run.transcripts[2], "\"block\":4,\"length\":24}",
           "\"block\":4,\"length\":24,\"data\":\"000000000000000000000000000000000000000000000000\"}");
    expect_divergence(&run, "write");
    forget(&run);
    record(&run, NULL);
    change(&run.transcripts[2], ",{\"event\":\"rest\"}]",
           ",{\"event\":\"start\",\"vf\":0}]"); /* more was sent */
    expect_divergence(&run, "now the case is over");
    forget(&run);
}

/* Cuts the third transcript off before its read, and its fences behind the first so many. */
static void cut_before_read(struct run *run, uint32_t fences)
{
    struct vpci_text *line = &run->transcripts[2];
    char *read = strstr(line->bytes, ",{\"event\":\"read\"");
    char *end = strstr(line->bytes, "\"fences\":[");
    assert_non_null(read);
    assert_non_null(end);
    strcpy(read, "]}\n");
    for (end = strchr(end, '['); fences != 0; fences--)
        end = strpbrk(end + 1, ",]");
    char *rest = strchr(end, ']');
    if (*end == '[')
        end++;
    memmove(end, rest, strlen(rest) + 1);
    line->length = strlen(line->bytes);
}

static void a_recording_may_end_too_soon(void **state)
{
    (void)state;
    struct run run;
    record(&run, NULL);
    cut_before_read(&run, 0);
    expect_divergence(&run, "and now the kit waits for rest");
    forget(&run);
    record(&run, NULL);
    cut_before_read(&run, 2);
    expect_divergence(&run, "the recording ends, and now the kit sends VF 0  read");
    forget(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_judged_as_it_was),
        cmocka_unit_test(each_difference_is_told),
        cmocka_unit_test(the_verdict_is_that_of_the_new_judgement),
        cmocka_unit_test(a_case_that_was_not_played_has_no_transcript),
        cmocka_unit_test(marks_stay_with_their_case),
        cmocka_unit_test(a_case_is_found_by_its_name),
        cmocka_unit_test(a_file_of_another_run_is_refused),
        cmocka_unit_test(transcripts_that_do_not_fit_are_refused),
        cmocka_unit_test(the_kit_must_send_what_it_sent_then),
        cmocka_unit_test(a_recording_may_end_too_soon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
