# SPDX-License-Identifier: MIT
"""disputes.json of a corpus: the cases of a scenario in dispute are played and shown, and count for nothing."""

import json
import os
import shutil
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit  # noqa: E402

LIAR = "liar:caches-reads"
NEWS = "invalidate/a-direct-read-after-the-news-returns-the-new-data"  # the only one for IV-17 that this liar fails
PART = "direct/every-read-asks-the-pf-again"


def dispute(scenario, state="contested", date="2026-01-31", **members):
    return {"scenario": scenario, "state": state, "text": "Whether a cache is allowed is asked.", "date": date, **members}


class DisputeTest(kit.Test):
    def setUp(self):
        super().setUp()
        self.corpus = self.path("corpus")
        shutil.copytree(kit.CORPUS, self.corpus)

    def disputes(self, *entries, text=None):
        document = json.dumps({"format": 1, "disputes": entries}) if text is None else text
        return kit.write(os.path.join(self.corpus, "disputes.json"), document)

    def part(self, adapter, pattern, code):
        return self.select(adapter, pattern, "--quiet", "--corpus", self.corpus, code=code)

    def test_the_corpus_of_the_program_has_none(self):
        with open(os.path.join(kit.CORPUS, "disputes.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file)["format"], 1)
        _, results = self.select("golden", PART, "--quiet", code=kit.CONFORMS)
        self.assertEqual(results.header["errata"]["entries"], json.load(open(os.path.join(kit.CORPUS, "disputes.json")))["disputes"])

    def test_a_failure_in_dispute_is_shown_and_not_counted(self):
        for state in ("contested", "withdrawn"):
            with self.subTest(state):
                self.disputes(dispute(PART, state))
                _, results = self.select(LIAR, "direct/*y-read-*s*the-pf*", "--quiet", "--corpus", self.corpus)
                disputed = [case for case in results.cases if case.get("dispute")]
                self.assertEqual({case["scenario"] for case in disputed}, {PART})
                self.assertEqual({case["dispute"] for case in disputed}, {state})
                self.assertIn("fail", {case["verdict"] for case in disputed})
                self.assertTrue(all("trace" in case for case in disputed if case["verdict"] == "fail"))
                self.assertEqual(results.footer["disputed"], len(disputed))
                self.assertEqual(results.footer["cases"]["fail"], 0)
                self.assertEqual(sum(results.footer["cases"].values()), len(results.cases) - len(disputed))
                self.assertEqual(results.footer["requirements"]["PF-10"]["failed"], 0)
                self.assertEqual(results.header["errata"]["entries"], [dispute(PART, state)])

    def test_what_only_disputed_cases_exercised_is_not_exercised(self):
        _, before = self.part("golden", PART, kit.CONFORMS)
        self.assertEqual(before.footer["requirements"]["PF-10"]["verdict"], "pass")
        self.disputes(dispute(PART))
        _, after = self.part("golden", PART, kit.INCONCLUSIVE)  # nothing that counts passed
        self.assertEqual(after.footer["requirements"]["PF-10"], {"verdict": "not_exercised", "exercised": 0, "failed": 0, "warned": 0})
        self.assertEqual([case["verdict"] for case in after.cases], ["pass"] * len(after.cases))
        self.assertEqual(before.header["suite_digest"], after.header["suite_digest"])
        self.assertNotEqual(before.header["errata"]["digest"], after.header["errata"]["digest"])

    def test_a_whole_run_conforms_when_all_that_fails_is_in_dispute(self):
        _, before = self.certify(LIAR, "--quiet", "--corpus", self.corpus, code=kit.VIOLATION)
        failing = sorted({case["scenario"] for case in before.cases if case["verdict"] == "fail"})
        self.disputes(*map(dispute, failing))
        done, after = self.certify(LIAR, "--quiet", "--corpus", self.corpus, code=kit.CONFORMS)
        self.assertGreaterEqual(after.footer["disputed"], before.footer["cases"]["fail"])
        self.assertEqual(after.footer["verdict"], "conforms")
        self.disputes(*map(dispute, failing[1:]))
        self.certify(LIAR, "--quiet", "--corpus", self.corpus, code=kit.VIOLATION)

    def test_the_last_entry_about_a_scenario_counts(self):
        self.disputes(dispute(PART, date="2026-01-31"), dispute(NEWS, date="2026-02-01"), dispute(PART, "withdrawn", "2026-02-01"))
        _, results = self.part("golden", PART, kit.INCONCLUSIVE)
        self.assertEqual({case["dispute"] for case in results.cases}, {"withdrawn"})
        self.assertEqual(len(results.header["errata"]["entries"]), 3)

    def test_a_corpus_without_the_file_has_no_disputes(self):
        os.remove(os.path.join(self.corpus, "disputes.json"))
        _, results = self.part("golden", PART, kit.CONFORMS)
        self.assertEqual(results.header["errata"]["entries"], [])

    def test_a_forged_dispute_breaks_the_file(self):
        self.part(LIAR, PART, kit.VIOLATION)
        content = self.results_bytes()
        forged = content.replace(b',"exercised":', b',"dispute":"contested","exercised":', 1)
        path = kit.write(self.path("forged.jsonl"), forged[:forged.rindex(b"\n", 0, -1) + 1])
        self.assert_fault(self.run_program("report", path), "dispute")

    def test_hostile_files_are_refused(self):
        good = dispute(PART)
        for name, text, word in (
                ("empty", "", "disputes.json"), ("list", "[]", "not a JSON object"),
                ("unknown", json.dumps({"format": 1, "disputes": [dispute("direct/nothing-like-it")]}), "/disputes/0/scenario"),
                ("pattern", json.dumps({"format": 1, "disputes": [dispute("direct/*")]}), "/disputes/0/scenario"),
                ("state", json.dumps({"format": 1, "disputes": [dispute(PART, "settled")]}), "/disputes/0/state"),
                ("text", json.dumps({"format": 1, "disputes": [{**good, "text": "  "}]}), "/disputes/0/text"),
                ("day", json.dumps({"format": 1, "disputes": [{**good, "date": "2026-13-01"}]}), "/disputes/0/date"),
                ("order", json.dumps({"format": 1, "disputes": [good, dispute(NEWS, date="2026-01-30")]}), "/disputes/1/date"),
                ("after", json.dumps({"format": 1, "disputes": [dispute(PART, "withdrawn"), good]}), "/disputes/1/scenario"),
                ("more", json.dumps({"format": 1, "disputes": [], "level": 1}), "level")):
            with self.subTest(name):
                self.disputes(text=text)
                done = self.run_program("run", "--adapter", "golden", "--only", PART, "--corpus", self.corpus)
                self.assert_fault(done, word, "disputes.json")


if __name__ == "__main__":
    unittest.main()
