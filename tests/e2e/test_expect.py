# SPDX-License-Identifier: MIT
"""--expect and --date: failures that are known are excused as long as they are as described, and nothing else is."""

import json
import sys
import os
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit  # noqa: E402

LIAR = "liar:caches-reads"
FAILING = {"invalidate/a-direct-read-after-the-news-returns-the-new-data": "IV-17",
           "direct/every-read-asks-the-pf-again": "PF-10",
           "direct/a-write-does-not-change-what-a-read-returns": "PF-10",
           "isolation/a-vf-that-never-gets-an-answer-holds-up-no-other": "PF-10"}
PART = "direct/every-read-asks-the-pf-again"


def entry(cases, **members):
    return {"cases": cases, "verdict": "fail", "reason": "its cache knows no news", "owner": "someone", "issue": "#7",
            "expires": "2027-01-31", **members}


class ExpectTest(kit.Test):
    def expect(self, *entries, text=None, name="expect.json"):
        document = {"format": 1, "expectations": entries}
        return kit.write(self.path(name), json.dumps(document) if text is None else text)

    def part(self, adapter, code, *entries, date="2026-11-21", pattern=PART, out="out"):
        """A run of a few cases."""
        return self.select(adapter, pattern, "--quiet", "--expect", self.expect(*entries), "--date", date, code=code, out=out)

    def whole(self, adapter, code, *entries, out="out"):
        return self.certify(adapter, "--quiet", "--expect", self.expect(*entries), "--date", "2026-11-21", code=code, out=out)

    def test_known_failures_end_as_expected(self):
        entries = [entry(cases, requirement=id, cause="violation") for cases, id in FAILING.items()]
        done, results = self.whole(LIAR, kit.CONFORMS, *entries)
        self.assertTrue(done.out.startswith("AS EXPECTED  "), done.out)
        self.assertEqual(results.footer["verdict"], "as_expected")
        self.assertEqual(results.footer["expected"], {"as_expected": results.footer["cases"]["fail"], "fails_otherwise": 0,
                                                      "unexpected_pass": 0, "expired": 0, "stale": 0})
        self.assertGreater(results.footer["cases"]["fail"], 30)
        self.assertEqual(results.header["expect"]["date"], "2026-11-21")
        self.assertEqual(results.header["expect"]["entries"], entries)
        for case in results.cases:
            self.assertEqual("expected" in case, case["verdict"] == "fail", case["name"])
        # The requirements are still broken, and the rows say so.
        self.assertEqual(results.footer["requirements"]["IV-17"]["verdict"], "fail")

    def test_one_that_is_not_in_the_list_is_a_violation(self):
        entries = [entry(cases) for cases in list(FAILING)[1:]]
        self.whole(LIAR, kit.VIOLATION, *entries)

    def test_an_entry_that_nothing_bears_out_is_stale(self):
        entries = [entry(cases) for cases in FAILING] + [entry("direct/there-is-no-such-scenario")]
        _, results = self.whole(LIAR, kit.INCONCLUSIVE, *entries)
        self.assertEqual(results.footer["expected"]["stale"], 1)
        # In a part of the suite nothing can be said of entries about the rest of it.
        _, results = self.part(LIAR, kit.CONFORMS, *entries, pattern="direct/*ry-read*s?the-pf*again*", out="part") \
            if self.some_pass("direct/*ry-read*s?the-pf*again*") else self.part(LIAR, kit.INCONCLUSIVE, *entries, out="part")
        self.assertEqual(results.footer["expected"]["stale"], 0)

    def some_pass(self, pattern):
        _, results = self.select(LIAR, pattern, "--quiet", out="look")
        return results.footer["cases"]["pass"] > 0

    def test_another_failure_than_the_one_expected_is_a_violation(self):
        for name, members in (("requirement", {"requirement": "RD-02"}), ("cause", {"cause": "crash"}),
                              ("verdict", {"verdict": "inconclusive"})):
            with self.subTest(name):
                _, results = self.part(LIAR, kit.VIOLATION, entry(PART, **members))
                self.assertEqual(results.footer["expected"]["fails_otherwise"], results.footer["cases"]["fail"])
                self.assertEqual(results.footer["verdict"], "violation")

    def test_an_entry_holds_until_its_day_and_no_longer(self):
        wide = "direct/*"
        entries = [entry(f"{PART}*", requirement="PF-10"), entry("direct/a-write-does-not-change*", requirement="PF-10")]
        done, results = self.part(LIAR, kit.CONFORMS, *entries, date="2027-01-31", pattern=wide)
        self.assertEqual((results.footer["verdict"], results.footer["expected"]["expired"]), ("as_expected", 0))
        done, results = self.part(LIAR, kit.VIOLATION, *entries, date="2027-02-01", pattern=wide)
        self.assertEqual(results.footer["expected"]["expired"], results.footer["cases"]["fail"])
        self.assertTrue(done.out.startswith("VIOLATION  "), done.out)

    def test_without_a_date_it_is_today(self):
        expired = self.expect(entry(PART, expires="2020-01-31"))
        _, results = self.select(LIAR, PART, "--quiet", "--expect", expired, code=kit.VIOLATION)
        self.assertGreater(results.footer["expected"]["expired"], 0)
        self.assertRegex(results.header["expect"]["date"], r"^20\d\d-\d\d-\d\d$")

    def test_a_case_that_passes_is_told(self):
        for adapter in ("golden", LIAR):
            _, results = self.part(adapter, kit.INCONCLUSIVE, entry("direct/a-read-returns-the-bytes-of-the-pf[length=5]"),
                                   pattern="direct/a-read-returns-the-bytes-of-the-pf")
            self.assertEqual(results.footer["expected"]["unexpected_pass"], 1)
            self.assertEqual(results.footer["cases"]["fail"], 0)

    def test_the_first_entry_that_names_a_case_holds(self):
        wrong, right = entry("direct/*", requirement="RD-02"), entry(PART, requirement="PF-10")
        self.part(LIAR, kit.VIOLATION, wrong, right)
        _, results = self.part(LIAR, kit.INCONCLUSIVE, right, wrong)  # nothing failed otherwise, but nothing passed
        self.assertEqual(results.footer["expected"]["as_expected"], results.footer["cases"]["fail"])

    def test_results_with_expectations_are_read_again_by_every_report(self):
        self.part(LIAR, kit.VIOLATION, entry(PART, requirement="RD-02", reason="<b>\u2028 &amp; `x`", owner="\"'"))
        done = self.run_program("report", self.path("out", "results.jsonl"))
        self.assertEqual(done.code, kit.VIOLATION, done.err)

    def test_a_line_that_excuses_itself_breaks_the_file(self):
        self.part(LIAR, kit.VIOLATION, entry(PART, requirement="RD-02"))
        lines = self.results_bytes().decode().splitlines(keepends=True)
        for state, words in (("as_expected", "not what entry 0 says"), ("expired", "not what entry 0 says"),
                             ("unexpected_pass", "does not fit the verdict")):
            forged = [line.replace('"state":"fails_otherwise"', f'"state":"{state}"') for line in lines[:-1]]
            path = kit.write(self.path(f"{state}.jsonl"), "".join(forged))
            self.assert_fault(self.run_program("report", path), words)

    def test_hostile_files_are_refused(self):
        good = entry(PART)
        for name, text, word in (
                ("empty", "", "line 1"), ("no json", "\xff\xfe", "line 1"), ("list", "[]", "not a JSON object"),
                ("deep", "[" * 100, "line 1"), ("nul", '{"format":1,"expectations":[]}\0', "line 1"),
                ("format", '{"format":2,"expectations":[]}', "format"),
                ("twice", '{"format":1,"format":1,"expectations":[]}', "format"),
                ("member", json.dumps({"format": 1, "expectations": [{**good, "hush": True}]}), "/expectations/0: \"hush\""),
                ("empty reason", json.dumps({"format": 1, "expectations": [good, {**good, "reason": ""}]}), "/expectations/1/reason"),
                ("no owner", json.dumps({"format": 1, "expectations": [{k: v for k, v in good.items() if k != "owner"}]}), "/owner"),
                ("no day", json.dumps({"format": 1, "expectations": [{**good, "expires": "2027-02-29"}]}), "2027-02-29"),
                ("long", json.dumps({"format": 1, "expectations": [{**good, "cases": "*?" * 300}]}), "/cases"),
                ("many", json.dumps({"format": 1, "expectations": [good] * 1025}), "more than 1024"),
                ("huge", " " * 2000000, "bytes")):
            with self.subTest(name):
                path = self.expect(text=text.encode("latin-1") if name == "no json" else text)
                self.assert_fault(self.run_program("run", "--adapter", "golden", "--only", PART, "--expect", path), word)
        self.assert_fault(self.run_program("run", "--adapter", "golden", "--expect", self.path("nowhere")), "nowhere")
        self.assert_fault(self.run_program("run", "--adapter", "golden", "--expect", self.folder), "regular")
        self.assert_fault(self.run_program("run", "--adapter", "golden", "--date", "2027-01-31"), "--expect")
        for day in ("2027-02-29", "27-01-31", "2027-1-31", "tomorrow", ""):
            done = self.run_program("run", "--adapter", "golden", "--expect", self.expect(good), "--date", day)
            self.assertEqual(done.code, kit.FAULT, day)
            self.assertIn("--date", done.err)

    def test_a_run_with_other_expectations_does_not_go_on_with_a_torn_one(self):
        self.part(LIAR, kit.INCONCLUSIVE, entry(PART))
        content = self.results_bytes()
        torn = content[:content.rindex(b"\n", 0, -1) + 1]
        arguments = ("run", "--adapter", LIAR, "--only", PART, "--quiet", "--resume", "--out", self.path("out"), "--expect")
        kit.write(self.path("out", "results.jsonl"), torn)
        self.assert_fault(self.run_program(*arguments, self.expect(entry(PART)), "--date", "2026-11-22"), "another run")
        done = self.run_program(*arguments, self.expect(entry(PART)), "--date", "2026-11-21")
        self.assertEqual((done.code, self.results_bytes()), (kit.INCONCLUSIVE, content))


if __name__ == "__main__":
    unittest.main()
