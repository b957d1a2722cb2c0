/* SPDX-License-Identifier: MIT */
/* tests/unit/test_probe.c - a case that tries what is not claimed: it passes when that is refused, fails when
 * it is done, and is neither for nor against when nothing can be seen. */
#include "tests/unit/play_kit.h"

#include "harness/script.h"

#define PROBE(capability, steps)                                                             \
    "{ \"purpose\": \"a test\", \"roles\": [\"bus\", \"stack\"], \"refuses\": \"" capability \
    "\", \"steps\": [" steps "] }"
#define WRITE "{ \"event\": \"write\", \"block\": 3, \"length\": 16 }"
#define FETCH "{ \"event\": \"ioctl\", \"code\": \"READ_BLOCK\", \"block\": 3, \"length\": 16 }"
#define WAIT  "{ \"event\": \"ioctl\", \"code\": \"INVALIDATE_BLOCK\" }"
#define NEWS  "{ \"event\": \"pf_invalidate\", \"mask\": \"0x4\" }"
#define RESET "{ \"event\": \"reset\" }"
#define QUERY \
    "{ \"event\": \"query_interface\", \"guid\": \"interface_standard\", \"size\": 56, \"version\": 1 }"

static const struct {
    const char *scenario;
    vpci_capability_set capability;
} probes[] = {
    { PROBE("direct", READ), VPCI_CAPABILITY_BIT(DIRECT) },
    { PROBE("direct", WRITE), VPCI_CAPABILITY_BIT(DIRECT) },
    { PROBE("ioctl", FETCH), VPCI_CAPABILITY_BIT(IOCTL) },
    { PROBE("invalidate", WAIT ", " NEWS), VPCI_CAPABILITY_BIT(INVALIDATE) },
    { PROBE("reset", RESET), VPCI_CAPABILITY_BIT(RESET) },
    { PROBE("query_interface", QUERY), VPCI_CAPABILITY_BIT(QUERY_INTERFACE) },
};
enum { PROBES = sizeof probes / sizeof probes[0] };

static void what_is_refused_passes(void **state)
{
    (void)state;
    for (int i = 0; i < PROBES; i++) {
        const struct golden_options refusing = { .unclaimed = probes[i].capability };
        options = &refusing;
        play(probes[i].scenario);
        expect_pass();
    }
}

/* Whatever stood in the IRP: a bus leaves it there for an interface that it does not have. */
static void a_query_is_refused_with_the_status_it_came_with(void **state)
{
    (void)state;
    static const struct golden_options refusing = { .unclaimed = VPCI_CAPABILITY_BIT(QUERY_INTERFACE) };
    options = &refusing;
    play(PROBE("query_interface", "{ \"event\": \"query_interface\", \"guid\": \"interface_standard\", "
                                  "\"size\": 56, \"version\": 1, \"status\": \"UNSUCCESSFUL\" }"));
    expect_pass();
}

/* Not even by what comes before the probe. */
static void a_probe_exercises_nothing(void **state)
{
    (void)state;
    static const struct golden_options refusing = { .unclaimed = VPCI_CAPABILITY_BIT(RESET) };
    options = &refusing;
    play(PROBE("reset", READ ", " RESET));
    expect_pass();
    for (size_t word = 0; word < sizeof played->exercised.words / sizeof played->exercised.words[0]; word++)
        assert_true(played->exercised.words[word] == 0);
}

/* Golden claims less than it does. */
static void what_is_done_fails_and_blames_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < PROBES; i++) {
        unclaimed = probes[i].capability;
        play(probes[i].scenario);
        expect_verdict(VPCI_CASE_FAIL, "not_refused", VPCI_REQUIREMENT_NONE);
        assert_true(played->has_finding);
        assert_int_equal(played->finding_event, played->count - 1);
    }
}

static void what_is_claimed_is_no_probe(void **state)
{
    (void)state;
    for (int i = 0; i < PROBES; i++) {
        play(probes[i].scenario);
        expect_verdict(VPCI_CASE_NOT_APPLICABLE, "capability", VPCI_REQUIREMENT_NONE);
        assert_memory_equal(played->detail, "claimed: ", 9);
        assert_int_equal(played->count, 0);
    }
}

