/* SPDX-License-Identifier: MIT */
/* cli/verb_verify.c - checks a certificate offline: the signature first, then every digest, then the verdicts
 * by judging the transcripts again, and last the statement itself, byte for byte. Each check is a row of the
 * table that is printed; one that fails is named there and decides. */
#include "cli/verbs.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/allocate.h"
#include "harness/json.h"
#include "harness/rejudge.h"
#include "harness/results_file.h"
#include "harness/tally.h"
#include "harness/version.h"
#include "reports/certificate.h"
#include "reports/dsse.h"
#include "reports/signing_key.h"

enum row { MATCHES, ACCEPTED, UNCHECKED, DIFFERS, ROW_COUNT };

struct check {
    const struct vpci_options *options;
    const char *path; /* of the certificate */
    struct vpci_corpus corpus;
    struct vpci_envelope envelope;
    cJSON *statement;
    struct vpci_certificate_facts facts;
    struct vpci_results results;
    bool has_results; /* read, and those of the certificate */
    char results_path[VPCI_PATH_BYTES], transcripts_path[VPCI_PATH_BYTES];
    uint32_t rows[ROW_COUNT];
    struct vpci_results_footer now; /* counts the cases as they are judged now */
    bool *counted;                  /* owned, one for each case */
    uint32_t shown;                 /* cases judged otherwise that were named */
};

__attribute__((format(printf, 4, 5))) static void say(struct check *check, enum row row, const char *what,
                                                      const char *format, ...)
{
    static const char *const words[ROW_COUNT] = { "matches", "accepted", "not checked", "DIFFERS" };
    char line[4 * VPCI_DETAIL_BYTES];
    struct vpci_text plain = { 0 };
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    vpci_text_add_plain(&plain, line);
    check->rows[row]++;
    if (!check->options->quiet || row == DIFFERS)
        printf("%-11s  %-17s  %s\n", words[row], what, plain.bytes);
    vpci_text_free(&plain);
}

/* ---- the envelope ---- */

/* Exit code: CONFORMS to go on. The signature comes before anything that it is to protect is looked at. */
static int check_signature(struct check *check, const struct vpci_key *key)
{
    struct vpci_text bytes = { 0 };
    bool is_named = false, fine = false;
    vpci_envelope_signed_bytes(&bytes, &check->envelope);
    for (uint32_t i = 0; i < check->envelope.signature_count; i++) {
        const struct vpci_signature *signature = &check->envelope.signatures[i];
        if (strcmp(signature->keyid, key->id) != 0)
            continue;
        is_named = true;
        fine = fine || vpci_key_verify(key, bytes.bytes, bytes.length, signature->bytes, signature->length);
    }
    vpci_text_free(&bytes);
    if (fine)
        say(check, MATCHES, "signature", "Ed25519, key %s", key->id);
    else if (is_named)
        say(check, DIFFERS, "signature", "not made by the key %s over this payload", key->id);
    else
        say(check, DIFFERS, "signature", "none by the key %s; the first is by %s", key->id,
            check->envelope.signatures[0].keyid);
    return fine ? VPCI_EXIT_CONFORMS : VPCI_EXIT_VIOLATION;
}

static int read_envelope(struct check *check)
{
    char *bytes = NULL;
    size_t length = 0;
    char error[VPCI_DETAIL_BYTES];
    struct vpci_key key;
    if (!vpci_key_read_public(&key, check->options->public_key, error))
        return vpci_fault("%s", error);
    bool fine = vpci_file_read(check->path, VPCI_ENVELOPE_BYTES_MAX, &bytes, &length, error, sizeof error) &&
                vpci_envelope_read(&check->envelope, check->path, bytes, length, error);
    free(bytes);
    const int code = fine ? check_signature(check, &key) : vpci_fault("%s", error);
    vpci_key_free(&key);
    return code;
}

static int read_statement(struct check *check)
{
    char reason[VPCI_DETAIL_BYTES];
    const struct vpci_text *payload = &check->envelope.payload;
    check->statement = vpci_json_parse(payload->bytes, payload->length, reason, sizeof reason);
    if (check->statement == NULL || !vpci_certificate_read(&check->facts, check->statement, reason))
        return vpci_fault("%s: payload: %s", check->path, reason);
    return VPCI_EXIT_CONFORMS;
}

