# SPDX-License-Identifier: MIT
"""Implementations that crash, hang, end, flood, scribble and leave processes behind: each is a named cause of its own case, within
the deadline; the cases behind it are judged, the file is sealed, and no process is left over. On both seams: tests/hostile
over the channel, plug-ins compiled here in process."""

import collections
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit  # noqa: E402

SELECTION = "direct/a-read-of-128-bytes-works"  # one read in each case, of different blocks
VICTIM = f"{SELECTION}[block=63]"


class ChannelTest(kit.Test):
    """name of tests/hostile -> verdict and cause of every case that was not skipped, exit code."""

    LATE = {  # wait for a deadline in each case
        "closes_its_output": ("fail", "hang", kit.VIOLATION),
        "hangs_in_a_call": ("fail", "hang", kit.VIOLATION),
        "hangs_in_close": ("fail", "hang_at_close", kit.VIOLATION),
        "stops_reading": ("fail", "hang", kit.VIOLATION),
    }
    PROMPT = {
        "adds_a_member": ("error", "garbage", kit.INCONCLUSIVE),
        "answers_another_case": ("error", "foreign_case", kit.INCONCLUSIVE),
        "answers_another_request": ("fail", "violation", kit.VIOLATION),
        "claims_the_unknown": ("error", "garbage", kit.INCONCLUSIVE),
        "allocates_without_end": ("fail", "out_of_memory", kit.VIOLATION),
        "crashes": ("fail", "crash", kit.VIOLATION),
        "cuts_the_buffer": ("error", "garbage", kit.INCONCLUSIVE),
        "ends_in_a_line": ("error", "truncated_line", kit.INCONCLUSIVE),
        "exits_at_once": ("error", "exit_at_start", kit.INCONCLUSIVE),
        "exits_in_a_call": ("fail", "exit", kit.VIOLATION),
        "floods_its_errors": ("fail", "violation", kit.VIOLATION),
        "has_no_fence": ("fail", "violation", kit.VIOLATION),
        "leaves_a_daemon": ("error", "left_child", kit.INCONCLUSIVE),
        "overruns_the_buffer": ("fail", "violation", kit.VIOLATION),
        "prints_100_megabytes": ("error", "line_too_long", kit.INCONCLUSIVE),
        "prints_garbage": ("error", "garbage", kit.INCONCLUSIVE),
        "refuses": ("error", "refused", kit.INCONCLUSIVE),
        "speaks_for_the_kit": ("error", "garbage", kit.INCONCLUSIVE),
    }
    OTHER = {"floods", "leaves_a_child", "stays_after_bye", "never_says_hello", "speaks_another_version", "answers_twice",
             "speaks_after_settle", "speaks_in_tongues", "hostile"}

    def causes(self, name, selection=SELECTION, step_time="1s", timeout=60):
        adapter = f"exec:{kit.INTERPRETER} {kit.SOURCE}/tests/hostile/{name}.py"
        done, results = self.select(adapter, selection, "--quiet", "--step-time", step_time, "--memory", "512M",
                                    timeout=timeout)
        self.assert_nothing_left()
        return done.code, collections.Counter((case["verdict"], case.get("cause")) for case in results.cases), results

    def test_every_hostile_adapter_is_tried(self):
        names = {name[:-3] for name in os.listdir(os.path.join(kit.SOURCE, "tests", "hostile")) if name.endswith(".py")}
        self.assertEqual(names, {*self.LATE, *self.PROMPT, *self.OTHER})

    def test_each_is_a_named_cause_of_each_case(self):
        for name, (verdict, cause, code) in self.PROMPT.items():
            with self.subTest(name=name):
                got, causes, results = self.causes(name)
                self.assertEqual((got, set(causes)), (code, {(verdict, cause)}))
                for case in results.cases:
                    self.assertTrue(case.get("detail") or case.get("finding"), case["name"])

    def test_deadlines_end_what_hangs(self):
        for name, (verdict, cause, code) in self.LATE.items():
            with self.subTest(name=name):
                got, causes, _ = self.causes(name, selection=f"{SELECTION}?block=6??", step_time="500ms", timeout=20)
                self.assertEqual((got, set(causes)), (code, {(verdict, cause)}))

    def test_who_hangs_all_the_time_is_not_waited_for_all_the_time(self):
        code, causes, results = self.causes("hangs_in_a_call", timeout=20)
        self.assertEqual((code, set(causes)), (kit.VIOLATION, {("fail", "hang"), ("skipped", "hangs")}))
        self.assertEqual(results.footer["verdict"], "violation")

    def test_a_flood_is_cut_off(self):
        cut_off = ("error", "too_much_output")
        for step_time, outcomes in (("10s", {cut_off}), ("200ms", {("fail", "hang"), cut_off})):
            code, causes, results = self.causes("floods", selection=VICTIM, step_time=step_time)
            self.assertLessEqual(set(causes), outcomes)
            self.assertEqual(code, kit.VIOLATION if ("fail", "hang") in causes else kit.INCONCLUSIVE)
            self.assertGreater(results.cases[0]["trace_omitted"], 2000)
            self.assertLess(len(self.results_bytes()), 1 << 20)

    def test_a_late_end_is_a_cause_of_the_last_case(self):
        for name, verdict, cause in (("stays_after_bye", "fail", "hang_at_close"), ("leaves_a_child", "error", "left_child")):
            with self.subTest(name=name):
                _, _, results = self.causes(name)
                self.assertEqual([(case["verdict"], case["cause"]) for case in results.cases[-1:]], [(verdict, cause)])

    def test_who_never_says_hello_is_given_up(self):
        code, causes, _ = self.causes("never_says_hello", timeout=30)
        self.assertEqual((code, set(causes)), (kit.INCONCLUSIVE, {("error", "start_timeout")}))

    def test_who_says_too_much_gets_no_pass(self):
        for name in ("answers_twice", "speaks_after_settle"):
            code, causes, _ = self.causes(name)
            self.assertIn(code, (kit.VIOLATION, kit.INCONCLUSIVE))
            self.assertNotIn(("pass", None), causes)


