"""tests/bench/bench_certify.py BUILD - wall seconds of certify on golden, all cases, warm build; median of 5."""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

build = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build-bench")
program = os.path.join(build, "vpci-conform")
adapters = [
    ("golden in process", "golden", 2.0),
    ("golden in process, stack", "golden --role stack", 2.0),
    ("golden over the channel", f"exec:{build}/vpci-serve {build}/adapters/golden.so", 15.0),
    ("Python example over the channel", "exec:/usr/bin/python3 harness/adapters/python/adapter.py", 15.0),
]
for what, adapter, target in adapters:
    name, _, role = adapter.partition(" --role ")
    seconds = []
    with tempfile.TemporaryDirectory() as out:
        command = [program, "certify", "--adapter", name, "--out", out, "--quiet"] + (["--role", role] if role else [])
        for _ in range(5):
            start = time.monotonic()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            seconds.append(time.monotonic() - start)
        with open(os.path.join(out, "results.jsonl")) as results:
            footer = json.loads(results.readlines()[-1])
    median, cases = statistics.median(seconds), footer["cases"]["pass"]
    print(f"certify, {what}: {median:.2f} s for {cases} cases, {cases / median:.0f} cases/s over "
          f"{os.cpu_count()} workers (median of 5; target {target:.0f} s)")
