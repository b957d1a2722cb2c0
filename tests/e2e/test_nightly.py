# SPDX-License-Identifier: MIT
"""nightly: what one night finds the next one knows; nothing is lost or doubled, however a night is ended; and a night that is
not whole says so."""

import glob
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit
import planted

OVERRUN = "liar:writes-one-byte-beyond-a-read-buffer"
KILLS = 10


class Nightly(kit.Test):
    def command(self, adapter, *options, budget="8s", state="state", program=kit.PROGRAM):
        return [program, "nightly", "--adapter", adapter, "--state", state, "--budget", budget, "--quiet", *options]

    def night(self, adapter, *options, code=None, environment=None, **how):
        program, *arguments = self.command(adapter, *options, **how)
        done = self.run_program(*arguments, program=program, environment=environment or {})
        if code is not None:
            self.assertEqual(done.code, code, done.out + done.err)
        self.assert_nothing_left()
        return done

    def start(self, adapter, **how):
        name, value = self.token.split("=")
        return subprocess.Popen(self.command(adapter, **how), cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env={**os.environ, name: value}, start_new_session=True)

    def summary(self, state="state"):
        return kit.read_bytes(self.path(state, "night.md")).decode()

    def scenarios(self):
        return planted.scenarios(self.path("state"))


class Nights(Nightly):
    def test_the_code_that_was_reached_is_told(self):
        self.night("golden", "--engine", "libfuzzer", budget="3s", code=kit.CONFORMS)
        told = re.search(r"code of the adapter: (\d+) of (\d+) functions, (\d+) of (\d+) edges", self.summary())
        self.assertIsNotNone(told, self.summary())
        reached, functions, edges_reached, edges = map(int, told.groups())
        self.assertTrue(functions // 2 < reached <= functions and edges // 3 < edges_reached <= edges and functions > 30, told.group())
        self.night(OVERRUN, "--engine", "libfuzzer", budget="2s", state="other")
        self.assertIn("code of the adapter: not told", self.summary("other"))

    def test_what_one_night_finds_the_next_one_knows(self):
        self.night(OVERRUN, code=kit.VIOLATION)
        first = self.scenarios()
        self.assertIn("# Night: new faults", self.summary())
        self.assertEqual(planted.requirements(self.path("state")), {"RD-03": 1})
        kept = set(os.listdir(self.path("state", "corpus")))
        self.assertGreater(len(kept), 20)
        self.night(OVERRUN, code=kit.VIOLATION)
        self.assertIn("# Night: nothing new", self.summary())
        self.assertRegex(self.summary(), r"\| RD-03 \|.*\| known, ")
        self.assertEqual(self.scenarios(), first)
        results = kit.read_results(self.path("state"))
        failed = {case["name"] for case in results.cases if case["verdict"] == "fail"}
        self.assertIn("found-" + next(iter(first))[:-len(".json")], failed)
        report = self.run_program("report", "state/results.jsonl")
        self.assertEqual(report.code, kit.VIOLATION, report)
        self.assertIn("RD-03", report.out)

    def test_a_known_fault_counts_though_the_hunt_does_not_meet_it(self):
        os.makedirs(self.path("state", "findings"))
        kit.write(self.path("state", "findings", "RD-02-0123456789ab.json"), json.dumps({
            "purpose": "Five steps that hardly any hunt of a second finds.", "requirements": ["RD-02"],
            "steps": [{"event": "write", "block": 0, "length": 1}, {"event": "ioctl", "code": "INVALIDATE_BLOCK"},
                      {"event": "pf_invalidate", "mask": 1}, {"event": "reset"}, {"event": "read", "block": 0, "length": 1}]}))
        done = self.night(planted.plant(self, "black-box"), "--engine", "libfuzzer", budget="1s")
        self.assertIn("some of them fail", self.summary())
        self.assertEqual(done.code, kit.VIOLATION, done)
        self.assertNotIn("| RD-02 |", self.summary())
        mended = self.night("golden", "--engine", "libfuzzer", budget="1s")
        self.assertIn("none of them fails", self.summary())
        self.assertEqual(mended.code, kit.CONFORMS, mended)

    def test_golden_takes_most_transitions_of_the_model(self):
        self.night("golden", "--out", "reports", code=kit.CONFORMS)
        self.assertFalse(os.path.exists(self.path("state", "night.md")))
        summary = self.summary("reports")
        taken, possible = map(int, re.search(r"transitions of the model: (\d+) of (\d+)", summary).groups())
        self.assertGreaterEqual(taken, 65, summary)
        self.assertLess(taken, possible)
        for engine in ("libfuzzer", "afl"):
            self.assertGreater(int(re.search(rf"{engine}: (\d+) executions", summary).group(1)), 500)
        self.assertEqual(kit.read_results(self.path("reports")).footer["verdict"], "conforms")

    def test_a_finding_that_was_removed_is_not_known_any_more(self):
        self.night(OVERRUN, "--engine", "libfuzzer", budget="2s", code=kit.VIOLATION)
        os.remove(self.path("state", "findings", next(iter(self.scenarios()))))
        self.night(OVERRUN, "--engine", "libfuzzer", budget="2s", code=kit.VIOLATION)
        self.assertIn("# Night: new faults", self.summary())
        self.assertEqual(len(self.scenarios()), 1)


class Killed(Nightly):
    """Ended by SIGKILL again and again, at moments that differ."""

    def raw(self):
        return [path for place in ("raw", "crashes") for path in glob.glob(self.path("state", place, "*"))]

    def requirement_of(self, path):
        match = re.match(r"[A-Z]{2}-\d\d", os.path.basename(path))
        return match and match.group()

    def test_nothing_is_lost_or_doubled(self):
        adapter = planted.plant(self, "two-faults")
        chance = random.Random(9)
        known, seen_raw, best = {}, set(), 0
        for kill in range(KILLS):
            process = self.start(adapter, budget="10s")
            deadline = time.monotonic() + chance.uniform(0.3, 9.5)
            while time.monotonic() < deadline and process.poll() is None:
                seen_raw |= {self.requirement_of(path) for path in self.raw()} - {None}
                known.update(self.scenarios())  # one that is there is whole at every moment
                time.sleep(0.02)
            process.kill()
            process.communicate(timeout=10)
            self.assert_nothing_left()
            scenarios = self.scenarios()
            self.assertLessEqual(set(known), set(scenarios), f"lost by kill {kill}")
            known = scenarios
            self.check_names(scenarios)
            if os.path.isdir(self.path("state", "corpus")) and kill % 3 == 2:
                reached = planted.features(self, self.path("state", "corpus"), adapter)
                self.assertGreaterEqual(reached, best * 0.99, f"features before and after kill {kill}")
                best = max(best, reached)
        self.night(adapter, budget="10s", code=kit.VIOLATION)
        self.assertLessEqual(set(known), set(self.scenarios()))
        self.check_names(self.scenarios())
        self.assertEqual(self.raw(), [])
        blamed = set(planted.requirements(self.path("state")))
        self.assertLessEqual({"RD-02", "IV-12"}, blamed)
        self.assertLessEqual(seen_raw, blamed)
        self.assertEqual(glob.glob(self.path("state", "corpus.new")) + glob.glob(self.path("state", "findings", "*.part")), [])

    def check_names(self, scenarios):
        fingerprints = [scenario["finding"]["fingerprint"] for scenario in scenarios.values()]
        self.assertEqual(len(fingerprints), len(set(fingerprints)))
        for name, scenario in scenarios.items():
            self.assertEqual(name[6:18], scenario["finding"]["fingerprint"][:12])

    def test_told_to_stop_it_sums_up(self):
        for moment in (2, 7.5):  # hunting, exploring
            with self.subTest(moment=moment):
                process = self.start("golden", budget="10s", state=f"state{moment}")
                time.sleep(moment)
                process.send_signal(signal.SIGTERM)
                begin = time.monotonic()
                out, err = process.communicate(timeout=30)
                self.assertLess(time.monotonic() - begin, 15)
                self.assertEqual(process.returncode, kit.INCONCLUSIVE, (out, err))
                self.assertIn("# Night: nothing new", self.summary(f"state{moment}"))
                self.assert_nothing_left()


class NotWhole(Nightly):
    def test_two_nights_at_once(self):
        process = self.start("golden", budget="8s")
        self.assertTrue(kit.wait_until(lambda: os.path.exists(self.path("state", "raw")), 20))
        program, *arguments = self.command("golden")
        self.assert_fault(self.run_program(*arguments, program=program), "state/lock", "another night")
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, kit.CONFORMS)

    def test_a_finding_that_cannot_be_read(self):
        os.makedirs(self.path("state", "findings"))
        kit.write(self.path("state", "findings", "RD-01-0123456789ab.json"), '{"purpose": ')
        done = self.night("golden", "--engine", "libfuzzer", budget="1s")
        self.assertEqual(done.code, kit.FAULT, done)
        self.assertIn("RD-01-0123456789ab.json", done.err)
        self.assertIn("The night is not whole", self.summary())

    def test_an_engine_is_missing(self):
        done = self.night("golden", budget="2s", environment={"PATH": self.folder})
        self.assertEqual(done.code, kit.FAULT, done)
        self.assertIn("install the Debian package afl++", done.err)
        self.assertIn("The night is not whole", self.summary())
        self.assertGreater(int(re.search(r"libfuzzer: (\d+) executions", self.summary()).group(1)), 100)

    def test_the_state_is_a_file(self):
        kit.write(self.path("state"), "here")
        self.assert_fault(self.night("golden"), "state")
        self.assertEqual(kit.read_bytes(self.path("state")), b"here")

    def test_over_a_channel(self):
        self.assert_fault(self.night(kit.PYTHON), "only an implementation in process")


if __name__ == "__main__":
    unittest.main()
