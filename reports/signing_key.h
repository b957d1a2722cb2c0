/* SPDX-License-Identifier: MIT */
/* reports/signing_key.h - Ed25519 keys in files: PEM as openssl writes it, PKCS#8 for the private one, SPKI
 * for the public one. */
#ifndef VPCI_SIGNING_KEY_H
#define VPCI_SIGNING_KEY_H

#include "harness/file.h"
#include "harness/seam.h"

enum { VPCI_ED25519_SIGNATURE_BYTES = 64 };

struct vpci_key {
    void *key;                       /* owned; of libcrypto */
    char id[VPCI_SHA256_TEXT_BYTES]; /* SHA-256 of the public key's SPKI in DER */
};

/* Reads a private key, without a passphrase. On false, error holds "path: reason" and nothing is to be freed.
 */
bool vpci_key_read_private(struct vpci_key *key, const char *path, char error[VPCI_DETAIL_BYTES]);
bool vpci_key_read_public(struct vpci_key *key, const char *path, char error[VPCI_DETAIL_BYTES]);
void vpci_key_free(struct vpci_key *key); /* of a zero-initialised one: nothing */

/* Signs with a private key. The same bytes give the same signature. */
void vpci_key_sign(const struct vpci_key *key, const void *bytes, size_t length,
                   uint8_t signature[VPCI_ED25519_SIGNATURE_BYTES]);
bool vpci_key_verify(const struct vpci_key *key, const void *bytes, size_t length, const uint8_t *signature,
                     size_t signature_length);

/* Makes a new pair: the private key in path, for its owner alone to read, the public one in path.pub. Neither
 * file may be there. On false, error holds "path: reason" and no file was made. */
bool vpci_key_make(const char *path, char id[VPCI_SHA256_TEXT_BYTES], char error[VPCI_DETAIL_BYTES]);

#endif
