/* SPDX-License-Identifier: MIT */
/* cli/certifying.c - see certifying.h. Whatever speaks against a certificate is said, each reason on a line
 * of its own. */
#include "cli/certifying.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/clock.h"
#include "harness/rejudge.h"
#include "reports/dsse.h"

/* What a certificate is made of. */
struct making {
    const struct vpci_certifying *certifying;
    const struct vpci_options *options;
    const struct vpci_plan *plan;
    char transcripts_path[VPCI_PATH_BYTES], path[VPCI_PATH_BYTES];
    struct vpci_results results;
    struct vpci_certificate_facts facts;
    uint32_t refusals;
};

bool vpci_certifying_begin(struct vpci_certifying *certifying, const struct vpci_options *options)
{
    char error[VPCI_DETAIL_BYTES];
    *certifying = (struct vpci_certifying){ 0 };
    if (options->key == NULL) {
        const char *idle = options->iut != NULL ? "--iut" : options->by != NULL ? "--by" : NULL;
        if (idle != NULL)
            (void)vpci_fault("%s: it is for a certificate, which needs --key FILE", idle);
        return idle == NULL;
    }
    if (options->by != NULL && strlen(options->by) >= VPCI_CERTIFICATE_TEXT_BYTES) {
        (void)vpci_fault("--by: longer than %d bytes", VPCI_CERTIFICATE_TEXT_BYTES - 1);
        return false;
    }
    if (vpci_key_read_private(&certifying->key, options->key, error) &&
        (options->iut == NULL ||
         vpci_digest_of_file(options->iut, certifying->iut_digest, error, sizeof error)))
        return true;
    vpci_key_free(&certifying->key);
    (void)vpci_fault("%s", error);
    return false;
}

void vpci_certifying_free(struct vpci_certifying *certifying)
{
    vpci_key_free(&certifying->key);
}

bool vpci_certifying_clear(const char *folder)
{
    char path[VPCI_PATH_BYTES];
    snprintf(path, sizeof path, "%s/" VPCI_CERTIFICATE_FILE, folder);
    if (unlink(path) == 0 || errno == ENOENT)
        return true;
    (void)vpci_fault("%s: %s", path, strerror(errno));
    return false;
}

static void refuse(void *context, const char *reason)
{
    struct making *making = context;
    struct vpci_text plain = { 0 };
    vpci_text_add_plain(&plain, reason);
    fprintf(stderr, "vpci-conform: no certificate: %s\n", plain.bytes);
    vpci_text_free(&plain);
    making->refusals++;
}

/* The file must be the same before and after the run; else nobody knows which one was tested. */
static void look_for_change(struct making *making, const char *path, const char *digest)
{
    char now[VPCI_SHA256_TEXT_BYTES];
    char line[2 * VPCI_DETAIL_BYTES], error[VPCI_DETAIL_BYTES];
    if (path == NULL || path[0] == '\0' || digest[0] == '\0')
        return;
    if (vpci_digest_of_file(path, now, error, sizeof error) && strcmp(now, digest) == 0)
        return;
    snprintf(line, sizeof line, "%.300s: was changed while the run went on", path);
    refuse(making, line);
}

/* The transcripts have to bear the verdicts out, and to be there for every case that was played. */
static bool look_at_transcripts(struct making *making)
{
    struct vpci_rejudgement rejudgement;
    char line[VPCI_DETAIL_BYTES], error[VPCI_ERROR_BYTES];
    if (strcmp(making->facts.transcripts_digest, making->results.footer.transcripts_sha256) != 0) {
        refuse(making, "transcripts.jsonl: was changed while the run went on");
        return true;
    }
    if (!vpci_rejudge(&making->results, making->transcripts_path, making->plan->suite, NULL, NULL,
                      &rejudgement, error)) {
        (void)vpci_fault("%s", error);
        return false;
    }
    if (rejudgement.without > 0) {
        snprintf(line, sizeof line, "%u of the cases that were played: no transcript, it was too long",
                 rejudgement.without);
        refuse(making, line);
    }
    if (rejudgement.changed > 0) {
        snprintf(line, sizeof line, "%u of %u cases: judged otherwise by their transcripts than in the run",
                 rejudgement.changed, rejudgement.judged);
        refuse(making, line);
    }
    return true;
}

