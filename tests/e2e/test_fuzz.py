# SPDX-License-Identifier: MIT
"""fuzz: what is hunted is found, made small, told once, and repeated; what is correct stays without a finding; and whatever
the implementation or the disk does, the hunt ends with what it found and an exit code that says so."""

import glob
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit
import planted

OVERRUN = "liar:writes-one-byte-beyond-a-read-buffer"
RUNS = 3000
FUZZERS = os.path.join(kit.BUILD, "fuzzers", "libfuzzer")


class Fuzz(kit.Test):
    def fuzz(self, adapter, *options, out="out", code=None, **how):
        done = self.run_program("fuzz", "--adapter", adapter, "--out", out, "--quiet", *options, **how)
        if code is not None:
            self.assertEqual(done.code, code, done.out + done.err)
        self.assert_nothing_left()
        return done

    def executions(self, done):
        number, unit = re.search(r"([0-9.]+)( k| M|) executions", done.out).groups()
        return float(number) * {"": 1, " k": 1e3, " M": 1e6}[unit]

    def requirements(self, out="out"):
        return planted.requirements(self.path(out))


class Finding(Fuzz):
    def test_a_liar_is_found_shrunk_and_repeated(self):
        done = self.run_program("fuzz", "--adapter", OVERRUN, "--runs", RUNS, "--out", "out")
        self.assertEqual(done.code, kit.VIOLATION, done.out + done.err)
        (name, scenario), = planted.scenarios(self.path("out")).items()
        self.assertEqual(scenario["finding"]["requirement"], "RD-03")
        self.assertEqual(scenario["steps"], [{"event": "read", "block": 0, "length": 1}])
        self.assertIn("1 fault, 1 of them new", done.out)
        command = re.search(r"repeat +(.*)", done.out).group(1)
        again = kit.shell(command, self.folder)
        self.assertEqual(again.code, kit.VIOLATION, again)
        self.assertIn("It still fails in the same way.", again.out)
        golden = self.run_program("replay", f"out/findings/{name}", "--adapter", "golden")
        self.assertEqual(golden.code, kit.CONFORMS, golden)

    def test_what_is_correct_has_no_finding(self):
        for adapter in ("golden", "variant:lifo"):
            with self.subTest(adapter=adapter):
                done = self.fuzz(adapter, "--runs", RUNS, out=adapter, code=kit.CONFORMS)
                self.assertIn("nothing found", done.out)
                self.assertGreaterEqual(self.executions(done), RUNS)
                self.assertEqual(planted.scenarios(self.path(adapter)), {})

    def test_the_same_seed_and_runs_give_the_same_bytes(self):
        adapter = planted.plant(self, "crashes")
        seen = []
        for place in ("one", "other"):
            os.mkdir(self.path(place))
            done = kit.run("fuzz", "--adapter", adapter, "--out", "out", "--runs", 2 * RUNS, "--seed", 7, "--jobs", 2,
                           cwd=self.path(place))
            self.assertEqual(done.code, kit.VIOLATION, done)
            seen.append((done.out, planted.contents(self.path(place, "out", "findings")),
                         planted.contents(self.path(place, "out", "corpus"))))
        self.assertTrue(seen[0][1])
        self.assertEqual(seen[0], seen[1])

    def test_a_known_fault_is_not_new(self):
        for expected in ("1 of them new", "0 of them new"):
            done = self.fuzz(OVERRUN, "--runs", RUNS, code=kit.VIOLATION)
            self.assertIn(expected, done.out)
        self.assertEqual(self.requirements(), {"RD-03": 1})

    def test_afl_finds_it_too(self):
        self.fuzz(OVERRUN, "--engine", "afl", "--time", "20s", code=kit.VIOLATION)
        self.assertEqual(self.requirements(), {"RD-03": 1})


class Once(Fuzz):
    """The same fault is told once, and different ones are different."""

    def test_a_thousand_inputs_of_one_fault(self):
        chance = random.Random(1)
        os.makedirs(self.path("out", "raw"))
        inputs = set()
        while len(inputs) < 1000:
            records = [bytes(8)]
            for _ in range(chance.randrange(1, 9)):
                what = chance.choice((0, 0, 1, 2, 3, 4, 6))  # read, write, IOCTLs, a notification: fuzzers/record.h
                records.append(bytes((what, 0, chance.randrange(3), chance.randrange(200), 0, chance.randrange(2), 0, 0)))
            inputs.add(b"".join((*records, bytes((0, 0, 0, 1, 0, 0, 0, 0)))))  # and a read of one byte
        for number, content in enumerate(sorted(inputs)):
            kit.write(self.path("out", "raw", f"{number:04}"), content)
        done = self.run_program("fuzz", "--adapter", OVERRUN, "--runs", 1, "--out", "out", "--keep-going", timeout=300)
        self.assertEqual(done.code, kit.VIOLATION, done)
        counts = [int(count) for count in re.findall(r"RD-03 .* steps?, (\d+) inputs", done.out)]
        self.assertEqual(len(counts), 1, done.out)
        self.assertGreaterEqual(counts[0], 1000)
        self.assertEqual(self.requirements(), {"RD-03": 1})
        self.assertEqual(os.listdir(self.path("out", "raw"))[1:], [])  # apart from the notes

    def test_two_faults(self):
        self.fuzz(planted.plant(self, "two-faults"), "--runs", 60000, "--keep-going", code=kit.VIOLATION)
        found = self.requirements()
        self.assertEqual((found["RD-02"], found["IV-12"]), (1, 1), found)

    def test_two_faults_of_one_requirement(self):
        adapter = planted.plant(self, "two-faults-one-requirement")
        self.fuzz(adapter, "--runs", 300000, "--keep-going", code=kit.VIOLATION)
        steps = [scenario["steps"] for scenario in planted.scenarios(self.path("out")).values()
                 if scenario["finding"]["requirement"] == "RD-02"]
        self.assertIn([{"event": "reset"}, {"event": "read", "block": 5, "length": 1}], steps)


