#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""tools/mutate/mutate.py - makes small mistakes in the model and in what judges a case, one at a time, and sees whether anything
notices. docs/mutation.md says how to read the outcome. Exit code 0: enough is noticed, and all the rest is explained."""

import argparse
import collections
import concurrent.futures
import glob
import json
import os
import queue
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit as kits  # noqa: E402
import operators  # noqa: E402
import recordings  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PER_CENT_WANTED = 95
KINDS = ("equivalent", "invisible", "capacity")
PARTLY = {"harness/script.c": {"vpci_step_expects"}}  # the only functions of a file that judge

NOT_COMPILED, NO_CHANGE, DOUBLE, KILLED, SURVIVED = "does not compile", "same code", "double", "killed", "survived"
Outcome = collections.namedtuple("Outcome", "state how")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def default_files(root):
    models = sorted(os.path.relpath(path, root) for path in glob.glob(os.path.join(root, "models", "*.c")))
    return models + [f"harness/{name}.c" for name in kits.CHECKER]


def all_mutants(root, files):
    headers = read(os.path.join(root, "models", "model_state.h")) + read(os.path.join(root, "models", "requirement.h"))
    vocabulary = operators.Vocabulary(headers)
    return [mutant for path in files
            for mutant in operators.mutants_of(path, read(os.path.join(root, path)), vocabulary, PARTLY.get(path))]


def chosen(mutants, options):
    if options.only:
        return [mutant for mutant in mutants if mutant.id in options.only]
    return mutants[options.first::options.every]


class Run:
    """Everything about one run over mutants of one tree."""

    def __init__(self, options):
        self.options = options
        killers = set(options.killers or kits.ALL) - set(options.without)
        self.kit = kits.Kit(options.root, options.build, options.out, options.jobs, killers, options.cpu_seconds)
        self.kit.prepare()
        self.workers = queue.SimpleQueue()  # folders to work in, each with a judge of the quick recordings
        self.judges = []
        self.other = None  # the judge of all the others, asked by one at a time: it is large, and asked seldom
        self.asking = threading.Lock()
        folders = self.folders = {}
        if self.kit.judges:
            folders = self.folders = recordings.make(options.root, options.build, os.path.join(options.out, "recordings"), options.jobs, say)
            self.other = kits.judge(self.kit, folders["other"])
        for number in range(options.jobs):
            folder = os.path.join(options.out, f"work-{number}")
            os.makedirs(folder, exist_ok=True)
            judge = kits.judge(self.kit, folders["quick"]) if self.kit.judges else None
            self.judges.append(judge)
            self.workers.put((folder, judge))

    def close(self):
        for judge in (*self.judges, self.other):
            if judge is not None:
                judge.close()

    def ask_other(self, library):
        with self.asking:
            return self.other.ask(library)

    def check_the_kit(self):
        """Every killer must be content with the kit as it is: else it would kill anything."""
        folder, judge = self.workers.get()
        path, made = next(iter(self.kit.subject.items()))
        library = self.kit.link(folder, path, made)
        angry = [killer.name for killer in self.kit.fast + self.kit.slow if self.kit.test([killer], folder) is not None]
        if judge is not None and (judge.ask(library), self.ask_other(library)) != ("same", "same"):
            angry.append("the recordings")
        self.workers.put((folder, judge))
        return angry

    def mutate(self, mutant, codes):
        code = codes[mutant.path]
        return self.kit.compile(code[:mutant.start] + mutant.text + code[mutant.end:])

    def attack(self, mutant, made):
        """Links the mutant and lets everything loose on it, the cheapest first."""
        folder, judge = self.workers.get()
        try:
            library = self.kit.link(folder, self.kit.at(mutant.path), made)
            return self.attacked(mutant, folder, library, judge)
        finally:
            self.workers.put((folder, judge))

    def attacked(self, mutant, folder, library, judge):
        weak = None  # another exercised set, and nothing else: worth less than a verdict, so the search goes on
        for ask, killers in ((judge and judge.ask, self.kit.fast), (judge and self.ask_other, self.kit.slow)):
            said = ask(library) if ask else "same"
            if said.startswith("exercised"):
                weak = weak or said
            elif said != "same":
                return Outcome(KILLED, f"recordings: {said}")
            ended = self.kit.test([killer for killer in killers if mutant.path.startswith(killer.files)], folder)
            if ended:
                return Outcome(KILLED, ended)
        return Outcome(KILLED, f"recordings: {weak}") if weak else Outcome(SURVIVED, "")

    def witnesses(self, mutants, codes):
        """{id: "none", or a history that tells the mutant from the model}"""
        found = {}
        folder, judge = self.workers.get()
        asked = kits.witness(self.kit, self.options.witness, self.folders["quick"])
        for mutant in mutants:
            found[mutant.id] = asked.ask(self.kit.link(folder, self.kit.at(mutant.path), self.mutate(mutant, codes)))
            say(f"WITNESS   {mutant.id}\n          {found[mutant.id][:3000]}")
        asked.close()
        self.workers.put((folder, judge))
        return found

    def all(self, mutants, codes):
        """{id: outcome}, file by file: mutants whose code the compiler cannot tell apart are tried once."""
        outcomes = {}
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            for path in dict.fromkeys(mutant.path for mutant in mutants):
                of_file = [mutant for mutant in mutants if mutant.path == path]
                objects = dict(zip(of_file, pool.map(lambda mutant: self.mutate(mutant, codes), of_file)))
                first = {read_bytes(self.kit.compile(codes[path])): None}
                futures = {}
                for mutant, made in objects.items():
                    bytes_made = made and read_bytes(made)
                    if made is None:
                        outcomes[mutant.id] = Outcome(NOT_COMPILED, "")
                    elif bytes_made in first:
                        double = first[bytes_made]
                        outcomes[mutant.id] = Outcome(DOUBLE, double) if double else Outcome(NO_CHANGE, "")
                    else:
                        first[bytes_made] = mutant.id
                        futures[mutant.id] = pool.submit(self.attack, mutant, made)
                for identity, future in futures.items():
                    outcomes[identity] = future.result()
                for made in objects.values():
                    if made is not None and os.path.exists(made) and made not in self.kit.subject.values():
                        os.unlink(made)
                counts = collections.Counter(outcomes[mutant.id].state for mutant in of_file)
                say(f"{path}: {len(of_file)} mutants, " + ", ".join(f"{counts[state]} {state}" for state in sorted(counts)))
        return {mutant.id: outcomes[mutant.id] for mutant in mutants}


def read_bytes(path):
    with open(path, "rb") as file:
        return file.read()


def write_json(path, content):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.write("\n")


def say(text):
    print(text, flush=True)


# ---- what comes of it ----

def load_survivors(path):
    """{id: kind} of the list; a list that is not as it should be is a fault."""
    entries = json.loads(read(path)) if os.path.exists(path) else {}
    for identity, entry in entries.items():
        if set(entry) != {"kind", "reason"} or entry["kind"] not in KINDS or not entry["reason"].strip():
            raise ValueError(f"{path}: {identity}: kind ({', '.join(KINDS)}) and reason are wanted, and nothing else")
    return {identity: entry["kind"] for identity, entry in entries.items()}


def judged(outcomes, listed, existing, files):
    """What the outcomes and the list come to, as one JSON object."""
    states = collections.Counter(outcome.state for outcome in outcomes.values())
    survivors = [identity for identity, outcome in outcomes.items() if outcome.state == SURVIVED]
    equivalent = [identity for identity in survivors if listed.get(identity) == "equivalent"]
    tried = states[KILLED] + states[SURVIVED] - len(equivalent)
    stale = {identity: "there is no such mutant" for identity in listed
             if identity.split(":")[0] in files and identity not in existing}
    stale.update((identity, outcomes[identity].state) for identity in listed
                 if identity in outcomes and outcomes[identity].state != SURVIVED)
    return {
        "mutants": len(outcomes),
        "not_compiled": states[NOT_COMPILED],
        "same_code": states[NO_CHANGE],
        "doubles": states[DOUBLE],
        "killed": states[KILLED],
        "killed_by": dict(sorted(collections.Counter(by_what(outcome) for outcome in outcomes.values()
                                                     if outcome.state == KILLED).items())),
        "survived": states[SURVIVED],
        "explained": dict(sorted(collections.Counter(listed[identity] for identity in survivors if identity in listed).items())),
        "per_cent": round(100 * states[KILLED] / tried, 2) if tried else 100.0,
        "unexplained": [identity for identity in survivors if identity not in listed],
        "stale": dict(sorted(stale.items())),
    }


def by_what(outcome):
    """"recordings: verdict", "unit tests", "timeout"."""
    if outcome.how.startswith("recordings: "):
        word = outcome.how.split()[1]
        return "recordings: " + (word if word in ("verdict", "warnings", "exercised") else "crash or timeout")
    return "unit tests" if outcome.how.endswith(" fails") else outcome.how


def show(summary, mutants):
    by_id = {mutant.id: mutant for mutant in mutants}
    for identity in summary["unexplained"]:
        mutant = by_id[identity]
        say(f"SURVIVED  {identity}\n          {mutant.path}:{mutant.line}: {' '.join(mutant.was.split())[:90]}  ->  "
            f"{' '.join(mutant.text.split())[:90] or 'nothing'}")
    for identity, why in summary["stale"].items():
        say(f"STALE     {identity}: {why}")
    say(f"{summary['mutants']} mutants: {summary['not_compiled']} do not compile, {summary['same_code']} give the same code, "
        f"{summary['doubles']} the code of another mutant")
    say(f"{summary['killed']} killed, {summary['survived']} survived: "
        + ", ".join(f"{count} {kind}" for kind, count in summary["explained"].items())
        + f"{', ' if summary['explained'] else ''}{len(summary['unexplained'])} unexplained; {len(summary['stale'])} stale entries")
    for what, count in summary["killed_by"].items():
        say(f"    {count:5} by {what}")
    say(f"score {summary['per_cent']:.2f} %, wanted {PER_CENT_WANTED} %")


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", default=ROOT, help="the tree to mutate")
    parser.add_argument("--build", help="its build, with the program and the bundled adapters; ROOT/build")
    parser.add_argument("--out", help="where everything is written; ROOT/out/mutation")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--files", nargs="+", help="only these, as models/model.c")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="a sample: every N-th mutant")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="of a sample: how many mutants before its first")
    parser.add_argument("--only", nargs="+", metavar="ID", help="only these mutants")
    parser.add_argument("--again", action="store_true", help="only what survived the last run into OUT; the rest stands as it was")
    parser.add_argument("--witness", type=int, default=0, metavar="N",
                        help="of so many changed histories, look for one that tells an unexplained survivor from the model")
    parser.add_argument("--killers", nargs="+", metavar="NAME", help="only these tests; \"recordings\" is one of them")
    parser.add_argument("--without", nargs="+", metavar="NAME", default=(), help="not these tests")
    parser.add_argument("--cpu-seconds", type=int, default=kits.CPU_SECONDS, help="of a test, before it counts as hanging")
    parser.add_argument("--survivors", help="the list of explained survivors; ROOT/tests/mutation/survivors.json")
    parser.add_argument("--list", action="store_true", help="print the mutants and end")
    options = parser.parse_args()
    options.root = os.path.abspath(options.root)
    options.build = os.path.abspath(options.build or os.path.join(options.root, "build"))
    options.out = os.path.abspath(options.out or os.path.join(options.root, "out", "mutation"))
    options.survivors = options.survivors or os.path.join(options.root, "tests", "mutation", "survivors.json")
    return options


def main():
    options = parse()
    files = options.files or default_files(options.root)
    everything = all_mutants(options.root, files)
    mutants = chosen(everything, options)
    if options.list:
        for mutant in mutants:
            print(f"{mutant.id}  {mutant.path}:{mutant.line}: {mutant.was!r} -> {mutant.text!r}")
        return 0
    listed = load_survivors(options.survivors)
    if not mutants:
        raise ValueError("there is no such mutant")
    os.makedirs(options.out, exist_ok=True)
    outcomes_path = os.path.join(options.out, "outcomes.json")
    before = {}
    if options.again:
        before = {identity: Outcome(*outcome) for identity, outcome in json.loads(read(outcomes_path)).items()}
    todo = [mutant for mutant in mutants if mutant.id not in before or before[mutant.id].state == SURVIVED]
    run = Run(options)
    try:
        angry = run.check_the_kit()
        if angry:
            raise ValueError(f"with the kit as it is, not content: {', '.join(angry)}")
        codes = {path: read(os.path.join(options.root, path)) for path in files}
        fresh = run.all(todo, codes)
        if options.witness:
            alive = [mutant for mutant in todo if fresh[mutant.id].state == SURVIVED and mutant.id not in listed]
            write_json(os.path.join(options.out, "witnesses.json"), run.witnesses(alive, codes))
    finally:
        run.close()
    outcomes = {mutant.id: fresh.get(mutant.id) or before[mutant.id] for mutant in mutants}
    summary = judged(outcomes, listed, {mutant.id for mutant in everything}, files)
    write_json(outcomes_path, outcomes)
    write_json(os.path.join(options.out, "mutation.json"), summary)
    show(summary, mutants)
    return 1 if summary["per_cent"] < PER_CENT_WANTED or summary["unexplained"] else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (ValueError, RuntimeError, OSError) as problem:
        print(f"mutate: {problem}", file=sys.stderr)
        sys.exit(3)
