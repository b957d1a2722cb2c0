# SPDX-License-Identifier: MIT
"""What the end-to-end tests share: running the program under a deadline, reading results with nothing but the standard
library (so that a fault in the program's own reader cannot hide one in its writer), and finding processes left behind."""

import collections
import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(os.environ.get("VPCI_BUILD", os.path.join(SOURCE, "build")))
SANITIZED = os.path.abspath(os.environ.get("VPCI_SANITIZED", os.path.join(SOURCE, "build-sanitize")))
PROGRAM = os.path.join(BUILD, "vpci-conform")
SERVE = os.path.join(BUILD, "vpci-serve")
ADAPTERS = os.path.join(BUILD, "adapters")
CORPUS = os.path.join(SOURCE, "corpus")
INTERPRETER = "/usr/bin/python3"
PYTHON = f"exec:{INTERPRETER} {SOURCE}/harness/adapters/python/adapter.py"
SERVED = f"exec:{SERVE} {ADAPTERS}/golden.so"

CONFORMS, VIOLATION, INCONCLUSIVE, FAULT = 0, 1, 2, 3
WRITTEN = ["badge.json", "badge.svg", "junit.xml", "report.html", "results.jsonl", "results.sarif", "results.tap", "summary.md",
           "timing.jsonl", "transcripts.jsonl"]  # by every run, into --out
CHUNK = 128  # cases that one worker process takes at once; --resume goes on at a multiple of it

Done = collections.namedtuple("Done", "code out err")
Results = collections.namedtuple("Results", "header cases footer")


def run(*arguments, program=PROGRAM, timeout=120, cwd=None, environment=None):
    """Runs a program to its end; one that does not end in time is killed with all its group, and fails the test."""
    command = [program, *map(str, arguments)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd,
                          env={**os.environ, "NO_COLOR": "1", **(environment or {})}, start_new_session=True) as process:
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise AssertionError(f"no end within {timeout} s: {command}") from None
    return Done(process.returncode, out.decode(errors="replace"), err.decode(errors="replace"))


def read_bytes(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, text):
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    return path


def parse_results(content):
    """A sealed results file as its records. Checks what docs/results.md promises of every such file."""
    lines = content.split(b"\n")
    assert lines.pop() == b"", "the last line is not ended"
    header, *cases, footer = map(json.loads, lines)
    assert (header["record"], footer["record"]) == ("header", "footer"), "not sealed"
    assert footer["sha256"] == hashlib.sha256(content[:-len(lines[-1]) - 1]).hexdigest(), "the seal is broken"
    assert [case["index"] for case in cases] == list(range(header["cases"])), "not one line for each planned case"
    counted = collections.Counter(case["verdict"] for case in cases if "dispute" not in case)
    assert {name: count for name, count in footer["cases"].items() if count} == counted, "the footer does not count"
    return Results(header, cases, footer)


def read_results(folder):
    return parse_results(read_bytes(os.path.join(folder, "results.jsonl")))


def repeat_commands(console):
    """The commands to repeat with, by requirement ("" for a finding without one), out of a console report."""
    commands = {}
    for section in re.split(r"^(?=\d+\. )", console.split("\nFindings: ", 1)[-1], flags=re.MULTILINE)[1:]:
        title = re.match(r"\d+\. ([A-Z]{2}-\d\d)?", section)
        command = re.search(r"^   repeat\n((?: {5}.*\n)+)", section, re.MULTILINE)
        commands[title.group(1) or ""] = command.group(1) if command else None
    return commands


def shell(command, folder, timeout=120):
    """Runs a command as printed, the way a user would paste it, with the program on the path."""
    return run("-c", command, program="/bin/sh", cwd=folder, timeout=timeout,
               environment={"PATH": f"{BUILD}:{os.environ['PATH']}"})


def first_line_of(path):
    with open(path, encoding="utf-8") as file:
        return file.readline()


