/* SPDX-License-Identifier: MIT */
/* reports/html_page.c - see reports/html_page.h. */
#include "reports/html_page.h"

#include <openssl/evp.h>
#include <string.h>

#include "harness/file.h"
#include "harness/json.h"
#include "harness/utf8.h"
#include "reports/html_assets.h"
#include "reports/summary.h"

enum { SHA256_BYTES = 32, SHA256_BASE64_BYTES = 45 };

/* A source of the policy: 'sha256-...' of what stands between the tags. */
static void add_policy_source(struct vpci_text *text, const struct vpci_html_asset *asset)
{
    char digits[VPCI_SHA256_TEXT_BYTES];
    unsigned char digest[SHA256_BYTES], base64[SHA256_BASE64_BYTES];
    vpci_digest_of_bytes(asset->bytes, asset->length, digits);
    for (size_t i = 0; i < SHA256_BYTES; i++)
        digest[i] = (unsigned char)(vpci_hex_value(digits[2 * i]) << 4 | vpci_hex_value(digits[2 * i + 1]));
    EVP_EncodeBlock(base64, digest, SHA256_BYTES);
    vpci_text_addf(text, "'sha256-%s'", (const char *)base64);
}

void vpci_html_begin(struct vpci_text *text, const char *title)
{
    vpci_text_add(text,
                  "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ");
    add_policy_source(text, &vpci_html_style);
    vpci_text_add(text, "; script-src ");
    add_policy_source(text, &vpci_html_script);
    vpci_text_add(text, "; base-uri 'none'; form-action 'none'\">\n"
                        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                        "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    vpci_html_text(text, title);
    vpci_text_add(text, "</title>\n<style>");
    vpci_text_add_bytes(text, vpci_html_style.bytes, vpci_html_style.length);
    vpci_text_add(text,
                  "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n"
                  "<main id=\"main\" tabindex=\"-1\">\n");
}

void vpci_html_end(struct vpci_text *text)
{
    vpci_text_add(text, "</main>\n<script>");
    vpci_text_add_bytes(text, vpci_html_script.bytes, vpci_html_script.length);
    vpci_text_add(text, "</script>\n</body>\n</html>\n");
}

/* True for characters that do not show, beyond those that vpci_text_add_plain replaces, and for those that no
 * page may hold. */
static bool is_unseen(const uint8_t *bytes, size_t length)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        { 0x00AD, 0x00AD }, { 0x180E, 0x180E }, { 0x200B, 0x200D }, { 0x2060, 0x2065 }, { 0x206A, 0x206F },
        { 0xFDD0, 0xFDEF }, { 0xFE00, 0xFE0F }, { 0xFEFF, 0xFEFF }, { 0xFFF0, 0xFFFB }, { 0xE0000, 0xE0FFF },
    };
    static const uint8_t first_bits[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
    uint32_t character = bytes[0] & first_bits[length];
    for (size_t i = 1; i < length; i++)
        character = character << 6 | (bytes[i] & 0x3Fu);
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (character >= ranges[i].first && character <= ranges[i].last)
            return true;
    }
    return (character & 0xFFFE) == 0xFFFE;
}

/* Replaces each of them in place. */
static void replace_unseen(struct vpci_text *text)
{
    size_t to = 0;
    for (size_t from = 0; from < text->length;) {
        const uint8_t *bytes = (const uint8_t *)text->bytes + from;
        const size_t sequence = vpci_utf8_sequence(bytes, text->length - from);
        if (sequence > 1 && is_unseen(bytes, sequence)) {
            text->bytes[to++] = '?';
        } else {
            memmove(text->bytes + to, bytes, sequence);
            to += sequence;
        }
        from += sequence;
    }
    text->bytes[to] = '\0';
    text->length = to;
}

static struct vpci_text shown_of(const char *string)
{
    struct vpci_text shown = { 0 };
    vpci_text_add(&shown, "");
    vpci_text_add_plain(&shown, string);
    replace_unseen(&shown);
    return shown;
}

void vpci_html_text(struct vpci_text *text, const char *string)
{
    struct vpci_text shown = shown_of(string);
    for (const char *at = shown.bytes; *at != '\0';) {
        const size_t run = strcspn(at, "&<>\"'");
        vpci_text_add_bytes(text, at, run);
        at += run;
        if (*at != '\0')
            vpci_text_addf(text, "&#%d;", *at++);
    }
    vpci_text_free(&shown);
}

void vpci_html_json(struct vpci_text *text, const char *string)
{
    struct vpci_text shown = shown_of(string), json = { 0 };
    vpci_text_add_json(&json, shown.bytes);
    for (const char *at = json.bytes; *at != '\0';) {
        const size_t run = strcspn(at, "&<>");
        vpci_text_add_bytes(text, at, run);
        at += run;
        if (*at != '\0')
            vpci_text_addf(text, "\\u00%02x", *at++);
    }
    vpci_text_free(&json);
    vpci_text_free(&shown);
}

/* The name is also the class that gives the colour. */
static void add_badge(struct vpci_text *text, const char *name, const char *sign, const char *words)
{
    vpci_text_addf(text,
                   "<span class=\"badge %s\"><span class=\"sign\" aria-hidden=\"true\">%s</span>%s</span>",
                   name, sign, words);
}

void vpci_html_run_verdict(struct vpci_text *text, enum vpci_run_verdict verdict)
{
    static const char *const signs[VPCI_RUN_VERDICT_COUNT] = {
        [VPCI_RUN_CONFORMS] = "\u2713",
        [VPCI_RUN_AS_EXPECTED] = "\u2248",
        [VPCI_RUN_VIOLATION] = "\u2717",
        [VPCI_RUN_INCONCLUSIVE] = "?",
    };
    add_badge(text, vpci_run_verdict_name[verdict], signs[verdict], vpci_verdict_title(verdict));
}

void vpci_html_requirement_verdict(struct vpci_text *text, enum vpci_requirement_verdict verdict)
{
    static const char *const signs[VPCI_REQUIREMENT_VERDICT_COUNT] = {
        [VPCI_REQUIREMENT_PASS_VERDICT] = "\u2713",
        [VPCI_REQUIREMENT_FAIL_VERDICT] = "\u2717",
        [VPCI_REQUIREMENT_WARNING_VERDICT] = "!",
        [VPCI_REQUIREMENT_INCONCLUSIVE_VERDICT] = "?",
        [VPCI_REQUIREMENT_NOT_EXERCISED_VERDICT] = "\u25cb",
        [VPCI_REQUIREMENT_NOT_APPLICABLE_VERDICT] = "\u2013",
        [VPCI_REQUIREMENT_NOT_OBSERVABLE_VERDICT] = "\u00b7",
    };
    add_badge(text, vpci_requirement_verdict_name[verdict], signs[verdict],
              vpci_requirement_verdict_words(verdict));
}

void vpci_html_case_verdict(struct vpci_text *text, enum vpci_case_verdict verdict)
{
    static const char *const signs[VPCI_CASE_VERDICT_COUNT] = {
        [VPCI_CASE_PASS] = "\u2713", [VPCI_CASE_FAIL] = "\u2717",           [VPCI_CASE_INCONCLUSIVE] = "?",
        [VPCI_CASE_ERROR] = "!",     [VPCI_CASE_NOT_APPLICABLE] = "\u2013", [VPCI_CASE_SKIPPED] = "\u25cb",
    };
    add_badge(text, vpci_case_verdict_name[verdict], signs[verdict], vpci_case_verdict_words(verdict));
}