/* ---- digests ---- */

/* Compares a digest of the certificate with the one at hand. kind: what a difference is; advice: what to do
 * about it. */
static bool compare(struct check *check, const char *name, const char *here, enum row kind,
                    const char *advice)
{
    const char *there = vpci_certificate_digest(check->statement, name);
    const bool same = strcmp(there, here) == 0;
    if (same)
        say(check, MATCHES, name, "%s", here);
    else if (kind == ACCEPTED)
        say(check, ACCEPTED, name, "%s, another than the certificate's, judges again", here);
    else
        say(check, DIFFERS, name, "the certificate has %s, here is %s%s", there, here, advice);
    return same;
}

/* What belongs to a release of the kit or of its corpus. True when it is all the same. */
static bool compare_kit(struct check *check)
{
    static const char of_corpus[] = ": name the corpus of that release with --corpus, or judge again by this "
                                    "one with --rejudge";
    static const char of_kit[] =
        ": verify with the kit of that release, or judge again by this one with --rejudge";
    const enum row kind = check->options->rejudge ? ACCEPTED : DIFFERS;
    const struct vpci_corpus *corpus = &check->corpus;
    char profile_digest[VPCI_SHA256_TEXT_BYTES] = "", disputes[VPCI_SHA256_TEXT_BYTES];
    const cJSON *extension = cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(check->statement, "predicate"), "vpci_conform");
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(extension, "profile");
    const struct vpci_profile *profile =
        vpci_profile_from_name(cJSON_IsString(name) ? name->valuestring : "");
    if (profile != NULL)
        vpci_profile_digest(profile, profile_digest);
    vpci_digest_of_bytes("", 0, disputes);
    if (corpus->has_disputes)
        memcpy(disputes, corpus->disputes.digest, sizeof disputes);
    bool same = compare(check, "suite", vpci_suite_digest(corpus->suite), kind, of_corpus);
    same &= compare(check, "requirements", vpci_catalogue_digest(corpus->catalogue), kind, of_corpus);
    same &= compare(check, "disputes", disputes, kind, of_corpus);
    same &= compare(check, "profile", profile_digest, profile != NULL ? kind : DIFFERS, of_kit);
    same &= compare(check, "model", vpci_model_sources_digest, kind, of_kit);
    same &= compare(check, "runner", vpci_runner_sources_digest, kind, of_kit);
    return same;
}

static int compare_results(struct check *check)
{
    char *bytes = NULL;
    size_t length = 0;
    char error[VPCI_DETAIL_BYTES], digest[VPCI_SHA256_TEXT_BYTES];
    if (!vpci_file_read(check->results_path, SIZE_MAX / 2, &bytes, &length, error, sizeof error))
        return vpci_fault("%s", error);
    int code = VPCI_EXIT_CONFORMS;
    vpci_digest_of_bytes(bytes, length, digest);
    if (compare(check, "results.jsonl", digest, DIFFERS, ": the file is not the one that was certified")) {
        check->has_results =
            vpci_results_read_bytes(&check->results, check->results_path, bytes, length, error);
        code = check->has_results ? VPCI_EXIT_CONFORMS : vpci_fault("%s", error);
    }
    free(bytes);
    return code;
}

/* The transcripts by the certificate, and by the results, too. */
static int compare_transcripts(struct check *check)
{
    char error[VPCI_DETAIL_BYTES], digest[VPCI_SHA256_TEXT_BYTES];
    if (!vpci_digest_of_file(check->transcripts_path, digest, error, sizeof error))
        return vpci_fault("%s", error);
    if (compare(check, "transcripts.jsonl", digest, DIFFERS,
                ": the file is not the one that was certified") &&
        check->has_results && strcmp(check->results.footer.transcripts_sha256, digest) != 0)
        say(check, DIFFERS, "transcripts.jsonl", "the results name another: %s",
            check->results.footer.transcripts_sha256);
    return VPCI_EXIT_CONFORMS;
}

