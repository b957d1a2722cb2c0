/* SPDX-License-Identifier: MIT */
/* tests/unit/test_channel_line.c - every rule about a single line of an adapter: what is right is taken, and
 * each way to be wrong is named by its rule with the member at fault. No process is started. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "harness/channel_dialog.h"

#define HELLO_HEAD "{\"re\":\"hello\",\"seq\":0,\"protocol\":1,\"name\":\"n\",\"version\":\"v\","
static const char hello[] = HELLO_HEAD "\"roles\":[\"bus\"],\"capabilities\":[\"direct\",\"settle\"]}";

/* A dialog in case 1 of role bus: hello, open and settle are answered; request 3 is a read of 4 bytes,
 * request 4 an INVALIDATE, request 5 a write, and settle number 3 is not answered. */
static void prepare(struct vpci_channel_dialog *dialog)
{
    static const struct vpci_event requests[] = {
        { .kind = VPCI_EVENT_READ,
          .fields = VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(BLOCK) | VPCI_F(LENGTH),
          .request = 3,
          .length = 4 },
        { .kind = VPCI_EVENT_IOCTL,
          .fields = VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(CODE),
          .request = 4,
          .code = VPCI_IOCTL_INVALIDATE_BLOCK },
        { .kind = VPCI_EVENT_WRITE, .fields = VPCI_F(VF) | VPCI_F(REQUEST), .request = 5, .length = 4 },
    };
    static const char *const answers[] = { hello, "{\"re\":\"open\",\"seq\":1,\"case\":1}",
                                           "{\"re\":\"settle\",\"seq\":2,\"case\":1}" };
    const struct vpci_device device = { .role = VPCI_ROLE_BUS, .vf_count = 1, .scenario = "s" };
    static struct vpci_channel_message message;
    struct vpci_channel_fault fault;
    struct vpci_text text = { 0 };
    bool overrun;
    *dialog = (struct vpci_channel_dialog){ 0 };
    vpci_channel_say_hello(dialog, &text);
    vpci_channel_say_open(dialog, &text, &device);
    vpci_channel_say_settle(dialog, &text);
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
        assert_true(vpci_channel_take(dialog, answers[i], strlen(answers[i]), &message, &overrun, &fault));
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++)
        vpci_channel_say_event(dialog, &text, &requests[i]);
    vpci_channel_say_settle(dialog, &text);
    vpci_text_free(&text);
}

static bool take(struct vpci_channel_dialog *dialog, const char *line, bool *overrun,
                 struct vpci_channel_message *message, struct vpci_channel_fault *fault)
{
    return vpci_channel_take(dialog, line, strlen(line), message, overrun, fault);
}

#define RETURN   "{\"case\":1,\"event\":\"read_return\",\"request\":3,"
#define COMPLETE "{\"case\":1,\"event\":\"ioctl_complete\",\"request\":4,\"information\":0,"