GOLDEN_BUT = """
#include "harness/adapters/golden/golden.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
static volatile int sink;
static int recurse(int depth) { volatile char room[4096]; room[depth % 4096] = 1; return recurse(depth + 1) + room[0]; }
static void scribble(void)
{
    char line[512]; FILE *maps = fopen("/proc/self/maps", "r"); unsigned long from, to; char mode[8];
    while (fgets(line, sizeof line, maps) != NULL)
        if (sscanf(line, "%lx-%lx %7s", &from, &to, mode) == 3 && strcmp(mode, "rw-s") == 0)
            memset((void *)from, 0xAB, to - from > 1 << 20 ? 1 << 20 : to - from);
}
static void say(struct golden *golden, int kind, unsigned fields)
{
    golden_outgoing(golden, &(struct vpci_event){ .kind = kind, .fields = fields });
}
static void evil(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory) { EVIL; }
static int played; /* the probe, which plays nothing, is left alone */
static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    played = 1;
    if (event->kind == VPCI_EVENT_READ && event->block == 63)
        evil(golden, event, memory);
    golden_incoming(golden, event, memory);
}
static const struct golden_hooks hooks = { .incoming = incoming };
#ifdef AT_UNLOAD
__attribute__((destructor)) static void unload(void) { if (played) { AT_UNLOAD; } }
#endif
#ifndef TABLE
GOLDEN_ENTRY("golden but", NULL, &hooks)
#else
static const struct vpci_event_driven *real;
static void *open_device(const struct vpci_event_host *host, const struct vpci_device *device)
{
    static int count;
    if (++count == 3) { OPEN; }
    return real->open(host, device);
}
static void close_device(void *iut) { static int count; real->close(iut); if (++count == 3) { CLOSE; } }
const struct vpci_plugin *vpci_plugin_entry(void)
{
    static struct vpci_plugin table; static struct vpci_event_driven calls;
    ENTRY;
    table = *golden_entry("golden but", NULL, &hooks);
    real = table.event_driven; calls = *real; calls.open = open_device; calls.close = close_device;
    table.event_driven = &calls;
    return &table;
}
#endif
"""


