# SPDX-License-Identifier: MIT
"""bench_fuzz.py BUILD - executions for each CPU-second of block_protocol on golden, beside an empty target that is built with
the same compilers, flags, engine and mutator and fed with the same inputs in the same run; inputs of 32 events each.

libFuzzer plays the same files over and over; AFL++ hunts from them, in persistent mode and over shared memory."""

import ctypes
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EVENTS, RECORD_BYTES, FILES, RUNS = 32, 8, 16, 5
TURNS = {"libfuzzer": 4000, "libfuzzer-asan": 400}  # of each file
TARGETS = {"libfuzzer": 0.05, "libfuzzer-asan": 0.05, "afl": 0.8}
AFL_RUNS, AFL_SECONDS = 3, 5
AFL = ("AFL_NO_UI", "AFL_SKIP_CPUFREQ", "AFL_NO_AFFINITY", "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES", "AFL_FAST_CAL",
       "AFL_IGNORE_SEED_PROBLEMS", "AFL_CUSTOM_MUTATOR_ONLY")
PR_SET_CHILD_SUBREAPER = 36


def record_names():
    """What byte 0 of a record says, in its order."""
    with open(f"{SOURCE}/fuzzers/record.h", encoding="utf-8") as file:
        table = file.read().split("define VPCI_RECORDS(X)", 1)[1].split("\n\n", 1)[0]
    return re.findall(r"X\((\w+), \d\)", table)


def write_inputs(folder):
    """Records that are one event each, with whatever details."""
    chance = random.Random(1)
    events = [what for what, name in enumerate(record_names()) if name not in ("REPEAT", "SET", "BYTES")]
    for number in range(FILES):
        records = [bytes(RECORD_BYTES)]
        records += [bytes([chance.choice(events), *chance.choices(range(256), k=RECORD_BYTES - 1)]) for _ in range(EVENTS)]
        with open(f"{folder}/{number:02}", "wb") as file:
            file.write(b"".join(records))
    return [f"{folder}/{number:02}" for number in range(FILES)]


def cached(work, name):
    with open(f"{work}/CMakeCache.txt", encoding="utf-8") as file:
        return re.search(rf"^{name}:\w+=(.*)$", file.read(), re.MULTILINE).group(1)


def build_empty(flavour, folder):
    """The empty target of a flavour, made with what CMake remembers of the others."""
    work = f"{flavour}/.work/vpci-conform"
    flags, empty = cached(work, "CMAKE_C_FLAGS").split(), f"{folder}/empty-{os.path.basename(flavour)}"
    quiet = {**os.environ, "AFL_QUIET": "1"}
    subprocess.run([cached(work, "CMAKE_C_COMPILER"), *flags, "-c", f"{SOURCE}/tests/bench/empty_target.c", "-o", f"{empty}.o"],
                   check=True, env=quiet)
    subprocess.run([cached(work, "CMAKE_CXX_COMPILER"), *flags, f"{empty}.o", f"{work}/fuzzers/CMakeFiles/vpci_mutator.dir/mutator.c.o",
                    *cached(work, "VPCI_ENGINE").split(), "-o", empty], check=True, env=quiet)
    return empty


def cpu_seconds(command, environment):
    """Of a command and of all that it leaves behind. Also what it said."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", check=False)
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    if done.returncode != 0:
        sys.exit(f"{command[0]} ended with {done.returncode}: {done.stdout[-500:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def libfuzzer(target, files, turns):
    """Executions for each CPU-second; what starting costs is taken away."""
    start, _ = cpu_seconds([target, "-runs=1", *files], dict(os.environ))
    cpu, _ = cpu_seconds([target, f"-runs={turns}", *files], dict(os.environ))
    return (turns - 1) * len(files) / (cpu - start)


def afl(target, inputs, mutator, folder):
    """Executions for each CPU-second, and whether memory was shared and the mode persistent."""
    out = tempfile.mkdtemp(dir=folder)
    environment = {**os.environ, **{name: "1" for name in AFL}, "AFL_CUSTOM_MUTATOR_LIBRARY": mutator}
    cpu, said = cpu_seconds(["afl-fuzz", "-i", inputs, "-o", out, "-s", "1", "-G", "512", "-t", "5000", "-V", str(AFL_SECONDS), "--",
                             target], environment)
    with open(f"{out}/default/fuzzer_stats", encoding="utf-8") as file:
        executions = int(re.search(r"execs_done\s+: (\d+)", file.read()).group(1))
    for word in ("SHARED MEMORY FUZZING", "Persistent mode"):
        if word not in said:
            sys.exit(f"{target}: afl-fuzz does not say {word}")
    return executions / cpu


def show(flavour, ours, empty, how):
    print(f"fuzz, {flavour}: {ours:.0f} executions/CPU-s, empty target {empty:.0f}, share {ours / empty:.3f} "
          f"(target {TARGETS[flavour]}; {EVENTS} events; {how})", flush=True)


def main():
    fuzzers = os.path.abspath(os.path.join(sys.argv[1] if len(sys.argv) > 1 else "build", "fuzzers"))
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # AFL++ does not wait for its fork server
    folder = tempfile.mkdtemp(prefix="vpci-bench-fuzz-", dir="/dev/shm")
    try:
        os.mkdir(f"{folder}/inputs")
        files = write_inputs(f"{folder}/inputs")
        for flavour, turns in TURNS.items():
            pair = [f"{fuzzers}/{flavour}/block_protocol", build_empty(f"{fuzzers}/{flavour}", folder)]
            rates = [[libfuzzer(target, files, turns) for target in pair] for _ in range(RUNS)]
            ours, empty = (statistics.median(column) for column in zip(*rates))
            show(flavour, ours, empty, f"one input adds {1e6 / ours - 1e6 / empty:.1f} us to reading it; median of {RUNS}")
        pair = [f"{fuzzers}/afl/block_protocol", build_empty(f"{fuzzers}/afl", folder)]
        rates = [[afl(target, f"{folder}/inputs", f"{fuzzers}/afl/vpci-mutator.so", folder) for target in pair] for _ in range(AFL_RUNS)]
        show("afl", *(statistics.median(column) for column in zip(*rates)), f"median of {AFL_RUNS} hunts of {AFL_SECONDS} s from them")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
