/* SPDX-License-Identifier: MIT */
/* tests/unit/test_model_interface.c - the judge on obtaining and holding the interface (QI). */
#include "tests/unit/history.h"

static const struct history answers[] = {
    { "as it should be", "query; query_return iface=1; rest" },
    { "twice the same", "query; query_return iface=1; query; query_return iface=1" },
    { "refused", "query; query_return s=NOT_SUPPORTED d=Z56", "QI-01" },
    { "queued", "query; rest", "QI-04" },
    { "answered twice", "query; query_return iface=1; query_return iface=1", "QI-04" },
    { "answered out of nothing", "query_return iface=1", "QI-04" },
    { "a read is no query", "read; query_return iface=1", "QI-04" },
    { "Information is not 0", "query; query_return i=56 iface=1", "~QI-13" },
    { "another interface", "query guid=3; query_return s=NOT_SUPPORTED d=Z56" },
    { "another interface, the status found stays", "query guid=3 s=BAD_DATA; query_return s=BAD_DATA d=Z56" },
    { "another interface, the status changes", "query guid=3; query_return s=INVALID_PARAMETER d=Z56",
      "QI-04" },
    { "another interface succeeds", "query guid=3; query_return iface=1", "QI-04" },
    { "another interface, the structure is written",
      "query guid=3; query_return s=NOT_SUPPORTED d=Z56 put=8:1", "QI-04" },
    { "another interface, Version 0, another status",
      "query guid=3 version=0; query_return s=INVALID_PARAMETER d=Z56" },
    { "another interface, after removal, another status",
      "remove; remove_return; query guid=3; query_return s=NO_SUCH_DEVICE d=Z56; rest" },
    { "after removal it fails", "remove; remove_return; query; query_return s=NO_SUCH_DEVICE d=Z56; rest" },
    { "after removal it succeeds", "remove; remove_return; query; query_return iface=1; rest" },
    { "Version 0 fails", "query version=0; query_return s=NOT_SUPPORTED d=Z56" },
    { "before the start", "query; query_return iface=1", NULL, .not_started = true },
    { "before the start it fails", "query; query_return s=NOT_SUPPORTED d=Z56", "QI-01",
      .not_started = true },
    { "without memory it fails",
      "low_resources n=1; query; query_return s=INSUFFICIENT_RESOURCES d=Z56; rest" },
    { "a crash before the start", "crash", "QI-16", .not_started = true },
    { "a crash at a query", "query; crash", "QI-01" },
    { "a crash at a query before the start", "query; crash", "QI-16", .not_started = true },
    { "a hang in a query before the start", "query; hang", "QI-16", .not_started = true },
    { NULL },
};

static const struct history sizes[] = {
    { "one byte beyond Size", "query; query_return iface=1 cut=57", "QI-05" },
    { "beyond a Size of 0", "query size=0; query_return s=BUFFER_TOO_SMALL d=Z1", "QI-05" },
    { "an overrun", "query size=31; overrun offset=31", "QI-05" },
    { "Size 0 fails", "query size=0; query_return s=BUFFER_TOO_SMALL" },
    { "Size 31 fails", "query size=31; query_return s=BUFFER_TOO_SMALL d=Z31" },
    { "Size 31 succeeds", "query size=31; query_return iface=1 cut=31", "QI-06" },
    { "Size 32 is truncated", "query size=32; query_return iface=1 cut=32" },
    { "Size 32 fails", "query size=32; query_return s=BUFFER_TOO_SMALL d=Z32" },
    { "Size 48 is truncated", "query size=48; query_return iface=1 cut=48" },
    { "Size 48, without ReadVfConfigBlock", "query size=48; query_return iface=1 put=40:0 cut=48", "QI-06" },
    { "Size 55 is truncated", "query size=55; query_return iface=1 put=0:55 cut=55" },
    { "Size 56 fails", "query size=56; query_return s=BUFFER_TOO_SMALL d=Z56", "QI-01" },
    { "Size 64", "query size=64; query_return iface=1 cut=64" },
    { "Size 64, written behind the structure", "query size=64; query_return iface=1 put=60:1 cut=64",
      "QI-06" },
    { "Size 65535", "query size=65535; query_return iface=1 cut=512" },
    { NULL },
};