static const struct {
    const char *line;
    enum vpci_channel_rule rule;
    const char *reason; /* part of it */
} wrong[] = {
    { "", VPCI_CHANNEL_RULE_JSON, "column 1: the text ends too early" },
    { "{\"re\":\"settle\",\"seq\":3,\"case\":1", VPCI_CHANNEL_RULE_JSON, "column 32" },
    { "{\"re\":\"settle\",\"seq\":3,\"case\":1}}", VPCI_CHANNEL_RULE_JSON, "something follows" },
    { "{\"re\":\"settle\",\"seq\":03,\"case\":1}", VPCI_CHANNEL_RULE_JSON, "a number starts with 0" },
    { "{\"re\":\"settle\",\"seq\":3,\"case\":1,\"case\":1}", VPCI_CHANNEL_RULE_JSON, "given twice" },
    { "{\"re\":\"settle\xff\",\"seq\":3,\"case\":1}", VPCI_CHANNEL_RULE_JSON, "not UTF-8" },
    { "{\"re\":\"sett\\u0000le\",\"seq\":3,\"case\":1}", VPCI_CHANNEL_RULE_JSON, "u0000" },
    { "[1]", VPCI_CHANNEL_RULE_JSON, "an object is wanted, not an array" },
    { "null", VPCI_CHANNEL_RULE_JSON, "an object is wanted, not null" },
    { "{}", VPCI_CHANNEL_RULE_FORM, "neither" },
    { "{\"re\":\"settle\",\"event\":\"rest\"}", VPCI_CHANNEL_RULE_FORM, "both" },
    { "{\"re\":7,\"seq\":3,\"case\":1}", VPCI_CHANNEL_RULE_MEMBERS, "re: a string is wanted, not a number" },
    { "{\"re\":\"bye\",\"seq\":3}", VPCI_CHANNEL_RULE_MEMBERS, "re: \"bye\" is not a request of the kit" },
    { "{\"re\":\"settle\",\"case\":1}", VPCI_CHANNEL_RULE_MEMBERS, "seq: missing" },
    { "{\"re\":\"settle\",\"seq\":3}", VPCI_CHANNEL_RULE_MEMBERS, "case: missing" },
    { "{\"re\":\"settle\",\"seq\":\"3\",\"case\":1}", VPCI_CHANNEL_RULE_MEMBERS,
      "seq: a number is wanted, not a string" },
    { "{\"re\":\"settle\",\"seq\":-3,\"case\":1}", VPCI_CHANNEL_RULE_MEMBERS, "seq: -3 is below 0" },
    { "{\"re\":\"settle\",\"seq\":3.5,\"case\":1}", VPCI_CHANNEL_RULE_MEMBERS, "seq: 3.5 is not an integer" },
    { "{\"re\":\"settle\",\"seq\":3,\"case\":1,\"reason\":\"\"}", VPCI_CHANNEL_RULE_MEMBERS,
      "reason: not a member" },
    { "{\"re\":\"settle\",\"seq\":4,\"case\":1}", VPCI_CHANNEL_RULE_ANSWER_UNASKED,
      "seq: it is not the oldest" },
    { "{\"re\":\"close\",\"seq\":3,\"case\":1}", VPCI_CHANNEL_RULE_ANSWER_UNASKED,
      "but the request was settle" },
    { "{\"re\":\"settle\",\"seq\":2,\"case\":1}", VPCI_CHANNEL_RULE_ANSWER_TWICE, "answered before" },
    { "{\"re\":\"settle\",\"seq\":3,\"case\":2}", VPCI_CHANNEL_RULE_CASE, "case: it is not the running one" },
    { "{\"re\":\"refused\",\"seq\":3,\"case\":1,\"reason\":\"no\"}", VPCI_CHANNEL_RULE_REFUSAL,
      "settle: no" },
    { "{\"re\":\"refused\",\"seq\":3,\"reason\":\"no\"}", VPCI_CHANNEL_RULE_REFUSAL, "settle: no" },
    { "{\"re\":\"refused\",\"seq\":3}", VPCI_CHANNEL_RULE_MEMBERS, "reason: missing" },
    { "{\"event\":\"read_return\",\"request\":3,\"status\":\"SUCCESS\"}", VPCI_CHANNEL_RULE_MEMBERS,
      "case: missing" },
    { "{\"case\":2,\"event\":\"write_return\",\"request\":5,\"status\":\"SUCCESS\"}", VPCI_CHANNEL_RULE_CASE,
      "case: it is not" },
    { "{\"case\":1,\"event\":\"raed_return\"}", VPCI_CHANNEL_RULE_MEMBERS,
      "event: \"raed_return\" is not an event" },
    { RETURN "\"data\":\"00000000\"}", VPCI_CHANNEL_RULE_MEMBERS, "status: missing" },
    { RETURN "\"status\":\"FINE\",\"data\":\"00000000\"}", VPCI_CHANNEL_RULE_MEMBERS, "status: \"FINE\"" },
    { RETURN "\"status\":\"SUCCESS\",\"data\":\"0000000\"}", VPCI_CHANNEL_RULE_MEMBERS,
      "data: an odd number" },
    { RETURN "\"status\":\"SUCCESS\",\"data\":\"00000000\",\"vf\":0}", VPCI_CHANNEL_RULE_MEMBERS,
      "vf: not a member" },
    { "{\"case\":1,\"event\":\"read\",\"vf\":0,\"request\":3,\"block\":7,\"length\":4}",
      VPCI_CHANNEL_RULE_EVENT_SENDER, "\"read\" is not sent" },
    { "{\"case\":1,\"event\":\"crash\",\"signal\":11}", VPCI_CHANNEL_RULE_EVENT_SENDER,
      "\"crash\" is not sent" },
    { RETURN "\"status\":\"SUCCESS\"}", VPCI_CHANNEL_RULE_EVENT_DATA,
      "data: missing; the buffer of request 3 has 4" },
    { RETURN "\"status\":\"CANCELLED\",\"data\":\"\"}", VPCI_CHANNEL_RULE_EVENT_DATA, "data: missing" },
    { RETURN "\"status\":\"SUCCESS\",\"data\":\"000000\"}", VPCI_CHANNEL_RULE_EVENT_DATA, "data: 3 bytes" },
    { COMPLETE "\"status\":\"SUCCESS\"}", VPCI_CHANNEL_RULE_EVENT_MASK, "mask: missing" },
};