/* Reads what the run wrote, and takes its digests. */
static bool read_run(struct making *making)
{
    char path[VPCI_PATH_BYTES];
    char error[VPCI_ERROR_BYTES];
    char *bytes = NULL;
    size_t length = 0;
    snprintf(path, sizeof path, "%s/results.jsonl", making->options->out);
    bool fine = vpci_file_read(path, SIZE_MAX / 2, &bytes, &length, error, sizeof error) &&
                vpci_results_read_bytes(&making->results, path, bytes, length, error);
    if (fine) {
        vpci_digest_of_bytes(bytes, length, making->facts.results_digest);
        fine = vpci_digest_of_file(making->transcripts_path, making->facts.transcripts_digest, error,
                                   sizeof error);
    }
    free(bytes);
    if (!fine)
        (void)vpci_fault("%s", error);
    return fine;
}

static void find_facts(struct making *making)
{
    const struct vpci_options *options = making->options;
    struct vpci_certificate_facts *facts = &making->facts;
    facts->has_file = options->iut != NULL;
    if (options->date != NULL)
        snprintf(facts->date, sizeof facts->date, "%s", options->date);
    else
        vpci_clock_today(facts->date);
    if (options->by != NULL)
        snprintf(facts->by, sizeof facts->by, "%s", options->by);
    if (facts->has_file) {
        const char *slash = strrchr(options->iut, '/');
        snprintf(facts->subject, sizeof facts->subject, "%s", slash != NULL ? slash + 1 : options->iut);
        memcpy(facts->subject_digest, making->certifying->iut_digest, sizeof facts->subject_digest);
    }
    vpci_certificate_environment(&facts->environment);
}

static bool sign_and_write(const struct making *making)
{
    char error[VPCI_DETAIL_BYTES];
    struct vpci_envelope envelope = { .signature_count = 1 };
    struct vpci_text bytes = { 0 }, file = { 0 };
    struct vpci_signature *signature = &envelope.signatures[0];
    vpci_certificate_print(&envelope.payload, &making->results, making->plan->catalogue, &making->facts);
    vpci_envelope_signed_bytes(&bytes, &envelope);
    snprintf(signature->keyid, sizeof signature->keyid, "%s", making->certifying->key.id);
    vpci_key_sign(&making->certifying->key, bytes.bytes, bytes.length, signature->bytes);
    signature->length = VPCI_ED25519_SIGNATURE_BYTES;
    vpci_envelope_print(&file, &envelope);
    const bool written = vpci_file_write(making->path, file.bytes, file.length, error, sizeof error);
    if (!written)
        (void)vpci_fault("%s", error);
    vpci_text_free(&file);
    vpci_text_free(&bytes);
    vpci_envelope_free(&envelope);
    return written;
}

/* The exit code of a run that ended with code. */
static int make(struct making *making, int code)
{
    const struct vpci_results_header *header = &making->results.header;
    find_facts(making);
    vpci_certificate_refusals(&making->results, making->facts.has_file, refuse, making);
    look_for_change(making, making->plan->adapter.file, header->adapter_digest);
    look_for_change(making, making->options->iut, making->certifying->iut_digest);
    if (making->results.sealed && !look_at_transcripts(making))
        return VPCI_EXIT_FAULT;
    if (making->refusals > 0)
        return code == VPCI_EXIT_CONFORMS ? VPCI_EXIT_INCONCLUSIVE : code;
    if (!sign_and_write(making))
        return VPCI_EXIT_FAULT;
    if (!making->options->quiet)
        printf("Certificate: %s, signed with the key %s\n", making->path, making->certifying->key.id);
    return code;
}

int vpci_certifying_end(const struct vpci_certifying *certifying, const struct vpci_options *options,
                        const struct vpci_plan *plan, int code)
{
    if (certifying->key.key == NULL || code == VPCI_EXIT_FAULT)
        return code;
    struct making making = { .certifying = certifying, .options = options, .plan = plan };
    snprintf(making.path, sizeof making.path, "%s/" VPCI_CERTIFICATE_FILE, options->out);
    snprintf(making.transcripts_path, sizeof making.transcripts_path, "%s/transcripts.jsonl", options->out);
    const int end = read_run(&making) ? make(&making, code) : VPCI_EXIT_FAULT;
    vpci_certificate_facts_free(&making.facts);
    vpci_results_free(&making.results);
    return end;
}
