/* SPDX-License-Identifier: MIT */
/* tests/unit/test_conductor.c - how one case is played: which events are sent in which order, what the PF
 * answers, and what is expected of the trace. What verdict comes of it is in test_conductor_verdict.c. */
#include "tests/unit/play_kit.h"

/* ---- what is sent ---- */

static void a_case_is_played_from_start_to_rest(void **state)
{
    (void)state;
    play(SCENARIO("\"RD-01\"", READ));
    expect_pass();
    static const enum vpci_event_kind kinds[] = { VPCI_EVENT_START,          VPCI_EVENT_START_RETURN,
                                                  VPCI_EVENT_READ,           VPCI_EVENT_PF_READ,
                                                  VPCI_EVENT_PF_READ_RETURN, VPCI_EVENT_READ_RETURN,
                                                  VPCI_EVENT_REST,           VPCI_EVENT_REST };
    assert_int_equal(played->count, sizeof kinds / sizeof kinds[0]);
    for (uint32_t i = 0; i < played->count; i++)
        assert_string_equal(vpci_event_info[played->events[i].kind].name, vpci_event_info[kinds[i]].name);
    assert_true(vpci_requirement_has(&played->exercised, VPCI_RD_01));
    assert_false(vpci_requirement_has(&played->exercised, VPCI_WR_01));
}

static void the_lowest_free_number_is_taken(void **state)
{
    (void)state;
    play(HOLDING("\"RD-01\"",
                 READ ", " READ ", { \"event\": \"read\", \"request\": 9, \"block\": 4, \"length\": 8 }, "
                      "{ \"answer\": \"oldest\" }, " READ));
    expect_pass();
    assert_int_equal(nth(VPCI_EVENT_READ, 0)->request, 0);
    assert_int_equal(nth(VPCI_EVENT_READ, 1)->request, 1);
    assert_int_equal(nth(VPCI_EVENT_READ, 2)->request, 9);
    assert_int_equal(nth(VPCI_EVENT_READ, 3)->request, 0); /* its first user is through */
}

static void steps_about_nothing_do_nothing(void **state)
{
    (void)state;
    play(HOLDING("\"RD-01\"", "{ \"event\": \"cancel\", \"request\": 5 }, { \"answer\": \"oldest\" }, { "
                              "\"answer\": 7 }, { \"answer\": \"all\" }, " READ
                              ", { \"event\": \"read\", \"request\": 0, \"block\": 9, \"length\": 8 }"));
    expect_pass();
    assert_int_equal(count_of(VPCI_EVENT_CANCEL), 0);
    assert_int_equal(count_of(VPCI_EVENT_READ), 1); /* number 0 is in use */
}

static void all_vfs_are_started_unless_the_scenario_does(void **state)
{
    (void)state;
    play("{ \"purpose\": \"a test\", \"requirements\": [\"RD-01\"], \"device\": { \"vfs\": 3 }, \"steps\": "
         "[" READ "] }");
    expect_pass();
    assert_int_equal(count_of(VPCI_EVENT_START), 3);
    assert_int_equal(nth(VPCI_EVENT_START, 2)->vf, 2);
    play("{ \"purpose\": \"a test\", \"requirements\": [\"RD-01\"], \"start\": \"manual\", \"steps\": [{ "
         "\"event\": \"start\" }, " READ "] }");
    expect_pass();
    assert_int_equal(count_of(VPCI_EVENT_START), 1);
}

static void contents_are_unique(void **state)
{
    (void)state;
    play(SCENARIO("\"RD-01\"", "{ \"repeat\": 20, \"steps\": [" READ
                               ", { \"event\": \"write\", \"block\": 3, \"length\": 16 }] }"));
    expect_pass();
    uint64_t seen[40];
    uint32_t count = 0;
    for (uint32_t i = 0; i < played->count; i++) {
        const enum vpci_event_kind kind = played->events[i].kind;
        if (kind != VPCI_EVENT_PF_READ_RETURN && kind != VPCI_EVENT_WRITE)
            continue;
        for (uint32_t j = 0; j < count; j++)
            assert_true(seen[j] != played->first_bytes[i]);
        assert_true(count < 40);
        seen[count++] = played->first_bytes[i];
    }
    assert_int_equal(count, 40);
}

/* ---- what the PF answers ---- */

static void expect_order(const char *answers, const uint32_t *blocks)
{
    char json[2048];
    (void)snprintf(json, sizeof json, HOLDING("\"RD-01\"", FOUR_READS ", %s"), answers);
    play(json);
    expect_pass();
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(nth(VPCI_EVENT_READ_RETURN, i)->request, blocks[i]);
}

