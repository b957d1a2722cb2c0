/* SPDX-License-Identifier: MIT */
/* cli/certifying.h - the certificate of a run: what is asked for is looked at before the run, so that a
 * mistyped key costs nothing, and the certificate is written behind it. */
#ifndef VPCI_CERTIFYING_H
#define VPCI_CERTIFYING_H

#include "cli/verbs.h"
#include "reports/certificate.h"
#include "reports/signing_key.h"

#define VPCI_CERTIFICATE_FILE "certificate.json"

struct vpci_certifying {
    struct vpci_key key; /* without one no certificate is wanted */
    char iut_digest[VPCI_SHA256_TEXT_BYTES];
};

/* Reads the key and what else the options name. False after saying what is wrong. */
bool vpci_certifying_begin(struct vpci_certifying *certifying, const struct vpci_options *options);

/* Takes away the certificate of an earlier run. False after saying what is wrong. */
bool vpci_certifying_clear(const char *folder);

/* Writes the certificate of a run that ended with code, or says why there is none. Returns the exit code. */
int vpci_certifying_end(const struct vpci_certifying *certifying, const struct vpci_options *options,
                        const struct vpci_plan *plan, int code);

void vpci_certifying_free(struct vpci_certifying *certifying);

#endif
