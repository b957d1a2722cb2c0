/* SPDX-License-Identifier: MIT */
/* tests/unit/test_model_exercised.c - which requirements a history shows: a rule that something decided
 * counts, one that was merely near does not. A pass that nothing was at stake for would be no pass. */
#include "tests/unit/history.h"

#define SHOWS(ids)   .exercised = ids
#define BUT_NOT(ids) .not_exercised = ids

static const struct history transfers[] = {
    { "nothing", "rest", SHOWS(""),
      BUT_NOT("RD-01 WR-01 IV-01 WD-04 WD-07 WD-25 QI-01 DC-12 RS-01 RM-01 IV-13") },
    { "a call that is not answered", "read; pf_read; rest", SHOWS("RD-01 RD-05 DC-08 PF-03 PF-04"),
      BUT_NOT("RD-02 DC-12 RD-03 RD-07") },
    { "a read", "read; pf_read; answer d=A8; read_return d=A8",
      SHOWS("RD-01 RD-02 RD-03 RD-05 DC-04 DC-05 DC-12"),
      BUT_NOT("RD-04 RD-07 DC-10 DC-11 DC-03 DC-07 WR-01 PF-10 WR-06 IV-17 IV-15 IW-18 DC-13") },
    { "a write", "write; pf_write; took; write_return", SHOWS("WR-01 WR-02 WR-03 WR-04 DC-09 DC-12"),
      BUT_NOT("RD-01 WR-06") },
    { "128 bytes", "read n=128; pf_read n=128; answer d=A128; read_return d=A128", SHOWS("DC-03") },
    { "129 bytes", "read n=129; read_return s=INVALID_PARAMETER", SHOWS("DC-02 WD-10"),
      BUT_NOT("RD-01 DC-03") },
    { "a failure", "read; pf_read; answer s=NOT_FOUND; read_return s=NOT_FOUND", SHOWS("RD-07 RD-01"),
      BUT_NOT("RD-02") },
    { "a short read", "read; pf_read; answer d=A3; read_return d=A3+F5", SHOWS("RD-04") },
    { "a second read",
      "read; pf_read; answer d=A8; read_return d=A8; read; pf_read; answer d=B8; read_return d=B8",
      SHOWS("PF-10"), BUT_NOT("WR-06") },
    { "a read after a write of what was read",
      "read; pf_read; answer d=A8; read_return d=A8; write; pf_write; took; write_return; read; pf_read; "
      "answer "
      "d=B8; read_return d=B8",
      SHOWS("WR-06") },
    { "two at once", "read; read r=2 b=9; pf_read; pf_read c=2 b=9; answer d=A8; read_return d=A8",
      SHOWS("DC-11"), BUT_NOT("DC-10") },
    { "one after the other",
      "read; pf_read; answer d=A8; read_return d=A8; read b=9; pf_read b=9; answer d=A8; "
      "read_return d=A8",
      BUT_NOT("DC-11 DC-10") },
    { "two VFs",
      "read vf=1; pf_read vf=1; answer d=B8; read_return d=B8; read; pf_read; answer d=A8; read_return "
      "d=A8",
      SHOWS("DC-10") },
    { "news for another VF", "raise m=1 vf=1; read; pf_read; answer d=A8; read_return d=A8", SHOWS("DC-10") },
    { "another's Context", "read context_vf=1; pf_read vf=1; answer d=A8; read_return d=A8", SHOWS("DC-13") },
    { "IRQL", "read irql=1; pf_read irql=0; answer d=A8; read_return d=A8 irql=1", SHOWS("DC-07 PF-02") },
    { "beside a held one", "iv r=2; return r=2 s=PENDING; read; pf_read; answer d=A8; read_return d=A8",
      SHOWS("IV-15") },
    { "refused and then not",
      "write; pf_write; took s=NOT_FOUND; write_return s=NOT_FOUND; write; pf_write; took; "
      "write_return",
      SHOWS("IW-18") },
    { "after the news",
      "raise m=0x80; iv; complete m=0x80; return; read; pf_read; answer d=A8; read_return d=A8",
      SHOWS("IV-17") },
    { "after the news, a block that has no bit",
      "raise m=1; iv; complete m=1; return; read b=64; pf_read b=64; answer d=A8; read_return d=A8",
      BUT_NOT("IV-17") },
    { "after the news of another block",
      "raise m=1; iv; complete m=1; return; read; pf_read; answer d=A8; read_return "
      "d=A8",
      BUT_NOT("IV-17") },
    { NULL },
};

