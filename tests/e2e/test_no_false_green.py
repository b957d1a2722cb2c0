# SPDX-License-Identifier: MIT
"""Never a pass by accident. Whatever is missing, broken or misspelled ends with exit code 3 and a line that names file, place
and reason; whatever shows nothing is inconclusive, exit code 2; and none of it ever ends with 0."""

import json
import os
import shutil
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit  # noqa: E402

MINIMAL = """
#include "harness/plugin.h"
static int device;
static void *open_device(const struct vpci_event_host *host, const struct vpci_device *given) { return &device; }
static void submit(void *iut, const struct vpci_event *event, const struct vpci_memory *memory) {}
static void close_device(void *iut) {}
static const struct vpci_event_driven calls = { open_device, submit, NULL, close_device };
#ifndef ABI
#define ABI VPCI_PLUGIN_ABI
#endif
#ifndef ROLES
#define ROLES (1u << VPCI_ROLE_BUS)
#endif
#ifndef CALLS
#define CALLS &calls
#endif
static const struct vpci_plugin table = { ABI, sizeof table, "minimal", "1", ROLES, 0, CALLS, NULL };
const struct vpci_plugin *vpci_plugin_entry(void) { return &table; }
"""
QUICK = "direct/a-read-of-128-bytes-works"


class AdapterTest(kit.Test):
    def refuse(self, adapter, *words, options=()):
        for verb in ("certify", "run", "adapter check"):
            done = self.run_program(*verb.split(), "--adapter", adapter, *options, timeout=60)
            if verb == "adapter check":  # may say more about it, on standard output
                self.assertIn(done.code, (kit.VIOLATION, kit.FAULT), done)
            else:
                self.assert_fault(done, *words)
                self.assertFalse(os.path.exists(self.path("out", "junit.xml")))

    def test_an_adapter_that_is_not_there(self):
        for name in ("no-such-adapter", "liar:no-such-liar", "variant:", "/no/such.so", "./missing.so", "liar:../golden"):
            with self.subTest(name=name):
                self.refuse(name, f"'{name}'", "no such file")

    def test_an_adapter_that_is_no_plug_in(self):
        text = kit.write(self.path("text.so"), "this is not a shared object\n")
        empty = kit.write(self.path("empty.so"), "")
        foreign = self.compile_plugin("foreign", "int some_other_function(void) { return 1; }")
        null = self.compile_plugin("null", "const void *vpci_plugin_entry(void) { return 0; }")
        undefined = self.compile_plugin("undefined",
                                        "extern int nobody(void); int vpci_plugin_entry(void) { return nobody(); }")
        for path, *words in ((text, text, "start_failed"), (empty, empty, "start_failed"), (self.folder, self.folder),
                             (foreign, foreign, "no symbol vpci_plugin_entry"), (null, null, "returned NULL"),
                             (undefined, undefined, "nobody")):
            with self.subTest(path=path):
                self.refuse(path, *words)

    def test_a_plug_in_of_another_version(self):
        old = self.compile_plugin("old", MINIMAL, "-DABI=0")
        new = self.compile_plugin("new", MINIMAL, "-DABI=VPCI_PLUGIN_ABI+1")
        both = self.compile_plugin("neither", MINIMAL, "-DCALLS=NULL")
        for path, words in ((old, "ABI 0"), (new, "ABI 2"), (both, "event_driven")):
            self.refuse(path, path, words)

    def test_a_channel_that_leads_nowhere(self):
        another_version = f"exec:{kit.INTERPRETER} {kit.SOURCE}/tests/hostile/speaks_another_version.py"
        for adapter, *words in ((another_version, "version_mismatch", "version 99"),
                                ("exec:/no/such/program", "/no/such/program"), ("unix:/no/such/socket", "/no/such/socket"),
                                ("tcp:127.0.0.1:1", "127.0.0.1"), ("tcp:nonsense", "nonsense"), ("exec:", "exec:"),
                                ("exec: ", "colon")):
            with self.subTest(adapter=adapter):
                self.refuse(adapter, *words)

    def test_a_role_that_is_not_claimed_or_not_judged(self):
        for role, words in (("stack", "does not claim the role stack"), ("pf", "bus and stack only"),
                            ("vsp", "bus and stack only")):
            done = self.run_program("certify", "--adapter", "golden-blocking", "--role", role)
            self.assert_fault(done, words)
        nothing = self.compile_plugin("nothing", MINIMAL, "-DROLES=0")
        self.assert_fault(self.run_program("certify", "--adapter", nothing), "claims no role")
        other = self.compile_plugin("other", MINIMAL, "-DROLES=(1u<<VPCI_ROLE_PF)")
        self.assert_fault(self.run_program("certify", "--adapter", other), "claims no role")


