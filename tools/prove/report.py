# SPDX-License-Identifier: MIT
"""tools/prove/report.py - the matrix for people: proof.md and the closing lines on the terminal. Says nothing that is not in
the matrix."""

import collections

CELL_SCENARIOS = 3  # named in a cell of a table; the rest are counted


def few(names, most=CELL_SCENARIOS):
    """The first of some names, and how many more there are."""
    names = list(names)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(f"`{name}`" for name in names[:most]) + more


def table(head, rows):
    return [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {' | '.join(map(str, row))} |" for row in rows), ""]


def pairs(matrix):
    """(requirement, role, entry) of all that the kit claims to exercise."""
    return [(row["id"], role, entry) for row in matrix["requirements"] for role, entry in row["roles"].items()]


def count(rows, member):
    return collections.Counter(row[member] for row in rows)


def summary(matrix):
    """The closing lines."""
    found = collections.Counter(entry["verdict"] for _, _, entry in pairs(matrix))
    liars, correct = count(matrix["liars"], "verdict"), count(matrix["correct"], "verdict")
    fuzz, scenarios = count(matrix["fuzz_liars"], "caught_by"), count(matrix["scenarios"], "verdict")
    kills = sum(len(row["kills"]) for row in matrix["scenarios"])
    lines = [
        f"{'PROVEN' if not matrix['complaints'] else 'NOT PROVEN'}  suite of {len(matrix['scenarios'])} scenarios, kit {matrix['kit']}, "
        f"profile {matrix['profile']}, seed {matrix['seed']}" + (f", only {matrix['selection']}" if matrix["selection"] else ""),
        f"requirements      {len(matrix['requirements'])} exercised; by role: {found['proven']} proven, {found['argued']} argued, "
        f"{found['unproven']} unproven, {len(matrix['stale'])} stale arguments",
        f"liars             {len(matrix['liars'])}: {liars['killed']} killed by the requirement they break, {liars['survived']} survived",
        f"correct           {len(matrix['correct'])}: {correct['passed']} passed in every role they claim, {correct['accused']} accused",
        f"liars for search  {len(matrix['fuzz_liars'])}: {fuzz['suite']} caught by the suite, {fuzz['regressions']} by the regressions, "
        f"{fuzz['hunting only']} by hunting only",
        f"kills             {kills}: a scenario and a liar, in one role, for exactly the requirement that is broken",
        f"scenarios         {scenarios['needed']} needed, {scenarios['redundant']} whose kills others make as well, "
        f"{scenarios['kills nothing']} that kill nothing",
    ]
    return lines


def requirements_section(matrix):
    rows = []
    for id, role, entry in pairs(matrix):
        scenarios = sorted({name for names in entry["proven_by"].values() for name in names})
        by = few(entry["proven_by"]) if entry["verdict"] == "proven" else "see below"
        rows.append((id, role, entry["verdict"], by, f"{len(scenarios)}: {few(scenarios, 2)}" if scenarios else "-",
                     len(entry["also_blamed_on"])))
    head = ("requirement", "role", "verdict", "proven by", "scenarios that kill", "blamed on further liars")
    return ["## Requirements", "", "Every requirement that a correct implementation exercises in a case that it passes.", "",
            *table(head, rows)]


def unproven_section(matrix):
    lines = ["## Not proven", ""]
    groups = collections.defaultdict(list)
    for id, role, entry in pairs(matrix):
        if entry["verdict"] != "proven":
            groups[id, entry.get("argument", "**No argument.**")].append(role)
    lines += [f"- **{id}** ({', '.join(roles)}): {why}" for (id, why), roles in groups.items()] or ["Nothing."]
    if matrix["stale"]:
        lines += ["", "Stale arguments:", "", *(f"- **{row['id']}** ({row['role']}): {row['why']}" for row in matrix["stale"])]
    return [*lines, ""]


def liars_section(matrix):
    rows = []
    for row in matrix["liars"]:
        kills = row["roles"].get(row["role"], {"kills": {}})["kills"]
        rows.append((f"`{row['adapter']}`", row["breaks"], row["role"], row["verdict"],
                     f"{len(kills)}: {few(kills, 1)}" if kills else "-",
                     ", ".join(id or "no requirement" for id in row["also_blamed"]) or "-"))
    return ["## Liars", "", *table(("liar", "breaks", "role", "verdict", "scenarios that kill it", "blamed as well, in any role"), rows)]


def scenarios_section(matrix):
    lines = ["## Scenarios", "", "A scenario is *needed* when some liar is killed by no other. One that is redundant here may hold off a "
             "fault that no liar has yet: this list is for writing liars, not for deleting scenarios.", ""]
    for verdict in ("needed", "redundant", "kills nothing"):
        rows = [row for row in matrix["scenarios"] if row["verdict"] == verdict]
        lines += [f"### {verdict} ({len(rows)})", ""]
        lines += [f"- `{row['scenario']}`" + (f": alone kills {few(row['alone'])}; {len(row['kills'])} in all" if row["alone"] else
                                              f": {len(row['kills'])}" if row["kills"] else "") for row in rows] or ["None."]
        lines.append("")
    return lines


def correct_section(matrix):
    rows = []
    for row in matrix["correct"]:
        warned = sorted({id for run in row["roles"].values() for id in run["warned"]})
        accused = [what for run in row["roles"].values() for what in run["accused"]]
        rows.append((f"`{row['adapter']}`", ", ".join(row["roles"]), row["verdict"], ", ".join(warned) or "-", few(accused) or "-"))
    return ["## Correct implementations", "", *table(("implementation", "roles", "verdict", "warned about", "accused of"), rows)]


def fuzz_section(matrix):
    rows = []
    for row in matrix["fuzz_liars"]:
        scenarios = sorted({name for part in (row["suite"], row["regressions"]) for run in part.values() for name in run})
        rows.append((f"`{row['adapter']}`", ", ".join(row["breaks"]), row["caught_by"], few(scenarios, 2) or "-"))
    return ["## Liars for the search", "", "Beyond the suite by design: what a hunt found once, a regression shows for ever.", "",
            *table(("liar", "breaks", "caught by", "scenarios"), rows)]


def markdown(matrix):
    lines = ["# Proof of the suite", "", "Made by `make prove`; how to read it: docs/proof.md.", "", "```", *summary(matrix), "```", ""]
    if matrix["complaints"]:
        lines += ["## What is wrong", "", *(f"- {said}" for said in matrix["complaints"]), ""]
    for section in (requirements_section, unproven_section, liars_section, correct_section, fuzz_section, scenarios_section):
        lines += section(matrix)
    return "\n".join(lines).rstrip("\n") + "\n"
