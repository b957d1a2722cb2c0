/* SPDX-License-Identifier: MIT */
/* tests/unit/test_model_lifecycle.c - the judge on removal (WD-22), reset (RS), isolation (RS-01, RM-01,
 * DC-10) and failing allocations, with all sorts of requests outstanding. */
#include "tests/unit/history.h"

#define HELD    "iv; return s=PENDING marked=1; "
#define READING "ir r=2; pf_read; return r=2 s=PENDING marked=1; "

static const struct history removals[] = {
    { "everything is failed", HELD READING
      "read r=3 b=9; pf_read c=3 b=9; remove; complete s=DEVICE_REMOVED; signal s=DEVICE_REMOVED; "
      "complete r=2 s=CANCELLED; signal r=2 s=CANCELLED; remove_return; read_return r=3 "
      "s=DEVICE_REMOVED; rest; answer d=A8; answer c=3 d=B8; rest" },
    { "a held one is forgotten", HELD "remove; remove_return", "WD-22" },
    { "a pending read is forgotten", READING "remove; remove_return", "WD-22" },
    { "a call waits for the PF", "read; pf_read; remove; remove_return; rest; answer d=A8; read_return d=A8; "
                                 "rest" },
    { "a call waits for the PF and fails then",
      "read; pf_read; remove; remove_return; rest; answer d=A8; read_return s=DEVICE_REMOVED; rest" },
    { "a call hangs after the answer", "read; pf_read; remove; remove_return; answer d=A8; rest", "WD-22" },
    { "what the PF has answered ends either way",
      READING "answer d=A8; remove; complete r=2 i=8 d=A8; signal r=2 i=8 d=A8; remove_return; rest" },
    { "a failure with Information", READING "remove; complete r=2 s=DEVICE_REMOVED i=8", "IR-06" },
    { "a success out of nothing", READING "remove; complete r=2 i=8 d=F8", "IR-08" },
    { "completed twice", HELD "remove; complete s=DEVICE_REMOVED; complete s=DEVICE_REMOVED", "WD-04" },
    { "a new read is served", "remove; remove_return; read; read_return d=A8", "WD-22" },
    { "a new read reaches the PF", "remove; remove_return; read; pf_read", "WD-22" },
    { "a new request is held", "remove; remove_return; " HELD "rest", "WD-22" },
    { "a new request is refused, its buffer cleared",
      "remove; remove_return; ir; complete s=NO_SUCH_DEVICE d=Z8; return s=NO_SUCH_DEVICE; rest" },
    { "a new short request is refused as removed",
      "remove; remove_return; ir input_length=0; complete s=DEVICE_REMOVED; return s=DEVICE_REMOVED; rest" },
    { "beside the removal a read is served",
      "read; pf_read; remove; read r=2 b=9; answer d=A8; read_return d=A8; pf_read c=2 b=9; answer c=2 d=B8; "
      "read_return r=2 d=B8; remove_return; rest" },
    { "beside the removal a read is refused",
      "read; pf_read; remove; read r=2 b=9; read_return r=2 s=DELETE_PENDING; answer d=A8; read_return d=A8; "
      "remove_return; rest" },
    { "beside the removal, success out of nothing", "remove; read; read_return d=F8", "RD-01" },
    { "news that were there before it are still delivered",
      "raise m=1; iv; remove; complete m=1; return; remove_return; rest" },
    { "news that come beside it are delivered", HELD "remove; raise m=1; complete m=1; signal m=1; "
                                                     "remove_return; rest" },
    { "news that come beside it are not delivered",
      HELD "remove; raise m=1; complete s=DEVICE_REMOVED; signal s=DEVICE_REMOVED; remove_return; rest" },
    { "news that come while it waits for the PF are not delivered yet",
      HELD "read r=5; pf_read; remove; raise m=1; rest; answer d=A8; read_return r=5 d=A8; complete "
           "s=DEVICE_REMOVED; "
           "signal s=DEVICE_REMOVED; remove_return; rest" },
    { "news that came just before it are not delivered while it waits for the PF",
      HELD "read r=5; pf_read; raise m=1; remove; rest; answer d=A8; read_return r=5 d=A8; complete "
           "s=DEVICE_REMOVED; "
           "signal s=DEVICE_REMOVED; remove_return; rest" },
    { "the PF sees a cancelled read after it",
      "ir; return s=PENDING marked=1; cancel; complete s=CANCELLED; signal s=CANCELLED; remove; "
      "remove_return; pf_read",
      "IR-08" },
    { "news that never came are delivered", HELD "remove; complete m=1", "IV-01" },
    { "news that come after it", "remove; remove_return; raise m=1; rest" },
    { "it never returns", "remove; rest", "WD-22" },
    { "one that came beside it is refused a little later",
      HELD "remove; complete s=DEVICE_REMOVED; ir r=5; return r=5 s=PENDING; signal s=DEVICE_REMOVED; "
           "remove_return; complete r=5 s=NO_SUCH_DEVICE; signal r=5 s=NO_SUCH_DEVICE; rest" },
    { "one that came after it is refused after a second removal",
      "remove; remove_return; remove; ir; return s=PENDING; remove_return; complete s=NO_SUCH_DEVICE; signal "
      "s=NO_SUCH_DEVICE; rest" },
    { "one that came after it is forgotten after a second removal",
      "remove; remove_return; remove; ir; return s=PENDING; remove_return; rest", "WD-22" },
    { "a transfer that came beside it is forgotten",
      HELD "remove; complete s=DEVICE_REMOVED; ir r=5; pf_read; return r=5 s=PENDING; signal "
           "s=DEVICE_REMOVED; remove_return; rest",
      "WD-22" },
    { "a notification that was asked for beside it is held",
      HELD "remove; complete s=DEVICE_REMOVED; iv r=5; return r=5 s=PENDING; signal s=DEVICE_REMOVED; "
           "remove_return; rest",
      "WD-22" },
    { "it waits for the PF",
      "read; pf_read; remove; rest; answer d=A8; read_return d=A8; remove_return; rest" },
    { "it waits for the PF and never returns",
      "read; pf_read; remove; rest; answer d=A8; read_return d=A8; rest", "WD-22" },
    { "a crash in it", "remove; crash", "WD-22" },
    { "a crash of a call after it, without an interface", "remove; remove_return; read; crash", "QI-12" },
    { "a crash of an IOCTL after it", "remove; remove_return; ir; crash", "WD-22" },
    { "the PF is asked for a VF that is gone", "remove; remove_return; pf_read", "WD-22" },
    { "an answer that comes too late", READING
      "remove; complete r=2 s=DEVICE_REMOVED; signal r=2 s=DEVICE_REMOVED; remove_return; answer d=A8; "
      "rest; read vf=1; pf_read vf=1; answer d=B8; read_return d=B8; rest" },
    { "an answer that comes too late completes again",
      READING
      "remove; complete r=2 s=DEVICE_REMOVED; signal r=2 s=DEVICE_REMOVED; remove_return; answer d=A8; "
      "complete r=2 i=8 d=A8",
      "WD-25" },
    { "the other VF goes on",
      "read vf=1; pf_read vf=1; remove; remove_return; answer d=A8; read_return d=A8; "
      "rest" },
    { "the other VF's read is failed",
      "read vf=1; pf_read vf=1; remove; remove_return; answer d=A8; read_return "
      "s=DEVICE_REMOVED",
      "RM-01" },
    { "the other VF's read is forgotten", "read vf=1; pf_read vf=1; remove; remove_return; answer d=A8; rest",
      "RM-01" },
    { "the other VF's held one is failed", "iv vf=1; return s=PENDING; remove; complete s=DEVICE_REMOVED",
      "RM-01" },
    { "the other VF's new read is refused",
      "remove vf=1; remove_return vf=1; read; read_return s=DEVICE_REMOVED", "RM-01" },
    { "the other VF's news are forgotten",
      "iv; return s=PENDING; raise m=1; remove vf=1; remove_return vf=1; rest", "RM-01" },
    { "the other VF's news are kept",
      "raise vf=1 m=1; remove; remove_return; iv vf=1; complete m=1; return; rest" },
    { "a VF that is not there", "remove vf=7; remove_return vf=7; read vf=7; rest" },
    { NULL },
};

