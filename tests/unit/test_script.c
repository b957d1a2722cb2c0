/* SPDX-License-Identifier: MIT */
/* tests/unit/test_script.c - a case printed and loaded again is the same case: every case of the corpus, and
 * steps of every shape; what a scenario says of how it was found; scripts that are edited. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/contents.h"
#include "harness/script.h"

static struct vpci_script script;
static struct vpci_text printed;
static char error[VPCI_ERROR_BYTES];

static int create(void **state)
{
    (void)state;
    vpci_script_create(&script);
    return 0;
}

static int destroy(void **state)
{
    (void)state;
    vpci_script_destroy(&script);
    vpci_text_free(&printed);
    return 0;
}

static void print(const struct vpci_case *test, const struct vpci_finding *finding)
{
    struct vpci_requirement_set requirements = { { 0 } };
    vpci_requirement_add(&requirements, VPCI_RD_01);
    const struct vpci_script_head head = { .purpose = "A case that is printed and loaded again.",
                                           .requirements = &requirements,
                                           .finding = finding };
    vpci_text_clear(&printed);
    vpci_script_print(&printed, test, &head);
}

/* The suite of what was printed. */
static struct vpci_suite *load(void)
{
    struct vpci_suite *suite = vpci_suite_load_bytes("printed", printed.bytes, printed.length, error);
    if (suite == NULL)
        fail_msg("%s\n%s", error, printed.bytes);
    return suite;
}

static void expect_same(const struct vpci_case *test)
{
    struct vpci_case_scratch scratch = { 0 };
    struct vpci_case again;
    print(test, NULL);
    struct vpci_suite *suite = load();
    assert_int_equal(vpci_suite_case_count(suite), 1);
    vpci_suite_case(suite, 0, &scratch, &again);
    if (!vpci_case_equal(test, &again)) {
        (void)fputs(printed.bytes, stderr);
        fail_msg("%s comes back as another case", test->name);
    }
    vpci_case_scratch_free(&scratch);
    vpci_suite_free(suite);
}

static void every_case_of_the_corpus_comes_back(void **state)
{
    (void)state;
    struct vpci_case_scratch scratch = { 0 };
    struct vpci_suite *suite = vpci_suite_load("corpus/scenarios", error);
    if (suite == NULL)
        fail_msg("%s", error);
    const uint32_t count = vpci_suite_case_count(suite);
    assert_true(count > 5000);
    for (uint32_t i = 0; i < count; i++) {
        struct vpci_case test;
        vpci_suite_case(suite, i, &scratch, &test);
        assert_true(vpci_script_copy(&script, &test));
        assert_true(vpci_case_equal(&script.test, &test));
        expect_same(&script.test);
    }
    vpci_case_scratch_free(&scratch);
    vpci_suite_free(suite);
}

/* ---- steps of every shape ---- */

