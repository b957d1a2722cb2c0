/* SPDX-License-Identifier: MIT */
/* tests/unit/test_model_stack.c - the judge on a stack, whose PF driver is inside: contents of blocks are
 * judged over intervals, and only where the implementation claims that its blocks are registers. */
#include "tests/unit/history.h"

#define REGISTERS .role = VPCI_ROLE_STACK, .claimed = VPCI_CAPABILITY_BIT(REGISTER_BLOCKS)
#define OPAQUE    .role = VPCI_ROLE_STACK

static const struct history registers[] = {
    { "first all zero", "read; read_return d=Z8; rest", NULL, REGISTERS },
    { "first something else", "read; read_return d=A8", "RD-02", REGISTERS },
    { "what was written", "write; write_return; read; read_return d=A8; rest", NULL, REGISTERS },
    { "not what was written", "write; write_return; read; read_return d=Z8", "RD-02", REGISTERS },
    { "something else than was written", "write; write_return; read; read_return d=B8", "RD-02", REGISTERS },
    { "what was written before", "write d=A8; write_return; write d=B8; write_return; read; read_return d=A8",
      "WR-06", REGISTERS },
    { "beside a write, old", "write d=A8; read r=2; read_return r=2 d=Z8; write_return; rest", NULL,
      REGISTERS },
    { "beside a write, new", "write d=A8; read r=2; read_return r=2 d=A8; write_return; rest", NULL,
      REGISTERS },
    { "beside a write, new and then old",
      "write d=A8; read r=2; read_return r=2 d=A8; read r=2; read_return r=2 d=Z8; write_return", "RD-02",
      REGISTERS },
    { "two writes beside each other, one",
      "write d=A8; write r=2 d=B8; write_return; write_return r=2; read; read_return d=A8; rest", NULL,
      REGISTERS },
    { "two writes beside each other, the other",
      "write d=A8; write r=2 d=B8; write_return; write_return r=2; read; read_return d=B8; rest", NULL,
      REGISTERS },
    { "two writes beside each other, first one, then the other",
      "write d=A8; write r=2 d=B8; write_return; write_return r=2; read; read_return d=B8; read; read_return "
      "d=A8",
      "WR-06", REGISTERS },
    { "another VF's block", "write vf=1; write_return; read; read_return d=A8", "DC-10", REGISTERS },
    { "another block", "write b=8; write_return; read; read_return d=A8", "RD-02", REGISTERS },
    { "another block, read at the same time",
      "write b=8; write_return; read b=8; read r=2; read_return b=8 d=A8; read_return r=2 d=A8", "DC-11",
      REGISTERS },
    { "the beginning of another block, read at the same time",
      "write b=8 n=16; write_return; read b=8 n=16; read r=2 n=16; read_return b=8 d=A16; read_return r=2 "
      "n=16 "
      "d=A8+Z8",
      "DC-11", REGISTERS },
    { "another VF's block, read at the same time",
      "write vf=1; write_return; read vf=1; read r=2; read_return d=A8; read_return r=2 d=A8", "DC-10",
      REGISTERS },
    { "the beginning of what was written, and something else behind it",
      "write n=16; write_return; read n=16; read_return d=A8+Z8", "RD-02", REGISTERS },
    { "the beginning of what was written before, and something else behind it",
      "write n=16 d=B16; write_return; write n=16; write_return; read n=16; read_return d=B8+Z8", "RD-02",
      REGISTERS },
    { "all of what was written before, whose beginning is the same",
      "write n=16 d=A8+B8; write_return; write n=16; write_return; read n=16; read_return d=A8+B8", "WR-06",
      REGISTERS },
    { "a write that failed took effect", "write; write_return s=UNSUCCESSFUL; read; read_return d=A8; rest",
      NULL, REGISTERS },
    { "a write that failed took no effect",
      "write; write_return s=UNSUCCESSFUL; read; read_return d=Z8; rest", NULL, REGISTERS },
    { "a cancelled write takes effect later",
      "iw; return s=PENDING; cancel; complete s=CANCELLED; signal s=CANCELLED; read; read_return d=Z8; read; "
      "read_return d=A8; rest",
      NULL, REGISTERS },
    { "a cancelled write takes effect and then none",
      "iw; return s=PENDING; cancel; complete s=CANCELLED; signal s=CANCELLED; read; read_return d=A8; read; "
      "read_return d=Z8",
      "RD-02", REGISTERS },
    { "by IOCTL", "iw; complete i=8; return; ir; complete i=8 d=A8; return; rest", NULL, REGISTERS },
    { "by IOCTL, counted short", "iw; complete i=7", "IW-11", REGISTERS },
    { "by IOCTL, read and counted short", "ir; complete i=7 d=Z8", "IR-05", REGISTERS },
    { "lengths are mixed", "write n=4; write_return; read; read_return d=B8; rest", NULL, REGISTERS },
    { "what a shorter write leaves of the rest",
      "write d=A8; write_return; write n=4 d=B4; write_return; read; read_return d=B4+Z4; rest", NULL,
      REGISTERS },
    { "a changed input, to another block",
      "write b=9; write_return; iw r=2; return r=2 s=PENDING; input_change r=2 d=x0900000008000000+B8; "
      "complete r=2 "
      "i=8; signal r=2 i=8; read b=9; read_return d=B8; read b=10; read_return d=Z8; rest",
      NULL, REGISTERS },
    { "a changed input of a call, another block is judged",
      "write; input_change d=B8; write_return; read; read_return d=B8; read b=9; read_return d=B8", "RD-02",
      REGISTERS },
    { "a changed input, either",
      "iw; input_change d=x0700000008000000+B8; complete i=8; return; read; read_return "
      "d=B8; rest",
      NULL, REGISTERS },
    { NULL },
};

