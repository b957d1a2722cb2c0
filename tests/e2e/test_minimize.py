# SPDX-License-Identifier: MIT
"""minimize: from each sort of file to a small scenario that fails again, that golden passes and that replay knows."""

import glob
import json
import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit

OVERRUN = "liar:writes-one-byte-beyond-a-read-buffer"
CRASHES = "liar:crashes-at-a-reset-after-a-full-write"
MIXES = "liar:mixes-two-vfs-when-both-are-busy"

READ = {"event": "read", "block": 7, "length": 15}
WRITE = {"event": "write", "block": 7, "length": 128}


def scenario(steps, **more):
    return json.dumps({"purpose": "A case that is to be made small, whatever it does.", "requirements": ["RD-01"], **more,
                       "steps": steps})


class Minimize(kit.Test):
    def setUp(self):
        super().setUp()
        self.out = self.path("a", "b")  # made, with the one above

    def file(self, name, text):
        return kit.write(self.path(name), text)

    def minimize(self, file, adapter, *more, code=kit.VIOLATION):
        done = self.run_program("minimize", file, "--adapter", adapter, "--out", self.out, *more)
        self.assertEqual(done.code, code, done.out + done.err)
        return done

    def found(self):
        paths = glob.glob(os.path.join(self.out, "*"))
        self.assertEqual(len(paths), 1, paths)
        with open(paths[0], encoding="utf-8") as file:
            return paths[0], json.load(file)

    def check_found(self, adapter, requirement, cause, steps):
        path, written = self.found()
        finding = written["finding"]
        self.assertEqual(finding["requirement"], requirement)
        self.assertEqual(finding["cause"], cause)
        self.assertEqual(finding["adapter"], adapter)
        self.assertEqual(os.path.basename(path), f"{requirement}-{finding['fingerprint'][:12]}.json")
        self.assertEqual(len(written["steps"]), steps, written)
        golden = self.run_program("replay", path, "--adapter", "golden")
        self.assertEqual(golden.code, kit.CONFORMS, golden.out + golden.err)
        self.assertIn("It is mended", golden.out)
        return path, written

    def test_a_scenario(self):
        steps = [WRITE, READ, {"event": "ioctl", "code": "READ_BLOCK", "block": 3, "length": 9}, WRITE] * 4
        done = self.minimize(self.file("s.json", scenario(steps)), OVERRUN)
        path, written = self.check_found(OVERRUN, "RD-03", "violation", 1)
        self.assertEqual(written["steps"], [{"event": "read", "block": 0, "length": 1}])
        self.assertEqual(written["requirements"], ["RD-03"])
        self.assertIn(path, done.out)
        self.assertRegex(done.out, r"steps +16 before, 1 after")
        self.assertRegex(done.out, r"golden +passes")
        command = re.search(r"^  (.* replay .*)$", done.out, re.MULTILINE).group(1)
        again = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
        self.assertEqual(again.returncode, kit.VIOLATION, again.stdout + again.stderr)
        self.assertIn("found as RD-03 violation at overrun", again.stdout)
        self.assertIn(written["finding"]["fingerprint"], again.stdout)
        self.assertIn("It still fails in the same way.", again.stdout)

    def test_the_same_bytes_each_time(self):
        file = self.file("s.json", scenario([READ, WRITE] * 5))
        self.minimize(file, OVERRUN)
        path, _ = self.found()
        before = kit.read_bytes(path)
        os.unlink(path)
        self.minimize(file, OVERRUN)
        self.assertEqual(kit.read_bytes(path), before)

    def test_the_named_case_of_a_scenario(self):
        text = json.dumps({"purpose": "Reads of two lengths, to be told apart by their names.", "requirements": ["RD-01"],
                           "vary": {"length": [4, 77]}, "steps": [{"event": "read", "block": 1, "length": "$length"}]})
        file = self.file("s.json", text)
        liar = "liar:one-byte-is-wrong-at-length-77"
        self.minimize(file, liar, code=kit.VIOLATION)
        done = self.run_program("minimize", file, "s[length=4]", "--adapter", liar, "--out", self.out)
        self.assertEqual(done.code, kit.CONFORMS, done.out + done.err)
        self.assertIn("nothing fails", done.out)
        _, written = self.found()
        self.assertEqual(written["steps"], [{"event": "read", "block": 0, "length": 77}])

    def test_results(self):
        run = self.run_program("run", "--adapter", MIXES, "--only", "isolation/*", "--out", self.folder, "--seed", "0x77")
        self.assertEqual(run.code, kit.VIOLATION, run.out + run.err)
        done = self.minimize(self.path("results.jsonl"), MIXES)
        self.assertIn("--seed 0x77", done.out)
        self.check_found(MIXES, "DC-10", "violation", 3)

    def test_a_trace(self):
        lines = [{"trace": 1, "role": "bus", "vfs": 2, "capabilities": ["direct", "reset"], "profile": "default"},
                 {"event": "start", "vf": 0}, {"event": "start_return", "vf": 0, "status": "SUCCESS"},
                 {"event": "start", "vf": 1}, {"event": "start_return", "vf": 1, "status": "SUCCESS"},
                 {"event": "read", "vf": 1, "request": 0, "block": 5, "length": 7},
                 {"event": "pf_read", "call": 9, "vf": 1, "block": 5, "length": 7},
                 {"event": "pf_read_return", "call": 9, "status": "SUCCESS", "data": "01020304050607"},
                 {"event": "read_return", "request": 0, "status": "SUCCESS", "data": "01020304050607"},
                 {"event": "rest"}]
        file = self.file("t.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
        self.minimize(file, OVERRUN)
        _, written = self.check_found(OVERRUN, "RD-03", "violation", 1)
        self.assertEqual(written["steps"], [{"event": "read", "block": 0, "length": 1}])

    def test_an_input_of_a_fuzzer(self):
        self.minimize(self.file("crash-1", bytes(64)), "liar:caches-reads")
        _, written = self.check_found("liar:caches-reads", "PF-10", "violation", 2)
        self.assertEqual([step["event"] for step in written["steps"]], ["read", "read"])

    def test_a_crash_is_shrunk_in_processes_of_its_own(self):
        steps = [READ, WRITE, READ, {"event": "reset"}, READ, WRITE]
        self.minimize(self.file("s.json", scenario(steps)), CRASHES)
        _, written = self.found()
        self.assertEqual(written["finding"]["cause"], "crash")
        self.assertEqual([step["event"] for step in written["steps"]], ["write", "reset"])

    def test_another_process(self):
        adapter = f"exec:{kit.SERVE} {kit.ADAPTERS}/liars/hands-over-one-byte-less.so"
        self.minimize(self.file("s.json", scenario([WRITE, WRITE, READ, WRITE])), adapter)
        _, written = self.found()
        self.assertEqual(len(written["steps"]), 1)

    def test_role_stack(self):
        steps = [{"event": "write", "block": 1, "length": 8}, {"event": "read", "block": 1, "length": 8}] * 3
        file = self.file("s.json", scenario(steps, roles=["stack"], requirements=["RD-02", "WR-03", "ND-05", "DC-05"]))
        self.minimize(file, "liar:drops-every-third-write", "--role", "stack")
        path, written = self.found()
        self.assertEqual(written["roles"], ["stack"])
        self.assertNotIn("pf", written)
        golden = self.run_program("replay", path, "--adapter", "golden", "--role", "stack")
        self.assertEqual(golden.code, kit.CONFORMS, golden.out + golden.err)

    def test_an_expectation_keeps_what_leads_to_it(self):
        """Golden refuses a long read with this code, the variant with another: with a shorter read both would fail."""
        wanted = {"expect": {"event": "read_return", "status": "INVALID_PARAMETER"}, "requirement": "DC-04"}
        steps = [WRITE, WRITE, {"event": "read", "block": 7, "length": 200}, wanted]
        adapter = "variant:other-error-codes"
        self.minimize(self.file("s.json", scenario(steps)), adapter)
        _, written = self.check_found(adapter, "DC-04", "violation", 2)
        self.assertEqual(written["steps"], [{"event": "read", "block": 0, "length": 129}, wanted])

    def test_golden_that_fails_too_is_a_warning(self):
        nobody = {"expect": {"event": "read_return", "status": "CANCELLED"}, "requirement": "RD-07"}
        done = self.minimize(self.file("s.json", scenario([WRITE, READ, nobody])), "variant:always-pending")
        self.assertRegex(done.out, r"golden +fails")
        self.assertIn("WARNING: the bundled golden FAILS this case, too", done.out)

    def test_nothing_fails(self):
        done = self.minimize(self.file("s.json", scenario([READ])), "golden", code=kit.CONFORMS)
        self.assertIn("nothing fails: 1 case", done.out)
        self.assertFalse(os.path.exists(self.out))

    def test_what_is_not_played_is_inconclusive(self):
        text = scenario([{"event": "reference"}])
        done = self.minimize(self.file("s.json", text), "variant:minimal-claims", code=kit.INCONCLUSIVE)
        self.assertIn("not applicable", done.out)

    def test_bad_files_and_words(self):
        good = self.file("s.json", scenario([READ]))
        for arguments, words in (
                ((self.path("none.json"),), "No such file"),
                ((self.file("bad.json", "{"),), "bad.json"),
                ((self.file("bad.jsonl", "[]\n"),), "bad.jsonl"),
                ((self.file("bad-trace", '{"trace":2}\n'),), "bad-trace"),
                ((self.file("input", b"\0\1\2"), "a-case"), "CASE"),
                ((good, "no-such-case"), "no-such-case"),
                ((good, "--fails", "3/2"), "--fails 3/2"),
                ((good, "--fails", "1/2x"), "--fails 1/2x"),
                ((self.folder,), "not a regular file")):
            done = self.run_program("minimize", *arguments, "--adapter", "golden", "--out", self.out)
            self.assertEqual(done.code, kit.FAULT, (arguments, done.out, done.err))
            self.assertIn(words, done.err)
            self.assertEqual(done.err.count("\n"), 1, done.err)

    def test_a_folder_that_cannot_be_made(self):
        self.out = self.file("file", "x") + "/below"
        done = self.minimize(self.file("s.json", scenario([READ])), OVERRUN, code=kit.FAULT)
        self.assertIn("file: ", done.err)

    def test_replay_says_when_it_fails_otherwise(self):
        self.minimize(self.file("s.json", scenario([READ])), OVERRUN)
        path, written = self.found()
        written["finding"]["reason"] = "another reason"
        kit.write(path, json.dumps(written))
        done = self.run_program("replay", path, "--adapter", OVERRUN)
        self.assertEqual(done.code, kit.VIOLATION)
        self.assertIn("It fails, but otherwise than when it was found.", done.out)

    def test_what_is_written_follows_the_schema(self):
        import jsonschema
        with open(os.path.join(kit.CORPUS, "schemas", "scenario.schema.json"), encoding="utf-8") as file:
            schema = json.load(file)
        self.minimize(self.file("s.json", scenario([READ, WRITE])), OVERRUN)
        _, written = self.found()
        jsonschema.validate(written, schema)
        for member in written["finding"]:
            less = {**written, "finding": {k: v for k, v in written["finding"].items() if k != member}}
            with self.assertRaises(jsonschema.ValidationError):
                jsonschema.validate(less, schema)


if __name__ == "__main__":
    unittest.main()
