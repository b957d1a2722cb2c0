/* SPDX-License-Identifier: MIT */
/* tests/unit/test_model_ioctl.c - the judge on READ and WRITE by IOCTL: IR, IW, and what all IOCTLs share
 * (WD). */
#include "tests/unit/history.h"

#define PENDING "return s=PENDING marked=1; "

static const struct history reads[] = {
    { "pended", "ir; pf_read; " PENDING "answer d=A8; complete i=8 d=A8 marked=1; signal i=8 d=A8; rest" },
    { "completed at once", "ir; pf_read; answer d=A8; complete i=8 d=A8; return; rest" },
    { "input of 7 bytes", "ir input_length=7; complete s=BUFFER_TOO_SMALL d=F8; return s=BUFFER_TOO_SMALL" },
    { "input of 7 bytes, another code", "ir input_length=7; complete s=INVALID_PARAMETER d=F8", "IR-04" },
    { "input of 7 bytes succeeds", "ir input_length=7; complete d=F8", "IR-04" },
    { "input of 0 bytes, buffer touched", "ir input_length=0; complete s=BUFFER_TOO_SMALL d=Z8", "IR-04" },
    { "input of 7 bytes is held", "ir input_length=7; " PENDING "rest", "IR-04" },
    { "input of 7 bytes reaches the PF", "ir input_length=7; pf_read", "IR-04" },
    { "output of 7 bytes",
      "ir output_length=7; complete s=BUFFER_TOO_SMALL d=F7; return s=BUFFER_TOO_SMALL" },
    { "output of 7 bytes, another code", "ir output_length=7; complete s=UNSUCCESSFUL d=F7", "IR-04" },
    { "output of 7 bytes reaches the PF", "ir output_length=7; pf_read", "IR-04" },
    { "output of 7 bytes by DEVICE_CONTROL", "ir output_length=7 major=14; complete s=INVALID_DEVICE_REQUEST "
                                             "d=F7; return s=INVALID_DEVICE_REQUEST" },
    { "output of 7 bytes, before the start",
      "ir output_length=7; complete s=DEVICE_NOT_READY d=F7; return s=DEVICE_NOT_READY",
      .not_started = true },
    { "output of 9 bytes", "ir output_length=9; pf_read; answer d=A8; complete i=8 d=A8+F1; return" },
    { "output of 9 bytes is refused",
      "ir output_length=9; complete s=INVALID_PARAMETER d=F9; return s=INVALID_PARAMETER" },
    { "output of 9 bytes, the ninth is stored",
      "ir output_length=9; pf_read; answer d=A8; complete i=8 d=A8+Z1", "IR-07" },
    { "output of 9 bytes, nine are counted", "ir output_length=9; pf_read; answer d=A8; complete i=9 d=A8+F1",
      "IR-05" },
    { "input of 9 bytes", "ir input_length=9; pf_read; answer d=A8; complete i=8 d=A8; return" },
    { "input ends in zeros that are not told",
      "ir n=0 d=x07000000 input_length=8; complete s=INVALID_PARAMETER; return s=INVALID_PARAMETER" },
    { "input of zeros only, served", "ir n=4 d=x00000000040000 input_length=8; pf_read b=0 n=4; answer d=A4; "
                                     "complete i=4 d=A4; return" },
    { "128 bytes", "ir n=128; pf_read n=128; answer d=A128; complete i=128 d=A128; return" },
    { "129 bytes", "ir n=129; complete s=INVALID_PARAMETER d=F129; return s=INVALID_PARAMETER" },
    { "129 bytes, with the buffer cleared",
      "ir n=129; complete s=UNSUCCESSFUL d=Z129; return s=UNSUCCESSFUL" },
    { "129 bytes succeed", "ir n=129; complete i=129 d=A129", "IR-10" },
    { "129 bytes reach the PF", "ir n=129; pf_read n=129", "IR-10" },
    { "129 bytes into 128", "ir n=129 output_length=128; complete s=BUFFER_TOO_SMALL d=F128; return "
                            "s=BUFFER_TOO_SMALL" },
    { "a legal read is refused", "ir; complete s=INVALID_PARAMETER d=F8", "IR-08" },
    { "Information too small", "ir; pf_read; answer d=A8; complete i=7 d=A8", "IR-05" },
    { "Information too big", "ir; pf_read; answer d=A8; complete i=16 d=A8", "IR-05" },
    { "Information on error", "ir; pf_read; answer s=NOT_FOUND; complete s=NOT_FOUND i=8 d=F8", "IR-06" },
    { "error", "ir; pf_read; answer s=NOT_FOUND; complete s=UNSUCCESSFUL d=F8; return s=UNSUCCESSFUL" },
    { "success although the PF failed", "ir; pf_read; answer s=NOT_FOUND; complete i=8 d=F8", "IR-08" },
    { "an error although the PF did not fail", "ir; pf_read; answer d=A8; complete s=UNSUCCESSFUL d=F8",
      "IR-08" },
    { "other bytes", "ir; pf_read; answer d=A8; complete i=8 d=B8", "IR-08" },
    { "before the PF answered", "ir; pf_read; complete i=8 d=F8", "IR-08" },
    { "without the PF", "ir; complete i=8 d=F8", "IR-08" },
    { "the PF is asked twice", "ir; pf_read; answer d=A8; pf_read c=2", "IR-08" },
    { "the PF is asked again later", "ir; pf_read; answer d=A8; complete i=8 d=A8; return; pf_read",
      "IR-08" },
    { "more than the buffer has", "ir; pf_read; answer d=A8; complete i=8 d=A8+x00", "IR-07" },
    { "a byte more that looks untouched", "ir; pf_read; answer d=A8; complete i=8 d=A8+F1", "IR-07" },
    { "the PF answers with a warning",
      "ir; pf_read; answer s=BUFFER_OVERFLOW d=A8; complete i=3 d=B8; return" },
    { "short", "ir; pf_read; answer d=A3; complete i=3 d=A3+F5; return" },
    { "short, and counted whole", "ir; pf_read; answer d=A3; complete i=8 d=A3+Z5", "IR-05" },
    { "short, rounded up, zeros", "ir; pf_read; answer d=A3; complete i=4 d=A3+Z5", "~IR-05" },
    { "short, rounded up, strict", "ir; pf_read; answer d=A3; complete i=4 d=A3+Z5", "IR-05",
      .profile = "strict" },
    { "short, rounded up, linux", "ir; pf_read; answer d=A3; complete i=4 d=A3+Z5; return", NULL,
      .profile = "linux-guest" },
    { "short, rounded up, untouched bytes counted", "ir; pf_read; answer d=A3; complete i=4 d=A3+F5",
      "IR-05" },
    { "short, rounded up to less than asked", "ir n=16; pf_read n=16; answer d=A5; complete i=12 d=A5+Z11",
      "~IR-05" },
    { "short by whole words is not rounded", "ir n=16; pf_read n=16; answer d=A4; complete i=12 d=A4+Z12",
      "IR-05" },
    { "short, rounded up to all that was asked", "ir n=4; pf_read n=4; answer d=A3; complete i=4 d=A3+Z1",
      "~IR-05" },
    { "short, rounded up too far", "ir n=16; pf_read n=16; answer d=A5; complete i=13 d=A5+Z11", "IR-05" },
    { "short of nothing", "ir; pf_read; answer; complete i=0 d=F8; return" },
    { "short, something behind", "ir; pf_read; answer d=A3; complete i=3 d=A3+B5", "RD-04" },
    { "nothing is read", "ir n=0; complete; return; rest" },
    { "nothing is read, refused", "ir n=0; complete s=INVALID_BUFFER_SIZE; return s=INVALID_BUFFER_SIZE" },
    { "nothing is read and something counted", "ir n=0 output_length=8; complete i=8 d=F8", "IR-05" },
    { "nothing is read and something stored", "ir n=0 output_length=8; complete d=Z8", "IR-07" },
    { NULL },
};

