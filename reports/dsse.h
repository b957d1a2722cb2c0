/* SPDX-License-Identifier: MIT */
/* reports/dsse.h - the envelope of a certificate: a payload in base64 with signatures over it (DSSE, the
 * Dead Simple Signing Envelope, version 1). One form only is read, the one that is written, so that no byte
 * of a file can be changed without being noticed. */
#ifndef VPCI_DSSE_H
#define VPCI_DSSE_H

#include "harness/seam.h"
#include "harness/text.h"

#define VPCI_DSSE_PAYLOAD_TYPE "application/vnd.in-toto+json"

enum {
    VPCI_ENVELOPE_BYTES_MAX = 16 * 1024 * 1024,
    VPCI_SIGNATURES_MAX = 16,
    VPCI_SIGNATURE_BYTES_MAX = 1024, /* of other signers' keys, whatever they are */
    VPCI_KEYID_BYTES = 129,
};

struct vpci_signature {
    char keyid[VPCI_KEYID_BYTES];
    uint8_t bytes[VPCI_SIGNATURE_BYTES_MAX];
    size_t length;
};

/* Zero-initialised is an empty one. */
struct vpci_envelope {
    struct vpci_text payload; /* owned */
    struct vpci_signature signatures[VPCI_SIGNATURES_MAX];
    uint32_t signature_count;
};

void vpci_envelope_free(struct vpci_envelope *envelope);

/* Appends what is signed: the pre-authentication encoding of the payload. */
void vpci_envelope_signed_bytes(struct vpci_text *text, const struct vpci_envelope *envelope);
/* Appends the file: one line of JSON. */
void vpci_envelope_print(struct vpci_text *text, const struct vpci_envelope *envelope);
/* Reads a file at hand; name stands for it in errors. On false, error holds "name: /pointer: reason" and
 * nothing is to be freed. */
bool vpci_envelope_read(struct vpci_envelope *envelope, const char *name, const char *bytes, size_t length,
                        char error[VPCI_DETAIL_BYTES]);

/* Appends the bytes in base64, with padding. */
void vpci_base64_add(struct vpci_text *text, const void *bytes, size_t length);
/* Appends the bytes that a string means. False when it is not base64 exactly as vpci_base64_add writes it. */
bool vpci_base64_read(struct vpci_text *bytes, const char *string);

#endif
