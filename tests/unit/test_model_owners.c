/* SPDX-License-Identifier: MIT */
/* tests/unit/test_model_owners.c - the judge on requests that the PF cannot tell apart, some of which end
 * without using an answer: whichever of them the PF was asked for, no legal history is a fault, and nobody
 * gets a callback, an answer or a silence that none of these explanations has. */
#include "tests/unit/history.h"

#define PENDS  "return s=PENDING; "
#define PENDS2 "return r=2 s=PENDING; "
#define PENDS3 "return r=3 s=PENDING; "
#define DROP   "cancel; complete s=CANCELLED; signal s=CANCELLED; "
#define DROP2  "cancel r=2; complete r=2 s=CANCELLED; signal r=2 s=CANCELLED; "
#define DROP3  "cancel r=3; complete r=3 s=CANCELLED; signal r=3 s=CANCELLED; "
#define RESET  "reset; pf_reset; reset_return; "

/* A provider with one call at a time that takes the newest first (A-18, ruling 14). */
static const struct history newest_first[] = {
    { "a call above APC_LEVEL fails with the PF's error, and the older one waits on",
      "read; read r=2 irql=2; pf_read; rest; answer s=UNSUCCESSFUL; pf_read c=2; read_return r=2 irql=2 "
      "s=UNSUCCESSFUL; rest; read r=2; rest; answer c=2 d=A8; read_return d=A8; pf_read c=3; answer c=3 "
      "d=B8; "
      "read_return r=2 d=B8; rest" },
    { "after a reset the newest fails, and the older one waits on",
      "read; pf_read; read r=2; read r=3; rest; answer d=A8; pf_read c=2; read_return d=A8; rest; answer c=2 "
      "s=UNSUCCESSFUL; " RESET "pf_read c=3; read_return r=3 s=IO_TIMEOUT; rest; read r=1; rest" },
    { "in a reset the newest fails with the PF's error, and two older ones wait on",
      "read; pf_read; read r=2; read r=3; read r=4; rest; " RESET
      "rest; answer d=A8; pf_read c=2; read_return "
      "d=A8; rest; answer c=2 s=UNSUCCESSFUL; pf_read c=3; read_return r=4 s=IO_TIMEOUT; rest" },
    { "the newest is cancelled while the PF has it, and two older ones wait on",
      "read; pf_read; ir r=2; " PENDS2
      "read r=3; ir r=4; return r=4 s=PENDING; rest; answer d=A8; pf_read c=2; "
      "read_return d=A8; rest; cancel r=4; complete r=4 s=CANCELLED; signal r=4 s=CANCELLED; rest; answer "
      "c=2 "
      "d=B8; pf_read c=3; rest; answer c=3 d=A8; read_return r=3 d=A8; pf_read c=4; answer c=4 d=B8; "
      "complete "
      "r=2 i=8 d=B8; signal r=2 i=8 d=B8; rest" },
    { "of two empty writes the newer reaches the PF first",
      "write n=0; write r=2 n=0; pf_write n=0; rest; took; write_return r=2; pf_write c=2 n=0; took c=2; "
      "write_return; rest" },
    { "of two empty writes the newer reaches the PF alone",
      "write n=0; write r=2 n=0; pf_write n=0; write_return; "
      "took; write_return r=2; rest" },
    { "the newest is cancelled, and the PF asked once for each that is left",
      "ir; " PENDS "ir r=2; " PENDS2 "pf_read; " DROP2
      "answer d=A8; pf_read c=2; rest; answer c=2 d=B8; complete i=8 "
      "d=B8; signal i=8 d=B8; rest" },
    { "two are cancelled, whose calls were those of the two that wait",
      "ir; " PENDS "ir r=2; " PENDS2 "pf_read; ir r=3; " PENDS3 "pf_read c=2; " DROP2 DROP3
      "pf_read c=3; rest; answer c=3 d=A8; complete i=8 d=A8; signal i=8 d=A8; rest" },
    { NULL },
};

