# SPDX-License-Identifier: MIT
"""tools/prove holds the suite to its word; this holds tools/prove to its own, with a few liars at a time: it misses a liar
that is gone, finds an argument that is out of date, accuses a liar among the variants, and names the scenario that kills."""

import json
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit  # noqa: E402

PROVE = os.path.join(kit.SOURCE, "tools", "prove", "prove.py")
SERIALS = ("two-vfs-share-a-serial-number", "the-serial-number-changes")


class ProveTest(kit.Test):
    def choose(self, folder, kind, *names):
        """A folder of links to bundled adapters."""
        os.makedirs(self.path(folder))
        for name in names:
            source = os.path.join(kit.SOURCE, "harness", "adapters", kind, f"{name}.c")
            self.assertTrue(os.path.exists(source), source)
            os.symlink(source, self.path(folder, f"{name}.c"))
        return self.path(folder)

    def forge(self, kind, name, line):
        """A folder in which that adapter's first line says something else."""
        os.makedirs(self.path("forged", kind), exist_ok=True)
        kit.write(self.path("forged", kind, f"{name}.c"), line)
        return self.path("forged", kind)

    def arguments(self, *rows):
        return kit.write(self.path("arguments.json"), json.dumps({"format": 1, "unproven": rows}))

    def prove(self, code, *options, out="proof", **folders):
        """(what it said, matrix, report). Where no folder is given there is nothing of that kind; no arguments either."""
        words = ["-B", PROVE, "--out", self.path(out), "--jobs", "2", "--golden", "golden"]
        if "--arguments" not in options:
            words += ["--arguments", self.arguments()]
        for kind in ("liars", "variants", "fuzz_liars"):
            os.makedirs(self.path("empty"), exist_ok=True)
            words += [f"--{kind.replace('_', '-')}", folders.get(kind, self.path("empty"))]
        done = self.run_program(*words, *options, program=kit.INTERPRETER)
        self.assertEqual(done.code, code, done.out + done.err)
        if code == kit.FAULT:
            return done, None, None
        return done, json.loads(kit.read_bytes(self.path(out, "matrix.json"))), kit.read_bytes(self.path(out, "proof.md")).decode()

    def requirement(self, matrix, id):
        return {row["id"]: row["roles"] for row in matrix["requirements"]}[id]

    def test_a_proof_names_the_liars_and_the_scenarios_that_kill_them(self):
        done, matrix, report = self.prove(kit.CONFORMS, "--only", "QI-14", liars=self.choose("liars", "liars", *SERIALS))
        self.assertEqual(matrix["complaints"], [])
        for role in ("bus", "stack"):
            entry = self.requirement(matrix, "QI-14")[role]
            self.assertEqual(entry["verdict"], "proven")
            self.assertEqual(entry["proven_by"][f"liar:{SERIALS[0]}"], ["interface/each-vf-has-its-own-serial-number",
                                                                         "interface/references-of-one-vf-do-not-count-for-another"])
            self.assertIn("interface/a-vf-keeps-its-serial-number", entry["proven_by"][f"liar:{SERIALS[1]}"])
        scenarios = {row["scenario"]: row for row in matrix["scenarios"]}
        self.assertGreater(len(scenarios), 200)
        self.assertEqual(scenarios["interface/a-vf-keeps-its-serial-number"]["verdict"], "redundant")
        self.assertEqual(scenarios["interface/references-of-one-vf-do-not-count-for-another"]["verdict"], "redundant")  # one other
        self.assertEqual(scenarios["direct/a-read-of-128-bytes-works"]["verdict"], "kills nothing")
        self.assertRegex(done.out, r"(?m)^PROVEN  suite of \d+ scenarios")
        self.assertIn("2 proven, 0 argued, 0 unproven", done.out)
        self.assertIn(f"| `liar:{SERIALS[0]}` | QI-14 | bus | killed | 2: `interface/each-vf-has-its-own-serial-number` and 1 more | - |", report)

    def test_a_scenario_is_needed_where_it_alone_kills_a_liar(self):
        liar = "answers-the-first-read-after-news-from-a-copy"
        _, matrix, report = self.prove(kit.CONFORMS, "--only", "IV-17", liars=self.choose("liars", "liars", liar))
        needed = [row for row in matrix["scenarios"] if row["verdict"] == "needed"]
        self.assertEqual([(row["scenario"], row["alone"]) for row in needed],
                         [("invalidate/a-direct-read-after-the-news-returns-the-new-data", [f"liar:{liar} (bus)"])])
        self.assertIn(f"- `{needed[0]['scenario']}`: alone kills `liar:{liar} (bus)`; 1 in all", report)

    def test_the_bytes_do_not_depend_on_the_number_of_jobs(self):
        folder = self.choose("liars", "liars", *SERIALS)
        self.prove(kit.CONFORMS, "--only", "QI-14", liars=folder, out="once")
        self.prove(kit.CONFORMS, "--only", "QI-14", "--jobs", "1", liars=folder, out="again")
        for name in ("matrix.json", "proof.md"):
            self.assertEqual(kit.read_bytes(self.path("once", name)), kit.read_bytes(self.path("again", name)))

    def test_a_liar_that_is_gone_leaves_its_requirement_unproven(self):
        done, matrix, report = self.prove(kit.VIOLATION, "--only", "QI-14")
        self.assertEqual([self.requirement(matrix, "QI-14")[role]["verdict"] for role in ("bus", "stack")], ["unproven"] * 2)
        self.assertIn("QI-14 is unproven at role stack: ", done.out)
        self.assertIn("\nNOT PROVEN  suite", done.out)
        self.assertIn("- **QI-14** (bus, stack): **No argument.**", report)

    def test_an_argument_stands_in_for_a_liar_only_where_there_is_none(self):
        argued = self.arguments({"id": "QI-14", "roles": ["bus", "stack"], "why": "Because."})
        _, matrix, report = self.prove(kit.CONFORMS, "--only", "QI-14", "--arguments", argued)
        self.assertEqual(self.requirement(matrix, "QI-14")["bus"]["verdict"], "argued")
        self.assertIn("- **QI-14** (bus, stack): Because.", report)
        done, matrix, _ = self.prove(kit.VIOLATION, "--only", "QI-14", "--arguments", argued, liars=self.choose("liars", "liars", *SERIALS))
        self.assertEqual([row["role"] for row in matrix["stale"]], ["bus", "stack"])
        self.assertIn("QI-14 at role bus is argued to be unprovable, and proven", done.out)

    def test_an_argument_about_what_nobody_exercises_is_stale(self):
        argued = self.arguments({"id": "QI-02", "roles": ["bus"], "why": "Nobody sees it."})
        done, _, _ = self.prove(kit.VIOLATION, "--only", "QI-02", "--arguments", argued)
        self.assertIn("QI-02 at role bus is argued to be unprovable, and not exercised", done.out)

    def test_the_arguments_of_the_kit_are_about_what_it_says(self):
        _, matrix, _ = self.prove(kit.CONFORMS, "--only", "DC-11", "--arguments", os.path.join(kit.SOURCE, "tests", "proof", "unproven.json"),
                                  liars=self.choose("liars", "liars", "mixes-two-reads-of-one-vf"))
        self.assertEqual([self.requirement(matrix, "DC-11")[role]["verdict"] for role in ("bus", "stack")], ["proven", "argued"])

    def test_a_liar_among_the_variants_is_accused(self):
        done, matrix, report = self.prove(kit.VIOLATION, "--only", "QI-02",
                                          variants=self.choose("variants", "liars", "one-byte-is-wrong-at-length-77"))
        verdicts = {row["adapter"]: row["verdict"] for row in matrix["correct"]}
        self.assertEqual(verdicts, {"golden": "passed", "liar:one-byte-is-wrong-at-length-77": "accused"})
        self.assertRegex(done.out, r"liar:one-byte-is-wrong-at-length-77 at role bus is accused: direct/\S+length=77\S*: fail RD-02\n")
        self.assertIn("1 passed in every role they claim, 1 accused", done.out)
        self.assertIn("| accused |", report)

    def test_a_liar_that_is_blamed_on_something_else_has_survived(self):
        liars = self.forge("liars", SERIALS[0], "/* breaks: QI-07 not at all. */\n")
        done, matrix, _ = self.prove(kit.VIOLATION, "--only", "QI-07", liars=liars)
        self.assertEqual(matrix["liars"][0]["verdict"], "survived")
        self.assertEqual(matrix["liars"][0]["also_blamed"], ["QI-14"])
        self.assertIn(f"liar:{SERIALS[0]} survives: nobody blames QI-07 at role bus", done.out)

    def test_a_breach_that_is_a_warning_is_killed_by_one(self):
        _, matrix, _ = self.prove(kit.CONFORMS, "--only", "WD-06",
                                  liars=self.choose("liars", "liars", "returns-another-status-than-it-stored"))
        self.assertEqual(matrix["liars"][0]["verdict"], "killed")
        self.assertIn("wdm/the-status-returned-is-the-status-stored", matrix["liars"][0]["roles"]["bus"]["kills"])

    def test_what_only_a_search_finds_says_where_it_is_caught(self):
        self.choose("forged/fuzz-liars", "fuzz-liars", "alters-block-9-at-length-96")
        found, forged = "alters-block-9-at-length-96", "counts-waiting-notifications-in-eight-bits"
        folder = self.forge("fuzz-liars", forged, "/* breaks: IR-11 not at all. */\n")
        done, matrix, _ = self.prove(kit.VIOLATION, "--only", "IR-*", fuzz_liars=folder)  # IR is unproven without its liars
        by = {row["adapter"]: row["caught_by"] for row in matrix["fuzz_liars"]}
        self.assertEqual(by, {f"fuzz-liar:{found}": "regressions", f"fuzz-liar:{forged}": "hunting only"})
        self.assertNotIn("survives", done.out)

    def test_an_unfit_input_is_a_fault_with_its_place(self):
        rows = [({"id": "QI-99", "roles": ["bus"], "why": "x"}, "/unproven/0/id: no such requirement"),
                ({"id": "QI-14", "roles": ["pf"], "why": "x"}, "/unproven/0/roles: "),
                ({"id": "QI-14", "roles": ["bus"], "why": " "}, "/unproven/0/why: "),
                ({"id": "QI-14", "roles": ["bus", "bus"], "why": "x"}, "/unproven/0: QI-14 at role bus is argued twice"),
                (["QI-14"], "/unproven/0: its members")]
        for row, place in rows:
            with self.subTest(place):
                done, _, _ = self.prove(kit.FAULT, "--arguments", self.arguments(row))
                self.assertIn(f"arguments.json: {place}", done.err)
        for text in ("", "[]", '{"format": 2, "unproven": []}', "[" * 100000, b"\xff"):
            done, _, _ = self.prove(kit.FAULT, "--arguments", kit.write(self.path("bad.json"), text))
            self.assertRegex(done.err, r"^prove: \S*bad\.json: ")
            self.assertEqual(done.err.count("\n"), 1)

    def test_a_liar_that_does_not_say_what_it_breaks_is_a_fault(self):
        for line, reason in (("/* nothing */\n", "does not say"), ("/* breaks: QI-99 it. */\n", "no such requirement: QI-99"), (b"\xff\n", "cannot be read")):
            with self.subTest(reason):
                done, _, _ = self.prove(kit.FAULT, liars=self.forge("liars", SERIALS[0], line))
                self.assertIn(f"{SERIALS[0]}.c: line 1: ", done.err)
                self.assertIn(reason, done.err)

    def test_a_liar_that_was_not_built_and_a_wrong_word_are_faults(self):
        done, _, _ = self.prove(kit.FAULT, "--only", "QI-14", liars=self.forge("liars", "nobody-built-this", "/* breaks: QI-14 it. */\n"))
        self.assertIn("prove: liar:nobody-built-this: ", done.err)
        self.assertIn("no-such-folder", self.prove(kit.FAULT, liars=self.path("no-such-folder"))[0].err)
        for words in (["--jobs", "0"], ["--jobs", "x"], ["--nonsense"]):
            done = self.run_program("-B", PROVE, *words, program=kit.INTERPRETER)
            self.assertEqual(done.code, kit.FAULT, done)
            self.assertNotIn("Traceback", done.err)


if __name__ == "__main__":
    unittest.main()
