/* SPDX-License-Identifier: MIT */
/* tests/unit/test_dsse.c - envelope, base64 and keys of certificates: vectors of others, and what must be
 * refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/file.h"
#include "reports/dsse.h"
#include "reports/signing_key.h"

static char error[VPCI_DETAIL_BYTES];

/* ---- base64 ---- */

static const struct {
    const char *plain, *digits;
} rfc_4648[] = { { "", "" },
                 { "f", "Zg==" },
                 { "fo", "Zm8=" },
                 { "foo", "Zm9v" },
                 { "foob", "Zm9vYg==" },
                 { "fooba", "Zm9vYmE=" },
                 { "foobar", "Zm9vYmFy" } };

static void base64_is_that_of_rfc_4648(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rfc_4648 / sizeof rfc_4648[0]; i++) {
        struct vpci_text digits = { 0 }, plain = { 0 };
        vpci_text_add(&digits, "");
        vpci_base64_add(&digits, rfc_4648[i].plain, strlen(rfc_4648[i].plain));
        assert_string_equal(digits.bytes, rfc_4648[i].digits);
        vpci_text_add(&plain, "");
        assert_true(vpci_base64_read(&plain, rfc_4648[i].digits));
        assert_int_equal(plain.length, strlen(rfc_4648[i].plain));
        assert_string_equal(plain.bytes, rfc_4648[i].plain);
        vpci_text_free(&digits);
        vpci_text_free(&plain);
    }
}

static void base64_of_any_length_comes_back(void **state)
{
    (void)state;
    enum { LONGEST = 10000 };
    static uint8_t bytes[LONGEST];
    for (size_t i = 0; i < LONGEST; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 256);
    for (size_t length = 0; length <= LONGEST; length += length < 20 ? 1 : 997) {
        struct vpci_text digits = { 0 }, plain = { 0 };
        vpci_text_add(&digits, "");
        vpci_base64_add(&digits, bytes, length);
        assert_int_equal(digits.length, (length + 2) / 3 * 4);
        assert_true(vpci_base64_read(&plain, digits.bytes));
        assert_int_equal(plain.length, length);
        assert_true(length == 0 || memcmp(plain.bytes, bytes, length) == 0);
        vpci_text_free(&digits);
        vpci_text_free(&plain);
    }
}

static void base64_of_another_form_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = { "Zg",    "Zg=",      "Zh==",  "Zm9=",     "Z===",     "====",
                                       "=Zg=",  "Zg==Zg==", "Zm 9v", " Zm9v",    "Zm9v ",    "Zm9v\n",
                                       "Zm9-",  "Zm9_",     "Zm9,",  "Zm9v====", "Zm9vZg\n", "\nZm9vZ",
                                       "Zm9vA", "Zm9v\xff", "Zg==\n" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct vpci_text plain = { 0 };
        if (vpci_base64_read(&plain, bad[i]))
            fail_msg("\"%s\" was taken", bad[i]);
        assert_int_equal(plain.length, 0);
        vpci_text_free(&plain);
    }
}

/* ---- the envelope ---- */

#define START \
    "{\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":\"aGVsbG8gd29ybGQ=\",\"signatures\":"
#define ONE "{\"keyid\":\"k\",\"sig\":\"AAEC\"}"

static void what_is_signed_is_the_encoding_of_the_standard(void **state)
{
    (void)state;
    struct vpci_envelope envelope = { 0 };
    struct vpci_text text = { 0 };
    vpci_text_add(&envelope.payload, "hello world");
    vpci_envelope_signed_bytes(&text, &envelope);
    assert_string_equal(text.bytes, "DSSEv1 28 application/vnd.in-toto+json 11 hello world");
    vpci_text_free(&text);
    vpci_envelope_free(&envelope);
}

static bool read_text(struct vpci_envelope *envelope, const char *text)
{
    return vpci_envelope_read(envelope, "c.json", text, strlen(text), error);
}

static void an_envelope_comes_back(void **state)
{
    (void)state;
    static const char *const texts[] = { START "[" ONE "]}\n",
                                         START "[" ONE ",{\"keyid\":\"\",\"sig\":\"////\"}]}\n" };
    for (size_t i = 0; i < 2; i++) {
        struct vpci_envelope envelope;
        struct vpci_text again = { 0 };
        if (!read_text(&envelope, texts[i]))
            fail_msg("%s", error);
        assert_int_equal(envelope.signature_count, i + 1);
        assert_string_equal(envelope.signatures[0].keyid, "k");
        assert_int_equal(envelope.signatures[0].length, 3);
        assert_memory_equal(envelope.signatures[0].bytes, "\0\1\2", 3);
        assert_int_equal(envelope.payload.length, strlen("hello world"));
        vpci_envelope_print(&again, &envelope);
        assert_string_equal(again.bytes, texts[i]);
        vpci_text_free(&again);
        vpci_envelope_free(&envelope);
    }
}