/* What none of them explains. */
static const struct history beyond[] = {
    { "one was cancelled, the PF is asked once more than there were",
      "ir; " PENDS "ir r=2; " PENDS2 "pf_read; " DROP2 "pf_read c=2; pf_read c=3", "IR-08" },
    { "the cancelled one was sent after the PF was asked",
      "read; pf_read; ir r=2; " PENDS2 DROP2 "pf_read c=2; pf_read c=3", "RD-01" },
    { "a direct call that timed out was sent after the PF was asked",
      "read; pf_read; read r=2; read_return r=2 s=IO_TIMEOUT; pf_read c=2", "RD-01" },
    { "the PF is asked twice although the one that ended wanted another block",
      "read; read r=2 b=9; pf_read; read_return r=2 b=9 s=IO_TIMEOUT; pf_read c=2", "RD-01" },
    { "two answers, one of which must be that of the one that waits",
      "ir; " PENDS "pf_read; ir r=2; " PENDS2 "pf_read c=2; " DROP2 "answer d=A8; answer c=2 d=B8; rest",
      "WD-04" },
    { "the PF is idle, and one waits on whose answer may have been the cancelled one's",
      "ir; " PENDS "ir r=2; " PENDS2 "pf_read; " DROP2 "answer d=A8; rest", "WD-04" },
    { "the PF is busy with another block, and one waits on whose answer is there",
      "ir; " PENDS "pf_read; ir r=2; " PENDS2 "read r=3 b=9; pf_read c=3 b=9; " DROP2 "answer d=A8; rest",
      "WD-04" },
    { "an answer serves the heir, and is not there for another",
      "ir; " PENDS "ir r=2; " PENDS2 "pf_read; " DROP2
      "answer d=A8; complete i=8 d=A8; signal i=8 d=A8; ir r=3; "
      "complete r=3 i=8 d=A8",
      "PF-10" },
    { "the PF is asked for a cancelled request when it had long been idle", "ir; " PENDS DROP "rest; pf_read",
      "IR-08" },
    { NULL },
};

/* A worker that has a request in hand asks the PF for it although it was cancelled or reset. */
static const struct history in_hand[] = {
    { "cancelled in hand", "ir; " PENDS DROP "pf_read; answer d=A8; rest" },
    { "its number is used again meanwhile",
      "read r=3 b=9; pf_read c=3 b=9; ir; " PENDS DROP "rest; ir; " PENDS
      "rest; answer c=3 d=B8; read_return r=3 d=B8; "
      "pf_read; pf_read c=2; answer d=A8; answer c=2 d=B8; complete i=8 d=B8; signal i=8 d=B8; rest" },
    { "its number is used again twice", "read r=3 b=9; pf_read c=3 b=9; ir; " PENDS DROP
                                        "rest; ir; " PENDS DROP "rest; read r=1; rest; answer c=3 d=B8; "
                                        "read_return r=3 d=B8; pf_read; pf_read c=2; pf_read c=4; answer "
                                        "d=A8; answer c=2 d=A8; answer c=4 d=B8; "
                                        "read_return d=B8; rest" },
    { "but once more than there were is a fault",
      "read r=3 b=9; pf_read c=3 b=9; ir; " PENDS DROP "rest; ir; " PENDS
      "rest; answer c=3 d=B8; read_return r=3 d=B8; "
      "pf_read; pf_read c=2; pf_read c=4",
      "IR-08" },
    { "the PF was asked for the other one, and is asked for the cancelled one later",
      "read; ir r=2; " PENDS2 "pf_read; " DROP2
      "answer d=A8; read_return d=A8; pf_read c=2; answer c=2 d=B8; rest" },
    { "found with the number of the cancelled one in use",
      "ir; " PENDS "pf_read; rest; read r=2; rest; " DROP "rest; ir; " PENDS
      "rest; answer d=A8; pf_read c=2; rest; " DROP "rest; ir; " PENDS
      "rest; answer c=2 d=B8; pf_read c=3; answer c=3 d=A8; pf_read c=4; complete i=8 d=A8; signal "
      "i=8 d=A8; rest; answer c=4 d=B8; read_return r=2 d=B8; rest" },
    { NULL },
};

static void the_newest_may_come_first(void **state)
{
    (void)state;
    judge_all(newest_first);
}

static void what_no_explanation_has_is_a_fault(void **state)
{
    (void)state;
    judge_all(beyond);
}

static void what_is_in_hand_may_reach_the_pf(void **state)
{
    (void)state;
    judge_all(in_hand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_may_come_first),
        cmocka_unit_test(what_no_explanation_has_is_a_fault),
        cmocka_unit_test(what_is_in_hand_may_reach_the_pf),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
