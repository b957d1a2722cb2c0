# SPDX-License-Identifier: MIT
"""tools/mutate/kit.py - builds the kit once as two shared libraries, the one with what is mutated in it, and then that one
again and again; and runs what may kill a mutant: the judge of recordings and the kit's own unit tests."""

import collections
import concurrent.futures
import glob
import hashlib
import os
import re
import shutil
import signal
import subprocess

CHECKER = ("conductor", "journal", "tally", "playback", "rejudge", "script")  # of harness/: what judges a case
COMPILE = ["gcc", "-std=c11", "-D_GNU_SOURCE", "-O1", "-w", "-fPIC", "-pipe"]
CPU_SECONDS, WALL_SECONDS = 20, 300
OUTPUT_BLOCKS = 512 * 1024  # the most a test may write to a file, in the shell's blocks
TIMEOUTS = (128 + signal.SIGXCPU, 128 + signal.SIGKILL)  # as a shell tells them

# A test that may kill mutants of files whose path begins like one of these. alone: it needs the model and nothing else.
Killer = collections.namedtuple("Killer", "name files alone")
MODEL_TESTS = ("direct", "exercised", "interface", "invalidate", "ioctl", "lifecycle", "owners", "pf", "profile", "stack")
INTERVALS = ("models/interval", "models/rules_blocks")
FAST = ([Killer("test_pinned", ("models/",), False)]
        + [Killer(f"test_model_{name}", ("models/",), True) for name in MODEL_TESTS]
        + [Killer("test_interval", INTERVALS, True),
           Killer("test_digest", ("models/",), True),
           Killer("test_digest_members", ("models/digest",), True),
           Killer("test_event_json", ("models/event",), False),
           Killer("test_rejudge", ("harness/",), False),
           Killer("test_keep_no_trace", ("harness/",), False),
           Killer("test_conductor", ("harness/",), False),
           Killer("test_conductor_verdict", ("harness/",), False)])
SLOW = [Killer("test_model_table", ("models/",), False),
        Killer("test_golden", ("models/event", "models/digest"), False),
        Killer("test_scenario", ("models/event",), False),
        Killer("test_suite", ("harness/",), False),
        Killer("test_script", ("harness/script", "models/event"), False),
        Killer("test_result", ("harness/tally", "models/requirement"), False),
        Killer("test_result_marks", ("harness/tally",), False),
        Killer("test_probe", ("harness/tally", "harness/conductor"), False),
        Killer("test_reports", ("harness/tally", "models/requirement"), False),
        Killer("test_explore", ("models/digest", "harness/conductor"), False),
        Killer("test_shrink", ("harness/conductor", "harness/journal"), False),
        Killer("test_interval_random", INTERVALS, True)]
ALL = ["recordings"] + [killer.name for killer in FAST + SLOW]


def packages(*names):
    said = subprocess.run(["pkg-config", "--cflags", "--libs", *names], capture_output=True, check=True).stdout
    words = said.decode().split()
    return [word for word in words if word.startswith("-I")], [word for word in words if not word.startswith("-I")]


def run(command, **options):
    done = subprocess.run(command, capture_output=True, check=False, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.decode(errors='replace')}")


