/* SPDX-License-Identifier: MIT */
/* tests/unit/test_digest.c - which histories leave the model in the same state, and which do not. */
#include "history.h"

#include "models/digest.h"

enum { SAME, APART };

struct pair {
    const char *name;
    const char *one, *other;
    int wanted;
};

#define READ_1      "read r=1; pf_read c=1; rest; "
#define READ_2      "read r=2; pf_read c=2; rest; "
#define OPEN_IR_1   "ir r=1; return r=1 s=PENDING marked=1; pf_read c=1; rest; "
#define OPEN_IR_2   "ir r=2; return r=2 s=PENDING marked=1; pf_read c=2; rest; "
#define CANCELLED_1 "cancel r=1; complete r=1 s=CANCELLED marked=1; signal r=1 s=CANCELLED; rest; "
#define CANCELLED_2 "cancel r=2; complete r=2 s=CANCELLED marked=1; signal r=2 s=CANCELLED; rest; "
#define HELD_1      "iv r=1; return r=1 s=PENDING marked=1; rest; "

#define TWO_HELD HELD_1 "iv r=2; return r=2 s=PENDING marked=1; rest; "

static const struct pair pairs[] = {
    { "nothing and nothing", "", "", SAME },
    { "what is over leaves nothing behind", "rest", READ_1 "answer d=A8; read_return d=A8; rest", SAME },
    { "twice over neither", READ_1 "answer d=A8; read_return d=A8; rest",
      READ_1 "answer d=A8; read_return d=A8; rest; " READ_2 "answer c=2 d=B8; read_return r=2 d=B8; rest",
      SAME },
    { "the number of a request means nothing", READ_1, READ_2, SAME },
    { "the number of a call means nothing", READ_1, "read r=1; pf_read c=77; rest", SAME },
    { "contents mean nothing", "write r=1 d=A8; pf_write d=A8; rest", "write r=1 d=B8; pf_write d=B8; rest",
      SAME },
    { "the block means something", READ_1, "read r=1 b=8; pf_read c=1 b=8; rest", APART },
    { "the length", READ_1, "read r=1 n=9; pf_read c=1 n=9; rest", APART },
    { "the VF", READ_1, "read r=1 vf=1; pf_read c=1 vf=1; rest", APART },
    { "the direction", READ_1, "write r=1; pf_write c=1; rest", APART },
    { "call or IOCTL", READ_1, OPEN_IR_1, APART },
    { "an open request", "rest", READ_1, APART },
    { "how many there are", READ_1, READ_1 READ_2, APART },
    { "who is older", READ_1 "write r=2; pf_write c=2; rest", "write r=2; pf_write c=2; rest; " READ_1,
      APART },
    { "in which order the PF was asked", "read r=1 b=1; read r=2 b=2; pf_read c=1 b=1; pf_read c=2 b=2; rest",
      "read r=1 b=1; read r=2 b=2; pf_read c=2 b=2; pf_read c=1 b=1; rest", APART },
    { "a callback without a request", "rest", OPEN_IR_1 CANCELLED_1, APART },
    { "an answer that nobody can take is forgotten", "rest", OPEN_IR_1 CANCELLED_1 "answer d=A8; rest",
      SAME },
    { "an answer that somebody may take is kept", OPEN_IR_2,
      OPEN_IR_1 OPEN_IR_2 CANCELLED_1 "answer c=1 d=A8", APART },
    { "until the next rest", OPEN_IR_2, OPEN_IR_1 OPEN_IR_2 CANCELLED_1 "answer c=1 d=A8; rest", SAME },
    { "whether it was good", OPEN_IR_1 OPEN_IR_2 CANCELLED_1 "answer c=1 d=A8",
      OPEN_IR_1 OPEN_IR_2 CANCELLED_1 "answer c=1 s=UNSUCCESSFUL", APART },
    { "whether its callback was made before the request that may take it",
      OPEN_IR_1 READ_2 CANCELLED_1 "answer c=1 d=A8", READ_2 OPEN_IR_1 CANCELLED_1 "answer c=1 d=A8", APART },
    { "one taker needs one answer of a kind", READ_1 OPEN_IR_2 CANCELLED_2 "answer c=2 d=A8; rest",
      READ_1 OPEN_IR_2 CANCELLED_2 "answer c=2 d=A8; rest; " OPEN_IR_2 CANCELLED_2 "answer c=2 d=B8; rest",
      SAME },
    { "a cancelled request that goes on", "ir r=1; return r=1 s=PENDING marked=1; pf_read c=1; rest",
      OPEN_IR_1 "cancel r=1; rest", APART },
    { "a notification", "rest", "raise m=1; rest", APART },
    { "which block", "raise m=1; rest", "raise m=2; rest", APART },
    { "how often means nothing", "raise m=1; rest", "raise m=1; raise m=1; rest", SAME },
    { "one after the other or at once", "raise m=1; rest; raise m=2; rest", "raise m=3; rest", SAME },
    { "for all means nothing here", "raise m=1; rest; raise m=1 vf=1; rest", "raise m=1 vf=0xFFFF; rest",
      SAME },
    { "that was delivered is gone", "rest", HELD_1 "raise m=1; complete m=1 marked=1; signal m=1; rest",
      SAME },
    { "a held request", "rest", HELD_1, APART },
    { "what another held request may carry", TWO_HELD "raise m=1; complete m=1 marked=1; signal m=1; rest",
      TWO_HELD "raise m=2; complete m=2 marked=1; signal m=2; rest", APART },
    { "that was held through a reset", HELD_1, HELD_1 "reset; pf_reset; reset_return; rest", APART },
    { "a reset leaves nothing else", "rest", "reset; pf_reset; reset_return; rest", SAME },
    { "after a reset a mask is not owed", "raise m=1; rest",
      "raise m=1; rest; reset; pf_reset; reset_return; rest", APART },
    { "a removal", "rest", "remove; remove_return; rest", APART },
    { "what is raised for a VF that is gone", "remove; remove_return; rest",
      "remove; remove_return; raise m=1; rest", SAME },
    { "starving", "rest", "low_resources n=3; rest", APART },
    { "a reference", "rest", "reference; rest", APART },
};