static const struct history writes[] = {
    { "pended", "iw; pf_write; " PENDING "took; complete i=8; signal i=8; rest" },
    { "input of 7 bytes", "iw input_length=7; complete s=BUFFER_TOO_SMALL; return s=BUFFER_TOO_SMALL" },
    { "input of 7 bytes, another code", "iw input_length=7; complete s=INVALID_PARAMETER", "IW-08" },
    { "input of 7 bytes reaches the PF", "iw input_length=7; pf_write", "IW-08" },
    { "2 bytes in 10", "iw n=2 input_length=10; pf_write n=2; took; complete i=2; return" },
    { "2 bytes in 10 are too small",
      "iw n=2 input_length=10; complete s=BUFFER_TOO_SMALL; return s=BUFFER_TOO_SMALL" },
    { "2 bytes in 10 are refused with another code", "iw n=2 input_length=10; complete s=INVALID_PARAMETER",
      "IW-08" },
    { "2 bytes in 10, the PF refuses",
      "iw n=2 input_length=10; pf_write n=2; took s=NOT_FOUND; complete s=NOT_FOUND; return s=NOT_FOUND" },
    { "2 bytes in 10, windows",
      "iw n=2 input_length=10; complete s=BUFFER_TOO_SMALL; return "
      "s=BUFFER_TOO_SMALL",
      NULL, .profile = "windows" },
    { "2 bytes in 10 are written, windows", "iw n=2 input_length=10; pf_write n=2", "IW-08",
      .profile = "windows" },
    { "2 bytes in 10, before the VF is started",
      "iw n=2 input_length=10; complete s=DEVICE_NOT_READY; return "
      "s=DEVICE_NOT_READY",
      NULL, .not_started = true },
    { "2 bytes in 10, before the VF is started, windows",
      "iw n=2 input_length=10; complete s=DEVICE_NOT_READY; return s=DEVICE_NOT_READY", NULL,
      .profile = "windows", .not_started = true },
    { "2 bytes in 10 with the other major function",
      "iw n=2 input_length=10 major=14; complete s=INVALID_DEVICE_REQUEST; return s=INVALID_DEVICE_REQUEST" },
    { "2 bytes in 10 with an output length", "iw n=2 input_length=10 output_length=4; complete "
                                             "s=INVALID_PARAMETER d=F4; return s=INVALID_PARAMETER" },
    { "3 bytes in 10", "iw n=3 input_length=10; complete s=INVALID_PARAMETER; return s=INVALID_PARAMETER" },
    { "3 bytes in 10 are written", "iw n=3 input_length=10; pf_write n=3", "IW-09" },
    { "4 bytes in 12", "iw n=4 input_length=12; pf_write n=4; took; complete i=4; return" },
    { "1 byte in 12", "iw n=1; pf_write n=1; took; complete i=1; return" },
    { "1 byte in 13 is refused",
      "iw n=1 input_length=13; complete s=INVALID_PARAMETER; return s=INVALID_PARAMETER" },
    { "1 byte in 12 is refused", "iw n=1; complete s=INVALID_PARAMETER", "IW-13" },
    { "output of 4 bytes is refused",
      "iw output_length=4; complete s=INVALID_PARAMETER d=F4; return s=INVALID_PARAMETER" },
    { "4294967288 bytes in 12", "iw n=0xFFFFFFF8 input_length=12; complete s=INVALID_PARAMETER; return "
                                "s=INVALID_PARAMETER" },
    { "4294967288 bytes in 12 succeed", "iw n=0xFFFFFFF8 input_length=12; complete", "IW-09" },
    { "4294967288 bytes in 12 reach the PF", "iw n=0xFFFFFFF8 input_length=12; pf_write n=4", "IW-09" },
    { "4294967288 bytes in 12 crash", "iw n=0xFFFFFFF8 input_length=12; crash", "IW-09" },
    { "129 bytes", "iw n=129; complete s=INVALID_PARAMETER; return s=INVALID_PARAMETER" },
    { "129 bytes succeed", "iw n=129; complete i=129", "IW-10" },
    { "129 bytes reach the PF as 128", "iw n=129; pf_write n=128", "IW-10" },
    { "129 bytes in 20 overrun", "iw n=129 input_length=20; overrun offset=20", "IW-09" },
    { "Information counts the header", "iw; pf_write; took; complete i=16", "IW-11" },
    { "Information is 0", "iw; pf_write; took; complete i=0", "IW-11" },
    { "Information on error", "iw; pf_write; took s=NOT_FOUND; complete s=NOT_FOUND i=8", "IW-12" },
    { "short", "iw; pf_write; took n=3; complete i=3; return" },
    { "short, an error", "iw; pf_write; took n=3; complete s=UNSUCCESSFUL; return s=UNSUCCESSFUL" },
    { "short, and counted whole", "iw; pf_write; took n=3; complete i=8", "IW-11" },
    { "success although the PF failed", "iw; pf_write; took s=NOT_FOUND; complete i=8", "IW-14" },
    { "a warning", "iw; pf_write; took; complete s=BUFFER_OVERFLOW i=8", "IW-14" },
    { "completed with PENDING", "iw; pf_write; took; complete s=PENDING i=8", "WD-05" },
    { "an error although the PF did not fail", "iw; pf_write; took; complete s=UNSUCCESSFUL", "IW-14" },
    { "before the PF took it", "iw; pf_write; complete i=8", "IW-13" },
    { "without the PF", "iw; complete i=8", "IW-13" },
    { "twice", "iw; pf_write; pf_write c=2", "IW-13" },
    { "the data are taken from another offset",
      "iw d=x0700000008000000+A8 input_length=16; pf_write d=x45+A7", "IW-13" },
    { "another length", "iw; pf_write n=9", "IW-13" },
    { "never", "iw; " PENDING "rest", "IW-13" },
    { "answered and never completed", "iw; pf_write; " PENDING "took; rest", "WD-04" },
    { "refused once, refused again without the PF",
      "iw; pf_write; took s=NOT_FOUND; complete s=NOT_FOUND; return s=NOT_FOUND; iw; complete s=NOT_FOUND",
      "IW-18" },
    { "refused once, taken later",
      "iw; pf_write; took s=NOT_FOUND; complete s=NOT_FOUND; return s=NOT_FOUND; "
      "iw; pf_write; took; complete i=8; return" },
    { "a read after it is served", "iw; ir r=2 b=8; pf_write; pf_read c=2 b=8; answer c=2 d=A8; complete r=2 "
                                   "i=8 d=A8; return r=2; took; complete i=8; return; rest" },
    { NULL },
};

