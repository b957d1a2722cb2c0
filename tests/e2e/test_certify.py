# SPDX-License-Identifier: MIT
"""Certifying what is correct: the verdict, the files, their form; the same verdicts over every seam, the same bytes for the
same seed, whatever the number of workers."""

import collections
import json
import os
import subprocess
import sys
import unittest
import xml.etree.ElementTree

import jsonschema

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit  # noqa: E402

# What only one side can claim. An adapter behind a channel shares no memory with the kit and cannot be called back from
# inside a completion; the Python example has no PF driver inside, so it is no stack.
IN_PROCESS_ONLY = {"shared_memory", "reentrant"}
GOLDEN_STACK_ONLY = {"register_blocks", "pf_control"}


def schema(name):
    with open(os.path.join(kit.CORPUS, "schemas", f"{name}.schema.json"), encoding="utf-8") as file:
        return json.load(file)


def validator_of(record):
    """One form of a line, so that an error is about that form and not about "none of them"."""
    results = schema("results")
    results["$ref"] = f"#/$defs/{record}"
    del results["oneOf"]
    neighbours = {f"{name}.schema.json": schema(name) for name in ("trace", "expectations", "disputes")}
    store = {**neighbours, **{"/" + name: document for name, document in neighbours.items()}}
    return jsonschema.Draft202012Validator(results, resolver=jsonschema.RefResolver("", results, store))


class CertifyTest(kit.Test):
    def test_golden_conforms_in_every_role(self):
        for adapter, role in (("golden", "bus"), ("golden", "stack"), ("golden-blocking", "bus")):
            with self.subTest(adapter=adapter, role=role):
                done, results = self.certify(adapter, "--role", role, code=kit.CONFORMS)
                self.assertTrue(done.out.startswith(f"CONFORMS  {adapter} 1 as {role}, profile default, seed 0x1\n"), done.out)
                self.assertIn("What this does not prove", done.out)
                self.assertEqual(results.footer["verdict"], "conforms")
                self.assertEqual(results.header["role"], role)
                self.assertGreater(results.footer["cases"]["pass"], 1000)
                for verdict in ("fail", "inconclusive", "error", "skipped"):
                    self.assertEqual(results.footer["cases"][verdict], 0)
                self.assertEqual(results.footer["cases_with_warnings"], 0)
                for case in results.cases:
                    if case["verdict"] == "not_applicable":
                        self.assertIn(case["cause"], ("role", "capability"))
                        self.assertTrue(case["detail"])

    def test_without_a_role_the_first_one_claimed_is_taken(self):
        _, results = self.certify("golden", "--quiet", code=kit.CONFORMS)
        self.assertEqual(results.header["role"], results.header["roles"][0])

    def test_every_line_keeps_to_the_schema(self):
        validators = {record: validator_of(record) for record in ("header", "case", "footer")}
        for adapter, code in (("golden", kit.CONFORMS), ("liar:caches-reads", kit.VIOLATION),
                              ("liar:returns-another-status-than-it-stored", None)):
            self.certify(adapter, "--quiet", code=code)
            for number, line in enumerate(self.results_bytes().splitlines(), start=1):
                record = json.loads(line)
                errors = [error.message[:300] for error in validators[record["record"]].iter_errors(record)]
                self.assertEqual(errors, [], f"line {number} of {adapter}")

    def test_it_writes_every_report(self):
        done, results = self.certify("golden", code=kit.CONFORMS)
        self.assertEqual(sorted(os.listdir(self.path("out"))), kit.WRITTEN)
        self.assertEqual(done.err, "")
        suites = xml.etree.ElementTree.parse(self.path("out", "junit.xml")).getroot()
        tests = suites.findall("testsuite/testcase")
        self.assertEqual(len(tests), results.header["cases"])
        self.assertEqual(sum(int(suite.get("tests")) for suite in suites), results.header["cases"])
        self.assertEqual(len(suites.findall("testsuite/testcase/skipped")), results.footer["cases"]["not_applicable"])
        for bad in ("failure", "error"):
            self.assertEqual(suites.findall(f"testsuite/testcase/{bad}"), [])
        summary = kit.read_bytes(self.path("out", "summary.md")).decode()
        self.assertTrue(summary.startswith("## CONFORMS: `golden` `1`\n"), summary[:100])
        times = [json.loads(line) for line in kit.read_bytes(self.path("out", "timing.jsonl")).splitlines()]
        self.assertEqual([time["index"] for time in times], list(range(results.header["cases"])))

    def test_a_requirement_is_passed_only_by_what_passed(self):
        _, results = self.certify("golden", "--quiet", code=kit.CONFORMS)
        exercised = collections.Counter(name for case in results.cases if case["verdict"] == "pass" for name in case["exercised"])
        for name, row in results.footer["requirements"].items():
            self.assertEqual(row["exercised"], exercised[name], name)
            self.assertEqual(row["verdict"] == "pass", exercised[name] > 0, name)

    def test_out_may_be_there_and_holds_the_latest_run(self):
        self.certify("liar:caches-reads", "--quiet", code=kit.VIOLATION)
        done, results = self.certify("golden", "--quiet", code=kit.CONFORMS)
        self.assertEqual(results.footer["verdict"], "conforms")
        self.assertEqual(len(done.out.splitlines()), 2)  # --quiet
        self.assertNotIn("VIOLATION", kit.read_bytes(self.path("out", "summary.md")).decode())


