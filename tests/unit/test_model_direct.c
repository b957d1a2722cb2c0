/* SPDX-License-Identifier: MIT */
/* tests/unit/test_model_direct.c - the judge on direct calls: DC, RD, WR. Each breach has a twin beside it
 * that uses a freedom instead and must pass. */
#include "tests/unit/history.h"

static const struct history lengths[] = {
    { "above APC_LEVEL it may be refused", "read irql=2; read_return s=INVALID_DEVICE_STATE irql=2; rest" },
    { "at APC_LEVEL it may not", "read irql=1; read_return s=INVALID_DEVICE_STATE irql=1", "RD-01" },
    { "a read", "read; pf_read; answer d=A8; read_return d=A8; rest", NULL },
    { "a write", "write; pf_write; took; write_return; rest", NULL },
    { "128 bytes", "read n=128; pf_read n=128; answer d=A128; read_return d=A128", NULL },
    { "128 bytes are refused", "read n=128; read_return s=INVALID_PARAMETER d=F128", "DC-03" },
    { "8 bytes are refused", "read; read_return s=INVALID_PARAMETER d=F8", "RD-01" },
    { "a write of 8 bytes is refused", "write; write_return s=INVALID_PARAMETER", "WR-01" },
    { "129 bytes are refused", "read n=129; read_return s=INVALID_PARAMETER d=F129; rest", NULL },
    { "129 bytes are refused, the buffer cleared", "read n=129; read_return s=UNSUCCESSFUL d=Z129", NULL },
    { "129 bytes are refused, and one more is stored", "read n=129; read_return s=INVALID_PARAMETER d=F130",
      "DC-02" },
    { "129 bytes succeed", "read n=129; read_return d=A129", "DC-02" },
    { "129 bytes reach the PF", "read n=129; pf_read n=129", "DC-02" },
    { "129 bytes reach the PF as 128", "read n=129; pf_read n=128", "DC-02" },
    { "129 written bytes reach the PF", "write n=129; pf_write n=129", "DC-02" },
    { "4294967295 bytes are refused", "write n=4294967295; write_return s=INVALID_PARAMETER", NULL },
    { "129 bytes never return", "read n=129; rest", "DC-02" },
    { "no byte is read, with success", "read n=0; read_return", NULL },
    { "no byte is read, refused", "read n=0; read_return s=INVALID_PARAMETER", NULL },
    { "no byte is read, through the PF", "read n=0; pf_read n=0; answer; read_return; rest", NULL },
    { "no byte is read, the PF refuses", "read n=0; pf_read n=0; answer s=NOT_FOUND; read_return s=NOT_FOUND",
      NULL },
    { "no byte is read, the PF refuses, success", "read n=0; pf_read n=0; answer s=NOT_FOUND; read_return",
      "RD-07" },
    { "no byte is written, success before the PF took it", "write n=0; pf_write n=0; write_return", "WR-04" },
    { "of two empty writes only one asks the PF",
      "write n=0; write n=0 r=2; pf_write n=0; write_return; took; write_return r=2; rest", NULL },
    { "no byte is read, the PF is asked for 8", "read n=0; pf_read n=8", "RD-05" },
    { "no byte is read, the PF is asked twice", "read n=0; pf_read n=0; answer; pf_read c=2 n=0", "RD-01" },
    { "no byte is read and never returned", "read n=0; rest", "DC-12" },
    { "no byte is read, and one is stored", "read n=0; read_return d=A1", "RD-03" },
    { NULL },
};