class Kit:
    """The kit as it is, built below folder. killers: names of the tests to use; "recordings" is the judge."""

    def __init__(self, root, build, folder, jobs, killers=ALL, cpu_seconds=CPU_SECONDS):
        self.root, self.build, self.folder, self.jobs = root, build, folder, jobs
        unknown = set(killers) - set(ALL)
        if unknown:
            raise ValueError(f"no such killer: {', '.join(sorted(unknown))}")
        self.fast = [killer for killer in FAST if killer.name in killers]
        self.slow = [killer for killer in SLOW if killer.name in killers]
        self.judges = "recordings" in killers
        self.alone = not self.judges and all(killer.alone for killer in self.fast + self.slow)
        self.includes, self.libraries = packages("libcjson", "libcrypto", "cmocka")
        self.libgcc = subprocess.run(["gcc", "-print-libgcc-file-name"], capture_output=True, check=True, text=True).stdout.strip()
        self.headers = self.digest_headers()
        self.base = os.path.join(folder, "base")
        self.cpu_seconds = cpu_seconds

    def at(self, *parts):
        return os.path.join(self.root, *parts)

    def digest_headers(self):
        sums = hashlib.sha256(" ".join(COMPILE).encode())
        for path in sorted(path for top in ("models", "harness", "reports", "fuzzers", "tests")
                           for path in glob.glob(self.at(top, "**", "*.h"), recursive=True)):
            with open(path, "rb") as file:
                sums.update(file.read())
        return sums.hexdigest()

    # ---- building ----

    def compile(self, code, flags=()):
        """The object of a text, made unless it is there; None when it is no C."""
        key = hashlib.sha256((self.headers + " ".join(flags) + code).encode()).hexdigest()[:24]
        target = os.path.join(self.folder, "objects", key + ".o")
        if not os.path.exists(target):
            made = f"{target}.{os.getpid()}"
            command = [*COMPILE, f"-I{self.root}", f"-I{self.at('tests')}", *self.includes, *flags, "-c", "-x", "c", "-", "-o", made]
            done = subprocess.run(command, input=code.encode(), capture_output=True, check=False)
            if done.returncode != 0:
                return None
            os.replace(made, target)
        return target

    def compile_files(self, paths):
        """{path: object}"""
        with open(self.at("harness", "version.h"), encoding="utf-8") as file:
            version = re.search(r"VPCI_KIT_VERSION +\"([^\"]*)\"", file.read())
        flags = (f'-DVPCI_VERSION="{version[1] if version else "0"}"',)

        def one(path):
            with open(path, encoding="utf-8") as file:
                made = self.compile(file.read(), (*flags, f"-I{os.path.dirname(path)}"))
            if made is None:
                raise RuntimeError(f"{path} does not compile")
            return made

        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            return dict(zip(paths, pool.map(one, paths)))

    def subject_files(self):
        models = sorted(glob.glob(self.at("models", "*.c")))
        return models if self.alone else models + [self.at("harness", name + ".c") for name in CHECKER]

    def prepare(self):
        """Builds everything that does not change from mutant to mutant."""
        os.makedirs(os.path.join(self.folder, "objects"), exist_ok=True)
        shutil.rmtree(self.base, ignore_errors=True)
        os.makedirs(self.base)
        self.subject = self.compile_files(self.subject_files())
        run(["gcc", "-shared", *self.subject.values(), "-o", os.path.join(self.base, "libsubject.so")])
        libraries = ["-lsubject"]
        if not self.alone:
            others = [path for pattern in (("harness", "*.c"), ("reports", "*.c"), ("fuzzers", "*.c"))
                      for path in sorted(glob.glob(self.at(*pattern))) if path not in self.subject]
            others += sorted(glob.glob(os.path.join(self.build, "generated", "*.c")))
            objects = self.compile_files(others)
            run(["gcc", "-shared", *objects.values(), "-o", os.path.join(self.base, "libkit.so"), *self.libraries])
            libraries += [os.path.join(self.build, "harness", "adapters", "libvpci_golden.a"), "-lkit"]
        self.link_programs(libraries)

    def link_programs(self, libraries):
        programs = {self.at("tests", "unit", killer.name + ".c"): killer.name for killer in self.fast + self.slow}
        if self.judges:
            programs.update({self.at("tests", "mutation", name + ".c"): name for name in ("judge", "witness")})
        naive = self.at("tests", "naive_interval.c")
        objects = self.compile_files([*programs, naive])
        for path, name in programs.items():
            run(["gcc", "-Wl,--no-as-needed", objects[path], objects[naive], f"-L{self.base}", *libraries, *self.libraries, "-lpthread", "-ldl",
                 "-Wl,--allow-shlib-undefined", "-o", os.path.join(self.base, name)])

    def link(self, folder, path, made):
        """The library with one object exchanged."""
        objects = {**self.subject, path: made}
        library = os.path.join(folder, "libsubject.so")
        run(["ld", "-shared", *objects.values(), self.libgcc, "-o", library])
        return library

    # ---- killing ----

    def environment(self, folder):
        return {**os.environ, "LD_LIBRARY_PATH": f"{folder}:{self.base}", "VPCI_BUILD": self.build}

    def test(self, killers, folder):
        """Runs the tests with the library in folder until one fails. None when none does; else how that one ended."""
        if not killers:
            return None
        script = (f"ulimit -t {self.cpu_seconds}; ulimit -c 0; ulimit -f {OUTPUT_BLOCKS}; for name in "
                  + " ".join(killer.name for killer in killers)
                  + f'; do {self.base}/$name >/dev/null 2>&1; code=$?; [ $code = 0 ] || {{ echo $name $code; exit; }}; done')
        with subprocess.Popen(["sh", "-c", script], cwd=self.root, env=self.environment(folder), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True) as process:
            try:
                said = process.communicate(timeout=WALL_SECONDS)[0].split()
            except subprocess.TimeoutExpired:
                said = ["", str(TIMEOUTS[0])]
            try:
                os.killpg(process.pid, signal.SIGKILL)  # whatever a test started and left behind
            except ProcessLookupError:
                pass
        if not said:
            return None
        return "timeout" if int(said[1]) in TIMEOUTS else f"{said[0]} fails"


class Asked:
    """A program that has read recordings, and answers each path of a library with one line."""

    def __init__(self, kit, name, *arguments):
        self.name = name
        self.process = subprocess.Popen([os.path.join(kit.base, name), *arguments], cwd=kit.root, env=kit.environment(kit.base),
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, library):
        self.process.stdin.write(f"{library}\n")
        self.process.stdin.flush()
        said = self.process.stdout.readline().rstrip("\n")
        if not said:
            raise RuntimeError(f"{self.name} has ended")
        return said

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def judge(kit, folders):
    """Says "same", or how a library judges otherwise than was recorded."""
    return Asked(kit, "judge", kit.at("corpus", "scenarios"), *folders)


def witness(kit, histories, folders):
    """Says "none", or a history that a library judges otherwise than the model, with what the model says of it."""
    return Asked(kit, "witness", str(histories), kit.at("corpus", "scenarios"), *folders)