class Ended(Fuzz):
    """Implementations that end the process, or hold it up: found, blamed, and the hunt goes on."""

    def check_ended(self, adapter, cause, *options):
        done = self.fuzz(adapter, "--keep-going", *options, code=kit.VIOLATION)
        found = [scenario["finding"] for scenario in planted.scenarios(self.path("out")).values()
                 if scenario["finding"]["requirement"] == "RS-02"]
        self.assertEqual([finding["cause"] for finding in found], [cause], done.out)
        return done

    def test_crashes(self):
        done = self.check_ended(planted.plant(self, "crashes"), "crash", "--runs", 6000)
        self.assertIn("all runs are made", done.out)
        self.assertGreaterEqual(self.executions(done), 6000)

    def test_exits(self):
        done = self.check_ended(planted.plant(self, "exits"), "exit", "--runs", 6000)
        self.assertGreaterEqual(self.executions(done), 6000)

    def test_hangs(self):
        done = self.check_ended(planted.plant(self, "hangs"), "hang", "--time", "6s", "--step-time", "200ms")
        self.assertGreater(self.executions(done), 200)

    def test_leaves_without_a_word(self):
        for code in (0, 3):
            with self.subTest(code=code):
                adapter = planted.plant(self, "leaves", f"-DCODE={code}", text=planted.LEAVES)
                shutil.rmtree(self.path("out"), ignore_errors=True)
                done = self.fuzz(adapter, "--keep-going", "--runs", 4000, code=kit.VIOLATION)
                self.assertGreaterEqual(self.executions(done), 4000)
                self.assertEqual({scenario["finding"]["cause"] for scenario in planted.scenarios(self.path("out")).values()},
                                 {"exit"})

    def test_crashes_under_afl(self):
        done = self.check_ended(planted.plant(self, "crashes"), "crash", "--time", "12s", "--engine", "afl")
        self.assertGreater(self.executions(done), 1000)

    def test_a_crash_on_what_it_starts_from_does_not_hold_it_up(self):
        adapter = planted.plant(self, "starts", text=planted.CRASHES_ON_READS)
        done = self.fuzz(adapter, "--keep-going", "--runs", 4000, code=kit.VIOLATION)
        self.assertIn("all runs are made", done.out)
        log = kit.read_bytes(self.path("out", "log", "libfuzzer0.log")).decode(errors="replace")
        self.assertIn("INITED", log)

    def test_a_signal(self):
        process = subprocess.Popen([kit.PROGRAM, "fuzz", "--adapter", OVERRUN, "--keep-going", "--out", "out"], cwd=self.folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   env={**os.environ, **dict([self.token.split("=")])})
        self.assertTrue(kit.wait_until(lambda: planted.scenarios(self.path("out")), 30))
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=20)
        self.assertEqual(process.returncode, kit.VIOLATION, out)
        self.assertIn(b"the hunt ended because interrupted", out)
        self.assertEqual(self.requirements(), {"RD-03": 1})
        self.assert_nothing_left()

    def test_a_signal_before_anything_is_found(self):
        process = subprocess.Popen([kit.PROGRAM, "fuzz", "--adapter", "golden", "--out", "out"], cwd=self.folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   env={**os.environ, **dict([self.token.split("=")])})
        time.sleep(1.5)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=20)
        self.assertEqual(process.returncode, kit.INCONCLUSIVE, out)
        self.assert_nothing_left()


class Missing(Fuzz):
    def copied_program(self):
        """In a build tree, known by its CMakeCache.txt, without any fuzz target."""
        os.makedirs(self.path("bin"))
        kit.write(self.path("bin", "CMakeCache.txt"), "")
        shutil.copytree(kit.CORPUS, self.path("bin", "corpus"))
        shutil.copytree(kit.ADAPTERS, self.path("bin", "adapters"))
        return shutil.copy(kit.PROGRAM, self.path("bin", "vpci-conform"))

    def test_no_targets(self):
        program = self.copied_program()
        for engine, package in (("libfuzzer", "libclang-rt-19-dev"), ("afl", "afl++")):
            done = self.fuzz("golden", "--engine", engine, "--corpus", kit.CORPUS, program=program)
            self.assert_fault(done, engine, package)

    def test_no_afl_fuzz(self):
        done = self.fuzz("golden", "--engine", "afl", environment={"PATH": self.folder})
        self.assert_fault(done, "afl++")

    def test_over_a_channel(self):
        self.assert_fault(self.fuzz(kit.PYTHON), "only an implementation in process")