class SeamsTest(kit.Test):
    def results_over_a_socket(self, role):
        path = self.path("socket")
        with subprocess.Popen([kit.SERVE, f"{kit.ADAPTERS}/golden.so", "--unix", path], stderr=subprocess.DEVNULL) as server:
            try:
                self.assertTrue(kit.wait_until(lambda: os.path.exists(path), 10))
                return self.certify(f"unix:{path}", "--quiet", "--role", role, out="unix", code=kit.CONFORMS)[1]
            finally:
                server.kill()

    def results_over(self, seam, role):
        if seam == "unix":
            return self.results_over_a_socket(role)
        adapter = {"served": kit.SERVED, "python": kit.PYTHON}[seam]
        return self.certify(adapter, "--quiet", "--role", role, out=seam, code=kit.CONFORMS)[1]

    def test_the_seam_does_not_change_a_verdict(self):
        for role, seams in (("bus", ("served", "python", "unix")), ("stack", ("served", "unix"))):
            golden = self.certify("golden", "--quiet", "--role", role, code=kit.CONFORMS)[1]
            for seam in seams:
                with self.subTest(role=role, seam=seam):
                    self.compare(golden, self.results_over(seam, role),
                                 IN_PROCESS_ONLY | (GOLDEN_STACK_ONLY if seam == "python" else set()))

    def compare(self, golden, other, lacking):
        self.assertEqual(set(golden.header["capabilities"]) - set(other.header["capabilities"]), lacking)
        self.assertEqual(set(other.header["capabilities"]) - set(golden.header["capabilities"]), set())
        excused = 0
        for mine, theirs in zip(golden.cases, other.cases):
            self.assertEqual(mine["name"], theirs["name"])
            if mine["verdict"] != theirs["verdict"]:
                self.assertEqual(theirs["verdict"], "not_applicable", mine["name"])
                missing = set(theirs["detail"].removeprefix("not claimed: ").split())
                self.assertTrue(missing and missing <= lacking, theirs)
                excused += 1
        self.assertLess(excused, len(golden.cases) // 10)

    def test_a_liar_is_caught_over_every_seam(self):
        adapters = {"process": "liar:caches-reads", "exec": f"exec:{kit.SERVE} {kit.ADAPTERS}/liars/caches-reads.so"}
        failed = {}
        for name, adapter in adapters.items():
            _, results = self.certify(adapter, "--quiet", out=name, code=kit.VIOLATION)
            failed[name] = {(case["name"], case["requirement"]) for case in results.cases if case["verdict"] == "fail"}
        self.assertTrue(failed["process"])
        self.assertLessEqual(failed["exec"], failed["process"])
        self.assertGreater(len(failed["exec"]), len(failed["process"]) // 2)


class SameBytesTest(kit.Test):
    def test_same_seed_same_bytes_whatever_the_workers(self):
        for adapter in ("golden", "golden-blocking", "liar:mixes-two-reads-of-one-vf", kit.SERVED, kit.PYTHON):
            contents = []
            for number, workers in enumerate(("1", "4", "4")[:2 if adapter == "golden-blocking" else 3]):
                self.certify(adapter, "--quiet", "--workers", workers, "--seed", "0x7fffffffffffffff", out=f"run{number}")
                contents.append(self.results_bytes(f"run{number}"))
            for content in contents[1:]:
                self.assertTrue(content == contents[0], f"{adapter}: other bytes")
            for report in ("junit.xml", "summary.md"):
                self.assertEqual(kit.read_bytes(self.path("run0", report)), kit.read_bytes(self.path("run1", report)))

    def test_the_seed_reaches_the_data_and_the_results(self):
        contents = {}
        for seed in ("1", "0x1", "2"):
            self.select("liar:caches-reads", "direct/every-read-asks-the-pf-again", "--quiet", "--seed", seed, code=kit.VIOLATION)
            contents[seed] = self.results_bytes()
        self.assertEqual(contents["1"], contents["0x1"])
        first, second = (kit.parse_results(contents[seed]) for seed in ("1", "2"))
        self.assertEqual((first.header["seed"], second.header["seed"]), ("0x1", "0x2"))
        self.assertNotEqual(first.cases[0]["trace"], second.cases[0]["trace"])

    def test_a_part_of_the_suite_gives_the_verdicts_of_the_whole(self):
        _, whole = self.certify("liar:caches-reads", "--quiet", code=kit.VIOLATION)
        _, part = self.select("liar:caches-reads", "direct/*", "--quiet", code=kit.VIOLATION)
        wanted = [{**case, "index": 0} for case in whole.cases if case["name"].startswith("direct/")]
        self.assertEqual([{**case, "index": 0} for case in part.cases], wanted)
        self.assertEqual(part.header["selection"], "direct/*")
        self.assertEqual(part.header["suite_digest"], whole.header["suite_digest"])


if __name__ == "__main__":
    unittest.main()