static const struct history statuses[] = {
    { "returns PENDING", "read; pf_read; answer d=A8; read_return s=PENDING d=A8", "DC-04" },
    { "returns a warning", "read; pf_read; answer d=A8; read_return s=BUFFER_OVERFLOW d=A8", "DC-04" },
    { "returns an informational status", "write; pf_write; took; write_return s=0x40000000", "DC-04" },
    { "fails although the PF did not", "read; pf_read; answer d=A8; read_return s=UNSUCCESSFUL", "DC-04" },
    { "succeeds although the PF did not", "read; pf_read; answer s=UNSUCCESSFUL; read_return d=F8", "RD-07" },
    { "fails as the PF did", "read; pf_read; answer s=NOT_FOUND; read_return s=NOT_FOUND d=F8", NULL },
    { "fails with another code", "read; pf_read; answer s=NOT_FOUND; read_return s=UNSUCCESSFUL d=F8", NULL },
    { "a write succeeds although the PF failed", "write; pf_write; took s=UNSUCCESSFUL; write_return",
      "WR-04" },
    { "a write returns before the PF took it", "write; pf_write; write_return", "WR-04" },
    { "a read returns before the PF answered", "read; pf_read; read_return d=A8", "DC-05" },
    { "fails as if cancelled, which a call cannot be",
      "read; pf_read; answer d=A8; cancel; read_return s=CANCELLED", "DC-04" },
    { "gives up on a slow PF", "read; pf_read; read_return s=IO_TIMEOUT; answer d=A8; rest", NULL },
    { "gives up while waiting for its turn",
      "read; pf_read; read r=2 b=8; read_return r=2 s=IO_TIMEOUT; answer d=A8; read_return d=A8; rest",
      NULL },
    { "refuses because the PF is busy", "read; pf_read; read r=2 b=8; read_return r=2 s=INVALID_DEVICE_STATE",
      "RD-01" },
    { "the PF answers with a warning", "read; pf_read; answer s=BUFFER_OVERFLOW d=A8; read_return d=A8",
      NULL },
    { "the PF answers PENDING", "write; pf_write; took s=PENDING; write_return s=PENDING", NULL },
    { "returns to another IRQL", "read irql=1; pf_read; answer d=A8; read_return d=A8 irql=0", "DC-07" },
    { "returns to its IRQL", "read irql=1; pf_read irql=0; answer d=A8; read_return d=A8 irql=1", NULL },
    { "the IRQL is not modelled", "read irql=1; pf_read irql=1; answer d=A8; read_return d=A8 irql=0", NULL,
      .not_claimed = VPCI_CAPABILITY_BIT(IRQL) },
    { "never returns although the PF answered", "read; pf_read; answer d=A8; rest", "DC-12" },
    { "waits for the PF", "read; pf_read; rest; rest", NULL },
    { "never asks the PF", "read; rest", "RD-01" },
    { "a write never asks the PF", "write; rest", "WR-01" },
    { "returns twice", "read; pf_read; answer d=A8; read_return d=A8; read_return d=A8", "DC-05" },
    { "returns without a call", "read_return r=9", "DC-05" },
    { "a write returns from a read", "read; write_return", "DC-05" },
    { NULL },
};

static const struct history bytes[] = {
    { "other bytes", "read; pf_read; answer d=A8; read_return d=B8", "RD-02" },
    { "the last byte differs", "read; pf_read; answer d=A8; read_return d=A7+x00", "RD-02" },
    { "bytes are shifted", "read; pf_read; answer d=A8; read_return d=x00+A7", "RD-02" },
    { "more bytes than the buffer has", "read; pf_read; answer d=A8; read_return d=A8+x00", "RD-03" },
    { "a byte more that looks untouched", "read; pf_read; answer d=A8; read_return d=A8+F1", "RD-03" },
    { "zeros are data, too", "read; pf_read; answer d=Z8; read_return d=Z8", NULL },
    { "fill bytes are data, too", "read; pf_read; answer d=F8; read_return d=F8", NULL },
    { "a short read, zero behind it", "read; pf_read; answer d=A3; read_return d=A3+Z5", NULL },
    { "a short read, untouched behind it", "read; pf_read; answer d=A3; read_return d=A3+F5", NULL },
    { "a short read, mixed behind it", "read; pf_read; answer d=A3; read_return d=A3+Z2+F3", NULL },
    { "a short read, something behind it", "read; pf_read; answer d=A3; read_return d=A3+Z4+x01", "RD-04" },
    { "a short read is an error", "read; pf_read; answer d=A3; read_return s=UNSUCCESSFUL d=F8", NULL },
    { "a short read of nothing", "read; pf_read; answer; read_return d=F8", NULL },
    { "a short read, other bytes", "read; pf_read; answer d=A3; read_return d=B3+Z5", "RD-02" },
    { "other bytes are written", "write; pf_write d=B8", "DC-09" },
    { "written bytes stop at a zero", "write d=x4100434445464748; pf_write d=x4100000000000000", "DC-09" },
    { "fewer bytes are written", "write; pf_write n=7", "WR-03" },
    { "more bytes are written", "write; pf_write n=9", "WR-03" },
    { "more bytes are read", "read; pf_read n=9", "RD-05" },
    { "far more bytes are read", "read; pf_read n=200", "PF-04" },
    { "another block is read", "read b=0x80000007; pf_read b=7", "DC-08" },
    { "the highest block", "read b=0xFFFFFFFF; pf_read b=0xFFFFFFFF; answer d=A8; read_return d=A8", NULL },
    { "a cached read", "read; pf_read; answer d=A8; read_return d=A8; read; read_return d=A8", "PF-10" },
    { "a cached read after a write",
      "read; pf_read; answer d=A8; read_return d=A8; write; pf_write; took; write_return; read; read_return "
      "d=A8",
      "WR-06" },
    { "a cached read after a notification",
      "read; pf_read; answer d=A8; read_return d=A8; iv r=2; return r=2 s=PENDING marked=1; raise m=0x80; "
      "complete r=2 m=0x80; signal r=2 m=0x80; read; read_return d=A8",
      "IV-17" },
    { "a cached read after a notification of another block",
      "read; pf_read; answer d=A8; read_return d=A8; raise m=0x40; read; read_return d=A8", "PF-10" },
    { "two reads, two calls",
      "read; pf_read; answer d=A8; read_return d=A8; read; pf_read c=2; answer c=2 d=B8; read_return d=B8",
      NULL },
    { "a read does not need to see the write before it",
      "write; pf_write; took; write_return; read; pf_read; answer d=B8; read_return d=B8; rest", NULL },
    { "success out of nothing", "read; read_return d=F8", "RD-01" },
    { "a written success out of nothing", "write; write_return", "WR-01" },
    { "asks twice", "read; pf_read; pf_read c=2", "RD-01" },
    { "asks twice, one after the other", "write; pf_write; took; pf_write c=2", "WR-01" },
    { "asks after the return", "low_resources n=1; write; write_return s=INSUFFICIENT_RESOURCES; pf_write",
      "DC-05" },
    { "asks out of nothing", "pf_read", "RD-01" },
    { "writes out of nothing", "pf_write", "WR-01" },
    { "a number of a call is used again",
      "read; pf_read; answer d=A8; read r=2 b=8; pf_read b=8; answer d=B8; read_return d=A8; read_return r=2 "
      "d=B8; rest",
      NULL },
    { NULL },
};

