# SPDX-License-Identifier: MIT
"""known_executions.py [BUILD] - within how many executions libFuzzer finds each bundled liar, from nothing and with a fixed
seed, written to tests/e2e/known_executions.json, of which the gate plays every fourth. To be run again when the mutator, the
model or the liars have changed. Each is measured twice, and both have to be the same: executions, unlike seconds, are."""

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
TABLE = os.path.join(SOURCE, "tests", "e2e", "known_executions.json")
SEED, INPUT_BYTES, MARGIN, EXECUTIONS_MAX = 1337, 512, 3, 200000
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


def measure(build, path, role):
    once, again = (hunt(build, path, role, EXECUTIONS_MAX) for _ in range(2))
    if once != again:
        raise RuntimeError(f"{path}: not the same twice: {once}, {again}")
    found, executions = once
    if found is None:
        return {"role": role, "executions": None, "reason": f"not found within {EXECUTIONS_MAX} executions"}
    return {"role": role, "executions": executions, "found": found}


def main():
    build = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = {f"{os.path.basename(os.path.dirname(path))[:-1]}:{name}": pool.submit(measure, build, path, role)
                for name, path, role in liars(build)}
        table = {"seed": SEED, "max_len": INPUT_BYTES, "margin": MARGIN,
                 "liars": {name: rows[name].result() for name in sorted(rows)}}
    with open(TABLE, "w", encoding="utf-8") as file:
        json.dump(table, file, indent=1)
        file.write("\n")
    print(f"{len(rows)} liars, {sum(row['executions'] is None for row in table['liars'].values())} not found: {TABLE}")


if __name__ == "__main__":
    main()