static void every_mistake_has_its_rule_and_its_member(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        static struct vpci_channel_message message;
        struct vpci_channel_dialog dialog;
        struct vpci_channel_fault fault = { VPCI_CHANNEL_RULE_COUNT, "" };
        bool overrun;
        prepare(&dialog);
        if (take(&dialog, wrong[i].line, &overrun, &message, &fault))
            fail_msg("taken: %s", wrong[i].line);
        if (fault.rule != wrong[i].rule || strstr(fault.reason, wrong[i].reason) == NULL)
            fail_msg("%s\n  gave %s: %s", wrong[i].line, vpci_channel_rule_info[fault.rule].id, fault.reason);
        assert_int_equal(dialog.asked_count, 1); /* nothing was taken for an answer */
    }
}

static const char *const right[] = {
    "{\"re\":\"settle\",\"seq\":3,\"case\":1}",
    " { \"case\" : 1 , \"seq\" : 3 , \"re\" : \"settle\" } ",
    RETURN "\"status\":\"SUCCESS\",\"data\":\"00000000\"}",
    RETURN "\"status\":3221225485,\"data\":\"AbCdEf00\",\"irql\":1}",
    COMPLETE "\"status\":\"SUCCESS\",\"mask\":\"0x21\"}",
    COMPLETE "\"status\":\"CANCELLED\",\"marked\":true}",
    "{\"case\":1,\"event\":\"write_return\",\"request\":5,\"status\":\"0xc0009999\"}",
    "{\"case\":1,\"event\":\"pf_read\",\"call\":4294967295,\"vf\":0,\"block\":7,\"length\":4}",
    /* about a request that was never sent: for the model to judge */
    "{\"case\":1,\"event\":\"read_return\",\"request\":9,\"status\":\"SUCCESS\"}",
    "{\"case\":1,\"event\":\"ioctl_complete\",\"request\":3,\"status\":\"SUCCESS\",\"information\":0}",
};

static void what_is_right_is_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        static struct vpci_channel_message message;
        struct vpci_channel_dialog dialog;
        struct vpci_channel_fault fault;
        bool overrun;
        prepare(&dialog);
        if (!take(&dialog, right[i], &overrun, &message, &fault))
            fail_msg("%s\n  gave %s: %s", right[i], vpci_channel_rule_info[fault.rule].id, fault.reason);
        assert_false(overrun);
        assert_int_equal(dialog.asked_count, message.is_event ? 1 : 0);
    }
}

static void longer_data_are_cut_and_told(void **state)
{
    (void)state;
    static struct vpci_channel_message message;
    struct vpci_channel_dialog dialog;
    struct vpci_channel_fault fault;
    bool overrun = false;
    prepare(&dialog);
    assert_true(
        take(&dialog, RETURN "\"status\":\"SUCCESS\",\"data\":\"0102030405\"}", &overrun, &message, &fault));
    assert_true(overrun);
    assert_int_equal(message.event.data_length, 4);
}

static const struct {
    const char *line;
    enum vpci_channel_rule rule;
    const char *reason;
} wrong_hellos[] = {
    { "{\"case\":1,\"event\":\"start_return\",\"vf\":0,\"status\":\"SUCCESS\"}",
      VPCI_CHANNEL_RULE_HELLO_FIRST, "hello" },
    { "{\"re\":\"hello\",\"seq\":0,\"protocol\":2,\"name\":\"n\",\"version\":\"v\",\"roles\":[\"bus\"],"
      "\"capabilities\":[]}",
      VPCI_CHANNEL_RULE_HELLO_VERSION, "speaks version 2, the kit 1" },
    { HELLO_HEAD "\"roles\":[],\"capabilities\":[]}", VPCI_CHANNEL_RULE_HELLO_CLAIMS,
      "roles: none is named" },
    { HELLO_HEAD "\"roles\":[\"buss\"],\"capabilities\":[]}", VPCI_CHANNEL_RULE_HELLO_CLAIMS,
      "roles: \"buss\"" },
    { HELLO_HEAD "\"roles\":[\"bus\",\"bus\"],\"capabilities\":[]}", VPCI_CHANNEL_RULE_HELLO_CLAIMS,
      "given twice" },
    { HELLO_HEAD "\"roles\":\"bus\",\"capabilities\":[]}", VPCI_CHANNEL_RULE_MEMBERS,
      "roles: a list is wanted" },
    { HELLO_HEAD "\"roles\":[1],\"capabilities\":[]}", VPCI_CHANNEL_RULE_MEMBERS, "roles: a list of names" },
    { HELLO_HEAD "\"roles\":[\"bus\"]}", VPCI_CHANNEL_RULE_MEMBERS, "capabilities: missing" },
    { HELLO_HEAD "\"roles\":[\"bus\"],\"capabilities\":[\"shared_memory\"]}", VPCI_CHANNEL_RULE_HELLO_CLAIMS,
      "\"shared_memory\" cannot be had over a channel" },
    { HELLO_HEAD "\"roles\":[\"bus\"],\"capabilities\":[\"reentrant\"]}", VPCI_CHANNEL_RULE_HELLO_CLAIMS,
      "\"reentrant\"" },
};