static const struct history contents[] = {
    { "no Context", "query; query_return iface=1 put=8:0", "QI-06" },
    { "no InterfaceReference", "query; query_return iface=1 put=16:0", "QI-06" },
    { "no InterfaceDereference", "query; query_return iface=1 put=24:0", "QI-06" },
    { "no WriteVfConfigBlock", "query; query_return iface=1 put=32:0", "QI-06" },
    { "no ReadVfConfigBlock", "query; query_return iface=1 put=40:0", "QI-06" },
    { "no Size", "query; query_return iface=1 put=0:0", "QI-06" },
    { "a wrong Size", "query; query_return iface=1 put=0:57", "QI-06" },
    { "nothing is filled in", "query; query_return d=Z56", "QI-06" },
    { "no Version", "query; query_return iface=1 put=2:0", "QI-07" },
    { "a newer Version", "query; query_return iface=1 put=2:2", "QI-07" },
    { "the newest Version below the one asked for", "query version=65535; query_return iface=1 put=2:3" },
    { "an older Version", "query version=2; query_return iface=1" },
    { "two VFs, two numbers", "query; query_return iface=1; query vf=1; query_return iface=2" },
    { "two VFs, one number", "query; query_return iface=1; query vf=1; query_return iface=1", "QI-14" },
    { "one VF, two numbers", "query; query_return iface=1; query; query_return iface=2", "QI-14" },
    { "a number of 0", "query; query_return iface=0; query vf=1; query_return iface=1" },
    { NULL },
};

static const struct history references[] = {
    { "one for a success", "references references=1; query; query_return iface=1; references references=2" },
    { "none for a success", "references references=1; query; query_return iface=1; references references=1",
      "QI-09" },
    { "two for a success", "references references=1; query; query_return iface=1; references references=3",
      "QI-09" },
    { "none for a failure",
      "references references=1; query guid=3; query_return s=NOT_SUPPORTED; references references=1" },
    { "one for a failure",
      "references references=1; query guid=3; query_return s=NOT_SUPPORTED; references references=2",
      "QI-09" },
    { "none for a small structure that fails",
      "references references=1; query size=31; query_return s=BUFFER_TOO_SMALL; references references=1" },
    { "one for a small structure that fails",
      "references references=1; query size=31; query_return s=BUFFER_TOO_SMALL; references references=2",
      "QI-09" },
    { "taken and dropped", "references references=4; reference; reference; references references=6; "
                           "dereference; dereference; references references=4" },
    { "a drop that does not count",
      "references references=4; reference; references references=5; dereference; references references=5",
      "QI-09" },
    { "more drops than there were references are the client's breach, whatever is counted then",
      "references references=0; dereference; references references=0; reference; references references=1" },
    { "of another VF than the one whose client drops too much",
      "references references=1; dereference vf=1; reference; references references=1", "QI-09" },
    { "told before the latest was heard of",
      "references references=1; reference; reference; references references=2; references references=3; "
      "rest; "
      "references references=3",
      NULL, .inexact_order = true },
    { "told when all was heard of",
      "references references=1; reference; reference; rest; references references=2", "QI-09",
      .inexact_order = true },
    { "told more than anybody took", "references references=1; reference; references references=3", "QI-09",
      .inexact_order = true },
    { "moved by nothing", "references references=1; read; references references=2", "QI-09" },
    { "of two VFs", "references references=1; references references=1 vf=1; reference vf=1; references "
                    "references=1; references references=2 vf=1" },
    { "after removal",
      "references references=1; query; query_return iface=1; remove; remove_return; dereference; "
      "references references=1; rest" },
    { "a call after removal fails",
      "query; query_return iface=1; remove; remove_return; read; read_return s=DEVICE_REMOVED d=F8; rest" },
    { "a call after removal crashes", "query; query_return iface=1; remove; remove_return; read; crash",
      "QI-12" },
    { "a dereference crashes", "query; query_return iface=1; dereference; crash", "QI-12" },
    { NULL },
};

static void judges_answers(void **state)
{
    (void)state;
    judge_all(answers);
}

static void judges_sizes(void **state)
{
    (void)state;
    judge_all(sizes);
}

static void judges_contents(void **state)
{
    (void)state;
    judge_all(contents);
}

static void judges_references(void **state)
{
    (void)state;
    judge_all(references);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_answers),
        cmocka_unit_test(judges_sizes),
        cmocka_unit_test(judges_contents),
        cmocka_unit_test(judges_references),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