static uint32_t pick(uint64_t *random, const uint32_t *from, uint32_t count)
{
    return from[vpci_random_next(random) % count];
}
#define PICK(random, ...)                           \
    pick(random, (const uint32_t[]){ __VA_ARGS__ }, \
         sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

/* Bytes that a keyword of a scenario stands for, or any. */
static const uint8_t *some_bytes(uint64_t *random, enum vpci_pf_data source, uint32_t head, uint32_t length)
{
    uint8_t bytes[VPCI_EVENT_DATA_BYTES_MAX];
    for (uint32_t i = 0; i < length; i++)
        bytes[i] = i < head || source == VPCI_DATA_GIVEN ? (uint8_t)vpci_random_next(random)
                   : source == VPCI_DATA_ONES            ? 0xFF
                   : source == VPCI_DATA_FILL            ? VPCI_FILL_BYTE
                                                         : 0;
    return vpci_script_keep(&script, bytes, length);
}

static uint32_t least(uint32_t left, uint32_t right)
{
    return left < right ? left : right;
}

static void make_ioctl(uint64_t *random, struct vpci_step *step)
{
    struct vpci_event *event = &step->event;
    event->fields |= VPCI_F(VF) | VPCI_F(CODE) | VPCI_F(INPUT_LENGTH) | VPCI_F(OUTPUT_LENGTH) | VPCI_F(DATA);
    event->code = PICK(random, VPCI_IOCTL_READ_BLOCK, VPCI_IOCTL_WRITE_BLOCK, VPCI_IOCTL_INVALIDATE_BLOCK,
                       VPCI_CONTROL_CODE(9));
    event->input_length = PICK(random, 0, 3, 4, 7, 8, 9, 12, 13, 24, 136, 512, 600, UINT32_MAX);
    event->output_length = PICK(random, 0, 1, 8, 16, 128, 129);
    event->data_length = least(event->input_length, VPCI_EVENT_DATA_BYTES_MAX);
    const bool writes = event->code == VPCI_IOCTL_WRITE_BLOCK;
    const uint32_t head = writes && event->data_length > 8 ? 8 : 0;
    const enum vpci_pf_data source = (enum vpci_pf_data)(vpci_random_next(random) % 5);
    step->data_source = source;
    if (event->data_length == 0)
        step->data_source = VPCI_DATA_GIVEN;
    step->data_from = step->data_source == VPCI_DATA_UNIQUE ? head : 0;
    event->data = some_bytes(random, step->data_source, head, event->data_length);
    if ((vpci_random_next(random) & 1) != 0 && event->data_length >= 8 &&
        step->data_source != VPCI_DATA_ONES) {
        uint8_t bytes[VPCI_EVENT_DATA_BYTES_MAX] = { 0 };
        const uint32_t length = PICK(random, 0, 1, 4, 16, 128, 504, 600, UINT32_MAX - 3);
        memcpy(bytes, event->data, head == 0 ? 8 : event->data_length);
        vpci_store_u32(bytes + 4, length);
        step->data_source = head == 0 ? VPCI_DATA_GIVEN : step->data_source;
        event->data = vpci_script_keep(&script, bytes, event->data_length);
    }
    if ((vpci_random_next(random) & 3) == 0) {
        event->fields |= VPCI_F(MAJOR) | VPCI_F(USER_EVENT);
        event->major = 14;
        event->user_event = (vpci_random_next(random) & 1) != 0;
    }
}

static void make_event(uint64_t *random, struct vpci_step *step)
{
    static const enum vpci_event_kind kinds[] = {
        VPCI_EVENT_READ,   VPCI_EVENT_WRITE,        VPCI_EVENT_CANCEL,         VPCI_EVENT_PF_INVALIDATE,
        VPCI_EVENT_REMOVE, VPCI_EVENT_INPUT_CHANGE, VPCI_EVENT_PF_READ_RETURN, VPCI_EVENT_QUERY_INTERFACE,
    };
    static const struct vpci_guid standard = VPCI_GUID_INTERFACE_STANDARD;
    struct vpci_event *event = &step->event;
    event->kind = kinds[vpci_random_next(random) % (sizeof kinds / sizeof kinds[0])];
    event->fields = vpci_event_info[event->kind].required & ~(VPCI_F(REQUEST) | VPCI_F(DATA));
    event->vf = (uint16_t)PICK(random, 0, 1, 2);
    event->block = PICK(random, 0, 63, UINT32_MAX);
    event->length = PICK(random, 0, 1, 77, 128, 512, 513, UINT32_MAX);
    event->mask = vpci_random_next(random) >> PICK(random, 0, 63, 11);
    event->call = PICK(random, 0, 9);
    event->status = PICK(random, VPCI_STATUS_SUCCESS, VPCI_STATUS_CANCELLED, 0xC0000102u);
    event->guid = standard;
    event->guid.bytes[0] ^= (uint8_t)PICK(random, 0, 1);
    event->size = (uint16_t)PICK(random, 0, 56);
    event->version = 1;
    if (event->kind == VPCI_EVENT_READ && (vpci_random_next(random) & 1) != 0) {
        event->fields |= VPCI_F(CONTEXT_VF);
        event->context_vf = 1;
    }
    if (event->kind != VPCI_EVENT_WRITE && event->kind != VPCI_EVENT_INPUT_CHANGE &&
        event->kind != VPCI_EVENT_PF_READ_RETURN)
        return;
    event->fields |= VPCI_F(DATA);
    step->data_source = (enum vpci_pf_data)(vpci_random_next(random) % 5);
    event->data_length = least(event->length, VPCI_EVENT_DATA_BYTES_MAX);
    event->data = some_bytes(random, step->data_source, 0, event->data_length);
}

static void make_answer(uint64_t *random, struct vpci_step *step)
{
    step->kind = VPCI_STEP_ANSWER;
    step->which = (enum vpci_answer_which)(vpci_random_next(random) % 3);
    step->nth = step->which == VPCI_ANSWER_NTH ? PICK(random, 0, 1, 5) : 0;
    step->answer.status = PICK(random, VPCI_STATUS_SUCCESS, VPCI_STATUS_NOT_FOUND);
    step->answer.count = PICK(random, 0, 5, UINT32_MAX);
    step->answer.data = (enum vpci_pf_data)(vpci_random_next(random) % 5);
    if (step->answer.data == VPCI_DATA_GIVEN) {
        step->answer.given_length = PICK(random, 0, 1, 128);
        step->answer.given = some_bytes(random, VPCI_DATA_GIVEN, 0, step->answer.given_length);
    }
}

static void make_expectation(uint64_t *random, struct vpci_step *step)
{
    step->kind = VPCI_STEP_EXPECT_NONE;
    step->requirement = VPCI_RD_01;
    step->event.kind = VPCI_EVENT_IOCTL_COMPLETE;
    step->data_source = VPCI_DATA_UNIQUE;
    const uint32_t statuses = PICK(random, 0, 1, 3);
    for (uint32_t i = 0; i < statuses; i++)
        step->values[step->value_count++] =
            (struct vpci_expect_value){ VPCI_FIELD_STATUS, PICK(random, 0, 0xC0000120u, 0xC0000102u) };
    step->values[step->value_count++] =
        (struct vpci_expect_value){ VPCI_FIELD_INFORMATION, PICK(random, 0, 8) };
}

static void make_script(uint64_t *random)
{
    vpci_script_clear(&script);
    script.test.vf_count = 3;
    script.test.start_automatically = (vpci_random_next(random) & 1) != 0;
    script.test.pf_holds = (vpci_random_next(random) & 1) != 0;
    script.test.pf.count = PICK(random, 4, UINT32_MAX);
    script.test.pf.data = (enum vpci_pf_data)PICK(random, VPCI_DATA_UNIQUE, VPCI_DATA_ZEROS, VPCI_DATA_FILL);
    for (uint32_t left = 1 + PICK(random, 0, 3, 12); left != 0; left--) {
        struct vpci_step *step = vpci_script_add(&script);
        step->settle = (vpci_random_next(random) & 1) != 0;
        const uint64_t sort = vpci_random_next(random) % 8;
        if (sort == 0)
            make_answer(random, step);
        else if (sort == 1)
            make_expectation(random, step);
        else if (sort < 5)
            step->event.kind = VPCI_EVENT_IOCTL, make_ioctl(random, step);
        else
            make_event(random, step);
        if (step->kind == VPCI_STEP_EVENT && (vpci_event_info[step->event.kind].required & VPCI_F(REQUEST))) {
            step->event.fields |= VPCI_F(REQUEST);
            step->event.request = PICK(random, 0, 63);
            step->has_inside = (vpci_random_next(random) & 3) == 0;
            step->inside = 7;
        }
    }
}

static void steps_of_every_shape_come_back(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (int i = 0; i < 20000; i++) {
        make_script(&random);
        expect_same(&script.test);
    }
}

/* ---- how it looks ---- */

static void add_read(uint32_t block)
{
    struct vpci_step *step = vpci_script_add(&script);
    step->event.kind = VPCI_EVENT_READ;
    step->event.fields = VPCI_F(VF) | VPCI_F(BLOCK) | VPCI_F(LENGTH);
    step->event.block = block;
    step->event.length = 8;
}

static void runs_of_steps_become_repeats(void **state)
{
    (void)state;
    vpci_script_clear(&script);
    for (uint32_t i = 0; i < 14; i++)
        add_read(i < 6 ? i % 3 : i < 12 ? 9 : 4);
    print(&script.test, NULL);
    assert_string_equal(strstr(printed.bytes, "  \"steps\""),
                        "  \"steps\": [\n"
                        "    {\n"
                        "      \"repeat\": 2,\n"
                        "      \"steps\": [\n"
                        "        {\"event\": \"read\", \"block\": 0, \"length\": 8},\n"
                        "        {\"event\": \"read\", \"block\": 1, \"length\": 8},\n"
                        "        {\"event\": \"read\", \"block\": 2, \"length\": 8}\n"
                        "      ]\n"
                        "    },\n"
                        "    {\n"
                        "      \"repeat\": 6,\n"
                        "      \"steps\": [\n"
                        "        {\"event\": \"read\", \"block\": 9, \"length\": 8}\n"
                        "      ]\n"
                        "    },\n"
                        "    {\"event\": \"read\", \"block\": 4, \"length\": 8},\n"
                        "    {\"event\": \"read\", \"block\": 4, \"length\": 8}\n"
                        "  ]\n"
                        "}\n");
    expect_same(&script.test);
}

/* ---- how it was found ---- */

#define DIGITS "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void a_finding_comes_back(void **state)
{
    (void)state;
    char long_name[3000];
    memset(long_name, 0xFE, sizeof long_name - 1); /* is not UTF-8 */
    long_name[sizeof long_name - 1] = '\0';
    const struct vpci_finding finding = { .requirement = VPCI_RD_03,
                                          .reason = "memory is \"touched\"\n",
                                          .cause = "violation",
                                          .event = "overrun",
                                          .adapter = "exec:./it",
                                          .fingerprint = DIGITS };
    struct vpci_finding hostile = finding;
    hostile.adapter = long_name;
    vpci_script_clear(&script);
    add_read(1);
    print(&script.test, &finding);
    struct vpci_suite *suite = load();
    const struct vpci_finding *again = vpci_scenario_finding(vpci_suite_scenario(suite, 0));
    assert_non_null(again);
    assert_int_equal(again->requirement, VPCI_RD_03);
    assert_string_equal(again->reason, finding.reason);
    assert_string_equal(again->cause, finding.cause);
    assert_string_equal(again->event, finding.event);
    assert_string_equal(again->adapter, finding.adapter);
    assert_string_equal(again->fingerprint, finding.fingerprint);
    vpci_suite_free(suite);
    print(&script.test, &hostile);
    vpci_suite_free(load());
    print(&script.test, NULL);
    suite = load();
    assert_null(vpci_scenario_finding(vpci_suite_scenario(suite, 0)));
    vpci_suite_free(suite);
}

static void a_finding_that_is_wrong_is_refused(void **state)
{
    (void)state;
#define FINDING(requirement, cause, event, adapter, fingerprint)                                     \
    "{\"purpose\":\"p\",\"requirements\":[\"RD-01\"],\"finding\":{\"requirement\":" requirement      \
    ",\"reason\":\"r\",\"cause\":" cause ",\"event\":" event adapter ",\"fingerprint\":" fingerprint \
    "},\"steps\":[{\"event\":\"start\"}]}"
#define ADAPTER ",\"adapter\":\"golden\""
    static const struct {
        const char *text, *error;
    } cases[] = {
        { FINDING("\"RD-01\"", "\"violation\"", "\"read\"", ADAPTER, "\"" DIGITS "\""), NULL },
        { FINDING("\"RD-01\"", "\"hang\"", "\"hang\"", ADAPTER, "\"" DIGITS "\""), NULL },
        { FINDING("\"XX-01\"", "\"violation\"", "\"read\"", ADAPTER, "\"" DIGITS "\""),
          "f: /finding/requirement: there is no requirement \"XX-01\"" },
        { FINDING("7", "\"violation\"", "\"read\"", ADAPTER, "\"" DIGITS "\""),
          "f: /finding/requirement: a string is wanted" },
        { FINDING("\"RD-01\"", "\"garbage\"", "\"read\"", ADAPTER, "\"" DIGITS "\""),
          "f: /finding/cause: there is no cause \"garbage\"" },
        { FINDING("\"RD-01\"", "\"violation\"", "\"reed\"", ADAPTER, "\"" DIGITS "\""),
          "f: /finding/event: there is no event \"reed\"" },
        { FINDING("\"RD-01\"", "\"violation\"", "\"read\"", "", "\"" DIGITS "\""),
          "f: /finding/adapter: missing" },
        { FINDING("\"RD-01\"", "\"violation\"", "\"read\"", ",\"adapter\":\"\"", "\"" DIGITS "\""),
          "f: /finding/adapter: 1 to 1023 bytes are wanted" },
        { FINDING("\"RD-01\"", "\"violation\"", "\"read\"", ADAPTER, "\"" DIGITS "0\""),
          "f: /finding/fingerprint: 64 lower-case hexadecimal digits are wanted" },
        { FINDING("\"RD-01\"", "\"violation\"", "\"read\"", ADAPTER, "\"" DIGITS "!\""),
          "f: /finding/fingerprint: 64 lower-case hexadecimal digits are wanted" },
        { FINDING("\"RD-01\"", "\"violation\"", "\"read\"", ADAPTER, "\"0123\""),
          "f: /finding/fingerprint: 64 lower-case hexadecimal digits are wanted" },
        { FINDING("\"RD-01\"", "\"violation\"", "\"read\"", ADAPTER ",\"more\":1", "\"" DIGITS "\""),
          "f: /finding/more: there is no such member" },
        { "{\"purpose\":\"p\",\"requirements\":[\"RD-01\"],\"finding\":[],\"steps\":[{\"event\":\"start\"}]}",
          "f: /finding: an object is wanted, not an array" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct vpci_suite *suite = vpci_suite_load_bytes("f", cases[i].text, strlen(cases[i].text), error);
        if (cases[i].error == NULL)
            assert_non_null(suite);
        else
            assert_string_equal(error, cases[i].error);
        assert_true((suite == NULL) == (cases[i].error != NULL));
        vpci_suite_free(suite);
    }
}

/* ---- editing ---- */

static void what_is_not_claimed_is_dropped(void **state)
{
    (void)state;
    vpci_script_clear(&script);
    add_read(1);
    struct vpci_step *answer = vpci_script_add(&script);
    answer->kind = VPCI_STEP_ANSWER;
    answer->answer.count = 3;
    add_read(2);
    script.steps[2].has_inside = true;
    add_read(3);
    script.test.pf_holds = true;
    script.test.pf.count = 2;
    script.test.start_automatically = false;
    vpci_script_fit(&script, VPCI_ROLE_BUS, VPCI_CAPABILITY_BIT(DIRECT));
    assert_int_equal(script.test.step_count, 2);
    assert_int_equal(script.steps[1].event.block, 3);
    assert_true(script.test.pf_holds);
    assert_int_equal(script.test.pf.count, UINT32_MAX);
    assert_true(script.test.start_automatically);
    vpci_script_fit(&script, VPCI_ROLE_STACK, VPCI_CAPABILITY_BIT(DIRECT));
    assert_false(script.test.pf_holds);
    assert_int_equal(script.test.step_count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_of_the_corpus_comes_back),
        cmocka_unit_test(steps_of_every_shape_come_back),
        cmocka_unit_test(runs_of_steps_become_repeats),
        cmocka_unit_test(a_finding_comes_back),
        cmocka_unit_test(a_finding_that_is_wrong_is_refused),
        cmocka_unit_test(what_is_not_claimed_is_dropped),
    };
    return cmocka_run_group_tests(tests, create, destroy);
}