static const struct history ends[] = {
    { "completed twice", "ir; pf_read; " PENDING "answer d=A8; complete i=8 d=A8; complete i=8 d=A8",
      "WD-04" },
    { "completed twice in dispatch", "ir n=129; complete s=INVALID_PARAMETER; complete s=INVALID_PARAMETER",
      "WD-04" },
    { "completed out of nothing", "complete r=40", "WD-04" },
    { "returned twice", "ir; " PENDING "return s=PENDING", "WD-04" },
    { "returned finally without completion", "ir; return s=UNSUCCESSFUL", "WD-04" },
    { "returned out of nothing", "return r=3", "WD-04" },
    { "dispatch never returns", "ir n=129; complete s=INVALID_PARAMETER; rest", "WD-04" },
    { "completed with PENDING", "ir; pf_read; " PENDING "answer d=A8; complete s=PENDING i=8 d=A8", "WD-05" },
    { "another status is returned", "ir n=129; complete s=INVALID_PARAMETER; return s=UNSUCCESSFUL",
      "~WD-06" },
    { "unmarked and PENDING", "ir; pf_read; return s=PENDING marked=0", "WD-01" },
    { "marked and final",
      "ir n=129; complete s=INVALID_PARAMETER marked=1; return s=INVALID_PARAMETER marked=1", "WD-03" },
    { "unmarked and final",
      "ir n=129; complete s=INVALID_PARAMETER marked=0; return s=INVALID_PARAMETER marked=0" },
    { "completed before it was marked",
      "ir; pf_read; answer d=A8; complete i=8 d=A8 marked=0; return s=PENDING marked=1", "WD-02" },
    { "completed before PENDING is returned", "ir; pf_read; answer d=A8; complete i=8 d=A8 marked=1; return "
                                              "s=PENDING marked=1; signal i=8 d=A8; rest" },
    { "the mark is not reported", "ir; pf_read; answer d=A8; complete i=8 d=A8; return s=PENDING; signal i=8 "
                                  "d=A8" },
    { "the mark is not modelled", "ir; pf_read; return s=PENDING marked=0", NULL,
      .not_claimed = VPCI_CAPABILITY_BIT(PENDING_MARK) },
    { "signalled first", "ir; pf_read; " PENDING "answer d=A8; signal i=8 d=A8", "WD-23" },
    { "signalled before the data", "ir; pf_read; " PENDING "answer d=A8; complete i=8 d=A8; signal i=8 d=F8",
      "WD-23" },
    { "signalled before the last byte",
      "ir; pf_read; " PENDING "answer d=A8; complete i=8 d=A8; signal i=8 d=A7+x00", "WD-23" },
    { "never signalled", "ir; pf_read; " PENDING "answer d=A8; complete i=8 d=A8; rest", "IW-17" },
    { "never signalled, nobody asked", "ir user_event=0; pf_read; " PENDING "answer d=A8; complete i=8 d=A8; "
                                       "rest" },
    { "signalled, nobody asked",
      "ir user_event=0; pf_read; " PENDING "answer d=A8; complete i=8 d=A8; signal "
      "i=8 d=A8",
      "IW-17" },
    { "signalled twice",
      "ir; pf_read; " PENDING "answer d=A8; complete i=8 d=A8; signal i=8 d=A8; signal i=8 d=A8", "IW-17" },
    { "signalled out of nothing", "signal r=7", "IW-17" },
    { "the status block is stale", "iw; pf_write; " PENDING "took; complete i=8; signal s=PENDING i=8",
      "IW-15" },
    { "the status block's Information is stale", "iw; pf_write; " PENDING "took; complete i=8; signal i=0",
      "IW-15" },
    { "status blocks are not modelled", "ir; pf_read; " PENDING "answer d=A8; complete i=8 d=A8; rest", NULL,
      .not_claimed = VPCI_CAPABILITY_BIT(STATUS_BLOCK) },
    { "signalled before dispatch returns PENDING", "ir; pf_read; answer d=A8; complete i=8 d=A8 marked=1; "
                                                   "signal i=8 d=A8; " PENDING "rest" },
    { "signalled before dispatch returns at once",
      "ir; pf_read; answer d=A8; complete i=8 d=A8; signal i=8 d=A8; return; rest" },
    { "signalled after dispatch returned at once",
      "ir; pf_read; answer d=A8; complete i=8 d=A8; return; signal i=8 d=A8; rest" },
    { "signalled twice around an immediate return",
      "ir; pf_read; answer d=A8; complete i=8 d=A8; signal i=8 d=A8; return; signal i=8 d=A8", "IW-17" },
    { "not signalled after an immediate return",
      "ir; pf_read; answer d=A8; complete i=8 d=A8; return; rest" },
    { "an unknown code", "ioctl code=0x2AC013 d=Z8; complete s=INVALID_DEVICE_REQUEST d=F8; return "
                         "s=INVALID_DEVICE_REQUEST" },
    { "an unknown code, another error", "ioctl code=0 d=Z8; complete s=BAD_DATA; return s=BAD_DATA" },
    { "an unknown code succeeds", "ioctl code=0x2AC013 d=Z8; complete", "~WD-09" },
    { "an unknown code with Information", "ioctl code=0x2AC013 d=Z8; complete s=NOT_SUPPORTED i=8", "WD-24" },
    { "an unknown code is held", "ioctl code=0x2AC013 d=Z8; " PENDING "rest", "WD-04" },
    { "DEVICE_CONTROL is served", "ir major=14; pf_read; answer d=A8; complete i=8 d=A8; return" },
    { "DEVICE_CONTROL is refused", "ir major=14; complete s=INVALID_DEVICE_REQUEST; return "
                                   "s=INVALID_DEVICE_REQUEST" },
    { "the buffer is written after completion",
      "ir; pf_read; answer d=A8; complete i=8 d=A8; late_write "
      "offset=3",
      "WD-07" },
    { "the buffer is overrun", "ir; overrun offset=8", "IR-07" },
    { "the input is changed", "iw; input_modified offset=8", "WR-02" },
    { "a hang inside a completion", "iv; return s=PENDING; raise m=1; complete m=1; ir r=2; hang", "WD-08" },
    { "the IRP of a read is no call", "ir; read_return d=A8", "DC-05" },
    { "a call is no IRP", "read; complete", "WD-04" },
    { "a call does not return as an IRP does", "read; return", "WD-04" },
    { NULL },
};