class Instrumented(Fuzz):
    """A plug-in that is built with clang's coverage counts in both engines, and can be certified as it is."""

    def setUp(self):
        super().setUp()
        self.plain = planted.plant(self, "black-box", out="plain")
        self.counted = planted.plant(self, "black-box", "-fsanitize=fuzzer-no-link", compiler="clang-19", out="counted")

    def test_it_runs_in_the_plain_program(self):
        self.select(self.counted, "direct/*", "--quiet", code=kit.CONFORMS)

    def test_libfuzzer_counts_it(self):
        self.fuzz(self.counted, "--runs", 500)
        log = kit.read_bytes(self.path("out", "log", "libfuzzer0.log")).decode(errors="replace")
        self.assertIn("Loaded 2 modules", log)

    def edges(self, adapter, out):
        self.fuzz(adapter, "--engine", "afl", "--runs", 4000, out=out)
        stats = kit.read_bytes(self.path(out, "afl", "afl0", "fuzzer_stats")).decode()
        return int(re.search(r"edges_found +: (\d+)", stats).group(1))

    def test_afl_counts_it(self):
        plain, counted = self.edges(self.plain, "a"), self.edges(self.counted, "b")
        self.assertGreater(counted, plain + 30)


class BlackBox(Fuzz):
    """Nothing of the implementation counts: its fault is five steps away, and only the model sees one come nearer."""

    WITHIN = 100000

    def hunt(self, target, adapter, runs):
        """(whether it was found, executions) from nothing."""
        corpus = tempfile.mkdtemp(dir=self.folder)
        done = self.run_program("-seed=1", f"-runs={runs}", "-max_len=512", "-print_final_stats=1", f"-artifact_prefix={corpus}.",
                                corpus, program=target, environment={"VPCI_ADAPTER": adapter})
        executions = int(re.search(r"number_of_executed_units: (\d+)", done.err).group(1))
        return "divergence: RD_02_violation" in done.err, executions

    def test_the_model_leads_where_bytes_do_not(self):
        adapter = planted.plant(self, "black-box")
        work = os.path.join(FUZZERS, ".work", "vpci-conform", "fuzzers", "libvpci_uncounted.a")
        subprocess.run(["clang-19", "-O2", "-std=gnu11", "-D_GNU_SOURCE", "-fsanitize=fuzzer", "-rdynamic", f"-I{kit.SOURCE}",
                        os.path.join(kit.SOURCE, "tests", "bench", "plain_target.c"),
                        *glob.glob(os.path.join(kit.SOURCE, "fuzzers", "glue", "*.c")), work, "-lcjson", "-lcrypto", "-lpthread",
                        "-ldl", "-o", self.path("plain")], check=True, timeout=120)
        found, executions = self.hunt(os.path.join(FUZZERS, "block_protocol_pairs"), adapter, self.WITHIN)
        plainly, plain_executions = self.hunt(self.path("plain"), adapter, 10 * self.WITHIN)
        print(f"records and transitions of the model: found {found} within {executions} executions; "
              f"plain bytes: found {plainly} within {plain_executions}")
        self.assertTrue(found)
        self.assertFalse(plainly)
        self.assertGreaterEqual(plain_executions, 10 * self.WITHIN)


class Hostile(Fuzz):
    def test_files_that_do_not_belong_there(self):
        os.makedirs(self.path("out", "corpus", "folder"))
        kit.write(self.path("out", "corpus", "folder", "deep"), bytes(16))
        with open(self.path("out", "corpus", "sparse"), "wb") as file:
            file.truncate(1 << 30)
        done = self.fuzz("golden", "--runs", 1000, code=kit.CONFORMS)
        self.assertGreaterEqual(self.executions(done), 1000)

    def test_a_pipe_among_the_inputs(self):
        for place in ("corpus", "raw"):
            with self.subTest(place=place):
                shutil.rmtree(self.path("out"), ignore_errors=True)
                os.makedirs(self.path("out", place))
                os.mkfifo(self.path("out", place, "pipe"))
                done = self.fuzz("golden", "--runs", 100)
                self.assert_fault(done, f"out/{place}/pipe", "not a regular file")

    def test_an_input_that_is_too_large(self):
        os.makedirs(self.path("out", "raw"))
        with open(self.path("out", "raw", "sparse"), "wb") as file:
            file.truncate(1 << 30)
        self.assert_fault(self.fuzz("golden", "--runs", 100), "out/raw/sparse", "larger than")

    def test_the_folder_is_a_file(self):
        kit.write(self.path("out"), "here")
        self.assert_fault(self.fuzz("golden", "--runs", 100), "out")
        self.assertEqual(kit.read_bytes(self.path("out")), b"here")


if __name__ == "__main__":
    unittest.main()