class CommandLineTest(kit.Test):
    def test_every_misuse_is_named(self):
        for words, *line in (("a verb is missing",), ("certfy; did you mean certify", "certfy"),
                             ("--adapter ADAPTER is missing", "certify"),
                             ("--only no-such: no case", "run", "--adapter", "golden", "--only", "no-such"),
                             ("--only is not an option of this verb", "certify", "--adapter", "golden", "--only", "direct"),
                             ("--role: \"buss\"", "certify", "--adapter", "golden", "--role", "buss"),
                             ("--profile: \"windoze\"", "certify", "--adapter", "golden", "--profile", "windoze"),
                             ("--format xml: there are", "run", "--adapter", "golden", "--format", "xml"),
                             ("unknown option --rol", "certify", "--adapter", "golden", "--rol", "bus"),
                             ("--seed: \"-1\"", "certify", "--adapter", "golden", "--seed", "-1"),
                             ("--time: \"10\" lacks its unit", "certify", "--adapter", "golden", "--time", "10"),
                             ("--workers: \"0\"", "certify", "--adapter", "golden", "--workers", "0"),
                             ("--adapter: given twice", "certify", "--adapter", "golden", "--adapter", "golden"),
                             ("--adapter: its argument is empty", "certify", "--adapter", ""),
                             ("\"extra\" is one too many", "certify", "--adapter", "golden", "extra"),
                             ("no such case", "replay", "no such case", "--adapter", "golden"),
                             ("/no/results.jsonl", "report", "/no/results.jsonl"), ("/no/trace", "check", "/no/trace")):
            with self.subTest(line=line):
                self.assert_fault(self.run_program(*line), words)
        self.assertEqual(os.listdir(self.folder), ["out"] if os.path.exists(self.path("out")) else [])

    def test_a_folder_that_cannot_be_made_or_written_to(self):
        kit.write(self.path("file"), "")
        for out in (self.path("file"), self.path("file", "below"), self.path("no", "such", "parent"), "/proc/out"):
            with self.subTest(out=out):
                self.assert_fault(self.run_program("certify", "--adapter", "golden", "--out", out), out)
        os.makedirs(self.path("taken", "results.jsonl"))
        self.assert_fault(self.run_program("certify", "--adapter", "golden", "--out", self.path("taken")),
                          "taken/results.jsonl")
        os.makedirs(self.path("blocked", "junit.xml"))
        self.assert_fault(self.run_program("certify", "--adapter", "golden", "--out", self.path("blocked")),
                          "blocked/junit.xml")

    def test_a_full_disk_is_no_pass(self):
        for name in ("results.jsonl", "timing.jsonl", "junit.xml", "summary.md"):
            with self.subTest(name=name):
                os.mkdir(self.path(name))
                os.symlink("/dev/full", self.path(name, name))
                done = self.run_program("certify", "--quiet", "--adapter", "golden", "--out", self.path(name))
                self.assert_fault(done, self.path(name, name))


class CopyTest(kit.Test):
    """A copy of the corpus with one scenario."""

    SCENARIO = {"purpose": "A read returns.", "requirements": ["RD-01"], "steps": [{"event": "read", "block": 7, "length": 8}]}

    def setUp(self):
        super().setUp()
        self.corpus = self.path("corpus")
        os.makedirs(os.path.join(self.corpus, "scenarios", "direct"))
        shutil.copy(os.path.join(kit.CORPUS, "requirements.json"), self.corpus)
        self.scenario = os.path.join(self.corpus, "scenarios", "direct", "a-read-returns.json")
        self.put(self.SCENARIO)

    def put(self, scenario):
        kit.write(self.scenario, scenario if isinstance(scenario, (str, bytes)) else json.dumps(scenario, indent=1))

    def certify_copy(self):
        return self.run_program("certify", "--adapter", "golden", "--corpus", self.corpus, "--out", self.path("out"))