static void hear_nothing(struct golden *golden, const struct vpci_event *event,
                         const struct vpci_memory *memory)
{
    if (event->kind == VPCI_EVENT_START)
        golden_incoming(golden, event, memory);
}

static void silence_is_neither_for_nor_against(void **state)
{
    (void)state;
    static const struct golden_hooks deaf = { .incoming = hear_nothing };
    hooks = &deaf;
    for (int i = 0; i < PROBES; i++) {
        unclaimed = probes[i].capability;
        play(probes[i].scenario);
        expect_verdict(VPCI_CASE_NOT_APPLICABLE, "no_refusal_seen", VPCI_REQUIREMENT_NONE);
    }
}

/* A request that is held for news is not refused, and without news nobody can see what it is held for. */
static void a_held_request_without_news_is_neither_for_nor_against(void **state)
{
    (void)state;
    unclaimed = VPCI_CAPABILITY_BIT(INVALIDATE);
    play(PROBE("invalidate", WAIT));
    expect_verdict(VPCI_CASE_NOT_APPLICABLE, "no_refusal_seen", VPCI_REQUIREMENT_NONE);
}

static vpci_ntstatus answer;

static void answer_reads(struct golden *golden, const struct vpci_event *event,
                         const struct vpci_memory *memory)
{
    if (event->kind != VPCI_EVENT_READ) {
        golden_incoming(golden, event, memory);
        return;
    }
    golden_outgoing(golden, &(struct vpci_event){ .kind = VPCI_EVENT_READ_RETURN,
                                                  .fields = VPCI_F(REQUEST) | VPCI_F(STATUS),
                                                  .request = event->request,
                                                  .status = answer });
}

static void only_some_errors_refuse_and_nothing_else_does(void **state)
{
    (void)state;
    static const struct golden_hooks answering = { .incoming = answer_reads };
    static const struct {
        vpci_ntstatus status;
        enum vpci_case_verdict verdict;
        const char *cause;
    } rows[] = {
        { 0xC00000BBu, VPCI_CASE_PASS, "" }, /* NOT_SUPPORTED */
        { 0xC0000010u, VPCI_CASE_PASS, "" }, /* INVALID_DEVICE_REQUEST */
        { 0xC0000001u, VPCI_CASE_NOT_APPLICABLE, "no_refusal_seen" },
        { 0xC000009Au, VPCI_CASE_NOT_APPLICABLE, "no_refusal_seen" },
        { 0x00000103u, VPCI_CASE_NOT_APPLICABLE, "no_refusal_seen" }, /* PENDING */
        { 0x00000000u, VPCI_CASE_FAIL, "not_refused" },
        { 0x40000000u, VPCI_CASE_FAIL, "not_refused" },
        { 0x80000005u, VPCI_CASE_FAIL, "not_refused" }, /* BUFFER_OVERFLOW, a warning */
    };
    hooks = &answering;
    unclaimed = VPCI_CAPABILITY_BIT(DIRECT);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        answer = rows[i].status;
        play(PROBE("direct", READ));
        expect_verdict(rows[i].verdict, rows[i].cause, VPCI_REQUIREMENT_NONE);
    }
}

static void ask_and_refuse(struct golden *golden, struct vpci_event *event)
{
    if (event->kind == VPCI_EVENT_READ_RETURN)
        golden_outgoing(golden, &(struct vpci_event){ .kind = VPCI_EVENT_PF_READ,
                                                      .fields = vpci_event_info[VPCI_EVENT_PF_READ].required,
                                                      .call = 9,
                                                      .block = 3,
                                                      .length = 16 });
    golden_outgoing(golden, event);
}

static void a_refusal_does_not_excuse_what_reaches_the_pf(void **state)
{
    (void)state;
    static const struct golden_options refusing = { .unclaimed = VPCI_CAPABILITY_BIT(DIRECT) };
    static const struct golden_hooks asking = { .outgoing = ask_and_refuse };
    options = &refusing;
    hooks = &asking;
    play(PROBE("direct", READ));
    expect_verdict(VPCI_CASE_FAIL, "not_refused", VPCI_REQUIREMENT_NONE);
    assert_int_equal(played->events[played->finding_event].kind, VPCI_EVENT_PF_READ);
}

