/* SPDX-License-Identifier: MIT */
/* tests/unit/test_model_invalidate.c - the judge on notifications (IV): which bits a completion may carry,
 * which are owed at rest, and every freedom that the register leaves. */
#include "tests/unit/history.h"

#define HELD  "iv; return s=PENDING marked=1; "
#define HELD2 "iv r=2; return r=2 s=PENDING marked=1; "

static const struct history deliveries[] = {
    { "held, then told", HELD "rest; raise m=5; complete m=5; signal m=5; rest" },
    { "told at once", "raise m=5; iv; complete m=5; return; rest" },
    { "told out of nothing", HELD "complete m=1", "IV-01" },
    { "told nothing", HELD "complete m=0", "IV-01" },
    { "never told", HELD "raise m=1; rest", "IV-01" },
    { "never told what was kept", "raise m=1; " HELD "rest", "IV-04" },
    { "a notification with nobody waiting", "raise m=1; rest; raise m=2; rest" },
    { "what piled up is joined", "raise m=1; raise m=4; iv; complete m=5; return; rest" },
    { "what piled up is overwritten",
      "raise m=1; raise m=4; iv; complete m=4; return; iv; return s=PENDING; "
      "rest",
      "IV-04" },
    { "in parts", "raise m=1; raise m=4; iv; complete m=4; return; iv; complete m=1; return; rest" },
    { "in more parts than notifications", "raise m=5; iv; complete m=4; return; iv; complete m=1", "~IV-04" },
    { "a bit that was never raised", "raise m=1; iv; complete m=3", "IV-06" },
    { "more bits than were raised", "raise m=1; iv; complete m=7", "IV-02" },
    { "another bit than was raised", "raise m=1; iv; complete m=2", "IV-06" },
    { "shifted by one", "raise m=0x8000000000000000; iv; complete m=1", "IV-06" },
    { "the highest bit", "raise m=0x8000000000000000; iv; complete m=0x8000000000000000; return; rest" },
    { "delivered twice", "raise m=1; iv; complete m=1; return; iv; complete m=1", "IV-05" },
    { "delivered twice, with others in between",
      "raise m=1; iv; complete m=1; return; raise m=2; iv; complete m=2; return; iv; complete m=1", "IV-05" },
    { "raised twice, delivered once", "raise m=1; raise m=1; iv; complete m=1; return; " HELD "rest" },
    { "raised again, delivered again", "raise m=1; iv; complete m=1; return; raise m=1; iv; complete m=1; "
                                       "return; rest" },
    { "raised again, and lost", HELD "raise m=1; complete m=1; signal m=1; " HELD "raise m=1; rest",
      "IV-05" },
    { "Information 8", "raise m=1; iv; complete i=8 m=1", "~IV-03" },
    { "Information 8, strict", "raise m=1; iv; complete i=8 m=1", "IV-03", .profile = "strict" },
    { "Information 16", "raise m=1; iv; complete i=16 m=1", "IV-03" },
    { "failed for no reason", HELD "complete s=UNSUCCESSFUL", "IV-01" },
    { "a warning", "raise m=1; iv; complete s=BUFFER_OVERFLOW m=1", "WD-05" },
    { "CANCELLED with Information", HELD "cancel; complete s=CANCELLED i=8", "WD-24" },
    { "the mask is stored after the event", HELD "raise m=1; complete m=1; signal m=0", "WD-23" },
    { "another VF's bit", HELD "raise vf=1 m=1; complete m=1", "IV-11" },
    { "another VF's bit stays there", HELD HELD2 "rest; iv vf=1 r=3; return r=3 s=PENDING; raise vf=1 m=1; "
                                                 "complete r=3 m=1; signal r=3 m=1; rest" },
    { "for all VFs", "raise vf=65535 m=1; iv; complete m=1; return; iv vf=1; complete m=1; return; rest" },
    { "for all VFs, one is forgotten",
      HELD "iv vf=1 r=2; return r=2 s=PENDING; raise vf=65535 m=1; complete m=1; "
           "signal m=1; rest",
      "IV-11" },
    { "for a VF that is not there", HELD "raise vf=9 m=1; rest" },
    { "only half is delivered and nobody waits", "raise m=3; iv; complete m=1; return; rest" },
    { "only half is delivered while another waits", HELD HELD2 "raise m=3; complete m=1; signal m=1; rest",
      "IV-05" },
    { "the VF was never started", HELD "raise m=1; complete m=1; signal m=1; rest", NULL,
      .not_started = true },
    { "what is raised before the start may be kept",
      HELD "raise m=1; start; start_return; complete m=1; signal m=1; rest", NULL, .not_started = true },
    { "what is raised before the start may be lost",
      HELD "raise m=1; rest; start; start_return; rest; raise m=2; complete m=2; signal m=2; rest", NULL,
      .not_started = true },
    { "what is raised after the start may not be lost", HELD "start; start_return; raise m=1; rest", "IV-01",
      .not_started = true },
    { "the VF was never started, refused", "iv; complete s=DEVICE_NOT_READY; return s=DEVICE_NOT_READY", NULL,
      .not_started = true },
    { NULL },
};