static const struct history requests[] = {
    { "a read", "ir; pf_read; return s=PENDING marked=1; answer d=A8; complete i=8 d=A8; signal i=8 d=A8",
      SHOWS("IR-05 IR-07 IR-08 WD-01 WD-04 WD-05 WD-24 IW-15 IW-17 WD-23"),
      BUT_NOT("IR-04 IR-06 IR-09 IR-10 IR-11 WD-03 WD-06 WD-20 WD-22 WD-07") },
    { "a write", "iw; pf_write; took; complete i=8; return marked=0",
      SHOWS("IW-11 IW-13 IW-14 WD-04 WD-06 WD-24"), BUT_NOT("IW-08 IW-09 IW-10 IW-12 IW-17 IW-19") },
    { "too short", "ir input_length=7; complete s=BUFFER_TOO_SMALL d=F8; return s=BUFFER_TOO_SMALL",
      SHOWS("IR-04 IR-06 WD-10"), BUT_NOT("IR-05 IR-08") },
    { "too long", "ir n=129; complete s=INVALID_PARAMETER; return s=INVALID_PARAMETER",
      SHOWS("IR-10 IR-06") },
    { "a write too short", "iw input_length=7; complete s=BUFFER_TOO_SMALL", SHOWS("IW-08 IW-12") },
    { "a write that claims too much", "iw n=100 input_length=12; complete s=INVALID_PARAMETER",
      SHOWS("IW-09 IW-12"), BUT_NOT("IW-10") },
    { "a write too long", "iw n=129; complete s=INVALID_PARAMETER", SHOWS("IW-10"), BUT_NOT("IW-09") },
    { "without an event", "ir user_event=0; pf_read; answer d=A8; complete i=8 d=A8; return",
      SHOWS("IR-11") },
    { "completed, then PENDING",
      "ir; pf_read; answer d=A8; complete i=8 d=A8 marked=1; return s=PENDING marked=1",
      SHOWS("WD-02 WD-03") },
    { "cancelled", "ir; pf_read; return s=PENDING; cancel; complete s=CANCELLED", SHOWS("WD-20") },
    { "without memory", "low_resources n=1; ir; complete s=INSUFFICIENT_RESOURCES", SHOWS("IR-09"),
      BUT_NOT("IW-19") },
    { "a write without memory", "low_resources n=1; iw; pf_write; took; complete i=8", SHOWS("IW-19") },
    { "a notification without memory", "low_resources n=1; iv; complete s=INSUFFICIENT_RESOURCES",
      SHOWS("IV-16") },
    { "an unknown code", "ioctl code=3 d=Z8; complete s=INVALID_DEVICE_REQUEST", SHOWS("WD-09 WD-24") },
    { "a changed input",
      "iw; return s=PENDING; input_change d=x0700000008000000+B8; pf_write d=B8; took; complete i=8",
      SHOWS("WD-17 WD-18") },
    { "rest after an end", "ir n=129; complete s=INVALID_PARAMETER; return s=INVALID_PARAMETER; rest",
      SHOWS("WD-07") },
    { "rest after an end, memory is not shared",
      "ir n=129; complete s=INVALID_PARAMETER; return s=INVALID_PARAMETER; rest", BUT_NOT("WD-07"),
      .not_claimed = VPCI_CAPABILITY_BIT(SHARED_MEMORY) },
    { "a stray and rest", "answer c=9; rest", SHOWS("WD-25") },
    { "a stray without rest", "answer c=9", BUT_NOT("WD-25") },
    { "sent from inside", "iv; return s=PENDING; raise m=1; complete m=1; ir r=2; complete r=2 s=CANCELLED",
      "IR-08" },
    { "sent from inside, completed",
      "iv; return s=PENDING; raise m=1; complete m=1; ir r=2; pf_read; answer d=A8; complete r=2 i=8 d=A8",
      SHOWS("WD-08") },
    { NULL },
};

