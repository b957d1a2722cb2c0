/* SPDX-License-Identifier: MIT */
/* reports/signing_key.c - see signing_key.h. */
#include "reports/signing_key.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/allocate.h"
#include "harness/text.h"

enum { KEY_FILE_BYTES_MAX = 64 * 1024, PATH_SHOWN_BYTES = 150 };

/* Writes "path: reason"; a long path is shown by its end. Returns false. */
static bool refuse(char error[VPCI_DETAIL_BYTES], const char *path, const char *reason)
{
    char plain[PATH_SHOWN_BYTES];
    const size_t length = strlen(path);
    vpci_text_copy_plain(plain, sizeof plain,
                         length < sizeof plain ? path : path + length - sizeof plain + 1);
    snprintf(error, VPCI_DETAIL_BYTES, "%s: %s", plain, reason);
    return false;
}

static void find_id(struct vpci_key *key)
{
    unsigned char *der = NULL;
    const int length = i2d_PUBKEY(key->key, &der);
    if (length <= 0)
        vpci_give_up("libcrypto cannot write a public key");
    vpci_digest_of_bytes(der, (size_t)length, key->id);
    OPENSSL_free(der);
}

/* Called for a key under a passphrase, which is never asked for. */
static int note_passphrase(char *to, int size, int writing, void *context)
{
    (void)to;
    (void)size;
    (void)writing;
    *(bool *)context = true;
    return -1;
}

/* What the PEM at hand gives as the one and as the other kind of key. */
static EVP_PKEY *parse(const char *bytes, size_t length, bool as_private, bool *has_passphrase_out)
{
    BIO *memory = vpci_need_memory(BIO_new_mem_buf(bytes, (int)length));
    EVP_PKEY *key = as_private ? PEM_read_bio_PrivateKey(memory, NULL, note_passphrase, has_passphrase_out)
                               : PEM_read_bio_PUBKEY(memory, NULL, note_passphrase, has_passphrase_out);
    BIO_free(memory);
    ERR_clear_error();
    return key;
}

/* Why the PEM at hand is no key of the wanted kind. */
static const char *explain(const char *bytes, size_t length, bool as_private, bool has_passphrase)
{
    bool unused = false;
    EVP_PKEY *other = parse(bytes, length, !as_private, &unused);
    const bool is_other_kind = other != NULL || unused;
    EVP_PKEY_free(other);
    if (has_passphrase)
        return "the key is under a passphrase, which is not supported; \"openssl pkey -in FILE -out PLAIN\" "
               "takes it off";
    if (is_other_kind)
        return as_private ? "holds a public key; the private one is wanted here"
                          : "holds a private key; the public one is wanted here, which is in the file that "
                            "ends in .pub";
    return as_private ? "no private key in PEM (-----BEGIN PRIVATE KEY-----)"
                      : "no public key in PEM (-----BEGIN PUBLIC KEY-----)";
}

static bool read_key(struct vpci_key *key, const char *path, bool as_private, char error[VPCI_DETAIL_BYTES])
{
    char *bytes = NULL;
    size_t length = 0;
    bool has_passphrase = false;
    *key = (struct vpci_key){ 0 };
    if (!vpci_file_read(path, KEY_FILE_BYTES_MAX, &bytes, &length, error, VPCI_DETAIL_BYTES))
        return false;
    EVP_PKEY *found = parse(bytes, length, as_private, &has_passphrase);
    const char *reason = found == NULL ? explain(bytes, length, as_private, has_passphrase)
                         : EVP_PKEY_get_base_id(found) != EVP_PKEY_ED25519 ? "not an Ed25519 key"
                                                                           : NULL;
    OPENSSL_cleanse(bytes, length);
    free(bytes);
    if (reason != NULL) {
        EVP_PKEY_free(found);
        return refuse(error, path, reason);
    }
    key->key = found;
    find_id(key);
    return true;
}

