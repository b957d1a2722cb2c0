/* SPDX-License-Identifier: MIT */
/* tests/unit/test_result_scenarios.c - the header's list of scenarios: read back as written, and every case
 * is of one of them, in their order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sample_results.h"

static char reason[VPCI_DETAIL_BYTES];

static bool read_text(struct vpci_results *results, const struct vpci_text *text)
{
    return vpci_results_read_bytes(results, "sample", text->bytes, text->length, reason);
}

static void the_scenarios_are_read_back(void **state)
{
    (void)state;
    static const char *const names[] = { "direct/reads", "ioctl/hostile", "ioctl/late",
                                         "ioctl/left",   "remove/away",   "reset/warned" };
    struct vpci_text text = { 0 };
    struct vpci_results results;
    sample_text(&text);
    assert_true(read_text(&results, &text));
    assert_int_equal(results.header.scenario_count, sizeof names / sizeof names[0]);
    for (uint32_t i = 0; i < results.header.scenario_count; i++) {
        char digest[VPCI_DIGEST_TEXT_BYTES];
        vpci_digest_of_bytes(names[i], strlen(names[i]), digest);
        assert_string_equal(results.header.scenarios[i].scenario, names[i]);
        assert_string_equal(results.header.scenarios[i].digest, digest);
    }
    vpci_results_free(&results);
    vpci_text_free(&text);
}

/* Method: one place of the header or of a case made wrong. */
static void a_wrong_list_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *place;
    } changes[] = {
        { "\"scenarios\":{", "\"scenario\":{", ":1: \"scenario\" is not a member" },
        { "\"scenarios\":{", "\"scenarios\":{\"x\":1,", ":1: scenarios/x: not a SHA-256" },
        { "\"scenarios\":{", "\"scenarios\":{\"x\":\"ABC\",", ":1: scenarios/x: not a SHA-256" },
        { "\"scenarios\":{", "\"scenarios\":{\"ioctl/late\":\"\",", ":1:" },
        { "\"scenario\":\"ioctl/late\"", "\"scenario\":\"ioctl/latf\"", ":7: scenario: not among" },
        { "\"scenario\":\"ioctl/late\"", "\"scenario\":\"direct/reads\"", ":7: scenario: not among" },
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct vpci_text text = { 0 }, changed = { 0 };
        struct vpci_results results;
        sample_text(&text);
        const char *at = strstr(text.bytes, changes[i].from);
        assert_non_null(at);
        vpci_text_add_bytes(&changed, text.bytes, (size_t)(at - text.bytes));
        vpci_text_add(&changed, changes[i].to);
        vpci_text_add(&changed, at + strlen(changes[i].from));
        assert_false(read_text(&results, &changed));
        if (strstr(reason, changes[i].place) == NULL)
            fail_msg("\"%s\" does not say \"%s\"", reason, changes[i].place);
        vpci_text_free(&changed);
        vpci_text_free(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_scenarios_are_read_back),
        cmocka_unit_test(a_wrong_list_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