static void answers_go_to_whom_the_step_names(void **state)
{
    (void)state;
    expect_order("{ \"answer\": \"oldest\" }", (const uint32_t[]){ 0, 1, 2, 3 });
    expect_order("{ \"answer\": \"newest\" }", (const uint32_t[]){ 3, 0, 1, 2 });
    expect_order("{ \"answer\": 2 }, { \"answer\": 1 }", (const uint32_t[]){ 2, 1, 0, 3 });
    expect_order("{ \"answer\": 2 }, { \"answer\": 2 }", (const uint32_t[]){ 2, 3, 0, 1 });
    expect_order("{ \"answer\": \"newest\" }, { \"answer\": \"newest\" }, { \"answer\": \"all\" }",
                 (const uint32_t[]){ 3, 2, 0, 1 });
    expect_order("{ \"answer\": 9 }", (const uint32_t[]){ 0, 1, 2, 3 });
}

static void answers_are_what_the_step_says(void **state)
{
    (void)state;
    play(HOLDING("\"RD-07\"", READ ", { \"answer\": \"oldest\", \"status\": \"NOT_FOUND\" }"));
    expect_pass();
    assert_int_equal(nth(VPCI_EVENT_READ_RETURN, 0)->status, VPCI_STATUS_NOT_FOUND);
    assert_int_equal(nth(VPCI_EVENT_PF_READ_RETURN, 0)->data_length, 0);
    play(HOLDING("\"RD-01\"", READ ", { \"answer\": \"oldest\", \"count\": 5, \"data\": \"ones\" }"));
    expect_pass();
    assert_int_equal(nth(VPCI_EVENT_PF_READ_RETURN, 0)->data_length, 5);
    play(HOLDING("\"RD-01\"", READ ", { \"answer\": \"oldest\", \"data\": \"0102030405060708\" }"));
    expect_pass();
    const struct vpci_event *given = nth(VPCI_EVENT_PF_READ_RETURN, 0);
    assert_int_equal(given->data_length, 16); /* zeros behind what was given */
    assert_true(played->first_bytes[given - played->events] == 0x0807060504030201u);
    play(HOLDING("\"WR-01\"",
                 "{ \"event\": \"write\", \"block\": 1, \"length\": 16 }, { \"answer\": \"oldest\", "
                 "\"count\": 3 }"));
    expect_pass();
    assert_int_equal(nth(VPCI_EVENT_PF_WRITE_RETURN, 0)->length, 3);
}

static void what_is_held_is_answered_at_the_end(void **state)
{
    (void)state;
    play(HOLDING("\"RD-01\"", FOUR_READS));
    expect_pass();
    assert_int_equal(count_of(VPCI_EVENT_READ_RETURN), 4);
    assert_int_equal(count_of(VPCI_EVENT_REST), 5);
}

static void strays_are_sent_and_meet_their_calls(void **state)
{
    (void)state;
    play(SCENARIO("\"WD-25\", \"RD-01\"", READ
                  ", { \"event\": \"pf_read_return\", \"call\": 99, \"status\": \"SUCCESS\", \"data\": "
                  "\"01\" }, { \"event\": \"pf_write_return\", \"call\": 98, \"status\": \"SUCCESS\" }"));
    expect_pass();
    assert_true(vpci_requirement_has(&played->exercised, VPCI_WD_25));
    /* One that names a call which waits is its answer: it is not answered a second time at the end. */
    play(HOLDING("\"RD-01\"", READ));
    const uint32_t number = nth(VPCI_EVENT_PF_READ, 0)->call;
    char json[1024];
    (void)snprintf(json, sizeof json,
                   HOLDING("\"RD-01\"", READ ", { \"event\": \"pf_read_return\", \"call\": %u, \"status\": "
                                             "\"SUCCESS\", \"data\": \"000102030405060708090a0b0c0d0e0f\" }"),
                   (unsigned)number);
    play(json);
    expect_pass();
    assert_int_equal(count_of(VPCI_EVENT_PF_READ_RETURN), 1);
}

/* ---- from inside a completion ---- */

#define INVALIDATE(more) "{ \"event\": \"ioctl\", \"code\": \"INVALIDATE_BLOCK\"" more " }"

static void a_step_is_sent_from_inside_the_completion(void **state)
{
    (void)state;
    play(SCENARIO("\"IV-01\"", INVALIDATE(", \"request\": 0") ", " INVALIDATE(
                                   ", \"request\": 1, \"inside\": 0") ", { \"event\": \"pf_invalidate\", "
                                                                      "\"mask\": 5 }"));
    expect_pass();
    const struct vpci_event *completion = nth(VPCI_EVENT_IOCTL_COMPLETE, 0);
    assert_int_equal(completion[1].kind, VPCI_EVENT_IOCTL);
    assert_int_equal(completion[1].request, 1);
    assert_int_equal(count_of(VPCI_EVENT_IOCTL), 2);
}

static void a_step_for_a_completion_that_never_comes_is_not_sent(void **state)
{
    (void)state;
    play(SCENARIO("\"IV-01\"", INVALIDATE(", \"request\": 0") ", " INVALIDATE(
                                   ", \"request\": 1, \"inside\": 7") ", { \"event\": \"pf_invalidate\", "
                                                                      "\"mask\": 5 }"));
    expect_pass();
    assert_int_equal(count_of(VPCI_EVENT_IOCTL), 1);
}