static void an_envelope_of_another_form_is_refused_by_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
    } bad[] = {
        { "", "c.json: " },
        { "[]\n", "c.json: an object is wanted" },
        { "{}\n", "/payloadType" },
        { START "[" ONE "]}", "one form" }, /* no newline */
        { START "[" ONE "]}\n\n", "one form" },
        { START "[" ONE "] }\n", "one form" },
        { "\xef\xbb\xbf" START "[" ONE "]}\n", "c.json: " },
        { START "[]}\n", "/signatures" },
        { START "{}}\n", "/signatures" },
        { START "[1]}\n", "/signatures/0" },
        { START "[{\"keyid\":\"k\"}]}\n", "/signatures/0/sig" },
        { START "[{\"sig\":\"AAEC\"}]}\n", "/signatures/0/keyid" },
        { START "[{\"keyid\":\"k\",\"sig\":\"\"}]}\n", "/signatures/0/sig" },
        { START "[{\"keyid\":\"k\",\"sig\":\"AAE\"}]}\n", "/signatures/0/sig" },
        { START "[{\"keyid\":\"k\",\"sig\":\"AAF=\"}]}\n", "/signatures/0/sig" }, /* slack bits */
        { START "[{\"keyid\":\"\\u006b\",\"sig\":\"AAEC\"}]}\n", "one form" },
        { START "[{\"sig\":\"AAEC\",\"keyid\":\"k\"}]}\n", "one form" },
        { START "[{\"keyid\":\"k\",\"sig\":\"AAEC\",\"cert\":\"x\"}]}\n", "/signatures/0/\"cert\"" },
        { START "[" ONE "],\"more\":1}\n", "\"more\"" },
        { START "[" ONE "],\"payload\":\"aGVsbG8gd29ybGQ=\"}\n", "payload" },
        { "{\"payloadType\":\"application/json\",\"payload\":\"AAEC\",\"signatures\":[" ONE "]}\n",
          "/payloadType" },
        { "{\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":\"\",\"signatures\":[" ONE "]}\n",
          "/payload" },
        { "{\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":7,\"signatures\":[" ONE "]}\n",
          "/payload" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct vpci_envelope envelope;
        if (read_text(&envelope, bad[i].text))
            fail_msg("taken: %s", bad[i].text);
        if (strstr(error, bad[i].words) == NULL || strstr(error, "c.json: ") != error)
            fail_msg("%s\nsays \"%s\", lacks \"%s\"", bad[i].text, error, bad[i].words);
    }
}

static void more_signatures_than_there_is_room_for_are_refused(void **state)
{
    (void)state;
    struct vpci_text text = { 0 };
    struct vpci_envelope envelope;
    vpci_text_add(&text, START "[" ONE);
    for (int i = 0; i < VPCI_SIGNATURES_MAX; i++)
        vpci_text_add(&text, "," ONE);
    vpci_text_add(&text, "]}\n");
    assert_false(read_text(&envelope, text.bytes));
    assert_non_null(strstr(error, "/signatures: more than 16"));
    vpci_text_free(&text);
}

/* ---- keys ---- */

/* The first test vector of RFC 8032, its seed in PKCS#8. */
static const char rfc_8032_private[] = "-----BEGIN PRIVATE KEY-----\n"
                                       "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
                                       "-----END PRIVATE KEY-----\n";
static const char rfc_8032_public[] = "-----BEGIN PUBLIC KEY-----\n"
                                      "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
                                      "-----END PUBLIC KEY-----\n";
static const char rfc_8032_signature[] = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb"
                                         "8821590a33bacc61e39701cf9b46bd25bf5f059"
                                         "5bbe24655141438e7a100b";

static char folder[64];