static struct vpci_model *play(const char *events_text)
{
    static struct vpci_event events[HISTORY_EVENTS_MAX];
    const struct history history = { .name = events_text };
    struct vpci_model *model = history_model(&history, NULL, 0);
    const uint32_t start_count =
        history_parse("start vf=0; start_return vf=0; start vf=1; start_return vf=1; rest", events);
    for (uint32_t i = 0; i < start_count; i++)
        (void)vpci_model_judge(model, &events[i]);
    const uint32_t count = history_parse(events_text, events);
    for (uint32_t i = 0; i < count; i++) {
        const struct vpci_judgement judgement = vpci_model_judge(model, &events[i]);
        if (judgement.verdict >= VPCI_VIOLATION || judgement.verdict == VPCI_RULE_MISSING)
            fail_msg("%s: event %u: %s", events_text, (unsigned)i + 1, judgement.reason);
        free((void *)(uintptr_t)events[i].data);
    }
    return model;
}

static void states_are_told_apart(void **state)
{
    (void)state;
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct vpci_model *one = play(pairs[i].one);
        struct vpci_model *other = play(pairs[i].other);
        uint64_t words[2][VPCI_ABSTRACT_WORDS_MAX];
        const uint32_t counts[] = { vpci_model_abstract(one, words[0]),
                                    vpci_model_abstract(other, words[1]) };
        const bool same_words =
            counts[0] == counts[1] && memcmp(words[0], words[1], counts[0] * sizeof words[0][0]) == 0;
        const struct vpci_state_digest left = vpci_model_digest(one), right = vpci_model_digest(other);
        const bool same_digest = left.low == right.low && left.high == right.high;
        if (same_words != (pairs[i].wanted == SAME) || same_words != same_digest) {
            print_error("\"%s\": the words are %s, the digests are %s\n", pairs[i].name,
                        same_words ? "the same" : "apart", same_digest ? "the same" : "apart");
            wrong++;
        }
        free(one);
        free(other);
    }
    assert_int_equal(wrong, 0);
}

/* The longest abstract state there can be fits: every request open, every callback waiting. */
static void the_fullest_model_fits(void **state)
{
    (void)state;
    struct vpci_model *model = play("rest");
    uint64_t words[VPCI_ABSTRACT_WORDS_MAX];
    for (uint32_t i = 0; i < VPCI_REQUESTS_MAX; i++) {
        const struct vpci_event read = { .kind = VPCI_EVENT_READ, .request = i, .block = i, .length = 8 };
        const struct vpci_event call = { .kind = VPCI_EVENT_PF_READ, .call = i, .block = i, .length = 8 };
        assert_int_equal(vpci_model_judge(model, &read).verdict, VPCI_ALLOWED);
        assert_int_equal(vpci_model_judge(model, &call).verdict, VPCI_ALLOWED);
    }
    const uint32_t count = vpci_model_abstract(model, words);
    assert_int_equal(count, 1 + 2 * VPCI_ABSTRACT_VF_WORDS + 64 * VPCI_ABSTRACT_REQUEST_WORDS +
                                64 * VPCI_ABSTRACT_CALL_WORDS);
    assert_true(count <= VPCI_ABSTRACT_WORDS_MAX);
    free(model);
}

static void the_situation_names_what_can_be_done(void **state)
{
    (void)state;
    struct vpci_model *model =
        play("read r=5; pf_read c=1; rest; " HELD_1 "remove vf=1; remove_return vf=1; rest");
    const struct vpci_situation situation = vpci_model_situation(model);
    assert_int_equal(situation.request_count, 2);
    assert_int_equal(situation.requests[0], 5); /* oldest first */
    assert_int_equal(situation.requests[1], 1);
    assert_int_equal(situation.cancellable, 2); /* a call is not */
    assert_int_equal(situation.calls_open, 1);
    assert_int_equal(situation.gone, 2);
    assert_int_equal(situation.not_started, 0);
    free(model);
}

static void a_vf_is_gone_from_its_removal_on(void **state)
{
    (void)state;
    struct vpci_model *model = play("remove vf=0; remove_return vf=0; remove vf=1");
    struct vpci_situation situation = vpci_model_situation(model);
    assert_int_equal(situation.gone, 3); /* one of them is still on its way */
    assert_int_equal(situation.not_started, 0);
    free(model);
    const struct history history = { "nothing is started", "", .vfs = 3 };
    model = history_model(&history, NULL, 0);
    situation = vpci_model_situation(model);
    assert_int_equal(situation.not_started, 7);
    assert_int_equal(situation.gone, 0);
    free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_are_told_apart),
        cmocka_unit_test(the_fullest_model_fits),
        cmocka_unit_test(the_situation_names_what_can_be_done),
        cmocka_unit_test(a_vf_is_gone_from_its_removal_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
