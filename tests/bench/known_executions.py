# SPDX-License-Identifier: MIT
"""known_executions.py [BUILD] - within how many executions libFuzzer finds each bundled liar, from nothing and with a fixed
seed, written to tests/e2e/known_executions.json; the gate hunts every fourth of them. To be run again when the mutator, the
model or the liars have changed. Each is measured twice, and both have to be the same: executions, unlike seconds, are.

The adapters are those that users have, without an engine's instrumentation: what only a comparison inside of the adapter
gives away is not found, and is listed with the reason."""

import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from bench_detection import liars

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(SOURCE, "tests", "e2e"))
import kit  # noqa: E402

TABLE = os.path.join(SOURCE, "tests", "e2e", "known_executions.json")
SEED, INPUT_BYTES, EXECUTIONS_MAX = 1337, 512, 200000
MARGIN, BUDGET_MIN = 3, 1000  # what the gate gives each: so many times as many executions, and no fewer than these
STEP_TIME_MS = 1000
SECONDS_MAX = 300


def hunt(build, path, role, runs):
    """(the class of what block_protocol finds on the adapter at path, or None; executions until then)."""
    folder = tempfile.mkdtemp(prefix="vpci-known-")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VPCI_")}
    environment.update(VPCI_ADAPTER=path, VPCI_ROLE=role, VPCI_STEP_TIME=str(STEP_TIME_MS))
    try:
        done = subprocess.run([f"{build}/fuzzers/libfuzzer/block_protocol", f"-seed={SEED}", f"-max_len={INPUT_BYTES}", f"-runs={runs}",
                               "-print_final_stats=1", f"-artifact_prefix={folder}/"], env=environment, cwd=folder,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=SECONDS_MAX, check=False)
    finally:
        shutil.rmtree(folder)
    found = re.search(r"^divergence: (\w+)$", done.stdout, re.MULTILINE)
    if (found is None) != (done.returncode == 0):
        raise RuntimeError(f"{path}: ended with {done.returncode}: {done.stdout[-1000:]}")
    executions = int(re.search(r"^stat::number_of_executed_units: +(\d+)$", done.stdout, re.MULTILINE).group(1))
    return found and found.group(1), executions


def why_not(path):
    """Why nothing is found on the liar at path."""
    kind, name = path[:-3].split(os.sep)[-2:]
    breaks = re.search(r"breaks: (\S+)", kit.first_line_of(os.path.join(SOURCE, "harness", "adapters", kind, f"{name}.c"))).group(1)
    if kit.breaches().get(breaks) == "WARNING":
        return f"a breach of {breaks} is a warning, which ends no hunt"
    return f"not found within {EXECUTIONS_MAX} executions"


def measure(build, path, role):
    once, again = (hunt(build, path, role, EXECUTIONS_MAX) for _ in range(2))
    if once != again:
        raise RuntimeError(f"{path}: not the same twice: {once}, {again}")
    found, executions = once
    if found is None:
        return {"role": role, "executions": None, "reason": why_not(path)}
    return {"role": role, "executions": executions, "found": found}


def main():
    build = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = {f"{os.path.basename(os.path.dirname(path))[:-1]}:{name}": pool.submit(measure, build, path, role)
                for name, path, role in liars(build)}
        table = {"seed": SEED, "max_len": INPUT_BYTES,
                 "liars": {name: rows[name].result() for name in sorted(rows)}}
    with open(TABLE, "w", encoding="utf-8") as file:
        json.dump(table, file, indent=1)
        file.write("\n")
    print(f"{len(rows)} liars, {sum(row['executions'] is None for row in table['liars'].values())} not found: {TABLE}")


if __name__ == "__main__":
    main()