static const char *path_of(const char *name)
{
    static char paths[4][128];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static const char *file_of(const char *name, const char *text)
{
    const char *path = path_of(name);
    if (!vpci_file_write(path, text, strlen(text), error, sizeof error))
        fail_msg("%s", error);
    return path;
}

static void a_signature_is_that_of_rfc_8032(void **state)
{
    (void)state;
    struct vpci_key secret, shared;
    uint8_t signature[VPCI_ED25519_SIGNATURE_BYTES];
    struct vpci_text hex = { 0 };
    assert_true(vpci_key_read_private(&secret, file_of("a", rfc_8032_private), error));
    assert_true(vpci_key_read_public(&shared, file_of("b", rfc_8032_public), error));
    assert_string_equal(secret.id, shared.id);
    vpci_key_sign(&secret, "", 0, signature);
    vpci_text_add_hex_bytes(&hex, signature, sizeof signature);
    assert_string_equal(hex.bytes, rfc_8032_signature);
    assert_true(vpci_key_verify(&shared, "", 0, signature, sizeof signature));
    assert_false(vpci_key_verify(&shared, "x", 1, signature, sizeof signature));
    assert_false(vpci_key_verify(&shared, "", 0, signature, sizeof signature - 1));
    for (size_t bit = 0; bit < 8 * sizeof signature; bit++) {
        signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(vpci_key_verify(&shared, "", 0, signature, sizeof signature));
        signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    vpci_text_free(&hex);
    vpci_key_free(&secret);
    vpci_key_free(&shared);
}

static void a_new_pair_fits_and_is_never_made_over_another(void **state)
{
    (void)state;
    char id[VPCI_SHA256_TEXT_BYTES], other[VPCI_SHA256_TEXT_BYTES];
    struct vpci_key secret, shared;
    struct stat status;
    assert_true(vpci_key_make(path_of("new"), id, error));
    assert_int_equal(stat(path_of("new"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_true(vpci_key_read_private(&secret, path_of("new"), error));
    assert_true(vpci_key_read_public(&shared, path_of("new.pub"), error));
    assert_string_equal(secret.id, id);
    assert_string_equal(shared.id, id);
    assert_false(vpci_key_make(path_of("new"), other, error));
    assert_non_null(strstr(error, "new.pub: is there already"));
    assert_int_equal(unlink(path_of("new.pub")), 0);
    assert_false(vpci_key_make(path_of("new"), other, error));
    assert_non_null(strstr(error, "new: is there already"));
    assert_int_not_equal(access(path_of("new.pub"), F_OK), 0); /* half a pair would be worse than none */
    assert_true(vpci_key_make(path_of("second"), other, error));
    assert_string_not_equal(id, other);
    vpci_key_free(&secret);
    vpci_key_free(&shared);
}

static void what_is_no_such_key_is_refused_in_clear_words(void **state)
{
    (void)state;
    struct vpci_key key;
    assert_false(vpci_key_read_private(&key, file_of("c", rfc_8032_public), error));
    assert_non_null(strstr(error, "holds a public key"));
    assert_false(vpci_key_read_public(&key, file_of("d", rfc_8032_private), error));
    assert_non_null(strstr(error, "holds a private key"));
    assert_false(vpci_key_read_public(&key, file_of("e", "-----BEGIN PUBLIC KEY-----\nAAAA\n"), error));
    assert_non_null(strstr(error, "no public key in PEM"));
    assert_false(vpci_key_read_private(&key, file_of("f", ""), error));
    assert_non_null(strstr(error, "no private key in PEM"));
    assert_false(vpci_key_read_private(&key, path_of("not-there"), error));
    assert_non_null(strstr(error, "not-there: No such file"));
    assert_false(vpci_key_read_private(&key, folder, error));
    assert_non_null(strstr(error, "not a regular file"));
    vpci_key_free(&key);
}

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/vpci-dsse-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    static const char *const names[] = { "a", "b",   "c",       "d",      "e",
                                         "f", "new", "new.pub", "second", "second.pub" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        (void)unlink(path_of(names[i]));
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_is_that_of_rfc_4648),
        cmocka_unit_test(base64_of_any_length_comes_back),
        cmocka_unit_test(base64_of_another_form_is_refused),
        cmocka_unit_test(what_is_signed_is_the_encoding_of_the_standard),
        cmocka_unit_test(an_envelope_comes_back),
        cmocka_unit_test(an_envelope_of_another_form_is_refused_by_place),
        cmocka_unit_test(more_signatures_than_there_is_room_for_are_refused),
        cmocka_unit_test(a_signature_is_that_of_rfc_8032),
        cmocka_unit_test(a_new_pair_fits_and_is_never_made_over_another),
        cmocka_unit_test(what_is_no_such_key_is_refused_in_clear_words),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