static const struct history resets[] = {
    { "beside the second of two", "reset; reset; reset_return; read; read_return s=INVALID_DEVICE_STATE; "
                                  "reset_return; rest" },
    { "after the second of two",
      "reset; reset; reset_return; reset_return; read; read_return s=INVALID_DEVICE_STATE", "RD-01" },
    { "the second of two never returns", "reset; reset; reset_return; rest", "RS-02" },
    { "everything may fail", HELD READING
      "read r=3 b=9; pf_read c=3 b=9; reset; complete s=UNSUCCESSFUL; signal s=UNSUCCESSFUL; complete "
      "r=2 s=UNSUCCESSFUL; signal r=2 s=UNSUCCESSFUL; read_return r=3 s=UNSUCCESSFUL; reset_return; "
      "rest; answer d=A8; answer c=3 d=B8; rest" },
    { "everything may go on", HELD READING
      "reset; pf_reset; reset_return; rest; answer d=A8; complete r=2 i=8 d=A8; signal r=2 i=8 d=A8; "
      "raise m=1; complete m=1; signal m=1; rest" },
    { "a read hangs after the answer", READING "reset; reset_return; answer d=A8; rest", "RS-02" },
    { "a call hangs after the answer", "read; pf_read; reset; reset_return; answer d=A8; rest", "RS-02" },
    { "the mask is kept", "raise m=1; reset; reset_return; iv; complete m=1; return; rest" },
    { "the mask is dropped", "raise m=1; reset; reset_return; " HELD "rest" },
    { "a mask raised beside it is dropped", HELD "reset; raise m=1; reset_return; rest" },
    { "a mask raised after it is dropped", HELD "reset; reset_return; raise m=1; rest", "IV-01" },
    { "a new read is refused", "reset; reset_return; read; read_return s=UNSUCCESSFUL", "RD-01" },
    { "beside it a new read is refused", "reset; read; read_return s=UNSUCCESSFUL; reset_return; rest" },
    { "beside it a new read is served",
      "reset; read; pf_read; answer d=A8; read_return d=A8; reset_return; rest" },
    { "the PF sees a read that was failed, later",
      "ir; return s=PENDING marked=1; reset; complete s=UNSUCCESSFUL; signal s=UNSUCCESSFUL; reset_return; "
      "pf_read; answer d=A8; rest" },
    { "the PF is asked for a call that was failed, later",
      "reset; read; read_return s=UNSUCCESSFUL; reset_return; pf_read", "DC-05" },
    { "it never returns", "reset; rest", "RS-02" },
    { "it waits for the PF",
      "read; pf_read; reset; rest; answer d=A8; read_return d=A8; reset_return; rest" },
    { "a crash in it", "reset; crash", "RS-02" },
    { "the other VF's new read is refused", "reset vf=1; reset_return vf=1; read; read_return s=UNSUCCESSFUL",
      "RS-01" },
    { "the other VF's news are forgotten",
      "iv; return s=PENDING; raise m=1; reset vf=1; reset_return vf=1; rest", "RS-01" },
    { "the PF is told of another VF's reset", "rest; reset; pf_reset vf=1", "RS-01" },
    { "the PF is told of no VF's reset", "reset; pf_reset vf=2", "PF-03" },
    { "the PF is told of a reset out of nothing", "rest; pf_reset", "RS-01" },
    { "the PF is told of a reset at the start", "pf_reset; rest" },
    { "the PF is told of a reset at removal", "rest; remove; pf_reset; remove_return; rest" },
    { "the other VF goes on", "read vf=1; pf_read vf=1; reset; reset_return; answer d=A8; read_return d=A8; "
                              "rest" },
    { "the other VF's read is failed",
      "read vf=1; pf_read vf=1; reset; reset_return; answer d=A8; read_return "
      "s=UNSUCCESSFUL",
      "RS-01" },
    { "the other VF's read is forgotten",
      "ir vf=1; pf_read vf=1; return s=PENDING marked=1; reset; reset_return; "
      "answer d=A8; rest",
      "RS-01" },
    { "the other VF's held one is failed", "iv vf=1; return s=PENDING; reset; complete s=CANCELLED",
      "RS-01" },
    { NULL },
};