static int compare_subject(struct check *check)
{
    char error[VPCI_DETAIL_BYTES], digest[VPCI_SHA256_TEXT_BYTES];
    const struct vpci_certificate_facts *facts = &check->facts;
    if (check->options->iut == NULL) {
        say(check, UNCHECKED, "implementation", "%s is certified; to have your file compared: --iut FILE",
            facts->subject_digest);
        return VPCI_EXIT_CONFORMS;
    }
    if (!vpci_digest_of_file(check->options->iut, digest, error, sizeof error))
        return vpci_fault("%s", error);
    if (strcmp(digest, facts->subject_digest) == 0)
        say(check, MATCHES, "implementation", "%s", digest);
    else
        say(check, DIFFERS, "implementation", "%s is certified, the file of --iut is %s",
            facts->subject_digest, digest);
    return VPCI_EXIT_CONFORMS;
}

/* ---- the statement ---- */

static void say_refusal(void *context, const char *reason)
{
    say(context, DIFFERS, "entitlement", "%s", reason);
}

/* Whether the results deserve a certificate, by the same rules by which one is written. */
static void check_entitlement(struct check *check)
{
    const uint32_t before = check->rows[DIFFERS];
    vpci_certificate_refusals(&check->results, check->facts.has_file, say_refusal, check);
    if (check->rows[DIFFERS] == before)
        say(check, MATCHES, "entitlement", "%s passed, every MUST that applies was exercised",
            check->results.header.pics.name);
}

/* Makes the statement again. is_same_kit: its sentences about what a pass does not prove are those of this
 * kit; those of another one are taken as they stand. */
static void compare_statement(struct check *check, bool is_same_kit)
{
    char reason[VPCI_DETAIL_BYTES];
    const struct vpci_text *payload = &check->envelope.payload;
    struct vpci_text again = { 0 }, pointer = { 0 };
    if (!is_same_kit)
        check->facts.caveats = vpci_certificate_caveats(check->statement);
    vpci_certificate_print(&again, &check->results, check->corpus.catalogue, &check->facts);
    if (again.length == payload->length && memcmp(again.bytes, payload->bytes, again.length) == 0) {
        say(check, MATCHES, "statement", "%zu bytes, made again from the results", again.length);
    } else {
        cJSON *mine = vpci_json_parse(again.bytes, again.length, reason, sizeof reason);
        const bool differs = mine != NULL && vpci_certificate_difference(&pointer, check->statement, mine);
        say(check, DIFFERS, "statement", "the results give another at %s",
            differs ? pointer.bytes : "its white space or escapes");
        cJSON_Delete(mine);
    }
    vpci_text_free(&pointer);
    vpci_text_free(&again);
}

/* ---- judging again ---- */

static void on_changed(void *context, const struct vpci_case_result *then, const struct vpci_case_result *now)
{
    enum { SHOWN_MAX = 20 };
    struct check *check = context;
    const enum vpci_requirement blamed = now->requirement;
    vpci_results_tally(&check->now, now);
    check->counted[now->index] = true;
    if (check->shown++ < SHOWN_MAX)
        say(check, check->options->rejudge ? ACCEPTED : DIFFERS, "verdict", "%s: %s then, %s now%s%s%s%s",
            then->name, vpci_case_verdict_name[then->verdict], vpci_case_verdict_name[now->verdict],
            now->cause != NULL ? ", " : "", now->cause != NULL ? now->cause : "",
            blamed != VPCI_REQUIREMENT_NONE ? ", " : "",
            blamed != VPCI_REQUIREMENT_NONE ? vpci_requirement_info[blamed].id : "");
}

/* What was exercised in cases that passed then has to be exercised in some that pass now. */
static void compare_coverage(struct check *check)
{
    for (uint32_t i = 0; i < check->results.case_count; i++) {
        if (!check->counted[i])
            vpci_results_tally(&check->now, &check->results.cases[i]);
    }
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
        const enum vpci_requirement_verdict then = check->results.footer.requirements[i].verdict;
        const bool passed = then == VPCI_REQUIREMENT_PASS_VERDICT || then == VPCI_REQUIREMENT_WARNING_VERDICT;
        const bool is_lost = check->now.requirements[i].exercised == 0;
        if (passed && is_lost && vpci_requirement_info[i].level == VPCI_LEVEL_MUST)
            say(check, DIFFERS, "verdicts", "%s is a MUST that nothing exercises any more, judged again",
                vpci_requirement_info[i].id);
    }
}

