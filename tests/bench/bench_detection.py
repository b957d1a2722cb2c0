# SPDX-License-Identifier: MIT
"""How long each engine takes to find each liar, from an empty corpus: CPU-seconds and executions, three seeds. A budget bounds
each run; a liar that is not found within it in every seed is named at the end. Not a test: figures of a machine.

    bench_detection.py BUILD [--engines libfuzzer,afl] [--budget 60] [--seeds 1,2,3] [--jobs 2] [PATTERN...]"""

import argparse
import concurrent.futures
import fnmatch
import glob
import os
import re
import resource
import shutil
import signal
import statistics
import subprocess
import tempfile

INPUT_BYTES = 512
AFL = ("AFL_NO_UI", "AFL_SKIP_CPUFREQ", "AFL_NO_AFFINITY", "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES", "AFL_FAST_CAL",
       "AFL_IGNORE_SEED_PROBLEMS", "AFL_CUSTOM_MUTATOR_ONLY", "AFL_BENCH_UNTIL_CRASH")


def liars(build):
    """(name, path, role) of every liar; one that lies in role stack only says so in its first line."""
    source = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    for kind in ("liars", "fuzz-liars"):
        for path in sorted(glob.glob(f"{source}/harness/adapters/{kind}/*.c")):
            name = os.path.basename(path)[:-2]
            with open(path, encoding="utf-8") as file:
                first = file.readline()
            yield name, f"{build}/adapters/{kind}/{name}.so", "stack" if "stack" in first else "bus"


def run(command, environment, folder, budget):
    """(CPU-seconds, what it said). The budget is of CPU time; the wall clock gets four times as much."""
    log = os.path.join(folder, "log")
    with open(log, "wb") as output:
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            resource.setrlimit(resource.RLIMIT_CPU, (budget, budget + 1))
            signal.alarm(budget * 4)
            os.execvpe(command[0], command, environment)
        _, _, used = os.wait4(child, 0)
        try:
            os.killpg(child, signal.SIGKILL)
        except ProcessLookupError:
            pass
    with open(log, errors="replace", encoding="utf-8") as file:
        return used.ru_utime + used.ru_stime, file.read()


def number(pattern, text):
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def libfuzzer(build, environment, folder, seed, budget):
    os.mkdir(f"{folder}/corpus")
    cpu, said = run([f"{build}/fuzzers/libfuzzer/block_protocol", f"-seed={seed}", f"-max_len={INPUT_BYTES}", "-print_final_stats=1",
                     f"-max_total_time={budget * 4}", f"-artifact_prefix={folder}/", f"{folder}/corpus"], environment, folder, budget)
    found = re.search(r"divergence: (\S+)", said)
    return found and found.group(1), cpu, number(r"number_of_executed_units: (\d+)", said) or number(r"\n#(\d+)", said)


def afl(build, environment, folder, seed, budget):
    os.mkdir(f"{folder}/in")
    with open(f"{folder}/in/simple", "wb") as file:
        file.write(bytes(16))
    target = f"{build}/fuzzers/afl/block_protocol"
    environment = {**environment, **{name: "1" for name in AFL}, "AFL_PRELOAD": environment["VPCI_ADAPTER"],
                   "AFL_CUSTOM_MUTATOR_LIBRARY": f"{build}/fuzzers/afl/vpci-mutator.so"}
    cpu, _ = run(["afl-fuzz", "-i", f"{folder}/in", "-o", f"{folder}/out", "-s", str(seed), "-G", str(INPUT_BYTES), "-t", "5000",
                  "-V", str(budget * 3), "--", target], environment, folder, budget)
    try:
        with open(f"{folder}/out/default/fuzzer_stats", encoding="utf-8") as file:
            executions = number(r"execs_done\s+: (\d+)", file.read())
    except FileNotFoundError:  # the one simple input breaks it already, and afl-fuzz does not begin with such
        executions = 1
    crashes = glob.glob(f"{folder}/out/default/crashes/id*") + glob.glob(f"{folder}/out/default/hangs/id*")
    if executions == 1:
        crashes = [f"{folder}/in/simple"]
    if not crashes:
        return None, cpu, executions
    again = subprocess.run([target, crashes[0]], env=environment, capture_output=True, text=True, errors="replace", check=False)
    found = re.search(r"divergence: (\S+)", again.stderr + again.stdout)
    return found.group(1) if found else "crash", cpu, executions


ENGINES = {"libfuzzer": libfuzzer, "afl": afl}


def hunt(build, engine, path, role, seed, budget):
    folder = tempfile.mkdtemp(prefix="vpci-detection-", dir="/dev/shm")
    try:
        environment = {**os.environ, "VPCI_ADAPTER": path, "VPCI_ROLE": role, "VPCI_STEP_TIME": "500"}
        environment.pop("VPCI_FINDINGS", None)
        return ENGINES[engine](build, environment, folder, seed, budget)
    finally:
        shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("patterns", nargs="*")
    parser.add_argument("--engines", default="libfuzzer,afl")
    parser.add_argument("--budget", type=int, default=60)
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_intermixed_args()
    build = os.path.abspath(options.build)
    chosen = [row for row in liars(build)
              if not options.patterns or any(fnmatch.fnmatch(row[0], pattern) for pattern in options.patterns)]
    seeds = [int(seed) for seed in options.seeds.split(",")]
    missed = []
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        for engine in options.engines.split(","):
            print(f"{'liar, ' + engine:<62} {'found':>6} {'CPU-s':>7} {'worst':>7} {'executions':>11} {'most':>9}  class", flush=True)
            runs = {(name, seed): pool.submit(hunt, build, engine, path, role, seed, options.budget)
                    for name, path, role in chosen for seed in seeds}
            for name, _, _ in chosen:
                done = [runs[name, seed].result() for seed in seeds]
                found = [result for result in done if result[0]]
                cpu = [result[1] for result in done]
                executions = [result[2] for result in done]
                print(f"{name:<62} {len(found)}/{len(seeds):<4} {statistics.median(cpu):7.2f} {max(cpu):7.2f} "
                      f"{int(statistics.median(executions)):11} {max(executions):9}  {','.join(sorted({r[0] for r in found}))[:60]}", flush=True)
                if len(found) != len(seeds):
                    missed.append(f"{engine}: {name} {len(found)}/{len(seeds)}")
    print(f"{len(chosen)} liars; missed: {len(missed)}")
    for line in missed:
        print(f"  {line}")


if __name__ == "__main__":
    main()