static const struct history shortages[] = {
    { "a read fails", "low_resources n=1; ir; complete s=INSUFFICIENT_RESOURCES; return "
                      "s=INSUFFICIENT_RESOURCES; rest" },
    { "a read works", "low_resources n=1; ir; pf_read; answer d=A8; complete i=8 d=A8; return; rest" },
    { "a read vanishes", "low_resources n=1; ir; return s=PENDING marked=1; rest", "IR-09" },
    { "a write vanishes", "low_resources n=1; iw; return s=PENDING marked=1; rest", "IW-19" },
    { "a read that is under way fails", READING "low_resources n=1; answer d=A8; complete r=2 "
                                                "s=INSUFFICIENT_RESOURCES; signal r=2 "
                                                "s=INSUFFICIENT_RESOURCES; rest" },
    { "a read that is under way vanishes", READING "low_resources n=1; answer d=A8; rest", "IR-09" },
    { "another VF's read fails", "low_resources n=1; ir vf=1; complete s=INSUFFICIENT_RESOURCES", "IR-08" },
    { "it is over", "low_resources n=1; low_resources n=0; ir; complete s=INSUFFICIENT_RESOURCES", "IR-08" },
    { "a failure with Information", "low_resources n=1; ir; complete s=INSUFFICIENT_RESOURCES i=8", "IR-06" },
    { "a short input", "low_resources n=1; ir input_length=1; complete s=INSUFFICIENT_RESOURCES d=F8; return "
                       "s=INSUFFICIENT_RESOURCES" },
    { "a success out of nothing", "low_resources n=1; ir; complete i=8 d=F8", "IR-08" },
    { "the PF sees a read that was failed, later",
      "low_resources n=1; ir; complete s=INSUFFICIENT_RESOURCES; return s=INSUFFICIENT_RESOURCES; pf_read",
      "IR-08" },
    { "a crash", "low_resources n=1; crash", "IR-09" },
    { NULL },
};