bool vpci_key_read_private(struct vpci_key *key, const char *path, char error[VPCI_DETAIL_BYTES])
{
    return read_key(key, path, true, error);
}

bool vpci_key_read_public(struct vpci_key *key, const char *path, char error[VPCI_DETAIL_BYTES])
{
    return read_key(key, path, false, error);
}

void vpci_key_free(struct vpci_key *key)
{
    EVP_PKEY_free(key->key);
    *key = (struct vpci_key){ 0 };
}

void vpci_key_sign(const struct vpci_key *key, const void *bytes, size_t length,
                   uint8_t signature[VPCI_ED25519_SIGNATURE_BYTES])
{
    EVP_MD_CTX *context = vpci_need_memory(EVP_MD_CTX_new());
    size_t written = VPCI_ED25519_SIGNATURE_BYTES;
    if (EVP_DigestSignInit(context, NULL, NULL, NULL, key->key) != 1 ||
        EVP_DigestSign(context, signature, &written, bytes, length) != 1 ||
        written != VPCI_ED25519_SIGNATURE_BYTES)
        vpci_give_up("libcrypto cannot sign");
    EVP_MD_CTX_free(context);
}

bool vpci_key_verify(const struct vpci_key *key, const void *bytes, size_t length, const uint8_t *signature,
                     size_t signature_length)
{
    EVP_MD_CTX *context = vpci_need_memory(EVP_MD_CTX_new());
    const bool fine = EVP_DigestVerifyInit(context, NULL, NULL, NULL, key->key) == 1 &&
                      EVP_DigestVerify(context, signature, signature_length, bytes, length) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return fine;
}

/* Writes a new file. On false no file was made. */
static bool write_new(const char *path, const char *bytes, size_t length, unsigned mode,
                      char error[VPCI_DETAIL_BYTES])
{
    const int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (descriptor < 0)
        return refuse(error, path,
                      errno == EEXIST ? "is there already, and is not overwritten" : strerror(errno));
    bool fine = write(descriptor, bytes, length) == (ssize_t)length && fsync(descriptor) == 0;
    const int reason = errno;
    fine = close(descriptor) == 0 && fine;
    if (!fine)
        (void)unlink(path);
    return fine || refuse(error, path, strerror(reason));
}

/* The key in PEM, in memory that BIO_free cleanses. */
static BIO *print_pem(EVP_PKEY *key, bool as_private)
{
    BIO *memory = vpci_need_memory(BIO_new(BIO_s_secmem()));
    if ((as_private ? PEM_write_bio_PKCS8PrivateKey(memory, key, NULL, NULL, 0, NULL, NULL)
                    : PEM_write_bio_PUBKEY(memory, key)) != 1)
        vpci_give_up("libcrypto cannot write a key");
    return memory;
}

static bool write_pem(const char *path, EVP_PKEY *key, bool as_private, char error[VPCI_DETAIL_BYTES])
{
    char *bytes = NULL;
    BIO *pem = print_pem(key, as_private);
    const long length = BIO_get_mem_data(pem, &bytes);
    const bool fine = write_new(path, bytes, (size_t)length, as_private ? 0600 : 0666, error);
    BIO_free(pem);
    return fine;
}

bool vpci_key_make(const char *path, char id[VPCI_SHA256_TEXT_BYTES], char error[VPCI_DETAIL_BYTES])
{
    struct vpci_key key = { 0 };
    struct vpci_text public_path = { 0 };
    vpci_text_addf(&public_path, "%s.pub", path);
    key.key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    if (key.key == NULL)
        vpci_give_up("libcrypto cannot make an Ed25519 key");
    find_id(&key);
    memcpy(id, key.id, sizeof key.id);
    bool fine = write_pem(public_path.bytes, key.key, false, error);
    if (fine && !write_pem(path, key.key, true, error)) {
        (void)unlink(public_path.bytes);
        fine = false;
    }
    vpci_key_free(&key);
    vpci_text_free(&public_path);
    return fine;
}
