# SPDX-License-Identifier: MIT
"""What every change has to get through: a short hunt with each fuzz target, with a fixed seed and a fixed number of
executions, finds nothing; and on every fourth liar it finds the fault within three times the executions that it is known to
take. Executions are counted, not seconds, so that a slow machine does not decide."""

import concurrent.futures
import json
import os
import sys
import unittest
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit  # noqa: E402

sys.path.insert(0, os.path.join(kit.SOURCE, "tests", "bench"))
import known_executions  # noqa: E402

FUZZERS = os.path.join(kit.BUILD, "fuzzers")
SANITIZED = os.path.join(FUZZERS, "libfuzzer-asan")
EVERY = 4
JOBS = 2
TARGETS = sorted(name[:-2] for name in os.listdir(os.path.join(kit.SOURCE, "fuzzers", "targets")) if name.endswith(".c"))
PROTOCOL_RUNS, PARSER_RUNS = 10000, 50000
UNFAIR = ("adapter_error", "unblamed")  # classes that say nothing about the implementation


def in_parallel(work, rows):
    """work of each row, in their order; rows are tuples of arguments."""
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        return list(pool.map(lambda row: work(*row), rows))


@unittest.skipUnless(os.path.isdir(FUZZERS), "no fuzz targets: make fuzzers")
class BudgetTest(kit.Test):
    def hunt(self, target, role, runs):
        """A hunt from the seeds of the target."""
        name = f"{target}-{role}"
        corpus = self.path(name)
        with zipfile.ZipFile(os.path.join(SANITIZED, f"{target}_seed_corpus.zip")) as seeds:
            seeds.extractall(corpus)
        words = [f"-seed={known_executions.SEED}", f"-runs={runs}", f"-max_len={known_executions.INPUT_BYTES}",
                 f"-artifact_prefix={self.path(name)}."]
        dictionary = os.path.join(SANITIZED, f"{target}.dict")
        if os.path.exists(dictionary):
            words.append(f"-dict={dictionary}")
        return self.run_program(*words, corpus, program=os.path.join(SANITIZED, target), timeout=300,
                                environment={"VPCI_ROLE": role})

    def test_nothing_is_found_within_a_fixed_budget(self):
        rows = [(target, role, PARSER_RUNS if target.startswith("parse_") else PROTOCOL_RUNS) for target in TARGETS
                for role in (("bus",) if target.startswith("parse_") else ("bus", "stack"))]
        self.assertGreater(len(rows), 8)
        for row, done in zip(rows, in_parallel(self.hunt, rows)):
            with self.subTest(target=row[0], role=row[1]):
                self.assertEqual(done.code, 0, done.err[-3000:])
                self.assertRegex(done.err, rf"(?m)^Done {row[2]} runs in ")


@unittest.skipUnless(os.path.isdir(FUZZERS), "no fuzz targets: make fuzzers")
class LiarsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        table = json.loads(kit.read_bytes(known_executions.TABLE))
        assert (table["seed"], table["max_len"]) == (known_executions.SEED, known_executions.INPUT_BYTES), "measured otherwise"
        cls.rows = table["liars"]

    def hunt(self, adapter, role, runs):
        kind, name = adapter.split(":")
        return known_executions.hunt(kit.BUILD, os.path.join(kit.ADAPTERS, f"{kind}s", f"{name}.so"), role, runs)

    def chosen(self):
        """(adapter, role, executions that are to suffice) of every fourth liar that is found in time at all."""
        rows = [(name, self.rows[name]["role"], self.rows[name]["executions"]) for name in sorted(self.rows)[::EVERY]]
        return [(name, role, max(known_executions.MARGIN * known, known_executions.BUDGET_MIN)) for name, role, known in rows
                if known is not None]

    def test_every_fourth_liar_is_found_within_the_executions_it_is_known_to_take(self):
        chosen = self.chosen()
        self.assertGreater(len(chosen), 20)
        for (name, _, budget), (found, executions) in zip(chosen, in_parallel(self.hunt, chosen)):
            with self.subTest(name):
                self.assertIsNotNone(found, f"not found within {budget} executions; tests/bench/known_executions.py measures anew")
                self.assertNotIn(found, UNFAIR)
                self.assertLessEqual(executions, budget)

    def test_golden_is_not_found_guilty_with_the_largest_of_those_budgets(self):
        largest = max(budget for _, _, budget in self.chosen())
        golden = os.path.join(kit.ADAPTERS, "golden.so")
        hunts = [(kit.BUILD, golden, role, min(largest, known_executions.EXECUTIONS_MAX)) for role in ("bus", "stack")]
        for result, row in zip(in_parallel(known_executions.hunt, hunts), hunts):
            self.assertEqual(result, (None, row[3]), row[2])

    def test_the_same_seed_takes_the_same_executions(self):
        slowest = max(self.chosen(), key=lambda row: row[2])
        once, again = in_parallel(self.hunt, [slowest] * 2)
        self.assertEqual(once, again, slowest)

    def test_the_table_knows_nearly_all_liars(self):
        here = {f"{kind[:-1]}:{name}" for kind in ("liars", "fuzz-liars") for name in kit.bundled(kind)}
        self.assertLessEqual(set(self.rows), here)
        self.assertGreater(len(self.rows), 0.9 * len(here))
        for name, row in self.rows.items():
            with self.subTest(name):
                self.assertIn("reason" if row["executions"] is None else "found", row)


if __name__ == "__main__":
    unittest.main()