static int judge_again(struct check *check)
{
    struct vpci_rejudgement judged;
    char error[VPCI_ERROR_BYTES];
    check->counted = vpci_need_memory(calloc(check->results.case_count + 1, sizeof *check->counted));
    if (!vpci_rejudge(&check->results, check->transcripts_path, check->corpus.suite, on_changed, check,
                      &judged, error))
        return vpci_fault("%s", error);
    if (judged.without > 0)
        say(check, DIFFERS, "verdicts",
            "%u of the cases that were played: no transcript, or the suite at hand lacks them",
            judged.without);
    compare_coverage(check);
    if (judged.verdict != VPCI_RUN_CONFORMS)
        say(check, DIFFERS, "verdicts", "judged again, the run does not conform: %s",
            vpci_run_verdict_name[judged.verdict]);
    else if (judged.changed > 0)
        say(check, check->options->rejudge ? ACCEPTED : DIFFERS, "verdicts",
            "%u of %u are others now than then; the run still conforms", judged.changed, judged.judged);
    else
        say(check, MATCHES, "verdicts", "%u cases judged again from their transcripts", judged.judged);
    return VPCI_EXIT_CONFORMS;
}

/* ---- all of it ---- */

static void find_files(struct check *check)
{
    const char *slash = strrchr(check->path, '/');
    const int folder = slash == NULL ? 0 : (int)(slash - check->path) + 1;
    snprintf(check->results_path, sizeof check->results_path, "%.*sresults.jsonl", folder, check->path);
    snprintf(check->transcripts_path, sizeof check->transcripts_path, "%.*stranscripts.jsonl", folder,
             check->path);
}

/* Everything behind the signature. Exit code: of what could not be read, else CONFORMS. */
static int check_rest(struct check *check)
{
    int code = read_statement(check);
    code = code == VPCI_EXIT_CONFORMS ? compare_results(check) : code;
    code = code == VPCI_EXIT_CONFORMS ? compare_transcripts(check) : code;
    code = code == VPCI_EXIT_CONFORMS ? compare_subject(check) : code;
    if (code != VPCI_EXIT_CONFORMS)
        return code;
    if (!vpci_corpus_load(&check->corpus, check->options->corpus, NULL))
        return VPCI_EXIT_FAULT;
    const bool is_same_kit = compare_kit(check);
    if (!check->has_results)
        return code;
    check_entitlement(check);
    compare_statement(check, is_same_kit);
    if (check->rows[DIFFERS] > 0) {
        say(check, UNCHECKED, "verdicts", "nothing is judged again before the above is settled");
        return code;
    }
    return judge_again(check);
}

static int conclude(const struct check *check, int code)
{
    const uint32_t differing = check->rows[DIFFERS];
    if (code == VPCI_EXIT_FAULT)
        return code;
    if (differing > 0)
        printf("NOT VERIFIED  %s: %u %s\n", check->path, differing,
               differing == 1 ? "check fails" : "checks fail");
    else
        printf("VERIFIED  %s of %s by %s\n", check->path, check->facts.date,
               check->facts.by[0] != '\0' ? check->facts.by : "nobody who is named");
    return differing > 0 ? VPCI_EXIT_VIOLATION : VPCI_EXIT_CONFORMS;
}

int vpci_verb_verify(const struct vpci_options *options)
{
    struct check check = { .options = options, .path = options->arguments[0] };
    find_files(&check);
    int code = read_envelope(&check);
    code = code == VPCI_EXIT_CONFORMS ? check_rest(&check) : code;
    code = conclude(&check, code);
    free(check.counted);
    vpci_certificate_facts_free(&check.facts);
    vpci_results_free(&check.results);
    cJSON_Delete(check.statement);
    vpci_envelope_free(&check.envelope);
    vpci_corpus_free(&check.corpus);
    return code;
}