static const struct history others[] = {
    { "told", "iv; return s=PENDING; raise m=1; complete m=1", SHOWS("IV-01 IV-02 IV-03 IV-05 IV-06"),
      BUT_NOT("IV-04 IV-11 IV-12 IV-13 IV-14") },
    { "held", "iv; return s=PENDING; rest", SHOWS("IV-01"), BUT_NOT("IV-02 IV-05 IV-11") },
    { "joined", "raise m=1; raise m=4; iv; complete m=5", SHOWS("IV-04") },
    { "not joined", "raise m=1; raise m=1; iv; complete m=1", BUT_NOT("IV-04") },
    { "another VF's", "iv; return s=PENDING; raise vf=1 m=1; rest", SHOWS("IV-11") },
    { "cancelled", "iv; return s=PENDING; cancel; complete s=CANCELLED", SHOWS("IV-12"), BUT_NOT("IV-13") },
    { "raised and cancelled", "iv; return s=PENDING; raise m=1; cancel; complete m=1; signal m=1; rest",
      SHOWS("IV-13") },
    { "too small", "iv input_length=7; complete s=BUFFER_TOO_SMALL", SHOWS("IV-14") },
    { "removed",
      "iv; return s=PENDING; remove; complete s=DEVICE_REMOVED; signal s=DEVICE_REMOVED; remove_return",
      SHOWS("WD-22"), BUT_NOT("RM-01 QI-12") },
    { "another VF removed", "read vf=1; pf_read vf=1; remove; remove_return; answer d=A8; read_return d=A8",
      SHOWS("RM-01") },
    { "a call after removal",
      "query; query_return iface=1; remove; remove_return; read; read_return s=DEVICE_REMOVED",
      SHOWS("QI-12 WD-22") },
    { "reset", "read; pf_read; reset; reset_return; answer d=A8; read_return d=A8", SHOWS("RS-02"),
      BUT_NOT("RS-01") },
    { "another VF reset", "read vf=1; pf_read vf=1; reset; reset_return; answer d=A8; read_return d=A8",
      SHOWS("RS-01"), BUT_NOT("RS-02") },
    { "a query", "query; query_return iface=1", SHOWS("QI-01 QI-05 QI-06 QI-07 QI-13"),
      BUT_NOT("QI-04 QI-09 QI-14 QI-16 QI-12") },
    { "an unknown interface", "query guid=3; query_return s=NOT_SUPPORTED d=Z56", SHOWS("QI-04"),
      BUT_NOT("QI-01 QI-06") },
    { "two VFs' numbers", "query; query_return iface=1; query vf=1; query_return iface=2", SHOWS("QI-14") },
    { "references", "references references=1; reference; references references=2", SHOWS("QI-09") },
    { "references once", "references references=1", BUT_NOT("QI-09") },
    { "before the start", "query; query_return iface=1", SHOWS("QI-16"), .not_started = true },
    { NULL },
};

#define REGISTERS .role = VPCI_ROLE_STACK, .claimed = VPCI_CAPABILITY_BIT(REGISTER_BLOCKS)

static const struct history registers[] = {
    { "a read", "read; read_return d=Z8", SHOWS("RD-02"), BUT_NOT("WR-06 DC-10 DC-11 RD-01"), REGISTERS },
    { "a write", "write; write_return", BUT_NOT("RD-02 WR-06"), REGISTERS },
    { "a read after a write", "write; write_return; read; read_return d=A8", SHOWS("RD-02 WR-06"),
      REGISTERS },
    { "a read beside another VF's", "write vf=1; write_return; read; read_return d=Z8", SHOWS("DC-10"),
      BUT_NOT("WR-06 DC-11"), REGISTERS },
    { "two reads at once", "read; read r=2; read_return d=Z8", SHOWS("DC-11"), REGISTERS },
    { "a read by IOCTL", "ir; complete i=8 d=Z8", SHOWS("IR-08 IR-05 WD-24"), REGISTERS },
    { "opaque", "write; write_return; read; read_return d=A8", BUT_NOT("RD-02 WR-06"),
      .role = VPCI_ROLE_STACK },
    { NULL },
};

static void registers_show_their_requirements(void **state)
{
    (void)state;
    judge_all(registers);
}

static void transfers_show_their_requirements(void **state)
{
    (void)state;
    judge_all(transfers);
}

static void requests_show_their_requirements(void **state)
{
    (void)state;
    judge_all(requests);
}

static void the_rest_shows_its_requirements(void **state)
{
    (void)state;
    judge_all(others);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transfers_show_their_requirements),
        cmocka_unit_test(requests_show_their_requirements),
        cmocka_unit_test(the_rest_shows_its_requirements),
        cmocka_unit_test(registers_show_their_requirements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
