/* SPDX-License-Identifier: MIT */
/* tests/unit/test_conductor_verdict.c - what verdict a case gets: when it misses its purpose, when the
 * implementation violates something, dies, or speaks nonsense, and when it need not be played at all. */
#include "tests/unit/play_kit.h"

static void a_case_without_its_purpose_shows_nothing(void **state)
{
    (void)state;
    play(SCENARIO("\"QI-14\"", READ));
    expect_verdict(VPCI_CASE_INCONCLUSIVE, "purpose_not_reached", VPCI_REQUIREMENT_NONE);
    assert_true(played->has_trace);
    assert_int_equal(played->trace_count, played->count);
    play(SCENARIO("\"QI-14\", \"RD-01\"", READ));
    expect_pass();
}

static void fail_reads(struct golden *golden, struct vpci_event *event)
{
    if (event->kind == VPCI_EVENT_READ_RETURN)
        event->status = VPCI_STATUS_PENDING;
    golden_outgoing(golden, event);
}

static void a_violation_ends_the_case(void **state)
{
    (void)state;
    static const struct golden_hooks misbehave = { .outgoing = fail_reads };
    hooks = &misbehave;
    play(SCENARIO("\"RD-01\"", READ ", { \"event\": \"write\", \"block\": 1, \"length\": 8 }"));
    expect_verdict(VPCI_CASE_FAIL, "violation", VPCI_DC_04);
    assert_int_equal(played->found, VPCI_DC_04);
    assert_int_equal(played->finding_event, played->count - 1);
    assert_int_equal(played->trace_count, played->count);
    assert_int_equal(played->events[played->finding_event].kind, VPCI_EVENT_READ_RETURN);
    assert_int_equal(count_of(VPCI_EVENT_WRITE), 0);
    assert_int_equal(played->failure, VPCI_FAILURE_NONE); /* the seam can take the next case */
}

static void what_is_not_claimed_is_not_applicable(void **state)
{
    (void)state;
    unclaimed = VPCI_CAPABILITY_BIT(CANCEL) | VPCI_CAPABILITY_BIT(DIRECT);
    play(SCENARIO("\"RD-01\"", READ ", { \"event\": \"cancel\", \"request\": 0 }"));
    expect_verdict(VPCI_CASE_NOT_APPLICABLE, "capability", VPCI_REQUIREMENT_NONE);
    assert_non_null(strstr(played->detail, "direct"));
    assert_non_null(strstr(played->detail, "cancel"));
    assert_null(strstr(played->detail, "ioctl"));
    assert_int_equal(played->count, 0);
    play("{ \"purpose\": \"a test\", \"requirements\": [\"WR-06\"], \"roles\": [\"stack\"], \"steps\": [" READ
         "] }");
    expect_verdict(VPCI_CASE_NOT_APPLICABLE, "role", VPCI_REQUIREMENT_NONE);
    assert_non_null(strstr(played->detail, "bus"));
}

static void crash(struct golden *golden, struct golden_request *request)
{
    (void)request;
    (void)golden;
    abort();
}

static void hang(struct golden *golden, struct golden_request *request)
{
    (void)request;
    (void)golden;
    for (;;)
        (void)pause();
}

static void leave(struct golden *golden, struct golden_request *request)
{
    (void)request;
    (void)golden;
    exit(0);
}

static void a_crash_a_hang_and_an_exit_are_blamed_on_what_was_sent(void **state)
{
    (void)state;
    static const struct golden_hooks crashes = { .ask_pf = crash }, hangs = { .ask_pf = hang },
                                     leaves = { .ask_pf = leave };
    hooks = &crashes;
    play(SCENARIO("\"RD-01\"", READ));
    expect_verdict(VPCI_CASE_FAIL, "crash", VPCI_RD_03);
    assert_int_equal(played->failure, VPCI_FAILURE_CRASH);
    hooks = &hangs;
    play(SCENARIO("\"RD-01\"", READ));
    expect_verdict(VPCI_CASE_FAIL, "hang", VPCI_DC_12);
    hooks = &leaves;
    play(SCENARIO("\"RD-01\"", READ));
    expect_verdict(VPCI_CASE_FAIL, "exit", VPCI_RD_03);
    assert_true(played->has_trace);
}

static void number_all_calls_alike(struct golden *golden, struct vpci_event *event)
{
    if (event->kind == VPCI_EVENT_PF_READ)
        event->call = 7;
    golden_outgoing(golden, event);
}

static void call_numbers_are_unique_among_those_that_wait(void **state)
{
    (void)state;
    static const struct golden_hooks alike = { .outgoing = number_all_calls_alike };
    hooks = &alike;
    play(HOLDING("\"RD-01\"", FOUR_READS));
    expect_verdict(VPCI_CASE_ERROR, "garbage", VPCI_REQUIREMENT_NONE);
    assert_non_null(strstr(played->detail, "call number 7"));
}

static void nothing_is_left_of_the_case_before(void **state)
{
    (void)state;
    static const struct golden_hooks misbehave = { .outgoing = fail_reads };
    hooks = &misbehave;
    play(HOLDING("\"RD-01\"", FOUR_READS));
    expect_verdict(VPCI_CASE_FAIL, "violation", VPCI_DC_04);
    hooks = NULL;
    play(HOLDING("\"RD-01\"", FOUR_READS));
    expect_pass();
    assert_int_equal(nth(VPCI_EVENT_READ, 0)->request, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAY_TEST(a_case_without_its_purpose_shows_nothing),
        PLAY_TEST(a_violation_ends_the_case),
        PLAY_TEST(what_is_not_claimed_is_not_applicable),
        PLAY_TEST(a_crash_a_hang_and_an_exit_are_blamed_on_what_was_sent),
        PLAY_TEST(call_numbers_are_unique_among_those_that_wait),
        PLAY_TEST(nothing_is_left_of_the_case_before),
    };
    return RUN_PLAY_TESTS(tests);
}