static const struct history empties[] = {
    { "mask 0 is raised, and told", HELD "raise m=0; complete m=0; signal m=0; rest" },
    { "mask 0 is raised, and not told", HELD "raise m=0; rest; rest" },
    { "mask 0 is raised before, and told", "raise m=0; iv; complete m=0; return; rest" },
    { "mask 0 is told twice", HELD "raise m=0; complete m=0; signal m=0; iv; complete m=0", "IV-01" },
    { "mask 0 is told to all who wait",
      HELD HELD2 "raise m=0; complete m=0; signal m=0; complete r=2 m=0; signal r=2 m=0; rest" },
    { "mask 0 is told as a bit", HELD "raise m=0; complete m=1", "IV-01" },
    { "mask 0 is told although a bit was raised", HELD "raise m=1; complete m=0", "IV-01" },
    { "mask 0 twice, told twice",
      "raise m=0; raise m=0; iv; complete m=0; return; iv; complete m=0; return" },
    { NULL },
};

/* News that comes inside of a completion, of which others that are held may or may not have heard: they may
 * be told of the event before it, and then it is still to be told (ruling 4). */
static const struct history inside[] = {
    { "all who waited are told of the first event, and the next one of the second", HELD HELD2
      "rest; raise m=1; complete m=1; raise m=1; signal m=1; complete r=2 m=1; signal r=2 m=1; rest; "
      "iv; complete m=1; return; rest" },
    { "kept from before, and told to both",
      "raise m=1; rest; " HELD HELD2
      "complete m=1; raise m=1; signal m=1; complete r=2 m=1; signal r=2 m=1; rest; iv; "
      "complete m=1; return; rest" },
    { "the second who waited is told of the second event", HELD HELD2
      "rest; raise m=1; complete m=1; raise m=1; signal m=1; complete r=2 m=1; signal r=2 m=1; rest; "
      "iv; return s=PENDING; rest" },
    { "but it is not told a third time",
      HELD HELD2
      "rest; raise m=1; complete m=1; raise m=1; signal m=1; complete r=2 m=1; signal r=2 m=1; rest; "
      "iv; complete m=1; return; iv; complete m=1",
      "IV-05" },
    { "the second event is lost while somebody waits",
      HELD HELD2 "rest; raise m=1; complete m=1; raise m=1; signal m=1; rest", "IV-05" },
    { "one who alone waits is told of both",
      HELD "raise m=1; complete m=1; raise m=1; signal m=1; iv; complete m=1; return; iv; complete m=1",
      "IV-05" },
    { "what came after a rest is told once",
      HELD HELD2
      "raise m=1; complete m=1; signal m=1; rest; raise m=1; complete r=2 m=1; signal r=2 m=1; iv; "
      "complete m=1",
      "IV-05" },
    { "three waited, and news came inside of two", HELD HELD2
      "iv r=3; return r=3 s=PENDING; raise m=1; complete m=1; raise m=1; signal m=1; complete r=2 m=1; "
      "raise m=1; signal r=2 m=1; complete r=3 m=1; signal r=3 m=1; rest; iv; complete m=1; return; rest" },
    { "another bit that came inside is told once",
      HELD HELD2
      "raise m=1; complete m=1; raise m=2; signal m=1; complete r=2 m=3; signal r=2 m=3; iv; complete m=2",
      "IV-05" },
    { "nothing is told to all who waited, and nothing once more", HELD HELD2
      "rest; raise m=0; complete m=0; raise m=0; signal m=0; complete r=2 m=0; signal r=2 m=0; rest; iv; "
      "complete m=0; return; rest" },
    { "nothing is told a third time",
      HELD HELD2
      "rest; raise m=0; complete m=0; raise m=0; signal m=0; complete r=2 m=0; signal r=2 m=0; rest; iv; "
      "complete m=0; return; iv; complete m=0",
      "IV-01" },
    { NULL },
};