static void crash_on_reads(struct golden *golden, const struct vpci_event *event,
                           const struct vpci_memory *memory)
{
    if (event->kind == VPCI_EVENT_READ)
        abort();
    golden_incoming(golden, event, memory);
}

static void a_crash_is_a_crash(void **state)
{
    (void)state;
    static const struct golden_hooks crashing = { .incoming = crash_on_reads };
    hooks = &crashing;
    unclaimed = VPCI_CAPABILITY_BIT(DIRECT);
    play(PROBE("direct", READ));
    expect_verdict(VPCI_CASE_FAIL, "crash", VPCI_REQUIREMENT_NONE);
}

static void return_unasked(struct golden *golden, struct vpci_event *event)
{
    golden_outgoing(golden, event);
    if (event->kind == VPCI_EVENT_START_RETURN)
        golden_outgoing(golden, &(struct vpci_event){ .kind = VPCI_EVENT_WRITE_RETURN,
                                                      .fields = VPCI_F(REQUEST) | VPCI_F(STATUS),
                                                      .request = 5 });
}

/* What comes before the first event that needs the capability is judged as ever. */
static void before_the_probe_the_model_judges(void **state)
{
    (void)state;
    static const struct golden_options refusing = { .unclaimed = VPCI_CAPABILITY_BIT(DIRECT) };
    static const struct golden_hooks starting = { .outgoing = return_unasked };
    options = &refusing;
    hooks = &starting;
    play(PROBE("direct", READ));
    assert_int_equal(played->verdict, VPCI_CASE_FAIL);
    assert_string_equal(played->cause, "violation");
    assert_int_equal(count_of(VPCI_EVENT_READ), 0);
}

/* ---- an adapter of the blocking style that has no function for it ---- */

static void *open_blocking(const struct vpci_blocking_host *host, const struct vpci_device *device)
{
    static char opened;
    (void)host;
    (void)device;
    return &opened;
}

static vpci_ntstatus start_blocking(void *iut, uint16_t vf)
{
    (void)iut;
    (void)vf;
    return VPCI_STATUS_SUCCESS;
}

static void close_blocking(void *iut)
{
    (void)iut;
}

static void a_function_that_is_not_there_refuses(void **state)
{
    (void)state;
    static const struct vpci_blocking functions = { .open = open_blocking,
                                                    .start = start_blocking,
                                                    .close = close_blocking };
    static const struct vpci_plugin plugin = { .abi = VPCI_PLUGIN_ABI,
                                               .table_bytes = sizeof(struct vpci_plugin),
                                               .name = "empty",
                                               .version = "1",
                                               .roles = 1u << VPCI_ROLE_BUS,
                                               .blocking = &functions };
    static const struct vpci_limits limits = { .step_timeout_ms = 2000 };
    const struct vpci_conductor_options own = { .role = VPCI_ROLE_BUS, .seed = 1 };
    for (int i = 0; i < PROBES; i++) {
        struct vpci_suite *suite = load(probes[i].scenario);
        struct vpci_case_scratch scratch = { 0 };
        struct vpci_case test;
        struct vpci_case_result result;
        vpci_suite_case(suite, 0, &scratch, &test);
        struct vpci_seam *seam = vpci_inprocess_create_linked(&plugin, &limits);
        struct vpci_conductor *conductor = vpci_conductor_create(&own);
        assert_true(seam->ops->connect(seam));
        assert_true(vpci_conductor_applies(conductor, &seam->pics, &test, &result));
        vpci_conductor_play(conductor, seam, &test, &result);
        assert_int_equal(result.verdict, VPCI_CASE_PASS);
        assert_true(result.probe);
        assert_int_equal(seam->failure, VPCI_FAILURE_REFUSED);
        for (size_t word = 0; word < sizeof result.exercised.words / sizeof result.exercised.words[0]; word++)
            assert_true(result.exercised.words[word] == 0);
        seam->ops->destroy(seam, NULL);
        vpci_conductor_destroy(conductor);
        vpci_case_scratch_free(&scratch);
        vpci_suite_free(suite);
    }
}

