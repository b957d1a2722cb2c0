# SPDX-License-Identifier: MIT
"""tools/prove/matrix.py - from runs to the kill matrix: who is killed by what, what is proven, and what it all comes to.
Pure: no files, no programs, no time, so that the same runs give the same bytes."""

import collections
import fnmatch

import measure

FORMAT = 1


def matches(id, pattern):
    """Whether a requirement is among those that are looked at."""
    return fnmatch.fnmatchcase(id, pattern)


def caught(run, breaks):
    """{scenario: cases} that blame exactly one of the requirements named; "any" is content with every failure."""
    scenarios = collections.Counter()
    for (requirement, scenario), cases in run.blamed.items():
        if requirement in breaks or "any" in breaks:
            scenarios[scenario] += cases
    return dict(sorted(scenarios.items()))


def blamed_cases(run):
    """{requirement: cases}, "" for failures that name none."""
    counts = collections.Counter()
    for (requirement, _), cases in run.blamed.items():
        counts[requirement or ""] += cases
    return dict(sorted(counts.items()))


def liar_row(liar, runs):
    """One line of the matrix."""
    by_role = {run.role: {"kills": caught(run, liar.breaks[:1]), "blamed": blamed_cases(run)} for run in runs}
    others = sorted({id for row in by_role.values() for id in row["blamed"]} - {liar.breaks[0]})
    killed = bool(by_role.get(liar.role, {"kills": ()})["kills"])
    return {"adapter": liar.name, "breaks": liar.breaks[0], "role": liar.role, "verdict": "killed" if killed else "survived",
            "also_blamed": others, "roles": by_role}


def correct_row(name, runs):
    return {"adapter": name, "verdict": "accused" if any(run.accused for run in runs) else "passed",
            "roles": {run.role: {"accused": run.accused, "warned": run.warned, "exercised": run.exercised} for run in runs}}


def fuzz_row(liar, runs, regression_runs):
    """A liar beyond the suite: what first catches it, with the requirements that its first line names."""
    suite = {run.role: caught(run, liar.breaks) for run in runs}
    regressions = {run.role: caught(run, liar.breaks) for run in regression_runs}
    by = "suite" if any(suite.values()) else "regressions" if any(regressions.values()) else "hunting only"
    return {"adapter": liar.name, "breaks": list(liar.breaks), "caught_by": by, "suite": suite, "regressions": regressions}


def claims(correct, catalogue):
    """{requirement: {role: correct implementations that exercise it in a case they pass}}. What can be observed and is
    exercised nowhere is claimed all the same, at role bus."""
    claimed = collections.defaultdict(lambda: collections.defaultdict(list))
    for row in correct:
        for role, run in row["roles"].items():
            for requirement in run["exercised"]:
                claimed[requirement][role].append(row["adapter"])
    for entry in catalogue:
        if "observed" in entry and entry["id"] not in claimed:
            claimed[entry["id"]]["bus"] = []
    return claimed


def requirement_rows(correct, liars, catalogue, arguments, pattern):
    """For every requirement that the kit claims to exercise, role by role: proven, argued or unproven."""
    rows = []
    claimed = claims(correct, catalogue)
    for entry in catalogue:
        id = entry["id"]
        if id not in claimed or not matches(id, pattern):
            continue
        roles = {}
        for role in measure.ROLES:
            if role not in claimed[id]:
                continue
            runs = [(row, row["roles"][role]) for row in liars if role in row["roles"]]
            provers = [(row["adapter"], run) for row, run in runs if row["breaks"] == id and run["kills"]]
            argued = arguments.get((id, role))
            verdict = "proven" if provers else "argued" if argued else "unproven"
            roles[role] = {"verdict": verdict, "exercised_by": len(claimed[id][role]),
                           "proven_by": {name: sorted(run["kills"]) for name, run in provers},
                           "also_blamed_on": sorted(row["adapter"] for row, run in runs
                                                    if id in run["blamed"] and row["breaks"] != id)}
            if verdict == "argued":
                roles[role]["argument"] = argued
        rows.append({"id": id, "roles": roles})
    return rows


def scenario_rows(names, liars):
    """What each scenario kills: (liar, role) pairs, and those that no other scenario kills."""
    kills = {name: [] for name in names}
    killers = collections.Counter()
    for row in liars:
        for role, run in row["roles"].items():
            for scenario in run["kills"]:
                kills.setdefault(scenario, []).append(f"{row['adapter']} ({role})")
                killers[f"{row['adapter']} ({role})"] += 1
    rows = []
    for name in sorted(kills):
        alone = sorted(kill for kill in kills[name] if killers[kill] == 1)
        verdict = "needed" if alone else "redundant" if kills[name] else "kills nothing"
        rows.append({"scenario": name, "verdict": verdict, "kills": sorted(kills[name]), "alone": alone})
    return rows


def stale_arguments(requirements, arguments, pattern):
    """Arguments about what is proven, or is not exercised at all."""
    verdicts = {(row["id"], role): entry["verdict"] for row in requirements for role, entry in row["roles"].items()}
    stale = []
    for (id, role) in sorted(arguments):
        verdict = verdicts.get((id, role), "not exercised")
        if verdict != "argued" and matches(id, pattern):
            stale.append({"id": id, "role": role, "why": f"argued to be unprovable, and {verdict}"})
    return stale


def complaints(matrix):
    """What keeps the proof from being whole, a line each."""
    said = [f"{row['adapter']} survives: nobody blames {row['breaks']} at role {row['role']}"
            for row in matrix["liars"] if row["verdict"] == "survived"]
    said += [f"{row['adapter']} at role {role} is accused: {accused}" for row in matrix["correct"]
             for role, run in row["roles"].items() for accused in run["accused"][:3]]
    said += [f"{row['id']} is unproven at role {role}: no liar is blamed on it, and nobody says why not"
             for row in matrix["requirements"] for role, entry in row["roles"].items() if entry["verdict"] == "unproven"]
    return said + [f"{row['id']} at role {row['role']} is {row['why']}" for row in matrix["stale"]]


def build(liars, correct, fuzz_liars, catalogue, scenarios, arguments, pattern, header):
    """The whole matrix. liars, fuzz_liars: rows as above; correct likewise; arguments: {(id, role): why}."""
    requirements = requirement_rows(correct, liars, catalogue, arguments, pattern)
    matrix = {"format": FORMAT, "kit": header["kit"], "profile": header["profile"], "seed": header["seed"],
              "suite_digest": header["suite_digest"], "requirements_digest": header["requirements_digest"],
              "selection": pattern if pattern != "*" else "",
              "requirements": requirements, "liars": liars, "correct": correct, "fuzz_liars": fuzz_liars,
              "scenarios": scenario_rows(scenarios, liars), "stale": stale_arguments(requirements, arguments, pattern)}
    matrix["complaints"] = complaints(matrix)
    return matrix