/* A-23 and ruling 4. */
static const struct history several[] = {
    { "the oldest is told", HELD HELD2 "raise m=1; complete m=1; signal m=1; rest" },
    { "the newest is told", HELD HELD2 "raise m=1; complete r=2 m=1; signal r=2 m=1; rest" },
    { "all are told",
      HELD HELD2 "raise m=1; complete m=1; complete r=2 m=1; signal m=1; signal r=2 m=1; rest" },
    { "all are told what was kept, too",
      "raise m=1; iv; iv r=2; complete m=1; complete r=2 m=1; return; return r=2; rest" },
    { "all are told different parts", HELD HELD2 "raise m=3; complete m=1; signal m=1; complete r=2 m=2",
      "~IV-04" },
    { "one late comer is told again", HELD "raise m=1; complete m=1; signal m=1; " HELD2 "complete r=2 m=1",
      "IV-05" },
    { "one who waited is told later",
      HELD HELD2 "raise m=1; complete m=1; signal m=1; rest; raise m=2; complete "
                 "r=2 m=3; signal r=2 m=3; rest" },
    { "one who waited is told twice what it was not there for",
      HELD "raise m=1; complete m=1; signal m=1; " HELD2 "raise m=2; complete r=2 m=3", "IV-05" },
    { "the second is refused",
      HELD "iv r=2; complete r=2 s=INVALID_DEVICE_STATE; return r=2 s=INVALID_DEVICE_STATE; rest" },
    { "the first is refused", HELD HELD2 "complete s=INVALID_DEVICE_STATE", "IV-01" },
    { "either is refused where both are on their way in",
      "iv; iv r=2; complete s=INVALID_DEVICE_STATE; return s=INVALID_DEVICE_STATE; return r=2 s=PENDING; "
      "rest" },
    { "nobody is told", HELD HELD2 "raise m=1; rest", "IV-01" },
    { "one for each VF is not several", HELD "iv vf=1 r=2; complete r=2 s=INVALID_DEVICE_STATE", "IV-01" },
    { NULL },
};