static void hello_is_held_to_its_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong_hellos / sizeof wrong_hellos[0]; i++) {
        static struct vpci_channel_message message;
        struct vpci_channel_dialog dialog = { 0 };
        struct vpci_channel_fault fault = { VPCI_CHANNEL_RULE_COUNT, "" };
        struct vpci_text text = { 0 };
        bool overrun;
        vpci_channel_say_hello(&dialog, &text);
        vpci_text_free(&text);
        if (take(&dialog, wrong_hellos[i].line, &overrun, &message, &fault))
            fail_msg("taken: %s", wrong_hellos[i].line);
        if (fault.rule != wrong_hellos[i].rule || strstr(fault.reason, wrong_hellos[i].reason) == NULL)
            fail_msg("%s\n  gave %s: %s", wrong_hellos[i].line, vpci_channel_rule_info[fault.rule].id,
                     fault.reason);
        assert_false(dialog.greeted);
    }
}

/* Goal: an adapter that claims a fence and then goes on is found out, wherever the case ends. */
static void an_event_after_the_fence_is_late(void **state)
{
    (void)state;
    static const char settled[] = "{\"re\":\"settle\",\"seq\":3,\"case\":1}";
    static const char late[] = "{\"case\":1,\"event\":\"references\",\"vf\":0,\"references\":1}";
    static struct vpci_channel_message message;
    struct vpci_channel_dialog dialog;
    struct vpci_channel_fault fault;
    struct vpci_text text = { 0 };
    bool overrun;
    prepare(&dialog);
    assert_true(take(&dialog, late, &overrun, &message, &fault)); /* before the answer it is not */
    assert_true(take(&dialog, settled, &overrun, &message, &fault));
    vpci_channel_say_close(&dialog, &text);
    assert_false(take(&dialog, late, &overrun, &message, &fault));
    assert_int_equal(fault.rule, VPCI_CHANNEL_RULE_EVENT_LATE);
    vpci_text_free(&text);
}

/* Goal: what the kit prints is what the document shows. */
static void the_lines_of_the_kit_are_those_of_the_document(void **state)
{
    (void)state;
    struct vpci_channel_dialog dialog = { 0 };
    struct vpci_text text = { 0 };
    const struct vpci_device device = {
        .role = VPCI_ROLE_STACK, .vf_count = 2, .scenario = "a \"b\"", .seed = 0xBEEF
    };
    vpci_channel_say_open(&dialog, &text, &device);
    vpci_channel_say_event(&dialog, &text,
                           &(struct vpci_event){ .kind = VPCI_EVENT_START, .fields = VPCI_F(VF) });
    vpci_channel_say_settle(&dialog, &text);
    vpci_channel_say_close(&dialog, &text);
    vpci_channel_say_bye(&dialog, &text);
    assert_string_equal(
        text.bytes,
        "{\"do\":\"open\",\"seq\":0,\"case\":1,\"scenario\":\"a \\\"b\\\"\",\"role\":\"stack\",\"vfs\":2,"
        "\"seed\":\"0xbeef\"}\n"
        "{\"case\":1,\"event\":\"start\",\"vf\":0}\n"
        "{\"do\":\"settle\",\"seq\":1,\"case\":1}\n"
        "{\"do\":\"close\",\"seq\":2,\"case\":1}\n"
        "{\"do\":\"bye\",\"seq\":3}\n");
    vpci_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mistake_has_its_rule_and_its_member),
        cmocka_unit_test(what_is_right_is_taken),
        cmocka_unit_test(longer_data_are_cut_and_told),
        cmocka_unit_test(hello_is_held_to_its_rules),
        cmocka_unit_test(an_event_after_the_fence_is_late),
        cmocka_unit_test(the_lines_of_the_kit_are_those_of_the_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