class PluginTest(kit.Test):
    def plugin(self, name, evil=";", *flags):
        library = os.path.join(kit.BUILD, "harness", "adapters", "libvpci_golden.a")
        source = GOLDEN_BUT.replace("EVIL", evil) + f'\n#include "{kit.SOURCE}/models/event.h"\n'
        return self.compile_plugin(name, source, *flags, "-Wl,--whole-archive", library, "-Wl,--no-whole-archive")

    def play(self, path, *options, timeout=60):
        done, results = self.select(path, SELECTION, "--quiet", "--step-time", "1s", "--workers", "1", *options,
                                    timeout=timeout)
        self.assert_nothing_left()
        return done.code, {case["name"]: case for case in results.cases}

    def check_victim(self, path, verdict, cause, *words, options=(), timeout=60):
        """The victim's verdict; all other cases pass, those behind it too."""
        code, cases = self.play(path, *options, timeout=timeout)
        victim = cases.pop(VICTIM)
        self.assertEqual((victim["verdict"], victim.get("cause")), (verdict, cause), victim)
        for word in words:
            self.assertIn(word, str(victim))
        self.assertEqual({case["verdict"] for case in cases.values()}, {"pass"})
        self.assertEqual(code, {"fail": kit.VIOLATION, "error": kit.INCONCLUSIVE, "pass": kit.CONFORMS}[verdict])

    def test_golden_itself_passes_here(self):
        self.check_victim(self.plugin("golden"), "pass", None)

    def test_each_evil_is_a_named_cause_of_its_case(self):
        for name, evil, cause, *words in (
                ("null", "*(volatile int *)8 = 1", "crash", "signal 11"), ("abort", "abort()", "crash", "signal 6"),
                ("divide", "raise(SIGFPE)", "crash", "signal 8"), ("recursion", "sink = recurse(0)", "crash", "signal 11"),
                ("jump", "((void (*)(void))16)()", "crash", "signal 11"), ("group", "kill(0, SIGKILL)", "crash", "signal 9"),
                ("exit", "exit(0)", "exit"), ("exit3", "exit(3)", "exit"), ("_exit", "_exit(0)", "exit"),
                ("_exit7", "_exit(7)", "exit"),
                ("loop", "for (;;) sink++", "hang", "no return within 1000 ms"), ("sleep", "for (;;) pause()", "hang"),
                ("hoard", "for (;;) if (calloc(1, 1 << 24) == NULL) abort()", "crash")):
            with self.subTest(evil=evil):
                self.check_victim(self.plugin(name, evil), "fail", cause, *words, options=("--memory", "1G"))

    def test_memory_that_is_not_the_callers_is_a_violation(self):
        for name, evil, requirement in (("behind", "memory->output[event->length] = 1", "RD-03"),
                                        ("far behind", "memory->output[event->length + 2000] = 1", "RD-03"),
                                        ("before", "memory->output[-1] ^= 1", "RD-03")):
            with self.subTest(evil=evil):
                code, cases = self.play(self.plugin(name, evil))
                self.assertEqual((code, cases[VICTIM]["verdict"]), (kit.VIOLATION, "fail"), cases[VICTIM])
                self.assertEqual(cases[VICTIM]["requirement"], requirement)

    def test_what_no_implementation_may_say_is_garbage(self):
        for name, evil in (("unknown kind", "say(golden, 999, 0)"), ("kind of the kit", "say(golden, VPCI_EVENT_REST, 0)"),
                           ("kind of the client", "say(golden, VPCI_EVENT_READ, 0)"),
                           ("no request", "say(golden, VPCI_EVENT_READ_RETURN, 0)")):
            with self.subTest(evil=evil):
                self.check_victim(self.plugin(name.replace(" ", "-"), evil), "error", "garbage",
                                  "cannot send" if "kind" in name else "")

    def test_a_process_that_stops_is_ended(self):
        self.check_victim(self.plugin("stop", "raise(SIGSTOP)"), "fail", "hang", "no sign of life", timeout=60)

    def test_children_do_not_outlive_the_run(self):
        for name, evil in (("child", "if (fork() == 0) for (;;) pause()"),
                           ("brood", "for (int i = 0; i < 20; i++) if (fork() == 0) for (;;) pause()"),
                           ("daemon", "if (fork() == 0) { setsid(); if (fork() == 0) for (;;) pause(); _exit(0); }")):
            with self.subTest(evil=evil):
                code, cases = self.play(self.plugin(name, evil), timeout=30)
                self.assertIn(code, (kit.CONFORMS, kit.VIOLATION, kit.INCONCLUSIVE))
                self.assertEqual({case["verdict"] for name, case in cases.items() if name != VICTIM}, {"pass"})

    def test_who_scribbles_over_the_kit_gets_no_pass(self):
        code, cases = self.play(self.plugin("scribble", "scribble(); abort()"))
        self.assertEqual((code, cases[VICTIM]["verdict"]), (kit.VIOLATION, "fail"))
        self.assertEqual(cases[f"{SELECTION}[block=0xffffffff]"]["verdict"], "pass")

    def test_what_it_does_to_the_process_stays_there(self):
        for name, evil in (("closes", "for (int i = 0; i < 1024; i++) close(i)"),
                           ("prints", 'for (int i = 0; i < 100000; i++) puts("CONFORMS everything")'),
                           ("moves", 'chdir("/"); setenv("PATH", "", 1)'),
                           ("ignores", "signal(SIGALRM, SIG_IGN); signal(SIGSEGV, SIG_IGN)")):
            with self.subTest(evil=evil):
                code, cases = self.play(self.plugin(name, evil))
                self.assertEqual({case["verdict"] for case in cases.values()}, {"pass"})
                self.assertEqual(code, kit.CONFORMS)

    def test_open_and_close_are_watched_too(self):
        for name, flags, cause in (("open-crash", ["-DOPEN=abort()", "-DCLOSE=;"], "crash"),
                                   ("close-crash", ["-DOPEN=;", "-DCLOSE=abort()"], "crash"),
                                   ("open-hang", ["-DOPEN=for(;;)sink++", "-DCLOSE=;"], "hang"),
                                   ("close-hang", ["-DOPEN=;", "-DCLOSE=for(;;)sink++"], "hang_at_close"),
                                   ("open-null", ["-DOPEN=return NULL", "-DCLOSE=;"], "refused")):
            with self.subTest(name=name):
                code, cases = self.play(self.plugin(name, ";", "-DTABLE", "-DENTRY=;", *flags))
                causes = [case.get("cause") for case in cases.values()]
                self.assertEqual(causes[:3], [None, None, cause])  # each process gives up at its third case
                self.assertIn(None, causes[3:])
                self.assertEqual(code, kit.INCONCLUSIVE if cause == "refused" else kit.VIOLATION)

    def test_an_end_that_does_not_repeat_is_held_against_it_all_the_same(self):
        """Ends the process well, code 0, at the third device it opens there: a second try of that case would pass."""
        plugin = self.plugin("third", ";", "-DTABLE", "-DENTRY=;", "-DCLOSE=;",
                             "-DOPEN=_exit(0)")
        code, cases = self.play(plugin)
        self.assertEqual(code, kit.VIOLATION)
        self.assertIn(("fail", "exit"), {(case["verdict"], case.get("cause")) for case in cases.values()})

    def test_who_breaks_while_it_is_unloaded_fails_its_last_case(self):
        plugin = self.plugin("unload", ";", "-DAT_UNLOAD=abort()")
        code, cases = self.play(plugin)
        self.assertEqual(code, kit.VIOLATION)
        self.assertEqual([(case["verdict"], case.get("cause")) for case in cases.values()][-1], ("fail", "crash"))
        self.assertEqual({case["verdict"] for case in list(cases.values())[:-1]}, {"pass"})

    def test_who_breaks_while_it_is_loaded_gets_no_verdict(self):
        for name, entry, cause in (("entry-crash", "abort()", "crash"), ("entry-exit", "exit(0)", "exit_at_start"),
                                   ("entry-hang", "for(;;)sink++", "hang")):
            with self.subTest(name=name):
                path = self.plugin(name, ";", "-DTABLE", "-DOPEN=;", "-DCLOSE=;", f"-DENTRY={entry}")
                code, cases = self.play(path, timeout=30)
                self.assertEqual({(case["verdict"], case["cause"]) for case in cases.values()}, {("error", cause)})
                self.assertEqual(code, kit.INCONCLUSIVE)


if __name__ == "__main__":
    unittest.main()