static const struct history cancels[] = {
    { "CANCELLED", HELD "cancel; complete s=CANCELLED; signal s=CANCELLED; rest" },
    { "not CANCELLED", HELD "cancel; complete s=UNSUCCESSFUL", "IV-12" },
    { "still held", HELD "cancel; rest", "IV-12" },
    { "still held, the VF was never started", HELD "cancel; rest", "IV-12", .not_started = true },
    { "told instead", HELD "raise m=1; cancel; complete m=1; signal m=1; rest" },
    { "told out of nothing instead", HELD "cancel; complete m=1", "IV-01" },
    { "the bit is kept",
      HELD "raise m=1; cancel; complete s=CANCELLED; signal s=CANCELLED; rest; iv; complete "
           "m=1; return; rest" },
    { "the bit is lost", HELD "raise m=1; cancel; complete s=CANCELLED; signal s=CANCELLED; " HELD2 "rest",
      "IV-13" },
    { "the bit that comes after the cancel is lost",
      HELD "cancel; raise m=1; complete s=CANCELLED; signal s=CANCELLED; " HELD2 "rest", "IV-13" },
    { "a bit that comes long after the cancel is lost",
      HELD "cancel; complete s=CANCELLED; signal s=CANCELLED; rest; " HELD2 "raise m=1; rest", "IV-01" },
    { "the bit is delivered twice", HELD "raise m=1; cancel; complete m=1; signal m=1; iv; complete m=1",
      "IV-05" },
    { "CANCELLED and told", HELD "cancel; complete s=CANCELLED; complete m=1", "WD-04" },
    { "CANCELLED although nobody cancelled", HELD "complete s=CANCELLED", "IV-01" },
    { "another one is CANCELLED", HELD "iv vf=1 r=2; return r=2 s=PENDING; cancel; complete r=2 s=CANCELLED",
      "IV-01" },
    { NULL },
};

static const struct history sizes[] = {
    { "7 bytes", "iv input_length=7; complete s=BUFFER_TOO_SMALL; return s=BUFFER_TOO_SMALL" },
    { "7 bytes, another code",
      "iv input_length=7; complete s=INVALID_PARAMETER; return s=INVALID_PARAMETER" },
    { "7 bytes are held", "iv input_length=7; return s=PENDING; rest", "IV-14" },
    { "7 bytes succeed", "raise m=1; iv input_length=7; complete m=1", "IV-14" },
    { "4 bytes overrun", "iv input_length=4; overrun offset=4", "IV-14" },
    { "output of 8 bytes", "raise m=1; iv output_length=8; complete m=1 d=F8; return; rest" },
    { "output of 8 bytes, the mask there, too", "raise m=1; iv output_length=8; complete m=1 "
                                                "d=x0100000000000000; return; rest" },
    { "output of 8 bytes, held", "iv output_length=8; return s=PENDING; rest" },
    { "output of 8 bytes, refused", "iv output_length=8; complete s=INVALID_PARAMETER", "IV-01" },
    { "output of 4 bytes, refused",
      "iv output_length=4; complete s=INVALID_PARAMETER d=F4; return s=INVALID_PARAMETER" },
    { "input of 16 bytes", "raise m=1; iv input_length=16; complete m=1; return; rest" },
    { "input of 16 bytes, refused",
      "iv input_length=16; complete s=INVALID_PARAMETER; return s=INVALID_PARAMETER" },
    { "DEVICE_CONTROL, refused",
      "iv major=14; complete s=INVALID_DEVICE_REQUEST; return s=INVALID_DEVICE_REQUEST" },
    { "dispatch never returns", "iv; rest", "WD-04" },
    { NULL },
};