class CorpusTest(CopyTest):
    """Damaged in one place at a time."""

    def test_the_copy_is_good_before_it_is_damaged(self):
        self.assertEqual(self.certify_copy().code, kit.CONFORMS)

    def test_a_scenario_with_a_mistake(self):
        step = {"event": "read", "block": 7, "length": 8}
        for change, *words in (({"priority": 1}, "priority"), ({"requirements": ["RD-99"]}, "RD-99"),
                               ({"requirements": []}, "requirements"),
                               ({"steps": []}, "steps"), ({"purpose": 7}, "purpose"), ({"roles": ["king"]}, "king"),
                               ({"capabilities": ["telepathy"]}, "telepathy"), ({"device": {"vfs": 17}}, "vfs"),
                               ({"steps": [{**step, "color": 1}]}, "/steps/0", "color"),
                               ({"steps": [{"event": "reed"}]}, "/steps/0", "reed"),
                               ({"steps": [{**step, "block": "$nobody"}]}, "/steps/0/block", "nobody"),
                               ({"vary": {"unused": [1, 2]}}, "unused"), ({"vary": {"unused": []}}, "/vary"),
                               ({"steps": [{"event": "read", "block": 2 ** 32, "length": 8}]}, "/steps/0/block"),
                               ({"pf": {"answer": "maybe"}}, "/pf/answer"),
                               ({"steps": [step, {"expect": {"event": "read_return"}, "requirement": "XX-01"}]}, "/steps/1",
                                "XX-01")):
            with self.subTest(change=change):
                self.put({**self.SCENARIO, **change})
                self.assert_fault(self.certify_copy(), self.scenario, *words)
        for member in ("purpose", "requirements", "steps"):
            self.put({name: value for name, value in self.SCENARIO.items() if name != member})
            self.assert_fault(self.certify_copy(), self.scenario, member)

    def test_a_scenario_that_is_no_json(self):
        good = json.dumps(self.SCENARIO, indent=1)
        for content, *words in ((good[:-2], "line "), ("", "line 1"), ("{}", "missing"), ("[]", ""), (good + "x", "line "),
                                (good.replace(":", "=", 1), "line 2"),
                                (b"\xff\xfe" + good.encode(), ""), (good.replace('"purpose"', '"steps"', 1), "twice"),
                                ("[" * 100000, "")):
            with self.subTest(content=content[:30]):
                self.put(content)
                self.assert_fault(self.certify_copy(), self.scenario, *words)

    def test_an_empty_or_missing_corpus(self):
        os.remove(self.scenario)
        self.assert_fault(self.certify_copy(), os.path.join(self.corpus, "scenarios"))
        shutil.rmtree(os.path.join(self.corpus, "scenarios"))
        self.assert_fault(self.certify_copy(), os.path.join(self.corpus, "scenarios"))
        shutil.rmtree(self.corpus)
        self.assert_fault(self.certify_copy(), self.corpus)

    def test_a_scenario_that_cannot_be_read(self):
        os.remove(self.scenario)
        os.symlink("/nowhere", self.scenario)
        self.assert_fault(self.certify_copy(), self.scenario)
        os.remove(self.scenario)
        os.mkfifo(self.scenario)
        done = self.run_program("certify", "--adapter", "golden", "--corpus", self.corpus, timeout=20)
        self.assertEqual(done.code, kit.FAULT, done)

    def test_a_catalogue_with_a_mistake(self):
        path = os.path.join(self.corpus, "requirements.json")
        with open(path, encoding="utf-8") as file:
            good = json.load(file)
        rows = good["requirements"]
        for damage, *words in ((rows[1:], rows[0]["id"]), ([*rows, rows[0]], rows[0]["id"]),
                               ([{**rows[0], "id": "ZZ-01"}, *rows[1:]], "ZZ-01"),
                               ([{**rows[0], "level": "MAYBE"}, *rows[1:]], "MAYBE"),
                               ([{**rows[0], "binds": "pf"}, *rows[1:]], "binds"),
                               ([{name: rows[0][name] for name in rows[0] if name != "statement"}, *rows[1:]], "statement")):
            with self.subTest(words=words):
                kit.write(path, json.dumps({**good, "requirements": damage}))
                self.assert_fault(self.certify_copy(), path, *words)
        kit.write(path, "nonsense")
        self.assert_fault(self.certify_copy(), path)
        os.remove(path)
        self.assert_fault(self.certify_copy(), path)


class InconclusiveTest(CopyTest):
    def verdicts(self, done, code=kit.INCONCLUSIVE):
        self.assertEqual(done.code, code, done)
        results = kit.read_results(self.path("out"))
        self.assertEqual(results.footer["verdict"], "inconclusive")
        self.assertTrue(done.out.startswith("INCONCLUSIVE  "), done.out[:100])
        self.assertIn("## INCONCLUSIVE", kit.read_bytes(self.path("out", "summary.md")).decode())
        junit = kit.read_bytes(self.path("out", "junit.xml")).decode()
        self.assertIn("<error", junit)  # a build server must not show it green
        return {name: count for name, count in results.footer["cases"].items() if count}

    def test_a_case_that_does_not_exercise_what_it_is_there_for(self):
        self.put({**self.SCENARIO, "requirements": ["IV-04"]})
        self.assertEqual(self.verdicts(self.certify_copy()), {"inconclusive": 1})
        self.assertEqual(kit.read_results(self.path("out")).cases[0]["cause"], "purpose_not_reached")

    def test_cases_none_of_which_applies(self):
        self.put({**self.SCENARIO, "roles": ["stack"]})
        self.assertEqual(self.verdicts(self.certify_copy()), {"not_applicable": 1})

    def test_an_implementation_that_claims_nothing(self):
        path = self.compile_plugin("minimal", MINIMAL)
        done, _ = self.certify(path)
        self.assertEqual(set(self.verdicts(done)), {"not_applicable"})

    def test_a_run_whose_time_is_over(self):
        done, results = self.certify(kit.PYTHON, "--time", "1ms")
        self.assertGreater(self.verdicts(done)["skipped"], 1000)
        self.assertEqual({case["cause"] for case in results.cases if case["verdict"] == "skipped"}, {"time"})

    def test_time_over_does_not_hide_a_failure(self):
        slow = kit.write(self.path("slow.sh"), f"sleep 0.5\nexec {kit.SERVE} {kit.ADAPTERS}/liars/a-failed-read-succeeds.so\n")
        done, results = self.certify(f"exec:sh {slow}", "--time", "3s", "--workers", "1", code=kit.VIOLATION)
        self.assertGreater(results.footer["cases"]["fail"], 0)
        self.assertGreater(results.footer["cases"]["skipped"], 1000)
        self.assertTrue(done.out.startswith("VIOLATION  "))


if __name__ == "__main__":
    unittest.main()