/* Ruling 14: what cannot be told apart at the PF may be exchanged. */
static const struct history twins[] = {
    { "answers in order",
      "read; read r=2; pf_read; pf_read c=2; answer d=A8; answer c=2 d=B8; read_return d=A8; read_return r=2 "
      "d=B8; rest",
      NULL },
    { "answers crosswise",
      "read; read r=2; pf_read; pf_read c=2; answer d=A8; answer c=2 d=B8; read_return d=B8; read_return r=2 "
      "d=A8; rest",
      NULL },
    { "the second is through first",
      "read; read r=2; pf_read; pf_read c=2; answer d=A8; read_return r=2 d=A8; rest; answer c=2 d=B8; "
      "read_return d=B8; rest",
      NULL },
    { "three in a ring",
      "read; read r=2; read r=3; pf_read; pf_read c=2; pf_read c=3; answer d=A8; answer c=2 d=B8; answer c=3 "
      "d=Z8; read_return d=B8; read_return r=2 d=Z8; read_return r=3 d=A8; rest",
      NULL },
    { "one answer serves two", "read; read r=2; pf_read; answer d=A8; read_return d=A8; read_return r=2 d=A8",
      "PF-10" },
    { "one error and one success, crosswise",
      "read; read r=2; pf_read; pf_read c=2; answer s=NOT_FOUND; answer c=2 d=A8; read_return d=A8; "
      "read_return r=2 s=NOT_FOUND; rest",
      NULL },
    { "one error serves two",
      "read; read r=2; pf_read; pf_read c=2; answer s=NOT_FOUND; answer c=2 d=A8; read_return s=NOT_FOUND; "
      "read_return r=2 s=NOT_FOUND",
      "DC-04" },
    { "three calls for two", "read; read r=2; pf_read; pf_read c=2; pf_read c=3", "RD-01" },
    { "the one is through with the other's answer, and then asked for itself",
      "read; read r=2; pf_read; answer d=A8; read_return r=2 d=A8; pf_read c=2; answer c=2 d=B8; read_return "
      "d=B8; "
      "rest" },
    { "one at a time",
      "read; read r=2; pf_read; rest; answer d=A8; read_return d=A8; pf_read c=2; rest; answer c=2 d=B8; "
      "read_return r=2 d=B8; rest",
      NULL },
    { "one at a time, and the second is forgotten",
      "read; read r=2; pf_read; rest; answer d=A8; read_return d=A8; rest", "RD-01" },
    { "one at a time over all VFs",
      "read; read r=2 vf=1; pf_read; rest; answer d=A8; read_return d=A8; "
      "pf_read c=2 vf=1; answer c=2 d=B8; read_return r=2 d=B8; rest",
      NULL },
    { "an answered one is forgotten while another VF's waits",
      "read; read r=2 vf=1; pf_read; pf_read c=2 vf=1; answer d=A8; rest", "DC-12" },
    { "lengths tell them apart",
      "read; read r=2 n=4; pf_read; pf_read c=2 n=4; answer d=A8; answer c=2 d=B4; "
      "read_return d=B4+Z4",
      "RD-02" },
    { "two writes of the same bytes",
      "write; write r=2; pf_write; pf_write c=2; took c=2; write_return; took; write_return r=2; rest",
      NULL },
    { "two writes of different bytes",
      "write d=A8; write r=2 d=B8; pf_write d=A8; pf_write c=2 d=B8; took; "
      "write_return r=2",
      "WR-04" },
    { NULL },
};