def bundled(kind):
    """Names of bundled adapters: "liars" or "variants"."""
    folder = os.path.join(SOURCE, "harness", "adapters", kind)
    return sorted(name[:-2] for name in os.listdir(folder) if name.endswith(".c"))


def breaches():
    """What a breach of each requirement is, out of models/requirement.h: "VIOLATION", "WARNING", "NOTE"."""
    with open(os.path.join(SOURCE, "models", "requirement.h"), encoding="utf-8") as file:
        rows = re.findall(r"X\((\w\w), (\d\d), \w+, \w+, (\w+)\)", file.read())
    return {f"{section}-{number}": breach for section, number, breach in rows}


def alive(token):
    """Processes that have this text in their environment, zombies aside: it is inherited by every descendant, even by one
    that changed its session or lost its parent."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if token.encode() in read_bytes(f"/proc/{pid}/environ"):
                state = read_bytes(f"/proc/{pid}/stat").rpartition(b")")[2].split()[0]
                if state not in (b"Z", b"X"):
                    found.append((int(pid), read_bytes(f"/proc/{pid}/cmdline").replace(b"\0", b" ").decode(errors="replace")))
    return found


def wait_until(condition, seconds):
    """The last value of condition(), which is true or late."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value or time.monotonic() > deadline:
            return value
        time.sleep(0.01)


class Test(unittest.TestCase):
    """A test with a folder of its own, for which no process may be left over."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="vpci-e2e-")
        self.token = f"VPCI_E2E={os.path.basename(self.folder)}"
        self.addCleanup(shutil.rmtree, self.folder)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def small_disk(self, name, size):
        """A folder on a file system of its own, of that size. Where mounting is not allowed the test is skipped, and counted so."""
        folder = self.path(name)
        os.mkdir(folder)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.skipTest(f"nothing can be mounted here: {done.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", folder], check=True)
        return folder

    def run_program(self, *arguments, **options):
        """The program, in this test's folder, and marked so that what it leaves behind can be found."""
        name, value = self.token.split("=")
        environment = {name: value, **options.pop("environment", {})}
        return run(*arguments, environment=environment, cwd=self.folder, **options)

    def certify(self, adapter, *options, code=None, out="out", **how):
        """(what the program said, its results). --quiet is for the caller to give."""
        done = self.run_program("certify", "--adapter", adapter, "--out", self.path(out), *options, **how)
        if code is not None:
            self.assertEqual(done.code, code, f"{adapter} {options}: {done.out[-3000:]} {done.err[-1000:]}")
        return done, read_results(self.path(out))

    def select(self, adapter, pattern, *options, code=None, out="out", **how):
        """The same for a part of the suite."""
        done = self.run_program("run", "--adapter", adapter, "--only", pattern, "--out", self.path(out), *options, **how)
        if code is not None:
            self.assertEqual(done.code, code, f"{adapter} {options}: {done.out[-3000:]} {done.err[-1000:]}")
        return done, read_results(self.path(out))

    def results_bytes(self, out="out"):
        return read_bytes(self.path(out, "results.jsonl"))

    def assert_nothing_left(self, seconds=5):
        wait_until(lambda: not alive(self.token), seconds)
        self.assertEqual(alive(self.token), [])

    def assert_fault(self, done, *words):
        """Exit code 3, and one line on standard error that has all the words; nothing that looks like a verdict."""
        self.assertEqual(done.code, FAULT, done)
        lines = [line for line in done.err.splitlines() if line.startswith("vpci-conform: ")]
        self.assertEqual(len(lines), 1, done)
        for word in words:
            self.assertIn(word, lines[0])
        self.assertNotIn("CONFORMS", done.out)

    def compile_plugin(self, name, source, *flags):
        """A plug-in out of C source, which may say no more than what makes it special."""
        code = write(self.path(f"{name}.c"), source)
        target = self.path(f"{name}.so")
        subprocess.run(["gcc", "-shared", "-fPIC", "-std=gnu11", "-O1", "-w", f"-I{SOURCE}", *flags, code, "-o", target],
                       check=True, capture_output=True, timeout=60)
        return target