/* what became of a cancelled request, and of the answer that nobody waits for. */
static const struct history cancels[] = {
    { "CANCELLED",
      "ir; pf_read; " PENDING "cancel; complete s=CANCELLED d=F8; signal s=CANCELLED d=F8; rest; "
      "answer d=A8; rest" },
    { "CANCELLED with Information", "ir; pf_read; " PENDING "cancel; complete s=CANCELLED i=8 d=F8",
      "IR-06" },
    { "completed all the same",
      "ir; pf_read; " PENDING "cancel; rest; answer d=A8; complete i=8 d=A8; signal "
      "i=8 d=A8; rest" },
    { "failed as the PF did",
      "ir; pf_read; " PENDING "cancel; answer s=NOT_FOUND; complete s=NOT_FOUND; signal "
      "s=NOT_FOUND; rest" },
    { "another error before the PF was asked", "ir; " PENDING "cancel; complete s=UNSUCCESSFUL", "WD-20" },
    { "CANCELLED although nobody cancelled", "ir; pf_read; " PENDING "answer d=A8; complete s=CANCELLED",
      "IR-08" },
    { "CANCELLED after the answer", "ir; pf_read; " PENDING "answer d=A8; cancel; complete s=CANCELLED d=A8; "
                                    "signal s=CANCELLED; rest" },
    { "claims the bytes of an answer that never came", "ir; pf_read; " PENDING "cancel; complete i=8 d=F8",
      "IR-08" },
    { "completes again at the late answer",
      "ir; pf_read; " PENDING
      "cancel; complete s=CANCELLED; signal s=CANCELLED; answer d=A8; complete i=8 d=A8",
      "WD-25" },
    { "completes again at once", "ir; pf_read; " PENDING "cancel; complete s=CANCELLED; complete s=CANCELLED",
      "WD-04" },
    { "a cancel that comes too late",
      "ir; pf_read; " PENDING "answer d=A8; complete i=8 d=A8; cancel; signal "
      "i=8 d=A8; rest" },
    { "a cancel of nothing", "cancel r=9; rest" },
    { "the PF sees a cancelled write later",
      "iw; " PENDING "cancel; complete s=CANCELLED; signal s=CANCELLED; "
      "pf_write; took; rest" },
    { "what the PF says to a cancelled read later serves nobody who came after",
      "ir; " PENDING
      "cancel; complete s=CANCELLED; signal s=CANCELLED; pf_read; ir r=2; return r=2 s=PENDING marked=1; "
      "answer d=A8; complete r=2 i=8 d=A8",
      "PF-10" },
    { "the PF sees a cancelled write twice later",
      "iw; " PENDING "cancel; complete s=CANCELLED; signal s=CANCELLED; pf_write; took; pf_write c=2",
      "IW-13" },
    { "the PF sees other bytes of a cancelled write later",
      "iw; " PENDING "cancel; complete s=CANCELLED; signal s=CANCELLED; pf_write d=B8", "IW-13" },
    { "the answer of a cancelled one serves its twin",
      "ir; ir r=2; pf_read; " PENDING "return r=2 s=PENDING marked=1; cancel; complete s=CANCELLED; signal "
      "s=CANCELLED; rest; answer d=A8; complete r=2 i=8 d=A8; signal r=2 i=8 d=A8; rest" },
    { "the twin is asked for anew",
      "ir; ir r=2; pf_read; " PENDING "return r=2 s=PENDING marked=1; cancel; complete s=CANCELLED; signal "
      "s=CANCELLED; answer d=A8; pf_read c=2; answer c=2 d=B8; complete r=2 i=8 d=B8; signal r=2 i=8 d=B8; "
      "rest" },
    { "the twin is forgotten",
      "ir; ir r=2; pf_read; " PENDING "return r=2 s=PENDING marked=1; cancel; complete s=CANCELLED; signal "
      "s=CANCELLED; answer d=A8; rest",
      "IR-08" },
    { "both are asked for, the answered one stays",
      "ir; ir r=2; pf_read; pf_read c=2; " PENDING
      "return r=2 s=PENDING marked=1; answer d=A8; cancel; complete "
      "s=CANCELLED; signal s=CANCELLED; complete r=2 i=8 d=A8; signal r=2 i=8 d=A8; rest; answer c=2 d=B8; "
      "rest" },
    { "both are asked for, the other one stays",
      "ir; ir r=2; pf_read; pf_read c=2; " PENDING
      "return r=2 s=PENDING marked=1; answer d=A8; cancel; complete "
      "s=CANCELLED; signal s=CANCELLED; answer c=2 d=B8; complete r=2 i=8 d=B8; signal r=2 i=8 d=B8; rest" },
    { "an error that the cancelled one had no use for",
      "ir; ir r=2; pf_read; pf_read c=2; " PENDING "return r=2 s=PENDING marked=1; answer d=A8; answer c=2 "
      "s=NOT_FOUND; cancel; complete s=CANCELLED; signal s=CANCELLED; complete r=2 s=NOT_FOUND; signal r=2 "
      "s=NOT_FOUND; rest" },
    { "the answer to a request of the past serves nobody",
      "ir; pf_read; " PENDING
      "cancel; complete s=CANCELLED; signal s=CANCELLED; ir r=2; return r=2 s=PENDING "
      "marked=1; answer d=A8; complete r=2 i=8 d=A8",
      "PF-10" },
    { "a new request waits for its turn behind a call of the past",
      "ir; pf_read; " PENDING
      "cancel; complete s=CANCELLED; signal s=CANCELLED; ir r=2; return r=2 s=PENDING "
      "marked=1; rest; answer d=A8; pf_read c=2; answer c=2 d=B8; complete r=2 i=8 d=B8; signal r=2 i=8 "
      "d=B8; "
      "rest" },
    { "two twins share an answer of the past",
      "ir; ir r=2; ir r=3; pf_read; " PENDING "return r=2 s=PENDING marked=1; return r=3 s=PENDING marked=1; "
      "cancel; complete s=CANCELLED; signal s=CANCELLED; answer d=A8; complete r=2 i=8 d=A8; complete r=3 "
      "i=8 "
      "d=A8",
      "PF-10" },
    { "a refused one is cancelled",
      "ir output_length=7; " PENDING "cancel; complete s=CANCELLED d=F7; signal "
      "s=CANCELLED d=F7; rest" },
    { "strict: CANCELLED is no code of the PF to be passed on",
      "ir; pf_read; " PENDING "answer s=NOT_FOUND; cancel; complete s=CANCELLED; signal s=CANCELLED; rest",
      NULL, .profile = "strict" },
    { NULL },
};

