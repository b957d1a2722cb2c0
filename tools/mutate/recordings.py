# SPDX-License-Identifier: MIT
"""tools/mutate/recordings.py - runs the bundled implementations once with the kit as it is, and keeps of what they said every
transcript that is unlike all others. What is judged twice alike need be judged only once."""

import collections
import concurrent.futures
import hashlib
import json
import os
import re
import shutil
import subprocess

GOLDEN_MOST, EACH_MOST = 12, 3  # cases of one scenario and one way to end, of golden, of any other
PROFILES = ("default", "strict", "windows", "linux-guest")
Run = collections.namedtuple("Run", "adapter role profile")


def names_of(root, kind):
    folder = os.path.join(root, "harness", "adapters", kind)
    return sorted(name[:-2] for name in os.listdir(folder) if name.endswith(".c"))


def plan(root, build):
    """What is run: everything that is correct under every profile, one of them over a channel, too; every liar."""
    runs = [Run("golden", role, profile) for profile in PROFILES for role in ("bus", "stack")]
    runs += [Run("golden-blocking", "bus", "default")]
    runs += [Run(f"exec:{build}/vpci-serve {build}/adapters/golden.so", role, "default") for role in ("bus", "stack")]
    runs += [Run(f"variant:{name}", role, "default") for name in names_of(root, "variants") for role in ("bus", "stack")]
    runs += [Run(f"variant:{name}", "bus", profile) for name in names_of(root, "variants") for profile in PROFILES[1:]]
    return runs + [Run(f"liar:{name}", role, "default") for name in names_of(root, "liars") for role in ("bus", "stack")]


def record(root, build, folder, number, run):
    """The lines of results and transcripts; none where the implementation does not take the role."""
    out = os.path.join(folder, f"raw-{number}")
    os.makedirs(out, exist_ok=True)
    command = [os.path.join(build, "vpci-conform"), "run", "--quiet", "--adapter", run.adapter, "--role", run.role, "--profile",
               run.profile, "--step-time", "500ms", "--out", out, "--corpus", os.path.join(root, "corpus")]
    done = subprocess.run(command, capture_output=True, timeout=600, check=False)
    lines = []
    for name in ("results.jsonl", "transcripts.jsonl"):
        path = os.path.join(out, name)
        if done.returncode not in (0, 1, 2) or not os.path.exists(path):
            raise RuntimeError(f"{' '.join(command)}: {done.stderr.decode(errors='replace')}")
        with open(path, encoding="utf-8") as file:
            lines.append(file.readlines())
    shutil.rmtree(out)
    return lines


def distinct(results, transcripts, seen):
    """[(line of the case, line of its transcript)] of those unlike any that was seen, for these claims."""
    header = json.loads(results[0])
    claims = json.dumps([header["role"], header["profile"], header["capabilities"], header["seed"]])
    kept = []
    for line in transcripts[1:]:
        index, rest = re.match(r'\{"index":(\d+),(.*)', line, re.DOTALL).groups()
        key = hashlib.sha256((claims + rest).encode()).digest()[:16]
        if key not in seen:
            seen.add(key)
            kept.append((results[1 + int(index)], line))
    return kept


def pick(kept, most):
    """Of each scenario and way to end at most so many, spread evenly: (one of each that is likely to show a difference,
    all others)"""
    ways = collections.defaultdict(list)
    for result, transcript in kept:
        case = json.loads(result)
        ways[case["scenario"], case["verdict"], case.get("requirement"), len(case.get("warnings", ()))].append((result, transcript))
    first, others = [], []
    for way, cases in ways.items():
        count = min(most, len(cases))
        spread = [cases[number * len(cases) // count] for number in range(count)]
        likely = most == GOLDEN_MOST or way[1] != "pass" or way[3] != 0
        first += spread[:likely]
        others += spread[likely:]
    return first, others


def write(folder, results, transcripts, kept):
    """A results file that is torn behind its last case, and the transcripts of all its cases."""
    os.makedirs(folder)
    for name, header, column in (("results.jsonl", results[0], 0), ("transcripts.jsonl", transcripts[0], 1)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(re.sub(r'"cases":\d+,', f'"cases":{len(kept)},', header, count=1))
            for number, lines in enumerate(kept):
                file.write(re.sub(r'"index":\d+,', f'"index":{number},', lines[column], count=1))


def digest(root, build):
    """Of whatever the recordings depend on."""
    sums = hashlib.sha256()
    paths = [os.path.join(build, "vpci-conform"), __file__]
    for top in (os.path.join(build, "adapters"), os.path.join(root, "corpus", "scenarios")):
        paths += [os.path.join(folder, name) for folder, _, names in os.walk(top) for name in names]
    for path in sorted(paths):
        with open(path, "rb") as file:
            sums.update(hashlib.sha256(file.read()).digest())
    return sums.hexdigest()


def make(root, build, folder, jobs, say):
    """Recordings below folder, made anew unless they are of this very kit: {"quick": [folder of one], "other": [...]}"""
    stamp, want = os.path.join(folder, "recordings.json"), digest(root, build)
    if os.path.exists(stamp):
        with open(stamp, encoding="utf-8") as file:
            stored = json.load(file)
        if stored["digest"] == want:
            return stored["folders"]
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    runs, seen, folders, total = plan(root, build), set(), {"quick": [], "other": []}, 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        window = collections.deque()
        todo = list(enumerate(runs))
        while todo or window:
            while todo and len(window) <= jobs:  # a few at a time: each is megabytes
                number, run = todo.pop(0)
                window.append((number, pool.submit(record, root, build, folder, number, run)))
            number, future = window.popleft()
            results, transcripts = future.result()
            most = GOLDEN_MOST if runs[number].adapter == "golden" and runs[number].profile == "default" else EACH_MOST
            for name, kept in zip(("quick", "other"), pick(distinct(results, transcripts, seen), most)):
                if kept:
                    write(os.path.join(folder, name, str(number)), results, transcripts, kept)
                    folders[name].append(os.path.join(folder, name, str(number)))
                    total += len(kept)
    say(f"recorded {len(runs)} runs: {total} transcripts that differ")
    with open(stamp, "w", encoding="utf-8") as file:
        json.dump({"digest": want, "folders": folders}, file)
    return folders
