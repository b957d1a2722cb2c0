# SPDX-License-Identifier: MIT
"""A run that dies at any moment can be taken up again, and the end is as if nothing had happened: the same bytes. What is not
a torn file of the same run is refused and left as it is."""

import os
import random
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit  # noqa: E402

SELECTION = "ioctl-*"  # several chunks, yet quick
SEED = 20240229


class KilledTest(kit.Test):
    """kill -9 of the runner. The Python example is slow enough to be met in the middle of its work."""

    def start(self, *options, adapter=kit.PYTHON):
        name, value = self.token.split("=")
        return subprocess.Popen([kit.PROGRAM, "certify", "--quiet", "--adapter", adapter, "--out", self.path("out"), *options],
                                cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                env={**os.environ, name: value})

    def kill_after(self, seconds, *options):
        """True when the run was still going on."""
        with self.start(*options) as process:
            try:
                process.wait(timeout=seconds)
                return False
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        self.assertEqual(process.returncode, -signal.SIGKILL)
        return True

    def whole_cases(self):
        content = kit.read_bytes(self.path("out", "results.jsonl")) if os.path.exists(self.path("out", "results.jsonl")) else b""
        return max(content.count(b"\n") - 1, 0)

    def test_killed_at_random_moments_and_resumed_it_gives_the_same_bytes(self):
        self.certify(kit.PYTHON, "--quiet", code=kit.CONFORMS)
        undisturbed = self.results_bytes()
        chance = random.Random(SEED)
        torn_in_the_middle = 0
        for _ in range(3):
            os.remove(self.path("out", "results.jsonl"))
            options, killed = (), True
            while killed:
                killed = self.kill_after(chance.uniform(0.2, 1.2), *options)
                self.assert_nothing_left()
                if killed:
                    torn_in_the_middle += 0 < self.whole_cases() < undisturbed.count(b"\n") - 2
                    options = ("--resume",) if os.path.exists(self.path("out", "results.jsonl")) else ()
            self.assertTrue(self.results_bytes() == undisturbed, "other bytes")
        self.assertGreater(torn_in_the_middle, 2, "no kill met the run in its middle: nothing was shown")

    def test_workers_and_adapters_die_with_the_runner(self):
        """Whatever they are doing: these hang, or come to it, for a minute."""
        hanging = f"exec:{kit.INTERPRETER} {kit.SOURCE}/tests/hostile/hangs_in_a_call.py"
        for adapter in (hanging, "liar:holds-a-lock-while-completing"):
            with self.subTest(adapter=adapter):
                with self.start("--workers", "3", "--step-time", "60s", adapter=adapter) as process:
                    wanted = 7 if adapter == hanging else 2  # a runner; a worker, a guardian and an adapter each
                    self.assertTrue(kit.wait_until(lambda: len(kit.alive(self.token)) >= wanted, 20))
                    process.send_signal(signal.SIGKILL)
                self.assert_nothing_left()

    def test_interrupted_from_the_keyboard_it_leaves_nothing_and_can_be_resumed(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=number.name):
                with self.start() as process:
                    self.assertTrue(kit.wait_until(lambda: self.whole_cases() > kit.CHUNK, 30))
                    process.send_signal(number)
                self.assertNotIn(process.returncode, (kit.CONFORMS, kit.VIOLATION))
                self.assert_nothing_left()
                self.certify(kit.PYTHON, "--quiet", "--resume", code=kit.CONFORMS)
                os.remove(self.path("out", "results.jsonl"))