/* A-12 and ruling 6: which of two values wins is never judged, using an unchecked one is. */
static const struct history changes[] = {
    { "the old bytes win",
      "iw; " PENDING "input_change d=x0700000008000000+B8; pf_write; took; complete i=8; "
      "signal i=8; rest" },
    { "the new bytes win",
      "iw; " PENDING "input_change d=x0700000008000000+B8; pf_write d=B8; took; complete "
      "i=8; signal i=8; rest" },
    { "a mixture wins",
      "iw; " PENDING "input_change d=x0700000008000000+B8; pf_write d=A4+B4; took; complete "
      "i=8; signal i=8; rest" },
    { "the new length wins", "iw; " PENDING "input_change d=x0700000004000000+B8; pf_write n=4 d=B4; took; "
                             "complete i=4; signal i=4; rest" },
    { "a length beyond the input is used",
      "iw; " PENDING "input_change d=x0700000080000000+B8; pf_write n=128", "WD-18" },
    { "a length beyond what a block has is used",
      "iw input_length=300; " PENDING "input_change d=x07000000c8000000+B8; pf_write n=200", "WD-18" },
    { "a length beyond the input is refused", "iw; " PENDING "input_change d=x0700000080000000+B8; complete "
                                              "s=INVALID_PARAMETER; signal s=INVALID_PARAMETER; rest" },
    { "the new block wins", "ir; " PENDING "input_change d=x0900000008000000; pf_read b=9; answer d=A8; "
                            "complete i=8 d=A8; signal i=8 d=A8; rest" },
    { "a length beyond the output is used", "ir; " PENDING "input_change d=x0700000009000000; pf_read n=9",
      "WD-18" },
    { "a length of 0 wins", "ir; " PENDING "input_change d=x0700000000000000; complete i=0 d=F8; signal i=0 "
                            "d=F8; rest" },
    { "without the PF", "ir; " PENDING "input_change d=x0700000004000000; complete i=4 d=F8", "IR-08" },
    { "never ends", "ir; pf_read; " PENDING "input_change d=x0900000008000000; answer d=A8; rest", "WD-04" },
    { "what was too long is short by now", "ir n=200 output_length=200; " PENDING
                                           "input_change d=x0700000008000000; pf_read; answer d=A8; complete "
                                           "i=8 d=A8+F192; signal i=8 d=A8+F192; rest" },
    { "what was too long is longer than a block still",
      "ir n=200 output_length=200; " PENDING "input_change d=x07000000c8000000; pf_read n=200", "WD-18" },
    { "what was empty is not by now", "ir n=0 output_length=8; " PENDING
                                      "input_change d=x0700000008000000; pf_read; answer d=A8; complete i=8 "
                                      "d=A8; signal i=8 d=A8; rest" },
    { "what was empty still is", "ir n=0 output_length=8; " PENDING
                                 "input_change d=x0700000008000000; complete d=F8; signal d=F8; rest" },
    { "a structure that was too small still is",
      "ir input_length=7; " PENDING "input_change d=x07000000080000; complete d=F8", "IR-04" },
    { "an overrun", "iw; " PENDING "input_change d=x0700000080000000+B8; overrun offset=16", "WD-18" },
    { "a crash", "iw; " PENDING "input_change d=x0700000080000000+B8; crash", "WD-18" },
    { "others wait for the PF beside it",
      "ir; pf_read; " PENDING "ir r=2 n=4; pf_read c=2 n=4; return r=2 s=PENDING; write r=3; pf_write c=3; "
      "input_change d=x0700000000010000; rest" },
    { "another that is asked for first has the call of its own",
      "ir b=9; " PENDING "ir r=2; return r=2 s=PENDING; input_change d=x0700000008000000; pf_read c=2; "
      "pf_read b=9; answer c=2 d=B8; complete r=2 i=8 d=B8; signal r=2 i=8 d=B8; answer d=A8; complete i=8 "
      "d=A8; signal i=8 d=A8; rest" },
    { "its call was another's, which is seen when it is asked for",
      "ir; " PENDING "ir r=2; return r=2 s=PENDING; pf_read c=2; input_change d=x0900000008000000; "
      "pf_read b=9; answer c=2 d=B8; complete r=2 i=8 d=B8; signal r=2 i=8 d=B8; answer d=A8; complete i=8 "
      "d=A8; signal i=8 d=A8; rest" },
    { "its answer was another's, which still has it",
      "ir; " PENDING "ir r=2; return r=2 s=PENDING; pf_read; pf_read c=2; input_change d=x0700000008000000; "
      "answer d=A8; answer c=2 d=B8; complete i=8 d=B8; signal i=8 d=B8; complete r=2 i=8 d=A8; signal r=2 "
      "i=8 d=A8; rest" },
    { "another's call was its own, and the other is asked for after it ended",
      "ir b=9; " PENDING "ir r=2; return r=2 s=PENDING; input_change d=x0700000008000000; pf_read c=2; "
      "answer c=2 d=B8; complete i=8 d=B8; signal i=8 d=B8; pf_read; answer d=A8; complete r=2 i=8 d=A8; "
      "signal r=2 i=8 d=A8; rest" },
    { "another's call was its own, and it failed",
      "ir b=9; " PENDING "ir r=2; return r=2 s=PENDING; input_change d=x0700000008000000; pf_read c=2; "
      "answer c=2 s=NOT_FOUND; complete s=NOT_FOUND; signal s=NOT_FOUND; pf_read; answer d=A8; complete r=2 "
      "i=8 d=A8; signal r=2 i=8 d=A8; rest" },
    { "others keep apart what may have been its own and what cannot",
      "ir b=9; pf_read b=9; " PENDING "input_change d=x0900000008000000; iw r=2; pf_write c=2; return r=2 "
      "s=PENDING; ir r=3; pf_read c=3; return r=3 s=PENDING; answer d=A8; complete i=8 d=A8; signal i=8 "
      "d=A8; "
      "ir r=4; pf_read c=4; return r=4 s=PENDING; answer c=3 d=B8; answer c=4 d=B8; complete r=3 i=8 d=B8; "
      "signal r=3 i=8 d=B8; complete r=4 i=8 d=B8; signal r=4 i=8 d=B8; took c=2; complete r=2 i=8; signal "
      "r=2 i=8; rest" },
    { "the late call of another that was cancelled is not its own",
      "ir; " PENDING "ir r=2 b=9; return r=2 s=PENDING; input_change r=2 d=x0800000008000000; cancel; "
      "complete s=CANCELLED; signal s=CANCELLED; pf_read; rest; pf_read c=2 b=9; answer c=2 d=B8; complete "
      "r=2 i=8 d=B8; signal r=2 i=8 d=B8; answer d=A8; rest" },
    { "the bytes of a call are changed",
      "write; input_change d=B8; pf_write d=B8; took; write_return; rest" },
    { "a call with other bytes is refused", "write; input_change d=B8; write_return s=INVALID_PARAMETER",
      "WR-01" },
    { "the length of a call cannot change", "write; input_change d=B8; pf_write n=9", "WR-03" },
    { "the block of a call cannot change", "write; input_change d=B8; pf_write b=9", "DC-08" },
    { NULL },
};

static void judges_reads(void **state)
{
    (void)state;
    judge_all(reads);
}

static void judges_writes(void **state)
{
    (void)state;
    judge_all(writes);
}

static void judges_how_requests_end(void **state)
{
    (void)state;
    judge_all(ends);
}

static void accepts_what_a_cancel_may_leave(void **state)
{
    (void)state;
    judge_all(cancels);
}

static void judges_changed_inputs(void **state)
{
    (void)state;
    judge_all(changes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_reads),
        cmocka_unit_test(judges_writes),
        cmocka_unit_test(judges_how_requests_end),
        cmocka_unit_test(accepts_what_a_cancel_may_leave),
        cmocka_unit_test(judges_changed_inputs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
