# SPDX-License-Identifier: MIT
"""Every format of a report says of a run what its results say, and is one that the tools for it take: over runs that conform, fail,
warn, break off, are torn, and over what is expected and disputed."""

import json
import os
import shutil
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import formats  # noqa: E402
import kit  # noqa: E402

READS = "direct/*read*"
FAULTY = "direct/every-read-asks-the-pf-again"  # where the liar that keeps copies is caught


def expectation(cases, **members):
    return {"cases": cases, "verdict": "fail", "reason": "a known fault", "owner": "somebody", "issue": "tracker/12",
            "expires": "2027-01-31", **members}


class FormatsTest(kit.Test):
    def check(self, out, **how):
        formats.check_all(self, self.path(out), kit.read_results(self.path(out)), **how)

    def test_there_is_a_check_for_every_format(self):
        self.assertEqual(set(formats.formats()), set(formats.CHECKS) | formats.ELSEWHERE)

    def test_runs_of_every_verdict(self):
        hostile = f"exec:{kit.INTERPRETER} {kit.SOURCE}/tests/hostile/"
        selection = "direct/a-read-returns-the-bytes-of-the-pf?length=?]"
        for out, adapter, only, options, code in (
                ("good", "golden", READS, (), kit.CONFORMS),
                ("bad", "liar:caches-reads", READS, (), kit.VIOLATION),
                ("warned", "liar:returns-another-status-than-it-stored", "wdm/*", (), None),
                ("crashed", hostile + "crashes.py", selection, (), kit.VIOLATION),
                ("garbage", hostile + "prints_garbage.py", selection, (), kit.INCONCLUSIVE),
                ("late", "golden", READS, ("--time", "1ms"), kit.INCONCLUSIVE),
                ("elsewhere", "golden", "stack/*", ("--role", "bus"), kit.INCONCLUSIVE)):
            with self.subTest(run=out):
                self.select(adapter, only, "--quiet", *options, code=code, out=out)
                self.check(out)

    def test_the_whole_suite(self):
        self.certify("liar:caches-reads", "--quiet", code=kit.VIOLATION)
        self.check("out")
        run = json.loads(kit.read_bytes(self.path("out", "results.sarif")))["runs"][0]
        self.assertEqual({result["ruleId"] for result in run["results"]}, {"PF-10", "IV-17"})

    def test_a_torn_file_is_never_good(self):
        self.select("golden", READS, "--quiet", code=kit.CONFORMS)
        content = self.results_bytes()
        results = kit.read_results(self.path("out"))
        kit.write(self.path("out", "results.jsonl"), content[:content.rindex(b"\n", 0, -1) + 20])
        formats.check_all(self, self.path("out"), results, sealed=False, files=False)

    def marked(self, adapter, *entries, only=READS, disputes=(), code=None):
        corpus = self.path("corpus")
        if not os.path.exists(corpus):
            shutil.copytree(kit.CORPUS, corpus)
        kit.write(os.path.join(corpus, "disputes.json"), json.dumps({"format": 1, "disputes": list(disputes)}))
        options = ["--corpus", corpus, "--quiet"]
        if entries:
            kit.write(self.path("expect.json"), json.dumps({"format": 1, "expectations": list(entries)}))
            options += ["--expect", self.path("expect.json"), "--date", "2026-12-01"]
        if only is None:
            return self.certify(adapter, *options, code=code)[1]
        return self.select(adapter, only, *options, code=code)[1]

    def report(self, name):
        return kit.run("report", self.path("out", "results.jsonl"), "--format", name).out

    def test_what_is_expected_is_shown_and_excused(self):
        names = [case["name"] for case in self.marked("liar:caches-reads", code=kit.VIOLATION).cases if case["verdict"] == "fail"]
        entries = [expectation(name, requirement="PF-10") for name in names]
        results = self.marked("liar:caches-reads", *entries, code=kit.CONFORMS)
        self.assertEqual(results.footer["verdict"], "as_expected")
        self.check("out")
        for name in ("console", "markdown"):
            text = self.report(name)
            for word in ("AS EXPECTED", "a known fault", "somebody", "tracker/12", "2027-01-31"):
                self.assertIn(word, text)
        suppression = json.loads(self.report("sarif"))["runs"][0]["results"][0]["suppressions"][0]
        self.assertEqual(suppression["kind"], "external")
        self.assertEqual({name: suppression["properties"][name] for name in ("reason", "owner", "issue", "expires")},
                         {"reason": "a known fault", "owner": "somebody", "issue": "tracker/12", "expires": "2027-01-31"})

    def test_expectations_that_do_not_hold_are_red(self):
        for state, adapter, entry, code in (
                ("unexpected_pass", "golden", expectation(FAULTY), kit.INCONCLUSIVE),
                ("fails_otherwise", "liar:caches-reads", expectation(FAULTY, requirement="RD-01"), kit.VIOLATION),
                ("expired", "liar:caches-reads", expectation(FAULTY, expires="2026-11-30"), kit.VIOLATION)):
            with self.subTest(state=state):
                results = self.marked(adapter, entry, code=code)
                self.assertGreater(results.footer["expected"][state], 0)
                self.check("out")
                words = {"unexpected_pass": "unexpected pass", "fails_otherwise": "failing otherwise", "expired": "expired"}[state]
                for name in ("console", "markdown"):
                    self.assertIn(f"{results.footer['expected'][state]} {words}", " ".join(self.report(name).split()))

    def test_a_stale_expectation_is_red(self):
        results = self.marked("golden", expectation("stack/*"), only=None, code=kit.INCONCLUSIVE)
        self.assertEqual(results.footer["expected"]["stale"], 1)
        self.check("out")
        for name in ("console", "markdown", "sarif"):
            self.assertIn("stack/", self.report(name))
        self.assertIn("1 stale", " ".join(self.report("console").split()))

    def test_disputes_are_shown_and_count_for_nothing(self):
        scenario = FAULTY
        results = self.marked("liar:caches-reads", disputes=[{"scenario": scenario, "state": "contested", "date": "2026-10-01",
                                                              "text": "the page may be read otherwise"}])
        self.assertGreater(results.footer["disputed"], 0)
        self.assertTrue(any(case["verdict"] == "fail" for case in results.cases if case["scenario"] == scenario))
        self.check("out")
        for name in ("console", "markdown", "tap", "junit", "sarif"):
            text = self.report(name)
            self.assertIn("the page may be read otherwise", text)
            self.assertIn("2026-10-01", text)
        self.assertIn("level 1", self.report("console"))

    def test_the_same_results_give_the_same_bytes(self):
        for workers in ("1", "3"):
            self.select("liar:caches-reads", READS, "--quiet", "--workers", workers, out=workers)
        for name in formats.FILES.values():
            self.assertEqual(kit.read_bytes(self.path("1", name)), kit.read_bytes(self.path("3", name)), name)

    def test_zz_the_validator_of_sarif_takes_all_of_these(self):
        """Last by its name: it is about what the tests above have kept."""
        self.select("liar:caches-reads", READS, "--quiet", code=kit.VIOLATION)
        self.check("out")
        formats.validate_kept()


if __name__ == "__main__":
    unittest.main()
