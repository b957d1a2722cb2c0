# SPDX-License-Identifier: MIT
"""tools/prove/measure.py - runs the suite against adapters and keeps what the matrix needs: which scenario blamed which
requirement, and what a correct implementation exercised. Apart from the matrix because only this part starts programs."""

import collections
import concurrent.futures
import os
import re
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "e2e"))
import kit  # noqa: E402

ROLES = ("bus", "stack")
STEP_TIME = {"liar": "500ms"}  # some liars hang; a correct adapter gets the kit's own time, however busy the machine is
RUN_SECONDS_MAX = 300
FINE = ("pass", "not_applicable")  # what a case of a correct implementation may be
BREACHES = kit.breaches()


class Fault(Exception):
    """The tool or its input is at fault; nothing is said about the suite."""


# One source file among the adapters: how the program calls it, and for a liar what its first line says that it breaks
# (requirements, the first one counts) and in which role.
Adapter = collections.namedtuple("Adapter", "name breaks role")

# One run of the suite. blamed: {(requirement, scenario): cases} of failed cases, and of warnings where a breach is one;
# requirement None is a failure that names none. accused: what is wrong with it, were it a correct implementation.
Run = collections.namedtuple("Run", "role blamed accused warned exercised scenarios header")


def adapters(folder, are_liars):
    """The adapters whose sources lie in folder. A link stands for the file that it points to, so that a folder of links is a
    choice of adapters."""
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(".c"))
    except OSError as error:
        raise Fault(f"{folder}: cannot be read: {error.strerror}") from error
    return [adapter(os.path.join(folder, name), are_liars) for name in names]


def adapter(path, is_liar):
    kind, file = os.path.realpath(path).split(os.sep)[-2:]
    name = f"{kind[:-1]}:{file[:-2]}"
    if not is_liar:
        return Adapter(name, (), None)
    try:
        line = kit.first_line_of(path)
    except (OSError, UnicodeDecodeError) as error:
        raise Fault(f"{path}: line 1: cannot be read: {error}") from error
    said = re.match(r"/\* breaks: ((?:[A-Z]{2}-\d\d(?:, )?)+|any) (in a stack )?", line)
    unknown = [] if said is None or said[1] == "any" else [id for id in said[1].split(", ") if id not in BREACHES]
    if said is None or unknown:
        raise Fault(f"{path}: line 1: {'no such requirement: ' + unknown[0] if unknown else 'does not say what it breaks'}")
    return Adapter(name, tuple(said[1].split(", ")), "stack" if said[2] else "bus")


def run_suite(name, role, step_time, corpus):
    """(exit code, results) of one run; role None is the first one that the adapter claims."""
    folder = tempfile.mkdtemp(prefix="vpci-prove-")
    try:
        words = ["run", "--adapter", name, "--quiet", "--workers", "1", "--out", folder]
        words += ["--role", role] if role else []
        words += ["--step-time", step_time] if step_time else []
        words += ["--corpus", corpus] if corpus else []
        done = kit.run(*words, timeout=RUN_SECONDS_MAX)
        if done.code not in (kit.CONFORMS, kit.VIOLATION, kit.INCONCLUSIVE):
            raise Fault(f"{name}: {done.err.strip() or f'exit code {done.code}'}")
        return done.code, kit.read_results(folder)
    except (AssertionError, OSError, ValueError) as error:
        raise Fault(f"{name}: no results: {error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def blamed(case):
    """The requirements that a case holds against the implementation; None for a failure that names none."""
    said = {case.get("requirement")} if case["verdict"] == "fail" else set()
    return said | {remark["requirement"] for remark in case.get("warnings", ()) if BREACHES[remark["requirement"]] == "WARNING"}


def accusations(code, results):
    """What holds a correct implementation to be none, in a few words each."""
    said = [f"{case['name']}: {case['verdict']} {case.get('requirement') or case.get('cause', '')}".strip()
            for case in results.cases if case["verdict"] not in FINE]
    return said or ([] if code == kit.CONFORMS else [f"exit code {code}"])


def measure(name, is_liar, corpus=None):
    """The runs of one adapter, one for each role that it claims, the first role first."""
    runs, role, left = [], None, None
    while left is None or left:
        role = None if left is None else left.pop(0)
        code, results = run_suite(name, role, STEP_TIME["liar"] if is_liar else None, corpus)
        if left is None:
            left = [other for other in results.header["roles"] if other in ROLES and other != results.header["role"]]
        against = collections.Counter((id, case["scenario"]) for case in results.cases for id in blamed(case))
        passed = {id for case in results.cases if case["verdict"] == "pass" for id in case["exercised"]}
        warned = {remark["requirement"] for case in results.cases for remark in case.get("warnings", ())}
        runs.append(Run(results.header["role"], dict(against), accusations(code, results), sorted(warned), sorted(passed),
                        sorted({case["scenario"] for case in results.cases}), results.header))
    return runs


def measure_all(rows, jobs):
    """The runs of each row (name, is_liar, corpus), in the order of the rows. Stops at the first that is no run."""
    with concurrent.futures.ProcessPoolExecutor(jobs) as pool:
        futures = [pool.submit(measure, *row) for row in rows]
        try:
            for future in concurrent.futures.as_completed(futures):
                future.result()
            return [future.result() for future in futures]
        finally:
            pool.shutdown(cancel_futures=True)