/* ---- the text ---- */

static void a_probe_that_proves_nothing_is_not_loaded(void **state)
{
    (void)state;
    static const struct {
        const char *scenario, *why;
    } rows[] = {
        { "{ \"purpose\": \"a test\", \"refuses\": \"direct\", \"requirements\": [\"RD-01\"], \"steps\": "
          "[" READ "] }",
          "/requirements: what is not claimed exercises none" },
        { PROBE("telepathy", READ), "/refuses: there is no capability \"telepathy\"" },
        { "{ \"purpose\": \"a test\", \"refuses\": [\"direct\"], \"steps\": [" READ "] }",
          "/refuses: a string is wanted" },
        { PROBE("direct", FETCH), "/refuses: no step needs it" },
        { PROBE("pf_count", READ), "/refuses: no step needs it" },
        { "{ \"purpose\": \"a test\", \"refuses\": \"direct\", \"steps\": [" READ
          ", { \"expect\": { \"event\": \"read_return\" }, \"requirement\": \"RD-01\" }] }",
          "/refuses: a step expects something else" },
        { "{ \"purpose\": \"a test\", \"steps\": [" READ "] }", "/requirements: missing" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char error[VPCI_ERROR_BYTES];
        struct vpci_suite *suite =
            vpci_suite_load_bytes("a/b", rows[i].scenario, strlen(rows[i].scenario), error);
        if (suite != NULL)
            fail_msg("taken: %s", rows[i].scenario);
        if (strstr(error, rows[i].why) == NULL)
            fail_msg("\"%s\" does not say %s", error, rows[i].why);
    }
}

/* What minimize, the targets and others print of it must not become another scenario. */
static void a_probe_is_printed_as_one(void **state)
{
    (void)state;
    struct vpci_suite *suite = load(probes[3].scenario);
    struct vpci_case_scratch scratch = { 0 };
    struct vpci_case test, again;
    struct vpci_text text = { 0 };
    char error[VPCI_ERROR_BYTES];
    vpci_suite_case(suite, 0, &scratch, &test);
    const struct vpci_script_head head = { .purpose = vpci_scenario_purpose(test.scenario),
                                           .requirements = vpci_scenario_requirements(test.scenario),
                                           .refuses = vpci_scenario_refuses(test.scenario),
                                           .role = VPCI_ROLE_STACK };
    vpci_script_print(&text, &test, &head);
    struct vpci_suite *printed = vpci_suite_load_bytes("a/b", text.bytes, text.length, error);
    if (printed == NULL)
        fail_msg("%s", error);
    struct vpci_case_scratch other = { 0 };
    vpci_suite_case(printed, 0, &other, &again);
    assert_true(vpci_case_equal(&test, &again));
    assert_int_equal(vpci_scenario_refuses(again.scenario), VPCI_CAPABILITY_BIT(INVALIDATE));
    vpci_case_scratch_free(&scratch);
    vpci_case_scratch_free(&other);
    vpci_suite_free(suite);
    vpci_suite_free(printed);
    vpci_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAY_TEST(what_is_refused_passes),
        PLAY_TEST(a_query_is_refused_with_the_status_it_came_with),
        PLAY_TEST(a_probe_exercises_nothing),
        PLAY_TEST(what_is_done_fails_and_blames_nothing),
        PLAY_TEST(what_is_claimed_is_no_probe),
        PLAY_TEST(silence_is_neither_for_nor_against),
        PLAY_TEST(a_held_request_without_news_is_neither_for_nor_against),
        PLAY_TEST(only_some_errors_refuse_and_nothing_else_does),
        PLAY_TEST(a_refusal_does_not_excuse_what_reaches_the_pf),
        PLAY_TEST(a_crash_is_a_crash),
        PLAY_TEST(before_the_probe_the_model_judges),
        PLAY_TEST(a_function_that_is_not_there_refuses),
        PLAY_TEST(a_probe_that_proves_nothing_is_not_loaded),
        PLAY_TEST(a_probe_is_printed_as_one),
    };
    return RUN_PLAY_TESTS(tests);
}