static const struct history starts[] = {
    { "a read before the start is refused", "read; read_return s=DEVICE_NOT_READY; rest", NULL,
      .not_started = true },
    { "a read before the start is served", "read; pf_read; answer d=A8; read_return d=A8; rest", NULL,
      .not_started = true },
    { "a read before the start, out of nothing", "read; read_return d=A8", "RD-01", .not_started = true },
    { "a read before the start never ends", "read; rest", "RD-01", .not_started = true },
    { "a read after the start is refused", "start; start_return; read; read_return s=DEVICE_NOT_READY",
      "RD-01", .not_started = true },
    { "a start that fails", "start; start_return s=UNSUCCESSFUL; read; read_return s=DEVICE_NOT_READY; rest",
      NULL, .not_started = true },
    { "a start that fails later than it should",
      "rest; start_return s=UNSUCCESSFUL; read; read_return s=DEVICE_NOT_READY", "RD-01" },
    { "a crash at the start", "start; crash", "QI-16", .not_started = true },
    { "an exit", "read; exit status=0", "RD-03" },
    { "a hang", "cancel; hang", "WD-20" },
    { NULL },
};

static void judges_removals(void **state)
{
    (void)state;
    judge_all(removals);
}

static void judges_resets(void **state)
{
    (void)state;
    judge_all(resets);
}

static void judges_shortages(void **state)
{
    (void)state;
    judge_all(shortages);
}

static void judges_starts(void **state)
{
    (void)state;
    judge_all(starts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_removals),
        cmocka_unit_test(judges_resets),
        cmocka_unit_test(judges_shortages),
        cmocka_unit_test(judges_starts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