class CutTest(kit.Test):
    def setUp(self):
        super().setUp()
        self.select("liar:counts-the-header-as-written", SELECTION, "--quiet", code=kit.VIOLATION)
        self.whole = self.results_bytes()
        self.assertGreater(self.whole.count(b"\n"), 5 * kit.CHUNK)

    def resume(self, content, adapter="liar:counts-the-header-as-written", selection=SELECTION, options=()):
        kit.write(self.path("out", "results.jsonl"), content)
        return self.run_program("run", "--quiet", "--adapter", adapter, "--only", selection, "--out", self.path("out"), "--resume",
                                *options)

    def test_cut_at_any_byte_it_is_known_to_be_torn_and_can_be_resumed(self):
        chance = random.Random(SEED)
        header = self.whole.index(b"\n") + 1
        footer = self.whole.rindex(b"\n", 0, -1) + 1
        cuts = [chance.randrange(header, len(self.whole)) for _ in range(50)]
        for cut in [header, header + 1, footer - 1, footer, footer + 1, len(self.whole) - 1, *cuts]:
            kit.write(self.path("out", "results.jsonl"), self.whole[:cut])
            report = self.run_program("report", self.path("out", "results.jsonl"))
            self.assertEqual(report.code, kit.INCONCLUSIVE, f"cut at {cut}: {report.out[:200]}{report.err}")
            done = self.resume(self.whole[:cut])
            self.assertEqual(done.code, kit.VIOLATION, f"cut at {cut}: {done.err}")
            self.assertTrue(self.results_bytes() == self.whole, f"cut at {cut}: other bytes")
            junit = kit.read_bytes(self.path("out", "junit.xml"))
        self.select("liar:counts-the-header-as-written", SELECTION, "--quiet", code=kit.VIOLATION)
        self.assertEqual(junit, kit.read_bytes(self.path("out", "junit.xml")))

    def test_cut_in_its_header_it_is_begun_anew_or_refused_by_name(self):
        chance = random.Random(SEED)
        header = self.whole.index(b"\n") + 1
        for cut in [0, 1, header - 1, *(chance.randrange(header) for _ in range(5))]:
            done = self.resume(self.whole[:cut])
            if done.code == kit.VIOLATION:
                self.assertTrue(self.results_bytes() == self.whole, f"cut at {cut}: other bytes")
            else:
                self.assert_fault(done, self.path("out", "results.jsonl"), "resume")

    def refuse(self, content, *words, **how):
        done = self.resume(content, **how)
        self.assert_fault(done, self.path("out", "results.jsonl"), *words)
        self.assertEqual(self.results_bytes(), content)

    def test_a_whole_file_is_refused(self):
        self.refuse(self.whole, "the file is whole")

    def test_a_file_of_another_run_is_refused(self):
        torn = self.whole[:len(self.whole) // 2]
        for how in ({"adapter": "golden"}, {"selection": "ioctl-read/*"}, {"options": ("--seed", "2")},
                    {"options": ("--role", "stack")}, {"options": ("--profile", "strict")}):
            with self.subTest(**how):
                self.refuse(torn, "another run", **how)

    def test_garbage_is_refused(self):
        lines = self.whole.splitlines(keepends=True)
        swapped = b"".join([*lines[:5], lines[6], lines[5], *lines[7:20]])
        doubled = b"".join([*lines[:5], lines[4], *lines[5:20]])
        for content, word in ((b"hello\n", ":1: "), (b"\0" * 1000 + b"\n", ":1: "), (b"{}\n", ":1: "), (b"[]\n{}\n", ":1: "),
                              (lines[0] + b"garbage\n" + lines[1], ":2: "), (swapped, ":6: "), (doubled, ":6: "),
                              (lines[1], ":1: "), (lines[0] + lines[0], ":2: "),
                              (lines[0].replace(b'"format":2', b'"format":99') + lines[1], ":1: "),
                              (self.whole.replace(b'"verdict":"fail"', b'"verdict":"pass"', 1), ":"),
                              (self.whole + lines[1], ":")):
            with self.subTest(content=content[:40]):
                self.refuse(content, word)

    def test_what_is_no_file_is_refused(self):
        os.remove(self.path("out", "results.jsonl"))
        options = ("run", "--quiet", "--adapter", "golden", "--only", SELECTION, "--out", self.path("out"), "--resume")
        self.assert_fault(self.run_program(*options), self.path("out", "results.jsonl"))
        os.mkdir(self.path("out", "results.jsonl"))
        self.assert_fault(self.run_program(*options), self.path("out", "results.jsonl"))
        os.rmdir(self.path("out", "results.jsonl"))
        os.mkfifo(self.path("out", "results.jsonl"))
        self.assert_fault(self.run_program(*options, timeout=20), self.path("out", "results.jsonl"))


class TwoRunsTest(kit.Test):
    def test_two_runs_cannot_write_to_one_folder_at_once(self):
        name, value = self.token.split("=")
        with subprocess.Popen([kit.PROGRAM, "certify", "--quiet", "--adapter", kit.PYTHON, "--out", self.path("out")],
                              cwd=self.folder, stdout=subprocess.DEVNULL, env={**os.environ, name: value}) as first:
            self.assertTrue(kit.wait_until(lambda: os.path.exists(self.path("out", "timing.jsonl")), 20))
            second = self.run_program("certify", "--quiet", "--adapter", "golden", "--out", self.path("out"))
            self.assertIsNone(first.poll(), "the first run was over before the second began: nothing was shown")
            first.wait(timeout=60)
        self.assert_fault(second, self.path("out", "results.jsonl"), "another run")
        self.assertEqual(kit.read_results(self.path("out")).header["adapter"], kit.PYTHON)


if __name__ == "__main__":
    unittest.main()