static const struct history opaque[] = {
    { "a block is what it is", "write; write_return; read; read_return d=B8; rest", NULL, OPAQUE },
    { "success", "ir; complete i=8 d=A8; return; rest", NULL, OPAQUE },
    { "a short block", "ir; complete i=3 d=A3+F5; return; rest", NULL, OPAQUE },
    { "counted beyond what was asked", "ir; complete i=9 d=A8", "IR-05", OPAQUE },
    { "written beyond what was asked", "iw; complete i=16", "IW-11", OPAQUE },
    { "an error", "ir; complete s=NOT_FOUND; return s=NOT_FOUND; rest", NULL, OPAQUE },
    { "Information on error", "ir; complete s=NOT_FOUND i=8", "IR-06", OPAQUE },
    { "129 bytes", "read n=129; read_return d=A129", "DC-02", OPAQUE },
    { "stored behind the buffer", "read; read_return d=A9", "RD-03", OPAQUE },
    { "PENDING from a call", "read; read_return s=PENDING", "DC-04", OPAQUE },
    { "never returns", "read; rest", "DC-12", OPAQUE },
    { "never completes", "ir; return s=PENDING marked=1; rest", "WD-04", OPAQUE },
    { "no byte", "read n=0; read_return; rest", NULL, OPAQUE },
    { "no byte, and counted", "iw n=0; complete i=1", "IW-11", OPAQUE },
    { "removed",
      "iv; return s=PENDING; remove; complete s=DEVICE_REMOVED; signal s=DEVICE_REMOVED; "
      "remove_return; rest",
      NULL, OPAQUE },
    { "served after removal", "remove; remove_return; read; read_return d=A8", "WD-22", OPAQUE },
    { "a notification that the kit asked for",
      "iv; return s=PENDING; raise m=4; complete m=4; signal m=4; rest", NULL, OPAQUE },
    { "a notification that nobody asked for", "iv; return s=PENDING; complete m=4", "IV-01", OPAQUE },
    { "a notification of a PF driver that raises its own",
      "iv; return s=PENDING; complete m=4; signal m=4; rest", NULL, OPAQUE,
      .not_claimed = VPCI_CAPABILITY_BIT(PF_CONTROL) },
    { "a held one that fails for no reason", "iv; return s=PENDING; complete s=UNSUCCESSFUL", "IV-01",
      OPAQUE },
    { NULL },
};

static void judges_registers(void **state)
{
    (void)state;
    judge_all(registers);
}

static void judges_what_is_left_where_blocks_are_opaque(void **state)
{
    (void)state;
    judge_all(opaque);
}

/* More blocks than there is memory for: then no pass may be drawn from it. */
static void too_many_blocks_are_not_judged(void **state)
{
    (void)state;
    for (unsigned count = 8; count <= 128; count += 120) {
        static char text[8192];
        size_t used = 0;
        for (unsigned i = 0; i < count; i++)
            used += (size_t)snprintf(text + used, sizeof text - used, "read b=%u; read_return d=Z8; ", i);
        const struct history histories[] = { { "blocks", text, NULL, REGISTERS, .unjudged = count > 64 },
                                             { NULL } };
        judge_all(histories);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_registers),
        cmocka_unit_test(judges_what_is_left_where_blocks_are_opaque),
        cmocka_unit_test(too_many_blocks_are_not_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
