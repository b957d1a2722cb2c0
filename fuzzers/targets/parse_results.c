/* SPDX-License-Identifier: MIT */
/* fuzzers/targets/parse_results.c - any bytes as a results file, with a seal put right so that the engine
 * gets behind it. What is taken is printed with a footer that fits its cases; that is read as a sealed file
 * and prints the same bytes. */
#include "fuzzers/targets/property.h"
#include "harness/file.h"
#include "harness/result.h"
#include "harness/tally.h"

VPCI_PROPERTY(print_is_read, "a printed results file is read again, sealed")
VPCI_PROPERTY(print_is_kept, "a results file that was printed and read prints the same bytes")
VPCI_PROPERTY(prefix_is_inside, "the whole lines of a file lie inside it")

/* A copy of the input in which the digest of the last line, if it is a footer with one, is that of the bytes
 * before. */
static char *sealed_copy(const uint8_t *bytes, size_t length)
{
    static const char member[] = "\"sha256\":\"";
    enum { DIGITS = VPCI_SHA256_TEXT_BYTES - 1 };
    char *copy = malloc(length + 1);
    if (copy == NULL)
        abort();
    if (length > 0)
        memcpy(copy, bytes, length);
    copy[length] = '\0';
    const char *before = length > 1 ? memrchr(copy, '\n', length - 1) : NULL;
    if (before == NULL)
        return copy;
    char *last = copy + (before - copy) + 1;
    const size_t last_length = length - (size_t)(last - copy);
    char *digest = memmem(last, last_length, member, sizeof member - 1);
    if (digest == NULL || last_length - (size_t)(digest - last) < sizeof member - 1 + DIGITS)
        return copy;
    char text[VPCI_SHA256_TEXT_BYTES];
    vpci_digest_of_bytes(copy, (size_t)(last - copy), text);
    memcpy(digest + sizeof member - 1, text, DIGITS);
    return copy;
}

/* Prints the file as a run of just these cases would. */
static void print(struct vpci_text *text, struct vpci_results *results)
{
    static const struct vpci_applicability nothing = { 0 };
    struct vpci_results_footer footer = { 0 };
    results->header.case_count = results->case_count;
    vpci_print_header(text, &results->header);
    for (uint32_t i = 0; i < results->case_count; i++) {
        vpci_print_case(text, &results->cases[i]);
        vpci_results_tally(&footer, &results->cases[i]);
    }
    vpci_results_conclude(&footer, &results->header, &nothing);
    vpci_digest_of_bytes(text->bytes, text->length, footer.sha256);
    vpci_print_footer(text, &footer);
}

static void hold_round_trip(struct vpci_results *results)
{
    char error[VPCI_DETAIL_BYTES] = "";
    struct vpci_results again;
    struct vpci_text first = { 0 }, second = { 0 };
    print(&first, results);
    VPCI_HOLD(print_is_read, vpci_results_read_bytes(&again, "printed", first.bytes, first.length, error),
              error);
    VPCI_HOLD(print_is_read, again.sealed && again.whole_bytes == first.length, first.bytes);
    print(&second, &again);
    VPCI_HOLD(print_is_kept, vpci_same_text(&first, &second), first.bytes);
    vpci_text_free(&first);
    vpci_text_free(&second);
    vpci_results_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char name[] = "input";
    char error[VPCI_DETAIL_BYTES] = "";
    struct vpci_results results;
    char *copy = sealed_copy(bytes, length);
    if (vpci_results_read_bytes(&results, name, copy, length, error)) {
        VPCI_HOLD(prefix_is_inside, results.whole_bytes <= length, copy);
        if (results.whole_bytes > 0)
            hold_round_trip(&results);
        vpci_results_free(&results);
    } else {
        vpci_hold_error_of(name, error, sizeof error);
    }
    free(copy);
    return 0;
}