static const struct history orders[] = {
    { "lost with nobody waiting", "raise m=1; " HELD "rest", NULL, .profile = "linux-guest" },
    { "lost although somebody waited", HELD "raise m=1; rest", "IV-01", .profile = "linux-guest" },
    { "observations that cross: a bit raised again is told again",
      HELD "raise m=1; raise m=1; complete m=1; signal m=1; iv; complete m=1; return; rest", NULL,
      .inexact_order = true },
    { "observations that cross: but not a third time",
      HELD "raise m=1; raise m=1; complete m=1; signal m=1; rest; iv; complete m=1; return; rest; iv; "
           "complete m=1",
      "IV-05", .inexact_order = true },
    { "news is lost by one that was held while another VF was reset",
      HELD "reset vf=1; pf_reset vf=1; reset_return vf=1; rest; raise m=1; rest", "RS-01" },
    { "by one that was held while another VF was removed",
      HELD "remove vf=1; remove_return vf=1; rest; raise m=1; rest", "RM-01" },
    { "by one that came after the reset of another VF",
      "reset vf=1; pf_reset vf=1; reset_return vf=1; rest; " HELD "raise m=1; rest", "IV-01" },
    { "in exact order it is not", HELD "raise m=1; raise m=1; complete m=1; signal m=1; iv; complete m=1",
      "IV-05" },
    { "observations cross no rest", HELD "raise m=1; complete m=1; signal m=1; rest; iv; complete m=1",
      "IV-05", .inexact_order = true },
    { "reads go on beside a held one", HELD "read r=2; pf_read; answer d=A8; read_return r=2 d=A8; rest" },
    { "a read waits for the PF beside a held one",
      HELD "read r=2; pf_read; rest; answer d=A8; read_return r=2 d=A8; "
           "rest" },
    { "a held one waits for no read", "read; pf_read; " HELD2 "raise m=1; complete r=2 m=1; signal r=2 m=1; "
                                      "rest" },
    { "a held one waits for a read", "read; pf_read; " HELD2 "raise m=1; rest", "IV-01" },
    { "all wait for the lock that a blocked read holds",
      "read; pf_read; iv r=2; raise m=1; rest; answer d=A8; read_return d=A8; complete r=2 m=1; return r=2; "
      "rest",
      NULL, .claimed = VPCI_CAPABILITY_BIT(BLOCKING) },
    { "the lock is free, and still all wait",
      "read; pf_read; " HELD2 "raise m=1; rest; answer d=A8; read_return d=A8; rest", "IV-01",
      .claimed = VPCI_CAPABILITY_BIT(BLOCKING) },
    { "a low-resource refusal", "low_resources n=1; iv; complete s=INSUFFICIENT_RESOURCES; return "
                                "s=INSUFFICIENT_RESOURCES; rest" },
    { "a crash at a notification", HELD "raise m=1; crash", "IV-01" },
    { NULL },
};

static void judges_deliveries(void **state)
{
    (void)state;
    judge_all(deliveries);
}

static void judges_mask_0(void **state)
{
    (void)state;
    judge_all(empties);
}

static void accepts_the_freedoms_of_several_that_are_held(void **state)
{
    (void)state;
    judge_all(several);
}

static void news_inside_of_a_completion_is_charged_to_either_event(void **state)
{
    (void)state;
    judge_all(inside);
}

static void judges_cancels(void **state)
{
    (void)state;
    judge_all(cancels);
}

static void judges_sizes(void **state)
{
    (void)state;
    judge_all(sizes);
}

static void judges_what_crosses(void **state)
{
    (void)state;
    judge_all(orders);
}

/* Each bit is a bit of its own. */
static void every_bit_is_judged_alike(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < VPCI_FLAGGABLE_BLOCKS; bit++) {
        char legal[256], lost[256], wrong[256];
        const unsigned long long mask = 1ull << bit, next = 1ull << (bit + 1) % 64;
        (void)snprintf(legal, sizeof legal, "raise m=%llu; iv; complete m=%llu; return; rest", mask, mask);
        (void)snprintf(lost, sizeof lost, HELD "raise m=%llu; rest", mask);
        (void)snprintf(wrong, sizeof wrong, "raise m=%llu; iv; complete m=%llu", mask, next);
        const struct history histories[] = {
            { "legal", legal }, { "lost", lost, "IV-01" }, { "wrong", wrong, "IV-06" }, { NULL }
        };
        judge_all(histories);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_deliveries),
        cmocka_unit_test(judges_mask_0),
        cmocka_unit_test(accepts_the_freedoms_of_several_that_are_held),
        cmocka_unit_test(news_inside_of_a_completion_is_charged_to_either_event),
        cmocka_unit_test(judges_cancels),
        cmocka_unit_test(judges_sizes),
        cmocka_unit_test(judges_what_crosses),
        cmocka_unit_test(every_bit_is_judged_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
