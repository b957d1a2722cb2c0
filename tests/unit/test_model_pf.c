/* SPDX-License-Identifier: MIT */
/* tests/unit/test_model_pf.c - the judge on the PF edge where it gets crowded: many requests, one PF at a
 * time, calls by the dozen, strays, and several VFs mixed. The rows are made by loops where a line cannot
 * hold them. */
#include "tests/unit/history.h"

static void append(char *history, size_t bytes, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void append(char *history, size_t bytes, const char *format, ...)
{
    const size_t used = strlen(history);
    va_list arguments;
    va_start(arguments, format);
    const int added = vsnprintf(history + used, bytes - used, format, arguments);
    va_end(arguments);
    assert_true(added >= 0 && used + (size_t)added < bytes);
}

static void judge_one(const char *name, const char *events, const char *breach)
{
    const struct history histories[] = { { name, events, breach, .vfs = 4 }, { NULL } };
    judge_all(histories);
}

enum { TEXT_BYTES = 16 * 1024, TWINS = 5 };

static void swap(unsigned *left, unsigned *right)
{
    const unsigned kept = *left;
    *left = *right;
    *right = kept;
}

/* Judges the history in which twin i is completed with the answer to call order[i]. */
static void judge_assignment(const unsigned *order, bool one_is_wrong)
{
    char text[TEXT_BYTES] = "";
    for (unsigned i = 0; i < TWINS; i++)
        append(text, sizeof text, "read r=%u; ", i);
    for (unsigned i = 0; i < TWINS; i++)
        append(text, sizeof text, "pf_read c=%u; ", i);
    for (unsigned i = 0; i < TWINS; i++)
        append(text, sizeof text, "answer c=%u d=x%02x+A7; ", i, i);
    for (unsigned i = 0; i < TWINS; i++)
        append(text, sizeof text, "read_return r=%u d=x%02x+A7; ", i,
               one_is_wrong && i + 1 == TWINS ? order[0] : order[i]);
    /* The last one repeats an answer that is used up. */
    if (one_is_wrong)
        text[strlen(text) - 2] = '\0';
    judge_one("assignment", text, one_is_wrong ? "DC-11" : NULL);
}

static void permute(unsigned *order, unsigned from, unsigned *count)
{
    if (from == TWINS) {
        judge_assignment(order, false);
        judge_assignment(order, true);
        ++*count;
        return;
    }
    for (unsigned i = from; i < TWINS; i++) {
        swap(&order[from], &order[i]);
        permute(order, from + 1, count);
        swap(&order[from], &order[i]);
    }
}

static void every_assignment_of_five_answers_passes(void **state)
{
    (void)state;
    unsigned order[TWINS] = { 0, 1, 2, 3, 4 };
    unsigned count = 0;
    permute(order, 0, &count);
    assert_int_equal(count, 120);
}

static void every_order_of_completion_passes(void **state)
{
    (void)state;
    for (unsigned shift = 0; shift < 16; shift++) {
        char text[TEXT_BYTES] = "";
        for (unsigned i = 0; i < 16; i++)
            append(text, sizeof text, "ir r=%u vf=%u b=%u; return r=%u s=PENDING; ", i, i % 4, i / 8, i);
        for (unsigned i = 0; i < 16; i++)
            append(text, sizeof text, "pf_read c=%u vf=%u b=%u; ", i, i % 4, i / 8);
        append(text, sizeof text, "rest; ");
        for (unsigned i = 0; i < 16; i++) {
            const unsigned which = (i * 5 + shift) % 16;
            append(text, sizeof text,
                   "answer c=%u d=x%02x+A7; complete r=%u i=8 d=x%02x+A7; signal r=%u i=8 ", which, which,
                   which, which, which);
            append(text, sizeof text, "d=x%02x+A7; ", which);
        }
        append(text, sizeof text, "rest");
        judge_one("order", text, NULL);
    }
}

static void one_call_at_a_time_over_all_requests(void **state)
{
    (void)state;
    char text[TEXT_BYTES] = "";
    for (unsigned i = 0; i < 12; i++)
        append(text, sizeof text, "%s r=%u vf=%u b=3; ", i % 2 == 0 ? "read" : "write", i, i % 4);
    for (unsigned i = 0; i < 12; i++) {
        const bool is_read = i % 2 == 0;
        append(text, sizeof text, "pf_%s c=1 vf=%u b=3; rest; ", is_read ? "read" : "write", i % 4);
        append(text, sizeof text,
               is_read ? "answer c=1 d=B8; read_return r=%u d=B8; "
                       : "took c=1; write_return "
                         "r=%u; ",
               i);
    }
    append(text, sizeof text, "rest");
    judge_one("serial", text, NULL);
}

static void sixty_four_calls_at_once(void **state)
{
    (void)state;
    char text[TEXT_BYTES] = "";
    for (unsigned i = 0; i < 64; i++)
        append(text, sizeof text, "read r=%u b=%u; pf_read c=%u b=%u; ", i, i, i, i);
    append(text, sizeof text, "rest; ");
    for (unsigned i = 0; i < 64; i++)
        append(text, sizeof text, "answer c=%u d=x%02x+A7; read_return r=%u d=x%02x+A7; ", i, i, i, i);
    append(text, sizeof text, "rest");
    judge_one("full", text, NULL);
}

static void late_answers_leave_nothing_behind(void **state)
{
    (void)state;
    char text[TEXT_BYTES] = "";
    for (unsigned i = 0; i < 66; i += 2) {
        for (unsigned j = i; j < i + 2; j++)
            append(text, sizeof text,
                   "ir r=%u b=%u; pf_read c=%u b=%u; return r=%u s=PENDING; cancel r=%u; complete r=%u "
                   "s=CANCELLED; "
                   "signal r=%u s=CANCELLED; ",
                   j - i, j, j, j, j - i, j - i, j - i, j - i);
        append(text, sizeof text, "answer c=%u d=A8; answer c=%u d=A8; ", i, i + 1);
    }
    append(text, sizeof text, "read; pf_read; answer d=B8; read_return d=B8; rest");
    judge_one("late answers", text, NULL);
}

/* Answers that the request which is still there might have inherited: at rest it would have ended. */
static void late_answers_beside_a_request_alike(void **state)
{
    (void)state;
    char text[TEXT_BYTES] = "ir r=0; pf_read c=0; return r=0 s=PENDING; ";
    for (unsigned i = 1; i < 70; i++)
        append(text, sizeof text,
               "ir; pf_read c=%u; return s=PENDING; cancel; complete s=CANCELLED; signal s=CANCELLED; "
               "answer c=%u d=A8; rest; ",
               i, i);
    append(text, sizeof text, "answer c=0 d=B8; complete r=0 i=8 d=A8");
    judge_one("late answers beside a request", text, "DC-11");
}

/* Nothing that the model could not follow is held against anybody, and no pass is drawn from it. */
static void more_answers_than_there_is_room_for(void **state)
{
    (void)state;
    char text[TEXT_BYTES] = "ir r=0; pf_read c=0; return r=0 s=PENDING; ";
    for (unsigned i = 1; i < 70; i++)
        append(text, sizeof text,
               "ir; pf_read c=%u; return s=PENDING; cancel; complete s=CANCELLED; signal s=CANCELLED; "
               "answer c=%u d=A8; ",
               i, i);
    append(text, sizeof text,
           "read r=2; pf_read c=70; answer c=70 d=B8; read_return r=2 d=B8; rest; answer c=0 d=B8; "
           "complete r=0 i=8 d=B8; signal r=0 i=8 d=B8; rest");
    const struct history histories[] = { { "no room", text, NULL, .unjudged = true }, { NULL } };
    judge_all(histories);
}

/* A number that is in use is the kit's own mistake: nobody is blamed, and the request goes on. */
static const struct history numbers[] = {
    { "a number in use", "read; read; pf_read; answer d=A8; read_return d=A8; rest" },
    { "a number used again",
      "read; pf_read; answer d=A8; read_return d=A8; write; pf_write; took; write_return; "
      "rest" },
    { "a number that no request may have", "read r=64; read r=4294967295; rest" },
    { "the completion of a number that no request may have", "complete r=64", "WD-04" },
    { "a number whose event is not signalled yet is not free",
      "ir; pf_read; return s=PENDING; answer d=A8; complete i=8 d=A8; read; signal i=8 d=A8; rest" },
    { "a VF that is not there", "read vf=9; ioctl vf=9; query vf=9; raise vf=9 m=1; reset vf=9; rest" },
    { NULL },
};

static const struct history strays[] = {
    { "an answer before any call", "answer d=A8; rest; read; pf_read; answer d=A8; read_return d=A8; rest" },
    { "an answer to a number that comes later does not count", "read; answer d=A8; pf_read; read_return d=A8",
      "DC-05" },
    { "a second answer does not count", "read; pf_read; answer d=A8; answer d=B8; read_return d=B8",
      "RD-02" },
    { "an answer goes to the call that waits, not to one answered before under its number",
      "read; pf_read; read r=2 b=8; pf_read c=5 b=8; answer d=A8; read_return d=A8; answer c=5 d=B8; read "
      "r=3 b=9; "
      "pf_read c=5 b=9; answer c=5 d=Z8; read_return r=3 d=Z8; read_return r=2 d=B8; rest" },
    { "the first answer counts", "read; pf_read; answer d=A8; answer d=B8; read_return d=A8; rest" },
    { "a second answer completes again",
      "ir; pf_read; return s=PENDING; answer d=A8; complete i=8 d=A8; signal i=8 d=A8; answer d=B8; complete "
      "i=8 "
      "d=B8",
      "WD-25" },
    { "a second completion long after it is no stray's doing",
      "ir; pf_read; return s=PENDING; answer d=A8; complete i=8 d=A8; signal i=8 d=A8; answer d=B8; rest; "
      "complete "
      "i=8 d=B8",
      "WD-04" },
    { "a late answer to a timed-out read writes",
      "read; pf_read; read_return s=IO_TIMEOUT d=F8; answer d=A8; late_write offset=0", "DC-05" },
    { "a late answer is handed to the next reader of the block",
      "read; pf_read; read_return s=IO_TIMEOUT d=F8; read r=2; pf_read c=2; answer d=A8; read_return r=2 "
      "d=A8",
      "DC-05" },
    { "answers to two cancelled reads are forgotten at rest, both of them",
      "ir; return s=PENDING; ir r=2; return r=2 s=PENDING; ir r=3; return r=3 s=PENDING; pf_read; pf_read "
      "c=2; "
      "pf_read c=3; cancel; complete s=CANCELLED; signal s=CANCELLED; cancel r=2; complete r=2 s=CANCELLED; "
      "signal r=2 s=CANCELLED; answer d=A8; answer c=2 d=B8; rest; complete r=3 i=8 d=A8",
      "IR-08" },
    { "before it the third read may have one of them",
      "ir; return s=PENDING; ir r=2; return r=2 s=PENDING; ir r=3; return r=3 s=PENDING; pf_read; pf_read "
      "c=2; "
      "pf_read c=3; cancel; complete s=CANCELLED; signal s=CANCELLED; cancel r=2; complete r=2 s=CANCELLED; "
      "signal r=2 s=CANCELLED; answer d=A8; answer c=2 d=B8; complete r=3 i=8 d=A8; signal r=3 i=8 d=A8; "
      "rest" },
    { "a call with more bytes than its length leaves the call beside it alone",
      "write b=1; write r=2 b=2; pf_write b=1; pf_write c=2 b=2; took; write_return; write r=3 b=3; pf_write "
      "c=3 "
      "b=3 d=A8+Z400; took c=2; write_return r=2; took c=3; write_return r=3; rest" },
    { "the next reader gets its own",
      "read; pf_read; read_return s=IO_TIMEOUT d=F8; read r=2; pf_read c=2; answer d=A8; answer c=2 d=B8; "
      "read_return r=2 d=B8; rest" },
    { NULL },
};

static const struct history mixtures[] = {
    { "kinds are told apart: an IOCTL read and a direct read of one block may be exchanged",
      "read; ir r=2; pf_read; pf_read c=2; answer d=A8; answer c=2 d=B8; read_return d=B8; complete r=2 i=8 "
      "d=A8; "
      "return r=2; rest" },
    { "two reads alike, one of which the PF answers with nothing: the other has its bytes and its count",
      "ir; return s=PENDING; ir r=2; return r=2 s=PENDING; pf_read; pf_read c=2; answer d=Z0; answer c=2 "
      "d=B8; "
      "complete i=8 d=B8; signal i=8 d=B8; complete r=2 i=0 d=F8; signal r=2 i=0 d=F8; rest" },
    { "two direct reads alike, one of which the PF answers short",
      "read; read r=2; pf_read; pf_read c=2; answer d=x41; answer c=2 d=A8; read_return d=A8; read_return "
      "r=2 "
      "d=x41+F7; rest" },
    { "two direct reads alike, the shorter answer explains the longer one's bytes, too",
      "read; read r=2; pf_read; pf_read c=2; answer d=Z4; answer c=2 d=Z8; read_return d=Z8; "
      "read_return r=2 d=Z4F4; rest",
      NULL },
    { "the same the other way round",
      "read; read r=2; pf_read; pf_read c=2; answer d=Z8; answer c=2 d=Z4; read_return r=2 d=Z8; "
      "read_return d=Z4F4; rest",
      NULL },
    { "three direct reads alike, each answered with fewer zeros than the next",
      "read; read r=2; read r=3; pf_read; pf_read c=2; pf_read c=3; answer d=Z2; answer c=2 d=Z4; answer c=3 "
      "d=Z8; read_return d=Z4F4; read_return r=2 d=Z8; read_return r=3 d=Z2F6; rest",
      NULL },
    { "two IOCTL reads alike, the count tells the shorter answer from the longer one",
      "ir; return s=PENDING; ir r=2; return r=2 s=PENDING; pf_read; pf_read c=2; answer d=Z4; answer c=2 "
      "d=Z8; "
      "complete i=4 d=Z8; signal i=4 d=Z8; complete r=2 i=8 d=Z8; signal r=2 i=8 d=Z8; rest" },
    { "two writes alike, one of which the PF takes in part",
      "iw; return s=PENDING; iw r=2; return r=2 s=PENDING; pf_write; pf_write c=2; took n=3; took c=2; "
      "complete i=8; signal i=8; complete r=2 i=3; signal r=2 i=3; rest" },
    { "two reads alike, one of which fails, and the other is short",
      "ir; return s=PENDING; ir r=2; return r=2 s=PENDING; pf_read; pf_read c=2; answer d=A3; answer c=2 "
      "s=NOT_FOUND; complete s=NOT_FOUND d=F8; signal s=NOT_FOUND d=F8; complete r=2 i=3 d=A3+F5; signal r=2 "
      "i=3 d=A3+F5; rest" },
    { "two reads alike, each with an error of its own, strict",
      "read; read r=2; pf_read; pf_read c=2; answer s=NOT_FOUND; answer c=2 s=BAD_DATA; read_return "
      "s=BAD_DATA; "
      "read_return r=2 s=NOT_FOUND; rest",
      NULL, .profile = "strict" },
    { "a write's call is not a read's", "read; pf_write", "WR-01" },
    { "a read's call is not a write's", "write; pf_read", "RD-01" },
    { "bytes of another request of the VF",
      "read b=1; read r=2 b=2; pf_read b=1; pf_read c=2 b=2; answer d=A8; answer c=2 d=B8; read_return d=B8",
      "DC-11" },
    { "bytes of another length of the block",
      "read n=16; read r=2; pf_read n=16; pf_read c=2; answer d=A16; answer c=2 d=B8; read_return r=2 d=A8",
      "DC-11" },
    { "a read beside a write of the block sees either",
      "write d=B8; read r=2; pf_write d=B8; pf_read c=2; answer c=2 d=A8; read_return r=2 d=A8; took; "
      "write_return; "
      "rest" },
    { "data with nobody's bytes are no proof of a mixture",
      "read vf=1 r=2; pf_read vf=1 c=2; answer c=2 d=Z8; read_return r=2 d=Z8; read; read_return "
      "s=IO_TIMEOUT",
      "RD-01" },
    { NULL },
};

static void judges_numbers(void **state)
{
    (void)state;
    judge_all(numbers);
}

static void judges_strays(void **state)
{
    (void)state;
    judge_all(strays);
}

static void judges_mixtures(void **state)
{
    (void)state;
    judge_all(mixtures);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_assignment_of_five_answers_passes),
        cmocka_unit_test(every_order_of_completion_passes),
        cmocka_unit_test(one_call_at_a_time_over_all_requests),
        cmocka_unit_test(sixty_four_calls_at_once),
        cmocka_unit_test(late_answers_leave_nothing_behind),
        cmocka_unit_test(late_answers_beside_a_request_alike),
        cmocka_unit_test(more_answers_than_there_is_room_for),
        cmocka_unit_test(judges_numbers),
        cmocka_unit_test(judges_strays),
        cmocka_unit_test(judges_mixtures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
