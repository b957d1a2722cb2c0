/* SPDX-License-Identifier: MIT */
/* reports/certificate.h - what a certificate says: an in-toto statement that an implementation passed, made
 * of a results file and a few facts beside it. docs/certificate.md describes it member by member.
 *
 * The same results and facts give the same bytes. So whoever checks a certificate takes the facts out of it,
 * makes the statement again from the results, and compares. */
#ifndef VPCI_CERTIFICATE_H
#define VPCI_CERTIFICATE_H

#include <cjson/cJSON.h>

#include "harness/file.h"
#include "harness/requirements.h"
#include "harness/result.h"

enum { VPCI_CERTIFICATE_FORMAT = 1, VPCI_CERTIFICATE_TEXT_BYTES = 1024 };

/* What a certificate says that its results do not. */
struct vpci_certificate_facts {
    char date[VPCI_DATE_BYTES];
    char by[VPCI_CERTIFICATE_TEXT_BYTES]; /* who ran it; "" when that is not known */
    bool has_file; /* the subject is a file of its own; else it is the adapter, as the results have it */
    char subject[VPCI_CERTIFICATE_TEXT_BYTES]; /* name of that file */
    char subject_digest[VPCI_SHA256_TEXT_BYTES];
    struct vpci_text environment; /* owned; JSON of where the run took place */
    char results_digest[VPCI_SHA256_TEXT_BYTES], transcripts_digest[VPCI_SHA256_TEXT_BYTES];
    const cJSON *caveats; /* borrowed; those of an earlier statement, NULL: those of this kit */
};

void vpci_certificate_facts_free(struct vpci_certificate_facts *facts);

/* Appends the JSON of this machine and this program: system, C library, compiler, libcrypto. */
void vpci_certificate_environment(struct vpci_text *text);

/* Appends the statement. results are sealed. */
void vpci_certificate_print(struct vpci_text *statement, const struct vpci_results *results,
                            const struct vpci_catalogue *catalogue,
                            const struct vpci_certificate_facts *facts);

/* Calls add with each reason, a line, why these results deserve no certificate. has_file as in the facts. */
typedef void vpci_refusal_fn(void *context, const char *reason);
void vpci_certificate_refusals(const struct vpci_results *results, bool has_file, vpci_refusal_fn *add,
                               void *context);

/* Takes the facts out of a statement. On false, reason holds "/pointer: what is wrong", and nothing is to be
 * freed. caveats is left NULL. */
bool vpci_certificate_read(struct vpci_certificate_facts *facts, const cJSON *statement,
                           char reason[VPCI_DETAIL_BYTES]);

/* The digest that a statement, which was read, has of one thing of the run's configuration: "suite",
 * "model" ... "" when it names none. Borrowed. */
const char *vpci_certificate_digest(const cJSON *statement, const char *name);

/* The array of what a pass does not prove, of a statement that was read. NULL when there is none. */
const cJSON *vpci_certificate_caveats(const cJSON *statement);

/* Appends the JSON pointer of the first difference between two values, in the order of the first one's
 * members. False when there is none. */
bool vpci_certificate_difference(struct vpci_text *pointer, const cJSON *one, const cJSON *other);

#endif