static const struct history places[] = {
    { "the PF is told another VF", "read vf=0; pf_read vf=1", "PF-03" },
    { "the PF is told no VF", "read vf=0; pf_read vf=2", "PF-03" },
    { "the PF is called above PASSIVE_LEVEL", "read irql=1; pf_read irql=1", "PF-02" },
    { "bytes of another VF",
      "read vf=1 r=2; pf_read vf=1 c=2; answer c=2 d=B8; read_return r=2 d=B8; read; pf_read; answer d=A8; "
      "read_return d=B8",
      "DC-10" },
    { "two VFs at once, crosswise",
      "read; read r=2 vf=1; pf_read; pf_read c=2 vf=1; answer d=A8; answer c=2 d=B8; read_return d=B8",
      "DC-10" },
    { "another VF's Context", "read context_vf=1; pf_read vf=1; answer d=A8; read_return d=A8", NULL },
    { "another VF's Context is refused", "read context_vf=1; read_return s=INVALID_PARAMETER", NULL },
    { "another VF's Context is ignored", "read context_vf=1; pf_read vf=0", "DC-13" },
    { "another VF's Context, and a third one's VF", "read context_vf=1; pf_read vf=2", "PF-03", .vfs = 3 },
    { "nobody's Context is refused", "read context_vf=9; read_return s=INVALID_PARAMETER; rest", NULL },
    { "another VF's Context, success out of nothing", "write context_vf=1; write_return", "WR-01" },
    { "the reader's buffer is overrun", "read; overrun offset=8", "RD-03" },
    { "the writer's buffer is changed", "write; input_modified offset=0", "WR-02" },
    { "the writer's buffer is left", "write; overrun offset=8", "WR-02" },
    { "the buffer is written after the return",
      "read; pf_read; answer d=A8; read_return d=A8; late_write offset=0", "DC-05" },
    { "a refused read overruns", "read n=129; overrun offset=129", "DC-02" },
    { "a crash at a refused length", "write n=300; crash", "DC-02" },
    { "a crash at a read", "read; crash signal=11", "RD-03" },
    { "a hang at a read", "read; hang", "DC-12" },
    { "a crash at the answer", "read; pf_read; answer d=A8; crash", "DC-12" },
    { "a crash at a second answer", "read; pf_read; answer d=A8; read_return d=A8; answer d=A8; crash",
      "WD-25" },
    { "a second answer",
      "read; pf_read; answer d=A8; read_return d=A8; answer d=B8; rest; read; pf_read; "
      "answer d=Z8; read_return d=Z8; rest",
      NULL },
    { "an unknown answer", "answer c=77 d=A8; took c=78; rest", NULL },
    { NULL },
};

static void judges_lengths(void **state)
{
    (void)state;
    judge_all(lengths);
}

static void judges_statuses(void **state)
{
    (void)state;
    judge_all(statuses);
}

static void judges_bytes(void **state)
{
    (void)state;
    judge_all(bytes);
}

static void accepts_every_assignment_of_answers(void **state)
{
    (void)state;
    judge_all(twins);
}

static void judges_who_is_concerned(void **state)
{
    (void)state;
    judge_all(places);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_lengths),
        cmocka_unit_test(judges_statuses),
        cmocka_unit_test(judges_bytes),
        cmocka_unit_test(accepts_every_assignment_of_answers),
        cmocka_unit_test(judges_who_is_concerned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
