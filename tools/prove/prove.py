# SPDX-License-Identifier: MIT
"""tools/prove/prove.py - the proof of the suite: every liar is killed by the requirement it breaks, no correct implementation
is accused, and each requirement that the kit claims to exercise has a liar that proves it, or an argument why none can.

Writes matrix.json and proof.md. Exit code 0: proven; 1: a liar survived, a correct implementation was accused, a requirement
is unproven without an argument or argued although proven; 3: the tool or its input is at fault."""

import argparse
import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import matrix as proof_matrix  # noqa: E402
import measure  # noqa: E402
import report  # noqa: E402
from measure import Fault, kit  # noqa: E402

ADAPTERS = os.path.join(kit.SOURCE, "harness", "adapters")
SAID_MAX = 20  # complaints on the terminal; all of them are in the files


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Fault(message)


def options():
    parser = Parser(description=__doc__.split("\n\n", maxsplit=1)[0], allow_abbrev=False)
    parser.add_argument("--liars", default=os.path.join(ADAPTERS, "liars"), metavar="DIR", help="their sources, or links to them")
    parser.add_argument("--variants", default=os.path.join(ADAPTERS, "variants"), metavar="DIR", help="of correct implementations")
    parser.add_argument("--golden", nargs="+", default=["golden", "golden-blocking"], metavar="NAME", help="correct ones with a folder each")
    parser.add_argument("--fuzz-liars", default=os.path.join(ADAPTERS, "fuzz-liars"), metavar="DIR")
    parser.add_argument("--arguments", default=os.path.join(kit.SOURCE, "tests", "proof", "unproven.json"), metavar="FILE",
                        help="why some requirements cannot be proven")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="requirements that are looked at, such as 'QI-*'")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N", help="adapters that run at once")
    parser.add_argument("--out", default="out/proof", metavar="DIR", help="for matrix.json and proof.md")
    return parser


def read_json(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError, RecursionError) as error:
        raise Fault(f"{path}: cannot be read: {error}") from error


def read_arguments(path, catalogue):
    """{(requirement, role): why} of the file, held to its format."""
    document = read_json(path)
    rows = document.get("unproven") if isinstance(document, dict) and document.get("format") == 1 else None
    if not isinstance(rows, list):
        raise Fault(f"{path}: /: not {{\"format\": 1, \"unproven\": [...]}}")
    known = {entry["id"] for entry in catalogue}
    arguments = {}
    for place, row in enumerate(rows):
        where = f"{path}: /unproven/{place}"
        if not isinstance(row, dict) or set(row) != {"id", "roles", "why"}:
            raise Fault(f"{where}: its members are not id, roles and why")
        if not isinstance(row["id"], str) or row["id"] not in known:
            raise Fault(f"{where}/id: no such requirement")
        if not isinstance(row["why"], str) or not row["why"].strip():
            raise Fault(f"{where}/why: no argument")
        if not isinstance(row["roles"], list) or not row["roles"] or any(role not in measure.ROLES for role in row["roles"]):
            raise Fault(f"{where}/roles: not a list of {' and '.join(measure.ROLES)}")
        for role in row["roles"]:
            if (row["id"], role) in arguments:
                raise Fault(f"{where}: {row['id']} at role {role} is argued twice")
            arguments[row["id"], role] = row["why"]
    return arguments


def regressions(folder):
    """A corpus whose scenarios are those that hunts found, made in folder."""
    os.symlink(os.path.join(kit.CORPUS, "requirements.json"), os.path.join(folder, "requirements.json"))
    os.symlink(os.path.join(kit.CORPUS, "regressions"), os.path.join(folder, "scenarios"))
    return folder


def chosen_liars(folder, pattern):
    """Those in folder that break what is looked at."""
    return [liar for liar in measure.adapters(folder, True) if proof_matrix.matches(liar.breaks[0], pattern)]


def prove(wanted):
    """The matrix of what is wanted."""
    catalogue = read_json(os.path.join(kit.CORPUS, "requirements.json"))["requirements"]
    arguments = read_arguments(wanted.arguments, catalogue)
    liars = chosen_liars(wanted.liars, wanted.only)
    fuzz_liars = chosen_liars(wanted.fuzz_liars, wanted.only)
    correct = [*wanted.golden, *(variant.name for variant in measure.adapters(wanted.variants, False))]
    with tempfile.TemporaryDirectory(prefix="vpci-prove-") as folder:
        found = regressions(folder)
        # The slow ones are among the liars: first come, first served.
        rows = [(liar.name, True, None) for liar in [*liars, *fuzz_liars]] + [(liar.name, True, found) for liar in fuzz_liars]
        runs = measure.measure_all([*rows, *((name, False, None) for name in correct)], wanted.jobs)
    taken = iter(runs)
    liar_rows = [proof_matrix.liar_row(liar, next(taken)) for liar in liars]
    on_suite = [next(taken) for _ in fuzz_liars]
    fuzz_rows = [proof_matrix.fuzz_row(liar, of_suite, next(taken)) for liar, of_suite in zip(fuzz_liars, on_suite)]
    of_correct = list(taken)
    first = of_correct[0][0]
    return proof_matrix.build(liar_rows, [proof_matrix.correct_row(*row) for row in zip(correct, of_correct)], fuzz_rows,
                              catalogue, first.scenarios, arguments, wanted.only, first.header)


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def main():
    try:
        wanted = options().parse_args()
        if wanted.jobs < 1:
            raise Fault("--jobs: at least 1")
        matrix = prove(wanted)
        os.makedirs(wanted.out, exist_ok=True)
        write(wanted.out, "matrix.json", json.dumps(matrix, indent=1, sort_keys=True) + "\n")
        write(wanted.out, "proof.md", report.markdown(matrix))
    except (Fault, OSError) as error:
        print(f"prove: {error}", file=sys.stderr)
        return kit.FAULT
    for said in matrix["complaints"][:SAID_MAX]:
        print(said)
    if len(matrix["complaints"]) > SAID_MAX:
        print(f"and {len(matrix['complaints']) - SAID_MAX} more, all in {wanted.out}/proof.md")
    print("\n".join(report.summary(matrix)))
    print(f"reports           {wanted.out}/proof.md, {wanted.out}/matrix.json")
    return kit.VIOLATION if matrix["complaints"] else kit.CONFORMS


if __name__ == "__main__":
    sys.exit(main())