static void a_step_inside_is_sent_once(void **state)
{
    (void)state;
    play(SCENARIO(
        "\"IV-01\"",
        INVALIDATE(", \"request\": 0") ", " INVALIDATE(
            ", \"request\": 1, \"inside\": 0") ", { "
                                               "\"event\": \"pf_invalidate\", \"mask\": 1 }, " INVALIDATE(
                                                   ", \"request\": 0") ", { "
                                                                       "\"event\": \"pf_invalidate\", "
                                                                       "\"mask\": 2 }, { \"event\": "
                                                                       "\"pf_invalidate\", \"mask\": 4 }"));
    expect_pass();
    assert_int_equal(count_of(VPCI_EVENT_IOCTL), 3);
}

/* The number of a request is free again only once nothing more comes of it, its event included. */
static void a_step_inside_gets_a_number_of_its_own(void **state)
{
    (void)state;
    play(SCENARIO("\"IV-01\"", INVALIDATE("") ", " INVALIDATE(
                                   ", \"inside\": 0") ", { \"event\": "
                                                      "\"pf_invalidate\", \"mask\": 5 }, { \"event\": "
                                                      "\"pf_invalidate\", \"mask\": 6 "
                                                      "}"));
    expect_pass();
    assert_int_equal(count_of(VPCI_EVENT_IOCTL), 2);
    assert_int_equal(nth(VPCI_EVENT_IOCTL_COMPLETE, 1)->mask, 6);
}

/* ---- expectations ---- */

static void expectations_narrow(void **state)
{
    (void)state;
    static const struct {
        const char *step;
        bool holds;
    } rows[] = {
        { "{ \"expect\": { \"event\": \"read_return\" }, \"requirement\": \"RD-02\" }", true },
        { "{ \"expect\": { \"event\": \"read_return\", \"status\": \"SUCCESS\" }, \"requirement\": \"RD-02\" "
          "}",
          true },
        { "{ \"expect\": { \"event\": \"read_return\", \"status\": \"NOT_FOUND\" }, \"requirement\": "
          "\"RD-02\" }",
          false },
        { "{ \"expect\": { \"event\": \"read_return\", \"status\": [\"NOT_FOUND\", \"SUCCESS\"] }, "
          "\"requirement\": "
          "\"RD-02\" }",
          true },
        { "{ \"expect\": { \"event\": \"pf_read\", \"block\": 3, \"length\": 16 }, \"requirement\": "
          "\"RD-02\" }",
          true },
        { "{ \"expect\": { \"event\": \"pf_read\", \"block\": 3, \"length\": 15 }, \"requirement\": "
          "\"RD-02\" }",
          false },
        { "{ \"expect\": { \"event\": \"pf_write\" }, \"requirement\": \"RD-02\" }", false },
        { "{ \"expect_none\": { \"event\": \"pf_write\" }, \"requirement\": \"RD-02\" }", true },
        { "{ \"expect_none\": { \"event\": \"pf_read\", \"block\": 4 }, \"requirement\": \"RD-02\" }", true },
        { "{ \"expect_none\": { \"event\": \"pf_read\", \"block\": [4, 3] }, \"requirement\": \"RD-02\" }",
          false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char json[1024];
        (void)snprintf(json, sizeof json, SCENARIO("\"RD-01\"", READ ", %s"), rows[i].step);
        play(json);
        if (rows[i].holds) {
            expect_pass();
            continue;
        }
        expect_verdict(VPCI_CASE_FAIL, "violation", VPCI_RD_02);
        assert_true(played->has_finding && played->has_trace);
        assert_int_equal(played->found, VPCI_RD_02);
    }
}

/* An expectation looks back, not ahead. */
static void an_expectation_comes_in_its_turn(void **state)
{
    (void)state;
    play(SCENARIO("\"RD-01\"", "{ \"expect\": { \"event\": \"read\" }, \"requirement\": \"RD-02\" }, " READ));
    expect_verdict(VPCI_CASE_FAIL, "violation", VPCI_RD_02);
    assert_int_equal(count_of(VPCI_EVENT_READ), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAY_TEST(a_case_is_played_from_start_to_rest),
        PLAY_TEST(the_lowest_free_number_is_taken),
        PLAY_TEST(steps_about_nothing_do_nothing),
        PLAY_TEST(all_vfs_are_started_unless_the_scenario_does),
        PLAY_TEST(contents_are_unique),
        PLAY_TEST(answers_go_to_whom_the_step_names),
        PLAY_TEST(answers_are_what_the_step_says),
        PLAY_TEST(what_is_held_is_answered_at_the_end),
        PLAY_TEST(strays_are_sent_and_meet_their_calls),
        PLAY_TEST(a_step_is_sent_from_inside_the_completion),
        PLAY_TEST(a_step_for_a_completion_that_never_comes_is_not_sent),
        PLAY_TEST(a_step_inside_is_sent_once),
        PLAY_TEST(a_step_inside_gets_a_number_of_its_own),
        PLAY_TEST(expectations_narrow),
        PLAY_TEST(an_expectation_comes_in_its_turn),
    };
    return RUN_PLAY_TESTS(tests);
}
